"""The layouts by name, and how many agencies go into a file of each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from synth import actions, document, files, template
from synth.files import ROWS_A_SHEET, Scores


@dataclass(frozen=True)
class Layout:
    """`agencies_a_file`: given the scores; a file never holds more.

    Layouts of a single agency are never official exports.
    """

    write: Callable[[Scores, Path], None]
    suffix: str
    agencies_a_file: Callable[[Scores], int]
    single: bool = False


def _all(scores: Scores) -> int:
    return max(1, len(scores.agencies))


LAYOUTS = {
    "long": Layout(files.long_csv, ".csv", _all),
    "json": Layout(files.json_file, ".json", _all),
    "wide": Layout(files.wide_csv, ".csv", _all),
    "long-xlsx": Layout(
        files.long_xlsx, ".xlsx", lambda scores: ROWS_A_SHEET // scores.values().shape[1]
    ),
    "wide-xlsx": Layout(files.wide_xlsx, ".xlsx", lambda scores: ROWS_A_SHEET),
    "template": Layout(template.write, ".xlsx", lambda scores: 1, single=True),
    "document": Layout(document.write, ".txt", lambda scores: 1, single=True),
}


def write_all(layout: str, scores: Scores, folder: Path, name: str, seed: int) -> int:
    """Writes `scores` as `folder`/`name` + suffix; more than fits in one file as …_2, …_3.

    Layouts of a single agency as <agency_id>_<year>. Returns the number of files.
    """
    how = LAYOUTS[layout]
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(scores.agencies), how.agencies_a_file(scores))
    for number, start in enumerate(starts, 1):
        some = scores.of(np.arange(start, min(start + starts.step, len(scores.agencies))))
        if how.single:
            write_one(layout, some, folder, "", seed)
        else:
            how.write(some, folder / (name + (f"_{number}" if number > 1 else "") + how.suffix))
    return len(starts)


def write_one(layout: str, scores: Scores, folder: Path, ending: str, seed: int) -> None:
    """Writes one agency's own file, `folder`/<agency_id>_<year> + ending + suffix.

    JSON with its measures, progress and constraints.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{scores.agencies.agency_id[0]}_{scores.framework.fiscal_year}{ending}"
    path = folder / f"{name}{LAYOUTS[layout].suffix}"
    if layout == "json":
        files.json_file(scores, path, [actions.of_agency(scores, seed)])
    else:
        LAYOUTS[layout].write(scores, path)
