"""The pack as a report: what it says, in which order. Facts with their analysis in, blocks out (`reports.blocks`)."""

from reports import charts, palette, thai
from reports.analysis import best_and_weakest, item_name, item_title, time_frame
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

PARTS = [("IIT", "iit_score", "IIT", "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน"),
         ("EIT.public", "eit_public_score", "EIT ส่วนที่ 1", "ผู้รับบริการหรือผู้ติดต่อตอบด้วยตนเอง"),
         ("EIT.survey", "eit_survey_score", "EIT ส่วนที่ 2", "ผู้ประเมินเก็บข้อมูลจากผู้รับบริการ"),
         ("OIT", "oit_score", "OIT", "แบบวัดการเปิดเผยข้อมูลสาธารณะ")]
ASSESSMENT_TH = "การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ"
CONSTRAINT_KINDS = {"staff": "ด้านบุคลากร (Man)", "budget": "ด้านงบประมาณ (Money)", "technology": "ด้านเทคโนโลยี",
                    "method": "ด้านวิธีการ (Method)", "material": "ด้านวัสดุอุปกรณ์ (Material)"}
GROUP_TITLES = {"urgent": "(ก) จุดอ่อนที่ต้องแก้ไขโดยเร่งด่วน", "develop": "(ข) ประเด็นที่ต้องพัฒนาให้ดีขึ้น",
                "keep": "(ค) มาตรฐานที่ต้องรักษาไว้"}
STATUS_TH = {"done": "แล้วเสร็จ", "late": "แล้วเสร็จล่าช้ากว่ากำหนด", "in_progress": "อยู่ระหว่างดำเนินการ", "not_reported": "ยังไม่รายงาน"}
NONE_TH = {"urgent": "ไม่พบจุดอ่อนที่ต้องแก้ไขโดยเร่งด่วนในประเด็นนี้", "develop": "ไม่พบประเด็นที่ต้องพัฒนาเพิ่มเติมตามเกณฑ์ในประเด็นนี้",
           "keep": "ยังไม่มีข้อใดอยู่ในกลุ่มที่รักษามาตรฐาน จึงควรเร่งดำเนินการตามข้อ (ก) และ (ข) ก่อน"}


def report(facts: dict) -> list[dict]:
    """All blocks of one agency's pack, in Arabic digits; `facts` with `analysis` and `checklist` (see `pack.schema.json`)."""
    return [*_front(facts), *_results(facts), *_analysis(facts), *_measures(facts), *_constraints(facts), *_progress(facts), *_annex(facts)]


def title(facts: dict) -> str:
    return f"รายงานการวิเคราะห์ผลการประเมิน ITA ปีงบประมาณ พ.ศ. {facts['fiscal_year']} {facts['agency']['name_th']}"


# ---- front matter ------------------------------------------------------------------------------------------------------------

def _front(facts):
    agency, result, year = facts["agency"], facts["assessment"], facts["fiscal_year"]
    build = facts["build"]
    level = _quoted_level(result)
    badge = [f"{thai.score(result['overall_score'])} คะแนน", f"ระดับ {level}" if level.isascii() else f"ระดับ{level}"]
    yield cover(
        [f"รายงานการวิเคราะห์ผล{ASSESSMENT_TH}", "(Integrity and Transparency Assessment: ITA)", f"ประจำปีงบประมาณ พ.ศ. {year}"],
        ["และมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน", f"ประจำปีงบประมาณ พ.ศ. {year + 1}"],
        agency["name_th"], thai.place(agency), badge, result["level_code"],
        [f"ข้อมูล ณ วันที่ {thai.long_date(build['date'])}", ["รหัสชุดข้อมูล ", verbatim(build["build_id"])]])
    yield page()
    yield heading(1, "คำนำ")
    yield paragraph(f"{ASSESSMENT_TH} (ITA) เป็นเครื่องมือที่สำนักงาน ป.ป.ช. ใช้ส่งเสริมให้หน่วยงานภาครัฐทราบสถานะด้านคุณธรรมและ"
                    "ความโปร่งใสของตน และนำผลไปปรับปรุงการปฏิบัติงาน การให้บริการ และการเปิดเผยข้อมูลต่อสาธารณะ")
    yield paragraph(f"รายงานฉบับนี้วิเคราะห์ผลการประเมินประจำปีงบประมาณ พ.ศ. {year} ของ{agency['name_th']} ครบทั้งเจ็ดประเด็นและ"
                    f"ทุกตัวชี้วัด ระบุจุดอ่อนที่ต้องแก้ไขโดยเร่งด่วน ประเด็นที่ต้องพัฒนา และมาตรฐานที่ต้องรักษาไว้ แล้วกำหนดมาตรการ"
                    f"ส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงานประจำปีงบประมาณ พ.ศ. {year + 1} พร้อมขั้นตอน ผู้รับผิดชอบ ระยะเวลา "
                    "และการกำกับติดตาม เพื่อให้ผู้บริหารและบุคลากรทุกระดับใช้เป็นแนวทางปฏิบัติร่วมกัน")
    yield paragraph([agency["name_th"], "\n", thai.place(agency)], "sign")
    yield page()
    yield heading(1, "สารบัญ")
    yield contents()


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
    opening = (f"{agency['name_th']} ได้คะแนนภาพรวม {thai.score(result['overall_score'])} คะแนน ผลการประเมินอยู่ในระดับ "
               f"“{_quoted_level(result)}”")
    yield paragraph([bold(opening), f" เหตุผลของระดับคือ {result['level_reason_th']}" if result["level_reason_th"] else ""])
    rows = [["คะแนนภาพรวม", bold(f"{thai.score(result['overall_score'])} คะแนน"), _against_last_year(facts)]]
    means = facts["means"].get("overall", {})
    for _key, scope, rank, size, change in _ranks(facts):
        if rank is not None:
            rows.append([f"ลำดับ{scope}", f"{thai.count(rank)} จาก {thai.count(size)} หน่วยงาน", _movement(change)])
    if ranking and (ranking.get("national_count") or 0) > 1:
        rows.append(["ตำแหน่งเทียบทั้งประเทศ", f"สูงกว่าร้อยละ {thai.score(ranking['percentile'])} ของหน่วยงานทั้งหมด", ""])
    rows.append(["ค่าเฉลี่ยคะแนนภาพรวม", _means_line(means), ""])
    published = [f"{name} ลำดับที่ {thai.count(result[key])}" for key, name in
                 (("published_province_rank", "ในจังหวัด"), ("published_type_rank", "ในประเทศตามประเภท")) if result.get(key)]
    if published:
        rows.append(["ลำดับตามประกาศ", " · ".join(published), "ตามเอกสารที่หน่วยงานเผยแพร่"])
    yield table([42, 66, 52], ["รายการ", "ผล", "เทียบกับปีก่อน"], rows, together=True)
    if result.get("provisional"):
        yield paragraph("ผลการประเมินปีนี้ยังเป็นผลเบื้องต้น อาจเปลี่ยนแปลงเมื่อมีการประกาศผลอย่างเป็นทางการ", "note")


def _against_last_year(facts):
    last = _last_year(facts)
    if last is None or facts["assessment"]["overall_score"] is None:
        return "ไม่มีผลของปีก่อน"
    difference = round(facts["assessment"]["overall_score"] - last["overall_score"], 2)
    return f"{thai.signed(difference)} จาก {thai.score(last['overall_score'])} คะแนน"


def _last_year(facts):
    return next((h for h in facts["history"] if h["fiscal_year"] == facts["fiscal_year"] - 1 and h["overall_score"] is not None), None)


def _ranks(facts):
    r, agency = facts["ranking"] or {}, facts["agency"]
    return [("province", f"ในจังหวัด{agency['province_th'] or ''}" if agency["province_code"] != "10" else "ในกรุงเทพมหานคร",
             r.get("province_rank"), r.get("province_count"), r.get("province_rank_change")),
            ("province_type", f"ในจังหวัด เฉพาะ{agency['agency_type_th']}" if agency["province_code"] != "10" else
             f"ในกรุงเทพมหานคร เฉพาะ{agency['agency_type_th']}", r.get("province_type_rank"), r.get("province_type_count"), None),
            ("type", f"ในประเทศ เฉพาะ{agency['agency_type_th']}", r.get("type_rank"), r.get("type_count"), r.get("type_rank_change")),
            ("national", "ในประเทศ ทุกประเภท", r.get("national_rank"), r.get("national_count"), r.get("rank_change"))]


def _movement(change):
    if change is None:
        return thai.NONE
    if change == 0:
        return "เท่าเดิม"
    return f"▲ ดีขึ้น {thai.count(change)} ลำดับ" if change > 0 else f"▼ ลดลง {thai.count(-change)} ลำดับ"


def _means_line(means):
    names = (("province", "จังหวัด"), ("type", "ประเภทเดียวกัน"), ("national", "ประเทศ"))
    return " · ".join(f"{name} {thai.score(means[key])}" for key, name in names if means.get(key) is not None) or thai.NONE


def _parts(facts):
    result, weights = facts["assessment"], facts["rules"]["weights"]
    yield heading(2, "1.2 คะแนนตามเครื่องมือการประเมิน")
    rows = []
    for code, column, name, meaning in PARTS:
        if code == "EIT.public":
            rows.append(_part_row(facts, "EIT", result["eit_score"], "EIT", "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก", weights.get("EIT")))
        rows.append(_part_row(facts, code, result[column], name, meaning, weights.get(code)))
    yield table([22, 42, 18, 19, 19, 20, 20], ["เครื่องมือ", "ความหมาย", "น้ำหนัก (ร้อยละ)", "คะแนน", "จังหวัด", "ประเภท", "ประเทศ"],
                rows, "llcrrrr", together=True)
    yield paragraph("สามสดมภ์ท้ายเป็นค่าเฉลี่ยของหน่วยงานในจังหวัด ของหน่วยงานประเภทเดียวกัน และของทั้งประเทศ เครื่องหมาย – หมายถึงไม่มีข้อมูล", "note")


def _part_row(facts, code, score, name, meaning, weight):
    means = facts["means"].get(code, {})
    return [bold(name), meaning, f"{weight:g}" if weight else "", bold(thai.score(score)),
            *(thai.score(means.get(key)) for key in ("province", "type", "national"))]


def _indicators(facts):
    yield heading(2, "1.3 คะแนนตามตัวชี้วัด")
    if not facts["indicators"]:
        yield paragraph("ไม่มีคะแนนรายตัวชี้วัดในข้อมูลที่ได้รับ")
        return
    rows = []
    for i in facts["indicators"]:
        means = facts["means"].get(str(i["indicator_no"]), {})
        rows.append([str(i["indicator_no"]), i["indicator_th"], i["instrument"], bold(thai.score(i["score"])), thai.signed(i["change"]),
                     *(thai.score(means.get(key)) for key in ("province", "type", "national"))])
    yield table([9, 40, 16, 19, 19, 19, 19, 19],
                ["ที่", "ตัวชี้วัด", "เครื่องมือ", "คะแนน", "เทียบปีก่อน", "จังหวัด", "ประเภท", "ประเทศ"], rows, "clcrrrrr", together=True)
    if sum(i["score"] is not None for i in facts["indicators"]) > 2:
        spoken = ", ".join(f"{i['indicator_th']} {thai.score(i['score'])}" for i in facts["indicators"])
        yield chart(charts.radar(facts["indicators"], facts["means"]), "แผนภาพที่ 1 คะแนนรายตัวชี้วัดเทียบกับค่าเฉลี่ย",
                    f"แผนภูมิใยแมงมุมของคะแนนรายตัวชี้วัด: {spoken}")
        yield chart(charts.bars(facts["indicators"], facts["means"], facts["rules"]["pass_min"]),
                    "แผนภาพที่ 2 คะแนนรายตัวชี้วัดและค่าเฉลี่ยของจังหวัด ประเภท และประเทศ",
                    f"แผนภูมิแท่งของคะแนนรายตัวชี้วัด: {spoken}")


def _history(facts):
    yield heading(2, "1.4 แนวโน้มย้อนหลังห้าปี")
    history = facts["history"]
    if len(history) < 2:
        yield paragraph(f"ข้อมูลของหน่วยงานเริ่มมีในปีงบประมาณ พ.ศ. {facts['fiscal_year']} จึงยังไม่มีแนวโน้มให้เปรียบเทียบ "
                        "รายงานปีถัดไปจะแสดงแนวโน้มในส่วนนี้")
        return
    spoken = ", ".join(f"ปี {h['fiscal_year']} {thai.score(h['overall_score'])}" for h in history)
    yield chart(charts.trend(history, facts["rules"]["pass_min"]), "แผนภาพที่ 3 คะแนนภาพรวมย้อนหลัง", f"แผนภูมิเส้นของคะแนนภาพรวม: {spoken}")
    rows = [[str(h["fiscal_year"]), bold(thai.score(h["overall_score"])), h["level_th"] or thai.NONE, _rank_of(h, "province"),
             _rank_of(h, "type"), _rank_of(h, "national")] for h in history]
    yield table([22, 20, 28, 28, 31, 31], ["ปีงบประมาณ", "คะแนน", "ระดับ", "ลำดับในจังหวัด", "ลำดับในประเภท", "ลำดับในประเทศ"], rows, "crlrrr", together=True)
    years = [h["fiscal_year"] for h in history]
    rows = [[str(i["indicator_no"]), i["indicator_th"],
             *(thai.score(h["indicators"].get(str(i["indicator_no"]))) for h in history)] for i in facts["indicators"]]
    if rows:
        yield table([10, 150 - 20 * len(years), *[20] * len(years)], ["ที่", "ตัวชี้วัด", *(f"ปี {y}" for y in years)], rows,
                    "cl" + "r" * len(years), together=True)


def _rank_of(row, scope):
    rank, size = row.get(f"{scope}_rank"), row.get(f"{scope}_count")
    return f"{thai.count(rank)} / {thai.count(size)}" if rank is not None else thai.NONE


def _strengths(facts):
    best, weakest = best_and_weakest(facts)
    if not best:
        return
    yield heading(2, "1.5 จุดแข็งและจุดที่ควรให้ความสำคัญ")
    rows = [[_indicator_score(best, k), _indicator_score(weakest, k)] for k in range(max(len(best), len(weakest)))]
    yield table([80, 80], ["ตัวชี้วัดที่ได้คะแนนสูงสุด", "ตัวชี้วัดที่ควรให้ความสำคัญก่อน"], rows, together=True)
    lost = sorted((i for i in facts["items"] if i["points_lost"]), key=lambda i: -i["points_lost"])[:5]
    if lost:
        yield paragraph("ข้อที่ทำให้คะแนนภาพรวมลดลงมากที่สุด", "label")
        yield table([28, 92, 18, 22], ["ข้อ", "ประเด็นการประเมิน", "คะแนน", "คะแนนภาพรวมที่เสียไป"],
                    [[item_name(i), item_title(i), thai.score(i["score"]), thai.score(i["points_lost"])] for i in lost], "llrr", together=True)


def _indicator_score(indicators, k):
    if k >= len(indicators):
        return ""
    return [f"ตัวชี้วัดที่ {indicators[k]['indicator_no']} {indicators[k]['indicator_th']}  ", bold(thai.score(indicators[k]["score"]))]


def _path(facts):
    path = facts["level_path"]
    yield heading(2, "1.6 ระยะห่างจากระดับถัดไป")
    if path is None:
        yield paragraph("ไม่มีข้อมูลเพียงพอที่จะคำนวณระยะห่างจากระดับถัดไป")
    elif not path["next_level_code"]:
        yield paragraph("หน่วยงานอยู่ในระดับสูงสุดแล้ว แนวทางสำหรับปีถัดไปคือการรักษามาตรฐานตามมาตรการในส่วนที่ 3")
    else:
        needed = (f"ต้องได้คะแนนภาพรวมเพิ่มอีก {thai.score(path['points_needed'])} คะแนน" if path["points_needed"] else
                  "คะแนนภาพรวมถึงเกณฑ์แล้ว แต่ต้องยกระดับคะแนนรายส่วนให้ถึงเกณฑ์")
        yield paragraph(f"ระดับถัดไปคือ “{path['next_level_th']}” {needed}")
        if path["reachable"] and path["item_codes"]:
            titles = {i["item_code"]: item_title(i) for i in facts["items"]}
            yield paragraph(f"ทางที่สั้นที่สุดคือการแก้ไข {len(path['item_codes'])} ข้อต่อไปนี้ให้ได้คะแนนเต็ม โดยข้ออื่นไม่ลดลง", "plain")
            yield listing([[bold(f"ข้อ {code}"), f" {titles.get(code, '')}"] for code in path["item_codes"]])
        elif path["reachable"] is False:
            yield paragraph("การแก้ไขรายข้อให้เต็มทุกข้อยังไม่เพียงพอ เพราะคะแนนที่ประกาศต่ำกว่าคะแนนที่คำนวณจากรายข้อ "
                            "ควรตรวจสอบรายละเอียดคะแนนกับสำนักงาน ป.ป.ช.")
        else:
            yield paragraph("ข้อมูลรายข้อไม่ครบ จึงยังระบุข้อที่ควรแก้ไขเพื่อเลื่อนระดับไม่ได้")


# ---- part 2: analysis --------------------------------------------------------------------------------------------------------

def _analysis(facts):
    yield page(landscape=True)
    yield heading(1, "ส่วนที่ 2 การวิเคราะห์ผลการประเมิน")
    yield paragraph("คำอธิบายการจัดกลุ่ม: " + _severity_words(facts), "note")
    yield heading(2, "2.1 การวิเคราะห์ตามเจ็ดประเด็น")
    topics = facts["analysis"]["topics"]
    if any(f["basis"] == "indicator" for topic in topics for kind in ("urgent", "develop", "keep") for f in topic[kind]):
        yield paragraph("ข้อที่ไม่แสดงคะแนนจัดกลุ่มตามคะแนนของตัวชี้วัด เพราะข้อมูลที่ได้รับไม่มีคะแนนรายข้อของตัวชี้วัดนั้น", "note")
    for topic in topics:
        yield from _topic(facts, topic)
    yield heading(2, "2.2 การวิเคราะห์ตามตัวชี้วัด")
    yield from _by_indicator(facts)


def _severity_words(facts):
    rule = facts["rules"]["severity"]
    survey = rule.get("IIT") or rule.get("EIT")
    return (f"(ก) แก้ไขโดยเร่งด่วน หมายถึง ข้อ OIT ที่ได้ต่ำกว่า {rule['OIT']['urgent_below']:g} คะแนน หรือข้อ IIT และ EIT ที่ได้ต่ำกว่า "
            f"{survey['urgent_below']:g} คะแนน · (ข) พัฒนา หมายถึง ข้อ IIT และ EIT ที่ได้ตั้งแต่ {survey['urgent_below']:g} แต่ต่ำกว่า "
            f"{survey['develop_below']:g} คะแนน หรือข้อที่ผู้ประเมินให้ข้อสังเกต · (ค) รักษามาตรฐาน หมายถึง ข้ออื่นที่ได้คะแนนตามเกณฑ์")


def _topic(facts, topic):
    yield heading(3, f"ประเด็นที่ {topic['topic_no']} {topic['topic_th']}")
    yield _topic_items(facts, topic)
    for kind in ("urgent", "develop"):
        yield paragraph(GROUP_TITLES[kind], "label")
        if topic[kind]:
            yield _findings_table(facts, topic[kind])
        else:
            yield paragraph(NONE_TH[kind], "plain")
    yield paragraph(GROUP_TITLES["keep"], "label")
    yield paragraph(_keep_words(facts, topic), "plain")
    if topic["remarks_th"]:
        yield paragraph("ข้อสังเกตของผู้ประเมินต่อประเด็นนี้: " + " / ".join(f"“{r}”" for r in topic["remarks_th"]), "plain")


def _topic_items(facts, topic):
    severities = {f["item"]: f for kind in ("urgent", "develop", "keep") for f in topic[kind]}
    names = {i["indicator_no"]: i["indicator_th"] for i in facts["indicators"]}
    rows = []
    for position in topic["items"]:
        item = facts["items"][position]
        finding = severities.get(position)
        rows.append([f"{item['sub_indicator'] or item['indicator_no']} {names.get(item['indicator_no'], '')}", item["instrument"],
                     item_name(item), item_title(item), bold(thai.score(item["score"])), _severity_cell(finding, item)])
    if not rows:
        rows = [["ไม่มีข้อคำถามของปีนี้ที่จัดอยู่ในประเด็นนี้", "", "", "", "", ""]]
    return table([44, 19, 34, 109, 17, 34], ["ตัวชี้วัด", "เครื่องมือ", "ข้อคำถาม", "ประเด็นการประเมิน", "คะแนน", "ผลการวิเคราะห์"], rows, "lcllrl")


def _severity_cell(finding, item):
    if finding is None:
        return "ไม่มีคะแนน"
    fill, words, mark = palette.SEVERITIES[finding["severity"]]
    note = "\n(ผู้ประเมินให้ข้อสังเกต)" if item["flagged"] else ""
    return cell(f"{mark} {words}{note}", fill=fill if fill != "#ffffff" else None)


def _findings_table(facts, findings):
    if all(finding["basis"] == "indicator" for finding in findings):
        return _findings_by_indicator(facts, findings)
    rows = []
    for finding in findings:
        item = facts["items"][finding["item"]]
        quoted = "".join(f"\nข้อสังเกตของผู้ประเมิน: “{remark}”" for remark in finding["remarks_th"])
        rows.append([[bold(item_name(item)), f"\n{thai.score(item['score'])} คะแนน"],
                     (finding["deficiency_th"] or thai.NONE) + quoted, finding["recommendation_th"] or thai.NONE, _how_common(facts, item)])
    return table([30, 93, 84, 50], ["ข้อ", "ข้อบกพร่อง", "ข้อเสนอแนะ", "ความถี่ที่พบ"], rows)


def _findings_by_indicator(facts, findings):
    """Where no item has a score: one row an indicator, with the items that it is made of."""
    rows = []
    for indicator in facts["indicators"]:
        own = [f for f in findings if facts["items"][f["item"]]["indicator_no"] == indicator["indicator_no"]]
        if own:
            codes = ", ".join(dict.fromkeys(facts["items"][f["item"]]["item_code"] for f in own))
            rows.append([[bold(f"ตัวชี้วัดที่ {indicator['indicator_no']}"), f"\n{thai.score(indicator['score'])} คะแนน"],
                         f"ไม่มีคะแนนรายข้อ คะแนนของตัวชี้วัดอยู่ในเกณฑ์ที่ต้องปรับปรุง ข้อที่เกี่ยวข้องในประเด็นนี้คือ {codes}",
                         own[0]["recommendation_th"] or thai.NONE, thai.NONE])
    return table([30, 93, 84, 50], ["ตัวชี้วัด", "ข้อบกพร่อง", "ข้อเสนอแนะ", "ความถี่ที่พบ"], rows)


def _how_common(facts, item):
    lines = []
    shared = item["shared"] or {}
    for key, where in (("province", "ในจังหวัด"), ("type", "ในประเภทเดียวกัน")):
        if shared.get(key):
            lines.append(f"พบ {thai.count(shared[key]['deficient'])} จาก {thai.count(shared[key]['assessed'])} หน่วยงาน{where}")
    if (item["years_running"] or 0) > 1:
        lines.append(f"พบต่อเนื่อง {item['years_running']} ปี")
    return "\n".join(lines) or thai.NONE


def _keep_words(facts, topic):
    if not topic["keep"]:
        return NONE_TH["keep"]
    indicators = all(f["basis"] == "indicator" for f in topic["keep"])
    if indicators:
        numbers = dict.fromkeys(facts["items"][f["item"]]["indicator_no"] for f in topic["keep"])
        names = ", ".join(f"ตัวชี้วัดที่ {i['indicator_no']} {i['indicator_th']} ({thai.score(i['score'])})"
                          for i in facts["indicators"] if i["indicator_no"] in numbers)
        return f"{names} ได้คะแนนในเกณฑ์ดี ควรรักษามาตรฐานไว้ และปรับปรุงข้อมูลให้เป็นปัจจุบันอย่างต่อเนื่อง"
    items = [facts["items"][f["item"]] for f in topic["keep"]]
    names = ", ".join(f"{item_name(i)} ({thai.score(i['score'])})" if i["score"] is not None else f"{item_name(i)} (ไม่มีคะแนนรายข้อ)"
                      for i in items)
    return f"{names} ได้คะแนนตามเกณฑ์ ควรรักษามาตรฐานไว้ ทบทวนแนวปฏิบัติเป็นระยะ และปรับปรุงข้อมูลให้เป็นปัจจุบันอย่างต่อเนื่อง"


def _by_indicator(facts):
    rows = []
    for group in facts["analysis"]["indicators"]:
        rows.append([[bold(f"ตัวชี้วัดที่ {group['indicator_no']}"), f"\n{group['indicator_th']}"], bold(thai.score(group["score"])),
                     *(_group_words(facts, group, kind) for kind in ("urgent", "develop", "keep"))])
    if not rows:
        yield paragraph("ไม่มีคะแนนรายตัวชี้วัดในข้อมูลที่ได้รับ จึงวิเคราะห์ตามเจ็ดประเด็นในข้อ 2.1 เท่านั้น", "plain")
        return
    yield table([42, 17, 70, 70, 58], ["ตัวชี้วัด", "คะแนน", *GROUP_TITLES.values()], rows, "lrlll")


def _group_words(facts, group, kind):
    findings = group[kind]
    if not findings:
        return "ไม่มี" if kind != "keep" else "ยังไม่มีข้อในกลุ่มนี้"
    if all(f["basis"] == "indicator" for f in findings):
        return ("ควรรักษามาตรฐานของตัวชี้วัดนี้ไว้" if kind == "keep" else "คะแนนตัวชี้วัดต่ำกว่าเกณฑ์ ควรดำเนินการตามมาตรการในส่วนที่ 3") + \
            " (ไม่มีคะแนนรายข้อ)"
    items = [facts["items"][f["item"]] for f in findings]
    if kind == "keep":
        return ", ".join(item_name(i) for i in items) + " ควรรักษามาตรฐานไว้"
    return "\n".join(f"{item_name(i)} ({thai.score(i['score'])}) {_short(i['title_th'])}" for i in items)


def _short(text, limit=60):
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"


# ---- part 3: measures --------------------------------------------------------------------------------------------------------

def _measures(facts):
    year = facts["measures_year"]
    yield page(landscape=True)
    yield heading(1, f"ส่วนที่ 3 มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน ประจำปีงบประมาณ พ.ศ. {year}")
    yield paragraph(f"การนำผลการวิเคราะห์แต่ละประเด็นไปสู่การปฏิบัติ ระหว่างวันที่ 1 ตุลาคม {year - 1} ถึง 30 กันยายน {year} "
                    "ผู้รับผิดชอบที่ขึ้นต้นด้วย “เสนอ:” เป็นข้อเสนอตามประเภทหน่วยงาน ให้หน่วยงานยืนยันหรือแก้ไขก่อนเผยแพร่", "plain")
    measures = facts["analysis"]["measures"]
    by_indicator = [m for m in measures if m["topic_no"] not in {t["topic_no"] for t in facts["analysis"]["topics"]}]
    if by_indicator:
        yield heading(2, "มาตรการที่หน่วยงานกำหนดตามตัวชี้วัด")
        yield measures_table(facts, by_indicator)
    for topic in facts["analysis"]["topics"]:
        yield heading(2, f"ประเด็นที่ {topic['topic_no']} {topic['topic_th']}")
        yield measures_table(facts, [m for m in measures if m["topic_no"] == topic["topic_no"]])


def measures_table(facts, measures):
    rows = [[str(m["measure_no"]), _measure_items(m), [bold(m["measure_th"]), *(["\n(มาตรการที่หน่วยงานกำหนด)"] if m["source"] == "own" else [])],
             "\n".join(f"{n}. {step.lstrip('0123456789.) ')}" for n, step in enumerate(m["steps_th"], 1)) or field(f"steps_{m['measure_no']}"),
             _responsible(m), time_frame(m), _followup(m)] for m in measures]
    if not rows:
        rows = [["", "", field("measure"), field("steps"), field("responsible"), "", field("followup")]]
    return table([9, 24, 46, 66, 35, 28, 49], ["ที่", "ตัวชี้วัด / ข้อ", "มาตรการ / กิจกรรม", "ขั้นตอน / วิธีปฏิบัติ",
                                               "ผู้รับผิดชอบ", "ระยะเวลา", "การกำกับติดตามและหลักฐาน"], rows, "cllllll")


def _measure_items(m):
    parts = []
    if m["indicator_nos"]:
        parts.append("ตัวชี้วัดที่ " + ", ".join(map(str, sorted(m["indicator_nos"]))))
    if m["item_codes"]:
        parts.append("ข้อ " + ", ".join(m["item_codes"]))
    return "\n".join(parts) or thai.NONE


def _responsible(m):
    tag = f"responsible_{m['measure_no']}"
    if m["responsible_status"] == "own":
        return m["responsible_th"]
    return field(tag, f"เสนอ: {m['responsible_th']}" if m["responsible_th"] else "")


def _followup(m):
    parts = [m["followup_th"] or "", f"หลักฐาน: {m['evidence_th']}" if m["evidence_th"] else "",
             f"ใช้ประกอบ OIT ข้อ {', '.join(m['oit_items'])}" if m["oit_items"] else ""]
    text = "\n".join(part for part in parts if part)
    return text or field(f"followup_{m['measure_no']}", "เสนอ: รายงานความก้าวหน้าต่อผู้บริหารรอบ 6 เดือน (เมษายน) และรอบ 12 เดือน (ตุลาคม)")


# ---- part 4: constraints -----------------------------------------------------------------------------------------------------

def _constraints(facts):
    yield page()
    yield heading(1, "ส่วนที่ 4 ข้อจำกัดของหน่วยงานในการดำเนินการ")
    notes = facts["constraints"]
    if notes:
        kinds = [kind for kind in CONSTRAINT_KINDS if any(n["kind"] == kind for n in notes)]
        rows = [[CONSTRAINT_KINDS[kind], "\n".join(f"{k}. {n['note_th']}" for k, n in
                                                   enumerate((n for n in notes if n["kind"] == kind), 1))] for kind in kinds]
    else:
        yield paragraph("หน่วยงานยังไม่ได้ส่งข้อมูลข้อจำกัด โปรดระบุข้อจำกัดด้านบุคลากร งบประมาณ เทคโนโลยี วิธีการ และวัสดุอุปกรณ์ "
                        "พร้อมแนวทางแก้ไข ก่อนเผยแพร่รายงาน", "plain")
        rows = [[name, field(f"constraint_{kind}")] for kind, name in CONSTRAINT_KINDS.items()]
    yield table([45, 115], ["ข้อจำกัด", "รายละเอียด"], rows)


# ---- part 5: progress --------------------------------------------------------------------------------------------------------

def _progress(facts):
    year = facts["fiscal_year"]
    yield page(landscape=True)
    yield heading(1, f"ส่วนที่ 5 ผลการดำเนินการตามมาตรการ ประจำปีงบประมาณ พ.ศ. {year}")
    measures = facts["last_measures"]
    if not measures:
        yield paragraph(f"ไม่มีมาตรการหรือรายงานความก้าวหน้าของปีงบประมาณ พ.ศ. {year} ในข้อมูลที่ได้รับ หากหน่วยงานมีการดำเนินการแล้ว "
                        "โปรดบันทึกผลในแบบรายงานด้านล่าง", "plain")
    else:
        yield progress_table(measures)
        yield paragraph(_progress_words(measures), "plain")
    yield heading(2, f"แบบรายงานผลการดำเนินการตามมาตรการ ประจำปีงบประมาณ พ.ศ. {facts['measures_year']} (สำหรับรายงานครั้งถัดไป)")
    yield empty_progress_table(facts)


def progress_table(measures):
    rows = []
    for m in measures:
        last = m["progress"][-1] if m["progress"] else None
        late = last and last["status"] == "late"
        rows.append([str(m["measure_no"]), m["measure_th"], m["responsible_th"] or thai.NONE, _lines(m["steps_th"]),
                     "\n".join(part for part in (m["followup_th"], last and last["due_on"] and f"กำหนด {thai.short_date(last['due_on'])}") if part)
                     or thai.NONE,
                     "\n".join(part for part in (last and last["result_th"], last and last["completed_on"]
                                                 and f"แล้วเสร็จ {thai.short_date(last['completed_on'])}") if part) or thai.NONE,
                     cell(("▼ " if late else "") + STATUS_TH[last["status"] if last else "not_reported"],
                          fill=palette.SEVERITIES["develop"][0] if late else None)])
    return table([9, 54, 30, 58, 38, 40, 28], ["ที่", "ประเด็น / มาตรการ", "ผู้รับผิดชอบ", "ขั้นตอนหรือวิธีการ", "การกำกับติดตามและกำหนดแล้วเสร็จ",
                                               "ผลการดำเนินการ", "สถานะ"], rows, "cllllll")


def _lines(steps):
    return (steps or thai.NONE).replace("|", "\n")


def _progress_words(measures):
    counts = {}
    for m in measures:
        status = m["progress"][-1]["status"] if m["progress"] else "not_reported"
        counts[status] = counts.get(status, 0) + 1
    return f"สรุป: มาตรการทั้งหมด {len(measures)} มาตรการ " + " · ".join(
        f"{STATUS_TH[s]} {counts[s]} มาตรการ" for s in STATUS_TH if s in counts)


def empty_progress_table(facts):
    rows = [[str(m["measure_no"]), m["measure_th"], _responsible(m), field(f"result_{m['measure_no']}"),
             field(f"completed_{m['measure_no']}"), field(f"problem_{m['measure_no']}")] for m in facts["analysis"]["measures"]]
    return table([9, 82, 36, 62, 28, 40], ["ที่", "มาตรการ", "ผู้รับผิดชอบ", "ผลการดำเนินการ", "วันที่แล้วเสร็จ", "ปัญหา / ข้อเสนอแนะ"], rows, "clllll")


# ---- annex -------------------------------------------------------------------------------------------------------------------

def _annex(facts):
    yield page()
    yield heading(1, "ภาคผนวก")
    yield heading(2, "ก. คะแนนรายข้อทั้งหมด")
    yield from _all_items(facts)
    yield heading(2, "ข. วิธีคำนวณและที่มาของตัวเลข")
    yield listing(_method(facts))
    yield heading(2, "ค. รายการตรวจสอบความครบถ้วนก่อนเผยแพร่")
    yield table([12, 118, 30], ["ที่", "รายการ", "ผล"],
                [[str(k), [c["rule_th"], *([] if c["met"] else [f"\n{c['action_th']}"])],
                  "ครบถ้วน" if c["met"] else cell(bold("ต้องเพิ่มเติม"), fill=palette.SEVERITIES["develop"][0])]
                 for k, c in enumerate(facts["checklist"], 1)], "cll")


def _all_items(facts):
    scored = [i for i in facts["items"] if i["score"] is not None]
    missing = list(dict.fromkeys(i["item_code"] for i in facts["items"] if i["score"] is None))
    if not scored:
        yield paragraph("ข้อมูลที่ได้รับไม่มีคะแนนรายข้อ การวิเคราะห์จึงใช้คะแนนรายตัวชี้วัด", "plain")
        return
    yield table([14, 28, 84, 17, 17], ["ตัวชี้วัด", "ข้อ", "ประเด็นการประเมิน", "คะแนน", "คะแนนที่เสียไป"],
                [[i["sub_indicator"] or str(i["indicator_no"]), item_name(i), item_title(i),
                  cell(bold(thai.score(i["score"])), fill=_fill(i["severity"])), thai.score(i["points_lost"])] for i in scored], "cllrr")
    if missing:
        yield paragraph(f"ข้อที่ไม่มีคะแนนในข้อมูลที่ได้รับ: {', '.join(missing)} (ถือว่าไม่มีข้อมูล ไม่ใช่ศูนย์คะแนน)", "note")


def _fill(severity):
    return palette.SEVERITIES[severity][0] if severity in ("urgent", "develop") else None


def _method(facts):
    result = facts["assessment"]
    weights = facts["rules"]["weights"]
    basis = {"items": "รายข้อทั้งหมด", "indicators": "รายตัวชี้วัด", "mixed": "รายข้อและรายตัวชี้วัด", "partial": "รายข้อเท่าที่มี"}
    lines = ["คะแนนภาพรวม = " + " + ".join(f"{name} × {weight / 100:.2f}" for name, weight in weights.items()) +
             " โดยแต่ละเครื่องมือเป็นค่าเฉลี่ยของตัวชี้วัด",
             ("ตัวชี้วัด IIT เป็นค่าเฉลี่ยของข้อ ตัวชี้วัด EIT เป็นค่าเฉลี่ยของส่วนที่ 1 และส่วนที่ 2 ที่มีน้ำหนักเท่ากัน "
             "ตัวชี้วัด OIT เป็นค่าเฉลี่ยของตัวชี้วัดย่อย"),
             "ปัดเศษครึ่งขึ้นเป็นทศนิยมสองตำแหน่งเฉพาะเมื่อแสดงผลและเปรียบเทียบ ข้อที่ไม่มีคะแนนถือว่าไม่มีข้อมูล",
             "ใช้คะแนนที่ประกาศเป็นหลักในการจัดระดับและลำดับ" if result["score_source"] == "published" else
             "หน่วยงานไม่มีคะแนนที่ประกาศ จึงใช้คะแนนที่คำนวณตามเกณฑ์"]
    if result["recomputed_score"] is not None:
        gap = f" ต่างจากคะแนนที่ประกาศ {thai.signed(result['score_gap'])} คะแนน" if result["score_gap"] is not None else ""
        lines.append(f"คะแนนที่คำนวณซ้ำจาก{basis.get(result['recomputed_basis'], 'ข้อมูลที่มี')}คือ "
                     f"{thai.score(result['recomputed_score'])} คะแนน{gap}")
    lines += ["ลำดับ: คะแนนเท่ากัน (ทศนิยมสองตำแหน่ง) ได้ลำดับเดียวกันและข้ามลำดับถัดไป",
              "คะแนนที่เสียไป = (100 − คะแนนข้อ) × น้ำหนักของข้อในคะแนนภาพรวม",
              ["รหัสชุดข้อมูล ", verbatim(facts["build"]["build_id"]), f" วันที่ {thai.long_date(facts['build']['date'])}"]]
    if any(item_title(item).endswith("*") for item in facts["items"]):
        lines.append("เครื่องหมาย * หมายถึงข้อที่แสดงสาระโดยสรุป เพราะไม่มีถ้อยคำทางการของข้อนั้นในข้อมูลอ้างอิง")
    if any(item.get("topic_status") == "derived" for item in facts["items"]):
        codes = dict.fromkeys(i["item_code"] for i in facts["items"] if i.get("topic_status") == "derived")
        every = len(codes) == len({i["item_code"] for i in facts["items"]})
        which = "ข้อทั้งหมดของปีนี้" if every else "ข้อ " + ", ".join(codes)
        lines.append(f"การจัดข้อเข้าประเด็น: {which} จัดตามความหมายของข้อ (ไม่มีเอกสารต้นแบบกำหนดไว้)")
    return lines
