-- Accounts with a second factor and a sign-on from elsewhere, sessions that can be listed and ended, and
-- secrets that are sealed. A column that ends in _sealed holds bytes that only the installation's key opens.

-- Sessions from before named no address and had no signature; whoever is signed in signs in again.
drop table sessions;

-- A password may now be missing: who signs in elsewhere has none here.
create table users_new (
    id text primary key,
    -- Compared without case, so that "Ann" and "ann" are one person.
    username text not null unique collate nocase,
    -- A PHC string: algorithm, parameters, salt and hash. Null: signs in elsewhere only.
    password_hash text,
    role text not null check (role in ('admin', 'viewer')),
    created_at integer not null,
    -- Null: nobody of this name signed in yet.
    last_sign_in_at integer,
    -- The shared secret of one-time codes; set while a second factor is being set up, too.
    totp_sealed blob,
    -- When the first code was right; null: codes are not asked for.
    totp_since integer,
    -- The time step of the last code that was taken: it and all before it are used up.
    totp_last_step integer not null default 0
) strict;
insert into users_new (id, username, password_hash, role, created_at)
select id, username, password_hash, role, created_at from users;
drop table users;
alter table users_new rename to users;

create table sessions (
    id text primary key,
    user_id text not null references users (id) on delete cascade,
    created_at integer not null,
    -- Over at this time, used or not.
    expires_at integer not null,
    -- To the minute; a session that is not used for long is over.
    last_seen_at integer not null,
    -- Where it was opened from; null where that is not known.
    address text,
    -- What the browser called itself.
    agent text,
    -- The issuer whose sign-on opened it; null: a password did.
    signed_on text
) strict;
create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);

-- What signs the sessions' tokens. The newest signs, all of them verify.
create table signing_keys (
    id text primary key,
    key_sealed blob not null,
    created_at integer not null
) strict;

-- Each opens the second factor once, when the device is lost.
create table recovery_codes (
    user_id text not null references users (id) on delete cascade,
    code_hash blob not null,
    primary key (user_id, code_hash)
) strict, without rowid;

-- Who somebody is to a sign-on provider. A name or an address there proves nothing: it can change hands.
create table identities (
    issuer text not null,
    subject text not null,
    user_id text not null references users (id) on delete cascade,
    created_at integer not null,
    primary key (issuer, subject)
) strict, without rowid;
create index identities_by_user on identities (user_id);

-- To the minute; null: never.
alter table api_tokens add column last_used_at integer;
-- Who made it; null: the command line.
alter table api_tokens add column created_by text;

-- Single sign-on by OpenID Connect; off while there is no issuer.
alter table settings add column oidc_issuer text;
alter table settings add column oidc_client_id text;
alter table settings add column oidc_client_secret_sealed blob;
-- What the sign-in page calls it.
alter table settings add column oidc_name text;
-- The claim whose values decide about the role, and the values that do, separated by commas.
alter table settings add column oidc_role_claim text;
alter table settings add column oidc_admin_values text;
alter table settings add column oidc_viewer_values text;
