"""The faults: each is drawn from a seed and a number, and can be had again by them."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.faults import world as w
from tests.faults.zygote import POINTS, STEPS
from tests.powercut import disk
from warehouse import connect, postgres

RANDOM = ("step", "child", "worker", "scheduler", "two", "handed", "clock")
OF_SERVER = ("postmaster", "backend", "connection", "lock")
NAMED = ("point", "full", "power")
# named points as often as all kinds at random times: there the windows are narrow
KINDS = (*RANDOM, *OF_SERVER, *NAMED, "point", "full", "power", "point", "step", "point")

# The publication is of another day, or there are two, and packs say which they are from.
OTHER_TIMES = ("clock", "handed")
# A night more, even where this one came to its end: the file came too late, the disk forgot.
ANOTHER_NIGHT = ("handed", "power")
# Two nights at once, or another day: such a fault can come up in any step that follows.
WHOLE_NIGHT = ("scheduler", "two", "lock", "handed", "clock")
# Steps after which all is there to the byte in every night. The audit writes its clock's time.
SETTLED = ("receive", "judge", "load", "build")


@dataclass
class Fault:
    """What happens: its kind, in which step, when in it (share of its length), or where."""

    kind: str
    step: str
    share: float
    where: tuple = ()

    def __str__(self) -> str:
        return f"{self.kind} in {self.step}, {self.where or f'at {self.share:.3f} of it'}"


def draw(seed: int, number: int) -> Fault:
    """The fault of that number: the same for the same seed."""
    chance = random.Random(f"{seed}:{number}")
    kind = KINDS[number % len(KINDS)]
    step, share = chance.choice(STEPS), chance.random()
    if kind in ("point", "full"):
        point = chance.choice(POINTS[step])
        return Fault(kind, step, share, (point, chance.choice((1, 1, 2))))
    if kind == "power":
        step, cut = chance.choice(("receive", "judge", "load", "packs")), chance.randint(1, 60)
        return Fault(kind, step, share, (cut, chance.choice(("lost", "kept", number))))
    return Fault(kind, step, share)


def is_of_its_step(fault: Fault) -> bool:
    """Does it disturb its step alone, after which all can be compared with an undisturbed night?"""
    return fault.step in SETTLED and fault.kind not in WHOLE_NIGHT


class Trial:
    """One fault in the second night, and what came of it."""

    def __init__(self, world: "w.World", lengths: dict[str, float], after: dict[str, dict]):
        """lengths: seconds of each step; after: what `World.everything` is after each of SETTLED
        in an undisturbed night."""
        self.world, self.lengths, self.after = world, lengths, after

    def run(self, fault: Fault) -> dict | None:
        """The end state after the fault and the nights that follow; None where the fault left
        everything as it is undisturbed after that step, and the rest of the night is known.
        Raises AssertionError where a reader saw anything but a whole build."""
        last = fault.step if is_of_its_step(fault) else STEPS[-1]
        self.world.begin(fault.step)
        reader = w.Reader()
        try:
            self._play(fault, last)
            known = last in SETTLED and self.world.everything() == self.after[last]
            if last != STEPS[-1] and not known:
                self._end_the_night(last)
        finally:
            reader.end()
        assert not reader.errors, reader.errors
        self.seen = reader.seen
        return None if known else self.world.state(times=fault.kind not in OTHER_TIMES)

    def _play(self, fault: Fault, last: str) -> None:
        """The disturbed night up to a step, and nights until one comes to that step's end."""
        world, until = self.world, STEPS.index(last) + 1
        name = self._disturb(fault, STEPS[STEPS.index(fault.step) : until])
        world.revive()
        at = w.NEXT_DAY if fault.kind == "clock" else w.NIGHT_2
        if fault.kind in ANOTHER_NIGHT or not _ended_well(world.result(name)):
            for _ in range(2):  # the second, where the first had more than one try of a step
                name, _ = world.night(at, steps=STEPS[:until])
                if _ended_well(world.ended(name)):
                    break
        assert _ended_well(world.result(name)), world.log(name)

    def _end_the_night(self, last: str) -> None:
        name, _ = self.world.night(steps=STEPS[STEPS.index(last) + 1 :])
        assert _ended_well(self.world.ended(name)), self.world.log(name)

    def _disturb(self, fault: Fault, steps: tuple[str, ...]) -> str:
        """Begin a night of these steps and have the fault happen in it; the night's name."""
        world, kind = self.world, fault.kind
        if kind in ("point", "full", "power"):
            planned = {"point": "kill", "full": "full", "power": "cut"}[kind]
            what = [fault.step, *(fault.where[:1] if kind == "power" else fault.where)]
            name, driver = world.night(steps=steps, **{planned: what})
            self._until_over(name, driver)
            if kind == "power" and (world.where / "journal").exists():
                disk.cut(world.where / "journal", fault.where[1])
            return name
        name, driver = world.night(steps=steps)
        time.sleep(fault.share * self.lengths[fault.step])
        getattr(self, f"_{kind}")(name, driver)
        self._until_over(name, driver)
        return name

    def _until_over(self, name: str, driver: int) -> None:
        deadline = time.monotonic() + 600
        while self.world.result(name) is None and _lives(driver):
            assert time.monotonic() < deadline, f"{name} hangs: {self.world.log(name)}"
            if postgres.dsn() is None:
                postgres.up()
            time.sleep(0.05)

    def _step(self, _: str, driver: int) -> None:
        for process in _children(driver)[:1]:
            w.kill(process.pid)

    def _child(self, _: str, driver: int) -> None:
        below = [child for one in _children(driver) for child in _children(one.pid)]
        for process in below[:1] or _children(driver)[:1]:
            w.kill(process.pid)

    def _worker(self, _: str, driver: int) -> None:
        w.kill_all(driver)

    _clock = _worker

    def _scheduler(self, _: str, driver: int) -> None:
        """Who started the step dies, the step goes on, and the night is begun again."""
        w.kill(driver)
        self._two(_, driver)

    def _two(self, _: str, __: int) -> None:
        name, driver = self.world.night()
        self._until_over(name, driver)

    def _handed(self, _: str, __: int) -> None:
        files = str(self.world.files / "meanwhile.json")
        at = w.MEANWHILE
        name, driver = self.world.night(at, steps=[], hand_in=files)
        self._until_over(name, driver)

    def _postmaster(self, _: str, __: int) -> None:
        if number := postgres.number():
            w.kill(number)

    def _backend(self, _: str, __: int) -> None:
        for pid in self._sessions("application_name <> 'psql'")[:1]:
            w.kill(pid)

    def _connection(self, _: str, __: int) -> None:
        self._end(self._sessions("true"))

    def _lock(self, _: str, __: int) -> None:
        """The lock of the steps is lost in the middle, and another night takes it."""
        self._end(self._sessions("application_name = 'ita step lock'"))
        self._two(_, __)

    def _sessions(self, which: str) -> list[int]:
        with connect.connect(autocommit=True) as owner:
            rows = owner.execute(
                f"select pid from pg_stat_activity where datname = %s and usename = current_user"
                f" and {which} order by backend_start",
                [w.RUN],
            ).fetchall()
        return [pid for (pid,) in rows]

    def _end(self, pids: list[int]) -> None:
        with connect.connect(autocommit=True) as owner:
            owner.execute("select pg_terminate_backend(p) from unnest(%s::int[]) as p", [pids])


def _ended_well(codes: dict[str, list[int]] | None) -> bool:
    """The last try of every step did; None: nobody is left who knows."""
    return codes is not None and not any(tries[-1] for tries in codes.values())


def _lives(number: int) -> bool:
    return Path(f"/proc/{number}").exists() and psutil.Process(number).status() != "zombie"


def _children(number: int) -> list[psutil.Process]:
    try:
        return psutil.Process(number).children()
    except psutil.NoSuchProcess:
        return []


def differences(expected: dict, found: dict) -> list[str]:
    """What is not as it must be, a line each."""
    said = []
    for key in expected:
        if expected[key] != found[key]:
            wanted, has = expected[key], found[key]
            if isinstance(wanted, dict):
                keys = [k for k in {*wanted, *has} if wanted.get(k) != has.get(k)]
                said.append(f"{key}: {len(keys)} differ, such as {sorted(keys)[:4]}")
            else:
                said.append(f"{key}: {has} in the place of {wanted}")
    return said
