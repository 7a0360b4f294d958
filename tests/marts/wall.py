"""What a province can tell apart of what was deficient the year before: linear algebra over groups
of agencies that no view tells apart.

d is 1 for an agency that is deficient in a meaning in a year. A cell of common_deficiency of that
year gives the sum of its d; a cell of common_deficiency of the next year and the same of
repair_summary give, as persistent + repaired, the sum of d over those of its agencies that it knows
from the year before.
"""

from collections import Counter
from itertools import combinations

import numpy as np

LEAST = 5


def groups(oracle, year: int, item: str, last_item: str) -> Counter:
    """(field in the year before, field in the year, how often it counts there) -> agencies. A field
    is (province, type); None: not there."""
    scored = {key[:3] for key in oracle.item_score}
    fields, counted = {}, {}
    for agency_id, y, code in scored:
        who = oracle.assessment[agency_id, y]
        field = who["province_code"], who["agency_type"]
        if (y, code) == (year - 1, last_item):
            fields[agency_id] = field
        elif (y, code) == (year, item) and (source := oracle.in_year(agency_id, year - 1)):
            counted.setdefault(source, []).append(field)
    return Counter(
        (field, tuple(sorted(counted.get(agency_id, []), key=str)))
        for agency_id, field in fields.items()
    )


def holds(scope: tuple, field: tuple, regions: dict) -> bool:
    """Is the field in the cell (scope, province, type, region)?"""
    name, province, kind, region = scope
    return {
        "national": True,
        "type": field[1] == kind,
        "province": field[0] == province,
        "province_type": field == (province, kind),
        "region": regions.get(field[0]) == region,
    }[name]


def told_apart(found: Counter, before: list, now: list, regions: dict, reader: str) -> list | None:
    """Groups of together one to four agencies outside `reader` whose sum can be had from the cells
    `before` and `now`; None where there are none."""
    outside = [group for group in found if group[0][0] != reader]
    sums = [[holds(cell, group[0], regions) for group in outside] for cell in before]
    sums += [[sum(holds(cell, f, regions) for f in group[1]) for group in outside] for cell in now]
    known = np.array(sums, dtype=float).reshape(-1, len(outside))
    rank = np.linalg.matrix_rank(known) if known.size else 0
    small = [n for n, group in enumerate(outside) if found[group] < LEAST]
    for count in (1, 2, 3):
        for chosen in combinations(small, count):
            if sum(found[outside[n]] for n in chosen) < LEAST:
                rest = np.delete(known, chosen, axis=1)
                if (np.linalg.matrix_rank(rest) if rest.size else 0) < rank:
                    return [outside[n] for n in chosen]
    return None
