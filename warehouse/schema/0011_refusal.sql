-- Grain: refusal by a person. A refused build is not shown, unless somebody approves it later;
-- registry rows that waited are rejected.
create table ops.refusal (
    subject text not null,                         -- build_id, or the SHA-256 of a registry's file
    refused_at timestamptz not null,
    refused_by text not null,
    reason text not null check (length(reason) between 1 and 2000),
    primary key (subject, refused_at)
);
