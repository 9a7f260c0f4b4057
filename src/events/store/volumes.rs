//! The volumes of the index of words: each is an index of its own, of some ten thousand lines that were written
//! one after another.
//!
//! FTS5 merges the lines of a word in one go, and marks what is deleted in tables that it doubles as a whole. In one
//! index over millions of lines either holds up whoever wants to write for longer than anybody notices gladly. In a
//! volume both are small, and nothing is ever deleted: when the last of its lines is pruned, the volume goes as a whole.

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::write::NewRow;
use crate::events::model::cursor::time_of;
use crate::server::db::Db;

/// Lines of a volume. A search goes through volumes until it has a page, a merge rewrites one word of one.
pub const LINES: i64 = 1 << 16;

/// Milliseconds from its first line after which a volume takes no more, so that in a log of few lines, too, the words
/// of what was pruned go soon.
const SPAN: i64 = 7 * 24 * 3600 * 1000;

/// Pages of the index after which a portion of merging ends: a few milliseconds. It ends between two words only.
const PORTION: i64 = 6;

/// An index of the words of some lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Volume {
    pub number: i64,
    pub lines: i64,
    pub oldest_key: i64,
    pub newest_key: i64,
    /// The last of its lines in the order of writing.
    pub last_number: i64,
}

impl Volume {
    /// The name of its table.
    pub fn table(&self) -> String {
        format!("event_words_{}", self.number)
    }

    fn takes(&self, key: i64) -> bool {
        self.lines < LINES && time_of(key) - time_of(self.oldest_key) <= SPAN
    }

    fn take(&mut self, key: i64, number: i64) {
        self.lines += 1;
        self.oldest_key = self.oldest_key.min(key);
        self.newest_key = self.newest_key.max(key);
        self.last_number = self.last_number.max(number);
    }
}

/// Writes the words of these lines, into a new volume where the newest one is full.
///
/// # Errors
/// Where the database does not take it.
pub async fn add(connection: &mut SqliteConnection, lines: &[NewRow]) -> Result<(), sqlx::Error> {
    let mut newest = newest(connection, 1).await?.pop();
    for line in lines {
        let key = line.row.key;
        let mut volume = match newest.take() {
            Some(volume) if volume.takes(key) => volume,
            full => {
                if let Some(full) = full {
                    keep(connection, full).await?;
                }
                begin(connection, full.map_or(0, |full| full.number) + 1, key).await?
            }
        };
        let sql = format!(
            "insert into {} (rowid, words, facets) values (?, ?, ?)",
            volume.table()
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(key)
            .bind(&line.words)
            .bind(&line.facets)
            .execute(&mut *connection)
            .await?;
        volume.take(key, line.row.number);
        newest = Some(volume);
    }
    match newest {
        Some(volume) if !lines.is_empty() => keep(connection, volume).await,
        _ => Ok(()),
    }
}

/// Begins a volume that has no lines yet; the first is to have this key.
///
/// # Errors
/// Where the database does not take it, or there is such a volume.
pub async fn begin(
    connection: &mut SqliteConnection,
    number: i64,
    key: i64,
) -> Result<Volume, sqlx::Error> {
    let volume = Volume {
        number,
        lines: 0,
        oldest_key: key,
        newest_key: key,
        last_number: 0,
    };
    let table = volume.table();
    // Nobody asks for a rank, so that the lengths of the lines need not be kept. No commit merges parts of the
    // index while everybody who wants to write waits: that is done a portion at a time.
    let sql = format!(
        "create virtual table {table} using fts5 (words, facets, content = '', columnsize = 0, \
             tokenize = \"unicode61 remove_diacritics 2\"); \
         insert into {table} ({table}, rank) values ('automerge', 0)"
    );
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut *connection)
        .await?;
    Ok(volume)
}

/// Writes down what a volume holds.
///
/// # Errors
/// Where the database does not take it.
pub async fn keep(connection: &mut SqliteConnection, volume: Volume) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert or replace into event_volumes (number, lines, oldest_key, newest_key, last_number) \
         values (?, ?, ?, ?, ?)",
    )
    .bind(volume.number)
    .bind(volume.lines)
    .bind(volume.oldest_key)
    .bind(volume.newest_key)
    .bind(volume.last_number)
    .execute(connection)
    .await?;
    Ok(())
}

async fn newest(connection: &mut SqliteConnection, count: i64) -> Result<Vec<Volume>, sqlx::Error> {
    sqlx::query_as("select * from event_volumes order by number desc limit ?")
        .bind(count)
        .fetch_all(connection)
        .await
}

/// Merges one portion, in a transaction of its own; false where there is nothing to merge.
///
/// # Errors
/// Where the database does not take it.
pub async fn merge(db: &Db) -> Result<bool, sqlx::Error> {
    let mut transaction = db.begin().await?;
    // One that is full was written to a moment ago; what is older was merged then.
    for volume in newest(&mut transaction, 2).await? {
        let table = volume.table();
        let merge = format!("insert into {table} ({table}, rank) values ('merge', ?)");
        let changes = "select total_changes()";
        let before: i64 = sqlx::query_scalar(changes)
            .fetch_one(&mut *transaction)
            .await?;
        sqlx::query(AssertSqlSafe(merge))
            .bind(PORTION)
            .execute(&mut *transaction)
            .await?;
        let after: i64 = sqlx::query_scalar(changes)
            .fetch_one(&mut *transaction)
            .await?;
        // The order itself counts as one; so says the manual of FTS5.
        if after - before >= 2 {
            transaction.commit().await?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes one volume away of which every line was pruned; false where there is none.
///
/// # Errors
/// Where the database does not take it.
pub async fn drop_emptied(db: &Db) -> Result<bool, sqlx::Error> {
    let mut transaction = db.begin().await?;
    let emptied: Option<Volume> = sqlx::query_as(
        "select * from event_volumes \
         where last_number <= (select anchor_number from event_chain) order by number limit 1",
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(volume) = emptied else {
        return Ok(false);
    };
    let sql = format!("drop table {}", volume.table());
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut *transaction)
        .await?;
    sqlx::query("delete from event_volumes where number = ?")
        .bind(volume.number)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(true)
}
