-- Who handed a file in and what that inbox may, as of its arrival (inboxes.csv); when it was seen.
alter table raw.submission
add column inbox text not null default '',         -- '' = the operator's own
add column registry text not null default 'counts'
check (registry in ('counts', 'waits', 'no')),
-- everybody, province:<code> or agency:<agency_id>
add column speaks_for text not null default 'everybody',
-- its name is an official export's, in an inbox that may not claim that
add column overclaims boolean not null default false,
-- when a night saw it; received_at is when it was handed in
add column seen_at timestamptz;
update raw.submission set seen_at = received_at;

-- A row that moves, closes, renames or replaces an agency with results, from an inbox whose
-- registry waits: it counts when a person has approved its file.
alter table raw.agency add column waits boolean not null default false;

-- Grain: submission whose waiting registry rows a person let count.
create table ops.registry_approval (
    submission_sha256 text not null references raw.submission,
    approved_at timestamptz not null,
    approved_by text not null,
    primary key (submission_sha256, approved_at)
);

-- Grain: what the last night could not read, or found to be not what it was.
create table ops.trouble (
    place text primary key,                            -- path below ITA_HOME
    kind text not null check (kind in ('landing', 'archive', 'record', 'judge')),
    serious boolean not null,                          -- false: it only waits
    message_th text not null,
    message_en text not null,
    seen_at timestamptz
);
