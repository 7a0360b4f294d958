"""Run under the shim: a process that has imported all, and forks one that runs a step, cut or not.

A line of JSON in (step, home, where, cut), a line out: the exit code, negative for a signal, and
how many operations there were.
"""

import contextlib
import ctypes
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from ingestion import hand_in, judge_landing, load, receive, withdraw
from reports import facts, packs, site, sources
from tests.reports.test_packs import BUILDS, Warehouse
from warehouse import connect, durable, settings


def steps(connection) -> dict:
    """Name → step, each as its `ita` command runs it."""
    at = datetime.now(UTC)

    def hand():
        for line in hand_in.receive_paths([settings.home().parent / "handed-in"], at):
            print(line, file=sys.stderr, flush=True)

    def take_back():
        row = connection.execute("select max(submission_sha256) from raw.submission").fetchone()
        withdraw.withdraw(connection, row[0], "by hand", at)

    def note_failure():
        durable.append(settings.home() / "failures.jsonl", "{}")

    return {
        "documents": lambda: site.write(connection),
        "packs": write_packs,
        "hand_in": hand,
        "receive": lambda: receive.run(connection, at),
        "judge": lambda: judge_landing.run(connection),
        "load": lambda: load.run(connection, at),
        "withdraw": take_back,
        "note_failure": note_failure,
    }


def write_packs() -> str:
    """Packs of a small country, whose figures say how many times they were written before."""
    country = Warehouse()
    out = settings.home() / "packs"
    for number in range(len(list(out.glob("*/*/*/manifest.json")))):
        country.change(2568, "A1", own=bool(number))
    packs.Year = lambda connection, year: year
    sources.own_keys, facts.read = country.keys, country.read
    packs.connect = lambda role: contextlib.nullcontext(SimpleNamespace())
    done = packs.write(out, BUILDS[0], formats=("json", "html"), processes=0)
    assert not done.failed, done.failed
    return str(done)


def _child(order: dict, pipe: int) -> None:
    os.setsid()
    os.environ["ITA_HOME"] = order["home"]
    said = os.open(Path(order["where"]) / "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 2)
    shim = ctypes.CDLL(None)
    with connect.connect(dbname=order["database"], autocommit=True) as connection:
        step = steps(connection)[order["step"]]
        shim.powercut_arm(order["home"].encode(), order["where"].encode(), order["cut"])
        step()
    os.write(pipe, str(shim.powercut_count()).encode())


def main() -> None:
    for line in sys.stdin:
        ours, theirs = os.pipe()
        child = os.fork()
        if not child:
            os.close(ours)
            code = 1
            try:
                _child(json.loads(line), theirs)
                code = 0
            except BaseException as error:  # said, and answered with 1
                print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            finally:
                os._exit(code)
        os.close(theirs)
        _, status = os.waitpid(child, 0)
        count = os.read(ours, 100)
        os.close(ours)
        answer = {"code": os.waitstatus_to_exitcode(status), "count": int(count or 0)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
