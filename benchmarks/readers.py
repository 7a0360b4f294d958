"""Readers of the whole analyst's guide without a pause, and a publication in their midst.

    python benchmarks/readers.py                             800 agencies, 60 readers
    python benchmarks/readers.py --agencies 8320 --years 2564-2568 --seconds 60

Prints how long each query takes for headquarters and for a province alone,
and for headquarters by the views of release 0.1.0 on the same tables; then of the readers the
95th percentile of a query without a publication and during one, what the publication took, and the
longest wait for a lock. Two of three readers are headquarters', the rest of provinces.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
from psycopg import sql

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from publish import access

ROOT = Path(__file__).parents[1]
ITA = Path(sys.executable).with_name("ita")
GUIDE = re.findall(
    r"```sql\n(.*?);\n```", (ROOT / "docs" / "analyst-guide.md").read_text("utf-8"), re.DOTALL
)
LONGEST_WAIT = """
    select coalesce(max(extract(epoch from clock_timestamp() - l.waitstart)), 0)::float8
    from pg_locks as l join pg_stat_activity as a using (pid)
    where not l.granted and a.usename like 'ita\\_%' and a.usename <> current_user"""


class Readers:
    """Threads that run the guide over and over; (when begun, seconds) of each query."""

    def __init__(self, logins: list[str], number: int):
        self.taken: list[tuple[float, float]] = []
        self.errors: list[str] = []
        self.stopped = threading.Event()
        self.threads = [
            threading.Thread(target=self._read, args=(logins[n % len(logins)], n))
            for n in range(number)
        ]
        for thread in self.threads:
            thread.start()

    def _read(self, dsn: str, first: int) -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            place = first
            while not self.stopped.is_set():
                began = time.perf_counter()
                try:
                    connection.execute(GUIDE[place % len(GUIDE)]).fetchall()
                except psycopg.Error as error:
                    self.errors.append(str(error).splitlines()[0])
                self.taken.append((began, time.perf_counter() - began))
                place += 1

    def stop(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()


def p95(taken: list[tuple[float, float]], since: float, until: float) -> tuple[float, int]:
    """The 95th percentile of the queries that ran between the two, and their number."""
    seconds = sorted(took for began, took in taken if began < until and began + took > since)
    return (seconds[int(len(seconds) * 0.95)] if seconds else float("nan")), len(seconds)


def ita(environment: dict, *arguments) -> str:
    done = subprocess.run(
        [ITA, *map(str, arguments)], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def prepare(environment: dict, agencies: int, years: str, country: Path) -> None:
    """A published build, and an audited candidate that differs from it by a correction."""
    ita(environment, "synth", "--agencies", agencies, "--years", years, "--seed", 7, "--layout",
        "long", country)  # fmt: skip
    ita(environment, "up")
    lines = ita(environment, "receive", country).splitlines()
    for step in ("receive", "judge", "load", "build", "audit", "publish"):
        ita(environment, step)
    correction = next(line.split()[0] for line in lines if f"{years[-4:]}_correction" in line)
    ita(environment, "withdraw", correction)
    ita(environment, "build")
    ita(environment, "audit")


def filtered(owner: str) -> None:
    """Schema `filtered`: the views as they were in 0.1.0, a barrier and a filter over the table."""
    every = "(select access.sees_all(current_user))"
    own = f"({every} or province_code = any ((select access.provinces_of(current_user))::text[]))"
    with psycopg.connect(owner) as connection:
        connection.execute("drop schema if exists filtered cascade; create schema filtered")
        for view in access.views():
            name = sql.Identifier(view["view_name"])
            columns = connection.execute(
                sql.SQL("select * from published.{} limit 0").format(name)
            ).description
            where = own if view["rows"] == "own_province" else "true"
            if view["rows"] == "own_submission":
                where = every
            hidden = view["hidden_columns"].split("|")
            selected = [
                sql.SQL("case when {} then {} end as {}").format(
                    sql.SQL(own), sql.Identifier(column.name), sql.Identifier(column.name)
                )
                if column.name in hidden
                else sql.Identifier(column.name)
                for column in columns
            ]
            connection.execute(
                sql.SQL(
                    "create view filtered.{} with (security_barrier) as select {} from published.{}"
                    " where {}"
                ).format(name, sql.SQL(", ").join(selected), name, sql.SQL(where))
            )
        connection.execute("grant usage on schema filtered to ita_analyst")
        connection.execute("grant select on all tables in schema filtered to ita_analyst")


def alone(dsn: str, schema: str = "mart", rounds: int = 3) -> list[float]:
    """Seconds of each query of the guide on the views of a schema, the best of some rounds."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        best = [float("inf")] * len(GUIDE)
        for _ in range(rounds):
            for place, query in enumerate(GUIDE):
                began = time.perf_counter()
                connection.execute(query.replace("mart.", f"{schema}.")).fetchall()
                best[place] = min(best[place], time.perf_counter() - began)
    return best


def publish_amid(environment: dict, owner: str, readers: Readers, seconds: float) -> None:
    time.sleep(seconds / 4)  # until all are connected
    before, longest = time.perf_counter(), 0.0
    time.sleep(seconds)
    began = time.perf_counter()
    publication = subprocess.Popen(  # a session of its own, as a service's: not among the readers
        [ITA, "publish"], env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    with psycopg.connect(owner, autocommit=True) as connection:
        while publication.poll() is None:
            longest = max(longest, connection.execute(LONGEST_WAIT).fetchone()[0])
            time.sleep(0.05)
    took = time.perf_counter() - began
    time.sleep(max(0.0, 3 - took))
    ended = time.perf_counter()
    readers.stop()
    without, queries = p95(readers.taken, before, began)
    during, queries_during = p95(readers.taken, began, ended)
    print(f"publication                {took:8.2f} s, exit {publication.returncode}")
    print(f"p95 of a query without one {without:8.2f} s ({queries} queries)")
    print(f"p95 of a query during it   {during:8.2f} s ({queries_during} queries)")
    print(f"ratio                      {during / without:8.2f}")
    print(f"longest wait for a lock    {longest:8.2f} s")
    print(f"errors                     {len(readers.errors):8} {sorted(set(readers.errors))[:3]}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--agencies", type=int, default=800)
    options.add_argument("--years", default="2566-2568")
    options.add_argument("--readers", type=int, default=60)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--home", type=Path, help="one with a candidate that waits; kept")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="ita-readers-") as folder:
        home = given.home or Path(folder) / "home"
        environment = {**os.environ, "ITA_HOME": str(home)}
        if not given.home:
            prepare(environment, given.agencies, given.years, Path(folder) / "country")
        try:
            roles = ["ita_analyst", "ita_pack", *(f"ita_province_{code}" for code in (30, 56, 83))]
            dsn = {
                role: ita(environment, "status", "--dsn", role).strip()
                for role in [*roles, "ita_owner"]
            }
            filtered(dsn["ita_owner"])
            before = alone(dsn["ita_analyst"], "filtered")
            for who, times in (
                ("headquarters, 0.1.0", before),
                ("headquarters, now", alone(dsn["ita_analyst"])),
                ("province 83, now", alone(dsn["ita_province_83"])),
            ):
                print(f"{who:20} ms a query:", *(f"{seconds * 1000:8.1f}" for seconds in times))
            logins = [dsn["ita_analyst"]] * 6 + [dsn[role] for role in roles[2:]]
            readers = Readers(logins, given.readers)
            publish_amid(environment, dsn["ita_owner"], readers, given.seconds)
        finally:
            if not given.home:
                ita(environment, "down")


if __name__ == "__main__":
    main()
