"""Faults by number: `python -m tests.faults.harness --count 500 --seed 1` (make faults).

Each prints its seed and number; `--only 17` plays one again. They are played side by side, by
processes that have a server and a country each.
"""

import argparse
import fcntl
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from tests.faults import faults
from tests.faults import world as w
from tests.faults.zygote import STEPS
from warehouse import postgres
from warehouse.children import end_with_parent

PREFIX = "ita-faults-"


class Harness:
    """The world, what an undisturbed night makes of it, and each fault against that."""

    def __init__(self, folder: Path):
        self.world = w.World(folder)
        self.world.make()
        self.lengths: dict[str, float] = {}
        self.after: dict[str, dict] = {}
        self.undisturbed = self._seen_by_a_reader(self._each_step)

    @cached_property
    def with_the_file_between(self) -> tuple[dict, set]:
        """As `undisturbed`, where the file comes in before the night."""
        files = str(self.world.files / "meanwhile.json")

        def nights() -> None:
            self._run(at=w.MEANWHILE, steps=[], hand_in=files)
            self._run()

        return self._seen_by_a_reader(nights)

    def _seen_by_a_reader(self, nights: Callable[[], None]) -> tuple[dict, set]:
        """The end states, with and without times, and what a reader saw: two builds."""
        self.world.begin()
        reader = w.Reader()
        nights()
        reader.end()
        assert not reader.errors and len(reader.seen) == 2, (reader.errors, reader.seen)
        return {times: self.world.state(times) for times in (True, False)}, reader.seen

    def _each_step(self) -> None:
        """What is there before and after each step of the second night, and its length."""
        for step in STEPS:
            if step != STEPS[0]:
                self.world.keep(step)
            began = time.monotonic()
            self._run(steps=[step])
            self.lengths[step] = time.monotonic() - began
            if step in faults.SETTLED:
                self.after[step] = self.world.everything()

    def _run(self, **what: Any) -> None:
        name, _ = self.world.night(**what)
        codes = self.world.ended(name)
        wanted = {step: [0] for step in what.get("steps", STEPS)}
        assert codes == wanted, f"{codes}: {self.world.log(name)}"

    def play(self, seed: int, number: int) -> list[str]:
        """A fault; what is not as undisturbed, a line each."""
        fault = faults.draw(seed, number)
        trial = faults.Trial(self.world, self.lengths, self.after)
        try:
            state = trial.run(fault)
        except AssertionError as error:
            return [f"{fault}: {error}"]
        states, seen = self._expected(fault)
        wrong = []
        if state is not None:
            expected = states[fault.kind not in faults.OTHER_TIMES]
            if fault.kind == "handed":  # it can miss the first night: one publication more
                for key in ("builds", "publications", "schemas"):
                    expected = {**expected, key: state[key]}
                shown = {"publication": state["marts"]["publication"]}
                expected = {**expected, "marts": {**expected["marts"], **shown}}
            wrong = faults.differences(expected, state)
        if trial.seen - seen:
            wrong.append(f"a reader saw {trial.seen - seen}, builds are {seen}")
        return [f"{fault}: {line}" for line in wrong]

    def _expected(self, fault: faults.Fault) -> tuple[dict, set]:
        """The end states to compare with, and what a reader may have seen."""
        if fault.kind != "handed":
            return self.undisturbed
        states, seen = self.with_the_file_between
        return states, {*seen, *self.undisturbed[1]}

    def play_and_say(self, seed: int, number: int) -> int:
        """Play a fault and print how it went, in one piece; how many things were wrong."""
        began = time.monotonic()
        wrong = self.play(seed, number)
        said = f"--seed {seed} --only {number}  {faults.draw(seed, number)}"
        took = time.monotonic() - began
        lines = [f"{said}: {'WRONG' if wrong else 'same'}, {took:.1f} s", *wrong]
        sys.stdout.write("\n    ".join(lines) + "\n")
        sys.stdout.flush()
        return len(wrong)


def _play_side_by_side(seed: int, numbers: Sequence[int], processes: int) -> int:
    """Play all; how many things were wrong, a fault that nobody came to play among them."""
    left = multiprocessing.SimpleQueue()
    for entry in [*numbers, *[None] * processes]:
        left.put(entry)
    played, wrong = multiprocessing.Value("i"), multiprocessing.Value("i")
    players = [
        multiprocessing.Process(target=_play_those_left, args=(seed, left, played, wrong))
        for _ in range(processes)
    ]
    for player in players:
        player.start()
    try:
        for player in players:
            player.join()
    finally:
        for player in players:
            player.terminate()
            player.join()
    return wrong.value + len(numbers) - played.value


def _play_those_left(seed: int, left: Any, played: Any, wrong: Any) -> None:
    end_with_parent()
    with _folder_of_its_own() as folder:
        harness = Harness(folder)
        took = ", ".join(f"{step} {took:.1f}" for step, took in harness.lengths.items())
        print(f"an undisturbed night takes {took} s", flush=True)
        for number in iter(left.get, None):
            found = harness.play_and_say(seed, number)
            with played.get_lock(), wrong.get_lock():
                played.value += 1
                wrong.value += found
        harness.world.end()


@contextmanager
def _folder_of_its_own() -> Iterator[Path]:
    """A folder with a server, both gone after the block, also after SIGTERM. What a harness that
    was killed outright has left is cleared away by the next."""
    _end_in_order()
    os.environ.pop("ITA_WAREHOUSE_DSN", None)
    # one at a time: another's new folder has no lock yet, and looks left
    with (Path(tempfile.gettempdir()) / "ita-faults.lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            _remove_if_left(left)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = (folder / "lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
    with lock:
        folder.chmod(0o755)
        (folder / "ita").mkdir()
        os.environ.update(ITA_HOME=str(folder / "ita"), ITA_SETTLE_SECONDS="0")
        try:
            _do_not_wait_for_the_disk(postgres.up())
            yield folder
        finally:
            _remove(folder)


def _end_in_order() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))


def _do_not_wait_for_the_disk(dsn: str) -> None:
    """The power is cut for our files alone, and a copy of a database would wait for seconds."""
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("alter system set fsync = off")
        owner.execute("select pg_reload_conf()")


def _remove_if_left(folder: Path) -> None:
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # it is at work
        _remove(folder)


def _remove(folder: Path) -> None:
    os.environ["ITA_HOME"] = str(folder / "ita")
    postgres.down()
    for gone in ((folder / "ita/postgres").resolve(), folder):
        shutil.rmtree(gone, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", type=int, action="append")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    given = parser.parse_args()
    numbers = given.only or range(given.count)
    _end_in_order()
    wrong = _play_side_by_side(given.seed, numbers, min(given.processes, len(numbers)))
    print(f"{len(numbers)} faults of seed {given.seed}, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
