//! The figures that the tables have, in a number of queries that does not grow with the fleet.

use super::model::ContainerCounts;
use crate::server::db::Db;

/// How many containers there are, without those that are kept aside.
///
/// # Errors
/// Where the database does not answer.
pub async fn containers(db: &Db) -> Result<ContainerCounts, sqlx::Error> {
    let (total, running) = sqlx::query_as::<_, (i64, i64)>(
        "select count(*), count(*) filter (where status = 'running')
         from containers where gone_at is null and set_aside = 0",
    )
    .fetch_one(db.read())
    .await?;
    Ok(ContainerCounts {
        total,
        running,
        stopped: total - running,
    })
}
