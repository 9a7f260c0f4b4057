//! What is stale, what may be done about it, and what is spared.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::model::{Exemption, ExemptionKind, Item, Quarantined, Round, Shown, StaleContainer};
use crate::error::AppError;

/// The containers that are stale now; with `all`, every one that does not run, with the verdict on it.
#[server(name = ListStale, prefix = "/fn", endpoint = "stale/list",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_stale(all: Option<bool>) -> Result<Vec<StaleContainer>, AppError> {
    use super::{keeper::Stale, listing};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    authorize(Act::Read)?;
    Ok(listing::list(&part::<Stale>()?, all.unwrap_or_default()).await?)
}

/// The last scan; null before the first.
#[server(name = ReadScan, prefix = "/fn", endpoint = "stale/last_scan",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_scan() -> Result<Option<Round>, AppError> {
    use super::{keeper::Stale, listing};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    authorize(Act::Read)?;
    Ok(listing::last_scan(&part::<Stale>()?).await?)
}

/// Scans now and answers what is stale; while somebody scans already, theirs is waited for.
#[server(name = ScanStale, prefix = "/fn", endpoint = "stale/scan",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn scan_stale() -> Result<Vec<StaleContainer>, AppError> {
    use super::{keeper::Stale, listing, scan::scan};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    authorize(Act::Write)?;
    let stale = part::<Stale>()?;
    scan(&stale).await?;
    Ok(listing::list(&stale, false).await?)
}

/// Puts one stale container into quarantine, or removes it at once; a dry run only says what would be done.
/// Volumes stay unless they are named, and go only with what is removed at once.
///
/// Where `docker_id`, or `finished` as the plan shows it, is given, it is left alone unless it is still that
/// container, in that run.
#[server(name = CleanUpOne, prefix = "/fn", endpoint = "stale/clean_up_one",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn clean_up_one(
    id: String,
    dry_run: Option<bool>,
    remove_now: Option<bool>,
    volumes: Option<Vec<String>>,
    docker_id: Option<String>,
    finished: Option<String>,
) -> Result<Item, AppError> {
    use super::cleanup::one;
    use super::keeper::Stale;
    use super::wish::Wish;
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    let user = authorize(Act::Write)?;
    let shown = Shown {
        id: id.clone(),
        docker_id,
        finished,
    };
    let wish = Wish::of(user.username, dry_run, remove_now, volumes).shown(vec![shown]);
    one(&part::<Stale>()?, &id, &wish).await
}

/// Cleans up many: those that are named by id, or all that are stale now; what was only found, and not made
/// here, only where it is named or `include_discovered` says so. Each has its own result.
///
/// What was only found is removed at once only where it is named. `shown` says for an id which container was
/// shown, and the end of its run: one that is another, or ran since, is left alone.
#[server(name = CleanUp, prefix = "/fn", endpoint = "stale/clean_up",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn clean_up(
    ids: Option<Vec<String>>,
    dry_run: Option<bool>,
    include_discovered: Option<bool>,
    remove_now: Option<bool>,
    volumes: Option<Vec<String>>,
    shown: Option<Vec<Shown>>,
) -> Result<Vec<Item>, AppError> {
    use super::cleanup::many;
    use super::keeper::Stale;
    use super::wish::Wish;
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    let user = authorize(Act::Write)?;
    let wish = Wish::of(user.username, dry_run, remove_now, volumes);
    let wish = wish.shown(shown.unwrap_or_default());
    let found_too = include_discovered.unwrap_or_default();
    many(&part::<Stale>()?, ids, found_too, &wish).await
}

/// What is kept aside, the newest first.
#[server(name = ListQuarantine, prefix = "/fn", endpoint = "stale/quarantine",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_quarantine() -> Result<Vec<Quarantined>, AppError> {
    use super::{keeper::Stale, listing};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    authorize(Act::Read)?;
    Ok(listing::quarantined(&part::<Stale>()?).await?)
}

/// Takes a container back out of quarantine, with its name and its restart policy.
#[server(name = RestoreQuarantined, prefix = "/fn", endpoint = "stale/restore",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn restore_quarantined(id: String) -> Result<Item, AppError> {
    use super::{custody, entering::Asker, keeper::Stale};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    let user = authorize(Act::Write)?;
    custody::restore(&part::<Stale>()?, &id, &Asker::here(user.username)).await
}

/// Removes a container in quarantine before its time, and the volumes that are named; a dry run only says what
/// would be done.
#[server(name = RemoveQuarantined, prefix = "/fn", endpoint = "stale/remove",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn remove_quarantined(
    id: String,
    dry_run: Option<bool>,
    volumes: Option<Vec<String>>,
) -> Result<Item, AppError> {
    use super::{custody, keeper::Stale, wish::Wish};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    let user = authorize(Act::Write)?;
    let wish = Wish::of(user.username, dry_run, Some(true), volumes);
    custody::remove(&part::<Stale>()?, &id, &wish).await
}

/// What is never stale, and why.
#[server(name = ListExemptions, prefix = "/fn", endpoint = "stale/exemptions",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn list_exemptions() -> Result<Vec<Exemption>, AppError> {
    use super::{exemptions, keeper::Stale};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::context::part;

    authorize(Act::Read)?;
    exemptions::list(&part::<Stale>()?).await
}

/// Spares a container (its id or name), a label (`key` or `key=value`), or a pattern of names (`*` for anything).
#[server(name = CreateExemption, prefix = "/fn", endpoint = "stale/exempt",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn create_exemption(
    kind: ExemptionKind,
    value: String,
    reason: String,
    until: Option<DateTime<Utc>>,
) -> Result<Exemption, AppError> {
    use super::exemptions::{Wanted, add};
    use super::keeper::Stale;
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::{act::record, model::Happening};
    use crate::server::context::part;

    let by = authorize(Act::Write)?.username;
    let wanted = Wanted {
        kind,
        value,
        reason,
        until,
    };
    let made = add(&part::<Stale>()?, wanted, &by).await?;
    let (exemption, reason) = (made.value.clone(), made.reason.clone());
    record(Happening::ExemptionAdded {
        exemption,
        reason,
        by,
    })
    .await;
    Ok(made)
}

/// Takes an exemption away.
#[server(name = DeleteExemption, prefix = "/fn", endpoint = "stale/unexempt",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn delete_exemption(id: String) -> Result<(), AppError> {
    use super::{exemptions, keeper::Stale};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::{act::record, model::Happening};
    use crate::server::context::part;

    let by = authorize(Act::Write)?.username;
    let exemption = exemptions::remove(&part::<Stale>()?, &id).await?;
    record(Happening::ExemptionRemoved { exemption, by }).await;
    Ok(())
}
