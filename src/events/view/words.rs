//! Severities, sources and sentences, in the reader's language.

use leptos::prelude::*;

use crate::events::model::Event;
use crate::events::model::event::{Severity, Source};
use crate::events::wording;
use crate::i18n::*;
use crate::ui::icon::Icon;

/// How much it matters, in a word.
pub(super) fn severity_word(severity: Severity, locale: Locale) -> &'static str {
    match severity {
        Severity::Info => td_string!(locale, events.severity_info),
        Severity::Warning => td_string!(locale, events.severity_warning),
        Severity::Error => td_string!(locale, events.severity_error),
    }
}

/// What it is about, in a word.
pub(super) fn source_word(source: Source, locale: Locale) -> &'static str {
    match source {
        Source::Engine => td_string!(locale, events.source_engine),
        Source::Container => td_string!(locale, events.source_container),
        Source::Access => td_string!(locale, events.source_access),
        Source::Settings => td_string!(locale, events.source_settings),
        Source::Project => td_string!(locale, events.source_project),
        Source::System => td_string!(locale, events.source_system),
    }
}

/// What happened, in a sentence. What another version of the program wrote has only an English one.
pub(super) fn sentence(event: &Event, locale: Locale) -> String {
    match event.happening() {
        Some(happening) => wording::sentence(locale, &happening),
        None => event.message.clone(),
    }
}

/// All that a line is found by as text.
pub(super) fn told(event: &Event) -> String {
    let sentences = [Locale::en, Locale::ru].map(|locale| sentence(event, locale));
    format!("{} {} {}", event.message, sentences.join(" "), event.kind)
}

/// A shape of its own for each severity, with its word.
#[component]
pub(super) fn SeverityMark(#[prop(into)] severity: Signal<Severity>) -> impl IntoView {
    let i18n = use_i18n();
    let icon = move || {
        let name = icon_of(severity.get());
        view! { <Icon name/> }
    };
    view! {
        <span class="severity" data-severity=move || severity.get().name()>
            {icon}
            <span>{move || severity_word(severity.get(), i18n.get_locale())}</span>
        </span>
    }
}

pub(super) fn icon_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "triangle-alert",
        Severity::Error => "circle-alert",
    }
}
