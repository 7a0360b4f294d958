"""Rows of a registry beside each other and beside the warehouse's: names and predecessors."""

from collections import defaultdict

from ingestion.agencies import EVER, Agency, Registry
from ingestion.judging.numbers import Note


def same_name(rows: list, registry: Registry) -> dict[int, tuple[str, str, str]]:
    """Rows (positions) with the name of another agency of the same type, district and years.

    Without a district only central agencies can be told to be in the same one: a province has many
    local governments of one name.
    """
    names = defaultdict(list)
    for one in _effective(rows, registry).values():
        names[_who(one, registry)].append(one)
    faults = {}
    for at, (_, made) in enumerate(rows):
        own = _agency(made)
        if own.province_code and not own.district_th:
            continue
        other = next((one for one in names[_who(own, registry)] if _together(one, own)), None)
        if other:
            th = f"ชื่อ ประเภท และอำเภอเดียวกับ {other.agency_id} ในปีเดียวกัน"
            en = f"the name, type and district of {other.agency_id}, in the same years"
            faults[at] = (th, en, own.name_th)
    return faults


def _together(one: Agency, other: Agency) -> bool:
    years = one.valid_from <= other.valid_to and other.valid_from <= one.valid_to
    return years and one.agency_id != other.agency_id


def _who(row: Agency, registry: Registry) -> tuple[str, ...]:
    core, prefix_type, *_ = registry.names.split(row.name_th)
    district = registry.names.district(row.district_th, row.province_code)
    return core, prefix_type or row.agency_type, row.province_code, district


def circles(rows: list, registry: Registry) -> dict[int, tuple[str, str, str]]:
    """Rows (positions) by whose `replaces` an agency is its own predecessor's predecessor."""
    predecessors: dict[str, set[str]] = defaultdict(set)
    for one in _effective(rows, registry).values():
        predecessors[one.agency_id] |= set(one.replaces)
    faults = {}
    for at, (_, made) in enumerate(rows):
        for first in made["replaces"]:
            path = _path(first, made["agency_id"], predecessors)
            if path:
                circle = " → ".join([made["agency_id"], *path])
                th, en = f"แทนที่กันเป็นวง: {circle}", f"they replace each other in a circle: {circle}"
                faults[at] = (th, en, "|".join(made["replaces"]))
    return faults


def _path(start: str, goal: str, predecessors: dict[str, set[str]]) -> list[str]:
    """The agencies from `start` to `goal` by their predecessors; [] if there is no way."""
    ways, seen = [[start]], set()
    while ways:
        way = ways.pop()
        if way[-1] == goal:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, before] for before in sorted(predecessors.get(way[-1], ()))]
    return []


def unsure_predecessors(rows: list, registry: Registry) -> list[Note]:
    """A note for each predecessor that is unknown, or that begins after its successor.

    The row is kept: the predecessor may come with another file. dbt uses a link only where it is
    right (int_agency_version).
    """
    begins: dict[str, int] = {}
    for one in _effective(rows, registry).values():
        begins[one.agency_id] = min(begins.get(one.agency_id, EVER), one.valid_from)
    notes = []
    for row, made in rows:
        for before in made["replaces"]:
            if before not in begins:
                rule, expected = "unknown_predecessor", ""
            elif begins[before] > made["valid_from"]:
                rule, expected = "later_predecessor", f"{begins[before]} > {made['valid_from']}"
            else:
                continue
            details = {"place": row["place"], "value": before, "expected": expected}
            notes.append((rule, {**details, "agency": made["agency_id"]}))
    return notes


def _effective(rows: list, registry: Registry) -> dict[tuple[str, int], Agency]:
    """The registry as it is with the rows of the file, by agency_id and valid_from."""
    known = {(one.agency_id, one.valid_from): one for one in registry.rows()}
    return known | {(made["agency_id"], made["valid_from"]): _agency(made) for _, made in rows}


def _agency(made: dict) -> Agency:
    return Agency(
        made["agency_id"],
        made["name_th"],
        made["agency_type"],
        made["province_code"] or "",
        made["district_th"] or "",
        made["valid_from"],
        made["valid_to"] or EVER,
        tuple(made["replaces"]),
    )
