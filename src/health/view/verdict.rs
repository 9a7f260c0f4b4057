//! The first line: is all well?

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::dashboard::Glance;
use super::trouble::Matter;
use crate::engines::model::{Engine, Outage};
use crate::i18n::*;
use crate::ui::icon::Icon;
use crate::ui::time::Time;

/// What the sentence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Well,
    NeedsYou(usize),
    /// An engine does not answer: nobody can know.
    Blind,
    Empty,
}

impl Mood {
    fn of(glance: &Glance, troubles: usize) -> Self {
        let unhealthy = usize::try_from(glance.summary.proxies.unhealthy).unwrap_or(0);
        match troubles + unhealthy {
            _ if !glance.summary.engines_answer() => Self::Blind,
            0 if glance.summary.containers.total == 0 => Self::Empty,
            0 => Self::Well,
            some => Self::NeedsYou(some),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::NeedsYou(_) => "needs-you",
            Self::Blind => "blind",
            Self::Empty => "empty",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Well => "circle-check",
            Self::NeedsYou(_) => "triangle-alert",
            Self::Blind => "plug-zap",
            Self::Empty => "boxes",
        }
    }
}

/// The sentence, and below it why an engine is away.
#[component]
pub(super) fn Verdict(glance: RwSignal<Glance>, troubles: Memo<Vec<Matter>>) -> impl IntoView {
    let i18n = use_i18n();
    let mood = Memo::new(move |_| glance.with(|glance| Mood::of(glance, troubles.with(Vec::len))));
    let sentence = move || {
        let summary = glance.with(|glance| glance.summary.containers.clone());
        match mood.get() {
            Mood::Well => t_string!(
                i18n,
                dashboard.all_well,
                running = summary.running,
                count = summary.total
            )
            .to_string(),
            Mood::NeedsYou(count) => {
                t_string!(i18n, dashboard.needs_you, count = count).to_string()
            }
            Mood::Blind => t_string!(i18n, dashboard.engine_away).to_string(),
            Mood::Empty => t_string!(i18n, dashboard.nothing_runs).to_string(),
        }
    };
    let away = move || {
        let engines = glance.with(|glance| glance.engines.clone());
        let away = engines.into_iter().filter(|engine| !engine.up);
        away.map(|engine| view! { <Away engine/> }).collect_view()
    };
    view! {
        <header class="verdict" data-mood=move || mood.get().name()>
            {move || view! { <Icon name=mood.get().icon()/> }}
            <h1>{sentence}</h1>
            {away}
        </header>
    }
}

/// Which engine is away, since when, and what to do about it.
#[component]
fn Away(engine: Engine) -> impl IntoView {
    let i18n = use_i18n();
    let (name, trouble) = (engine.name, engine.trouble);
    let words = move |trouble| move || word(trouble, i18n.get_locale());
    let seen = match engine.last_seen {
        Some(at) => view! { <LastSeen at/> }.into_any(),
        None => t!(i18n, dashboard.never_seen).into_any(),
    };
    view! {
        <p class="verdict-away">
            <strong>{name}</strong> " · " {seen} " "
            {t!(i18n, dashboard.recorded_before)}
        </p>
        {trouble.map(|trouble| view! { <p class="verdict-trouble">{words(trouble)}</p> })}
        {engine.error.map(|error| view! { <p class="verdict-error" lang="en">{error}</p> })}
    }
}

/// What keeps an engine away, and what to do about it. The cause stands below it, as the program wrote it.
fn word(trouble: Outage, locale: Locale) -> &'static str {
    match trouble {
        Outage::Forbidden => td_string!(locale, dashboard.outage_forbidden),
        Outage::NoSocket => td_string!(locale, dashboard.outage_no_socket),
        Outage::Refused => td_string!(locale, dashboard.outage_refused),
        Outage::Hangs => td_string!(locale, dashboard.outage_hangs),
        Outage::NoEngine => td_string!(locale, dashboard.outage_no_engine),
        Outage::BadAddress => td_string!(locale, dashboard.outage_bad_address),
        Outage::Unreachable => td_string!(locale, dashboard.outage_unreachable),
    }
}

#[component]
fn LastSeen(at: DateTime<Utc>) -> impl IntoView {
    let i18n = use_i18n();
    view! { {t!(i18n, dashboard.last_seen)} " " <Time at/> "." }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::model::{ContainerCounts, EngineLine, Summary};

    fn glance(up: bool, total: i64) -> Glance {
        let engine = EngineLine {
            up,
            ..EngineLine::default()
        };
        let containers = ContainerCounts {
            total,
            running: total,
            stopped: 0,
        };
        let summary = Summary {
            containers,
            engines: vec![engine],
            ..Summary::default()
        };
        Glance {
            summary,
            engines: vec![],
        }
    }

    #[test]
    fn all_is_well_while_nothing_needs_a_person() {
        assert_eq!(Mood::of(&glance(true, 3), 0), Mood::Well);
        assert_eq!(Mood::of(&glance(true, 3), 2), Mood::NeedsYou(2));
        assert_eq!(Mood::of(&glance(true, 0), 0), Mood::Empty);
    }

    #[test]
    fn a_proxy_that_does_not_answer_needs_a_person() {
        let mut glance = glance(true, 3);
        glance.summary.proxies.unhealthy = 1;
        assert_eq!(Mood::of(&glance, 1), Mood::NeedsYou(2));
    }

    #[test]
    fn what_keeps_an_engine_away_is_said_in_the_words_of_each_language() {
        for trouble in [
            Outage::Forbidden,
            Outage::NoSocket,
            Outage::Refused,
            Outage::Hangs,
            Outage::NoEngine,
            Outage::BadAddress,
            Outage::Unreachable,
        ] {
            let (english, russian) = (word(trouble, Locale::en), word(trouble, Locale::ru));
            assert_ne!(english, russian, "{trouble:?}");
        }
    }

    #[test]
    fn nothing_is_said_to_be_well_while_an_engine_is_away() {
        assert_eq!(Mood::of(&glance(false, 3), 0), Mood::Blind);
    }
}
