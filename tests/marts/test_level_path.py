"""The functions behind level_path against brute force, on small frameworks of random items."""

import random
from itertools import combinations

import pytest
from conftest import BUILD
from country import Country


@pytest.fixture(scope="module")
def functions(build):
    """A connection to a database with the functions in the schema of the build, and once more in
    `stopped`, where a search ends after five branches.
    """
    connection = build(
        Country(), "--select", "+int_level_path", "--exclude-resource-type", "unit_test"
    )
    connection.execute("drop schema if exists stopped cascade; create schema stopped")
    definitions = [
        row["definition"]
        for row in connection.execute(
            "select pg_get_functiondef(oid) as definition from pg_proc where pronamespace = "
            "%s::regnamespace",
            [BUILD],
        )
    ]
    assert sum("5000000" in definition for definition in definitions) == 2
    for definition in definitions:
        connection.execute(definition.replace("5000000", "5").replace(f"{BUILD}.", "stopped."))
    return connection


@pytest.fixture(scope="module")
def places(functions):
    def call(items, needs, schema=BUILD):
        """`items`: (place, instrument, gain, cost, first, second), `needs`: gain, IIT, public,
        survey, OIT. The places, and whether they are the shortest.
        """
        ordered = sorted(items, key=lambda item: (-item[2], item[3], item[0]))
        columns = [list(column) for column in zip(*ordered, strict=True)]
        row = functions.execute(
            f"select * from {schema}.level_path_places(%s::integer[], %s::text[], "
            "%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], "
            "%s::bigint, %s::bigint, %s::bigint, %s::bigint, %s::bigint)",
            [*columns, *needs],
        ).fetchone()
        return row["places"], row["is_shortest"]

    return call


def reached(chosen, needs):
    got = [
        sum(i[2] for i in chosen),
        sum(i[4] for i in chosen if i[1] == "IIT"),
        sum(i[4] for i in chosen if i[1] == "EIT"),
        sum(i[5] for i in chosen if i[1] == "EIT"),
        sum(i[4] for i in chosen if i[1] == "OIT"),
    ]
    return all(g >= need for g, need in zip(got, needs, strict=True))


def brute_force(items, needs):
    for size in range(len(items) + 1):
        good = [
            (sum(i[3] for i in chosen), sorted(i[0] for i in chosen))
            for chosen in combinations(items, size)
            if reached(chosen, needs)
        ]
        if good:
            return min(good)[1]
    return None


def framework(rng, steps, uneven=False):
    """Up to twelve items: OIT is 0 or 100 in sub-indicators of different weight, surveys anything
    on `steps` steps.

    `uneven`: survey items of indicators of different size too, so that what costs more may gain
    less.
    """
    items, place = [], 0
    sizes = {"IIT": rng.randint(0, 5), "EIT": rng.randint(0, 4), "OIT": rng.randint(0, 3)}
    for instrument, size in sizes.items():
        for _ in range(size):
            place += 1
            times = rng.choice([1, 2, 3]) if uneven else 1
            lost, other = (
                rng.randint(1, steps) * (10_000 // steps) for _ in range(2)
            )  # hundredths below 100
            if instrument == "IIT":
                items.append(
                    (
                        place,
                        instrument,
                        lost * times * 100_000,
                        lost * 10_000,
                        lost * times * 10_000_000 // 30,
                        0,
                    )
                )
            elif instrument == "EIT":
                other = 0 if uneven and rng.random() < 0.3 else other  # one part is 100 already
                items.append(
                    (
                        place,
                        instrument,
                        (lost + other) * times * 100_000,
                        (lost + other) * 5_000,
                        lost * times * 10_000_000 // 15,
                        other * times * 10_000_000 // 15,
                    )
                )
            else:
                weight = rng.choice([4, 10, 20])
                items.append(
                    (place, instrument, weight * 100_000_000, 100_000_000, weight * 250_000_000, 0)
                )
    return items


def needs_of(rng, items, with_parts):
    """Some share of what all items give; now and then a little more than they give, nothing, or
    exactly what some of them give.
    """
    some = [item for item in items if rng.random() < 0.5] if rng.random() < 0.3 else items
    iit, public, oit = (
        sum(item[4] for item in some if item[1] == instrument)
        for instrument in ("IIT", "EIT", "OIT")
    )
    most = [
        sum(item[2] for item in some),
        iit,
        public,
        sum(item[5] for item in some if item[1] == "EIT"),
        oit,
    ]
    if (
        some is not items
    ):  # the model too lowers a need by 100, for amounts that are no whole numbers
        return [max(0, total - 100) for total in (most if with_parts else [most[0], 0, 0, 0, 0])]
    needs = [int(rng.uniform(-0.2, 1.02) * total) for total in most]
    if not with_parts:
        needs[1:] = [0, 0, 0, 0]
    if rng.random() < 0.4:
        needs[0] = 0
    return needs


@pytest.mark.parametrize("uneven", [False, True])
@pytest.mark.parametrize("steps", [3, 20, 5_000])
@pytest.mark.parametrize("with_parts", [False, True])
def test_equals_brute_force(places, steps, with_parts, uneven):
    rng = random.Random(f"{steps} {with_parts} {uneven}")
    found = 0
    for _ in range(150):
        items = framework(rng, steps, uneven)
        if not items:
            continue
        needs = needs_of(rng, items, with_parts)
        expected = brute_force(items, needs)
        assert places(items, needs) == (expected, None if expected is None else True), (
            items,
            needs,
        )
        found += bool(expected)
    assert found > 40


def test_a_stopped_search_gives_what_suffices_and_says_so(places):
    """Never "not reachable", and never called the shortest unless it is."""
    rng = random.Random(5)
    said = []
    for _ in range(300):
        items = framework(rng, 20, uneven=True)
        if not items:
            continue
        needs = needs_of(rng, items, with_parts=rng.random() < 0.7)
        expected = brute_force(items, needs)
        chosen, is_shortest = places(items, needs, "stopped")
        said.append(is_shortest)
        if expected is None or is_shortest:
            assert chosen == expected, (items, needs)
        else:
            assert reached([item for item in items if item[0] in chosen], needs), (items, needs)
    assert said.count(False) > 20 and said.count(True) > 100
