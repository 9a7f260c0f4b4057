//! What is kept aside. Times are Unix milliseconds.

use sqlx::SqliteConnection;

use crate::docker::whole::RestartPolicy;
use crate::server::db::Db;
use crate::stale::model::evidence::Run;

/// How far a container is on its way in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Entering,
    Kept,
    Leaving,
    Removing,
}

/// Why one leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It never got quite in.
    Undone,
    /// Somebody wants it back.
    Restored,
    /// It was started at the engine.
    Started,
}

/// A container that is kept aside, without what is sealed of it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: String,
    pub engine_id: String,
    pub docker_id: String,
    pub container_id: String,
    pub workload_id: String,
    pub phase: Phase,
    pub name: String,
    pub kept_name: String,
    pub policy: RestartPolicy,
    pub run: Run,
    pub image: String,
    pub size_bytes: Option<i64>,
    pub author: String,
    pub operation_id: Option<String>,
    pub since: i64,
    pub until: i64,
    pub ending: Option<Ending>,
    pub asker: Option<String>,
    pub trouble: Option<String>,
    /// What its engine last told of it: it lives.
    pub lives: bool,
    /// What its engine last told of it: it is there no longer.
    pub vanished: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    engine_id: String,
    docker_id: String,
    container_id: String,
    workload_id: String,
    phase: String,
    name: String,
    kept_name: String,
    policy: String,
    retries: i64,
    started: String,
    finished: String,
    image: String,
    size_bytes: Option<i64>,
    author: String,
    operation_id: Option<String>,
    since: i64,
    until_at: i64,
    ending: Option<String>,
    asker: Option<String>,
    trouble: Option<String>,
    lives: bool,
    vanished: bool,
}

/// Every entry, the newest first.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn all(db: &Db) -> Result<Vec<Entry>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "select q.id, q.engine_id, q.docker_id, q.container_id, q.workload_id, q.phase, q.name, q.kept_name,
         q.policy, q.retries, q.started, q.finished, q.image, q.size_bytes, q.author, q.operation_id, q.since,
         q.until_at, q.ending, q.asker, q.trouble,
         exists (select 1 from containers c where c.engine_id = q.engine_id and c.docker_id = q.docker_id
         and c.gone_at is null and c.status in ('running', 'paused', 'restarting')) as lives,
         not exists (select 1 from containers c where c.engine_id = q.engine_id and c.docker_id = q.docker_id
         and c.gone_at is null) as vanished
         from quarantine q order by q.id desc",
    )
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// One entry.
pub async fn find(db: &Db, id: &str) -> Result<Option<Entry>, sqlx::Error> {
    let all = all(db).await?;
    Ok(all.into_iter().find(|entry| entry.id == id))
}

/// Notes that a container is to be kept aside, and sets it aside in our own lists.
pub async fn begin(
    connection: &mut SqliteConnection,
    entry: &Entry,
    inspect_sealed: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into quarantine (id, engine_id, docker_id, container_id, workload_id, phase, name, kept_name,
         policy, retries, started, finished, image, size_bytes, inspect_sealed, author, operation_id, since,
         until_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&entry.id)
    .bind(&entry.engine_id)
    .bind(&entry.docker_id)
    .bind(&entry.container_id)
    .bind(&entry.workload_id)
    .bind(entry.phase.word())
    .bind(&entry.name)
    .bind(&entry.kept_name)
    .bind(&entry.policy.name)
    .bind(entry.policy.maximum_retry_count)
    .bind(&entry.run.started)
    .bind(&entry.run.finished)
    .bind(&entry.image)
    .bind(entry.size_bytes)
    .bind(inspect_sealed)
    .bind(&entry.author)
    .bind(&entry.operation_id)
    .bind(entry.since)
    .bind(entry.until)
    .execute(&mut *connection)
    .await?;
    set_aside(connection, entry, true).await
}

/// Moves an entry on. Where it leaves, `ending` says why, and `asker` who wants it.
pub async fn turn(
    connection: &mut SqliteConnection,
    id: &str,
    phase: Phase,
    ending: Option<Ending>,
    asker: Option<&str>,
    trouble: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update quarantine set phase = ?, ending = ?, asker = ?, trouble = ? where id = ?")
        .bind(phase.word())
        .bind(ending.map(Ending::word))
        .bind(asker)
        .bind(trouble)
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets an entry. A container that is still there is on the lists again.
pub async fn end(
    connection: &mut SqliteConnection,
    entry: &Entry,
    is_gone: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query("delete from quarantine where id = ?")
        .bind(&entry.id)
        .execute(&mut *connection)
        .await?;
    if is_gone {
        return Ok(());
    }
    set_aside(connection, entry, false).await
}

async fn set_aside(
    connection: &mut SqliteConnection,
    entry: &Entry,
    aside: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query("update containers set set_aside = ? where engine_id = ? and docker_id = ?")
        .bind(aside)
        .bind(&entry.engine_id)
        .bind(&entry.docker_id)
        .execute(connection)
        .await?;
    Ok(())
}

impl Phase {
    fn word(self) -> &'static str {
        match self {
            Self::Entering => "entering",
            Self::Kept => "kept",
            Self::Leaving => "leaving",
            Self::Removing => "removing",
        }
    }
}

impl Ending {
    fn word(self) -> &'static str {
        match self {
            Self::Undone => "undone",
            Self::Restored => "restored",
            Self::Started => "started",
        }
    }
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let phases = [
            Phase::Entering,
            Phase::Kept,
            Phase::Leaving,
            Phase::Removing,
        ];
        let endings = [Ending::Undone, Ending::Restored, Ending::Started];
        let phase = phases.into_iter().find(|one| one.word() == row.phase);
        let ending = row.ending.as_deref();
        Self {
            id: row.id,
            engine_id: row.engine_id,
            docker_id: row.docker_id,
            container_id: row.container_id,
            workload_id: row.workload_id,
            // The table takes no other words.
            phase: phase.unwrap_or(Phase::Leaving),
            name: row.name,
            kept_name: row.kept_name,
            policy: RestartPolicy {
                name: row.policy,
                maximum_retry_count: row.retries,
            },
            run: Run {
                started: row.started,
                finished: row.finished,
            },
            image: row.image,
            size_bytes: row.size_bytes,
            author: row.author,
            operation_id: row.operation_id,
            since: row.since,
            until: row.until_at,
            ending: endings.into_iter().find(|one| Some(one.word()) == ending),
            asker: row.asker,
            trouble: row.trouble,
            lives: row.lives,
            vanished: row.vanished,
        }
    }
}
