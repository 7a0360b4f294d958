# ruff: noqa: E501
"""The pack as a report: what it says, in which order. Facts with their analysis in, blocks out (`reports.blocks`)."""

import re
from itertools import groupby

from reports import thai
from reports.setting import charts, palette
from reports.analysis import (
    SEVERITIES,
    best_and_weakest,
    item_name,
    item_title,
    runs,
    severity,
    time_frame,
)
from reports.checklist import number_runs
from reports.blocks import (
    bold,
    cell,
    chart,
    contents,
    cover,
    field,
    heading,
    listing,
    page,
    paragraph,
    table,
    verbatim,
)

PARTS = [
    ("IIT", "iit_score", "IIT", "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน"),
    ("EIT.public", "eit_public_score", "EIT ส่วนที่ 1", "ผู้รับบริการหรือผู้ติดต่อตอบด้วยตนเอง"),
    ("EIT.survey", "eit_survey_score", "EIT ส่วนที่ 2", "ผู้ประเมินเก็บข้อมูลจากผู้รับบริการ"),
    ("OIT", "oit_score", "OIT", "แบบวัดการเปิดเผยข้อมูลสาธารณะ"),
]
ASSESSMENT_TH = "การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ"
CONSTRAINT_KINDS = {
    "staff": "ด้านบุคลากร (Man)",
    "budget": "ด้านงบประมาณ (Money)",
    "technology": "ด้านเทคโนโลยี",
    "method": "ด้านการบริหารจัดการ (Method)",
    "material": "ด้านทรัพยากรและวัสดุอุปกรณ์ (Material)",
}
# What each of the ten indicators is about; the ten have been the same since FY2564.
INDICATOR_MEANINGS = {
    1: "การปฏิบัติงานหรือการให้บริการตามมาตรฐาน ขั้นตอน และระยะเวลาอย่างเท่าเทียม มุ่งผลสำเร็จของงาน และไม่เรียกรับประโยชน์",
    2: "การใช้จ่ายงบประมาณอย่างโปร่งใส คุ้มค่า ตรงตามวัตถุประสงค์ ไม่เอื้อประโยชน์แก่ตนเองหรือพวกพ้อง และเปิดให้บุคลากรมีส่วนร่วมตรวจสอบ",
    3: "การมอบหมายงาน การประเมินผล และการบริหารงานบุคคลของผู้บังคับบัญชาอย่างเป็นธรรม ไม่สั่งการในเรื่องส่วนตัวหรือเรื่องที่ไม่ถูกต้อง",
    4: "การรู้และปฏิบัติตามแนวทางการใช้และการขอยืมทรัพย์สินของราชการ และการกำกับดูแลมิให้นำไปใช้ประโยชน์ส่วนตัว",
    5: "การให้ความสำคัญของผู้บริหาร ประสิทธิผลของมาตรการป้องกันการทุจริต และความเชื่อมั่นของบุคลากรเมื่อพบเห็นการทุจริต",
    6: "การให้บริการตามมาตรฐาน ขั้นตอน และระยะเวลาอย่างเท่าเทียม ให้ข้อมูลตรงไปตรงมา และไม่เรียกรับประโยชน์",
    7: "การเผยแพร่ข้อมูลที่เข้าถึงง่าย ครบถ้วน และเป็นปัจจุบัน การตอบข้อซักถาม ช่องทางรับความคิดเห็น และช่องทางร้องเรียน",
    8: "การปรับปรุงการทำงานและการให้บริการให้สะดวก รวดเร็ว และโปร่งใสขึ้น การให้บริการออนไลน์ และการเปิดโอกาสให้ผู้มีส่วนได้ส่วนเสียมีส่วนร่วม",
    9: "การเผยแพร่ข้อมูลที่เป็นปัจจุบันบนเว็บไซต์หลักของหน่วยงาน ให้ประชาชนเข้าถึงและตรวจสอบการบริหารงานของหน่วยงานได้",
    10: "การเผยแพร่การดำเนินการเพื่อป้องกันการทุจริตของหน่วยงาน และมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",
}
GROUP_TITLES = {
    "urgent": "(ก) จุดอ่อนที่ต้องแก้ไขโดยเร่งด่วน",
    "develop": "(ข) ประเด็นที่ต้องพัฒนาให้ดีขึ้น",
    "keep": "(ค) มาตรฐานที่ต้องรักษาไว้",
}
MEAN_HEADS = ["ค่าเฉลี่ย\nจังหวัด", "ค่าเฉลี่ย\nประเภท", "ค่าเฉลี่ย\nประเทศ"]
PART_TH = {"public": "ส่วนที่ 1 ", "survey": "ส่วนที่ 2 "}
PART_ORDER = [None, "public", "survey"]
STATUS_TH = {
    "done": "แล้วเสร็จ",
    "late": "แล้วเสร็จล่าช้ากว่ากำหนด",
    "in_progress": "อยู่ระหว่างดำเนินการ",
    "not_reported": "ยังไม่รายงาน",
}
BASIS_TH = {"indicator": "คะแนนของตัวชี้วัด", "instrument": "คะแนนของเครื่องมือ", "overall": "คะแนนภาพรวม"}
NONE_TH = {
    "urgent": "ไม่พบจุดอ่อนที่ต้องแก้ไขโดยเร่งด่วนในประเด็นนี้",
    "develop": "ไม่พบประเด็นที่ต้องพัฒนาเพิ่มเติมตามเกณฑ์ในประเด็นนี้",
    "keep": "ยังไม่มีข้อใดอยู่ในกลุ่มที่รักษามาตรฐาน จึงควรเร่งดำเนินการตามข้อ (ก) และ (ข) ก่อน",
}
NOT_JUDGED_TH = "ข้อมูลที่ได้รับไม่มีคะแนนให้วิเคราะห์"


def report(facts: dict) -> list[dict]:
    """All blocks of one agency's pack, in Arabic digits; `facts` with `analysis` and `checklist` (see `pack.schema.json`)."""
    return [
        *_front(facts),
        *_results(facts),
        *_analysis(facts),
        *_measures(facts),
        *_constraints(facts),
        *_progress(facts),
        *_annex(facts),
    ]


def title(facts: dict) -> str:
    return f"รายงานการวิเคราะห์ผลการประเมิน ITA ปีงบประมาณ พ.ศ. {facts['fiscal_year']} {facts['agency']['name_th']}"


# ---- front matter ------------------------------------------------------------------------------------------------------------


def _front(facts):
    agency, result, year = facts["agency"], facts["assessment"], facts["fiscal_year"]
    build = facts["build"]
    level = _quoted_level(result)
    badge = [
        f"{thai.score(result['overall_score'])} คะแนน",
        f"ระดับ {level}" if level.isascii() else f"ระดับ{level}",
    ]
    yield cover(
        [
            f"รายงานการวิเคราะห์ผล{ASSESSMENT_TH}",
            "(Integrity and Transparency Assessment: ITA)",
            f"ประจำปีงบประมาณ พ.ศ. {year}",
        ],
        ["และมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน", f"ประจำปีงบประมาณ พ.ศ. {year + 1}"],
        agency["name_th"],
        thai.place(agency),
        badge,
        result["level_code"],
        [
            f"ข้อมูล ณ วันที่ {thai.long_date(build['date'])}",
            ["รหัสชุดข้อมูล ", verbatim(build["build_id"])],
        ],
    )
    yield page()
    yield heading(1, "คำนำ")
    yield paragraph(
        f"{ASSESSMENT_TH} (ITA) เป็นเครื่องมือที่สำนักงาน ป.ป.ช. ใช้ส่งเสริมให้หน่วยงานภาครัฐทราบสถานะด้านคุณธรรมและ"
        "ความโปร่งใสของตน และนำผลไปปรับปรุงการปฏิบัติงาน การให้บริการ และการเปิดเผยข้อมูลต่อสาธารณะ"
    )
    yield paragraph(
        f"รายงานฉบับนี้วิเคราะห์ผลการประเมินประจำปีงบประมาณ พ.ศ. {year} ของ{agency['name_th']} "
        f"ครบทั้งเจ็ดประเด็น{'และทุกตัวชี้วัด' if facts['indicators'] else ''} ระบุจุดอ่อนที่ต้องแก้ไขโดยเร่งด่วน ประเด็นที่ต้องพัฒนา และมาตรฐานที่ต้องรักษาไว้ แล้วกำหนดมาตรการ"
        f"ส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงานประจำปีงบประมาณ พ.ศ. {year + 1} พร้อมขั้นตอน ผู้รับผิดชอบ ระยะเวลา "
        "และการกำกับติดตาม เพื่อให้ผู้บริหารและบุคลากรทุกระดับใช้เป็นแนวทางปฏิบัติร่วมกัน"
    )
    yield paragraph([agency["name_th"], "\n", thai.place(agency)], "sign")
    yield page()
    yield contents("สารบัญ")


def _quoted_level(result):
    return result["level_th"] or "ไม่สามารถระบุได้"


# ---- part 1: results ---------------------------------------------------------------------------------------------------------


def _results(facts):
    yield page()
    yield heading(1, f"ส่วนที่ 1 ผลการประเมิน ประจำปีงบประมาณ พ.ศ. {facts['fiscal_year']}")
    yield from _overview(facts)
    yield from _parts(facts)
    yield from _indicators(facts)
    yield from _history(facts)
    yield from _strengths(facts)
    yield from _path(facts)


def _overview(facts):
    agency, result, ranking = facts["agency"], facts["assessment"], facts["ranking"]
    yield heading(2, "1.1 ผลการประเมินในภาพรวม")
    opening = (
        f"{agency['name_th']} ได้คะแนนภาพรวม {thai.score(result['overall_score'])} คะแนน ผลการประเมินอยู่ในระดับ "
        f"“{_quoted_level(result)}”"
    )
    yield paragraph(
        [
            bold(opening),
            f" เหตุผลของระดับคือ {result['level_reason_th']}" if result["level_reason_th"] else "",
        ]
    )
    if _target(facts):
        yield paragraph(_target(facts))
    rows = [
        [
            "คะแนนภาพรวม",
            bold(f"{thai.score(result['overall_score'])} คะแนน"),
            _against_last_year(facts),
        ]
    ]
    means = facts["means"].get("overall", {})
    for _key, scope, rank, size, change in _ranks(facts):
        if rank is not None:
            rows.append(
                [
                    f"ลำดับ{scope}",
                    f"{thai.count(rank)} จาก {thai.count(size)} หน่วยงาน"
                    if size > 1
                    else "เป็นหน่วยงานเดียวที่มีผลการประเมิน",
                    _movement(change) if size > 1 else thai.NONE,
                ]
            )
    if ranking and (ranking.get("national_count") or 0) > 1:
        rows.append(
            [
                "ตำแหน่งเทียบทั้งประเทศ",
                {0: "ไม่มีหน่วยงานอื่นที่ได้คะแนนต่ำกว่า", 100: "คะแนนสูงที่สุดในประเทศ"}.get(
                    ranking["percentile"],
                    f"สูงกว่าร้อยละ {thai.score(ranking['percentile'])} ของหน่วยงานอื่น",
                ),
                thai.NONE,
            ]
        )
    rows.append(["ค่าเฉลี่ยคะแนนภาพรวม", _means_line(means), thai.NONE])
    published = [
        f"{name} ลำดับที่ {thai.count(result[key])}"
        for key, name in (
            ("published_province_rank", "ในจังหวัด"),
            ("published_type_rank", "ในประเทศตามประเภท"),
        )
        if result.get(key)
    ]
    if published:
        rows.append(["ลำดับตามประกาศ", " · ".join(published), "ตามเอกสารที่หน่วยงานเผยแพร่"])
    yield table([56, 60, 44], ["รายการ", "ผล", "เทียบกับปีก่อน"], rows, together=True)
    if result.get("provisional"):
        yield paragraph(
            "ผลการประเมินปีนี้ยังเป็นผลเบื้องต้น อาจเปลี่ยนแปลงเมื่อมีการประกาศผลอย่างเป็นทางการ", "note"
        )


def _target(facts):
    """Whether the overall score reaches the target of the national master plan, as published reports say it."""
    score, least = facts["assessment"]["overall_score"], facts["rules"]["pass_min"]
    if score is None or least is None:
        return ""
    return (
        f"คะแนนภาพรวม{'บรรลุ' if score >= least else 'ยังไม่บรรลุ'}ค่าเป้าหมาย {thai.score(least)} คะแนนขึ้นไป "
        "ตามแผนแม่บทภายใต้ยุทธศาสตร์ชาติ ประเด็นการต่อต้านการทุจริตและประพฤติมิชอบ"
    )


def _against_last_year(facts):
    last = _last_year(facts)
    if last is None or facts["assessment"]["overall_score"] is None:
        return "ไม่มีผลของปีก่อน"
    difference = round(facts["assessment"]["overall_score"] - last["overall_score"], 2)
    return f"{thai.signed(difference)} จาก {thai.score(last['overall_score'])} คะแนน"


def _last_year(facts):
    return next(
        (
            h
            for h in facts["history"]
            if h["fiscal_year"] == facts["fiscal_year"] - 1 and h["overall_score"] is not None
        ),
        None,
    )


def _ranks(facts):
    r, agency = facts["ranking"] or {}, facts["agency"]
    return [
        (
            "province",
            f"ในจังหวัด{agency['province_th'] or ''}"
            if agency["province_code"] != "10"
            else "ในกรุงเทพมหานคร",
            r.get("province_rank"),
            r.get("province_count"),
            r.get("province_rank_change"),
        ),
        (
            "province_type",
            f"ในจังหวัด เฉพาะ{agency['agency_type_th']}"
            if agency["province_code"] != "10"
            else f"ในกรุงเทพมหานคร เฉพาะ{agency['agency_type_th']}",
            r.get("province_type_rank"),
            r.get("province_type_count"),
            None,
        ),
        (
            "type",
            f"ในประเทศ เฉพาะ{agency['agency_type_th']}",
            r.get("type_rank"),
            r.get("type_count"),
            r.get("type_rank_change"),
        ),
        (
            "national",
            "ในประเทศ ทุกประเภท",
            r.get("national_rank"),
            r.get("national_count"),
            r.get("rank_change"),
        ),
    ]


def _movement(change):
    if change is None:
        return thai.NONE
    if change == 0:
        return "เท่าเดิม"
    return (
        f"▲ ดีขึ้น {thai.count(change)} ลำดับ" if change > 0 else f"▼ ลดลง {thai.count(-change)} ลำดับ"
    )


def _means_line(means):
    names = (("province", "จังหวัด"), ("type", "ประเภทเดียวกัน"), ("national", "ประเทศ"))
    return (
        " · ".join(
            f"{name} {thai.score(means[key])}" for key, name in names if means.get(key) is not None
        )
        or thai.NONE
    )


def _parts(facts):
    result, weights = facts["assessment"], facts["rules"]["weights"]
    yield heading(2, "1.2 คะแนนตามเครื่องมือการประเมิน")
    rows = []
    for code, column, name, meaning in PARTS:
        if code == "EIT.public":
            rows.append(
                _part_row(
                    facts,
                    "EIT",
                    result["eit_score"],
                    "EIT",
                    "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก",
                    weights.get("EIT"),
                )
            )
        rows.append(_part_row(facts, code, result[column], name, meaning, weights.get(code)))
    yield table(
        [22, 44, 18, 19, 19, 19, 19],
        ["เครื่องมือ", "ความหมาย", "น้ำหนัก\n(ร้อยละ)", "คะแนน", *MEAN_HEADS],
        rows,
        "llcrrrr",
        together=True,
    )
    yield paragraph(
        "ค่าเฉลี่ยเป็นของหน่วยงานทั้งหมดในจังหวัด ของหน่วยงานประเภทเดียวกันทั่วประเทศ และของหน่วยงานทั้งประเทศ "
        "เครื่องหมาย – หมายถึงไม่มีข้อมูล",
        "note",
    )
    yield paragraph(f"เกณฑ์ระดับผลการประเมิน ปีงบประมาณ พ.ศ. {facts['fiscal_year']}", "label")
    rows, head = _level_rows(facts), ["ระดับ", "คะแนนภาพรวม", "เงื่อนไขของคะแนนทั้งสี่ส่วน"]
    if all(row[2] in (thai.NONE, bold(thai.NONE)) for row in rows):
        yield table([60, 100], head[:2], [row[:2] for row in rows], together=True)
    else:
        yield table([42, 54, 64], head, rows, together=True)


def _level_rows(facts):
    """The year's levels, highest first, the agency's own in bold: the bands are half-open on scores of two decimals."""
    rows, above = [], None
    for level in facts["rules"]["levels"]:
        least, part = level["overall_min"], level["each_part_min"]
        condition = thai.NONE
        if part is not None:
            condition = f"ทุกส่วนตั้งแต่ {thai.score(part)} คะแนนขึ้นไป"
        elif above and above["each_part_min"] is not None and above["overall_min"] == least:
            condition = f"มีส่วนใดส่วนหนึ่งต่ำกว่า {thai.score(above['each_part_min'])} คะแนน"
        if not least:
            band = f"ต่ำกว่า {thai.score(above['overall_min'])}" if above else thai.NONE
        elif part is not None or above is None or above["overall_min"] == least:
            band = f"ตั้งแต่ {thai.score(least)} ขึ้นไป"
        else:
            band = f"ตั้งแต่ {thai.score(least)} แต่ต่ำกว่า {thai.score(above['overall_min'])}"
        own = level["level_th"] == facts["assessment"]["level_th"]
        rows.append(
            [
                bold(text) if own else text
                for text in (level["level_th"] + (" (หน่วยงานนี้)" if own else ""), band, condition)
            ]
        )
        above = level
    return rows


def _part_row(facts, code, score, name, meaning, weight):
    means = facts["means"].get(code, {})
    return [
        bold(name),
        meaning,
        f"{weight:g}" if weight else "",
        bold(thai.score(score)),
        *(thai.score(means.get(key)) for key in ("province", "type", "national")),
    ]


def _indicators(facts):
    yield heading(2, "1.3 คะแนนตามตัวชี้วัด")
    if not facts["indicators"]:
        yield paragraph("ไม่มีคะแนนรายตัวชี้วัดในข้อมูลที่ได้รับ")
        return
    rows = []
    for i in facts["indicators"]:
        means = facts["means"].get(str(i["indicator_no"]), {})
        rows.append(
            [
                str(i["indicator_no"]),
                i["indicator_th"],
                i["instrument"],
                bold(thai.score(i["score"])),
                thai.signed(i["change"]),
                *(thai.score(means.get(key)) for key in ("province", "type", "national")),
            ]
        )
    yield table(
        [8, 44, 16, 18, 17, 19, 19, 19],
        ["ที่", "ตัวชี้วัด", "เครื่องมือ", "คะแนน", "เทียบ\nปีก่อน", *MEAN_HEADS],
        rows,
        "clcrrrrr",
        together=True,
    )
    if sum(i["score"] is not None for i in facts["indicators"]) > 2:
        spoken = ", ".join(
            f"{i['indicator_th']} {thai.score(i['score'])}" for i in facts["indicators"]
        )
        yield chart(
            charts.radar(facts["indicators"], facts["means"]),
            "แผนภาพที่ 1 คะแนนรายตัวชี้วัดเทียบกับค่าเฉลี่ย",
            f"แผนภูมิใยแมงมุมของคะแนนรายตัวชี้วัด: {spoken}",
        )
        yield chart(
            charts.bars(facts["indicators"], facts["means"], facts["rules"]["pass_min"]),
            f"แผนภาพที่ 2 คะแนนรายตัวชี้วัดและค่าเฉลี่ย (เส้นประ: เกณฑ์ผ่าน {facts['rules']['pass_min']:g} คะแนน แท่งสีอ่อน: ต่ำกว่าเกณฑ์)",
            f"แผนภูมิแท่งของคะแนนรายตัวชี้วัด: {spoken}",
        )


def _history(facts):
    yield heading(2, "1.4 แนวโน้มย้อนหลังห้าปี")
    history = facts["history"]
    if len(history) < 2:
        yield paragraph(
            f"ข้อมูลของหน่วยงานเริ่มมีในปีงบประมาณ พ.ศ. {facts['fiscal_year']} จึงยังไม่มีแนวโน้มให้เปรียบเทียบ "
            "รายงานปีถัดไปจะแสดงแนวโน้มในส่วนนี้"
        )
        return
    spoken = ", ".join(f"ปี {h['fiscal_year']} {thai.score(h['overall_score'])}" for h in history)
    yield chart(
        charts.trend(history, facts["rules"]["pass_min"]),
        "แผนภาพที่ 3 คะแนนภาพรวมย้อนหลัง",
        f"แผนภูมิเส้นของคะแนนภาพรวม: {spoken}",
    )
    rows = [
        [
            str(h["fiscal_year"]),
            bold(thai.score(h["overall_score"])),
            h["level_th"] or thai.NONE,
            _rank_of(h, "province"),
            _rank_of(h, "type"),
            _rank_of(h, "national"),
        ]
        for h in history
    ]
    yield table(
        [22, 20, 28, 28, 31, 31],
        ["ปีงบประมาณ", "คะแนน", "ระดับ", "ลำดับในจังหวัด", "ลำดับในประเภท", "ลำดับในประเทศ"],
        rows,
        "crlrrr",
        together=True,
    )
    years = [h["fiscal_year"] for h in history]
    rows = [
        [
            str(i["indicator_no"]),
            i["indicator_th"],
            *(thai.score(h["indicators"].get(str(i["indicator_no"]))) for h in history),
        ]
        for i in facts["indicators"]
    ]
    if rows:
        yield table(
            [10, 150 - 20 * len(years), *[20] * len(years)],
            ["ที่", "ตัวชี้วัด", *(f"ปี {y}" for y in years)],
            rows,
            "cl" + "r" * len(years),
            together=True,
        )


def _rank_of(row, scope):
    rank, size = row.get(f"{scope}_rank"), row.get(f"{scope}_count")
    return f"{thai.count(rank)} / {thai.count(size)}" if rank is not None else thai.NONE


def _strengths(facts):
    best, weakest = best_and_weakest(facts)
    yield heading(2, "1.5 จุดแข็งและจุดที่ควรให้ความสำคัญ")
    yield table(
        [22, 20, 118],
        ["เครื่องมือ", "คะแนน", "ข้อเสนอแนะ"],
        [
            [
                bold(name),
                bold(thai.score(facts["assessment"][f"{name.lower()}_score"])),
                _advice(facts, name),
            ]
            for name in facts["rules"]["weights"]
        ],
        "lrl",
        together=True,
    )
    if not best:
        yield paragraph("ไม่มีคะแนนรายตัวชี้วัดในข้อมูลที่ได้รับ จึงเปรียบเทียบตัวชี้วัดไม่ได้", "note")
        return
    rows = [
        [_indicator_score(best, k), _indicator_score(weakest, k)]
        for k in range(max(len(best), len(weakest)))
    ]
    yield table([80, 80], ["ตัวชี้วัดที่ได้คะแนนสูงสุด", "ตัวชี้วัดที่ควรให้ความสำคัญก่อน"], rows, together=True)
    lost = sorted((i for i in facts["items"] if i["points_lost"]), key=lambda i: -i["points_lost"])[
        :5
    ]
    if lost:
        yield paragraph("ข้อที่ทำให้คะแนนภาพรวมลดลงมากที่สุด", "label")
        yield table(
            [28, 84, 18, 30],
            ["ข้อ", "ประเด็นการประเมิน", "คะแนน", "คะแนนภาพรวม\nที่เสียไป"],
            [
                [item_name(i), item_title(i), thai.score(i["score"]), thai.score(i["points_lost"])]
                for i in lost
            ],
            "llrr",
            together=True,
        )


def _advice(facts, instrument):
    """What to do by instrument: the indicators to further, those to keep, and how many items are to be repaired."""
    own = [
        i for i in facts["indicators"] if i["instrument"] == instrument and i["score"] is not None
    ]
    kinds = {i["indicator_no"]: severity(facts, i["score"], instrument) for i in own}
    weak = [
        f"ตัวชี้วัดที่ {i['indicator_no']} {i['indicator_th']} ({thai.score(i['score'])})"
        for i in own
        if kinds[i["indicator_no"]] != "keep"
    ]
    keep = [no for no, kind in kinds.items() if kind == "keep"]
    words = []
    if weak:
        words.append("ควรพัฒนา" + ", ".join(weak))
    if keep:
        words.append(f"ควรรักษามาตรฐานของตัวชี้วัดที่ {number_runs(keep)} ไว้")
    if not own:
        kind = severity(facts, facts["assessment"][f"{instrument.lower()}_score"], instrument)
        words.append(
            {None: "ไม่มีคะแนนของเครื่องมือนี้ในข้อมูลที่ได้รับ", "keep": "คะแนนอยู่ในเกณฑ์ที่ควรรักษามาตรฐานไว้"}.get(
                kind, "คะแนนต่ำกว่าเกณฑ์ ควรทบทวนทุกตัวชี้วัดของเครื่องมือนี้"
            )
        )
    counts = {
        kind: len(
            {
                i["item_code"]
                for i in facts["items"]
                if i["instrument"] == instrument and i["severity"] == kind
            }
        )
        for kind in SEVERITIES
    }
    found = [
        f"{name} {counts[kind]} ข้อ"
        for kind, name in (("urgent", "ต้องแก้ไขโดยเร่งด่วน"), ("develop", "ควรพัฒนา"))
        if counts[kind]
    ]
    if found:
        words.append(f"มีข้อที่{' และข้อที่'.join(found)} ตามส่วนที่ 2")
    return " ".join(words)


def _indicator_score(indicators, k):
    if k >= len(indicators):
        return ""
    return [
        f"ตัวชี้วัดที่ {indicators[k]['indicator_no']} {indicators[k]['indicator_th']}  ",
        bold(thai.score(indicators[k]["score"])),
    ]


def _path(facts):
    path = facts["level_path"]
    yield heading(2, "1.6 ระยะห่างจากระดับถัดไป")
    if path is None:
        yield paragraph("ไม่มีข้อมูลเพียงพอที่จะคำนวณระยะห่างจากระดับถัดไป")
    elif not path["next_level_code"]:
        yield paragraph("หน่วยงานอยู่ในระดับสูงสุดแล้ว แนวทางสำหรับปีถัดไปคือการรักษามาตรฐานตามมาตรการในส่วนที่ 3")
    else:
        needed = (
            f"ต้องได้คะแนนภาพรวมเพิ่มอีก {thai.score(path['points_needed'])} คะแนน"
            if path["points_needed"]
            else "คะแนนภาพรวมถึงเกณฑ์แล้ว"
        )
        yield paragraph(f"ระดับถัดไปคือ “{path['next_level_th']}” {needed}{_parts_needed(facts)}")
        if path["reachable"] and path["item_codes"]:
            titles = {i["item_code"]: item_title(i) for i in facts["items"]}
            yield paragraph(
                f"ทางที่สั้นที่สุดคือการแก้ไข {len(path['item_codes'])} ข้อต่อไปนี้ให้ได้คะแนนเต็ม โดยข้ออื่นไม่ลดลง"
            )
            yield listing(
                [[bold(f"ข้อ {code}"), f" {titles.get(code, '')}"] for code in path["item_codes"]]
            )
        elif path["reachable"] is False:
            yield paragraph(
                "การแก้ไขรายข้อให้เต็มทุกข้อยังไม่เพียงพอ เพราะคะแนนที่ประกาศต่ำกว่าคะแนนที่คำนวณจากรายข้อ "
                "ควรตรวจสอบรายละเอียดคะแนนกับสำนักงาน ป.ป.ช."
            )
        else:
            yield paragraph("ข้อมูลรายข้อไม่ครบ จึงยังระบุข้อที่ควรแก้ไขเพื่อเลื่อนระดับไม่ได้")


def _parts_needed(facts):
    """What the next level asks of the four parts, and which of them fall short."""
    asked = next(
        (
            level["each_part_min"]
            for level in facts["rules"]["levels"]
            if level["level_th"] == facts["level_path"]["next_level_th"]
        ),
        None,
    )
    if asked is None:
        return ""
    short = [
        f"{name} ({thai.score(score)})"
        for _, column, name, _ in PARTS
        if (score := facts["assessment"][column]) is not None and score < asked
    ]
    return (
        f" และทั้งสี่ส่วน (IIT, EIT ส่วนที่ 1, EIT ส่วนที่ 2 และ OIT) ต้องได้ตั้งแต่ {thai.score(asked)} คะแนนขึ้นไป"
        + (f" ส่วนที่ยังไม่ถึงคือ {', '.join(short)}" if short else "")
    )


# ---- part 2: analysis --------------------------------------------------------------------------------------------------------


def _analysis(facts):
    yield page(landscape=True)
    yield heading(1, "ส่วนที่ 2 การวิเคราะห์ผลการประเมิน")
    yield paragraph("คำอธิบายการจัดกลุ่ม: " + _severity_words(facts), "note")
    yield heading(2, "2.1 การวิเคราะห์ตามเจ็ดประเด็น")
    topics = facts["analysis"]["topics"]
    above = {f["basis"] for topic in topics for kind in SEVERITIES for f in topic[kind]} - {"item"}
    if above:
        sources = "หรือ".join(name for basis, name in BASIS_TH.items() if basis in above)
        yield paragraph(f"ข้อที่ไม่แสดงคะแนนจัดกลุ่มตาม{sources} เพราะข้อมูลที่ได้รับไม่มีคะแนนรายข้อ", "note")
    for topic in topics:
        yield from _topic(facts, topic)
    yield heading(2, "2.2 การวิเคราะห์ตามตัวชี้วัด")
    yield from _by_indicator(facts)


def _severity_words(facts):
    rule = facts["rules"]["severity"]
    survey = rule.get("IIT") or rule.get("EIT")
    return (
        f"(ก) แก้ไขโดยเร่งด่วน หมายถึง ข้อ OIT ที่ได้ต่ำกว่า {rule['OIT']['urgent_below']:g} คะแนน หรือข้อ IIT และ EIT ที่ได้ต่ำกว่า "
        f"{survey['urgent_below']:g} คะแนน · (ข) พัฒนา หมายถึง ข้อ IIT และ EIT ที่ได้ตั้งแต่ {survey['urgent_below']:g} แต่ต่ำกว่า "
        f"{survey['develop_below']:g} คะแนน หรือข้อที่ผู้ประเมินให้ข้อสังเกต · (ค) รักษามาตรฐาน หมายถึง ข้ออื่นที่ได้คะแนนตามเกณฑ์"
    )


def _topic(facts, topic):
    yield heading(3, f"ประเด็นที่ {topic['topic_no']} {topic['topic_th']}")
    yield _topic_items(facts, topic)
    judged = any(topic[kind] for kind in SEVERITIES)
    for kind in ("urgent", "develop"):
        yield paragraph(GROUP_TITLES[kind], "label")
        yield from _findings(facts, topic[kind])
        if not topic[kind]:
            yield paragraph(_none(topic, kind) if judged else NOT_JUDGED_TH, "plain")
    yield paragraph(GROUP_TITLES["keep"], "label")
    if topic["keep"]:
        yield listing(_keep_words(facts, topic["keep"]))
    else:
        yield paragraph(NONE_TH["keep"] if judged else NOT_JUDGED_TH, "plain")
    if topic["remarks_th"]:
        yield paragraph("ข้อสังเกตของผู้ประเมินต่อประเด็นนี้", "label")
        yield listing([f"“{remark}”" for remark in topic["remarks_th"]])


def _none(topic, kind):
    """Why a group is empty: nothing was found, or figures above the items could not tell."""
    if (
        kind == "urgent"
        and topic["develop"]
        and all(f["basis"] != "item" for f in topic["develop"])
    ):
        return "ไม่มีคะแนนรายข้อที่จะชี้จุดอ่อนเร่งด่วนในประเด็นนี้ได้ ให้พิจารณาพร้อมกับข้อ (ข)"
    return NONE_TH[kind]


def _topic_items(facts, topic):
    severities = {f["item"]: f for kind in ("urgent", "develop", "keep") for f in topic[kind]}
    rows = []
    for position in topic["items"]:
        item = facts["items"][position]
        finding = severities.get(position)
        rows.append(
            [
                f"{item['sub_indicator'] or item['indicator_no']} {item['indicator_th']}",
                item["instrument"],
                item_name(item),
                item_title(item),
                bold(thai.score(item["score"])),
                _severity_cell(finding, item),
            ]
        )
    if not rows:
        rows = [["ไม่มีข้อคำถามของปีนี้ที่จัดอยู่ในประเด็นนี้", "", "", "", "", ""]]
    return table(
        [50, 19, 30, 107, 17, 34],
        ["ตัวชี้วัด", "เครื่องมือ", "ข้อคำถาม", "ประเด็นการประเมิน", "คะแนน", "ผลการวิเคราะห์"],
        rows,
        "lcllrl",
    )


def _severity_cell(finding, item):
    if finding is None:
        return "ไม่มีคะแนน"
    fill, words, mark = palette.SEVERITIES[finding["severity"]]
    note = "\n(ผู้ประเมินให้ข้อสังเกต)" if item["flagged"] else ""
    return cell(f"{mark} {words}{note}", fill=fill if fill != "#ffffff" else None)


def _findings(facts, findings):
    """Tables of deficient findings: those that items themselves show, then those judged by a score above them."""
    own = [f for f in findings if f["basis"] == "item"]
    if own:
        yield _findings_by_item(facts, own)
    if len(own) < len(findings):
        yield _findings_from_above(facts, [f for f in findings if f["basis"] != "item"])


def _findings_by_item(facts, findings):
    """One row an item: its parts, where they are told apart, share what is said of them."""
    rows = []
    for _, parts in groupby(findings, key=lambda f: facts["items"][f["item"]]["item_code"]):
        parts = list(parts)
        items = [facts["items"][f["item"]] for f in parts]
        scores = "".join(
            f"\n{PART_TH.get(i['eit_part'], '')}{thai.score(i['score'])}{'' if i['eit_part'] else ' คะแนน'}"
            for i in items
        )
        remarks = dict.fromkeys(remark for f in parts for remark in f["remarks_th"])
        quoted = "".join(f"\nข้อสังเกตของผู้ประเมิน: “{remark}”" for remark in remarks)
        rows.append(
            [
                [bold(f"ข้อ {items[0]['item_code']}"), scores],
                (parts[0]["deficiency_th"] or thai.NONE) + quoted,
                parts[0]["recommendation_th"] or thai.NONE,
                _how_common(facts, items),
            ]
        )
    return table([30, 93, 84, 50], ["ข้อ", "ข้อบกพร่อง", "ข้อเสนอแนะ", "ความถี่ที่พบ"], rows)


def _findings_from_above(facts, findings):
    """Where no item has a score: one row an indicator (or instrument, or the overall score), with the items that it is made of."""
    rows = []
    for (name, score), group in _by_source(facts, findings).items():
        codes = runs([facts["items"][f["item"]]["item_code"] for f in group])
        advice = dict.fromkeys(
            f"ข้อ {facts['items'][f['item']]['item_code']}: {f['recommendation_th']}"
            for f in group
            if f["recommendation_th"]
        )
        rows.append(
            [
                [bold(name), f"\n{thai.score(score)} คะแนน"],
                f"คะแนน{name}ต่ำกว่าเกณฑ์ แต่{group[0]['deficiency_th']}ในประเด็นนี้ คือ {codes}",
                "\n".join(advice) or thai.NONE,
            ]
        )
    return table([45, 82, 130], ["ที่มาของการจัดกลุ่ม", "ข้อบกพร่อง", "ข้อเสนอแนะ"], rows)


def _by_source(facts, findings):
    """{(name, score): findings} of findings that a score above the items judged."""
    indicators = {i["indicator_no"]: i for i in facts["indicators"]}
    found = {}
    for finding in findings:
        item = facts["items"][finding["item"]]
        if finding["basis"] == "indicator":
            source = (
                f"ตัวชี้วัดที่ {item['indicator_no']} {indicators[item['indicator_no']]['indicator_th']}",
                indicators[item["indicator_no"]]["score"],
            )
        elif finding["basis"] == "instrument":
            source = (
                f"เครื่องมือ {item['instrument']}",
                facts["assessment"][f"{item['instrument'].lower()}_score"],
            )
        else:
            source = "ภาพรวม", facts["assessment"]["overall_score"]
        found.setdefault(source, []).append(finding)
    return found


def _how_common(facts, items):
    lines = []
    shared = items[0]["shared"] or {}
    for key, where in (("province", "ในจังหวัด"), ("type", "ประเภทเดียวกัน")):
        if shared.get(key) and shared[key]["assessed"] > 1:
            lines.append(
                f"พบ {thai.count(shared[key]['deficient'])} จาก {thai.count(shared[key]['assessed'])} หน่วยงาน{where}"
            )
    running = max(item["years_running"] or 0 for item in items)
    if running > 1:
        lines.append(f"หน่วยงานพบต่อเนื่อง {running} ปี")
    return "\n".join(lines) or thai.NONE


def _keep_words(facts, findings):
    """One line an indicator (or what else judged the items): its items with their scores, and how to keep the weakest of them."""
    lines = []
    for no, group in groupby(
        [f for f in findings if f["basis"] == "item"],
        key=lambda f: facts["items"][f["item"]]["indicator_no"],
    ):
        group = list(group)
        name = facts["items"][group[0]["item"]]["indicator_th"]
        lines.append(
            [
                bold(f"ตัวชี้วัดที่ {no} {name}"),
                f" {_scored(facts, group)} ควรรักษามาตรฐานไว้{_way_to_keep(facts, group)}",
            ]
        )
    for (name, score), group in _by_source(
        facts, [f for f in findings if f["basis"] != "item"]
    ).items():
        codes = runs([facts["items"][f["item"]]["item_code"] for f in group])
        lines.append(
            [
                bold(name),
                f" ({thai.score(score)}) ข้อ {codes} ควรรักษามาตรฐานไว้{_way_to_keep(facts, group)}",
            ]
        )
    return lines


def _scored(facts, findings):
    """ "ข้อ i1–i6 (100.00), i7 (99.21)": neighbours of the same score together, the first part of EIT before the second."""
    items = sorted(
        (facts["items"][f["item"]] for f in findings), key=lambda i: PART_ORDER.index(i["eit_part"])
    )
    pieces = []
    for (score, part), group in groupby(items, key=lambda i: (i["score"], i["eit_part"])):
        pieces.append(
            f"{runs([i['item_code'] for i in group])} ({PART_TH.get(part, '')}{thai.score(score)})"
        )
    return "ข้อ " + ", ".join(pieces)


def _way_to_keep(facts, findings):
    weakest = min(findings, key=lambda f: (facts["items"][f["item"]]["score"] or 0, f["item"]))
    return (
        f" แนวทางคือ{weakest['recommendation_th'].removeprefix('ควร')}"
        if weakest["recommendation_th"]
        else ""
    )


def _by_indicator(facts):
    if not facts["analysis"]["indicators"]:
        yield paragraph("ไม่มีคะแนนรายตัวชี้วัดในข้อมูลที่ได้รับ จึงวิเคราะห์ตามเจ็ดประเด็นในข้อ 2.1 เท่านั้น", "plain")
    instruments = {i["indicator_no"]: i["instrument"] for i in facts["indicators"]}
    for group in facts["analysis"]["indicators"]:
        no = group["indicator_no"]
        yield heading(
            3,
            f"ตัวชี้วัดที่ {no} {group['indicator_th']} ({instruments[no]}) {thai.score(group['score'])} คะแนน",
        )
        yield paragraph(f"หมายถึง {INDICATOR_MEANINGS[no]}", "note")
        yield table(
            [40, 36, 17, 72, 92],
            ["กลุ่ม", "ข้อคำถาม", "คะแนน", "ประเด็นการประเมิน", "ข้อบกพร่อง / แก้ไข / พัฒนา / รักษามาตรฐาน"],
            [row for kind in SEVERITIES for row in _group_rows(facts, group, kind)],
            "llrll",
        )


def _group_rows(facts, group, kind):
    """The rows of (a), (b) or (c) of one indicator; never none."""
    fill, words, mark = palette.SEVERITIES[kind]
    name = cell(f"{mark} {words}", fill=fill if group[kind] and fill != "#ffffff" else None)
    if not group[kind]:
        return [
            [name, thai.NONE, thai.NONE, thai.NONE, "ไม่พบ" if kind != "keep" else "ยังไม่มีข้อในกลุ่มนี้"]
        ]
    by_item = group[kind][0]["basis"] == "item"
    codes = runs([facts["items"][f["item"]]["item_code"] for f in group[kind]])
    if kind == "keep":
        return [
            [
                name,
                f"ข้อ {codes}",
                thai.NONE,
                f"คะแนน{_scored(facts, group[kind])}" if by_item else "ไม่มีคะแนนรายข้อ",
                f"ควรรักษามาตรฐานไว้{_way_to_keep(facts, group[kind])}",
            ]
        ]
    if not by_item:
        return [
            [
                name,
                f"ข้อ {codes}",
                thai.NONE,
                "ไม่มีคะแนนรายข้อ",
                "คะแนนของตัวชี้วัดต่ำกว่าเกณฑ์ ควรทบทวนทุกข้อ และดำเนินการตามมาตรการในส่วนที่ 3",
            ]
        ]
    return [
        [
            name,
            item_name(item),
            bold(thai.score(item["score"])),
            item_title(item),
            f["recommendation_th"] or thai.NONE,
        ]
        for f in group[kind]
        for item in [facts["items"][f["item"]]]
    ]


# ---- part 3: measures --------------------------------------------------------------------------------------------------------


def _measures(facts):
    year = facts["measures_year"]
    yield page(landscape=True)
    yield heading(
        1, f"ส่วนที่ 3 มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน ประจำปีงบประมาณ พ.ศ. {year}"
    )
    yield paragraph(
        f"การนำผลการวิเคราะห์แต่ละประเด็นไปสู่การปฏิบัติ ระหว่างวันที่ 1 ตุลาคม {year - 1} ถึง 30 กันยายน {year} "
        "ผู้รับผิดชอบที่ขึ้นต้นด้วย “เสนอ:” เป็นข้อเสนอตามประเภทหน่วยงาน ให้หน่วยงานยืนยันหรือแก้ไขก่อนเผยแพร่",
        "plain",
    )
    measures = facts["analysis"]["measures"]
    by_indicator = [
        m
        for m in measures
        if m["topic_no"] not in {t["topic_no"] for t in facts["analysis"]["topics"]}
    ]
    if by_indicator:
        yield heading(2, "มาตรการที่หน่วยงานกำหนดตามตัวชี้วัด")
        yield measures_table(facts, by_indicator)
    for topic in facts["analysis"]["topics"]:
        yield heading(2, f"ประเด็นที่ {topic['topic_no']} {topic['topic_th']}")
        yield measures_table(facts, [m for m in measures if m["topic_no"] == topic["topic_no"]])


def measures_table(facts, measures):
    rows = [
        [
            str(m["measure_no"]),
            _measure_items(m),
            [
                bold(m["measure_th"]),
                *(["\n(มาตรการที่หน่วยงานกำหนด)"] if m["source"] == "own" else []),
            ],
            numbered(m["steps_th"]) or field(f"steps_{m['measure_no']}"),
            _responsible(m),
            time_frame(m),
            _followup(facts, m),
        ]
        for m in measures
    ]
    if not rows:
        rows = [
            ["", "", field("measure"), field("steps"), field("responsible"), "", field("followup")]
        ]
    return table(
        [9, 22, 43, 61, 34, 25, 63],
        [
            "ที่",
            "ตัวชี้วัด / ข้อ",
            "มาตรการ / กิจกรรม",
            "ขั้นตอน / วิธีปฏิบัติ",
            "ผู้รับผิดชอบ",
            "ระยะเวลา",
            "การกำกับติดตามและหลักฐาน",
        ],
        rows,
        "cllllll",
    )


def numbered(steps):
    """One step a line with its number, whatever number it came with."""
    return "\n".join(f"{n}. {re.sub('^[0-9]+[.)] *', '', step)}" for n, step in enumerate(steps, 1))


def _measure_items(m):
    parts = []
    if m["indicator_nos"]:
        parts.append("ตัวชี้วัดที่ " + ", ".join(map(str, sorted(m["indicator_nos"]))))
    if m["item_codes"]:
        parts.append("ข้อ " + runs(m["item_codes"]))
    return "\n".join(parts) or thai.NONE


def _responsible(m):
    tag = f"responsible_{m['measure_no']}"
    if m["responsible_status"] == "own":
        return m["responsible_th"]
    return field(tag, f"เสนอ: {m['responsible_th']}" if m["responsible_th"] else "")


def _followup(facts, m):
    parts = [
        m["followup_th"] or "",
        f"หลักฐาน: {m['evidence_th']}" if m["evidence_th"] else "",
        f"ใช้ประกอบ OIT ข้อ {runs(m['oit_items'])} (รหัสปี\u00a0{facts['rules']['oit_year']})"
        if m["oit_items"]
        else "",
    ]
    lines = [part for part in parts if part]
    if not m["followup_th"] and not m["evidence_th"]:
        proposed = field(
            f"followup_{m['measure_no']}",
            "เสนอ: รายงานความก้าวหน้าต่อผู้บริหารรอบ 6 เดือน (เมษายน) และรอบ 12 เดือน (ตุลาคม)",
        )
        return [proposed, "".join(f"\n{line}" for line in lines)]
    return "\n".join(lines)


# ---- part 4: constraints -----------------------------------------------------------------------------------------------------


def _constraints(facts):
    yield page()
    yield heading(1, "ส่วนที่ 4 ข้อจำกัดของหน่วยงานในการดำเนินการ")
    notes = facts["constraints"]
    if notes:
        kinds = [kind for kind in CONSTRAINT_KINDS if any(n["kind"] == kind for n in notes)]
        rows = [
            [
                CONSTRAINT_KINDS[kind],
                "\n".join(
                    f"{k}. {n['note_th']}"
                    for k, n in enumerate((n for n in notes if n["kind"] == kind), 1)
                ),
            ]
            for kind in kinds
        ]
    else:
        yield paragraph(
            "หน่วยงานยังไม่ได้ส่งข้อมูลข้อจำกัด โปรดระบุข้อจำกัดแต่ละด้านพร้อมแนวทางแก้ไขก่อนเผยแพร่รายงาน "
            "ด้านใดไม่มีข้อจำกัดให้ระบุว่า “ไม่มี”",
            "plain",
        )
        yield table(
            [40, 68, 52],
            ["ข้อจำกัด", "รายละเอียด", "แนวทางแก้ไข"],
            [
                [name, field(f"constraint_{kind}"), field(f"solution_{kind}")]
                for kind, name in CONSTRAINT_KINDS.items()
            ],
        )
        return
    yield table([45, 115], ["ข้อจำกัด", "รายละเอียด"], rows)


# ---- part 5: progress --------------------------------------------------------------------------------------------------------


def _progress(facts):
    year = facts["fiscal_year"]
    yield page(landscape=True)
    yield heading(1, f"ส่วนที่ 5 ผลการดำเนินการตามมาตรการ ประจำปีงบประมาณ พ.ศ. {year}")
    measures = facts["last_measures"]
    if not measures:
        yield paragraph(
            f"ไม่มีมาตรการหรือรายงานความก้าวหน้าของปีงบประมาณ พ.ศ. {year} ในข้อมูลที่ได้รับ หากหน่วยงานมีการดำเนินการแล้ว "
            "โปรดบันทึกผลไว้ในส่วนนี้ก่อนเผยแพร่",
            "plain",
        )
    else:
        yield progress_table(measures)
        yield paragraph(_progress_words(measures), "plain")
    yield heading(
        2, f"แบบรายงานผลการดำเนินการตามมาตรการ ประจำปีงบประมาณ พ.ศ. {facts['measures_year']}"
    )
    yield paragraph(
        "แบบสำหรับรายงานครั้งถัดไป รอบ 6 เดือน (ตุลาคม – มีนาคม) หรือรอบ 12 เดือน (ตุลาคม – กันยายน)", "plain"
    )
    yield empty_progress_table(facts)


def progress_table(measures):
    rows = []
    for m in measures:
        last = m["progress"][-1] if m["progress"] else None
        late = last and last["status"] == "late"
        rows.append(
            [
                str(m["measure_no"]),
                m["measure_th"],
                m["responsible_th"] or thai.NONE,
                stated_steps(m) or thai.NONE,
                "\n".join(
                    part
                    for part in (
                        m["followup_th"],
                        last and last["due_on"] and f"กำหนด {thai.short_date(last['due_on'])}",
                    )
                    if part
                )
                or thai.NONE,
                "\n".join(
                    part
                    for part in (
                        last and last["result_th"],
                        last
                        and last["completed_on"]
                        and f"แล้วเสร็จ {thai.short_date(last['completed_on'])}",
                    )
                    if part
                )
                or thai.NONE,
                cell(
                    ("▼ " if late else "") + STATUS_TH[last["status"] if last else "not_reported"],
                    fill=palette.SEVERITIES["develop"][0] if late else None,
                ),
            ]
        )
    return table(
        [9, 54, 30, 58, 38, 40, 28],
        [
            "ที่",
            "ประเด็น / มาตรการ",
            "ผู้รับผิดชอบ",
            "ขั้นตอนหรือวิธีการ",
            "การกำกับติดตามและกำหนดแล้วเสร็จ",
            "ผลการดำเนินการ",
            "สถานะ",
        ],
        rows,
        "cllllll",
    )


def stated_steps(measure):
    """The steps of a measure as the agency stated them (text, "|" or a line between two), numbered."""
    return numbered(
        [
            step.strip()
            for step in (measure["steps_th"] or "").replace("|", "\n").split("\n")
            if step.strip()
        ]
    )


def _progress_words(measures):
    counts = {}
    for m in measures:
        status = m["progress"][-1]["status"] if m["progress"] else "not_reported"
        counts[status] = counts.get(status, 0) + 1
    return f"สรุป: มาตรการทั้งหมด {len(measures)} มาตรการ " + " · ".join(
        f"{STATUS_TH[s]} {counts[s]} มาตรการ" for s in STATUS_TH if s in counts
    )


def empty_progress_table(facts):
    rows = [
        [
            str(m["measure_no"]),
            m["measure_th"],
            _responsible(m),
            thai.short_date(m["ends_on"]),
            field(f"result_{m['measure_no']}"),
            field(f"completed_{m['measure_no']}"),
            field(f"problem_{m['measure_no']}"),
        ]
        for m in facts["analysis"]["measures"]
    ]
    return table(
        [9, 68, 36, 28, 52, 28, 36],
        [
            "ที่",
            "มาตรการ",
            "ผู้รับผิดชอบ",
            "กำหนด\nแล้วเสร็จ",
            "ผลการดำเนินการ",
            "วันที่\nแล้วเสร็จ",
            "ปัญหา / ข้อเสนอแนะ",
        ],
        rows,
        "cllllll",
    )


# ---- annex -------------------------------------------------------------------------------------------------------------------


def _annex(facts):
    yield page()
    yield heading(1, "ภาคผนวก")
    yield heading(2, "ก. คะแนนรายข้อทั้งหมด")
    yield from _all_items(facts)
    yield heading(2, "ข. วิธีคำนวณและที่มาของตัวเลข")
    yield listing(_method(facts))
    yield heading(2, "ค. รายการตรวจสอบความครบถ้วนก่อนเผยแพร่")
    yield table(
        [12, 118, 30],
        ["ที่", "รายการ", "ผล"],
        [
            [
                str(k),
                [c["rule_th"], *([] if c["met"] else [f"\n{c['action_th']}"])],
                "ครบถ้วน"
                if c["met"]
                else cell(bold("ต้องเพิ่มเติม"), fill=palette.SEVERITIES["develop"][0]),
            ]
            for k, c in enumerate(facts["checklist"], 1)
        ],
        "cll",
    )


def _all_items(facts):
    scored = [i for i in facts["items"] if i["score"] is not None]
    missing = list(dict.fromkeys(i["item_code"] for i in facts["items"] if i["score"] is None))
    if not scored:
        yield paragraph("ข้อมูลที่ได้รับไม่มีคะแนนรายข้อ การวิเคราะห์จึงใช้คะแนนที่ใกล้ข้อนั้นที่สุดเท่าที่มี", "plain")
        return
    yield table(
        [14, 28, 84, 17, 17],
        ["ตัวชี้วัด", "ข้อ", "ประเด็นการประเมิน", "คะแนน", "คะแนนที่เสียไป"],
        [
            [
                i["sub_indicator"] or str(i["indicator_no"]),
                item_name(i),
                item_title(i),
                cell(bold(thai.score(i["score"])), fill=_fill(i["severity"])),
                thai.score(i["points_lost"]),
            ]
            for i in scored
        ],
        "cllrr",
    )
    if missing:
        yield paragraph(
            f"ข้อที่ไม่มีคะแนนในข้อมูลที่ได้รับ: {runs(missing)} (ถือว่าไม่มีข้อมูล ไม่ใช่ศูนย์คะแนน)", "note"
        )


def _fill(kind):
    return palette.SEVERITIES[kind][0] if kind in ("urgent", "develop") else None


def _gap_words(gap):
    """gap: published less recomputed."""
    if gap is None:
        return ""
    if not round(gap, 2):
        return " เท่ากับคะแนนที่ประกาศ"
    return f" {'ต่ำกว่า' if gap > 0 else 'สูงกว่า'}คะแนนที่ประกาศ {thai.score(abs(gap))} คะแนน"


def _method(facts):
    result = facts["assessment"]
    weights = facts["rules"]["weights"]
    basis = {
        "items": "รายข้อทั้งหมด",
        "indicators": "รายตัวชี้วัด",
        "mixed": "รายข้อและรายตัวชี้วัด",
        "partial": "รายข้อเท่าที่มี",
    }
    lines = [
        "คะแนนภาพรวม = "
        + " + ".join(f"{name} × {weight / 100:.2f}" for name, weight in weights.items())
        + " โดยแต่ละเครื่องมือเป็นค่าเฉลี่ยของตัวชี้วัด",
        (
            "ตัวชี้วัด IIT เป็นค่าเฉลี่ยของข้อ ตัวชี้วัด EIT เป็นค่าเฉลี่ยของส่วนที่ 1 และส่วนที่ 2 ที่มีน้ำหนักเท่ากัน "
            "ตัวชี้วัด OIT เป็นค่าเฉลี่ยของตัวชี้วัดย่อย"
        ),
        "ปัดเศษครึ่งขึ้นเป็นทศนิยมสองตำแหน่งเฉพาะเมื่อแสดงผลและเปรียบเทียบ ข้อที่ไม่มีคะแนนถือว่าไม่มีข้อมูล",
        "ใช้คะแนนที่ประกาศเป็นหลักในการจัดระดับและลำดับ"
        if result["score_source"] == "published"
        else "หน่วยงานไม่มีคะแนนที่ประกาศ จึงใช้คะแนนที่คำนวณตามเกณฑ์",
    ]
    if result["recomputed_score"] is not None:
        gap = _gap_words(result["score_gap"])
        lines.append(
            f"คะแนนที่คำนวณซ้ำจาก{basis.get(result['recomputed_basis'], 'ข้อมูลที่มี')}คือ "
            f"{thai.score(result['recomputed_score'])} คะแนน{gap}"
        )
    lines += [
        "ลำดับ: คะแนนเท่ากัน (ทศนิยมสองตำแหน่ง) ได้ลำดับเดียวกันและข้ามลำดับถัดไป",
        "คะแนนที่เสียไป = (100 − คะแนนข้อ) × น้ำหนักของข้อในคะแนนภาพรวม",
        [
            "รหัสชุดข้อมูล ",
            verbatim(facts["build"]["build_id"]),
            f" วันที่ {thai.long_date(facts['build']['date'])}",
        ],
    ]
    if any(item_title(item).endswith("*") for item in facts["items"]):
        lines.append("เครื่องหมาย * หมายถึงข้อที่แสดงสาระโดยสรุป เพราะไม่มีถ้อยคำทางการของข้อนั้นในข้อมูลอ้างอิง")
    if any(item.get("topic_status") == "derived" for item in facts["items"]):
        codes = dict.fromkeys(
            i["item_code"] for i in facts["items"] if i.get("topic_status") == "derived"
        )
        every = len(codes) == len({i["item_code"] for i in facts["items"]})
        which = "ข้อทั้งหมดของปีนี้" if every else "ข้อ " + runs(list(codes))
        lines.append(f"การจัดข้อเข้าประเด็น: {which} จัดตามความหมายของข้อ (ไม่มีเอกสารต้นแบบกำหนดไว้)")
    return lines
