//! Verdicts, reasons and outcomes, in the reader's language.

use crate::i18n::*;
use crate::stale::model::{
    ExemptionKind, Item, Outcome, Reason, Refusal, Relation, Verdict, VolumeOutcome,
};
use crate::ui::badge::Tone;

pub(super) fn verdict_word(verdict: Verdict, locale: Locale) -> &'static str {
    match verdict {
        Verdict::Stale => td_string!(locale, stale.is_stale),
        Verdict::Unknown => td_string!(locale, stale.is_unknown),
        Verdict::Exempt => td_string!(locale, stale.is_exempt),
        Verdict::Fresh => td_string!(locale, stale.is_fresh),
    }
}

pub(super) fn verdict_tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Stale => Tone::Warn,
        Verdict::Unknown => Tone::Unknown,
        Verdict::Exempt => Tone::Ok,
        Verdict::Fresh => Tone::Idle,
    }
}

/// Why, in a sentence that says what could be done about it.
pub(super) fn reason_words(reason: Reason, locale: Locale) -> &'static str {
    match reason {
        Reason::Alive => td_string!(locale, stale.why_alive),
        Reason::Recent => td_string!(locale, stale.why_recent),
        Reason::Ended => td_string!(locale, stale.why_ended),
        Reason::NeverRan => td_string!(locale, stale.why_never_ran),
        Reason::Kept => td_string!(locale, stale.why_kept),
        Reason::EngineDown => td_string!(locale, stale.why_engine_down),
        Reason::NotInspected => td_string!(locale, stale.why_not_inspected),
        Reason::NotLookedAt => td_string!(locale, stale.why_not_looked_at),
        Reason::StrangeState => td_string!(locale, stale.why_strange_state),
        Reason::StrangeTimes => td_string!(locale, stale.why_strange_times),
        Reason::Unwatched => td_string!(locale, stale.why_unwatched),
    }
}

pub(super) fn refusal_words(refusal: Refusal, locale: Locale) -> &'static str {
    match refusal {
        Refusal::NotFound => td_string!(locale, stale.not_found),
        Refusal::Alive => td_string!(locale, stale.not_alive),
        Refusal::Recent => td_string!(locale, stale.not_recent),
        Refusal::Changed => td_string!(locale, stale.not_changed),
        Refusal::Exempt => td_string!(locale, stale.not_exempt),
        Refusal::Unknown => td_string!(locale, stale.not_unknown),
        Refusal::Unnamed => td_string!(locale, stale.not_unnamed),
        Refusal::Busy => td_string!(locale, stale.not_busy),
        Refusal::InQuarantine => td_string!(locale, stale.not_in_quarantine),
        Refusal::NameTaken => td_string!(locale, stale.not_name_taken),
    }
}

pub(super) fn outcome_word(outcome: Outcome, locale: Locale) -> &'static str {
    match outcome {
        Outcome::Planned => td_string!(locale, stale.was_planned),
        Outcome::Quarantined => td_string!(locale, stale.was_quarantined),
        Outcome::Removed => td_string!(locale, stale.was_removed),
        Outcome::Restored => td_string!(locale, stale.was_restored),
        Outcome::Refused => td_string!(locale, stale.was_refused),
        Outcome::Failed => td_string!(locale, stale.was_failed),
        Outcome::Gone => td_string!(locale, stale.was_gone),
    }
}

pub(super) fn outcome_tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Quarantined | Outcome::Removed | Outcome::Restored => Tone::Ok,
        Outcome::Refused => Tone::Warn,
        Outcome::Failed => Tone::Error,
        Outcome::Planned | Outcome::Gone => Tone::Idle,
    }
}

/// What a person should know of an outcome: in their language where it has a reason, else in the engine's.
pub(super) fn said_of(item: &Item, locale: Locale) -> Option<(String, bool)> {
    match (item.reason, &item.message) {
        (Some(reason), _) => Some((refusal_words(reason, locale).to_owned(), true)),
        (None, Some(message)) => Some((message.clone(), false)),
        (None, None) => None,
    }
}

pub(super) fn volume_word(outcome: VolumeOutcome, locale: Locale) -> &'static str {
    match outcome {
        VolumeOutcome::Removed => td_string!(locale, stale.was_removed),
        VolumeOutcome::Refused => td_string!(locale, stale.was_refused),
        VolumeOutcome::Failed => td_string!(locale, stale.was_failed),
        VolumeOutcome::Gone => td_string!(locale, stale.was_gone),
    }
}

pub(super) fn relation_word(relation: Relation, locale: Locale) -> &'static str {
    match relation {
        Relation::ComposeSibling => td_string!(locale, stale.compose_sibling),
        Relation::SharesNetwork => td_string!(locale, stale.shares_network),
        Relation::SharesVolume => td_string!(locale, stale.shares_volume),
    }
}

pub(super) fn kind_word(kind: ExemptionKind, locale: Locale) -> &'static str {
    match kind {
        ExemptionKind::Container => td_string!(locale, stale.kind_container),
        ExemptionKind::Label => td_string!(locale, stale.kind_label),
        ExemptionKind::Pattern => td_string!(locale, stale.kind_pattern),
    }
}

/// What a plan leaves as it is; another version's word stays its own.
pub(super) fn untouched_word(what: &str, locale: Locale) -> String {
    match what {
        "image" => td_string!(locale, stale.image).to_owned(),
        "network" => td_string!(locale, stale.network).to_owned(),
        "volume" => td_string!(locale, stale.volume).to_owned(),
        "directory" => td_string!(locale, stale.directory).to_owned(),
        other => other.to_owned(),
    }
}
