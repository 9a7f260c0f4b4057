//! The head of the page: what counts as stale, when the last scan looked and at how much, and a button
//! that looks again.

use leptos::prelude::*;

use super::address::{HERE, Tab, verdict_name};
use super::shelf::Shelf;
use crate::engines::model::Engine;
use crate::i18n::*;
use crate::stale::api::ScanStale;
use crate::stale::model::{Round, Verdict};
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, outcome};
use crate::ui::time::Time;

#[component]
pub(super) fn Scanned(shelf: Shelf) -> impl IntoView {
    let i18n = use_i18n();
    let days = Memo::new(move |_| shelf.lists.with(|lists| lists.threshold_days));
    let scan = Memo::new(move |_| shelf.lists.with(|lists| lists.scan.clone()));
    let meaning = move || match days.get() {
        0 => t_string!(i18n, stale.meaning_at_once).to_string(),
        days => t_string!(i18n, stale.meaning, count = days).to_string(),
    };
    let unknown = Memo::new(move |_| {
        shelf
            .lists
            .with(|lists| lists.count(Some(Verdict::Unknown)))
    });
    let last = move || match scan.get() {
        Some(round) => view! { <LastScan round unknown/> }.into_any(),
        None => t!(i18n, stale.never_scanned).into_any(),
    };
    let away = move || {
        let engines = shelf.lists.with(|lists| lists.engines.clone());
        let away = engines.into_iter().filter(|engine| !engine.up);
        away.map(|engine| view! { <Away engine/> }).collect_view()
    };
    view! {
        <header class="page-head stale-head">
            <h1>{t!(i18n, stale.title)}</h1>
            <p class="muted">
                {meaning} " " <a href="/settings/general">{t!(i18n, stale.set_it)}</a>
            </p>
            {shelf.may_act.then(|| view! { <ScanNow shelf/> })}
            <p class="last-scan">{last}</p>
        </header>
        {away}
    }
}

/// "Last scan 5 min ago: looked at 12 containers that do not run, on one engine." How many cannot be judged is as of
/// now, because an engine may have gone since, and the list that this leads to says the same.
#[component]
fn LastScan(round: Round, unknown: Memo<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let looked = move || {
        let (count, engines) = (round.containers, round.engines);
        let engines = t_string!(i18n, stale.on_engines, count = engines).to_string();
        t_string!(i18n, stale.looked_at, count = count, engines = engines).to_string()
    };
    let silent = (round.engines_unreachable > 0).then(|| {
        let words =
            move || t_string!(i18n, stale.silent, count = round.engines_unreachable).to_string();
        view! { " " <strong>{words}</strong> }
    });
    let href = format!(
        "{HERE}?show={}&verdict={}",
        Tab::Idle.name(),
        verdict_name(Verdict::Unknown)
    );
    let doubts = move || t_string!(i18n, stale.some_unknown, count = unknown.get()).to_string();
    let unknown =
        move || (unknown.get() > 0).then(|| view! { " " <a href=href.clone()>{doubts}</a> });
    view! {
        {t!(i18n, stale.last_scan)}
        " "
        <Time at=round.started_at/>
        ": "
        {looked}
        {silent}
        {unknown}
    }
}

#[component]
fn ScanNow(shelf: Shelf) -> impl IntoView {
    let i18n = use_i18n();
    let scan = ServerAction::<ScanStale>::new();
    let failure = outcome(scan, move |found| {
        shelf.say(t_string!(i18n, stale.scanned, count = found.len()).to_string());
    });
    let pending = scan.pending();
    let words = move || match pending.get() {
        true => t_string!(i18n, stale.scanning),
        false => t_string!(i18n, stale.scan_now),
    };
    view! {
        <ActionForm action=scan attr:class="scan-now">
            <Notice text=above(failure, &[])/>
            <button class="button" disabled=move || pending.get()>
                <Icon name="refresh-cw"/>
                {words}
            </button>
        </ActionForm>
    }
}

/// Nothing on an engine that does not answer can be judged.
#[component]
fn Away(engine: Engine) -> impl IntoView {
    let i18n = use_i18n();
    let name = engine.name;
    let words = move || t_string!(i18n, stale.engine_away, name = name.clone()).to_string();
    view! {
        <div class="engine-away" role="note">
            <Icon name="plug-zap"/>
            <div>
                <p>{words}</p>
                {engine.error.map(|error| view! { <p class="detail" lang="en">{error}</p> })}
            </div>
        </div>
    }
}
