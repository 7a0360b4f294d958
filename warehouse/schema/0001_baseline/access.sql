-- access: which role sees which provinces. Filled from publish/roles.csv by `ita up` and every
-- publication; read by the views of mart only.
create schema if not exists access;

-- Grain: role. province_codes null = the whole country.
create table if not exists access.role_scope (
    role_name name primary key,
    province_codes text[]
);

-- True if the user, or a role that the user holds, sees the whole country. The views hand in
-- current_user: no setting decides.
create or replace function access.sees_all(user_name name) returns boolean
language sql stable security definer set search_path = pg_catalog as $$
    select exists (
        select from access.role_scope
        where province_codes is null and pg_has_role(user_name, role_name, 'usage')
    )
$$;

-- The provinces that the user sees, over all roles held; empty for a user without any.
create or replace function access.provinces_of(user_name name) returns text[]
language sql stable security definer set search_path = pg_catalog as $$
    select coalesce(array_agg(code), '{}')
    from access.role_scope, unnest(province_codes) as code
    where pg_has_role(user_name, role_name, 'usage')
$$;

revoke all on function access.sees_all(name), access.provinces_of(name) from public;
