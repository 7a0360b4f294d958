"""Parts 2 and 3 of a pack: facts of the mart turned into findings and measures. No text is laid
out here."""

SEVERITIES = ("urgent", "develop", "keep")
UNKNOWN_TH = "ไม่มีคะแนนรายข้อที่จะชี้ว่าข้อใดบกพร่อง จึงต้องทบทวนข้อที่เกี่ยวข้องทุกข้อ"


def analyse(facts: dict) -> dict:
    """Findings by topic and by indicator, and the measures for the next year.

    In: the facts of one agency and year (`pack.schema.json` without `analysis` and `checklist`).
    Out: {"topics": [group], "indicators": [group], "measures": [measure]}; a group has its number,
    name, `items`
    (positions in facts["items"]), and `urgent`, `develop`, `keep`: findings, each {"item":
    position, "basis": what judged it,
    "deficiency_th", "recommendation_th", "remarks_th"}. Where no item of an indicator has a score,
    they are judged by the
    nearest score that is known (basis "indicator", "instrument", "overall"); a single missing item
    is not judged.
    """
    findings = [_finding(facts, position, item) for position, item in enumerate(facts["items"])]
    topics = [
        {
            "topic_no": t["topic_no"],
            "topic_th": t["topic_th"],
            **_group(findings, lambda i, no=t["topic_no"]: no in facts["items"][i]["topic_nos"]),
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
        }
        for n in facts["indicators"]
    ]
    return {"topics": topics, "indicators": indicators, "measures": _measures(facts, topics)}


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
    """What is to be said of one item; None where its score is missing while its neighbours have
    theirs."""
    kind, basis = item["severity"], "item"
    if kind is None:
        if any(
            i["score"] is not None
            for i in facts["items"]
            if i["indicator_no"] == item["indicator_no"]
        ):
            return None
        kind, basis = _judged_from_above(facts, item)
    if kind is None:
        return None
    remedy = item["remedies"].get(kind) or {}
    remarks = [
        r["remark_th"]
        for r in facts["remarks"]
        if r["item_code"] == item["item_code"]
        and (r["eit_part"] is None or item["eit_part"] is None or r["eit_part"] == item["eit_part"])
    ]
    remarks = list(
        dict.fromkeys(remarks)
    )  # a document repeats a remark under each topic of its item
    deficiency = remedy.get("deficiency_th") if basis == "item" or kind == "keep" else UNKNOWN_TH
    return {
        "item": position,
        "severity": kind,
        "basis": basis,
        "deficiency_th": deficiency,
        "recommendation_th": remedy.get("recommendation_th"),
        "remarks_th": remarks,
    }


def _judged_from_above(facts: dict, item: dict) -> tuple[str | None, str]:
    """(severity, basis) of an item without a score, by its indicator, else by its instrument, else
    by the overall score.

    A figure over many items does not say which of them was lost: only an indicator of a survey
    makes its items urgent.
    """
    instrument = item["instrument"]
    indicator = next(
        (i for i in facts["indicators"] if i["indicator_no"] == item["indicator_no"]), None
    )
    known = [
        ("indicator", indicator and indicator["score"], instrument),
        ("instrument", facts["assessment"][f"{instrument.lower()}_score"], instrument),
        ("overall", facts["assessment"]["overall_score"], "IIT"),
    ]
    for basis, score, thresholds in known:
        kind = severity(facts, score, thresholds)
        if kind:
            certain = basis == "indicator" and instrument != "OIT"
            return ("develop" if kind == "urgent" and not certain else kind), basis
    return None, "overall"


def _group(findings: list[dict | None], belongs) -> dict:
    members = [position for position in range(len(findings)) if belongs(position)]
    group = {"items": members}
    for kind in SEVERITIES:
        group[kind] = [
            findings[i] for i in members if findings[i] and findings[i]["severity"] == kind
        ]
    return group


def period(measures_year: int, kind: str = "keep") -> tuple[str, str]:
    """First and last day of a measure of fiscal year `measures_year` (B.E.): urgent ones are done
    by the six-month report."""
    first = measures_year - 544
    return f"{first}-10-01", f"{first + 1}-03-31" if kind == "urgent" else f"{first + 1}-09-30"


def _measures(facts: dict, topics: list[dict]) -> list[dict]:
    """The agency's own measures first, then one for every deficient item that they do not name, at
    least one a topic."""
    own = [_own_measure(facts, row) for row in facts["measures"]]
    covered = {code for measure in own for code in measure["item_codes"]}
    homes = _homes(facts, topics, covered)
    measures = [
        measure for measure in own if measure["topic_no"] not in homes
    ]  # an agency that plans by indicator names no topic
    for topic in topics:
        no = topic["topic_no"]
        measures += [measure for measure in own if measure["topic_no"] == no]
        proposed = {}
        for finding in homes[no]:
            _propose(facts, proposed, no, finding)
        if not proposed and not any(measure["topic_no"] == no for measure in measures):
            keep = _to_keep(facts, topic)
            if keep:
                _propose(facts, proposed, no, keep)
        measures += proposed.values()
    for number, measure in enumerate(measures, 1):
        measure["measure_no"] = number
    return measures


def _homes(facts: dict, topics: list[dict], covered: set[str]) -> dict[int, list[dict]]:
    """Each deficient item, with the worse of its parts, under one of its topics: that with the
    fewest so far, then the lowest number."""
    homes = {topic["topic_no"]: [] for topic in topics}
    placed: dict[str, int] = {}
    every = {
        finding["item"]: finding
        for topic in topics
        for kind in ("urgent", "develop")
        for finding in topic[kind]
        if finding["basis"] == "item"
    }
    every |= {
        finding["item"]: finding for topic in topics for finding in _one_an_indicator(facts, topic)
    }
    order = sorted(every.values(), key=lambda f: (SEVERITIES.index(f["severity"]), f["item"]))
    for finding in order:
        item = facts["items"][finding["item"]]
        if item["item_code"] in covered | placed.keys():
            continue
        choices = [no for no in item["topic_nos"] if no in homes]
        placed[item["item_code"]] = min(choices, key=lambda no: (len(homes[no]), no))
        homes[placed[item["item_code"]]].append(finding)
    return homes


def _one_an_indicator(facts: dict, topic: dict) -> list[dict]:
    """Of the deficient findings that an indicator judged, the first of each indicator: which items
    were lost is not known."""
    first = {}
    for finding in (
        finding
        for kind in ("urgent", "develop")
        for finding in topic[kind]
        if finding["basis"] == "indicator"
    ):
        first.setdefault(facts["items"][finding["item"]]["indicator_no"], finding)
    return list(first.values())


def _to_keep(facts: dict, topic: dict) -> dict | None:
    """The finding that furthers a topic without a measure: the weakest that no other topic
    repairs, OIT items first (they are published)."""
    candidates = [
        f
        for kind in SEVERITIES
        for f in topic[kind]
        if facts["items"][f["item"]]["remedies"].get(f["severity"])
    ]
    if not candidates:
        return None

    def rank(finding):
        item = facts["items"][finding["item"]]
        indicator = next(
            (i["score"] for i in facts["indicators"] if i["indicator_no"] == item["indicator_no"]),
            None,
        )
        score = item["score"] if item["score"] is not None else indicator
        repaired = finding["basis"] == "item" and finding["severity"] != "keep"
        return (
            repaired,
            SEVERITIES.index(finding["severity"]),
            item["instrument"] != "OIT",
            score if score is not None else 100,
            finding["item"],
        )

    return min(candidates, key=rank)


def _propose(facts: dict, proposed: dict, topic_no: int, finding: dict) -> None:
    """Add the catalogue's measure for a finding to `proposed`; the same measure for several items
    is one."""
    item = facts["items"][finding["item"]]
    remedy = item["remedies"].get(finding["severity"])
    if not remedy:
        return
    starts_on, ends_on = period(facts["measures_year"], finding["severity"])
    measure = proposed.setdefault(
        remedy["measure_th"],
        {
            "topic_no": topic_no,
            "item_codes": [],
            "indicator_nos": [],
            "measure_th": remedy["measure_th"],
            "steps_th": [step.strip() for step in remedy["steps_th"].split("|") if step.strip()],
            "responsible_th": remedy["responsible_th"],
            "responsible_status": "proposed",
            "starts_on": starts_on,
            "ends_on": ends_on,
            "followup_th": remedy["followup_th"],
            "evidence_th": remedy["evidence_th"],
            "oit_items": [],
            "severity": finding["severity"],
            "source": "catalogue",
        },
    )
    for key, values in (
        ("item_codes", [item["item_code"]]),
        ("indicator_nos", [item["indicator_no"]]),
        ("oit_items", remedy["oit_items"]),
    ):
        measure[key] += [value for value in values if value not in measure[key]]
    measure["oit_items"].sort(key=lambda code: int(code[1:]))


def _own_measure(facts: dict, row: dict) -> dict:
    starts_on, ends_on = row["starts_on"], row["ends_on"]
    indicators = sorted(
        {item["indicator_no"] for item in facts["items"] if item["item_code"] in row["item_codes"]}
    )
    return {
        "topic_no": row["topic_no"],
        "item_codes": row["item_codes"],
        "indicator_nos": [row["indicator_no"]] if row["indicator_no"] else indicators,
        "measure_th": row["measure_th"],
        "steps_th": [
            step.strip()
            for step in (row["steps_th"] or "").replace("|", "\n").split("\n")
            if step.strip()
        ],
        "responsible_th": row["responsible_th"],
        "responsible_status": "own" if row["responsible_th"] else "missing",
        "starts_on": starts_on,
        "ends_on": ends_on,
        "followup_th": row["followup_th"],
        "evidence_th": None,
        "oit_items": _served(facts, row["item_codes"]),
        "severity": None,
        "source": "own",
    }


def _served(facts: dict, codes: list[str]) -> list[str]:
    """The OIT items that a measure on these items will serve: of each item the first that the
    catalogue names."""
    remedies = [
        remedy
        for item in facts["items"]
        if item["item_code"] in codes
        for remedy in item["remedies"].values()
        if remedy["oit_items"]
    ]
    return sorted({remedy["oit_items"][0] for remedy in remedies}, key=lambda code: int(code[1:]))
