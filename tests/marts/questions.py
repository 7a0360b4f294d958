"""The marts that each answer one question, computed a second time beside the oracle: each function
takes an Oracle and gives the mart of its name as {key: {column: value}}.
"""

from fractions import Fraction
from itertools import combinations

import oracle as base

INSTRUMENTS = {"IIT": "iit_score", "EIT": "eit_score", "OIT": "oit_score"}
EIT_PARTS = {"EIT.public": "eit_public_score", "EIT.survey": "eit_survey_score"}


def _before(oracle, agency_id: str, year: int) -> tuple[str, int] | None:
    """The agency-year whose results count as the agency's of the year before."""
    source = oracle.in_year(agency_id, year - 1)
    return (source, year - 1) if source else None


def _less(this, other):
    return None if this is None or other is None else this - other


def level_change(oracle) -> dict:
    found = {}
    for (agency_id, year), row in oracle.assessment.items():
        last = oracle.assessment.get(_before(oracle, agency_id, year))
        if not (row["level_code"] and last and last["level_code"]):
            continue
        codes, last_codes = ([lv["level_code"] for lv in base.levels(y)] for y in (year, year - 1))
        steps = (
            codes.index(last["level_code"]) - codes.index(row["level_code"])
            if codes == last_codes
            else None
        )
        found[agency_id, year] = {
            "last_level_code": last["level_code"],
            "level_code": row["level_code"],
            "steps": steps,
            "direction": {None: None, 0: "same"}.get(
                steps, "rose" if steps and steps > 0 else "fell"
            ),
            "deciding_parts": _crossed(year, row, last, steps) if steps else None,
            "main_instrument": _main_instrument(year, row, last, steps) if steps else None,
            **{
                column.replace("score", "change"): _less(row[column], last[column])
                for column in ("overall_score", "eit_score", *base.PARTS)
            },
        }
    return found


def _crossed(year: int, row: dict, last: dict, steps: int) -> list[str]:
    code = (row if steps > 0 else last)["level_code"]
    rules = [
        next(lv for lv in base.levels(y) if lv["level_code"] == code) for y in (year, year - 1)
    ]
    knows_parts = all(r[c] is not None for r in (row, last) for c in EIT_PARTS.values())
    lines = [("overall", "overall_score", "overall_min"), ("IIT", "iit_score", "each_part_min")]
    eit = EIT_PARTS if knows_parts else {"EIT": "eit_score"}
    lines += [(name, column, "each_part_min") for name, column in eit.items()]
    lines.append(("OIT", "oit_score", "each_part_min"))
    crossed = []
    for name, column, minimum in lines:
        if row[column] is None or last[column] is None or not rules[0][minimum]:
            continue
        now, before = (
            r[column] >= Fraction(rule[minimum]) for r, rule in zip((row, last), rules, strict=True)
        )
        if now != before and now == (steps > 0):
            crossed.append(name)
    return crossed


def _main_instrument(year: int, row: dict, last: dict, steps: int) -> str | None:
    points = {}
    for name, column in INSTRUMENTS.items():
        if row[column] is None or last[column] is None:
            return None
        points[name] = (
            row[column] * base.instruments(year)[name]
            - last[column] * base.instruments(year - 1)[name]
        )
    ahead = {name: p for name, p in points.items() if p * steps > 0}
    return max(ahead, key=lambda name: abs(ahead[name])) if ahead else None


NAMES = {
    "IIT": "iit_score",
    "EIT.public": "eit_public_score",
    "EIT.survey": "eit_survey_score",
    "OIT": "oit_score",
}


def _rule(year: int, name: str) -> Fraction:
    return next(
        Fraction(row["value"])
        for row in base.seed("publication_rule")
        if (int(row["fiscal_year"]), row["rule"]) == (year, name)
    )


def _quantile(values: list[Fraction], share: Fraction) -> Fraction:
    """Between the two values that the place lies between, in proportion."""
    values = sorted(values)
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


def perception_gap(oracle) -> dict:
    found, of_type = {}, {}
    for (agency_id, year), row in oracle.assessment.items():
        known = {name: row[column] for name, column in NAMES.items() if row[column] is not None}
        for first, second in combinations(known, 2):
            gap = known[first] - known[second]
            of_type.setdefault((year, row["agency_type"], first, second), []).append(gap)
            found[agency_id, year, first, second] = {
                "first_score": known[first],
                "second_score": known[second],
                "gap": gap,
                "agency_type": row["agency_type"],
                "province_code": row["province_code"],
            }
    for (_, year, first, second), row in found.items():
        gaps = of_type[year, row["agency_type"], first, second]
        low, middle, high = (_quantile(gaps, Fraction(n, 4)) for n in (1, 2, 3))
        reach = _rule(year, "usual_fence") * (high - low)
        usual_from, usual_to = base.half_away(low - reach), base.half_away(high + reach)
        if len(gaps) < _rule(year, "usual_least_agencies"):
            usual_from = usual_to = None
        row.update(
            type_agencies=len(gaps),
            type_median_gap=base.half_away(middle),
            usual_from=usual_from,
            usual_to=usual_to,
            unusual=None
            if usual_to is None
            else "high"
            if row["gap"] > usual_to
            else "low"
            if row["gap"] < usual_from
            else None,
        )
    return found


def neighbour(oracle) -> dict:
    """All of a type against all."""
    past = {}
    for agency_id, year in oracle.scored:
        before = range(year - int(_rule(year, "neighbour_past_years")), year)
        sources = [(oracle.in_year(agency_id, y), y) for y in before]
        scores = [
            oracle.scored[source]["overall_score"] for source in sources if source in oracle.scored
        ]
        if scores:
            past[agency_id, year] = base.half_up(base.mean(scores))
    found = {}
    for (agency_id, year), own in past.items():
        me = oracle.scored[agency_id, year]
        region = base.regions().get(me["province_code"])
        others = []
        for (other, other_year), score in past.items():
            row = oracle.scored[other, other_year]
            if (
                other_year == year
                and other != agency_id
                and row["agency_type"] == me["agency_type"]
            ):
                same = base.regions().get(row["province_code"]) == region
                apart = 0 if same else _rule(year, "neighbour_region_points")
                others.append((abs(score - own) + apart, other, same))
        for number, (distance, other, same) in enumerate(sorted(others)[:10], 1):
            found[agency_id, year, number] = {
                "neighbour_id": other,
                "distance": distance,
                "past_score": own,
                "neighbour_past_score": past[other, year],
                "is_same_region": same,
                "overall_score": me["overall_score"],
                "neighbour_overall_score": oracle.scored[other, year]["overall_score"],
                "agency_type": me["agency_type"],
                "province_code": me["province_code"],
                "neighbour_province_code": oracle.scored[other, year]["province_code"],
            }
    return found


def _was_deficient(oracle) -> dict:
    """(agency, year, item) with a score -> what was deficient of its meaning the year before, and
    whether it is in order."""
    lowest, deficient = {}, {}
    for (agency_id, year, code, _), row in oracle.item_score.items():
        key = agency_id, year, code
        lowest[key] = min(lowest.get(key, 100), row["score"])
    for (agency_id, year, code, _), row in oracle.agency_deficiency.items():
        what = deficient.setdefault((agency_id, year, base.meaning(year, code)), {})
        what.setdefault(code, []).append(row)
    found = {}
    for agency_id, year, code in lowest:
        before = _before(oracle, agency_id, year)
        what = base.meaning(year, code)
        if before and (last := deficient.get((*before, what))):
            ((last_code, rows),) = last.items()  # no two items of a year mean the same
            found[agency_id, year, code] = {
                "is_repaired": (agency_id, year, what) not in deficient,
                "score": lowest[agency_id, year, code],
                "meaning": what,
                "last_agency_id": before[0],
                "last_item_code": last_code,
                "last_score": min(row["score"] for row in rows),
                "last_severity": "urgent"
                if any(row["severity"] == "urgent" for row in rows)
                else "develop",
                "years_deficient": rows[0]["years_running"],
            }
    return found


def _measures(oracle) -> dict:
    """(agency, year) -> measures of its latest accepted plan: number -> item codes."""
    plans = {}
    for row in oracle.country.rows["measure"]:
        sha = row["submission_sha256"]
        if oracle.submission[sha]["state"].startswith("accepted"):
            key = row["agency_id"], row["fiscal_year"]
            plans.setdefault(key, {}).setdefault(oracle.arrived[sha], {})[row["measure_no"]] = row
    return {key: of_time[max(of_time)] for key, of_time in plans.items()}


def _answering(measures: dict, agency_id: str, year: int, row: dict) -> list[int]:
    """Of its own plan; who took another's place and sent none has that one's."""
    last_item_code = row["last_item_code"]
    plan = measures.get((agency_id, year)) or measures.get((row["last_agency_id"], year), {})
    return sorted(n for n, row in plan.items() if last_item_code in (row["item_codes"] or []))


def repaired(oracle) -> dict:
    measures = _measures(oracle)
    found = {}
    for key, row in _was_deficient(oracle).items():
        if row.pop("is_repaired"):
            agency_id, year, _ = key
            who = oracle.assessment[agency_id, year]
            answering = _answering(measures, agency_id, year, row)
            row.pop("last_agency_id")
            found[key] = {
                **row,
                "agency_type": who["agency_type"],
                "province_code": who["province_code"],
                "measure_nos": answering,
                "measures_th": "\n".join(f"{n}. มาตรการ" for n in answering) or None,
            }
    return found


def repair_summary(oracle) -> dict:
    measures = _measures(oracle)
    found = {}
    for (agency_id, year, code), row in _was_deficient(oracle).items():
        planned = bool(_answering(measures, agency_id, year, row))
        for scope in oracle.scopes(oracle.assessment[agency_id, year]):
            counts = found.setdefault(
                (year, *scope, code),
                dict.fromkeys(
                    [
                        "agencies_before",
                        "agencies_repaired",
                        "agencies_with_measure",
                        "agencies_repaired_with_measure",
                    ],
                    0,
                ),
            )
            counts["agencies_before"] += 1
            counts["agencies_repaired"] += row["is_repaired"]
            counts["agencies_with_measure"] += planned
            counts["agencies_repaired_with_measure"] += planned and row["is_repaired"]
    for row in found.values():
        row["repaired_share"] = base.half_up(
            Fraction(100 * row["agencies_repaired"], row["agencies_before"])
        )
    return found
