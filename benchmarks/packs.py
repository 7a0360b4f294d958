"""Packs a second, all formats, on two processes, from the published build of ITA_HOME.

    python benchmarks/packs.py [--packs 200] [--processes 2]

Takes every n-th agency of the newest year, so that the mix of types and provinces is that of the
build (`ita synth` gives a national one). Prints packs a second, the processor seconds of a pack (on
a busy machine read these), those of each format in one warm process, peak memory of the workers at
the half and at the end, and size. Each half starts its workers anew, as
`ita packs` does.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from publish.build import latest_publication
from reports import facts, pack, packs
from reports.setting.pdf import fonts
from reports.year import Year
from warehouse.connect import connect


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--packs", type=int, default=200)
    arguments.add_argument("--processes", type=int, default=2)
    asked = arguments.parse_args()
    with connect() as connection:
        published = latest_publication(connection)
    if not published:
        raise SystemExit(
            "nothing is published in ITA_HOME: run `ita synth`, `ita receive` and `ita refresh` "
            "first"
        )
    build = {
        "build_id": published["build_id"],
        "date": published["published_at"].date().isoformat(),
    }
    with connect("ita_pack") as connection:
        keys = packs.agency_years(connection)
        newest = max(key["fiscal_year"] for key in keys)
        keys = [key for key in keys if key["fiscal_year"] == newest]
        keys = keys[:: max(1, len(keys) // asked.packs)][: asked.packs]
        seconds = _each_format(connection, newest, keys[:30], build)
    fonts.folder()
    with tempfile.TemporaryDirectory() as folder:
        order = packs.order_of(Path(folder), pack.FORMATS, everything=True) | {"scratch": folder}
        half = len(keys) // 2
        rates, peaks, processor = [], [], []
        for part in (keys[:half], keys[half:]):
            start, before = time.perf_counter(), _processor_seconds()
            with packs._workers(asked.processes) as pool:
                done = packs._run(packs._tasks(part, build, order), len(part), pool)
            rates.append(done.written / (time.perf_counter() - start))
            processor.append((_processor_seconds() - before) / done.written)
            peaks.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
        size = sum(path.stat().st_size for path in Path(folder).rglob("pack.*"))
    print(f"packs of FY{newest}              {len(keys)}")
    print(f"processes                    {asked.processes}")
    print(f"packs a second               {rates[0]:.2f} first half, {rates[1]:.2f} second half")
    print(
        f"CPU seconds a pack           {processor[0]:.3f} first half, {processor[1]:.3f} second "
        "half, with the start of the workers"
    )
    print(
        "  of one in a warm process   "
        + ", ".join(f"{name} {value:.3f}" for name, value in seconds.items())
    )
    print(
        f"peak memory of a worker, MB  {peaks[0]:.0f} after the first half, {peaks[1]:.0f} at the "
        "end"
    )
    print(f"size of a pack, KB           {size / len(keys) / 1024:.0f}")


def _processor_seconds() -> float:
    """Of this process and of its workers that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _each_format(connection, fiscal_year: int, keys: list[dict], build: dict) -> dict[str, float]:
    """CPU seconds of one pack for reading its facts and for each format, in one process that is
    warm.
    """
    year = Year(connection, fiscal_year)
    start = time.process_time()
    found = facts.read(connection, year, [key["agency_id"] for key in keys], build)
    seconds = {"facts": (time.process_time() - start) / len(found)}
    complete = [pack.complete(read) for read in found.values()]
    pack.files(complete[0])
    for name in pack.FORMATS:
        start = time.process_time()
        for one in complete[1:]:
            pack.files(one, (name,))
        seconds[name] = (time.process_time() - start) / max(1, len(complete) - 1)
    return seconds


if __name__ == "__main__":
    main()
