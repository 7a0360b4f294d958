"""What the officer confirms, decides or adds before publication: a document of its own, one page
or two, most points at stake first. `tasks` is also the first sheet of the working file."""

from collections.abc import Iterator
from typing import Any

from reports import thai
from reports.blocks import bold, heading, paragraph, table, ticks
from reports.content.sentences import reference, rows, say
from reports.content.words import (
    number_runs,
    part_numbers,
    progress_status,
    responsible,
    runs,
)


def blocks(facts: dict) -> Iterator[Any]:
    yield heading(1, say("todo.title", year=facts["fiscal_year"]))
    yield paragraph([bold(facts["agency"]["name_th"]), " ", say("todo.opening")], "plain")
    head = ["ที่", "สิ่งที่ต้องพิจารณา", "ทำที่ไหน", "OIT ข้อ", "คะแนน\nที่เกี่ยวข้อง"]
    lines = [
        [
            str(n),
            [bold(task["what"]), f"\n{task['how']}"],
            task["where"],
            task["item"] or thai.NONE,
            thai.score(task["points"]),
        ]
        for n, task in enumerate(tasks(facts), 1)
    ]
    yield table([8, 68, 48, 18, 18], head, lines, "cllcr")
    if year := _weight_year(facts):
        yield paragraph(say("todo.points", year=year), "note")
    if not facts["constraints"]:
        yield heading(2, say("todo.constraints.title"))
        yield paragraph(say("todo.constraints.opening"), "note")
        for kind, name in reference("constraint").items():
            yield paragraph(name, "label")
            yield ticks(ready(kind))


def _weight_year(facts: dict) -> int | None:
    """The framework of which the weights are: not always that of the codes beside them."""
    served = filter(None, facts["rules"]["served"].values())
    return next((item["weight_year"] for item in served if item["weight_year"]), None)


def ready(kind: str) -> list[str]:
    """Sentences of one kind of constraint that an officer may tick."""
    return [row["text_th"] for row in rows("reference") if row["table"] == f"ready_{kind}"]


def tasks(facts: dict) -> list[dict]:
    """[{"what", "how", "where", "item", "points"}], most points at stake first; item is the code
    of the OIT item that it serves in the year of the measures, points its weight."""
    plan, progress = (facts["rules"]["served"][which] for which in ("plan", "progress"))
    found = [
        *_with(progress, _progress(facts)),
        *_with(plan, _measures(facts)),
        *_with(plan, _constraints(facts)),
        *_with(None, _scores(facts)),
        *_with(plan, [_task("sign", part=say("foreword.title"))]),
    ]
    order = {id(task): place for place, task in enumerate(found)}
    return sorted(found, key=lambda task: (-(task["points"] or 0), order[id(task)]))


def _with(served: Any, found: Any) -> list:
    known = served or {"item_code": None, "weight": None}
    return [{**task, "item": known["item_code"], "points": known["weight"]} for task in found]


def _task(key: str, **values: Any) -> dict:
    return {part: say(f"todo.{key}.{part}", **values) for part in ("what", "how", "where")}


def _progress(facts: dict) -> list:
    measures, year = facts["last_measures"], facts["fiscal_year"]
    open_ = [
        m["measure_no"] for m in measures if progress_status(m) in ("not_reported", "in_progress")
    ]
    if not measures:
        return [_task("no_measures", year=year)]
    if open_:
        return [_task("progress", year=year, numbers=number_runs(open_))]
    return []


def _measures(facts: dict) -> Any:
    measures, year = facts["analysis"]["measures"], facts["measures_year"]
    part = part_numbers(facts)["measures"]
    proposed = [m["measure_no"] for m in measures if m["source"] != "own"]
    units: dict[str, list[int]] = {}
    for m in measures:
        if m["responsible_status"] != "own":
            units.setdefault(responsible(m), []).append(m["measure_no"])
    found = []
    if proposed:
        found.append(_task("measures", year=year, numbers=number_runs(proposed), part=part))
    if units:
        words = " · ".join(f"{unit} ({number_runs(numbers)})" for unit, numbers in units.items())
        found.append(_task("units", units=words, part=part))
    first, last = f"{year - 544}-10-01", f"{year - 543}-09-30"
    outside = [
        m["measure_no"]
        for m in measures
        if m["source"] == "own"
        and not (
            m["starts_on"] and m["ends_on"] and first <= m["starts_on"] <= m["ends_on"] <= last
        )
    ]
    if outside:
        found.append(_task("dates", numbers=number_runs(outside), first=year - 1, last=year))
    stepless = [m["measure_no"] for m in measures if not m["steps_th"]]
    if stepless:
        found.append(_task("steps", numbers=number_runs(stepless)))
    return found


def _constraints(facts: dict) -> list:
    return [] if facts["constraints"] else [_task("constraints")]


def _scores(facts: dict) -> list:
    missing = list(dict.fromkeys(i["item_code"] for i in facts["items"] if i["score"] is None))
    every = {i["item_code"] for i in facts["items"]}
    unknown = [] if facts["assessment"]["level_th"] else [_task("level", year=facts["fiscal_year"])]
    if not missing:
        return unknown
    codes = say("todo.scores.all") if len(missing) == len(every) else runs(missing)
    return [*unknown, _task("scores", codes=codes, year=facts["fiscal_year"])]
