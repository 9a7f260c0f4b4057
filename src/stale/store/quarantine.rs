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
    /// Who wants it back, or gone before its time; nobody where time does.
    pub asker: Option<String>,
    pub asker_operation_id: Option<String>,
    /// Volumes that are to go with it.
    pub volumes: Vec<String>,
    /// What the engine called itself when it was kept aside; where that is not known, when they were named.
    pub engine_identity: Option<String>,
    pub trouble: Option<String>,
    /// Since when its engine does not have it.
    pub vanished_at: Option<i64>,
    /// Our id of it as it is now: its place may be a successor's.
    pub row_id: Option<String>,
    /// What its engine last told of it: it lives.
    pub lives: bool,
    /// What its engine last told of it: it is there no longer, or is not called what it is kept under.
    pub strayed: bool,
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
    asker_operation_id: Option<String>,
    volumes: String,
    engine_identity: Option<String>,
    trouble: Option<String>,
    vanished_at: Option<i64>,
    row_id: Option<String>,
    lives: bool,
    strayed: bool,
}

const SELECT: &str = "select q.id, q.engine_id, q.docker_id, q.container_id, q.workload_id, q.phase, q.name,
    q.kept_name, q.policy, q.retries, q.started, q.finished, q.image, q.size_bytes, q.author, q.operation_id,
    q.since, q.until_at, q.ending, q.asker, q.asker_operation_id, q.volumes, q.engine_identity, q.trouble,
    q.vanished_at, c.id as row_id,
    coalesce(c.gone_at is null and c.status in ('running', 'paused', 'restarting'), 0) as lives,
    coalesce(c.gone_at is not null or c.name <> q.kept_name, 1) as strayed
    from quarantine q left join containers c on c.engine_id = q.engine_id and c.docker_id = q.docker_id";

/// Every entry, the newest first.
///
/// # Errors
/// Where the database does not answer, here and below.
pub async fn all(db: &Db) -> Result<Vec<Entry>, sqlx::Error> {
    let sql = format!("{SELECT} order by q.id desc");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .fetch_all(db.read())
        .await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// One entry.
pub async fn find(db: &Db, id: &str) -> Result<Option<Entry>, sqlx::Error> {
    let sql = format!("{SELECT} where q.id = ?");
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(db.read())
        .await?;
    Ok(row.map(Entry::from))
}

/// Whether a container is kept aside already: on its engine, or on another that turns out to be the same one,
/// which is seen by its name there, or is about to be.
pub async fn is_held(
    connection: &mut SqliteConnection,
    engine_id: &str,
    docker_id: &str,
    name: &str,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "select exists (select 1 from quarantine where docker_id = ?
         and (engine_id = ? or kept_name = ? or phase = 'entering'))",
    )
    .bind(docker_id)
    .bind(engine_id)
    .bind(name)
    .fetch_one(connection)
    .await
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
         until_at, engine_identity) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
    .bind(&entry.engine_identity)
    .execute(&mut *connection)
    .await?;
    set_aside(connection, entry, true).await
}

/// Keeps how far an entry is, who asks for what, and what is in the way.
pub async fn save(connection: &mut SqliteConnection, entry: &Entry) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update quarantine set phase = ?, ending = ?, asker = ?, asker_operation_id = ?, volumes = ?,
         engine_identity = ?, trouble = ?, vanished_at = ? where id = ?",
    )
    .bind(entry.phase.word())
    .bind(entry.ending.map(Ending::word))
    .bind(&entry.asker)
    .bind(&entry.asker_operation_id)
    .bind(serde_json::to_string(&entry.volumes).unwrap_or_else(|_| "[]".to_owned()))
    .bind(&entry.engine_identity)
    .bind(&entry.trouble)
    .bind(entry.vanished_at)
    .bind(&entry.id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets an entry. A container that may be there is on the lists again; of one that was removed nothing is
/// shown.
pub async fn end(
    connection: &mut SqliteConnection,
    entry: &Entry,
    is_removed: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query("delete from quarantine where id = ?")
        .bind(&entry.id)
        .execute(&mut *connection)
        .await?;
    if is_removed {
        return Ok(());
    }
    set_aside(connection, entry, false).await
}

/// Takes down the name that a container has by now.
pub async fn call(
    connection: &mut SqliteConnection,
    entry: &Entry,
    name: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("update containers set name = ? where engine_id = ? and docker_id = ?")
        .bind(name)
        .bind(&entry.engine_id)
        .bind(&entry.docker_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Sets aside what is kept aside, and nothing else that is there: whatever was swapped or restored meanwhile,
/// no container is hidden without an entry, and none is on two lists.
pub async fn set_right(db: &Db) -> Result<(), sqlx::Error> {
    let wrong: bool = sqlx::query_scalar(
        "select exists (select 1 from containers c where c.gone_at is null and c.set_aside <> exists
         (select 1 from quarantine q where q.engine_id = c.engine_id and q.docker_id = c.docker_id))",
    )
    .fetch_one(db.read())
    .await?;
    if !wrong {
        return Ok(());
    }
    // An entry and its mark are written together, so that one statement sees both or neither.
    sqlx::query(
        "update containers set set_aside = exists (select 1 from quarantine q
         where q.engine_id = containers.engine_id and q.docker_id = containers.docker_id)
         where gone_at is null",
    )
    .execute(db.write())
    .await?;
    Ok(())
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

impl Entry {
    /// It stays where it is, whoever asked for something; with what was in the way.
    pub fn stay(mut self, trouble: Option<String>) -> Self {
        (self.phase, self.ending) = (Phase::Kept, None);
        (self.asker, self.asker_operation_id) = (None, None);
        self.volumes = Vec::new();
        self.trouble = trouble;
        self
    }
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
            asker_operation_id: row.asker_operation_id,
            volumes: serde_json::from_str(&row.volumes).unwrap_or_default(),
            engine_identity: row.engine_identity,
            trouble: row.trouble,
            vanished_at: row.vanished_at,
            row_id: row.row_id,
            lives: row.lives,
            strayed: row.strayed,
        }
    }
}
