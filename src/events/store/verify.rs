//! Is the log as it was written?

use super::chain::{Ends, as_hash, loose_line};
use super::row::{COLUMNS, Row};
use crate::events::chain::ChainKey;
use crate::server::db::Db;

/// Rows that are looked at together.
const BATCH: i64 = 1000;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// So many lines, each as it was written, and none missing.
    Intact { lines: u64 },
    /// The first line that does not fit: it was changed, or one before it was added or taken away.
    Broken { id: String, number: i64, after: u64 },
    /// The first line that the chain does not hold, or that has no chain.
    Loose { id: String, number: i64 },
    /// All lines fit, but later ones are missing.
    Shortened { lines: u64 },
    /// The mark of what was pruned was not made by this program.
    FalseAnchor,
    /// The mark of the newest line was not made by this program.
    FalseHead,
}

/// Whether there are lines that no chain holds.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_loose(db: &Db) -> Result<Option<Finding>, sqlx::Error> {
    let line = loose_line(db).await?;
    Ok(line.map(|line| Finding::Loose {
        id: line.to_string(),
        number: line.number,
    }))
}

/// Goes through the whole chain in the order of writing.
///
/// # Errors
/// Where the database does not answer.
pub async fn verify(db: &Db, key: &ChainKey, ends: &Ends) -> Result<Finding, sqlx::Error> {
    let proof = key.prove_anchor(ends.anchor_number, &ends.anchor_hash);
    if proof[..] != ends.anchor_proof[..] {
        return Ok(Finding::FalseAnchor);
    }
    let proof = key.prove_head(ends.last_number, &ends.head_hash);
    if proof[..] != ends.head_proof[..] {
        return Ok(Finding::FalseHead);
    }
    let (mut before, mut number) = (ends.anchor_hash, i64::MIN);
    // The server may write meanwhile, so the head that was read is somewhere along the way.
    let mut reached = before == ends.head_hash;
    let mut lines = 0;
    let sql = format!("select {COLUMNS} from event_log where number > ? order by number limit ?");
    loop {
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql.as_str()))
            .bind(number)
            .bind(BATCH)
            .fetch_all(db.read())
            .await?;
        let Some(last) = rows.last() else { break };
        number = last.number;
        for row in rows {
            let written = as_hash(&row.hash);
            if key.link(&before, &row) != written {
                let number = row.number;
                let id = row.event().id;
                return Ok(Finding::Broken {
                    id,
                    number,
                    after: lines,
                });
            }
            before = written;
            reached |= before == ends.head_hash;
            lines += 1;
        }
    }
    if reached {
        Ok(Finding::Intact { lines })
    } else {
        Ok(Finding::Shortened { lines })
    }
}
