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

-- The volumes of the index of words. The words of each row, in every language that the pages speak, stand in the
-- volume that was the newest when it was written, in a table of FTS5 of its own, `event_words_` and the number, and
-- beside them what it is filtered by as words, so that a rare filter and a frequent word meet without a scan. Its
-- `rowid` is the row's key. What is pruned stays there until the volume goes as a whole.
create table event_volumes (
    number integer primary key,
    lines integer not null,
    -- Where in the order of lists its lines are.
    oldest_key integer not null,
    newest_key integer not null,
    -- The last of its lines in the order of writing: when that is pruned, all are.
    last_number integer not null
) strict;

-- What the chain hangs on.
create table event_chain (
    id integer primary key check (id = 1),
    -- What makes the hashes, so that they cannot be made without the installation's key.
    key_sealed blob not null,
    -- The last number that was given.
    last_number integer not null,
    -- The hash of the newest row.
    head_hash blob not null,
    -- HMAC over the two above.
    head_proof blob not null,
    -- The row before the oldest one: the last that was pruned.
    anchor_number integer not null,
    anchor_hash blob not null,
    -- HMAC over the two above.
    anchor_proof blob not null,
    -- Bytes of text in all rows.
    bytes integer not null
) strict;

-- What time it was last believed to be, in Unix milliseconds, so that a wrong clock and a restart take no line away.
create table event_clock (
    id integer primary key check (id = 1),
    believed_at integer not null
) strict;

-- What has begun and is not over, so that each is told once, whoever restarts in between.
create table event_spells (
    kind text not null,
    subject text not null,
    -- Unix milliseconds.
    since integer not null,
    primary key (kind, subject)
) strict, without rowid;

-- What is left for whoever writes the log, together with what it tells of, and taken away together with the
-- line that it becomes. An id is never given twice, so that what was taken in is known by the last one.
create table event_outbox (
    id integer primary key autoincrement,
    at integer not null,
    -- JSON.
    report text not null
) strict;

-- A limit on the text of the log; null: none.
alter table settings add column event_max_bytes integer;

-- 0 until it was inspected once: what ended before that is history and is not told; 2 where the last inspection
-- found it about to be started again.
alter table containers add column looked_at integer not null default 0;
-- `started_at` of the last run whose end is accounted for.
alter table containers add column died_run integer;
-- 1 where that end was seen by looking, so that the engine's own word of it may still come.
alter table containers add column death_owed integer not null default 0;
-- The engine's time (Unix nanoseconds) of the last event that is accounted for.
alter table containers add column heard_nano integer;
-- How many earlier ends were told by looking and may still be heard of, and the engine's time (Unix
-- milliseconds) of the last of what looking told.
alter table containers add column deaths_owed_before integer not null default 0;
alter table containers add column told_to integer;
update containers set looked_at = 1,
    died_run = case when status not in ('running', 'paused') then started_at end;

-- The engine's time (Unix nanoseconds) of the last event that was taken in, from which its events go on
-- after a gap; null: none was.
alter table engines add column heard_nano integer;
-- Unix milliseconds: until when its containers were followed; null: never.
alter table engines add column followed_at integer;
