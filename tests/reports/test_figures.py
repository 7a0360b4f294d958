"""Every figure of a pack is the mart's: pack.json row by row, the PDF's tables and numbers, read
with SQL of our own.

A small synthetic country goes through the whole pipeline once; nothing of `reports` is imported
here. Long, since that country and its packs are made once for all of it.
"""

import json
import re
from decimal import ROUND_HALF_UP, Decimal

import psycopg
import pypdfium2
import pytest
from psycopg.rows import dict_row

from tests.night.conftest import ROOT, Night

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
PARTS = {
    "iit_score": "IIT",
    "eit_score": "EIT",
    "eit_public_score": "EIT.public",
    "eit_survey_score": "EIT.survey",
    "oit_score": "OIT",
}
# fiscal year -> (which agency, digits): the worst and the best, one with measures and progress of
# its own, a central one, a newcomer
CHOICES = {
    2564: ("order by a.overall_score", "thai"),
    2565: (
        """order by exists (select from mart.measure m where m.agency_id = a.agency_id and
        m.fiscal_year = 2566) desc, a.agency_id""",
        "arabic",
    ),
    2566: (
        """order by exists (select from mart.measure_progress p where p.agency_id = a.agency_id and
        p.fiscal_year = 2566) desc, a.agency_id""",
        "thai",
    ),
    2567: ("order by a.province_code is null desc, a.agency_id", "arabic"),
    2568: (
        """order by exists (select from mart.assessment b where b.agency_id = a.agency_id and
        b.fiscal_year = 2567), a.overall_score desc""",
        "thai",
    ),
}


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """A night's steps on a synthetic country of some 30 agencies and on the bundled samples."""
    folder = tmp_path_factory.mktemp("figures")
    night = Night(folder / "home")

    def ita(*arguments):
        done = night.ita(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr

    ita("synth", "--agencies", 30, "--years", "2564-2568", "--seed", 3, folder / "country")
    ita("up")
    ita(
        "receive",
        folder / "country" / "agencies.csv",
        folder / "country" / "json",
        folder / "country" / "own" / "json",
        ROOT / "ingestion" / "samples",
    )
    for step in ("receive", "judge", "load", "build", "audit", "publish"):
        ita(step)
    yield night, ita, folder
    night.end()


class Packs:
    """Asks the mart, and makes the pack of each chosen agency once."""

    def __init__(self, night, ita, folder):
        self.mart = psycopg.connect(night.dsn(), autocommit=True, row_factory=dict_row)
        self.ita, self.folder, self.made = ita, folder, {}

    def ask(self, query, *values):
        return self.mart.execute(query, values).fetchall()

    def pack(self, year, agency=None, digits=None):
        """(agency_id, pack.json, the text of pack.pdf, to_digits) of the agency that CHOICES names
        for the year, or of the one given."""
        if (year, agency) not in self.made:
            order, chosen = CHOICES[year]
            who = (
                agency
                or self.ask(
                    f"""select a.agency_id from mart.assessment a where a.fiscal_year = {year}
                    {order} limit 1"""
                )[0]["agency_id"]
            )
            digits = digits or chosen
            self.ita(
                "packs",
                "--year",
                year,
                "--agency",
                who,
                "--format",
                "pdf,json",
                "--digits",
                digits,
                "--out",
                self.folder / f"packs-{who}",
            )
            found = next((self.folder / f"packs-{who}").glob(f"{year}/*/*/pack.pdf"))
            text = "\n".join(
                page.get_textpage().get_text_range()
                for page in pypdfium2.PdfDocument(found.read_bytes())
            )
            show = (lambda words: words.translate(THAI)) if digits == "thai" else str
            self.made[year, agency] = (
                who,
                json.loads(found.with_suffix(".json").read_text("utf-8")),
                text,
                show,
            )
        return self.made[year, agency]


@pytest.fixture(scope="module")
def packs(country):
    packs = Packs(*country)
    yield packs
    packs.mart.close()


EVERY = [
    *((year, None) for year in CHOICES),
    (2566, "5560112"),
    (2567, "1630001"),
    (2568, "4240503"),
]
everywhere = pytest.mark.parametrize(("year", "agency"), EVERY)


def plain(rows):
    """Decimals as floats, dates as ISO text, as JSON has them."""
    return [
        {
            k: float(v)
            if isinstance(v, Decimal)
            else v.isoformat()
            if hasattr(v, "isoformat")
            else v
            for k, v in row.items()
        }
        for row in rows
    ]


def two(value):
    return (
        "–" if value is None else str(Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP))
    )


def signed(value):
    return (
        two(value)
        if value is None or not round(float(value), 2)
        else ("+" if value > 0 else "−") + two(abs(value))
    )


def squeeze(text):
    return re.sub(r"\s+", "", text)


def means(packs, year, row):
    """{code: (mean of the province, of the type, of the country)} of the parts and the
    indicators."""
    values = {"year": year, "province": row["province_code"], "type": row["agency_type"]}

    def mean(what, where):
        joined = (
            "mart.assessment a"
            if what.startswith("a.")
            else "mart.assessment a join mart.indicator_score s using (agency_id, fiscal_year)"
        )
        return packs.mart.execute(
            f"""select case when count({what}) > 1 then round(avg({what}), 2) end as mean
            from {joined} where a.fiscal_year = %(year)s
            and {where}""",
            values,
        ).fetchone()["mean"]

    scopes = ("a.province_code = %(province)s", "a.agency_type = %(type)s", "true")
    found = {
        code: [mean(f"a.{column}", scope) for scope in scopes]
        for column, code in {"overall_score": "overall", **PARTS}.items()
    }
    return found | {
        str(no): [mean("s.score", f"s.indicator_no = {no} and {scope}") for scope in scopes]
        for no in range(1, 11)
    }


def registered(packs, year, row, scope):
    """How many agencies of a scope are in the registry of a year."""
    where = {"type": "agency_type", "province": "province_code"}.get(scope)
    if scope == "province_type":
        return 0
    narrower = f"and {where} = '{row[where]}'" if where else ""
    return packs.ask(
        f"""select count(*) as n from mart.agency where first_fiscal_year <= {year}
        and coalesce(last_fiscal_year, 9999) >= {year} {narrower}"""
    )[0]["n"]


def assessment(packs, year, who):
    return packs.ask(
        "select * from mart.assessment where fiscal_year = %s and agency_id = %s", year, who
    )[0]


@everywhere
def test_results_ranks_and_means(packs, year, agency):
    who, pack, _, _ = packs.pack(year, agency)
    row = assessment(packs, year, who)
    shown = pack["assessment"]
    assert {k: shown[k] for k in shown} == {k: v for k, v in plain([row])[0].items() if k in shown}
    national = packs.ask(
        """select national_rank, national_count, type_rank, type_count, percentile, rank_change,
        type_rank_change from mart.national_ranking
        where fiscal_year = %s and agency_id = %s""",
        year,
        who,
    )
    provincial = packs.ask(
        """select province_rank, province_count, province_type_rank, province_type_count,
        rank_change as province_rank_change
        from mart.provincial_ranking where fiscal_year = %s and agency_id = %s""",
        year,
        who,
    )
    expected = plain(national)[0] | (plain(provincial)[0] if provincial else {})
    for scope in ("national", "type", "province", "province_type"):
        rank, count = f"{scope}_rank", f"{scope}_count"
        few = (expected.get(count) or 0) < max(2, registered(packs, year, row, scope) / 2)
        published = row.get(f"published_{scope}_rank")
        contradicted = published not in (None, expected.get(rank))
        shown = None if few or contradicted else expected[rank]
        assert pack["ranking"][rank] == shown, scope
        assert pack["ranking"][count] == (shown and expected[count])
    for code, (province, kind, nation) in means(packs, year, row).items():
        given = pack["means"].get(code, {"province": None, "type": None, "national": None})
        assert (given["province"], given["type"], given["national"]) == tuple(
            None if m is None else float(m) for m in (province, kind, nation)
        ), code


@everywhere
def test_indicators(packs, year, agency):
    who, pack, _, _ = packs.pack(year, agency)
    rows = plain(
        packs.ask(
            """select indicator_no, indicator_th, score, recomputed_score, change from
            mart.indicator_score
        where fiscal_year = %s and agency_id = %s order by indicator_no""",
            year,
            who,
        )
    )
    assert [
        {k: i[k] for k in ("indicator_no", "indicator_th", "score", "recomputed_score", "change")}
        for i in pack["indicators"]
    ] == rows


@everywhere
def test_history(packs, year, agency):
    who, pack, _, _ = packs.pack(year, agency)
    history = plain(
        packs.ask(
            """select fiscal_year, a.overall_score, level_th, national_rank, national_count,
            type_rank, type_count,
            province_rank, province_count
        from mart.assessment a left join mart.national_ranking using (agency_id, fiscal_year) left
        join mart.provincial_ranking using (agency_id, fiscal_year)
        where agency_id = %s and fiscal_year between %s and %s order by fiscal_year""",
            who,
            year - 4,
            year,
        )
    )
    ranks = ("national", "type", "province")
    own = [h for h in pack["history"] if h["predecessor_th"] is None]
    for given, expected in zip(own, history, strict=True):
        for key, value in expected.items():
            ranked = key.rpartition("_")[0] in ranks and key.endswith(("_rank", "_count"))
            assert given[key] == value or ranked and given[key] is None, key
            assert not ranked or expected[f"{key.rpartition('_')[0]}_count"] != 1 or not given[key]


@everywhere
def test_items(packs, year, agency):
    who, pack, _, _ = packs.pack(year, agency)
    items = plain(
        packs.ask(
            """
        select f.item_code, s.eit_part, s.score, s.points_lost, d.severity, coalesce(d.flagged,
        false) as flagged, d.years_running,
            p.agencies_deficient as in_province, p.agencies_assessed as of_province,
            t.agencies_deficient as in_type, t.agencies_assessed as of_type
        from mart.framework_item f
        left join mart.item_score s on s.fiscal_year = f.fiscal_year and s.item_code = f.item_code
        and s.agency_id = %s
        left join mart.agency_deficiency d on d.agency_id = s.agency_id and d.fiscal_year =
        f.fiscal_year and d.item_code = f.item_code
            and d.eit_part is not distinct from s.eit_part
        left join mart.assessment a on a.agency_id = s.agency_id and a.fiscal_year = f.fiscal_year
        left join mart.common_deficiency p on p.fiscal_year = f.fiscal_year and p.item_code =
        f.item_code and p.scope = 'province'
            and p.province_code = a.province_code
        left join mart.common_deficiency t on t.fiscal_year = f.fiscal_year and t.item_code =
        f.item_code and t.scope = 'type'
            and t.agency_type = a.agency_type
        where f.fiscal_year = %s order by f.item_order, s.eit_part""",
            who,
            year,
        )
    )
    assert len(items) == len(pack["items"])
    for expected, shown in zip(items, pack["items"], strict=True):
        assert all(
            shown[k] == expected[k]
            for k in ("item_code", "eit_part", "score", "points_lost", "flagged", "years_running")
        ), expected
        assert shown["severity"] == (
            expected["severity"] or (None if expected["score"] is None else "keep")
        )
        shared = shown["shared"] or {"province": None, "type": None}
        if expected["severity"]:
            assert shared["type"] == {
                "deficient": expected["in_type"],
                "assessed": expected["of_type"],
            }
            assert shared["province"] == (
                expected["in_province"]
                and {"deficient": expected["in_province"], "assessed": expected["of_province"]}
            )


@everywhere
def test_what_the_agency_itself_sent(packs, year, agency):
    who, pack, _, _ = packs.pack(year, agency)
    columns = """measure_no, topic_no, indicator_no, item_codes, measure_th, steps_th,
    responsible_th, starts_on, ends_on, followup_th"""
    for key, of_year in (("measures", year + 1), ("last_measures", year)):
        rows = plain(
            packs.ask(
                f"""select {columns} from mart.measure where agency_id = %s and fiscal_year = %s
                order by measure_no""",
                who,
                of_year,
            )
        )
        proposed = plain(
            packs.ask(
                f"""select {columns} from mart.proposed_measure where agency_id = %s
                and fiscal_year = %s and stands order by measure_no""",
                who,
                of_year,
            )
        )
        for source, expected in (("own", rows), ("catalogue", proposed)):
            given = [m for m in pack[key] if m["source"] == source]
            assert [{k: m[k] for k in columns.replace(",", " ").split()} for m in given] == expected
    progress = plain(
        packs.ask(
            """select measure_no, as_of, result_th, due_on, completed_on, status from
            mart.measure_progress
        where agency_id = %s and fiscal_year = %s order by measure_no, as_of""",
            who,
            year,
        )
    )
    assert [p for m in pack["last_measures"] for p in m["progress"]] == progress
    notes = packs.ask(
        """select kind, note_no, note_th from mart.constraint_note where agency_id = %s and
        fiscal_year in (%s, %s)""",
        who,
        year,
        year + 1,
    )
    assert {(n["kind"], n["note_no"], n["note_th"]) for n in pack["constraints"]} <= {
        tuple(n.values()) for n in notes
    }
    assert bool(notes) == bool(pack["constraints"])
    remarks = packs.ask(
        """select item_code, eit_part, topic_no, remark_th from mart.remark
        where agency_id = %s and fiscal_year = %s order by remark_no""",
        who,
        year,
    )
    assert [
        {k: r[k] for k in ("item_code", "eit_part", "topic_no", "remark_th")}
        for r in pack["remarks"]
    ] == remarks


@everywhere
def test_tables_of_the_pdf(packs, year, agency):
    who, _, text, show = packs.pack(year, agency)
    text, row = squeeze(text), assessment(packs, year, who)
    rank = packs.ask(
        "select * from mart.national_ranking where fiscal_year = %s and agency_id = %s", year, who
    )[0]
    in_province = packs.ask(
        """select * from mart.provincial_ranking where fiscal_year = %s and agency_id = %s and
        province_count > 1""",
        year,
        who,
    )
    # A scope that holds this agency alone is left out.
    others = [bool(in_province), rank["type_count"] > 1, rank["national_count"] > 1]
    mean = {
        code: [value for value, shown in zip(values, others, strict=True) if shown]
        for code, values in means(packs, year, row).items()
    }

    def expect(*cells):
        assert squeeze(show("".join(str(c) for c in cells))) in text, cells

    expect("คะแนนภาพรวม", two(row["overall_score"]), "คะแนน")
    for code, name in (
        ("IIT", "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน"),
        ("EIT", "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก"),
    ):
        expect(code, name, 30, two(row[f"{code.lower()}_score"]), *map(two, mean[code]))
    expect("OIT", "แบบวัดการเปิดเผยข้อมูลสาธารณะ", 40, two(row["oit_score"]), *map(two, mean["OIT"]))
    indicators = packs.ask(
        """select s.*, instrument from mart.indicator_score s join mart.indicator using
        (fiscal_year, indicator_no)
            where fiscal_year = %s and agency_id = %s""",
        year,
        who,
    )
    changed = any(i["change"] is not None for i in indicators)  # else it has no column
    for i in indicators:
        expect(
            i["indicator_no"],
            i["indicator_th"],
            i["instrument"],
            two(i["score"]),
            *([signed(i["change"])] if changed else []),
            *map(two, mean[str(i["indicator_no"])]),
        )
    expect("ลำดับในประเทศทุกประเภท", rank["national_rank"], "จาก", rank["national_count"], "หน่วยงาน")
    if rank["type_count"] > 1:
        expect(rank["type_rank"], "จาก", rank["type_count"], "หน่วยงาน")
    for province in in_province:
        expect(province["province_rank"], "จาก", province["province_count"], "หน่วยงาน")


@everywhere
def test_the_annex_of_the_pdf_lists_every_item(packs, year, agency):
    who, _, text, show = packs.pack(year, agency)
    text = squeeze(text)
    heading = squeeze(show("ก. คะแนนรายข้อ"))
    annex = text[text.rindex(heading) :] if heading in text else ""
    items = packs.ask(
        """select item_code, eit_part, score, points_lost from mart.item_score where fiscal_year =
        %s and agency_id = %s order by item_code, eit_part""",
        year,
        who,
    )
    for code, parts in by_item(items).items():  # one row: whole, public, survey, points lost
        lost = sum(part["points_lost"] for part in parts)
        end = re.escape(show("".join([*(two(part["score"]) for part in parts), two(lost)])))
        lead = re.escape(show(code))
        assert re.search(rf"{lead}(?![0-9๐-๙])((?![๐-๙0-9]\.[๐-๙0-9]).)*?{end}", annex), parts


def by_item(items):
    found = {}
    for item in items:
        found.setdefault(item["item_code"], []).append(item)
    return found


WEIGHTS = {"IIT": 30, "EIT": 30, "OIT": 40}  # domain, §1


def decimals_of_the_mart(packs, year, who):
    """Figures of an agency and of whom it is compared with, and the thresholds of the year."""
    row = assessment(packs, year, who)
    known = {two(row[c]) for c in ("overall_score", "recomputed_score", *PARTS)} | {
        two(m) for ms in means(packs, year, row).values() for m in ms
    }
    known |= {two(abs(row["score_gap"]))} if row["score_gap"] is not None else set()
    for query in (
        """select score, change from mart.indicator_score where agency_id = %s and fiscal_year
        between %s and %s""",
        """select overall_score from mart.assessment where agency_id = %s and fiscal_year between
        %s and %s""",
        """select score, points_lost from mart.item_score where agency_id = %s and fiscal_year
        between %s and %s""",
        """select points_needed from mart.level_path where agency_id = %s and fiscal_year between
        %s and %s""",
        """select percentile from mart.national_ranking where agency_id = %s and fiscal_year
        between %s and %s""",
    ):
        known |= {
            two(abs(v))
            for r in packs.ask(query, who, year - 4, year)
            for v in r.values()
            if v is not None
        }
    known |= {
        two(r["lost"])
        for r in packs.ask(
            """select sum(points_lost) as lost from mart.item_score where agency_id = %s and
            fiscal_year = %s group by item_code""",
            who,
            year,
        )
    }
    known |= {
        two((100 - r["score"]) * WEIGHTS[r["instrument"]] / 100 / r["indicators"])
        for r in packs.ask(
            """select s.score, i.instrument,
                (select count(*) from mart.indicator as o
                where o.fiscal_year = i.fiscal_year and o.instrument = i.instrument) as indicators
            from mart.indicator_score as s
            join mart.indicator as i using (fiscal_year, indicator_no)
            where s.agency_id = %s and s.fiscal_year = %s and s.score is not null""",
            who,
            year,
        )
    }
    last = packs.ask(
        "select overall_score from mart.assessment where agency_id = %s and fiscal_year = %s",
        who,
        year - 1,
    )
    known |= {two(abs(row["overall_score"] - r["overall_score"])) for r in last}
    known |= {
        two(v)
        for r in packs.ask(
            "select overall_min, each_part_min from mart.rating_level where fiscal_year = %s", year
        )
        for v in r.values()
    }
    return known


@everywhere
def test_every_number_with_decimals_in_the_pdf_is_known(packs, year, agency):
    """Nothing with two decimals is printed that is not a figure of the mart, a threshold of the
    year or a difference of two scores."""
    who, pack, text, show = packs.pack(year, agency)
    known = decimals_of_the_mart(packs, year, who)
    known |= {"0.30", "0.40"} | set(
        re.findall(
            r"\d+\.\d\d",
            json.dumps(
                [pack["remarks"], pack["measures"], pack["constraints"]], ensure_ascii=False
            ),
        )
    )
    printed = set(
        re.findall(
            r"(?<![\d.])\d{1,3}\.\d\d(?!\d)",
            text if show is str else text.translate({v: chr(k) for k, v in THAI.items()}),
        )
    )
    assert printed - known == set()
    assert len(printed) > 10
