"""How much of published documents is read, and is any of it wrong?

python benchmarks/extraction.py --seed 1 --documents 200

Documents of our own making, in the five forms that agencies publish and as news, for random
agencies of all types and years, with injected noise and with statements about others, other years,
assessments and quantities (`papers/distractors.py`). Every figure that is read must be the one that
was written, for the agency that it was written for (wrong: 0), and at least 97 % of the figures
that are legible must be read. Exit 1 when either is missed. Other noise: another --seed; more of
it: --noise 2.
"""

import argparse
import random
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.papers.distractors import Distractors
from benchmarks.papers.forms import News, Reports, Results
from benchmarks.papers.pages import Pages
from benchmarks.papers.words import Paper
from ingestion import documents
from ingestion.agencies import Registry
from ingestion.agencies.assessed import assessed
from ingestion.agencies.by_name import resolve
from ingestion.normalise import number as figure
from ingestion.submission import AGENCY_COLUMNS, Submission

DISTRACTED = 0.8  # of the documents say what is not the agency's score beside what is
LEAST_FOUND = Decimal("97")


class Writer(Results, Reports, News, Distractors, Pages):
    """Writes one random document: one of the five forms, or news."""


FORMS = {
    "results by topic": Writer.results_by_topic,
    "progress": Writer.progress,
    "results in short": Writer.results_in_short,
    "analysis": Writer.analysis,
    "results by indicator": Writer.results_by_indicator,
    "news": Writer.news,
}


KINDS = ["rows"] * 4 + ["cells"] * 4 + ["html"] * 2 + ["docx"] * 2 + ["pdf"]


def write(seed: int, noise: float = 1.0) -> tuple[str, str, Paper, Registry, bytes]:
    """The document number `seed`: form, kind of file, paper, registry (its agency is A), bytes."""
    rng = random.Random(seed)
    writer = Writer(rng, noise)
    form, kind = rng.choice(list(FORMS)), rng.choice(KINDS)
    FORMS[form](writer)
    if rng.random() < DISTRACTED:
        writer.mix_in()
    writer.finish()
    if kind in ("docx", "pdf"):
        return (
            form,
            kind,
            writer.paper,
            writer.registry(),
            writer.as_docx() if kind == "docx" else writer.as_pdf(),
        )
    text = writer.as_html() if kind == "html" else writer.as_text(kind == "cells")
    if kind == "cells" and writer.chance(0.05):
        text = "\n".join(line.rstrip("\t") for line in text.split("\n"))
    if kind != "html":
        text = text.replace("\n", "\r\n") if writer.chance(0.2) else text
        text = (
            text.replace("\t", "\u00a0\t\u00a0") if kind == "rows" and writer.chance(0.1) else text
        )
    encoding = (
        rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp874"])
        if kind != "html"
        else "utf-8"
    )
    return form, kind, writer.paper, writer.registry(), text.encode(encoding, errors="ignore")


def read(data: bytes, registry: Registry) -> tuple[dict[tuple, str], str]:
    """(the figures read, by the same keys as the truth; the agency's id in the registry)."""
    submission = documents.read("benchmark", data)
    found: dict[tuple, str] = {}
    if submission is None:
        return found, ""

    def put(key: tuple, value: str) -> None:
        found[key] = (
            value if key not in found or same(found[key], value) else f"{found[key]} and {value}"
        )

    for row in submission.scores.itertuples():
        put((row.level, row.code, row.part), row.score)
        if row.level == "overall" and row.rating:
            put(("rating", "", ""), row.rating)
        if row.flagged:
            put(("flagged", row.code, ""), "1")
    for row in submission.ranks.itertuples():
        put(("rank", "province", ""), row.province_rank)
        put(("rank", "type", ""), row.type_rank)
    set_of = {}
    for row in submission.measures.itertuples():
        serial = "+".join(re.findall(r"ชุดที่ (\d+)", row.measure_th)) or "none"
        set_of[row.measure_no] = serial
        put(
            ("measure", serial, ""),
            serial if list(set_of.values()).count(serial) == 1 else f"{serial} again",
        )
        for name, value in (
            ("topic", row.topic_no),
            ("indicator_no", row.indicator_no),
            ("starts", row.starts_on),
            ("ends", row.ends_on),
            ("codes", row.item_codes),
        ):
            put((name, serial, ""), value)
    for row in submission.progress.itertuples():
        put(("completed", set_of[row.measure_no], ""), row.completed_on)
        put(("due", set_of[row.measure_no], ""), row.due_on)
    for kind, count in Counter(submission.constraints.kind).items():
        put(("constraint", kind, ""), str(count))
    tables = [table for table in (submission.scores, submission.measures) if len(table)]
    return found, agency_of(submission, tables[0].iloc[0], registry) if tables else ""


def agency_of(submission: Submission, row: pd.Series, registry: Registry) -> str:
    """The agency_id that the judge gives a row of a document, '' for none."""
    year, agency = int(row.fiscal_year), [row[column] for column in AGENCY_COLUMNS]
    found = (
        assessed(registry, year, submission.named, *agency[1:])
        if submission.named
        else resolve(registry, year, *agency)
    )
    return found.agency_id


def same(one: str, other: str) -> bool:
    """Whether two figures are the same, 100 and 100.00 too."""
    return one == other or figure(one) is not None and figure(one) == figure(other)


@dataclass
class Tally:
    """What came out of some documents."""

    documents: int = 0
    legible: int = 0
    found: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, name: str, data: bytes, paper: Paper, registry: Registry) -> None:
        """Compare what is read with what was written.

        A key that was never written is wrong too; keys of other tables do not count.
        """
        got, who = read(data, registry)
        self.documents += 1
        self.legible += 1
        if who == "A":
            self.found += 1
        else:
            (self.wrong if who else self.missed).append(
                f"{name}: agency {who!r} for {registry.row('A', 2566).name_th!r}"
            )
        written = {key[0] for key in paper.truth}
        for key, value in got.items():
            asked = key[0] in written or key[0] in (
                "item",
                "indicator",
                "instrument",
                "sub_indicator",
                "overall",
                "rating",
                "rank",
                "completed",
            )
            if value and asked and not same(paper.truth.get(key, "nothing"), value):
                self.wrong.append(f"{name}: {key} {value!r} for {paper.truth.get(key)!r}")
        for key, value in paper.truth.items():
            if value and key not in paper.illegible:
                self.legible += 1
                self.found += same(got.get(key, ""), value)
                if not got.get(key):
                    self.missed.append(f"{name}: {key} {value!r}")


def run(seed: int, count: int, noise: float = 1.0) -> dict[tuple[str, str], Tally]:
    """Tallies of `count` documents from `seed` on, by form and kind of file."""
    tallies: dict[tuple[str, str], Tally] = {}
    for each in range(seed * 1_000_000, seed * 1_000_000 + count):
        form, kind, paper, registry, data = write(each, noise)
        tallies.setdefault((form, kind), Tally()).add(
            f"{each} {form} {kind}", data, paper, registry
        )
    return tallies


def main() -> int:
    """The table, then what was wrong or missed.

    0 if nothing is wrong and enough is found, else 1.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--noise", type=float, default=1.0)
    parser.add_argument("--show", type=int, default=10, help="wrong and missed figures to list")
    given = parser.parse_args()
    tallies = run(given.seed, given.documents, given.noise)
    print(
        f"{'form':24}{'file':8}{'documents':>10}{'legible':>10}{'found':>10}"
        f"{'found %':>10}{'wrong':>8}"
    )
    for (form, kind), tally in sorted(tallies.items()):
        share = 100 * tally.found / tally.legible
        print(
            f"{form:24}{kind:8}{tally.documents:10}{tally.legible:10}{tally.found:10}{share:10.2f}{len(tally.wrong):8}"
        )
    legible, found = (
        sum(tally.legible for tally in tallies.values()),
        sum(tally.found for tally in tallies.values()),
    )
    wrong = [line for tally in tallies.values() for line in tally.wrong]
    missed = [line for tally in tallies.values() for line in tally.missed]
    print(
        f"{'all':32}{given.documents:10}{legible:10}{found:10}"
        f"{100 * found / legible:10.2f}{len(wrong):8}"
    )
    for name, lines in (("wrong", wrong), ("missed", missed)):
        for line in lines[: given.show]:
            print(f"{name}: {line}")
    return int(bool(wrong) or Decimal(100) * found / legible < LEAST_FOUND)


if __name__ == "__main__":
    sys.exit(main())
