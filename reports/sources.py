"""Which submissions a pack is made of, and the key that changes when they do."""

import psycopg
from psycopg.rows import dict_row

# The files that a pack is made of: content of the measures' year comes with the results of the
# year before.
FILES = """
    select agency_id, fiscal_year, kind, authority, submission_sha256, received_at from
    mart.current_submission
    union all
    select agency_id, fiscal_year - 1, kind || ' of the next year', authority, submission_sha256,
    received_at from mart.current_submission
    where kind in ('measures', 'constraints')"""

OWN_KEYS = f"""
    select a.agency_id, a.fiscal_year, coalesce(a.province_code, '00') as province_code,
        md5(concat_ws('|', a.name_th, a.agency_type, a.province_code, files.files)) as own_key
    from mart.assessment a
    join (select agency_id, fiscal_year, string_agg(concat_ws(' ', kind, authority,
    submission_sha256, received_at), ',' order by kind, authority) as files
          from ({FILES}) f
          where %(agency)s::text is null or agency_id = %(agency)s
          group by agency_id, fiscal_year) as files using (agency_id, fiscal_year)
    order by a.fiscal_year, 3, a.agency_id"""  # noqa: S608 a query of ours


def own_keys(connection: psycopg.Connection, agency_id: str | None = None) -> list[dict]:
    """agency_id, fiscal_year, province_code ("00" central), own_key of every agency and year with
    scores, or of one agency; own_key changes when its own data do."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(OWN_KEYS, {"agency": agency_id}).fetchall()
