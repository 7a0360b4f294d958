"""What PostgreSQL lets every login do and ours need not: closed where our rights allow it.

Each thing is a statement that closes it; `open_doors` gives those that are still to be run. On a
server of somebody else's they are for its administrator: `ita status` and the runbook show them.
"""

import psycopg

# Functions of PostgreSQL's that everybody may call: counters and statistics that tell of rows that
# are hidden; locks, large objects, messages and signals that can stop others.
FUNCTIONS = (
    "^(pg_stat_get_|pg_stat_have|pg_lock_status|pg_blocking_pids|pg_safe_snapshot_blocking_pids"
    "|pg_(current|last)_wal|pg_walfile|pg_wal_|pg_split_walfile|pg_control_|pg_export_snapshot"
    "|lo_|loread|lowrite|pg_notify$|pg_logical_emit|pg_(try_)?advisory|pg_terminate_backend"
    "|pg_cancel_backend|pg_sequence_last_value|pg_prepared_xact|pg_get_replication_slots)"
)
OPEN = """
    select format('revoke execute on function %%s from public', p.oid::regprocedure)
    from pg_proc as p
    where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ %(functions)s
        and has_function_privilege('public', p.oid, 'execute')
    union all
    select format('revoke all on database %%I from public', datname)
    from pg_database
    where has_database_privilege('public', oid, 'connect') and datname <> 'template0'
    union all
    select 'revoke all on schema public from public'
    where has_schema_privilege('public', 'public', 'create')
        or has_schema_privilege('public', 'public', 'usage')
    union all
    select format('alter role %%I set temp_file_limit = %%L', r.rolname, '1GB')
    from pg_roles as r
    where r.rolname in (select role_name from access.role_scope) and r.rolname <> current_user
        and not coalesce(r.rolconfig, '{}') @> '{temp_file_limit=1GB}'
    union all
    select format('alter role %%I set log_min_duration_statement = 0', r.rolname)
    from pg_roles as r
    where r.rolname in (
            select role_name from access.role_scope union select role_name from access.login)
        and r.rolname not in (current_user, 'ita_pack')
        and not coalesce(r.rolconfig, '{}') @> '{log_min_duration_statement=0}'"""
# What an owner who is no superuser needs besides: what is taken from everybody (but not what
# PostgreSQL itself gives to superusers alone), to end readers' sessions, and a connection.
KEPT = """
    select format('grant execute on function %%s to %%I', p.oid::regprocedure, current_user)
    from pg_proc as p
    where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ %(functions)s
        and not (select rolsuper from pg_roles where rolname = current_user)
        and not exists (
            select from pg_init_privs as i
            where i.objoid = p.oid and i.classoid = 'pg_proc'::regclass)
        and not exists (
            select from aclexplode(p.proacl) as a
            where a.grantee = (select oid from pg_roles where rolname = current_user))
    union all
    select format(statement, current_user)
    from (values
        ('pg_signal_backend', 'grant pg_signal_backend to %%I'),
        ('pg_use_reserved_connections',
         'alter system set reserved_connections = 20; grant pg_use_reserved_connections to %%I')
    ) as kept (role_name, statement)
    where not (select rolsuper from pg_roles where rolname = current_user)
        and exists (select from pg_roles as r where r.rolname = kept.role_name)
        and not pg_has_role(current_user, kept.role_name::name, 'usage')"""


def close(connection: psycopg.Connection) -> None:
    """Run what our rights allow of the statements; the rest stays in `open_doors`."""
    for statement in _to_run(connection):
        try:
            with connection.transaction():
                connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            continue


def open_doors(connection: psycopg.Connection) -> list[str]:
    """The statements that the server's administrator still has to run, in this order; [] where all
    is closed."""
    kept = connection.execute(KEPT, {"functions": FUNCTIONS}).fetchall()
    return [*(row[0] for row in kept), *_to_run(connection)]


def _to_run(connection: psycopg.Connection) -> list[str]:
    return [row[0] for row in connection.execute(OPEN, {"functions": FUNCTIONS}).fetchall()]
