"""The agency that a published document is about, whole names of the registry only."""

import re

from ingestion.agencies.by_name import resolve
from ingestion.agencies.names import key_of, looks_like_agency, short_name
from ingestion.agencies.registry import Registry, Resolution
from ingestion.submission import Named

# What a place in a document says: whose result it states, the title's own words, a line of the
# cover.
RESULT, TITLE, MENTION = 3, 2, 1
# The assessor is named in nearly every document, and a place in every address: a mention of these
# says little.
_ASSESSOR = re.compile("ป้องกันและปราบปรามการทุจริตแห่งชาติ|ปปช")
_PLACES = {"province", "special_lao"}
_LOCAL = ""  # stands for the local government that the reader found by its type


def assessed(
    registry: Registry,
    fiscal_year: int,
    named: list[Named],
    name: str,
    agency_type: str,
    province: str,
    district: str,
) -> Resolution:
    """The agency that a published document is about.

    `named`: where it may be named; the rest: the local government it names, if any.

    Words count only where they are, whole, a name of the registry. The place that says most
    decides; where two agencies are named by places that say as much, or what is named there
    looks like an agency and is none of the registry, nobody is taken. A mere line of the cover
    counts only where the title names nobody at all: it may be whom the agency belongs to.
    """
    said, most = _said(registry, named, fiscal_year, name, agency_type, province)
    loudest = [who for who, (weight, _) in said.items() if weight == most]
    known = [who for who in loudest if _is_known(registry, who)]
    unknown = [said[who][1] for who in loudest if not _is_known(registry, who)]
    if len(known) > 1:
        several = "; ".join(
            name if who == _LOCAL else registry.display(who, fiscal_year) for who in known
        )
        values = {"value": said[known[0]][1], "detail_th": several, "detail_en": several}
        return Resolution(notes=[("ambiguous_agency", values)])
    if known == [_LOCAL]:
        found = resolve(registry, fiscal_year, "", name, agency_type, province, district)
    elif known and not unknown:
        found = _by_whole(registry, fiscal_year, known[0], said[known[0]][1])
    else:
        words = unknown[0] if unknown else name
        return registry.unknown(fiscal_year, words, registry.names.split(words)[0], "")
    others = [
        words
        for who, (weight, words) in said.items()
        if who not in known and weight >= TITLE and _is_known(registry, who)
    ]
    if others and found.agency_id:
        found.notes.append(("cover_differs", {"value": others[0], "expected": said[known[0]][1]}))
    return found


def _said(
    registry: Registry,
    named: list[Named],
    fiscal_year: int,
    name: str,
    agency_type: str,
    province: str,
) -> tuple[dict[str, tuple[int, str]], int]:
    """({agency_id, _LOCAL or unknown words: (what the place says, the words)}, what most says)."""
    said: dict[str, tuple[int, str]] = {}
    for place in sorted(named, key=lambda place: -place.weight):
        local = agency_type and place.texts == (name,)
        called = [(_LOCAL, name)] if local else _called(registry, place, fiscal_year, province)
        for who, words in called:
            said.setdefault(who, (place.weight, words))
    most = max((weight for weight, _ in said.values()), default=0)
    if most == MENTION and any(place.weight > MENTION for place in named):
        return {}, 0
    return said, most


def _is_known(registry: Registry, who: str) -> bool:
    return who == _LOCAL or who in registry.rows_of


def _called(
    registry: Registry, place: Named, fiscal_year: int, province: str
) -> list[tuple[str, str]]:
    """(agency_id, words) of the agencies whose whole name stands at a place.

    (words, words) where it only looks like an agency's.
    """
    for words in dict.fromkeys([*place.texts, *map(short_name, place.texts)]):
        core, kind, _, behind = registry.names.split(words)
        rows = [] if kind else registry.by_whole_name.get(core, [])
        rows = [row for row in rows if row.covers(fiscal_year)] or rows
        home = registry.names.province(behind or province)
        rows = [row for row in rows if len(rows) == 1 or row.province_code in ("", home)] or rows
        if rows:
            least = (
                RESULT
                if _ASSESSOR.search(core)
                else TITLE
                if rows[0].agency_type in _PLACES
                else MENTION
            )
            return (
                [(agency_id, words) for agency_id in dict.fromkeys(row.agency_id for row in rows)]
                if place.weight >= least
                else []
            )
    words = place.texts[-1]
    return (
        [(words, words)] if looks_like_agency(words) and not _ASSESSOR.search(key_of(words)) else []
    )


def _by_whole(registry: Registry, fiscal_year: int, agency_id: str, words: str) -> Resolution:
    """The agency of a whole name, as it was in that year; a former name is noted."""
    found = registry.in_year(agency_id, fiscal_year)
    now = registry.known_row(agency_id, fiscal_year)
    if found.agency_id and not any(
        row == now for row in registry.by_whole_name[registry.names.split(words)[0]]
    ):
        found.notes.append(("agency_by_former_name", {"value": words, "expected": now.name_th}))
    return found
