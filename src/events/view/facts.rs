//! All fields of a line of the log, those that its sentence is made of included.

use leptos::prelude::*;
use serde_json::Value;

use super::page::HERE;
use super::row::AppLink;
use super::words::{SeverityMark, source_word};
use crate::events::model::happening::Change;
use crate::events::model::{Event, Wish};
use crate::i18n::*;
use crate::ui::time::ExactTime;

/// The list of them.
#[component]
pub(super) fn Facts(event: Signal<Event>) -> impl IntoView {
    let i18n = use_i18n();
    let first = event.get_untracked();
    let severity = Signal::derive(move || event.with(|event| event.severity));
    let source = move || source_word(event.with(|event| event.source), i18n.get_locale());
    let began = Signal::derive(move || event.with(|event| event.ts));
    let last = Signal::derive(move || event.with(|event| event.last_ts));
    let app = first.workload_id.is_some().then(|| {
        view! { <dt>{t!(i18n, events.app)}</dt><dd><AppLink event/></dd> }
    });
    let of = |key: &'static str, id: String| Wish::default().with(key, id).address(HERE);
    let container = first.container_id.clone().map(|id| {
        let href = of("container", id.clone());
        view! { <dt>{t!(i18n, events.container)}</dt><dd><a href=href>{id}</a></dd> }
    });
    let operation = first.operation_id.clone().map(|id| {
        let href = of("operation", id.clone());
        view! { <dt>{t!(i18n, events.operation)}</dt><dd><a href=href>{id}</a></dd> }
    });
    view! {
        <dl class="fields">
            <dt>{t!(i18n, events.severity)}</dt>
            <dd><SeverityMark severity/></dd>
            <dt>{t!(i18n, events.source)}</dt>
            <dd>{source}</dd>
            <dt>{t!(i18n, events.kind)}</dt>
            <dd><code>{first.kind.clone()}</code></dd>
            <dt>{t!(i18n, events.first_time)}</dt>
            <dd><ExactTime at=began/></dd>
            <dt>{t!(i18n, events.last_time)}</dt>
            <dd><ExactTime at=last/></dd>
            <dt>{t!(i18n, events.count)}</dt>
            <dd>{move || event.with(|event| event.count)}</dd>
            {app}
            {container}
            {operation}
            <dt>{t!(i18n, events.id)}</dt>
            <dd><code>{first.id.clone()}</code></dd>
        </dl>
        <Details details=first.details/>
    }
}

/// What the sentence is made of, by the names that the API has for it.
#[component]
fn Details(details: Value) -> impl IntoView {
    let i18n = use_i18n();
    let Value::Object(fields) = details else {
        return None;
    };
    let (changes, others): (Vec<_>, Vec<_>) =
        fields.into_iter().partition(|(_, value)| value.is_array());
    let others = others.into_iter().filter(|(_, value)| !value.is_null());
    let others: Vec<_> = others
        .map(|(name, value)| view! { <dt><code>{name}</code></dt><dd>{written(value)}</dd> })
        .collect();
    let changes = changes.into_iter().filter_map(|(_, value)| {
        let changes: Vec<Change> = serde_json::from_value(value).ok()?;
        Some(view! { <Changes changes/> })
    });
    let changes: Vec<_> = changes.collect();
    Some(view! {
        <h3>{t!(i18n, events.made_of)}</h3>
        <dl class="fields">{others}</dl>
        {changes}
    })
}

/// A text without its quotes, anything else as JSON has it.
fn written(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[component]
fn Changes(changes: Vec<Change>) -> impl IntoView {
    let i18n = use_i18n();
    let shown = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let rows = changes
        .into_iter()
        .map(|change| {
            view! {
                <tr>
                    <td><code>{change.field}</code></td>
                    <td>{shown(change.from)}</td>
                    <td>{shown(change.to)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table table-plain">
            <thead>
                <tr>
                    <th scope="col">{t!(i18n, events.changed)}</th>
                    <th scope="col">{t!(i18n, events.changed_from)}</th>
                    <th scope="col">{t!(i18n, events.changed_to)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
