"""Faults by number: `python -m tests.faults.harness --count 500 --seed 1` (make faults).

Each prints its seed and number; `--only 17` plays one again.
"""

import argparse
import fcntl
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.faults import faults
from tests.faults import world as w
from tests.faults.zygote import STEPS
from warehouse import postgres

PREFIX = "ita-faults-"


class Harness:
    """The world, what an undisturbed night makes of it, and each fault against that."""

    def __init__(self, folder: Path):
        self.world = w.World(folder)
        self.world.make()
        self.lengths: dict[str, float] = {}
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
        """What is there before each step of the second night, and how long each takes."""
        for step in STEPS:
            if step != STEPS[0]:
                self.world.keep(step)
            began = time.monotonic()
            self._run(steps=[step])
            self.lengths[step] = time.monotonic() - began

    def _run(self, **what: Any) -> None:
        name, _ = self.world.night(**what)
        codes = self.world.ended(name)
        wanted = {step: [0] for step in what.get("steps", STEPS)}
        assert codes == wanted, f"{codes}: {self.world.log(name)}"

    def play(self, seed: int, number: int) -> list[str]:
        """A fault; what is not as undisturbed, a line each."""
        fault = faults.draw(seed, number)
        trial = faults.Trial(self.world, self.lengths)
        try:
            state = trial.run(fault)
        except AssertionError as error:
            return [f"{fault}: {error}"]
        handed = fault.kind == "handed"
        states, seen = self.with_the_file_between if handed else self.undisturbed
        expected = states[fault.kind not in faults.OTHER_TIMES]
        if handed:  # it can miss the first night: one publication more
            allowed = {*seen, *self.undisturbed[1]}
            for key in ("builds", "publications", "schemas"):
                expected = {**expected, key: state[key]}
            shown = {"publication": state["marts"]["publication"]}
            expected = {**expected, "marts": {**expected["marts"], **shown}}
        else:
            allowed = seen
        wrong = faults.differences(expected, state)
        if trial.seen - allowed:
            wrong.append(f"a reader saw {trial.seen - allowed}, builds are {allowed}")
        return [f"{fault}: {line}" for line in wrong]

    def play_all(self, seed: int, numbers: Iterable[int]) -> list[str]:
        """Faults of these numbers, one printed a line; what was wrong."""
        wrong = []
        for number in numbers:
            began = time.monotonic()
            found = self.play(seed, number)
            said = f"--seed {seed} --only {number}  {faults.draw(seed, number)}"
            took = time.monotonic() - began
            print(f"{said}: {'WRONG' if found else 'same'}, {took:.1f} s", flush=True)
            for line in found:
                print(f"    {line}", flush=True)
            wrong += [f"{said}: {line}" for line in found]
        return wrong


@contextmanager
def _folder_of_its_own() -> Iterator[Path]:
    """A folder with a server, both gone after the block, also after SIGTERM. What a harness that
    was killed outright has left is cleared away by the next."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    os.environ.pop("ITA_WAREHOUSE_DSN", None)
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with (left / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # it is at work
            _remove(left)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder.chmod(0o755)
        (folder / "ita").mkdir()
        os.environ.update(ITA_HOME=str(folder / "ita"), ITA_SETTLE_SECONDS="0")
        try:
            postgres.up()
            yield folder
        finally:
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
    given = parser.parse_args()
    numbers = given.only or range(given.count)
    with _folder_of_its_own() as folder:
        harness = Harness(folder)
        took = ", ".join(f"{step} {took:.1f}" for step, took in harness.lengths.items())
        print(f"an undisturbed night takes {took} s", flush=True)
        wrong = harness.play_all(given.seed, numbers)
        harness.world.end()
    print(f"{len(list(numbers))} faults of seed {given.seed}, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
