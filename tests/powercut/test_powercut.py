"""The power goes before each operation of each step: nothing received is lost, nothing is empty.

The steps run under a preloaded shim (shim.c), which writes down every change of a file and ends the
process; disk.py then leaves of the files what a disk would have. Then the night runs again.
PostgreSQL keeps its own promise; what it committed is there.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion import hand_in, judge_landing, load, receive
from ingestion.archive import archived
from tests.intake import DATABASE, EMPTY
from tests.powercut import disk
from tests.security.test_names import REGISTRY, scores
from warehouse import connect

FILES = {
    "agencies.csv": REGISTRY,
    "office/a.csv": scores("S1"),
    "b.csv": scores("S2", 90, 2567),
    "rejected.csv": scores("S9"),
}
HANDED = {"c.csv": scores("C1", 77), "deep/d.csv": scores("S2", 66)}
AT = datetime.now(UTC)
STEPS = ("hand_in", "receive", "judge", "load", "withdraw", "note_failure")


@pytest.fixture(scope="module")
def zygote(ita_home, tmp_path_factory):
    """Send it an order, get its answer."""
    shim = tmp_path_factory.mktemp("shim") / "shim.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", shim, source, "-ldl"], check=True)
    variables = {"LD_PRELOAD": str(shim), "ITA_WAREHOUSE_DSN": connect.dsn()}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.powercut.zygote"],
        env={**os.environ, **variables},
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(**order) -> dict:
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield ask
    process.stdin.close()
    process.wait()


class World:
    """An ITA_HOME and a database as they are before a step; the step cut, and what came of it."""

    def __init__(self, intake, zygote, step: str):
        self.intake, self.zygote, self.step = intake, zygote, step
        self.where = intake.home.parent / "journal"

    def begin(self) -> None:
        """Everything as it is before the step, and safe on the disk."""
        for folder in (self.intake.home, self.where, self.intake.home.parent / "handed-in"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        self.intake.conn.execute(EMPTY)
        for name, content in FILES.items():
            self.intake.put(name, content)
        for name, content in HANDED.items():
            file = self.intake.home.parent / "handed-in" / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(content)
        before = STEPS.index(self.step)
        if before > STEPS.index("hand_in"):
            list(hand_in.receive_paths([self.intake.home.parent / "handed-in"], AT))
        if before > STEPS.index("receive"):
            receive.run(self.intake.conn, AT)
        if before > STEPS.index("judge"):
            judge_landing.run(self.intake.conn)
        if before > STEPS.index("load"):
            load.run(self.intake.conn, AT)

    def run(self, cut: int = 0) -> dict:
        """The step, the power cut before its operation of that number (0: never)."""
        return self.zygote(
            step=self.step,
            home=str(self.intake.home),
            where=str(self.where),
            database=DATABASE,
            cut=cut,
        )

    def said_stored(self) -> list[str]:
        """SHA-256 of what a line said was stored."""
        lines = (self.where / "said").read_text().splitlines()
        return [line[:64] for line in lines if "  stored  " in line]

    def go_on(self) -> None:
        """After the cut: whoever got no answer does it again, and the night runs."""
        stored = self.said_stored()
        landed = {
            hashlib.sha256(file.read_bytes()).hexdigest()
            for file in (self.intake.home / "landing").rglob("*")
            if file.is_file()
        }
        assert set(stored) <= landed | {s for s in stored if archived(s).exists()}
        list(hand_in.receive_paths([self.intake.home.parent / "handed-in"], AT))
        self.intake.night()
        self.intake.night()
        self.check()

    def check(self) -> None:
        states = self.intake.states()
        withdrawn = [name for name, state in states.items() if state == "withdrawn"]
        assert len(withdrawn) <= (self.step == "withdraw")
        names = [*FILES, *(f"handed-in/{name}" for name in HANDED)]
        expected = dict.fromkeys(names, "accepted")
        expected |= {"rejected.csv": "rejected"} | dict.fromkeys(withdrawn, "withdrawn")
        assert states == expected
        for content in [*FILES.values(), *HANDED.values()]:
            sha256 = hashlib.sha256(content.encode()).hexdigest()
            assert archived(sha256).read_text() == content
        for file in (self.intake.home / "receipts").glob("[!.]*"):  # hidden: drafts of then
            assert file.stat().st_size, file.name
            if file.suffix == ".json":
                assert json.loads(file.read_text())["submission_sha256"] == file.stem
        assert self.intake.conn.execute("select count(*) from raw.score").fetchone() == (4,)
        assert not any(self.intake.troubles().values())


class Pages(World):
    """The pages of a night in which all steps have run, written anew after more came."""

    def begin(self) -> None:
        self.step = "withdraw"
        super().begin()
        self.step = "documents"
        self.run()
        (self.where / "journal").unlink()
        self.intake.put("more.csv", scores("S1", 55, 2566))
        self.intake.night()

    def go_on(self) -> None:
        assert self.run()["code"] == 0
        pages = list(self.intake.home.rglob("*.html"))
        assert len(pages) >= 5 and all(page.stat().st_size > 500 for page in pages)
        assert "more.csv" in (self.intake.home / "index.html").read_text()


class Packs(World):
    """Packs that stand, of which one is written anew."""

    def begin(self) -> None:
        for folder in (self.intake.home, self.where):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        assert self.run()["code"] == 0, (self.where / "said").read_text()
        (self.where / "journal").unlink()

    def go_on(self) -> None:
        assert self.run()["code"] == 0, (self.where / "said").read_text()
        packs = self.intake.home / "packs"
        manifests = sorted(packs.glob("2*/*/[!.]*/manifest.json"))
        assert len(manifests) == 3
        for manifest in manifests:
            for name, sha256 in json.loads(manifest.read_text())["files"].items():
                content = (manifest.parent / name).read_bytes()
                assert hashlib.sha256(content).hexdigest() == sha256, manifest.parent / name
        assert all(str(m.parent.name) in (packs / "index.html").read_text() for m in manifests)


KINDS = dict.fromkeys(STEPS, World) | {"documents": Pages, "packs": Packs}


@pytest.fixture
def world(intake, zygote, request):
    return KINDS[request.param](intake, zygote, request.param)


@pytest.mark.parametrize("world", KINDS, indirect=True)
def test_a_step_under_the_shim_does_what_it_does(world):
    world.begin()
    answer = world.run()
    assert answer["code"] == 0, (world.where / "said").read_text()
    assert answer["count"] >= 3
    assert disk.cut(world.where / "journal", "kept") == 0, "bytes that are not on the disk"
    disk.cut(world.where / "journal", "lost")
    world.go_on()


def every(world, cuts) -> int:
    done = 0
    for number in cuts:
        mode = ("lost", "kept", number)[number % 3]
        world.begin()
        answer = world.run(cut=number)
        assert answer["code"] == -9, (number, answer)
        disk.cut(world.where / "journal", mode)
        try:
            world.go_on()
        except BaseException as error:
            error.add_note(f"power cut before operation {number} of {world.step}, {mode}")
            raise
        done += 1
    return done


def count(world) -> int:
    world.begin()
    return world.run()["count"]


@pytest.mark.parametrize("world", ["receive", "judge", "load"], indirect=True)
def test_the_power_goes_here_and_there(world):
    """Two operations of three steps; the slow group goes through all of all."""
    operations = count(world)
    cuts = sorted({operations // 2, operations - 1})
    assert every(world, cuts) == len(cuts)


@pytest.mark.slow_group
@pytest.mark.parametrize("world", KINDS, indirect=True)
def test_the_power_goes_before_every_operation(world):
    operations = count(world)
    assert every(world, range(1, operations + 1)) == operations
