"""The marts that each answer one question, computed a second time beside the oracle: each function
takes an Oracle and gives the mart of its name as {key: {column: value}}.
"""

from fractions import Fraction

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
