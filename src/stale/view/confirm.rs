//! The word that is wanted before anything is done: which way, which volumes, and for many how many.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::failure::Failure;
use super::row::sum_words;
use super::run::{Run, Target};
use super::shelf::Shelf;
use super::volumes::Ticks;
use crate::i18n::*;
use crate::stale::api::CleanUp;
use crate::stale::model::Item;
use crate::ui::browser;
use crate::ui::form_failure::form_failure;

/// A form that the server takes as it is; with scripts it goes container after container. `children` stand
/// within it, because the volumes of each can be ticked there.
#[component]
pub(super) fn Confirm(
    shelf: Shelf,
    able: Vec<Item>,
    ticks: Ticks,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = able.len();
    let sizes: Vec<_> = able
        .iter()
        .map(|item| item.plan.as_ref().and_then(|plan| plan.size_bytes))
        .collect();
    let sizes = StoredValue::new(sizes);
    let removes = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let targets: Vec<_> = able.into_iter().map(Target::from).collect();
    let shown = targets.iter().map(Target::shown).enumerate();
    let ids: Vec<_> = shown
        .map(|(place, shown)| {
            let (of, end) = (
                format!("shown[{place}][id]"),
                format!("shown[{place}][finished]"),
            );
            view! {
                <input type="hidden" name="ids[]" value=shown.id.clone()/>
                <input type="hidden" name=of value=shown.id/>
                <input type="hidden" name=end value=shown.finished/>
            }
        })
        .collect();
    let targets = StoredValue::new(targets);
    let begin = move |event: SubmitEvent| {
        event.prevent_default();
        let removes = removes.get_untracked();
        let volumes = if removes {
            ticks.get_untracked().into_iter().collect()
        } else {
            Vec::new()
        };
        Run::begin(shelf, targets.get_value(), removes, volumes);
        browser::close_dialog();
    };
    let failure = form_failure(ServerAction::<CleanUp>::new());
    let what = move || {
        let size = sizes.with_value(|sizes| sum_words(sizes, i18n.get_locale()));
        match removes.get() {
            true => t_string!(i18n, stale.remove_do, count = count, size = size).to_string(),
            false => t_string!(i18n, stale.quarantine_do, count = count).to_string(),
        }
    };
    // A browser without scripts compares by itself.
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let waits = move || is_alive.get() && count > 1 && typed.read().trim() != count.to_string();
    let proof = (count > 1).then(|| view! { <Proof count typed/> });
    view! {
        <form class="confirm" method="post" action=CleanUp::url() on:submit=begin>
            <Failure error=failure/>
            {ids}
            {children()}
            <Ways shelf removes/>
            {proof}
            <div>
                <button class="button button-main" disabled=waits>
                    {what}
                </button>
            </div>
        </form>
    }
}

/// Into quarantine, or away at once; the first unless somebody says otherwise.
#[component]
fn Ways(shelf: Shelf, removes: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let days = shelf.lists.with_untracked(|lists| lists.quarantine_days);
    let kept = move || t_string!(i18n, stale.way_quarantine_what, count = days).to_string();
    view! {
        <fieldset class="ways">
            <legend>{t!(i18n, stale.way)}</legend>
            <label class="way">
                <input
                    type="radio"
                    name="remove_now"
                    value="false"
                    checked=true
                    on:change=move |_| removes.set(false)
                />
                <span>
                    <strong>{t!(i18n, stale.way_quarantine)}</strong>
                    <span class="field-hint">{kept}</span>
                </span>
            </label>
            <label class="way">
                <input
                    type="radio"
                    name="remove_now"
                    value="true"
                    on:change=move |_| removes.set(true)
                />
                <span>
                    <strong>{t!(i18n, stale.way_remove)}</strong>
                    <span class="field-hint">{t!(i18n, stale.way_remove_what)}</span>
                </span>
            </label>
        </fieldset>
    }
}

/// Many at once are confirmed by typing how many they are.
#[component]
fn Proof(count: usize, typed: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let label = move || t_string!(i18n, stale.type_number, count = count).to_string();
    view! {
        <div class="field proof">
            <label for="typed">{label}</label>
            <input
                id="typed"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                required
                pattern=count.to_string()
                title=label
                prop:value=typed
                on:input=move |event| typed.set(event_target_value(&event))
            />
        </div>
    }
}
