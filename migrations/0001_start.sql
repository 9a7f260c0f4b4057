-- Times are integer Unix milliseconds in UTC, unless a column says otherwise.
-- Ids in text are UUIDv7; they are what the API shows.

-- The one row of settings. Null means: derived from something else, or not set.
create table settings (
    id integer primary key check (id = 1),
    stats_interval_secs integer not null default 30,
    stale_threshold_days integer not null default 7,
    stale_scan_interval_secs integer,
    event_retention_days integer not null default 30,
    -- How long samples are kept, in days.
    stats_retention integer not null default 30,
    deploy_history_limit integer not null default 50,
    proxy_check_interval_secs integer not null default 30,
    public_url text,
    language text
) strict;
insert into settings (id) values (1);

create table users (
    id text primary key,
    -- Compared without case, so that "Ann" and "ann" are one person.
    username text not null unique collate nocase,
    -- A PHC string: algorithm, parameters, salt and hash.
    password_hash text not null,
    role text not null check (role in ('admin', 'viewer')),
    created_at integer not null
) strict;

-- The token itself is only with its owner; the hash finds the row.
create table sessions (
    id text primary key,
    user_id text not null references users (id) on delete cascade,
    token_hash blob not null unique,
    created_at integer not null,
    expires_at integer not null
) strict;
create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);

create table api_tokens (
    id text primary key,
    name text not null unique,
    role text not null check (role in ('admin', 'viewer')),
    token_hash blob not null unique,
    created_at integer not null,
    -- Null: it does not expire.
    expires_at integer
) strict;

create table engines (
    id text primary key,
    name text not null unique,
    url text not null unique,
    -- What it was when we last spoke to it; null while we never did.
    version text,
    api_version text,
    cgroup text,
    last_seen_at integer,
    created_at integer not null
) strict;

create table projects (
    id text primary key,
    name text not null unique,
    created_at integer not null
) strict;

-- What is deployed at one stage of one project.
create table workloads (
    id text primary key,
    project_id text not null references projects (id) on delete cascade,
    stage text not null,
    source text not null check (source in ('discovered', 'image', 'compose')),
    created_at integer not null,
    unique (project_id, stage)
) strict;

-- One row a slot: the place that a container fills in its workload. A recreated container takes over
-- the row of the one before it, and with it the id and the history.
create table containers (
    -- The key of the samples: small, because every sample carries it, and never given twice. Slot 0 is
    -- never a container.
    slot integer primary key autoincrement check (slot > 0),
    id text not null unique,
    engine_id text not null references engines (id) on delete cascade,
    workload_id text not null references workloads (id) on delete cascade,
    service text not null,
    number integer not null,
    docker_id text not null,
    name text not null,
    image text not null,
    image_id text,
    -- As the engine says it, so that a state that we do not know yet is not lost.
    status text not null,
    health text,
    exit_code integer,
    oom_killed integer,
    restarts integer not null default 0,
    ports text not null default '[]',
    labels text not null default '{}',
    created_at integer,
    started_at integer,
    finished_at integer,
    last_alive_at integer,
    -- When the engine no longer had it; null while it is there.
    gone_at integer,
    -- 1 where another container has the place that this one's labels name. It has no history of its
    -- own worth keeping, so the row goes when the container does.
    displaced integer not null default 0,
    unique (workload_id, service, number),
    unique (engine_id, docker_id)
) strict;
create index containers_by_presence on containers (gone_at, status);

-- One reading of one slot. `ts` is in Unix seconds and is the round's, not the reading's.
-- Null is "not read"; a memory limit of 0 is "unlimited".
-- Slot 0 holds the sum over all containers of a round, so that the fleet's chart costs one key range.
create table samples (
    slot integer not null,
    ts integer not null,
    cpu_percent real,
    memory_usage integer,
    memory_limit integer,
    network_rx integer,
    network_tx integer,
    block_read integer,
    block_write integer,
    primary key (slot, ts)
) strict, without rowid;
