-- What a login sees is decided when its query is planned, and the plan holds nothing of the rest
-- (docs/decisions/0004, 0008). Locks of ours are tables of the owner's: advisory locks are
-- everybody's.

-- Grain: one row. The number of the build that `mart` shows: publish/views.py.
create table if not exists access.shown (
    only_row boolean primary key default true check (only_row),
    build_no bigint not null
);

-- These two are stable in truth. They are called immutable so that the planner asks them, puts the
-- answer in the plan and drops every branch of a view of mart that is not this reader's: a branch
-- that is planned shows in EXPLAIN what the statistics of hidden rows say. Nothing else may call
-- them. What makes it true enough: a publication renames schemas, which ends every cached plan, and
-- row security on access.role_scope makes a plan that reads it one of its role alone.
create or replace function access.plans_for_headquarters() returns boolean
language sql immutable parallel safe
begin atomic
    select access.sees_all(current_user);
end;

create or replace function access.is_shown(build bigint) returns boolean
language sql immutable parallel safe security definer
begin atomic
    select exists (select from access.shown as s where s.build_no = $1);
end;

revoke all on function access.plans_for_headquarters(), access.is_shown(bigint) from public;
alter function access.sees_all(name) parallel safe;
alter function access.provinces_of(name) parallel safe;
alter table access.role_scope enable row level security;

-- Locks: nothing is ever in these tables. Whoever works holds one of them, in a transaction.
create table if not exists ops.step_lock ();
create table if not exists ops.refresh_lock ();
create table if not exists ops.airflow_lock ();
create table if not exists ops.access_lock ();

-- Rows of each view of mart, counted when the build was: a publication has no time for it.
alter table ops.build add column if not exists counts jsonb not null default '{}';

-- Grain: thing that a login did and that was ended or undone, so that the night and others go on.
create table if not exists ops.interference (
    interference_no bigint generated always as identity primary key,
    noted_at        timestamptz not null,
    role_name       text not null,
    pid             integer,               -- of the session that was ended; null: none was
    reason_th       text not null,
    reason_en       text not null
);
create index if not exists interference_of_session on ops.interference (role_name, pid);

-- Grain: table of item scores of years that stay (publish/item_scores.py), and what went into it.
create table if not exists ops.kept_item_scores (
    table_no      bigint generated always as identity primary key,
    before_year   integer not null,
    inputs_sha256 text not null,
    table_name    text generated always as ('item_scores.kept_' || table_no) stored
);
