"""Does time tell a province what it may not see?

    python benchmarks/guesses.py [--agencies 400] [--guesses 400]

In a synthetic country a province asks yes/no questions of hidden rows of others, half of them true,
in random order. The answers are the same (tests/security); here is how long they take. `longer`:
in what share of all pairs the true guess took longer than the false one; 0.5 tells nothing, and
`chance` is how far from it the same number of guesses comes by chance in 99 of 100 runs.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.readers import ita

PROVINCE = "83"
STEPS = ("receive", "judge", "load", "build", "audit", "publish")
HIDDEN = """
    with found as (
        select agency_id, fiscal_year, item_code, severity, score from mart.agency_deficiency
        where province_code <> %s and score is not null
        order by md5(agency_id || fiscal_year || item_code) limit %s)
    select f.*, (
        select min(i.item_code) from mart.framework_item as i
        where i.fiscal_year = f.fiscal_year and not exists (
            select from mart.agency_deficiency as d
            where (d.agency_id, d.fiscal_year) = (f.agency_id, f.fiscal_year)
                and d.item_code = i.item_code)) as absent
    from found as f"""
# way -> the condition, and by what a hidden row answers it with yes and with no
WAYS = {
    "severity =": (
        "item_code = %s and severity = %s",
        lambda row: ((row.item_code, row.severity), (row.item_code, _other(row.severity))),
    ),
    "score <": (
        "item_code = %s and score < %s",
        lambda row: ((row.item_code, row.score + 1), (row.item_code, row.score)),
    ),
    "a row that exists": ("item_code = %s", lambda row: ((row.item_code,), (row.absent,))),
}
ASKED = """
    select count(*) from mart.agency_deficiency where agency_id = %s and fiscal_year = %s and """


def _other(severity: str) -> str:
    return "develop" if severity == "urgent" else "urgent"


def publish(environment: dict, agencies: int, country: Path) -> None:
    ita(environment, "synth", "--agencies", agencies, "--years", "2567-2568", "--seed", 3,
        "--layout", "long", country)  # fmt: skip
    ita(environment, "up")
    ita(environment, "receive", country)
    for step in STEPS:
        ita(environment, step)


def asked(
    reader: psycopg.Connection, rows: list, condition: str, answers, chance: random.Random
) -> tuple[np.ndarray, np.ndarray]:
    """Seconds of the true guesses and of the false ones, asked in random order."""
    guesses = [(row, truth) for row in rows for truth in (True, False)]
    chance.shuffle(guesses)
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for row, truth in guesses:
        yes, no = answers(row)
        values = [row.agency_id, row.fiscal_year, *(yes if truth else no)]
        began = time.perf_counter()
        found = reader.execute(ASKED + condition, values).fetchone()
        seconds[truth].append(time.perf_counter() - began)
        assert found == (0,), "a hidden row was counted"
    return np.array(seconds[True]), np.array(seconds[False])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--agencies", type=int, default=400)
    options.add_argument("--guesses", type=int, default=400)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="ita-guesses-") as folder:
        environment = {**os.environ, "ITA_HOME": str(Path(folder) / "home")}
        publish(environment, given.agencies, Path(folder) / "country")
        try:
            dsn = {
                role: ita(environment, "status", "--dsn", role).strip()
                for role in ("ita_owner", f"ita_province_{PROVINCE}")
            }
            with psycopg.connect(
                dsn["ita_owner"], row_factory=psycopg.rows.namedtuple_row
            ) as owner:
                rows = owner.execute(HIDDEN, [PROVINCE, given.guesses]).fetchall()
            chance = random.Random(1)
            print("| way | true, median ms | false, median ms | longer | chance |")
            print("|---|---:|---:|---:|---:|")
            with psycopg.connect(dsn[f"ita_province_{PROVINCE}"], autocommit=True) as reader:
                for way, (condition, answers) in WAYS.items():
                    yes, no = asked(reader, rows, condition, answers, chance)
                    longer = (yes[:, None] > no[None, :]).mean()
                    by_chance = 2.58 * np.sqrt((2 * len(yes) + 1) / (12 * len(yes) ** 2))
                    print(
                        f"| {way} | {np.median(yes) * 1000:.3f} | {np.median(no) * 1000:.3f}"
                        f" | {longer:.3f} | ±{by_chance:.3f} |"
                    )
        finally:
            ita(environment, "down")


if __name__ == "__main__":
    main()
