-- Containers that nobody uses any more: what is known of them, who was told, what is kept aside, what is spared.

-- Days that a container is kept aside before it is removed.
alter table settings add column quarantine_days integer not null default 7;

-- 1 while it is in quarantine: it is on no list of its workload, and its place is free.
alter table containers add column set_aside integer not null default 0;

-- Time of the clock that did not go by, or during which nobody could watch: it makes nothing older.
create table unwatched (
    id integer primary key,
    -- The engine that did not answer; null where nobody watched anything.
    engine_id text references engines (id) on delete cascade,
    from_at integer not null,
    until_at integer not null check (until_at > from_at)
) strict;
create index unwatched_by_end on unwatched (until_at);

-- The last sign of life of the program itself, and when its machine had been started by the clock of then.
create table heartbeat (
    id integer primary key check (id = 1),
    beat_at integer not null,
    booted_at integer
) strict;

-- What the last scan saw of each container that did not run.
create table stale_evidence (
    engine_id text not null references engines (id) on delete cascade,
    docker_id text not null,
    -- When it was looked at.
    seen_at integer not null,
    -- 1 where the engine could not tell.
    failed integer not null default 0,
    -- The engine's words, as it wrote them: they name the last run.
    status text not null,
    started text not null,
    finished text not null,
    -- Bytes that it wrote itself; null where they were not counted.
    size_bytes integer,
    primary key (engine_id, docker_id)
) strict, without rowid;

-- The last scans.
create table stale_scans (
    id integer primary key,
    started_at integer not null,
    took_ms integer not null,
    engines integer not null,
    engines_unreachable integer not null,
    containers integer not null,
    stale integer not null,
    unknown integer not null,
    exempt integer not null,
    gone integer not null,
    -- The threshold that it went by: another one is worth another scan.
    threshold_days integer not null
) strict;

-- One row for each time that a container became stale, written together with the event that tells it.
create table stale_episodes (
    engine_id text not null references engines (id) on delete cascade,
    docker_id text not null,
    last_alive_at integer not null,
    began_at integer not null,
    primary key (engine_id, docker_id, last_alive_at)
) strict, without rowid;

-- What is kept aside. The row is there before the engine is asked for anything, so that what was left
-- half-way is finished or undone.
create table quarantine (
    id text primary key,
    -- No engine is forgotten while something is kept there.
    engine_id text not null references engines (id),
    docker_id text not null,
    -- Ours, and its workload's. No references: the places may be others' by now.
    container_id text not null,
    workload_id text not null,
    phase text not null check (phase in ('entering', 'kept', 'leaving', 'removing')),
    -- What it was called, and what it is called meanwhile.
    name text not null,
    kept_name text not null unique,
    -- Its restart policy, and how many tries that allows.
    policy text not null,
    retries integer not null,
    -- Its last run, in the engine's words.
    started text not null,
    finished text not null,
    image text not null,
    size_bytes integer,
    -- All that the engine said of it. Its environment is in there.
    inspect_sealed blob not null,
    -- The person.
    author text not null,
    operation_id text,
    since integer not null,
    until_at integer not null,
    -- Why it leaves: what was begun is undone, somebody wants it back, or it was started at the engine.
    ending text check (ending in ('undone', 'restored', 'started')),
    -- Who wants it back, or gone before its time, and with which request.
    asker text,
    asker_operation_id text,
    -- Names of volumes that are to go with it (JSON), and what their engine calls itself.
    volumes text not null default '[]',
    engine_identity text,
    -- Why the last try to remove or restore it failed.
    trouble text,
    -- Since when its engine does not have it; one that was swapped for a while brings it back.
    vanished_at integer,
    unique (engine_id, docker_id)
) strict;

-- What is never stale, and why.
create table exemptions (
    id text primary key,
    kind text not null check (kind in ('container', 'label', 'pattern')),
    value text not null,
    -- Where the value is a Docker id: the engine that has it.
    engine_id text,
    reason text not null,
    author text not null,
    created_at integer not null,
    -- Null: without an end.
    until_at integer
) strict;
