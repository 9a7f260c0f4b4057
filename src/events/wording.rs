//! The sentence for each thing that happens, in the reader's language. The log keeps the English one.

use super::model::Happening;
use super::model::happening::Change;
use crate::i18n::*;

/// The sentence.
pub fn sentence(locale: Locale, happening: &Happening) -> String {
    use Happening as It;
    match happening {
        It::EngineDown { engine, reason, .. } => {
            td_string!(locale, events.engine_down, engine = engine, reason = reason).to_string()
        }
        It::EngineUp { engine, .. } => {
            td_string!(locale, events.engine_up, engine = engine).to_string()
        }
        It::EngineAdded { engine, by } => {
            td_string!(locale, events.engine_added, engine = engine, by = by).to_string()
        }
        It::EngineChanged { engine, by } => {
            td_string!(locale, events.engine_changed, engine = engine, by = by).to_string()
        }
        It::EngineRemoved { engine, by } => {
            td_string!(locale, events.engine_removed, engine = engine, by = by).to_string()
        }
        It::ContainerDied { name, exit_code } => match exit_code {
            Some(code) => td_string!(locale, events.died, name = name, code = code).to_string(),
            None => td_string!(locale, events.died_unseen, name = name).to_string(),
        },
        It::ContainerOom { name, goes_on } => match goes_on {
            true => td_string!(locale, events.oom_within, name = name).to_string(),
            false => td_string!(locale, events.oom, name = name).to_string(),
        },
        It::ContainerCrashLoop {
            name,
            deaths,
            minutes,
        } => td_string!(
            locale,
            events.crash_loop,
            name = name,
            deaths = deaths,
            minutes = minutes
        )
        .to_string(),
        It::ContainerSteady { name } => td_string!(locale, events.steady, name = name).to_string(),
        It::ContainerUnhealthy { name } => {
            td_string!(locale, events.unhealthy, name = name).to_string()
        }
        It::ContainerHealthy { name } => {
            td_string!(locale, events.healthy, name = name).to_string()
        }
        It::SettingsChanged { changes, by } => td_string!(
            locale,
            events.settings_changed,
            changes = list(changes),
            by = by
        )
        .to_string(),
        It::ProjectCreated { project, by } => {
            td_string!(locale, events.project_created, project = project, by = by).to_string()
        }
        It::ProjectRenamed { project, to, by } => td_string!(
            locale,
            events.project_renamed,
            project = project,
            to = to,
            by = by
        )
        .to_string(),
        It::ProjectRemoved { project, by } => {
            td_string!(locale, events.project_removed, project = project, by = by).to_string()
        }
        It::JobFailed { job, reason } => {
            td_string!(locale, events.job_failed, job = job, reason = reason).to_string()
        }
        It::JobRecovered { job } => td_string!(locale, events.job_recovered, job = job).to_string(),
        It::Crowded { kind } => td_string!(locale, events.crowded, kind = kind).to_string(),
        other => sentence_about_stale(locale, other),
    }
}

fn sentence_about_stale(locale: Locale, happening: &Happening) -> String {
    use Happening as It;
    match happening {
        It::ContainerStale { name, days } => {
            td_string!(locale, events.stale, name = name, days = days).to_string()
        }
        It::ContainersStale { count, names } => {
            td_string!(locale, events.stale_many, n = count, names = names).to_string()
        }
        It::ContainerQuarantined { name, days, by } => td_string!(
            locale,
            events.quarantined,
            name = name,
            days = days,
            by = by
        )
        .to_string(),
        It::ContainerRestored { name, by } => {
            td_string!(locale, events.restored, name = name, by = by).to_string()
        }
        It::ContainerLeftQuarantine { name } => {
            td_string!(locale, events.left_quarantine, name = name).to_string()
        }
        It::ContainerRemoved { name, by } => {
            td_string!(locale, events.container_removed, name = name, by = by).to_string()
        }
        It::ContainerNotRemoved { name, reason, .. } => {
            td_string!(locale, events.not_removed, name = name, reason = reason).to_string()
        }
        It::VolumeRemoved { volume, name, by } => td_string!(
            locale,
            events.volume_removed,
            volume = volume,
            name = name,
            by = by
        )
        .to_string(),
        It::ExemptionAdded {
            exemption,
            reason,
            by,
        } => td_string!(
            locale,
            events.exemption_added,
            exemption = exemption,
            reason = reason,
            by = by
        )
        .to_string(),
        It::ExemptionRemoved { exemption, by } => td_string!(
            locale,
            events.exemption_removed,
            exemption = exemption,
            by = by
        )
        .to_string(),
        access => sentence_about_access(locale, access),
    }
}

fn sentence_about_access(locale: Locale, happening: &Happening) -> String {
    use Happening as It;
    let from = |address: &Option<String>| match address {
        Some(address) => td_string!(locale, events.from_address, address = address).to_string(),
        None => String::new(),
    };
    let whom = |username: &Option<String>| match username {
        Some(username) => username.clone(),
        None => td_string!(locale, events.nobody_known).to_string(),
    };
    match happening {
        It::SignedIn { username, address } => td_string!(
            locale,
            events.signed_in,
            username = username,
            from = from(address)
        )
        .to_string(),
        It::SignInFailed { username, address } => td_string!(
            locale,
            events.sign_in_failed,
            username = whom(username),
            from = from(address)
        )
        .to_string(),
        It::LockedOut { username, address } => td_string!(
            locale,
            events.locked_out,
            username = whom(username),
            from = from(address)
        )
        .to_string(),
        It::SessionsEnded { username, by } => {
            td_string!(locale, events.sessions_ended, username = username, by = by).to_string()
        }
        It::UserCreated { username, role, by } => td_string!(
            locale,
            events.user_created,
            username = username,
            role = role,
            by = by
        )
        .to_string(),
        It::UserChanged {
            username,
            changes,
            by,
        } => td_string!(
            locale,
            events.user_changed,
            username = username,
            changes = list(changes),
            by = by
        )
        .to_string(),
        It::UserRemoved { username, by } => {
            td_string!(locale, events.user_removed, username = username, by = by).to_string()
        }
        It::TokenCreated { name, role, by } => td_string!(
            locale,
            events.token_created,
            name = name,
            role = role,
            by = by
        )
        .to_string(),
        It::TokenRemoved { name, by } => {
            td_string!(locale, events.token_removed, name = name, by = by).to_string()
        }
        // The others were told above.
        _ => String::new(),
    }
}

/// `role viewer → admin, password`; names of fields are the API's, in every language.
fn list(changes: &[Change]) -> String {
    let each = changes.iter().map(|change| {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".into());
        match (&change.from, &change.to) {
            (None, None) => change.field.clone(),
            (from, to) => format!("{} {} → {}", change.field, shown(from), shown(to)),
        }
    });
    each.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_who_did_what_in_both_languages() {
        let happening = Happening::UserChanged {
            username: "ann".into(),
            changes: vec![
                Change {
                    field: "role".into(),
                    from: Some("viewer".into()),
                    to: Some("admin".into()),
                },
                Change {
                    field: "password".into(),
                    from: None,
                    to: None,
                },
            ],
            by: "bob".into(),
        };
        assert_eq!(
            sentence(Locale::en, &happening),
            "bob changed the user ann: role viewer → admin, password."
        );
        assert!(sentence(Locale::ru, &happening).starts_with("bob: изменён"));
    }

    #[test]
    fn whoever_is_not_known_is_not_named() {
        let happening = Happening::SignInFailed {
            username: None,
            address: Some("192.0.2.7".into()),
        };
        assert_eq!(
            sentence(Locale::en, &happening),
            "A sign-in as somebody unknown failed from 192.0.2.7."
        );
    }
}
