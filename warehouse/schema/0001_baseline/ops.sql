-- ops: what the nightly run did. Written by the steps, read by the operator and by the pages of
-- the night.
create schema if not exists ops;

-- Grain: finding of a judged file (the receipt, as rows).
create table if not exists ops.finding (
    submission_sha256 text not null references raw.submission,
    finding_no        integer not null,
    rule              text not null,
    severity          text not null check (severity in ('error', 'warning')),
    place             text not null,
    value             text not null,
    message_th        text not null,
    message_en        text not null,
    action_th         text not null,
    action_en         text not null,
    agency            text not null default '',
    fiscal_year       text not null default '',
    primary key (submission_sha256, finding_no)
);

-- Grain: withdrawal of a submission. History: a file received again later counts again, this row
-- stays.
create table if not exists ops.withdrawal (
    submission_sha256 text not null references raw.submission,
    withdrawn_at      timestamptz not null,
    reason            text not null,
    primary key (submission_sha256, withdrawn_at)
);

-- Grain: build whose tables are there: the candidate, the one that `mart` shows, the one that it
-- showed before; each in the schema of that name.
create table if not exists ops.build (
    schema_name   text primary key check (schema_name in ('candidate', 'published', 'retired')),
    build_id      text not null,
    inputs_sha256 text not null,
    -- the submissions, the reference data and the models that went in
    inputs        jsonb not null,
    -- fiscal year, or "registry" -> hash of its files
    years         jsonb not null default '{}',
    -- years before it are taken over from the published build; 0: none is
    first_year    integer not null default 0,
    state         text not null check (
        state in ('building', 'built', 'audited', 'failed', 'published')
    ),
    built_at      timestamptz not null
);
-- the table of item scores of the years before first_year
alter table ops.build add column if not exists kept_item_scores text;

-- The item scores of years that stay, in tables that builds share (publish/item_scores.py).
create schema if not exists item_scores;

-- Grain: publication. The newest row is what `mart` shows.
create table if not exists ops.publication (
    publication_no bigint generated always as identity primary key,
    build_id       text not null,
    published_at   timestamptz not null,
    inputs_sha256  text not null,
    inputs         jsonb not null,
    counts         jsonb not null,                     -- rows of each mart view
    git_revision   text not null
);

-- Warehouses set up before had two schemas of builds, and took turns.
do $$
declare
    shown text;
begin
    if to_regclass('ops.candidate') is not null then
        select schema_name into shown from ops.publication order by publication_no desc limit 1;
        if shown is not null then
            execute format('alter schema %I rename to published', shown);
        end if;
        drop schema if exists build_a cascade;
        drop schema if exists build_b cascade;
        drop table ops.candidate;
        alter table ops.publication drop column schema_name;
    end if;
end
$$;

-- Grain: gate × subject (a build, or the submissions that one loads) × check: the last judgement.
create table if not exists ops.check_result (
    build_id         text not null,
    gate             text not null check (gate in ('submissions', 'candidate')),
    check_name       text not null,
    severity         text not null check (severity in ('critical', 'warning')),
    success          boolean not null,
    unexpected_count bigint not null default 0,
    sample           jsonb not null default '[]',
    who_fixes        text not null default '',
    message_th       text not null,
    message_en       text not null,
    checked_at       timestamptz not null,
    primary key (build_id, gate, check_name)
);

-- Grain: failed try of a task, written by Airflow's failure callback.
create table if not exists ops.failure (
    failure_no bigint generated always as identity primary key,
    failed_at  timestamptz not null,
    dag_id     text not null,
    run_id     text not null,
    task_id    text not null,
    try_number integer not null,
    exit_code  integer,
    message    text not null
);

-- Grain: agency × year that the waiting candidate changes: its score (or level), only its rank,
-- or whether it is there at all.
create table if not exists ops.change_preview (
    build_id             text not null,
    agency_id            text not null,
    fiscal_year          integer not null,
    change               text not null check (change in ('new', 'gone', 'score', 'rank')),
    overall_before       numeric,
    overall_after        numeric,
    level_before         text,
    level_after          text,
    national_rank_before bigint,
    national_rank_after  bigint,
    province_rank_before bigint,
    province_rank_after  bigint,
    primary key (build_id, agency_id, fiscal_year)
);

-- Grain: build that was held for a person, and who let it pass.
create table if not exists ops.approval (
    build_id    text primary key,
    approved_at timestamptz not null,
    approved_by text not null
);
