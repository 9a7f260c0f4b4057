//! Whether the event log is as it was written.

use super::{CommandError, open, say};
use crate::error::AppError;
use crate::events::store::chain;
use crate::events::store::verify::{Finding, find_loose, verify};
use crate::secrets::opening;
use crate::secrets::vault::Vault;
use crate::server::config::Options;
use crate::server::db::Db;

/// Goes through the whole log; a server may run meanwhile.
pub async fn run(options: &Options) -> Result<(), CommandError> {
    let (dir, db) = open(options).await?;
    let vault = opening::open(options.secret_key.as_ref(), dir.path(), db.read()).await?;
    let Some(found) = look(&db, &vault).await? else {
        return Ok(say("The event log is empty.")?);
    };
    db.close().await;
    let line = match found {
        Finding::Intact { lines } => {
            return Ok(say(&format!("The event log is intact: {lines} lines."))?);
        }
        Finding::Broken { id, number, after } => format!(
            "the event log is broken after {after} intact lines, at line {number} ({id}): it was changed, or a line before it was added or taken away"
        ),
        Finding::Loose { id, number } => format!(
            "the event log is broken: from line {number} ({id}) on there are lines that its chain does not hold; they were added, or the chain was taken away"
        ),
        Finding::Shortened { lines } => format!(
            "the event log has {lines} intact lines, and later ones were taken away"
        ),
        Finding::FalseHead => "the mark of the newest line of the event log was not made by this program: later lines may have been taken away".to_owned(),
        Finding::FalseAnchor => "the mark of what was pruned from the event log was not made by this program: its oldest lines may have been taken away".to_owned(),
    };
    Err(CommandError::Tampered(line))
}

/// What is found; `None` where there is neither a line nor a chain. A server that prunes meanwhile takes lines away
/// under our eyes, so what does not fit is looked at again where the oldest line is another by then.
async fn look(db: &Db, vault: &Vault) -> Result<Option<Finding>, AppError> {
    // First of all: without a chain there is nothing else to look at.
    if let Some(found) = find_loose(db).await? {
        return Ok(Some(found));
    }
    let Some((key, mut ends)) = chain::find(db, vault).await? else {
        return Ok(None);
    };
    loop {
        let found = verify(db, &key, &ends).await?;
        if matches!(found, Finding::Intact { .. }) {
            return Ok(Some(found));
        }
        match chain::find(db, vault).await? {
            Some((_, now)) if now.anchor_number != ends.anchor_number => ends = now,
            _ => return Ok(Some(found)),
        }
    }
}
