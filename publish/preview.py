"""What a publication would change, shown before it happens; and the rule that makes a person look
first."""

from collections.abc import Callable
from datetime import UTC, datetime

import psycopg

from publish import candidate as candidates
from publish import rollback
from warehouse.errors import BadInput

# Every agency-year whose score, level or rank the candidate changes. `new` was not published
# before, `gone` would no longer be.
CHANGES = """
    insert into ops.change_preview (
        build_id, agency_id, fiscal_year, change, overall_before, overall_after, level_before,
        level_after, national_rank_before, national_rank_after, province_rank_before,
        province_rank_after)
    select %(build_id)s, agency_id, fiscal_year,
           case when b.agency_id is null then 'new' when a.agency_id is null then 'gone'
                when (b.overall_score, b.level_code)
                    is distinct from (a.overall_score, a.level_code) then 'score'
                else 'rank' end,
           b.overall_score, a.overall_score, b.level_code, a.level_code, b.national_rank,
           a.national_rank, b.province_rank, a.province_rank
    from (select agency_id, fiscal_year, s.overall_score, level_code, national_rank,
                 province_rank
          from published.assessment as s
          left join published.national_ranking using (agency_id, fiscal_year)
          left join published.provincial_ranking using (agency_id, fiscal_year)) as b
    full join
         (select agency_id, fiscal_year, s.overall_score, level_code, national_rank,
                 province_rank
          from candidate.assessment as s
          left join candidate.national_ranking using (agency_id, fiscal_year)
          left join candidate.provincial_ranking using (agency_id, fiscal_year)) as a
    using (agency_id, fiscal_year)
    where (b.overall_score, b.level_code, b.national_rank, b.province_rank)
          is distinct from (a.overall_score, a.level_code, a.national_rank, a.province_rank)"""

# Fiscal years in which more agency-years that are published change than the reference data let pass
# unseen.
TOO_MANY = """
    select fiscal_year, published.agency_years, changed.agency_years as changed
    from (select fiscal_year, count(*) as agency_years
          from published.assessment group by fiscal_year) as published
    join (select fiscal_year, count(*) as agency_years from ops.change_preview
          where build_id = %(build_id)s and change in ('gone', 'score')
          group by fiscal_year) as changed using (fiscal_year)
    join candidate.publication_rule as share using (fiscal_year)
    join candidate.publication_rule as least using (fiscal_year)
    where share.rule = 'hold_above_share' and least.rule = 'hold_from_agency_years'
      and changed.agency_years > share.value * published.agency_years
      and changed.agency_years >= least.value
    order by fiscal_year"""


def write(connection: psycopg.Connection, candidate: dict) -> int:
    """Fill ops.change_preview for the candidate (a row of candidate.to_audit); give the number of
    agency-years that change.

    Nothing is published yet: nothing changes.
    """
    with connection.transaction():
        connection.execute("delete from ops.change_preview")
        if not candidate["published"]:
            return 0
        return connection.execute(CHANGES, {"build_id": candidate["build_id"]}).rowcount


def hold(connection: psycopg.Connection, candidate: dict) -> None:
    """Raise BadInput if so much changes that a person must look first, which is written down in
    ops.build, or a build was taken back (publish/rollback.py), and none has approved this build
    since."""
    build_id, back = candidate["build_id"], rollback.held(connection)
    approved = connection.execute(
        "select 1 from ops.approval where build_id = %s and approved_at > %s",
        [build_id, back["at"] if back else datetime.min.replace(tzinfo=UTC)],
    ).fetchone()
    if approved:
        return
    if back:
        raise BadInput(
            f"publication of {build_id} is held for a person: {back['by']} took"
            f" {back['build_id']} back ({back['reason']})",
            f"look at ops.change_preview, then `ita approve {build_id} --by NAME` for this build,"
            " or `ita release --by NAME` for whatever comes; then `ita refresh`",
        )
    if not candidate["published"]:
        return
    years = connection.execute(TOO_MANY, {"build_id": candidate["build_id"]}).fetchall()
    if years:
        said = "; ".join(
            f"FY{year}: {changed} of {published} published agency-years"
            for year, published, changed in years
        )
        connection.execute(
            "update ops.build set held_for = %s where schema_name = 'candidate'", [said]
        )
        raise BadInput(
            f"publication of {candidate['build_id']} is held for a person: it changes {said}",
            f"look at ops.change_preview, then `ita approve {candidate['build_id']} --by NAME` "
            "and `ita refresh`, or withdraw what is wrong",
        )


# Of a person's two words the last counts, also where the clock was set back between them.
APPROVE = """
    insert into ops.approval (build_id, approved_by, approved_at)
    values (%(build_id)s, %(who)s, greatest(
        %(at)s,
        (select max(refused_at) + interval '1 microsecond' from ops.refusal
         where subject = %(build_id)s),
        (select held_at + interval '1 microsecond' from ops.rollback where released_at is null)))
    on conflict (build_id)
        do update set approved_at = excluded.approved_at, approved_by = excluded.approved_by"""
REFUSE = """
    insert into ops.refusal (subject, refused_by, reason, refused_at)
    values (%(build_id)s, %(who)s, %(reason)s, greatest(
        %(at)s, (select approved_at from ops.approval where build_id = %(build_id)s)))"""


def approve(connection: psycopg.Connection, build_id: str, who: str, at: datetime) -> None:
    """Let a held build be published, also one that was refused; kept for the record. Raises
    BadInput if no candidate has that id."""
    _must_be_audited(connection, build_id)
    connection.execute(APPROVE, {"build_id": build_id, "at": at, "who": who})


def refuse(
    connection: psycopg.Connection,
    build_id: str,
    who: str,
    reason: str,
    at: datetime,
    record: Callable[[], None] = lambda: None,
) -> bool:
    """Let a candidate not be shown: neither now nor in a later night, until its inputs change or
    somebody approves it after all. False where it is refused already.

    record: writes it down beside the archive, just before the commit. Raises BadInput if no
    candidate has that id.
    """
    _must_be_audited(connection, build_id)
    if candidates.refused(connection):
        return False
    with connection.transaction():
        connection.execute(REFUSE, {"build_id": build_id, "at": at, "who": who, "reason": reason})
        record()
    return True


def _must_be_audited(connection: psycopg.Connection, build_id: str) -> None:
    if not connection.execute(
        """
        select 1 from ops.build
        where schema_name = 'candidate' and build_id = %s and state = 'audited'""",
        [build_id],
    ).fetchone():
        raise BadInput(f"{build_id} is no audited candidate", "see ops.build")
