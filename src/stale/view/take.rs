//! Out of quarantine for good, before its time: what that does, and which volumes are to go, too.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::failure::Failure;
use super::planned::{Planned, is_able};
use super::shelf::Shelf;
use super::volumes::Ticks;
use crate::error::AppError;
use crate::i18n::*;
use crate::stale::api::{RemoveQuarantined, remove_quarantined};
use crate::stale::model::{Item, Outcome, Quarantined, VolumeOutcome};
use crate::ui::dialog::{Dialog, use_step_back};
use crate::ui::error_state::ErrorState;
use crate::ui::outcome::outcome;
use crate::ui::skeleton::{Shape, Skeleton};

/// What would be done to the one with this id in quarantine.
///
/// # Errors
/// Whatever the server refuses.
pub(super) async fn read_fate(id: String) -> Result<Item, AppError> {
    remove_quarantined(id, Some(true), None).await
}

/// The dialog; `read` is what would be done where that was read with the page.
#[component]
pub(super) fn TakeDialog(
    shelf: Shelf,
    one: Quarantined,
    back: String,
    read: Option<Result<Item, AppError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let fate = RwSignal::new(read);
    let id = StoredValue::new(one.id);
    let ask = move || {
        spawn_local(async move {
            let read = read_fate(id.get_value()).await;
            fate.try_set(Some(read));
        });
    };
    Effect::new(move |_| {
        if fate.with_untracked(Option::is_none) {
            ask();
        }
    });
    let leave = back.clone();
    let body = move || match fate.get() {
        None => view! { <Skeleton shape=Shape::Row count=2/> }.into_any(),
        Some(Ok(item)) => {
            view! { <Question shelf id=id.get_value() item back=leave.clone()/> }.into_any()
        }
        Some(Err(error)) => {
            let retry = Callback::new(move |()| {
                fate.set(None);
                ask();
            });
            view! { <ErrorState error retry/> }.into_any()
        }
    };
    let title = move || t_string!(i18n, stale.remove_one, name = one.name.clone()).to_string();
    view! {
        <Dialog title back class="plan">
            {body}
        </Dialog>
    }
}

#[component]
fn Question(shelf: Shelf, id: String, item: Item, back: String) -> impl IntoView {
    let i18n = use_i18n();
    let remove = ServerAction::<RemoveQuarantined>::new();
    let ticks: Ticks = RwSignal::default();
    let step_back = use_step_back();
    let failure = outcome(remove, move |item| {
        step_back(&back);
        let name = item.name.clone().unwrap_or_default();
        let words = match (item.outcome, volumes_left(&item)) {
            (Outcome::Gone, _) => t_string!(i18n, stale.was_gone_already, name = name).to_string(),
            (_, 0) => t_string!(i18n, stale.is_removed, name = name).to_string(),
            (_, left) => {
                t_string!(i18n, stale.is_removed_but, name = name, count = left).to_string()
            }
        };
        shelf.say(words);
    });
    let pending = remove.pending();
    let is_able = is_able(&item);
    let words = move || {
        let count = ticks.with(std::collections::BTreeSet::len);
        match count {
            0 => t_string!(i18n, stale.take_do).to_string(),
            _ => t_string!(i18n, stale.take_do_with, count = count).to_string(),
        }
    };
    let button = is_able.then(|| {
        view! {
            <div>
                <button class="button" disabled=move || pending.get()>
                    {words}
                </button>
            </div>
        }
    });
    view! {
        <ActionForm action=remove attr:class="confirm takes">
            <Failure error=failure/>
            <p>{t!(i18n, stale.take_what)}</p>
            <input type="hidden" name="id" value=id/>
            <ol class="plan-items">
                <Planned item is_found=false open=true ticks/>
            </ol>
            {button}
        </ActionForm>
    }
}

/// How many volumes that were ticked are still there.
fn volumes_left(item: &Item) -> usize {
    let left = item.volumes.iter().filter(|volume| {
        matches!(
            volume.outcome,
            VolumeOutcome::Refused | VolumeOutcome::Failed
        )
    });
    left.count()
}
