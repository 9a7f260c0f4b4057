//! The volumes of what is to be removed: each stays unless somebody ticks it, by its name.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::i18n::*;
use crate::stale::model::{PlannedVolume, VolumeKind};

/// The names that are ticked.
pub(super) type Ticks = RwSignal<BTreeSet<String>>;

/// A box for each; a form sends those that are ticked as `volumes`.
#[component]
pub(super) fn Volumes(volumes: Vec<PlannedVolume>, ticks: Ticks) -> impl IntoView {
    let i18n = use_i18n();
    if volumes.is_empty() {
        return None;
    }
    let rows = volumes
        .into_iter()
        .map(|volume| view! { <Row volume ticks/> })
        .collect_view();
    Some(view! {
        <fieldset class="volumes">
            <legend>{t!(i18n, stale.volumes)}</legend>
            <p class="field-hint">{t!(i18n, stale.volumes_stay)}</p>
            {rows}
        </fieldset>
    })
}

#[component]
fn Row(volume: PlannedVolume, ticks: Ticks) -> impl IntoView {
    let i18n = use_i18n();
    let name = StoredValue::new(volume.name.clone());
    let tick = move |event| {
        let is_ticked = event_target_checked(&event);
        ticks.update(|ticks| {
            let name = name.get_value();
            if is_ticked {
                ticks.insert(name);
            } else {
                ticks.remove(&name);
            }
        });
    };
    let kind = move || match volume.kind {
        VolumeKind::Named => t_string!(i18n, stale.volume_named),
        VolumeKind::Anonymous => t_string!(i18n, stale.volume_anonymous),
    };
    let users = volume.used_by.join(", ");
    let used = (!users.is_empty()).then(|| {
        let words = move || t_string!(i18n, stale.used_by, names = users.clone()).to_string();
        view! { <strong class="field-hint">{words}</strong> }
    });
    view! {
        <label class="volume">
            <input
                type="checkbox"
                name="volumes[]"
                value=volume.name.clone()
                prop:checked=move || ticks.with(|ticks| name.with_value(|name| ticks.contains(name)))
                on:change=tick
            />
            <span class="who">
                <code>{volume.name}</code>
                <span class="field-hint">
                    {kind} " · " <code>{volume.destination}</code>
                </span>
                {used}
            </span>
        </label>
    }
}
