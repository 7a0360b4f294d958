-- The counter's tables: the owner's. What a session sees of them and may do is decided by the
-- functions that the role ita_counter may call (counter/functions, counter/role.py).
create schema counter;

-- Grain: agency. What ITA_HOME/access/contacts.csv says, read again when the file changes.
create table counter.contact (
    agency_id text primary key,
    address text not null
);

-- Grain: person of a province or of headquarters, as ITA_HOME/access/logins.csv says.
create table counter.person (
    person_name text primary key,
    province_code text,                            -- null: headquarters
    address text
);

-- Grain: one-time link or letter.
create table counter.ticket (
    ticket_sha256 text primary key check (ticket_sha256 ~ '^[0-9a-f]{64}$'),
    kind text not null check (kind in ('link', 'letter')),
    agency_id text,
    person_name text,
    made_at timestamptz not null,
    made_by text not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    check (num_nonnulls(agency_id, person_name) = 1)
);
create index ticket_of_agency on counter.ticket (agency_id);

-- Grain: session. Its token is nowhere but in the browser.
create table counter.session (
    session_sha256 text primary key check (session_sha256 ~ '^[0-9a-f]{64}$'),
    agency_id text,
    person_name text,
    began_at timestamptz not null,
    ends_at timestamptz not null,
    check (num_nonnulls(agency_id, person_name) = 1)
);

-- Grain: try to sign in that failed, or link that was asked for; what: whom it was for or whence it
-- came, hashed.
create table counter.attempt (
    what text not null,
    attempted_at timestamptz not null
);
create index attempt_of on counter.attempt (what, attempted_at);

-- Grain: file that was looked at on the counter. Handed in only where handed_in_at is set.
create table counter.upload (
    upload_id text primary key check (upload_id ~ '^[0-9a-f]{32}$'),
    agency_id text not null,
    file_name text not null,
    submission_sha256 text not null,
    size_bytes bigint not null,
    uploaded_at timestamptz not null,
    uploaded_by text not null,
    state text not null default 'waiting' check (state in ('waiting', 'judged', 'failed')),
    receipt jsonb,
    marked bytea,
    handed_in_at timestamptz,
    landed_at timestamptz,                         -- it lies in the inbox
    landed_note text,
    withdrawal_asked_at timestamptz,
    withdrawn_at timestamptz
);
create index upload_of_agency on counter.upload (agency_id, uploaded_at);
create index upload_of_file on counter.upload (submission_sha256);

-- Grain: thing that was done for an agency on the counter.
create table counter.event (
    event_no bigint generated always as identity primary key,
    agency_id text not null,
    happened_at timestamptz not null,
    by_whom text not null,
    what text not null check (
        what in (
            'signed_in', 'handed_in', 'withdrawn', 'withdrawal_refused', 'asked', 'answered',
            'letter', 'contact'
        )
    ),
    detail text not null default ''
);
create index event_of_agency on counter.event (agency_id, event_no);

-- Grain: question or dispute about a figure of mart: its address, and its value when it was asked.
create table counter.question (
    question_no bigint generated always as identity primary key,
    agency_id text not null,
    fiscal_year integer not null,
    figure text not null,                          -- overall, iit, …, indicator:9, item:e3:public
    shown text not null,
    kind text not null check (kind in ('question', 'dispute')),
    asked_at timestamptz not null,
    asked_by text not null,
    question_th text not null check (length(question_th) between 1 and 4000),
    answered_at timestamptz,
    answered_by text,
    answer_th text check (length(answer_th) between 1 and 4000)
);
create index question_of_agency on counter.question (agency_id);

-- Grain: decision of headquarters about a held build or waiting registry rows.
create table counter.decision (
    decision_no bigint generated always as identity primary key,
    subject text not null,                         -- build_id or SHA-256
    verdict text not null check (verdict in ('approve', 'refuse')),
    reason text not null check (length(reason) between 1 and 2000),
    decided_at timestamptz not null,
    decided_by text not null,
    done_at timestamptz,
    outcome text
);

create index agency_by_id on raw.agency (agency_id);
create index unit_of_agency on raw.unit (agency_id);
create index progress_of_agency on raw.progress (agency_id);
