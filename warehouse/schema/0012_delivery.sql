-- What was sent to agencies and provinces (delivery/). No address is here: only a hash by which a
-- mended one is known.

-- Grain: run of `ita deliver` that may send. Where it was killed, ended_at stays null.
create table ops.delivery_run (
    run_no   bigint generated always as identity primary key,
    night    date not null,                            -- the day in Thailand
    began_at timestamptz not null,
    ended_at timestamptz,
    cause    text not null default '',                 -- why not all went out (sentences.csv)
    counts   jsonb not null default '{}',
    said_th  text not null default '',
    said_en  text not null default ''
);

-- Grain: message that was meant to be sent, written before it is.
create table ops.delivery (
    delivery_no   bigint generated always as identity primary key,
    message_key   text not null check (message_key ~ '^[0-9a-f]{32}$'),
    kind          text not null check (kind in ('agency', 'province')),
    recipient     text not null,                       -- agency_id or province_code
    name_th       text not null,
    province_code text not null,
    night         date not null,
    run_no        bigint not null references ops.delivery_run,
    meant_at      timestamptz not null,
    address_hash  text not null,                       -- '' for none
    told          jsonb not null default '{}',         -- what it said of a pack
    -- null: nobody knows whether it went out. known: never sent, its news were there before.
    -- later: surely not sent. again, drop: what a person decided of one that was null.
    outcome       text check (
        outcome in ('sent', 'refused', 'later', 'bounced', 'known', 'again', 'drop')
    ),
    outcome_at    timestamptz,
    note          text not null default '',            -- codes of SMTP, never its words
    decided_by    text,
    digest_no     bigint references ops.delivery       -- the province's digest that tells of it
);
-- One message a night, sent or perhaps sent.
create unique index delivery_of_night on ops.delivery (kind, recipient, night)
where outcome is null or outcome in ('sent', 'bounced', 'drop');
create index delivery_by_key on ops.delivery (message_key);
create index delivery_of_recipient on ops.delivery (recipient, delivery_no);
create index delivery_open on ops.delivery (delivery_no) where outcome is null;
create index delivery_untold on ops.delivery (province_code) where digest_no is null;
create index delivery_of_digest on ops.delivery (digest_no) where digest_no is not null;

-- Grain: thing that a message tells of (a pack as of what went into it, a receipt). At most one
-- message has it: this key is the promise.
create table ops.delivered (
    thing       text primary key,
    delivery_no bigint not null references ops.delivery
);
create index delivered_by_message on ops.delivered (delivery_no);

create table ops.deliver_lock ();

-- Grain: message between intent and outcome, but for those of the run that holds the lock: a person
-- says whether it is sent again.
create view ops.delivery_between as
select m.* from ops.delivery as m
where
    m.outcome is null and not (
        m.run_no = (select max(r.run_no) from ops.delivery_run as r)
        and exists (
            select from pg_locks as l
            where l.relation = 'ops.deliver_lock'::regclass
                and l.mode = 'ExclusiveLock' and l.granted
        )
    );
