-- raw: what was received and accepted, kept for ever, untouched by dbt.
-- Written by `ita receive` (submission) and `ita load` (all else); idempotent by submission_sha256.
create schema if not exists raw;

-- Grain: one received file. received_seq orders arrivals; a file sent again after a rejection or
-- a withdrawal gets a new one.
create table if not exists raw.submission (
    submission_sha256 text primary key check (submission_sha256 ~ '^[0-9a-f]{64}$'),
    file_name         text not null,                    -- path below landing/, as it came
    authority         text not null check (authority in ('nacc', 'agency')),
    -- long_table, wide_table, template, document, json, registry; null until judged or unreadable
    layout            text,
    received_at       timestamptz not null,
    received_seq      bigint generated always as identity,
    state             text not null check (
        state in ('received', 'accepted', 'accepted_with_warnings', 'rejected', 'withdrawn')
    ),
    agencies          integer not null default 0,       -- distinct agencies in its accepted units
    rows_read         bigint not null default 0,
    rows_accepted     bigint not null default 0,
    rows_rejected     bigint not null default 0,
    errors            integer not null default 0,
    warnings          integer not null default 0,
    check (rows_read = rows_accepted + rows_rejected)
);

-- Grain: submission × agency × fiscal year × kind of content, accepted ones only.
create table if not exists raw.unit (
    submission_sha256       text not null references raw.submission,
    agency_id               text not null,
    -- the year of that kind: results year for scores, measures year for measures
    fiscal_year             integer not null,
    kind                    text not null check (
        kind in ('scores', 'measures', 'progress', 'constraints')
    ),
    -- as a published document states them; kind = scores only
    published_province_rank integer,
    published_type_rank     integer,
    primary key (submission_sha256, agency_id, fiscal_year, kind)
);

-- Grain: submission × agency × year × level × code × part.
create table if not exists raw.score (
    submission_sha256 text not null,
    agency_id         text not null,
    fiscal_year       integer not null,
    -- overall, instrument, indicator, sub_indicator, item
    level             text not null,
    -- '' for overall, else IIT/EIT/OIT, 1–10, 9.1…, i1…
    code              text not null default '',
    part              text not null default '',         -- public, survey or ''
    score             numeric not null,                 -- 0–100, exact
    rating            text,                             -- level code; overall rows only
    flagged           boolean not null default false,   -- the assessor flags the item
    source_place      text                              -- where in the file it stood
);

-- Grain: submission × agency × results year × remark.
create table if not exists raw.remark (
    submission_sha256 text not null,
    agency_id         text not null,
    fiscal_year       integer not null,
    remark_no         integer not null,
    item_code         text,
    part              text,
    topic_no          integer,
    remark_th         text not null,
    source_place      text
);

-- Grain: submission × agency × measures year × measure.
create table if not exists raw.measure (
    submission_sha256 text not null,
    agency_id         text not null,
    fiscal_year       integer not null,
    measure_no        integer not null,
    topic_no          integer,
    indicator_no      integer,
    item_codes        text[] not null default '{}',
    measure_th        text not null,
    steps_th          text,
    responsible_th    text,
    starts_on         date,
    ends_on           date,
    followup_th       text,
    source_place      text
);

-- Grain: submission × agency × measures year × measure × report.
create table if not exists raw.progress (
    submission_sha256 text not null,
    agency_id         text not null,
    fiscal_year       integer not null,
    measure_no        integer not null,
    as_of             date not null,                    -- last day of the period reported on
    result_th         text,
    due_on            date,
    completed_on      date,
    source_place      text
);

-- Grain: submission × agency × year × note.
create table if not exists raw.constraint_note (
    submission_sha256 text not null,
    agency_id         text not null,
    fiscal_year       integer not null,
    kind              text not null check (
        kind in ('staff', 'budget', 'technology', 'method', 'material')
    ),
    note_no           integer not null,
    note_th           text not null,
    source_place      text
);

-- Grain: submission × agency × valid_from: rows of agencies.csv files. The latest arrival wins
-- for each agency_id and valid_from.
create table if not exists raw.agency (
    submission_sha256 text not null,
    agency_id         text not null,
    name_th           text not null,
    agency_type       text not null,
    province_code     text,                             -- two digits, null for central agencies
    district_th       text,
    ministry_th       text,
    valid_from        integer not null,
    valid_to          integer,
    replaces          text[] not null default '{}',
    aliases           text[] not null default '{}'
);

create index if not exists score_submission on raw.score (submission_sha256);
-- a national file holds a year's scores side by side: a build of one year reads only those
create index if not exists score_year on raw.score using brin (fiscal_year);
-- judging asks for every agency's overall scores of other years
create index if not exists score_overall_of on raw.score (agency_id, fiscal_year)
    include (submission_sha256, score) where level = 'overall';
drop index if exists raw.score_overall;                -- of warehouses set up before
create index if not exists remark_submission on raw.remark (submission_sha256);
create index if not exists measure_submission on raw.measure (submission_sha256);
create index if not exists progress_submission on raw.progress (submission_sha256);
create index if not exists constraint_note_submission on raw.constraint_note (submission_sha256);
create index if not exists agency_submission on raw.agency (submission_sha256);
