"""Writes scores in the layouts that the warehouse accepts. Same scores, same bytes."""

import csv
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import xlsxwriter

from synth.framework import Framework

AGENCY_HEADERS = ["agency_id", "agency_name", "agency_type", "province", "district"]
LONG_HEADERS = [
    "fiscal_year",
    *AGENCY_HEADERS,
    "level",
    "code",
    "part",
    "score",
    "rating",
    "remark",
    "flagged",
]
SCORE_TEXTS = np.array(
    [f"{hundredths // 100}.{hundredths % 100:02d}" for hundredths in range(10_001)], dtype=object
)
WRITTEN_AT = datetime(
    2026, 1, 1
)  # the time inside workbooks, fixed so that the same scores are the same bytes
ROWS_A_SHEET = 1_000_000


@dataclass(frozen=True)
class Scores:
    """One year's scores of some agencies, in hundredths of a point.

    `cells` agencies × framework.cells, `figures` agencies × framework.figures. `ratings`: level
    codes. `flagged`, `remarks`: agencies × framework.cells.
    """

    framework: Framework
    agencies: pd.DataFrame
    cells: np.ndarray
    figures: np.ndarray
    ratings: np.ndarray
    flagged: np.ndarray
    remarks: np.ndarray

    def of(self, rows: np.ndarray) -> "Scores":
        """The same for some of the agencies (positions)."""
        return Scores(
            self.framework,
            self.agencies.iloc[rows].reset_index(drop=True),
            self.cells[rows],
            self.figures[rows],
            self.ratings[rows],
            self.flagged[rows],
            self.remarks[rows],
        )

    def agency_columns(self) -> pd.DataFrame:
        """The agency as every layout names it, columns `AGENCY_HEADERS`."""
        return self.agencies[
            ["agency_id", "name_th", "agency_type", "province_th", "district_th"]
        ].set_axis(AGENCY_HEADERS, axis=1)

    def labels(self) -> pd.DataFrame:
        """level, code, part of every score of an agency: the figures, then the cells."""
        cells = self.framework.cells
        items = pd.DataFrame({"level": "item", "code": cells.item_code, "part": cells.part})
        return pd.concat([self.framework.figures, items], ignore_index=True)

    def values(self) -> np.ndarray:
        """Hundredths, agencies × labels."""
        return np.hstack([self.figures, self.cells])


def _long_table(scores: Scores) -> pa.Table:
    labels, values, agencies = scores.labels(), scores.values(), scores.agency_columns()
    count, width = values.shape

    def pick(index: np.ndarray, texts: object) -> pa.Array:
        return pa.array(texts, pa.string()).take(pa.array(index))

    def of_figures(first: np.ndarray, cells: np.ndarray) -> pa.Array:
        texts = np.full((count, width), "", dtype=object)
        texts[:, 0] = first
        texts[:, width - cells.shape[1] :] = cells
        return pa.array(texts.ravel(), pa.string())

    agency, label = np.repeat(np.arange(count), width), np.tile(np.arange(width), count)
    columns = [pick(np.zeros(count * width, int), [str(scores.framework.fiscal_year)])]
    columns += [pick(agency, agencies[name]) for name in AGENCY_HEADERS]
    columns += [pick(label, labels[name]) for name in ("level", "code", "part")]
    columns.append(pick(values.ravel(), SCORE_TEXTS))
    columns.append(of_figures(scores.ratings, np.full(scores.cells.shape, "", dtype=object)))
    columns.append(of_figures(np.full(count, ""), scores.remarks))
    columns.append(of_figures(np.full(count, ""), np.where(scores.flagged, "true", "")))
    return pa.table(columns, names=LONG_HEADERS)


def _wide_rows(scores: Scores) -> tuple[list[str], list[list[object]]]:
    labels = scores.labels()
    codes = [".".join(filter(None, [code or "overall", part])) for _, code, part in labels.values]
    agencies = scores.agency_columns().values.tolist()
    rows = [
        [scores.framework.fiscal_year, *agency, *(value / 100 for value in values)]
        for agency, values in zip(agencies, scores.values().tolist(), strict=True)
    ]
    return ["fiscal_year", *AGENCY_HEADERS, *codes], rows


def long_csv(scores: Scores, path: Path) -> None:
    """No cell of ours needs quotes; pyarrow raises if one ever does."""
    with path.open("wb") as file:
        file.write((",".join(LONG_HEADERS) + "\n").encode())
        pa.csv.write_csv(
            _long_table(scores),
            file,
            pa.csv.WriteOptions(include_header=False, quoting_style="none"),
        )


def wide_csv(scores: Scores, path: Path) -> None:
    headers, rows = _wide_rows(scores)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headers)
        writer.writerows(row[:6] + [f"{value:.2f}" for value in row[6:]] for row in rows)


def _workbook(path: Path, headers: list[str], rows: list[list[object]]) -> None:
    """One sheet, numbers as numbers, text as text (never a formula)."""
    large = len(rows) > 10_000
    options = {
        "constant_memory": large,
        "in_memory": not large,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"created": WRITTEN_AT})
        sheet = workbook.add_worksheet("ผลคะแนน")
        sheet.write_row(0, 0, headers)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)


def long_xlsx(scores: Scores, path: Path) -> None:
    table = _long_table(scores).to_pydict()
    table["fiscal_year"] = [scores.framework.fiscal_year] * len(table["score"])
    table["score"] = [float(score) for score in table["score"]]
    _workbook(path, LONG_HEADERS, [list(row) for row in zip(*table.values(), strict=True)])


def wide_xlsx(scores: Scores, path: Path) -> None:
    _workbook(path, *_wide_rows(scores))


def json_file(scores: Scores, path: Path, extras: list[dict] | None = None) -> None:
    """A list of objects, one an agency, each on one line.

    `extras`: further keys of each object (measures, progress, constraints).
    """
    labels = scores.labels()
    heads = [
        json.dumps({"level": level, "code": code, "part": part})[:-1] + ', "score": '
        for level, code, part in labels.values
    ]
    first_cell = scores.figures.shape[1]
    flagged, remarks = scores.flagged, scores.remarks
    lines = []
    for number, (agency, values) in enumerate(
        zip(
            scores.agency_columns().values.tolist(),
            SCORE_TEXTS[scores.values()].tolist(),
            strict=True,
        )
    ):
        entries = [head + value for head, value in zip(heads, values, strict=True)]
        entries[0] += ', "rating": ' + json.dumps(scores.ratings[number])
        for cell in np.flatnonzero(flagged[number] | (remarks[number] != "")):
            more = {"flagged": True} if flagged[number, cell] else {}
            more |= {"remark": remarks[number, cell]} if remarks[number, cell] else {}
            entries[first_cell + cell] += ", " + json.dumps(more, ensure_ascii=False)[1:-1]
        who = {
            name: value
            for name, value in zip(
                ("agency_id", "name", "type", "province", "district"), agency, strict=True
            )
            if value
        }
        head = json.dumps(
            {"fiscal_year": scores.framework.fiscal_year, "agency": {"province": "", **who}},
            ensure_ascii=False,
        )[:-1]
        tail = json.dumps(extras[number], ensure_ascii=False)[1:] if extras else "}"
        lines.append(
            head + ', "scores": [' + "}, ".join(entries) + "}]" + (", " + tail if extras else tail)
        )
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
