"""Parts 2 and 3 of a pack: facts of the mart turned into findings and measures. No text is laid
out here."""

from typing import Any

SEVERITIES = ("urgent", "develop", "keep")


def analyse(facts: dict) -> dict:
    """Findings by topic and by indicator, and the measures for the next year.

    In: the facts of one agency and year (`pack.schema.json` without `analysis` and `checklist`).
    Out: {"topics": [group], "indicators": [group], "measures": [measure]}. A group has its number,
    name, `items` (positions in facts["items"]), and `urgent`, `develop`, `keep`: findings on items,
    each {"item": position, "severity", "basis": "item" or "relative" (nothing is below a
    threshold: this is relatively weak), "deficiency_th", "recommendation_th", "remarks_th",
    "answered_by": own measures}; and `wholes`: findings on an indicator, an instrument or the
    overall score of which no item is known, by logic (mart.finding). What is not known is not
    judged: an item without a score has no finding.
    """
    findings = [_finding(facts, position, item) for position, item in enumerate(facts["items"])]
    wholes = _wholes(facts)
    topics = [
        {
            "topic_no": t["topic_no"],
            "topic_th": t["topic_th"],
            **_group(findings, lambda i, no=t["topic_no"]: no in facts["items"][i]["topic_nos"]),
            "wholes": [w for w in wholes if t["topic_no"] in w["topic_nos"]],
            "remarks_th": [
                r["remark_th"]
                for r in facts["remarks"]
                if not r["item_code"] and r["topic_no"] == t["topic_no"]
            ],
        }
        for t in facts["topics"]
    ]
    indicators = [
        {
            "indicator_no": n["indicator_no"],
            "indicator_th": n["indicator_th"],
            "score": n["score"],
            **_group(
                findings, lambda i, no=n["indicator_no"]: facts["items"][i]["indicator_no"] == no
            ),
            "wholes": [w for w in wholes if w["indicator_no"] == n["indicator_no"]],
        }
        for n in facts["indicators"]
    ]
    return {"topics": topics, "indicators": indicators, "measures": _measures(facts)}


def severity(facts: dict, score: float | None, instrument: str) -> str | None:
    """urgent, develop or keep by the year's thresholds (mart.severity_threshold); None without a
    score."""
    rule = facts["rules"]["severity"].get(instrument)
    if score is None or rule is None:
        return None
    return (
        "urgent"
        if score < rule["urgent_below"]
        else "develop"
        if score < rule["develop_below"]
        else "keep"
    )


def _finding(facts: dict, position: int, item: dict) -> dict | None:
    """What is to be said of one item; None where its score is not known."""
    if item["severity"] is None:
        return None
    known = next((f for f in facts["findings"] if f["item_code"] == item["item_code"]), None)
    relative = known is not None and known["basis"] == "relative"
    kind = "develop" if relative else item["severity"]
    remedy = item["remedies"].get(kind) or {}
    remarks = [
        r["remark_th"]
        for r in facts["remarks"]
        if r["item_code"] == item["item_code"]
        and (r["eit_part"] is None or item["eit_part"] is None or r["eit_part"] == item["eit_part"])
    ]
    return {
        "item": position,
        "severity": kind,
        "basis": "relative" if relative else "item",
        "deficiency_th": known["because_th"] if known and relative else remedy.get("deficiency_th"),
        "recommendation_th": remedy.get("recommendation_th"),
        # a document repeats a remark under each topic of its item
        "remarks_th": list(dict.fromkeys(remarks)),
        "answered_by": known["answered_by"] if known and kind != "keep" else [],
    }


def _wholes(facts: dict) -> list[dict]:
    """Findings on figures above the items, where no item of them is known: those that need a
    measure (mart.finding), and to keep those that are in order."""
    named = [_whole(facts, f) for f in facts["findings"] if f["item_code"] is None]
    said = {(w["instrument"], w["indicator_no"]) for w in named}
    scored = {i["indicator_no"] for i in facts["items"] if i["score"] is not None}
    kept = [
        (i["instrument"], i["indicator_no"], i["score"])
        for i in facts["indicators"]
        if i["indicator_no"] not in scored
    ]
    known = {instrument for instrument, _, _ in kept} | {
        i["instrument"] for i in facts["items"] if i["score"] is not None
    }
    for instrument in facts["rules"]["severity"]:
        if instrument not in known:
            kept.append((instrument, None, facts["assessment"][f"{instrument.lower()}_score"]))
    for instrument, no, score in kept:
        if (instrument, no) not in said and severity(facts, score, instrument) == "keep":
            named.append(_whole(facts, _kept(instrument, no, score)))
    return sorted(named, key=lambda w: (SEVERITIES.index(w["severity"]), w["indicator_no"] or 99))


def _kept(instrument: str, indicator_no: int | None, score: float) -> dict:
    return {
        "measure_no": None,
        "basis": "instrument" if indicator_no is None else "indicator",
        "severity": "keep",
        "instrument": instrument,
        "indicator_no": indicator_no,
        "score": score,
        "least_zero_items": None,
        "likely_item_codes": None,
        "because_th": None,
        "answered_by": [],
    }


def _whole(facts: dict, found: dict) -> dict:
    """A finding of mart.finding without an item, as a pack says it."""
    names = {i["indicator_no"]: i["indicator_th"] for i in facts["indicators"]}
    belongs = [
        item
        for item in facts["items"]
        if (found["indicator_no"] in (None, item["indicator_no"]))
        and (found["instrument"] in (None, item["instrument"]))
    ]
    titles = {i["item_code"]: i["title_th"] for i in facts["items"]}
    planned = [
        m["measure_th"]
        for m in facts["measures"]
        if (m["source"] == "catalogue" and m["measure_no"] == found["measure_no"])
        or (m["source"] == "own" and m["measure_no"] in found["answered_by"])
    ]
    return {
        "indicator_no": found["indicator_no"],
        "indicator_th": names.get(found["indicator_no"]),
        "instrument": found["instrument"],
        "score": found["score"],
        "severity": found["severity"],
        "basis": found["basis"],
        "measure_no": found["measure_no"],
        "deficiency_th": found["because_th"],
        "recommendation_th": "; ".join(planned) or None,
        "least_zero_items": found["least_zero_items"],
        "likely": [
            {"item_code": code, "title_th": titles.get(code)}
            for code in found["likely_item_codes"] or []
        ],
        "topic_nos": sorted({no for item in belongs for no in item["topic_nos"]}),
        "answered_by": found["answered_by"],
    }


def _group(findings: list[dict | None], belongs: Any) -> dict:
    members = [position for position in range(len(findings)) if belongs(position)]
    group: dict[str, list] = {"items": members}
    for kind in SEVERITIES:
        group[kind] = [f for i in members if (f := findings[i]) and f["severity"] == kind]
    return group


def _measures(facts: dict) -> list[dict]:
    """The measures of the next year topic by topic: in each the agency's own, then the proposals
    that stand; before all those that name no topic. Their numbers are those of the mart."""
    measures = [_measure(facts, row) for row in facts["measures"]]
    order = {id(measure): place for place, measure in enumerate(measures)}
    return sorted(measures, key=lambda m: (m["topic_no"] or 0, m["source"] != "own", order[id(m)]))


def _measure(facts: dict, row: dict) -> dict:
    """A measure as a pack prints it; an own one with the items that it is known to answer."""
    own = row["source"] == "own"
    answers = [f for f in facts["findings"] if own and row["measure_no"] in f["answered_by"]]
    known = {i["item_code"]: i["indicator_no"] for i in facts["items"]}
    named = dict.fromkeys([*row["item_codes"], *(f["item_code"] for f in answers)])
    order = {code: place for place, code in enumerate(known)}
    codes = sorted(filter(None, named), key=lambda code: order.get(code, len(order)))
    indicators = {known[code] for code in codes if code in known}
    if row["indicator_no"]:
        indicators = {row["indicator_no"]}
    status = "own" if own and row["responsible_th"] else "missing" if own else "proposed"
    served = {f["serves_item_code"] for f in answers} if own else set(row["oit_item_codes"])
    served |= {row["serves_item_code"]}
    return {
        "measure_no": row["measure_no"],
        "measure_key": row["measure_key"],
        "topic_no": row["topic_no"],
        "item_codes": codes,
        "indicator_nos": sorted(indicators),
        "measure_th": row["measure_th"],
        "steps_th": [
            step.strip()
            for step in (row["steps_th"] or "").replace("|", "\n").split("\n")
            if step.strip()
        ],
        "responsible_th": row["responsible_th"],
        "responsible_status": status,
        "starts_on": row["starts_on"],
        "ends_on": row["ends_on"],
        "followup_th": row["followup_th"],
        "evidence_th": row["evidence_th"],
        "oit_items": sorted(filter(None, served), key=lambda code: int(code[1:])),
        "severity": row["severity"],
        "because_th": row["because_th"],
        "source": row["source"],
    }
