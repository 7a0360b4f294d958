"""What cost points of the overall score: the summary, the order of measures and messages ask.

Items lose what mart.item_score says. A figure above them (an indicator, an instrument, the overall
score) whose parts are not all known loses, beside what the known parts lost, a rest that no part
tells of."""

from typing import NamedTuple

from reports.content.sentences import reference, say
from reports.content.words import FULL, by_code, lost

LEAST = 0.005  # a rest below it comes from rounding: published figures have two decimals


class Loss(NamedTuple):
    """What an item (`item_code`), or a figure above the items beyond its known parts, lost."""

    points: float
    score: float | None  # of a figure above the items
    item_code: str | None = None
    indicator_no: int | None = None
    instrument: str | None = None
    partly: bool = False  # something below it is known


class _Told(NamedTuple):
    """What is known of a figure: its points lost (of what is known below it, where its own score
    is not), whether that is all of them, and whether anything is known at all."""

    points: float
    whole: bool
    known: bool


def losses(facts: dict) -> list[Loss]:
    """Dearest first; those that lost the same in the order of the items, figures after them."""
    found = [
        Loss(points, None, items[0]["item_code"], items[0]["indicator_no"], items[0]["instrument"])
        for items in by_code(facts["items"])
        if (points := lost(items)) > 0
    ]
    instruments = [
        _instrument(facts, code, weight, found)
        for code, weight in facts["rules"]["weights"].items()
    ]
    _above(Loss(0, facts["assessment"]["overall_score"]), FULL, instruments, found)
    return sorted(found, key=lambda loss: -loss.points)


def _instrument(facts: dict, code: str, weight: float, found: list[Loss]) -> _Told:
    """Its weight is shared evenly by its indicators (int_framework_item)."""
    scores = {i["indicator_no"]: i["score"] for i in facts["indicators"]}
    parts: dict[int, list[_Told]] = {}
    for item in facts["items"]:
        if item["instrument"] == code:
            known = item["score"] is not None
            told = _Told(item["points_lost"] or 0, known, known)
            parts.setdefault(item["indicator_no"], []).append(told)
    share = weight / max(len(parts), 1)
    indicators = [
        _above(Loss(0, scores.get(no), None, no, code), share, of_indicator, found)
        for no, of_indicator in sorted(parts.items())
    ]
    figure = Loss(0, facts["assessment"][f"{code.lower()}_score"], None, None, code)
    return _above(figure, weight, indicators, found)


def figure_name(facts: dict, loss: Loss) -> str:
    """The figure above the items that lost it."""
    if loss.indicator_no:
        names = {i["indicator_no"]: i["indicator_th"] for i in facts["indicators"]}
        name = say("indicator.name", no=loss.indicator_no, name=names[loss.indicator_no])
    elif loss.instrument:
        name = f"{loss.instrument} {reference('instrument')[loss.instrument]}"
    else:
        name = say("overall.name")
    return say("loss.rest", name=name) if loss.partly else name


def _above(figure: Loss, weight: float, parts: list[_Told], found: list[Loss]) -> _Told:
    """What is told of a figure that weighs `weight` of 100; its rest is added to `found`."""
    below, known = sum(part.points for part in parts), any(part.known for part in parts)
    whole = bool(parts) and all(part.whole for part in parts)
    if whole or figure.score is None:
        return _Told(below, whole, known)
    points = (FULL - figure.score) * weight / 100
    if points - below >= LEAST:
        found.append(figure._replace(points=points - below, partly=known))
    return _Told(max(points, below), True, True)


def measures_by_gain(facts: dict) -> list[tuple[dict, float]]:
    """The measures with the points that what they answer lost, most first; then the most urgent,
    in their order."""
    found = losses(facts)
    of_items = {loss.item_code: loss.points for loss in found if loss.item_code}
    above = {(w.instrument, w.indicator_no): w.points for w in found if not w.item_code}
    answered: dict[tuple, float] = {}
    for f in facts["findings"]:
        if f["item_code"] is None:
            points = above.get((f["instrument"], f["indicator_no"]), 0)
            by = [("catalogue", f["measure_no"]), *(("own", no) for no in f["answered_by"])]
            answered |= {key: answered.get(key, 0) + points for key in by}
    urgency = {"urgent": 0, "keep": 2}  # an own one is between
    gains = [(m, _gain(m, of_items, answered)) for m in facts["analysis"]["measures"]]
    return sorted(
        gains,
        key=lambda gain: (-gain[1], urgency.get(gain[0]["severity"], 1), gain[0]["measure_no"]),
    )


def _gain(measure: dict, of_items: dict[str, float], answered: dict[tuple, float]) -> float:
    of_wholes = answered.get((measure["source"], measure["measure_no"]), 0)
    return of_wholes + sum(of_items.get(code, 0) for code in measure["item_codes"])
