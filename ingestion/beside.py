"""What a file's receipt can say only when others are loaded: it is told after the load.

Official and agency figures of one agency, year and code that differ by more than 0.01, in both
receipts; and an overall score far from last year's where both years came in one night.
"""

from collections import defaultdict
from typing import NamedTuple

import psycopg

from ingestion import figure_names, judged_folder
from ingestion.judging import LISTED
from ingestion.judging.recomputed import JUMP
from ingestion.rules import finding, rules
from ingestion.submission import Finding
from warehouse import durable, settings
from warehouse.thai_places import in_thai

FILES_AT_ONCE = 500
# Files that came in the last week before the newest one judged: a step that was killed is made up
# for, and a usual night does not compare the archive. No clock and nothing that merely waits: a
# rebuild from the archive, where all has arrived before the first is judged, tells the same.
FRESH = """
    fresh as (
        select submission_sha256 from raw.submission
        where received_at > (
            select max(received_at) from raw.submission where state <> 'received'
        ) - interval '7 days'),
    latest as (
        select distinct on (u.agency_id, u.fiscal_year, s.authority)
               u.agency_id, u.fiscal_year, s.authority, u.submission_sha256
        from raw.unit as u join raw.submission as s using (submission_sha256)
        where u.kind = 'scores' and s.state in ('accepted', 'accepted_with_warnings')
        order by u.agency_id, u.fiscal_year, s.authority, s.received_at desc,
                 u.submission_sha256 desc)"""
DIFFERING = f"""
    with {FRESH},
    pair as materialized (
        select agency_id, fiscal_year, o.submission_sha256 as official,
               a.submission_sha256 as own
        from latest as o join latest as a using (agency_id, fiscal_year)
        where o.authority = 'nacc' and a.authority = 'agency'
          and (o.submission_sha256 in (select submission_sha256 from fresh)
               or a.submission_sha256 in (select submission_sha256 from fresh)))
    select p.agency_id, p.fiscal_year, p.official, p.own, count(*),
           (array_agg(concat_ws('.', coalesce(nullif(o.code, ''), 'overall'), nullif(o.part, ''))
                      || ' ' || trim_scale(o.score) || ' ≠ ' || trim_scale(a.score)
                      order by o.level = 'overall' desc, o.level = 'instrument' desc, o.code,
                               o.part))[1:5]
    from pair as p
    join raw.score as o on o.submission_sha256 = p.official
         and (o.agency_id, o.fiscal_year) = (p.agency_id, p.fiscal_year)
    join raw.score as a on a.submission_sha256 = p.own
         and (a.agency_id, a.fiscal_year) = (p.agency_id, p.fiscal_year)
         and (a.level, a.code, a.part) = (o.level, o.code, o.part)
    where abs(o.score - a.score) > 0.01
      and o.fiscal_year = any(array(select fiscal_year from pair))
      and a.fiscal_year = any(array(select fiscal_year from pair))
    group by p.agency_id, p.fiscal_year, p.official, p.own
    order by p.agency_id, p.fiscal_year"""  # noqa: S608 - our own text
JUMPING = f"""
    with {FRESH},
    overall as (
        select l.*, s.score
        from latest as l join raw.score as s using (submission_sha256, agency_id, fiscal_year)
        where s.level = 'overall'),
    counting as (
        select distinct on (agency_id, fiscal_year) agency_id, fiscal_year, score
        from overall order by agency_id, fiscal_year, authority = 'nacc' desc)
    select o.submission_sha256, o.agency_id, o.fiscal_year, o.score, before.score
    from overall as o
    join counting as before
         on before.agency_id = o.agency_id and before.fiscal_year = o.fiscal_year - 1
    where abs(o.score - before.score) > {JUMP}
      and o.submission_sha256 in (select submission_sha256 from fresh)
    order by o.agency_id, o.fiscal_year"""  # noqa: S608 - our own text


class _Key(NamedTuple):
    """A finding of a rule is told once for an agency and year."""

    rule: str
    agency: str
    fiscal_year: str


def tell(conn: psycopg.Connection) -> int:
    """Add the findings to `ops.finding` and the receipts of the files; in how many files.

    Killed at any point it can run again: what a receipt or the table has already is left.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    for agency_id, year, official, own, count, examples in _compared(conn, DIFFERING):
        shown, known = "; ".join(examples), {"agency": agency_id, "fiscal_year": str(year)}
        for sha256 in (official, own):
            other = own if sha256 == official else official
            details = {"expected": other[:12], "detail_th": f"{count:,}", "detail_en": f"{count:,}"}
            details["hint_th"] = "; ".join(map(_in_thai, examples))
            found[sha256].append(finding("authorities_differ", "", shown, **known, **details))
    for sha256, agency_id, year, score, last in _compared(conn, JUMPING):
        details = {"detail_th": f"{last:.2f}", "detail_en": f"{last:.2f}"}
        found[sha256].append(finding("jump", "", f"{score:.2f}", agency_id, str(year), **details))
    shas, told = sorted(found), 0
    for first in range(0, len(shas), FILES_AT_ONCE):
        told += _tell(conn, {sha256: found[sha256] for sha256 in shas[first:][:FILES_AT_ONCE]})
    return told


def _compared(conn: psycopg.Connection, statement: str) -> list[tuple]:
    """The rows of DIFFERING or JUMPING.

    The planner takes what meets for one row where there are thousands: it would read a year's
    scores for each pair (600 workbooks of one evening: minutes), or compare all of a country with
    all (1,300 corrections: minutes). So no loop is nested, until PostgreSQL can estimate how many
    of `latest` meet.
    """
    with conn.transaction():
        conn.execute("set local enable_nestloop = off")
        return conn.execute(statement).fetchall()


def _in_thai(example: str) -> str:
    """'e3.public 91 ≠ 90' → 'e3 ส่วนที่ 1 91 ≠ 90'."""
    code, _, differing = example.partition(" ")
    return f"{figure_names.in_thai(code)} {differing}"


def _tell(conn: psycopg.Connection, found: dict[str, list[Finding]]) -> int:
    """Tell some files' findings in the table and in their receipts; of how many something was new.

    Their receipts are written at once: each by itself would wait for the disk.
    """
    with conn.transaction():
        noted = _note(conn, found)
        receipts = {
            sha256: receipt
            for sha256, findings in found.items()
            if (receipt := _in_receipt(sha256, findings))
        }
        files = (judged_folder.receipt_files(receipt) for receipt in receipts.values())
        durable.write_all({path: content for each in files for path, content in each.items()})
        with conn.cursor() as cursor:
            cursor.executemany(
                "update raw.submission set warnings = %s, state = %s where submission_sha256 = %s",
                [(one["warnings"], one["state"], sha256) for sha256, one in receipts.items()],
            )
    return len(noted | receipts.keys())


def _note(conn: psycopg.Connection, found: dict[str, list[Finding]]) -> set[str]:
    """Add to `ops.finding` what it does not have; the files of which it had not all."""
    told: dict[str, list[_Key]] = {sha256: [] for sha256 in found}
    for sha256, *key in conn.execute(
        "select submission_sha256, rule, agency, fiscal_year from ops.finding"
        " where submission_sha256 = any(%s)",
        [list(found)],
    ):
        told[sha256].append(_Key(*key))
    rows = [
        {"submission_sha256": sha256, "finding_no": number, **vars(one)}
        for sha256, findings in found.items()
        for number, one in enumerate(_untold(findings, set(told[sha256])), len(told[sha256]) + 1)
    ]
    if rows:
        names = ", ".join(rows[0])
        places = ", ".join(["%s"] * len(rows[0]))
        with conn.cursor() as cursor:
            cursor.executemany(
                f"insert into ops.finding ({names}) values ({places})",  # noqa: S608 - our names
                [list(row.values()) for row in rows],
            )
    return {row["submission_sha256"] for row in rows}


def _untold(findings: list[Finding], told: set[_Key]) -> list[Finding]:
    """The findings that are new, as many of a rule as are listed."""
    new: list[Finding] = []
    listed: dict[str, int] = defaultdict(int)
    for key in told:
        listed[key.rule] += 1
    for one in findings:
        if _Key(one.rule, one.agency, one.fiscal_year) in told or listed[one.rule] >= LISTED:
            continue
        listed[one.rule] += 1
        new.append(one)
    return new


def _in_receipt(sha256: str, findings: list[Finding]) -> dict | None:
    """The receipt with the findings that it does not have, None if it has all."""
    content = durable.read_json(settings.folder("receipts") / f"{sha256}.json")
    if content is None:
        return None
    told = {_Key(one["rule"], one["agency"], one["fiscal_year"]) for one in content["findings"]}
    names = {unit["agency"]: unit["name"] for unit in content["units"]}
    new = _untold(findings, told)
    if not new:
        return None
    for one in new:
        shown = {"place_th": in_thai(one.place), "agency_name": names.get(one.agency, one.agency)}
        content["findings"].append({**vars(one), **shown})
        fixed_by = rules()[one.rule]["fixed_by"]
        entry = {"count": 0, "severity": one.severity, "fixed_by": fixed_by}
        content["rules"].setdefault(one.rule, entry)["count"] += 1
    content["rules"] = dict(sorted(content["rules"].items()))
    content["warnings"] += len(new)
    content["state"] = "accepted_with_warnings"
    return content
