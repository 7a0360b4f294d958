"""The progress report on an agency's measures as a document of its own, in the form that agencies
publish.

OUT/progress/<fiscal_year>/<province_code or 00>/<agency_id>/progress.pdf, .docx, .html: one for
each agency and measures year with
measures or progress, also where the agency has no scores.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from psycopg.rows import dict_row

from reports import blocks, thai
from reports.blocks import bold, cell, cover, heading, page, paragraph, signature, table
from reports.content.sentences import reference, say
from reports.content.words import numbered, steps
from reports.setting import docx, html, palette
from reports.setting.pdf import render
from warehouse import durable, thai_dates
from warehouse.connect import connect

FORMATS = ("pdf", "docx", "html")
GROUPS = {
    "OIT": "การเปิดเผยข้อมูลสาธารณะ (Open Data Integrity and Transparency Assessment: OIT)",
    "IIT": "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (Internal Integrity and Transparency Assessment: IIT)",
    "EIT": "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก "
    "(External Integrity and Transparency Assessment: EIT)",
    None: "มาตรการที่ครอบคลุมหลายเครื่องมือ",
}
INSTRUMENT_OF_LETTER = {"i": "IIT", "e": "EIT", "o": "OIT"}
AGENCY = ("agency_id", "name_th", "district_th", "province_code", "province_th", "ministry_th")
# The plan of each agency with every report on it, the latest report last.
REPORTED = """
    with planned as (
        select agency_id, fiscal_year, measure_no, topic_no, indicator_no, item_codes,
            measure_th, steps_th, responsible_th, followup_th
        from mart.measure
        union all
        select agency_id, fiscal_year, measure_no, topic_no, indicator_no, item_codes,
            measure_th, steps_th, responsible_th, followup_th
        from mart.proposed_measure as m
        where stands and (agency_id = %(agency)s or (agency_id, fiscal_year) in (
            select p.agency_id, p.fiscal_year from mart.measure_progress as p))
    ),
    reported as (
        select agency_id, fiscal_year, measure_no, m.topic_no, m.indicator_no,
            m.item_codes, m.measure_th, m.steps_th, m.responsible_th, m.followup_th,
            p.as_of, p.result_th, p.due_on, p.completed_on, p.status
        from planned as m
        full join mart.measure_progress as p using (agency_id, fiscal_year, measure_no)
    )
    select b.*, a.name_th, a.district_th, a.province_code, a.province_th, a.ministry_th,
        i.instrument, (
            select max((s.received_at at time zone 'Asia/Bangkok')::date)
            from mart.current_submission as s
            where s.agency_id = b.agency_id and (
                s.fiscal_year = b.fiscal_year and s.kind in ('measures', 'progress')
                or s.fiscal_year = b.fiscal_year - 1 and s.kind = 'scores')
        ) as arrived
    from reported as b
    join mart.agency as a using (agency_id)
    left join mart.indicator as i
        on i.fiscal_year = b.fiscal_year and i.indicator_no = b.indicator_no
    where (%(year)s::int is null or b.fiscal_year = %(year)s)
        and (%(province)s::text is null
            or coalesce(a.province_code, '00') = %(province)s)
        and (%(agency)s::text is null or b.agency_id = %(agency)s)
    order by b.fiscal_year, a.province_code, b.agency_id, b.measure_no, b.as_of nulls first"""


def write(
    out: Path,
    build: dict,
    *,
    fiscal_year: int | None = None,
    province: str | None = None,
    agency: str | None = None,
    formats: tuple[str, ...] | None = None,
    digits: str = "thai",
) -> int:
    """Write the progress reports of the measures year (all years without `fiscal_year`); returns
    how many.

    build: a row of ops.publication. A report that fails is told on stderr with its agency and
    stops no other.
    """
    with connect("ita_pack") as connection:
        found = read(connection, fiscal_year, province, agency)
    written = 0
    for facts in found:
        folder = (
            out
            / "progress"
            / str(facts["fiscal_year"])
            / (facts["agency"]["province_code"] or "00")
            / quote(facts["agency"]["agency_id"], safe="")
        )
        try:
            made = files(facts, build, formats or FORMATS, digits)
        except Exception as error:  # one bad report must not stop the others
            print(
                f"progress report {folder.relative_to(out)} failed: "
                f"{type(error).__name__}: {error}",
                file=sys.stderr,
            )
            continue
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            durable.write(folder / name, content)
        written += 1
    return written


def read(
    connection: Any, fiscal_year: int | None, province: str | None, agency: str | None
) -> list[dict]:
    """[{"fiscal_year", "agency", "as_of", "data_date", "measures": [measure with its latest
    report]}] of the agencies with measures or progress; data_date is that of the latest arrival
    among their own submissions, None where none is known.

    The measures are the agency's own and the proposals that stand: these where it reported, or
    where it is named as `agency` (nobody else asks for a report on nothing).
    """
    asked = {"year": fiscal_year, "province": province, "agency": agency}
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(REPORTED, asked).fetchall()
    found: dict[tuple[int, str], dict] = {}
    for row in rows:
        new = {
            "fiscal_year": row["fiscal_year"],
            "as_of": None,
            "data_date": row["arrived"],
            "measures": {},
            "agency": {key: row[key] for key in AGENCY},
        }
        facts = found.setdefault((row["fiscal_year"], row["agency_id"]), new)
        facts["as_of"] = max(filter(None, (facts["as_of"], row["as_of"])), default=None)
        # Reports come in their order: the last stays, but one that leaves the measure out takes
        # back nothing that was told before.
        before = facts["measures"].get(row["measure_no"])
        if before is None or row["status"] != "not_reported":
            facts["measures"][row["measure_no"]] = row
    return [{**facts, "measures": list(facts["measures"].values())} for facts in found.values()]


def files(facts: dict, build: dict, formats: tuple[str, ...], digits: str) -> dict[str, bytes]:
    """file name -> bytes of one progress report."""
    day = _data_date(facts, build).isoformat()
    shown = blocks.with_digits(list(report(facts, build)), digits)
    name, year = facts["agency"]["name_th"], facts["fiscal_year"]
    title = f"รายงานการดำเนินการตามมาตรการ ปีงบประมาณ พ.ศ. {year} {name}"
    about = {
        "title": title,
        "author": facts["agency"]["name_th"],
        "date": day,
        "digits": digits,
        "kind": "progress",
        "running": thai.in_digits(title, digits),
    }
    write_as = {
        "pdf": lambda: render.pdf(shown, **about),
        "docx": lambda: docx.write(shown, **about),
        "html": lambda: html.write(shown, **about),
    }
    return {f"progress.{name}": write_as[name]() for name in formats}


def report(facts: dict, build: dict) -> Iterator[Any]:
    """The blocks of one progress report, in Arabic digits."""
    agency, year = facts["agency"], facts["fiscal_year"]
    day = thai.long_date(_data_date(facts, build))
    yield cover(
        [
            "รายงานการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",
            f"ประจำปีงบประมาณ พ.ศ. {year}",
        ],
        [round_words(facts)],
        agency["name_th"],
        thai.place(agency),
        _badge(facts["measures"]),
        None,
        [say("cover.date", date=day)],
    )
    yield page(landscape=True)
    yield heading(1, f"ผลการดำเนินการตามมาตรการ ประจำปีงบประมาณ พ.ศ. {year} {round_words(facts)}")
    told = any(m["status"] not in (None, "not_reported") for m in facts["measures"])
    opening = "progress_report.opening" if told else "progress_report.opening_none"
    names = {"agency": agency["name_th"], "last": year - 1, "year": year, "date": day}
    yield paragraph(say(opening, **names))
    grouped = defaultdict(list)
    for measure in facts["measures"]:
        grouped[instrument_of(measure)].append(measure)
    number = 0
    for instrument, name in GROUPS.items():
        if grouped[instrument]:
            number += 1
            yield heading(2, f"{number}. {name}")
            yield _table(grouped[instrument], facts["as_of"])
    yield heading(2, f"{number + 1}. สรุปผล")
    yield paragraph(_summary(facts["measures"]), "plain")
    yield signature([say("signature.executive"), agency["name_th"]])


def _data_date(facts: dict, build: dict) -> date:
    """The latest arrival among the agency's own submissions; else the day of the build, in
    Thailand."""
    return facts.get("data_date") or thai_dates.local(build["published_at"]).date()


def round_words(facts: dict) -> str:
    """ "รอบ 6 เดือน (ตุลาคม 2565 – มีนาคม 2566)", by the last day reported on; without a report the
    six months."""
    year, as_of = facts["fiscal_year"], facts["as_of"]
    if as_of is not None and as_of > date(year - 543, 3, 31):
        return f"รอบ 12 เดือน (ตุลาคม {year - 1} – กันยายน {year})"
    return f"รอบ 6 เดือน (ตุลาคม {year - 1} – มีนาคม {year})"


def instrument_of(measure: dict) -> str | None:
    """By its indicator, else by its items if they are all of one instrument."""
    letters = {code[0] for code in measure["item_codes"] or []}
    return measure["instrument"] or (
        INSTRUMENT_OF_LETTER.get(letters.pop()) if len(letters) == 1 else None
    )


def _badge(measures: Any) -> list:
    done = sum(m["status"] in ("done", "late") for m in measures)
    return [f"{len(measures)} มาตรการ", f"แล้วเสร็จ {done} มาตรการ"]


def _summary(measures: Any) -> str:
    names = reference("status")
    counts = {
        status: sum((m["status"] or "not_reported") == status for m in measures) for status in names
    }
    return f"มาตรการทั้งหมด {len(measures)} มาตรการ: " + " · ".join(
        f"{names[status]} {count} มาตรการ" for status, count in counts.items() if count
    )


def _told_before(measure: dict, as_of: date | None) -> str | None:
    """When it was told of, where the report of this round leaves it out."""
    untold = measure["status"] in (None, "not_reported")
    if untold or measure.get("as_of") in (None, as_of):
        return None
    return say("progress.told_before", date=thai.short_date(measure["as_of"]))


def _table(measures: Any, as_of: date | None) -> Any:
    rows = []
    for m in measures:
        late = m["status"] == "late"
        due = [
            part
            for part in (
                m["followup_th"],
                f"กำหนดแล้วเสร็จ {thai.short_date(m['due_on'])}" if m["due_on"] else None,
            )
            if part
        ]
        result = [
            part
            for part in (
                m["result_th"],
                f"แล้วเสร็จ {thai.short_date(m['completed_on'])}" if m["completed_on"] else None,
                _told_before(m, as_of),
            )
            if part
        ]
        status = reference("status")[m["status"] or "not_reported"]
        codes = f"\nข้อ {', '.join(m['item_codes'])}" if m["item_codes"] else ""
        rows.append(
            [
                str(m["measure_no"]),
                [bold(m["measure_th"] or f"มาตรการที่ {m['measure_no']}"), codes],
                m["responsible_th"] or say("measure.unit"),
                numbered(steps(m["steps_th"])) or thai.NONE,
                "\n".join(due) or thai.NONE,
                "\n".join(result) or thai.NONE,
                cell(
                    ("▼ " if late else "") + status,
                    fill=palette.SEVERITIES["develop"][0] if late else None,
                ),
            ]
        )
    return table(
        [9, 55, 32, 65, 38, 34, 24],
        [
            "ที่",
            "ประเด็นที่ต้องปรับปรุงแก้ไข / พัฒนา",
            "ผู้รับผิดชอบ",
            "ขั้นตอนหรือวิธีการ / มาตรการ",
            "การรายงานผล การกำกับติดตาม และกำหนดแล้วเสร็จ",
            "ผลการดำเนินการ",
            "สถานะ",
        ],
        rows,
        "cllllll",
    )
