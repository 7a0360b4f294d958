"""The items of an agency: what each scored and lost, how bad, how common, what is done for it."""

from collections import defaultdict

from reports.year import Year


def read(
    year: Year, row: dict, scores: list[dict], deficiencies: list[dict], findings: list[dict]
) -> list[dict]:
    """Every item of the year's framework, in its order; one with stated EIT parts once a part; one
    without a score with null."""
    scored = defaultdict(list)
    for score in sorted(scores, key=lambda s: s["eit_part"] or ""):
        scored[score["item_code"]].append(score)
    weak = {(d["item_code"], d["eit_part"]): d for d in deficiencies}
    relative = {f["item_code"] for f in findings if f["basis"] == "relative"}
    found = []
    for item in year.framework:
        shared = {
            "province": year.shared.get(("province", row["province_code"], item["item_code"])),
            "type": year.shared.get(("type", row["agency_type"], item["item_code"])),
        }
        for score in scored[item["item_code"]] or [
            {"eit_part": None, "score": None, "points_lost": None}
        ]:
            deficiency = weak.get((item["item_code"], score["eit_part"]))
            known = None if score["score"] is None else "keep"
            severity = deficiency["severity"] if deficiency else known
            found.append(
                {
                    "item_code": item["item_code"],
                    "eit_part": score["eit_part"],
                    "instrument": item["instrument"],
                    "indicator_no": item["indicator_no"],
                    "indicator_th": year.indicators[item["indicator_no"]]["indicator_th"],
                    "sub_indicator": item["sub_indicator"],
                    "sub_indicator_th": year.sub_indicators.get(item["sub_indicator"]),
                    "title_th": item["title_th"],
                    "title_status": item["status"],
                    "meaning": item["meaning"],
                    "score": score["score"],
                    "points_lost": score["points_lost"],
                    "severity": severity,
                    "flagged": bool(deficiency and deficiency["flagged"]),
                    "years_running": deficiency["years_running"] if deficiency else None,
                    "topic_nos": sorted(item["topic_nos"] or []),
                    "topic_status": "derived" if item["item_code"] in year.derived else "confirmed",
                    "shared": shared if deficiency else None,
                    "remedies": _remedies(
                        year,
                        item["meaning"],
                        "develop" if item["item_code"] in relative else severity,
                    ),
                }
            )
    return found


def _remedies(year: Year, meaning: str, severity: str | None) -> dict:
    """{severity: remedy} of an item's severity; nothing for an item whose score is not known."""
    remedy = severity and year.remedies.get(meaning, {}).get(severity)
    if not remedy:
        return {}
    kept = ("deficiency_th", "recommendation_th", "oit_items")
    return {severity: {key: remedy[key] for key in kept}}
