//! The index of words, merged a little at a time.
//!
//! Each batch leaves a part of its own in the index, and what is pruned only leaves a mark, which goes when its part
//! is merged. FTS5 would merge by itself when a transaction that wrote or pruned commits, so it is
//! told not to (migration 0003), and asked for portions here.

use crate::server::db::Db;

/// Pages of the index after which a portion ends: a few milliseconds. It ends between two words only, so that one
/// that comes to a word of most lines takes as long as all of them take.
const PORTION: i64 = 6;

/// Merges one portion, in a transaction of its own; false where there is nothing to merge.
///
/// # Errors
/// Where the database does not take it.
pub async fn merge(db: &Db) -> Result<bool, sqlx::Error> {
    let mut transaction = db.begin().await?;
    let changes = "select total_changes()";
    let before: i64 = sqlx::query_scalar(changes)
        .fetch_one(&mut *transaction)
        .await?;
    sqlx::query("insert into event_words (event_words, rank) values ('merge', ?)")
        .bind(PORTION)
        .execute(&mut *transaction)
        .await?;
    let after: i64 = sqlx::query_scalar(changes)
        .fetch_one(&mut *transaction)
        .await?;
    transaction.commit().await?;
    // The order itself counts as one; so says the manual of FTS5.
    Ok(after - before >= 2)
}
