-- Grain: statement of a login (not the owner's, not the pack writer's), as the server logged it
-- (publish/query_log.py), or its try to log in that failed.
create table ops.query_log (
    logged_at   timestamptz not null,
    login       text not null,
    address     text not null default '',    -- where the client is; the door's for those beyond it
    application text not null default '',    -- as the client calls itself
    duration_ms numeric,                      -- null where it failed
    sqlstate    text not null default '',    -- '' where it did not
    error       text not null default '',
    statement   text not null default '',    -- without passwords
    parameters  text not null default '',
    session_id  text not null,
    line_no     bigint not null,
    primary key (session_id, line_no)
);
create index query_log_of_login on ops.query_log (login, logged_at);
create index query_log_by_time on ops.query_log using brin (logged_at);
