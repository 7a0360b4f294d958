"""The functions behind level_path against brute force, on small frameworks of random items."""

import random
from itertools import combinations

import pytest
from conftest import BUILD
from country import Country


@pytest.fixture(scope="module")
def places(build):
    connection = build(Country(), "--select", "+int_level_path", "--exclude-resource-type", "unit_test")

    def call(items, needs):
        """`items`: (place, instrument, gain, cost, first, second), `needs`: gain, IIT, public, survey, OIT."""
        ordered = sorted(items, key=lambda item: (-item[2], item[3], item[0]))
        columns = [list(column) for column in zip(*ordered, strict=True)]
        row = connection.execute(f"select {BUILD}.level_path_places(%s::integer[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], "
                                 "%s::bigint, %s::bigint, %s::bigint, %s::bigint, %s::bigint) as places", [*columns, *needs]).fetchone()
        return row["places"]
    return call


def brute_force(items, needs):
    for size in range(len(items) + 1):
        good = []
        for chosen in combinations(items, size):
            got = [sum(i[2] for i in chosen), sum(i[4] for i in chosen if i[1] == "IIT"), sum(i[4] for i in chosen if i[1] == "EIT"),
                   sum(i[5] for i in chosen if i[1] == "EIT"), sum(i[4] for i in chosen if i[1] == "OIT")]
            if all(g >= need for g, need in zip(got, needs, strict=True)):
                good.append((sum(i[3] for i in chosen), sorted(i[0] for i in chosen)))
        if good:
            return min(good)[1]
    return None


def framework(rng, steps):
    """Up to eleven items: OIT is 0 or 100 in sub-indicators of different weight, surveys anything on `steps` steps."""
    items, place = [], 0
    sizes = {"IIT": rng.randint(0, 5), "EIT": rng.randint(0, 4), "OIT": rng.randint(0, 4)}
    for instrument, size in sizes.items():
        for _ in range(size):
            place += 1
            lost, other = (rng.randint(1, steps) * (10_000 // steps) for _ in range(2))                     # hundredths below 100
            if instrument == "IIT":
                items.append((place, instrument, lost * 100_000, lost * 10_000, lost * 10_000_000 // 30, 0))
            elif instrument == "EIT":
                items.append((place, instrument, (lost + other) * 100_000, (lost + other) * 5_000, lost * 10_000_000 // 15, other * 10_000_000 // 15))
            else:
                weight = rng.choice([4, 10, 20])
                items.append((place, instrument, weight * 100_000_000, 100_000_000, weight * 250_000_000, 0))
    return items


@pytest.mark.parametrize("steps", [3, 20, 5_000])
@pytest.mark.parametrize("with_parts", [False, True])
def test_equals_brute_force(places, steps, with_parts):
    rng = random.Random(steps + with_parts)
    found = 0
    for _ in range(150):
        items = framework(rng, steps)
        if not items:
            continue
        iit, public, oit = (sum(item[4] for item in items if item[1] == instrument) for instrument in ("IIT", "EIT", "OIT"))
        most = [sum(item[2] for item in items), iit, public, sum(item[5] for item in items), oit]
        needs = [int(rng.uniform(-0.2, 1.02) * total) for total in most]
        if not with_parts:
            needs[1:] = [0, 0, 0, 0]
        if rng.random() < 0.4:
            needs[0] = 0
        expected = brute_force(items, needs)
        assert places(items, needs) == expected, (items, needs)
        found += bool(expected)
    assert found > 40
