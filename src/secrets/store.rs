//! The sealed values where they lie. The names of tables and columns come from the list in `sealed`
//! and from nowhere else.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool};

use super::sealed::Column;
use super::vault::HEADER;

/// The distinct beginnings of all sealed values: how each was sealed, and with which key.
///
/// # Errors
/// Where the database cannot be read, here and below.
pub async fn headers(
    connection: &mut SqliteConnection,
    columns: &[Column],
) -> Result<BTreeSet<Vec<u8>>, sqlx::Error> {
    let mut headers = BTreeSet::new();
    for column in columns {
        if !exists(&mut *connection, column).await? {
            continue;
        }
        let Column { table, column, .. } = column;
        let sql = format!(
            "select distinct substr({column}, 1, {HEADER}) from {table} where {column} is not null"
        );
        let found: Vec<Vec<u8>> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_all(&mut *connection)
            .await?;
        headers.extend(found);
    }
    Ok(headers)
}

/// Whether this database has the column; one of an older version may not, and then has no values.
async fn exists(connection: &mut SqliteConnection, column: &Column) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select 1 from pragma_table_info(?) where name = ?)")
        .bind(column.table)
        .bind(column.column)
        .fetch_one(connection)
        .await
}

/// Every value of a column, with the id of its row.
pub async fn values(
    connection: &mut SqliteConnection,
    column: &Column,
) -> Result<Vec<(String, Vec<u8>)>, sqlx::Error> {
    let Column { table, id, column } = column;
    let sql =
        format!("select cast({id} as text), {column} from {table} where {column} is not null");
    sqlx::query_as(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await
}

/// Puts `sealed` in the place of one value.
pub async fn replace(
    connection: &mut SqliteConnection,
    column: &Column,
    row: &str,
    sealed: &[u8],
) -> Result<(), sqlx::Error> {
    let Column { table, id, column } = column;
    let sql = format!("update {table} set {column} = ? where {id} = ?");
    sqlx::query(AssertSqlSafe(sql))
        .bind(sealed)
        .bind(row)
        .execute(connection)
        .await?;
    Ok(())
}

/// From now on a commit on this connection survives the loss of power, too.
pub async fn commit_to_disk(writer: &SqlitePool) -> Result<(), sqlx::Error> {
    sqlx::query("pragma synchronous = extra")
        .execute(writer)
        .await?;
    Ok(())
}

/// Writes everything into the main file and empties the journal, so that it holds no old values.
pub async fn empty_journal(writer: &SqlitePool) -> Result<(), sqlx::Error> {
    sqlx::query("pragma wal_checkpoint(truncate)")
        .execute(writer)
        .await?;
    Ok(())
}
