-- The event log: what happened, chained row by row, and found by its words.

create table event_log (
    -- When it first happened in Unix milliseconds, shifted left by 20, and the low 20 bits of `number`:
    -- the order of lists, of time filters and of pages is this one key.
    key integer primary key,
    -- The order of writing, which is the order of the chain. It has gaps: a repetition takes one, too.
    number integer not null unique,
    -- The number of its last change; `number` itself while it was not repeated.
    revision integer not null,
    -- 0 info, 1 warning, 2 error.
    severity integer not null,
    -- 0 engine, 1 container, 2 access, 3 settings, 4 project, 5 system.
    source integer not null,
    kind text not null,
    message text not null,
    -- No references: the log outlives what it speaks of.
    workload_id text,
    container_id text,
    proxy_id text,
    operation_id text,
    -- A JSON object.
    details text not null,
    count integer not null default 1,
    last_ts integer not null,
    -- HMAC-SHA256 over the hash of the row before it and all of this row but `revision`, `count` and
    -- `last_ts`.
    hash blob not null
) strict;
-- Each of these ends in the key, so that a page of one severity of one source is one range of it.
create index event_log_by_kind on event_log (severity, source);
create index event_log_by_workload on event_log (workload_id, severity, source) where workload_id is not null;
create index event_log_by_container on event_log (container_id) where container_id is not null;
create index event_log_by_operation on event_log (operation_id) where operation_id is not null;
create index event_log_repeated on event_log (revision) where revision > number;

-- The words of each row, in every language that the pages speak, and what it is filtered by as words
-- beside them, so that a rare filter and a frequent word meet without a scan. `rowid` is the row's key.
create virtual table event_words using fts5 (
    words, facets,
    content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2"
);

-- What the chain hangs on.
create table event_chain (
    id integer primary key check (id = 1),
    -- What makes the hashes, so that they cannot be made without the installation's key.
    key_sealed blob not null,
    -- The last number that was given.
    last_number integer not null,
    -- The hash of the newest row.
    head_hash blob not null,
    -- The row before the oldest one: the last that was pruned.
    anchor_number integer not null,
    anchor_hash blob not null,
    -- HMAC over the two above.
    anchor_proof blob not null,
    -- Bytes of text in all rows.
    bytes integer not null
) strict;

-- What has begun and is not over, so that each is told once, whoever restarts in between.
create table event_spells (
    kind text not null,
    subject text not null,
    -- Unix milliseconds.
    since integer not null,
    primary key (kind, subject)
) strict, without rowid;

-- A limit on the text of the log; null: none.
alter table settings add column event_max_bytes integer;

-- Whose end was told: `started_at` of the last run whose death is in the log, or was none to tell.
alter table containers add column died_run integer;
-- 1 where that death was seen by looking, so that the engine's own word of it may still come.
alter table containers add column death_owed integer not null default 0;
