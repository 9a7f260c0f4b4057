//! The latest figures of each container, in step with the rounds.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::events::live::{reread, use_live};
use crate::stats::api::read_latest;
use crate::stats::model::{Round, Sample};
use crate::ui::cells::Cells;

/// A cheap handle on the figures; `None` is a container that the last round did not read.
#[derive(Clone, Debug, Default)]
pub struct Figures(Cells<Option<Sample>>);

impl Figures {
    /// Begins with the last round, if there was one, follows the stream from then on, and reads the last
    /// round again when some may have been missed.
    pub fn follow(latest: Option<&Round>) -> Self {
        let figures = Self::default();
        if let Some(round) = latest {
            figures.take(round);
        }
        let live = use_live();
        let listening = figures.clone();
        live.on_stats(move |round| listening.take(round));
        let reading = figures.clone();
        let again = reread(move || {
            let figures = reading.clone();
            async move {
                // The old figures stay; the live mark tells that they are old.
                if let Ok(Some(round)) = read_latest().await {
                    figures.take(&round);
                }
            }
        });
        live.on_resync(move || again.run(()));
        figures
    }

    /// The figures of one container.
    pub fn of(&self, container_id: &str) -> Signal<Option<Sample>> {
        self.0.of(container_id, || None).into()
    }

    fn take(&self, round: &Round) {
        let mut samples: HashMap<&str, &Sample> = round
            .samples
            .iter()
            .map(|sample| (sample.container_id.as_str(), sample))
            .collect();
        for id in self.0.ids() {
            self.0.put(&id, samples.remove(id.as_str()).cloned());
        }
        for (id, sample) in samples {
            self.0.put(id, Some(sample.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_that_a_round_does_not_name_has_no_figures_any_more() {
        let owner = Owner::new();
        owner.set();
        let sample = Sample {
            container_id: "a".into(),
            cpu_percent: Some(1.0),
            ..Sample::default()
        };
        let figures = Figures::follow(Some(&Round {
            ts: 1,
            samples: vec![sample.clone()],
        }));
        assert_eq!(figures.of("a").get_untracked(), Some(sample));
        figures.take(&Round {
            ts: 3,
            samples: vec![],
        });
        assert_eq!(figures.of("a").get_untracked(), None);
    }
}
