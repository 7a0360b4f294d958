"""The intake alone.

A national long table beside a bare COPY of the same file, and one workbook an agency. See
benchmarks/README.md.

python benchmarks/intake.py                                  3 million rows; 8,317 workbooks
python benchmarks/intake.py --rows 300000 --files 400        a quick look
"""

import argparse
import os
import random
import resource
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import measure
from benchmarks.measure import ITA

YEARS = range(2564, 2569)
BARE = (
    "create table public.bare (fiscal_year int, agency_id text, agency_name text, agency_type "
    "text, province text, district text, "
    "level text, code text, part text, score numeric, rating text, remark text, flagged text)"
)
COLUMNS = [
    "fiscal_year",
    "agency_id",
    "agency_name",
    "agency_type",
    "province",
    "district",
    "level",
    "code",
    "part",
    "score",
    "rating",
    "remark",
    "flagged",
]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--files", type=int, default=8_317)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="ita-intake-"))
    home = base / "home"
    home.mkdir()
    os.environ["ITA_HOME"] = str(home)
    os.environ.pop("ITA_WAREHOUSE_DSN", None)
    try:
        print(measure.HEAD)
        measure.command("up", [ITA, "up"], dict(os.environ), home)
        measure.command("registry", [ITA, "receive", _registry(base)], dict(os.environ), home)
        _night("registry", home)
        if options.rows:
            table(options, base, home)
        if options.files:
            workbooks(options, base, home)
    finally:
        measure.command("down", [ITA, "down"], dict(os.environ), home)
        shutil.rmtree(base, ignore_errors=True)


def table(options: argparse.Namespace, base: Path, home: Path) -> None:
    """The long table.

    COPY into a bare table of the same columns, then our receive, judge and load.
    """
    file, rows = _long_table(base, options)

    def bare() -> None:
        from warehouse import connect

        with connect.connect(autocommit=True) as connection:
            connection.execute(BARE)
            with (
                connection.cursor().copy(
                    "copy public.bare from stdin (format csv, header)"
                ) as copy,
                file.open("rb") as content,
            ):
                while block := content.read(1024 * 1024):
                    copy.write(block)

    plain = measure.call(f"bare COPY, {file.stat().st_size / 1e6:,.0f} MB", bare, home, rows)
    print(plain, flush=True)
    seconds = _night("long table", home, file, rows)
    print(
        f"\nlong table: {plain.seconds / seconds:.2f} of the speed of a bare COPY (wanted 0.25)\n",
        flush=True,
    )


def workbooks(options: argparse.Namespace, base: Path, home: Path) -> None:
    """One .xlsx an agency."""
    folder = base / "workbooks"
    folder.mkdir()
    chance = random.Random(options.seed)
    for number in range(options.files):
        with xlsxwriter.Workbook(folder / f"agency{number}.xlsx") as book:
            sheet = book.add_worksheet()
            for row, cells in enumerate([COLUMNS, *_rows(number, 2568, chance)]):
                sheet.write_row(row, 0, cells)
    seconds = _night(f"{options.files:,} workbooks", home, folder, options.files)
    print(f"\nworkbooks: {seconds:.0f} s judged, loaded and receipted (wanted 120 for 8,317)")


def _night(what: str, home: Path, source: Path | None = None, rows: int = 0) -> float:
    """Receive, judge and load; their seconds together."""
    from ingestion import hand_in, judge_landing, load, receive
    from warehouse import connect

    if source:
        _show(
            measure.call(
                f"{what}: into landing",
                lambda: list(hand_in.receive_paths([source], datetime.now(UTC))),
                home,
                rows,
            ),
            True,
        )
    with connect.connect(autocommit=True) as connection:
        steps = {
            "receive": lambda: receive.register_landing(connection, datetime.now(UTC)),
            "judge": lambda: judge_landing.run(connection),
            "load": lambda: load.run(connection, datetime.now(UTC)),
        }
        seconds = 0.0
        for step, function in steps.items():
            said, before = [], resource.getrusage(resource.RUSAGE_CHILDREN)
            line = measure.call(
                f"{what}: {step}",
                lambda function=function, said=said: said.append(function()),
                home,
                rows,
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            line.cpu += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            line.note, line.memory = str(said[0]), after.ru_maxrss / 1024
            _show(line, source is not None)
            seconds += line.seconds
    return seconds


def _show(line: measure.Line, shown: bool) -> None:
    if shown:
        print(line, flush=True)


def _registry(base: Path) -> Path:
    file = base / "agencies.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write(
            "agency_id,name_th,agency_type,province_code,district_th,ministry_th,valid_from,valid_to,replaces,aliases\n"
        )
        out.writelines(
            f"B{number:05},องค์การบริหารส่วนตำบลทดสอบ{number},sao,56,เมืองพะเยา,,2560,,,\n"
            for number in range(9_000)
        )
    return file


def _long_table(base: Path, options: argparse.Namespace) -> tuple[Path, int]:
    """An official export with about `options.rows` rows: agencies, each with the years."""
    file, written, chance = base / "nacc-results.csv", 0, random.Random(options.seed)
    with file.open("w", encoding="utf-8") as out:
        out.write(",".join(COLUMNS) + "\n")
        for number in range(9_000):
            for fiscal_year in YEARS:
                rows = _rows(number, fiscal_year, chance)
                out.writelines(",".join(map(str, row)) + "\n" for row in rows)
                written += len(rows)
            if written >= options.rows:
                break
    return file, written


def _rows(number: int, fiscal_year: int, chance: random.Random) -> list[list]:
    """An agency-year with every item, EIT in both parts."""
    from ingestion import framework

    agency = [
        fiscal_year,
        f"B{number:05}",
        f"องค์การบริหารส่วนตำบลทดสอบ{number}",
        "sao",
        "พะเยา",
        "เมืองพะเยา",
    ]
    return [
        [
            *agency,
            "item",
            item.code,
            part,
            chance.choice((0, 100, 100))
            if item.instrument == "OIT"
            else chance.randint(6_000, 10_000) / 100,
            "",
            "",
            "",
        ]
        for item in framework.load().years[fiscal_year].items.values()
        for part in (("public", "survey") if item.instrument == "EIT" else ("",))
    ]


if __name__ == "__main__":
    main()
