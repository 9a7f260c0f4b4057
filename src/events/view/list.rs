//! The lines in order; what one operation caused is folded under what set it off.

use leptos::prelude::*;

use super::ledger::Ledger;
use super::row::{Row, Way};
use super::words::SeverityMark;
use crate::events::model::lines::Group;
use crate::i18n::*;

/// The list. `way` says where the line with an id leads to.
#[component]
pub(super) fn List(
    ledger: Ledger,
    way: impl Fn(&str) -> Way + Clone + Send + Sync + 'static,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let groups = ledger.groups();
    let item = move |group: Group| {
        let way = way.clone();
        match group.ids.len() {
            1 => view! { <Item ledger id=group.ids[0].clone() way/> }.into_any(),
            _ => view! { <Folded ledger group way/> }.into_any(),
        }
    };
    view! {
        <ol class=format!("events {class}") tabindex="-1">
            <For each=move || groups.get() key=Group::clone children=item/>
        </ol>
    }
}

#[component]
fn Item(
    ledger: Ledger,
    id: String,
    way: impl Fn(&str) -> Way + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let event = ledger.event(&id)?;
    let fresh = ledger.is_fresh(&id).then_some("");
    let severity = move || event.with(|event| event.severity.name());
    Some(view! {
        <li class="event" data-event=id.clone() data-severity=severity data-fresh=fresh>
            <Row event way=way(&id)/>
        </li>
    })
}

/// The oldest line is what set the others off.
#[component]
fn Folded(
    ledger: Ledger,
    group: Group,
    way: impl Fn(&str) -> Way + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let (head, others) = group.ids.split_last()?;
    let event = ledger.event(head)?;
    let fresh = ledger.is_fresh(head).then_some("");
    let severity = move || event.with(|event| event.severity.name());
    let count = others.len();
    let worst = others.iter().filter_map(|id| ledger.event(id));
    let worst = worst
        .map(|other| other.with_untracked(|other| other.severity))
        .max();
    let worst = worst.filter(|worst| event.with_untracked(|head| *worst > head.severity));
    let others = others
        .iter()
        .map(|id| view! { <Item ledger id=id.clone() way=way.clone()/> })
        .collect_view();
    Some(view! {
        <li class="event-group" data-operation=group.operation>
            <div class="event" data-event=head.clone() data-severity=severity data-fresh=fresh>
                <Row event way=way(head)/>
            </div>
            <details>
                <summary>
                    {move || t_string!(i18n, events.more, count = count).to_string()} " "
                    {worst.map(|severity| view! { <SeverityMark severity/> })}
                </summary>
                <ol class="events">{others}</ol>
            </details>
        </li>
    })
}
