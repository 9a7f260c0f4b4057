//! What would be done to one container: why, what goes, what stays, and who may miss it.

use leptos::prelude::*;

use super::row::Size;
use super::volumes::{Ticks, Volumes};
use super::words::{
    outcome_tone, outcome_word, reason_words, relation_word, said_of, untouched_word,
};
use crate::i18n::*;
use crate::stale::model::{Item, Outcome, Plan};
use crate::ui::badge::StateBadge;
use crate::ui::time::Time;

/// Whether it would be done.
pub(super) fn is_able(item: &Item) -> bool {
    item.outcome == Outcome::Planned && item.reason.is_none()
}

/// Folded unless `open`; what would be left alone says why without being opened.
#[component]
pub(super) fn Planned(item: Item, is_found: bool, open: bool, ticks: Ticks) -> impl IntoView {
    let i18n = use_i18n();
    let name = item.name.clone().unwrap_or_else(|| item.id.clone());
    let size = item.plan.as_ref().and_then(|plan| plan.size_bytes);
    let has_plan = item.plan.is_some();
    let is_left = !is_able(&item);
    let outcome = match item.outcome {
        Outcome::Planned => Outcome::Refused,
        other => other,
    };
    let told = item.clone();
    let left = is_left.then(move || {
        let words = move || said_of(&told, i18n.get_locale());
        let lang = words().and_then(|(_, is_ours)| (!is_ours).then_some("en"));
        let word = move || outcome_word(outcome, i18n.get_locale());
        view! {
            <p class="planned-left">
                <StateBadge tone=outcome_tone(outcome) word/>
                <span lang=lang>{move || words().map(|(words, _)| words)}</span>
            </p>
        }
    });
    let volumes = item.plan.as_ref().map_or(0, |plan| plan.volumes.len());
    let volumes = (volumes > 0).then(|| {
        let words = move || t_string!(i18n, stale.volumes_of, count = volumes).to_string();
        view! { <span class="field-hint">{words}</span> }
    });
    let miss = item.plan.as_ref().map_or(0, |plan| plan.dependents.len());
    let warned = (miss > 0 && !is_left).then(|| {
        let words = move || t_string!(i18n, stale.may_miss, count = miss).to_string();
        view! { <span class="planned-warn">{words}</span> }
    });
    let found = (is_found && !is_left)
        .then(|| view! { <p class="field-hint">{t!(i18n, stale.named_by_you)}</p> });
    let plan = item.plan.map(|plan| view! { <About plan is_left ticks/> });
    view! {
        <li class="planned" data-planned=name.clone() data-left=is_left.then_some("")>
            <details open=open || is_left>
                <summary>
                    <span class="who-name">{name.clone()}</span>
                    {volumes} {warned}
                    {has_plan.then(|| view! { <span class="planned-size"><Size bytes=size/></span> })}
                </summary>
                {left}
                {found}
                {plan}
            </details>
        </li>
    }
}

#[component]
fn About(plan: Plan, is_left: bool, ticks: Ticks) -> impl IntoView {
    let i18n = use_i18n();
    let reason = plan.reason;
    let alive = plan.last_alive_at.map(|at| {
        view! {
            <dt>{t!(i18n, stale.last_alive)}</dt>
            <dd><Time at/></dd>
        }
    });
    let dependents = plan.dependents.into_iter().map(|other| {
        let word = move || relation_word(other.relation, i18n.get_locale());
        view! {
            <li>
                <strong>{other.name}</strong> " (" {other.status.name()} "): " {word}
            </li>
        }
    });
    let dependents: Vec<_> = dependents.collect();
    let dependents = (!dependents.is_empty()).then(|| {
        view! {
            <dt>{t!(i18n, stale.who_may_miss)}</dt>
            <dd><ul class="names">{dependents}</ul></dd>
        }
    });
    let untouched = plan.untouched.into_iter().map(|one| {
        let what = move || untouched_word(&one.what, i18n.get_locale());
        view! { <li><span class="muted">{what}</span> " " <code>{one.name}</code></li> }
    });
    let untouched: Vec<_> = untouched.collect();
    // Where nothing is done nothing has to be ticked.
    let volumes = (!is_left).then(|| {
        view! { <div class="only-removal"><Volumes volumes=plan.volumes ticks/></div> }
    });
    view! {
        <dl class="fields">
            <dt>{t!(i18n, stale.why)}</dt>
            <dd>{move || reason_words(reason, i18n.get_locale())}</dd>
            {alive}
            <dt>{t!(i18n, stale.image)}</dt>
            <dd><code>{plan.image}</code></dd>
            <dt>{t!(i18n, stale.restart_policy)}</dt>
            <dd><code>{plan.restart_policy}</code></dd>
            {dependents}
            <dt>{t!(i18n, stale.stays)}</dt>
            <dd><ul class="names">{untouched}</ul></dd>
        </dl>
        {volumes}
    }
}
