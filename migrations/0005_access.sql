-- Who is behind what lets somebody in, and since when.

-- The user who made a token, or who made the token that made it; null: the command line. `created_by` is
-- only the name that was known then. It is no reference: the program ends the tokens of somebody who goes
-- by itself, so that it can tell of each.
alter table api_tokens add column owner_id text;
update api_tokens set owner_id = (select id from users where username = api_tokens.created_by);
update api_tokens set owner_id =
    (select maker.owner_id from api_tokens as maker where maker.name = api_tokens.created_by)
where owner_id is null and created_by is not null;

-- When the secret in `totp_sealed` was made, in Unix milliseconds: one that no code has confirmed is of no
-- more use a while later. Null: no secret, or one from before this was kept, which counts as too old.
alter table users add column totp_begun_at integer;
