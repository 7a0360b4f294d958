"""The whole country through every step of a night, beside the bare minimum of the same work.

See benchmarks/README.md.

python benchmarks/country.py                                    8,320 agencies, FY2564-2568
python benchmarks/country.py --agencies 300 --years 2567-2568   a quick look
python benchmarks/country.py --night                            and a night of 1 % resubmitting
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import measure, peers
from benchmarks.measure import ITA, Line

SHARE_OF_A_NIGHT = 0.01
SLOWEST = 12


def main() -> None:
    options = _options()
    base = options.keep or Path(tempfile.mkdtemp(prefix="ita-country-"))
    home = base / "home"
    home.mkdir(parents=True, exist_ok=True)
    os.environ["ITA_HOME"] = str(home)
    os.environ.pop("ITA_WAREHOUSE_DSN", None)
    try:
        print(measure.HEAD)
        rows = full(options, base, home)
        peers.run(home, rows, _show)
        if options.night:
            night(options, base, home)
        for line in slowest(home):
            print(line)
    finally:
        measure.command("down", [ITA, "down"], dict(os.environ), home)
        if not options.keep:
            shutil.rmtree(base, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agencies", type=int, default=8320)
    parser.add_argument("--years", default="2564-2568", help="first and last fiscal year, B.E.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--packs",
        default="first",
        help="province whose packs are written; none: leave them out (default: the first)",
    )
    parser.add_argument(
        "--night",
        action="store_true",
        help="also a usual night: 1 %% of the agencies resubmit, by ita refresh",
    )
    parser.add_argument("--keep", type=Path, help="work in this folder and keep it")
    return parser.parse_args()


def _show(line: Line) -> None:
    print(line, flush=True)


def _ita(step: str, *arguments: object, home: Path, rows: int = 0, note: str = "") -> str:
    """Run an ita command, print its line; what it said."""
    line, output = measure.command(step, [ITA, *arguments], dict(os.environ), home, note)
    line.rows = rows
    _show(line)
    return output


def query(sql: str) -> list[tuple]:
    """Rows of a query as the owner of the warehouse."""
    from warehouse import connect

    with connect.connect() as connection:
        return connection.execute(sql).fetchall()


def full(options: argparse.Namespace, base: Path, home: Path) -> int:
    """Everything from national files, on an empty warehouse; the number of score rows."""
    country = base / "country"
    _ita(
        "synth",
        "synth",
        "--agencies",
        options.agencies,
        "--years",
        options.years,
        "--seed",
        options.seed,
        "--layout",
        "long",
        country,
        home=home,
        note="not part of a night",
    )
    rows = sum(_lines(file) - 1 for file in (country / "long").glob("*.csv"))
    _ita("up", "up", home=home, note="not part of a night")
    _ita("receive PATH", "receive", country, home=home, rows=rows)
    _ita("receive", "receive", home=home, rows=rows)
    _ita("judge (read and check)", "judge", home=home, rows=rows)
    _ita("load", "load", home=home, rows=rows)
    _ita("build (dbt, with its tests)", "build", home=home, rows=rows, note="rows: scores read")
    _ita("audit (both gates)", "audit", home=home, rows=rows)
    _ita("publish", "publish", home=home)
    if options.packs != "none":
        packs(options.packs, options.years.split("-")[-1], base, home)
    return rows


def _lines(file: Path) -> int:
    with file.open("rb") as content:
        return sum(block.count(b"\n") for block in iter(lambda: content.read(1 << 20), b""))


def packs(province: str, fiscal_year: str, base: Path, home: Path) -> None:
    """The packs of one province and year in all formats."""
    if province == "first":
        province = query(
            "select min(province_code) from mart.provincial_ranking where fiscal_year = "
            f"{int(fiscal_year)} and province_code <> '10'"
        )[0][0]
    count = query(
        f"select count(*) from mart.assessment where fiscal_year = {int(fiscal_year)} and "
        f"province_code = '{province}'"
    )[0][0]
    _ita(
        "packs, all formats",
        "packs",
        "--year",
        fiscal_year,
        "--province",
        province,
        "--out",
        base / "packs",
        home=home,
        rows=count,
        note="rows: packs",
    )


def night(options: argparse.Namespace, base: Path, home: Path) -> None:
    """1 % of the agencies resubmit; `ita refresh` brings them out.

    The packs of the night before are made of JSON alone: which packs the night writes hangs on
    their manifests, and all formats would take the longest of all.
    """
    from synth import country

    first_year, last_year = (int(year) for year in (options.years.split("-") * 2)[:2])
    _ita(
        "packs of the night before (JSON)",
        "packs",
        "--nightly",
        "--format",
        "json",
        home=home,
        note="not part of a night",
    )
    _ita("refresh, nothing new", "refresh", home=home)
    files = country.resubmit(
        base / "night", options.agencies, first_year, last_year, options.seed, SHARE_OF_A_NIGHT
    )
    _ita("receive PATH, 1 %", "receive", base / "night", home=home, rows=files, note="rows: files")
    _ita(
        "refresh, 1 % resubmit",
        "refresh",
        home=home,
        rows=files,
        note="rows: files; with Airflow and their packs",
    )
    for task, seconds in _tasks():
        _show(Line(f"  of it {task}", seconds, 0, 0))


def _tasks() -> list[tuple[str, float]]:
    """Seconds of each task of the last run, from Airflow's own metadata, in order."""
    from warehouse import connect

    with connect.connect() as connection:
        name = connection.info.dbname
    with connect.connect(dbname=f"{name}_airflow") as airflow:
        return airflow.execute("""
            select task_id, extract(epoch from end_date - start_date)::float8 from task_instance
            where run_id = (select run_id from dag_run where dag_id = 'nightly_refresh'
                order by start_date desc limit 1)
            order by start_date""").fetchall()


def slowest(home: Path) -> list[str]:
    """Where dbt's seconds go, by its own account of the last build."""
    last = max(home.glob("dbt/*/run_results.json"), key=lambda path: path.stat().st_mtime)
    results = json.loads(last.read_text())
    nodes = sorted(
        ((node["execution_time"], node["unique_id"]) for node in results["results"]), reverse=True
    )
    kinds: dict[str, float] = {}
    for seconds, name in nodes:
        kind = name.split(".")[0]
        kinds[kind] = kinds.get(kind, 0) + seconds
    return [
        "",
        f"dbt: {results['elapsed_time']:.1f} s for {len(nodes)} nodes in 2 threads; node seconds: "
        + ", ".join(f"{kind} {seconds:.1f}" for kind, seconds in kinds.items()),
        *(f"  {seconds:7.2f}  {name}" for seconds, name in nodes[:SLOWEST]),
    ]


if __name__ == "__main__":
    main()
