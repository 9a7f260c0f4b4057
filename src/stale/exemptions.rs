//! What is spared: made with a reason, taken away by hand or by time.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::keeper::Stale;
use super::model::{Exemption, ExemptionKind};
use super::store::exemptions;
use crate::error::AppError;
use crate::server::db::new_id;

/// Characters of a value.
const LONGEST_VALUE: usize = 256;

/// Characters of a reason.
const LONGEST_REASON: usize = 500;

/// Every exemption, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn list(stale: &Stale) -> Result<Vec<Exemption>, AppError> {
    let parts = &stale.parts;
    let now = parts.clock.millis();
    let gaps = stale.watch.gaps(&parts.db, &parts.clock).await?;
    Ok(exemptions::all(parts.db.read(), now, &gaps.everywhere).await?)
}

/// What somebody wants to spare.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub kind: ExemptionKind,
    pub value: String,
    pub reason: String,
    pub until: Option<DateTime<Utc>>,
}

/// Makes an exemption.
///
/// # Errors
/// `invalid` with the field that is out of its range.
pub async fn add(stale: &Stale, wanted: Wanted, author: &str) -> Result<Exemption, AppError> {
    let now = stale.parts.clock.now();
    let value = text("value", &wanted.value, LONGEST_VALUE)?;
    let reason = text("reason", &wanted.reason, LONGEST_REASON)?;
    if wanted.until.is_some_and(|until| until <= now) {
        return Err(AppError::invalid("until", "This must be in the future."));
    }
    if wanted.kind == ExemptionKind::Label && value.starts_with('=') {
        return Err(AppError::invalid(
            "value",
            "Give a label: key, or key=value.",
        ));
    }
    // With the lock to write, so that what an id stands for now is what is spared.
    let mut tx = stale.parts.db.begin().await?;
    let (value, engine_id) = match wanted.kind {
        ExemptionKind::Container => resolve(&mut tx, value).await?,
        // What fits these may still come.
        ExemptionKind::Label | ExemptionKind::Pattern => (value.to_owned(), None),
    };
    let exemption = Exemption {
        id: new_id(),
        kind: wanted.kind,
        value,
        engine_id,
        reason: reason.to_owned(),
        author: author.to_owned(),
        created_at: now,
        until: wanted.until,
        expired: false,
    };
    exemptions::add(&mut tx, &exemption).await?;
    tx.commit().await?;
    Ok(exemption)
}

/// Which container is meant. An id becomes Docker's whole one, with its engine: ours names a place, which
/// another container may take. A name stays one, and spares whoever has it.
async fn resolve(
    connection: &mut SqliteConnection,
    value: &str,
) -> Result<(String, Option<String>), AppError> {
    let value = value.trim_start_matches('/');
    let mut meant = exemptions::meant_by_id(connection, value).await?;
    if meant.len() > 1 {
        let message = "More than one container has this id; give our id, which the lists show.";
        return Err(AppError::invalid("value", message));
    }
    if let Some((engine_id, docker_id)) = meant.pop() {
        return Ok((docker_id, Some(engine_id)));
    }
    if exemptions::is_name(connection, value).await? {
        return Ok((value.to_owned(), None));
    }
    Err(AppError::invalid(
        "value",
        "No container has this id or name; what is yet to come is spared by a label or a pattern.",
    ))
}

/// Takes one away, and answers what it spared.
///
/// # Errors
/// `not_found` for an id that we never gave.
pub async fn remove(stale: &Stale, id: &str) -> Result<String, AppError> {
    exemptions::remove(&stale.parts.db, id).await
}

fn text<'a>(field: &str, text: &'a str, longest: usize) -> Result<&'a str, AppError> {
    let text = text.trim();
    let fits = (1..=longest).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    fits.then_some(text).ok_or_else(|| {
        let message = format!("This has 1 to {longest} characters, none of them invisible.");
        AppError::invalid(field, message)
    })
}
