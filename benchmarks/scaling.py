"""Past one machine: the night on two workers, packs on one and two processes, answers' place.

    python benchmarks/scaling.py night                   the DAG nightly_refresh on the bundled
                                                         samples: broker, scheduler, two workers
    python benchmarks/scaling.py packs [--packs 160]     packs a second on one and two processes
    python benchmarks/scaling.py mapped [--packs 160]    packs mapped over provinces as Airflow
                                                         tasks, on one worker and on two
    python benchmarks/scaling.py answers [--million 7]   the same questions to answers of
                                                         respondents in PostgreSQL and in Parquet

Each works in a folder of its own, which goes at the end. See docs/scaling.md.
"""

import argparse
import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measure import ITA, server_seconds
from benchmarks.scaling_answers import answers
from benchmarks.scaling_services import WORKERS, ita, load, services, triggered

REPOSITORY = Path(__file__).parents[1]
SAMPLES = REPOSITORY / "ingestion" / "samples"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=["night", "packs", "mapped", "answers"])
    parser.add_argument(
        "--packs",
        type=int,
        default=160,
        help="packs of each measurement; a multiple of 160 fills both processes evenly",
    )
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--million", type=int, default=7, help="million answers")
    options = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="ita-scaling-"))
    os.environ["ITA_HOME"] = str(base / "home")
    os.environ.pop("ITA_WAREHOUSE_DSN", None)
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(1)
    )  # so that what was started is stopped, also then
    try:
        {"night": night, "packs": packs, "mapped": mapped, "answers": answers}[options.part](
            base, options
        )
    finally:
        subprocess.run([ITA, "down"], check=False)
        shutil.rmtree(
            (base / "home" / "postgres").resolve(), ignore_errors=True
        )  # as root it can lie outside (a link)
        shutil.rmtree(base, ignore_errors=True)


def night(base: Path, options) -> None:
    """Print which worker ran which task of a night on the bundled samples, and how long it took."""
    ita("receive", SAMPLES)
    with services(base) as environment:
        seconds = triggered(base, environment, "nightly_refresh", {"fiscal_year": None})
    print(f"\nnightly_refresh on {len(WORKERS)} workers: {seconds:.0f} s, {load()}\n")
    print(
        "\n"
        + ita(
            "query",
            "select fiscal_year, agency_id, overall_score from mart.assessment order by 1, 2",
        ).stdout
    )


def packs(base: Path, options) -> None:
    """Print packs a second on one and two processes, in turns, on a small synthetic country."""
    country(base, options.packs)
    rates: dict[int, list[float]] = {1: [], 2: []}
    print(
        f"{load()} at the start\n\n"
        "| round | processes | packs/s | processors busy with other work |\n|---:|---:|---:|---:|"
    )
    for turn in range(1, options.rounds + 1):
        for processes, found in rates.items():
            start, machine, ours = time.perf_counter(), _busy(), _ours(base / "home")
            found.append(packs_a_second(options.packs, processes))
            others = (_busy() - machine - (_ours(base / "home") - ours)) / (
                time.perf_counter() - start
            )
            print(f"| {turn} | {processes} | {found[-1]:.2f} | {others:.2f} |", flush=True)
    one, two = (statistics.median(found) for found in rates.values())
    print(
        f"\nmedians: {one:.2f} and {two:.2f} packs/s, {two / one:.2f} times from one process to two"
    )


def country(base: Path, agencies: int) -> None:
    """A synthetic country of one year, published."""
    ita(
        "synth",
        "--agencies",
        agencies,
        "--years",
        "2568",
        "--seed",
        1,
        "--layout",
        "long",
        base / "country",
    )
    ita("receive", base / "country")
    for step in ("receive", "judge", "load", "build", "audit", "publish"):
        ita(step)


def packs_a_second(count: int, processes: int) -> float:
    """The mean of the two halves that benchmarks/packs.py measures."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.packs",
        "--packs",
        str(count),
        "--processes",
        str(processes),
    ]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    line = next(line for line in output.splitlines() if line.startswith("packs a second"))
    return statistics.mean(float(rate) for rate in re.findall(r"\d+\.\d+", line))


def _busy() -> float:
    """Processor seconds that this machine has worked so far."""
    times = psutil.cpu_times()
    return times.user + times.nice + times.system + times.irq + times.softirq


def _ours(home: Path) -> float:
    """Processor seconds of the commands that have ended and of the database server."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime + server_seconds(home)


def mapped(base: Path, options) -> None:
    """Print how long the packs of eight provinces take as tasks mapped over provinces.

    One at a time and two at a time, on two workers. The provinces are small here (a chunk of packs
    or less), so that a task keeps one processor busy and not two.
    """
    country(base, options.packs)
    from warehouse import connect

    with connect.connect() as connection:
        found = connection.execute("""
            select province_code, count(*) from mart.assessment
            where province_code not in ('00', '10')
            group by province_code order by 2 desc, 1 limit 8""").fetchall()
    if max(count for _, count in found) > 40:
        raise SystemExit("a province has more than 40 agencies: give fewer --packs")
    folder = base / "dags"
    folder.mkdir()
    for file in (REPOSITORY / "dags" / "steps.py", REPOSITORY / "benchmarks" / "scaling_dag.py"):
        shutil.copy(file, folder)
    os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(folder)
    total, provinces = sum(count for _, count in found), [province for province, _ in found]
    with services(base) as environment:
        before = os.getloadavg()[0]
        one, two = (
            triggered(
                base,
                environment,
                f"packs_on_{tasks}",
                {"provinces": provinces, "out": str(base / f"packs{tasks}")},
            )
            for tasks in (1, 2)
        )
    print(
        f"\n{total} packs of {len(provinces)} provinces: {one:.0f} s one task at a time, "
        f"{two:.0f} s two at a time, {one / two:.2f} times; load before {before:.1f}"
    )


if __name__ == "__main__":
    main()
