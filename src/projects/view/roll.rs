//! The workloads on screen with their containers: read once, kept in step with the stream, read again
//! when something is new or was missed.

use leptos::prelude::*;

use crate::containers::model::{Container, ContainerChange};
use crate::error::AppError;
use crate::events::live::{reread, use_live};
use crate::events::model::event::{CRASH_LOOP, STEADY};
use crate::projects::api::{list_runtime_states, list_workloads};
use crate::projects::model::{Lineup, Workload, line_up};
use crate::ui::cells::Cells;

/// A cheap handle on what is shown, with a signal for every row.
#[derive(Clone)]
pub struct Roll {
    /// Workload ids in the order that they are shown in.
    order: ArcRwSignal<Vec<String>>,
    workloads: Cells<Workload>,
    /// Container ids by workload id.
    members: Cells<Vec<String>>,
    containers: Cells<Container>,
    /// Why the last read failed; what was read before stays.
    trouble: ArcRwSignal<Option<AppError>>,
    /// Any container is in another state than before.
    changed: ArcTrigger,
}

/// Every workload with its containers.
///
/// # Errors
/// Those of the two reads.
pub async fn read_all() -> Result<Vec<Lineup>, AppError> {
    let workloads = list_workloads().await?;
    Ok(line_up(workloads, list_runtime_states().await?))
}

impl Roll {
    /// Shows `first`, follows the changes that `concerns` picks, and reads again with `read`.
    pub fn follow<F>(
        first: Vec<Lineup>,
        concerns: impl Fn(&ContainerChange) -> bool + 'static,
        read: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Vec<Lineup>, AppError>> + 'static,
    {
        let roll = Self {
            order: ArcRwSignal::default(),
            workloads: Cells::default(),
            members: Cells::default(),
            containers: Cells::default(),
            trouble: ArcRwSignal::default(),
            changed: ArcTrigger::new(),
        };
        roll.take(first);
        let again = roll.reread(read);
        let live = use_live();
        let listening = roll.clone();
        live.on_container(move |change| {
            if concerns(change) {
                listening.change(change);
                // What a change does not tell, and a container that we have not seen yet.
                again.run(());
            }
        });
        live.on_event(move |event| {
            if [CRASH_LOOP, STEADY].contains(&event.kind.as_str()) {
                again.run(());
            }
        });
        // An engine that went away or came back says nothing of its containers.
        live.on_summary(move |_| again.run(()));
        live.on_resync(move || again.run(()));
        roll
    }

    fn reread<F>(&self, read: impl Fn() -> F + Send + Sync + 'static) -> Callback<()>
    where
        F: Future<Output = Result<Vec<Lineup>, AppError>> + 'static,
    {
        let roll = self.clone();
        reread(move || {
            let (roll, reading) = (roll.clone(), read());
            async move {
                match reading.await {
                    Ok(lineups) => roll.take(lineups),
                    Err(error) => roll.trouble.set(Some(error)),
                }
            }
        })
    }

    fn take(&self, lineups: Vec<Lineup>) {
        let ids: Vec<String> = lineups
            .iter()
            .map(|lineup| lineup.workload.id.clone())
            .collect();
        for Lineup {
            workload,
            containers,
        } in lineups
        {
            let members = containers
                .iter()
                .map(|container| container.id.clone())
                .collect();
            for container in containers {
                let id = container.id.clone();
                self.containers.put(&id, container);
            }
            let id = workload.id.clone();
            self.workloads.put(&id, workload);
            self.members.put(&id, members);
        }
        self.trouble.set(None);
        if self.order.with_untracked(|order| *order != ids) {
            self.order.set(ids);
        }
        self.changed.notify();
    }

    fn change(&self, change: &ContainerChange) {
        if let Some(cell) = self.containers.find(&change.container_id) {
            cell.update(|container| container.take(change));
            self.changed.notify();
        }
    }

    /// The ids of the workloads, in order.
    pub fn ids(&self) -> Signal<Vec<String>> {
        self.order.clone().into()
    }

    /// One workload; `None` for an id that is not among them.
    pub fn workload(&self, id: &str) -> Option<Signal<Workload>> {
        self.workloads.find(id).map(Signal::from)
    }

    /// The ids of a workload's containers.
    pub fn members(&self, workload_id: &str) -> Signal<Vec<String>> {
        self.members.of(workload_id, Vec::new).into()
    }

    /// One container; `None` for an id that is not among them.
    pub fn container(&self, id: &str) -> Option<Signal<Container>> {
        self.containers.find(id).map(Signal::from)
    }

    /// Why the last read failed, while it did.
    pub fn trouble(&self) -> Signal<Option<AppError>> {
        self.trouble.clone().into()
    }

    /// Something that `pick` finds in the containers of each workload, kept up to date without a
    /// subscription to each of a thousand containers.
    pub fn gather<T>(
        &self,
        pick: impl Fn(&Workload, &Container) -> Option<T> + Send + Sync + 'static,
    ) -> Memo<Vec<T>>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        let roll = self.clone();
        Memo::new(move |_| {
            roll.changed.track();
            let mut found = Vec::new();
            for id in roll.order.get_untracked() {
                let Some(workload) = roll.workloads.find(&id) else {
                    continue;
                };
                let members = roll.members.of(&id, Vec::new).get_untracked();
                let containers = members.iter().filter_map(|id| roll.containers.find(id));
                workload.with_untracked(|workload| {
                    found.extend(containers.filter_map(|container| {
                        container.with_untracked(|container| pick(workload, container))
                    }));
                });
            }
            found
        })
    }
}
