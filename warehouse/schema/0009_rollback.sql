-- Grain: build that a person took back. Until it is released nothing is published but a build that
-- somebody approves afterwards.
create table ops.rollback (
    build_id text not null,
    held_at timestamptz not null,
    held_by text not null,
    reason text not null,
    released_at timestamptz,
    released_by text,
    primary key (build_id, held_at)
);
create unique index rollback_active on ops.rollback ((true)) where released_at is null;

-- Two builds change places in one statement.
alter table ops.build drop constraint build_pkey;
alter table ops.build add primary key (schema_name) deferrable initially immediate;
