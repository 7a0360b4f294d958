"""A country of 20 agencies before its second night, and what must come of that."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from ingestion import hand_in, records
from publish import access
from recovery import marts
from synth import country
from tests.faults.zygote import STEPS, Order
from warehouse import connect, postgres, schema, settings
from warehouse.errors import Fault

RUN = "ita_faults"
HANDED_1 = datetime(2026, 9, 29, 3, tzinfo=UTC)
NIGHT_1 = datetime(2026, 9, 29, 18, tzinfo=UTC)
HANDED_2 = datetime(2026, 9, 30, 3, tzinfo=UTC)
NIGHT_2 = datetime(2026, 9, 30, 16, 59, 59, tzinfo=UTC)  # a second before October in Bangkok
NEXT_DAY = NIGHT_2 + timedelta(seconds=5)
MEANWHILE = HANDED_2 + timedelta(hours=1)
ROOT = Path(__file__).parents[2]

RELATIONS = """
    select format('%I.%I', n.nspname, c.relname), c.relkind::text, concat_ws(' ', c.relkind,
        c.relowner::regrole, c.relacl::text, case c.relkind when 'v' then pg_get_viewdef(c.oid)
        when 'i' then pg_get_indexdef(c.oid) end)
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1"""
CONTENT = {
    "r": "select md5(string_agg(t::text, '|' order by t::text)) from {} as t",
    "S": "select concat_ws(' ', last_value, is_called) from {}",
}


class World:
    """The server, the zygote, the country; `begin` puts everything back to before night two."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.home, self.where = folder / "home", folder / "where"
        self.files = folder / "country"
        self.number = 0
        shim = folder / "shim.so"
        source = ROOT / "tests/powercut/shim.c"
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", shim, source, "-ldl"], check=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            env={**os.environ, "LD_PRELOAD": str(shim)},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def make(self) -> None:
        """The country, its first night published, the files of the second handed in."""
        country.write(self.files, 20, 2567, 2568, 7, ["long"])
        meanwhile = self.files / "meanwhile.json"
        plans = self.files / "plans"
        (plans / "plans_2568.json").rename(meanwhile)
        self.home.mkdir()
        self.where.mkdir()
        with connect.connect(autocommit=True) as owner:
            owner.execute(f"create database {RUN}")
        with connect.connect(dbname=RUN, autocommit=True) as owner:
            schema.apply(owner)
            access.apply(owner)
        shutil.copytree(settings.folder("secrets"), self.home / "secrets")
        first = [self.files / "agencies.csv", self.files / "long/nacc_2567.csv", plans]
        second = [path for path in sorted((self.files / "long").iterdir()) if path not in first]
        self.broken = self.files / "broken.csv"
        self.broken.write_text("agency_id,fiscal_year,level,score\nnobody,2568,overall,900\n")
        self._hand_in(first, HANDED_1)
        name, _ = self.night(NIGHT_1)
        assert self.ended(name, 900) == self.good(), self.log(name)
        self._hand_in([*second, self.broken], HANDED_2)
        self.keep(STEPS[0])

    def _hand_in(self, paths: list[Path], at: datetime) -> None:
        before = os.environ["ITA_HOME"]
        os.environ["ITA_HOME"] = str(self.home)
        list(hand_in.receive_paths(paths, at))
        os.environ["ITA_HOME"] = before

    @staticmethod
    def good() -> dict[str, list[int]]:
        return {name: [0] for name in STEPS}

    def begin(self, step: str = "receive") -> None:
        """Home and database as they were in the second night before a step."""
        home, database = self._kept(step)
        for folder in (self.home, self.where):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(home, self.home)
        self.where.mkdir()
        with connect.connect(autocommit=True) as owner:
            owner.execute(f"drop database if exists {RUN} with (force)")
            owner.execute(f"create database {RUN} template {database}")

    def keep(self, step: str) -> None:
        """Keep home and database as they are: before that step."""
        home, database = self._kept(step)
        shutil.copytree(self.home, home)
        with connect.connect(autocommit=True) as owner:
            # of the step that has ended, a session may not have noticed that yet
            owner.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s",
                [RUN],
            )
            owner.execute(f"create database {database} template {RUN}")

    def _kept(self, step: str) -> tuple[Path, str]:
        return self.folder / f"before_{step}", f"{RUN}_{step}"

    def night(self, at: datetime = NIGHT_2, **what) -> tuple[str, int]:
        """Begin a night; its name, and the process number of its driver."""
        self.number += 1
        name = f"night{self.number}"
        dsn = make_conninfo(**{**connect.parameters(), "dbname": RUN})
        order = Order(name, str(self.home), str(self.where), dsn, at.isoformat(), **what)
        self.process.stdin.write(json.dumps(asdict(order)) + "\n")
        self.process.stdin.flush()
        return name, int(self.process.stdout.readline())

    def result(self, name: str) -> dict | None:
        file = self.where / f"{name}.json"
        return json.loads(file.read_text()) if file.exists() else None

    def ended(self, name: str, seconds: float = 600) -> dict:
        """The exit codes of a night, when it is done."""
        deadline = time.monotonic() + seconds
        while (found := self.result(name)) is None:
            assert time.monotonic() < deadline, f"{name} did not end: {self.log(name)}"
            time.sleep(0.05)
        return found

    def log(self, name: str) -> str:
        file = self.where / f"{name}.log"
        return file.read_text()[-3000:] if file.exists() else ""

    def revive(self) -> None:
        """The server, where it was killed; what was cut off in it is over."""
        deadline = time.monotonic() + 600
        while True:
            try:
                postgres.up()
                with connect.connect(dbname=RUN, autocommit=True) as owner:
                    owner.execute("select 1")
                return
            except Exception:
                assert time.monotonic() < deadline
                time.sleep(0.3)

    def everything(self) -> dict[str, str]:
        """All that a later step could find, by name: every relation, its definition, rights and
        rows, and every file, but what dbt says of its last run."""
        found = {}
        with connect.connect(dbname=RUN, autocommit=True) as owner:
            for name, kind, definition in owner.execute(RELATIONS).fetchall():
                found[name] = definition
                if kind in CONTENT:
                    found[name] += f" {owner.execute(CONTENT[kind].format(name)).fetchone()[0]}"
        for path in sorted(self.home.rglob("*")):
            name = str(path.relative_to(self.home))
            if path.is_file() and not path.match("dbt/target/*.json"):
                found[name] = _hash(path)
        return found

    def state(self, times: bool = True) -> dict:
        """All that must be the same at the end. times=False: but for when it was seen."""
        with connect.connect(dbname=RUN, autocommit=True) as owner:
            without = _without_times(owner)
            # when the gates judged is the clock's, not the night's: another in every run
            whole = {**marts.checksums(owner), "check_result": without["check_result"]}
            found = {"marts": whole if times else without}
            found["files"] = sorted(
                owner.execute(
                    "select file_name, state, rows_read, rows_accepted, rows_rejected"
                    " from raw.submission"
                ).fetchall()
            )
            lost = [row for row in found["files"] if row[2] != row[3] + row[4]]
            assert not lost, f"received is not accepted and rejected: {lost}"
            found["schemas"] = sorted(
                name
                for (name,) in owner.execute(
                    "select nspname::text from pg_namespace where nspname in"
                    " ('candidate', 'published', 'retired', 'outgoing', 'mart', 'mart_next')"
                )
            )
            found["builds"] = owner.execute(
                "select schema_name, build_id, state, first_year from ops.build order by 1"
            ).fetchall()
            found["publications"] = owner.execute(
                "select build_id from ops.publication order by publication_no"
            ).fetchall()
        before = os.environ["ITA_HOME"]
        os.environ["ITA_HOME"] = str(self.home)
        try:
            events = [(wrong, event) for _, some, wrong in records.read() for event in some]
        finally:
            os.environ["ITA_HOME"] = before
        assert not [wrong for wrong, _ in events if wrong]
        found["arrived"] = sorted(e["sha256"] for _, e in events if e["event"] == "arrived")
        found["judged"] = sorted(
            sha256 for _, e in events if e["event"] == "judged" for sha256 in e["sha256s"]
        )
        for folder in ("archive", "receipts", "packs"):
            found[folder] = {
                str(path.relative_to(self.home)): _hash(path)
                if times
                else _hash_without_build(path)
                for path in sorted((self.home / folder).rglob("*"))
                if path.is_file()
                and not any(part.startswith(".") for part in path.relative_to(self.home).parts)
                and "records" not in path.parts
                and (times or path.suffix != ".html" and "manifest" not in path.name)
            }
        found["landing"] = sorted(
            str(path) for path in (self.home / "landing").rglob("[!.]*") if path.is_file()
        )
        return found

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def _hash_without_build(path: Path) -> str:
    """Of a pack without the publication that it was written from: which one, and its day."""
    if path.name != "pack.json":
        return _hash(path)
    content = json.loads(path.read_bytes())
    left = {key: value for key, value in content.items() if key not in ("build", "data_date")}
    return hashlib.sha256(json.dumps(left, sort_keys=True).encode()).hexdigest()


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _without_times(connection: psycopg.Connection) -> dict[str, str]:
    """Checksums of the marts' rows without their columns of times."""
    found = {}
    columns = connection.execute("""
        select c.relname, string_agg(format('%I', a.attname), ', ' order by a.attnum)
        from pg_class as c join pg_attribute as a on a.attrelid = c.oid
        where c.relnamespace = 'mart'::regnamespace and a.attnum > 0
            and a.atttypid <> 'timestamptz'::regtype group by 1 order by 1""").fetchall()
    for view, names in columns:
        found[view] = connection.execute(
            "select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from"
            f" (select {names} from mart.{view}) as t"
        ).fetchone()[0]
    return found


SIGNATURE = """
    select (select count(*) || ' ' || sum(overall_score) from mart.assessment),
        (select count(*) || ' ' || sum(a.overall_score) from mart.assessment as a
         join mart.national_ranking using (agency_id, fiscal_year)),
        (select count(*) from mart.provincial_ranking), (select count(*) from mart.item_score)"""


class Reader:
    """An analyst who asks over and over, through every fault; what was seen."""

    def __init__(self):
        self.seen: set[tuple] = set()
        self.errors: set[str] = set()
        self.away = ""
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        while not self.over.is_set():
            try:
                with connect.connect("ita_analyst", dbname=RUN, autocommit=True) as reader:
                    while not self.over.is_set():
                        self.seen.add(reader.execute(SIGNATURE).fetchone())
                        time.sleep(0.03)
            except (psycopg.OperationalError, Fault) as error:  # the server is down
                self.away = str(error)
                time.sleep(0.1)
            except Exception as error:  # a view that is not there, and the like
                self.errors.add(f"{type(error).__name__}: {error}")
                time.sleep(0.1)

    def end(self) -> None:
        self.over.set()
        self.thread.join(30)


def kill(number: int) -> None:
    """kill -9, whether it is there or not."""
    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        pass


def kill_all(driver: int) -> None:
    """The driver with all that it started."""
    try:
        below = psutil.Process(driver).children(recursive=True)
    except psutil.NoSuchProcess:
        below = []
    kill(driver)
    for process in below:
        kill(process.pid)
