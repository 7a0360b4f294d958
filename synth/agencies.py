"""Who exists in the synthetic country, and when.

The registry with its renames, upgrades, mergers, births and deaths.
"""

from collections import defaultdict

import numpy as np
import pandas as pd

from synth.events import FOUNDED, Events
from synth.names import Names
from synth.reference import assumption, random, seed_table

REGISTRY_COLUMNS = [
    "agency_id",
    "name_th",
    "agency_type",
    "province_code",
    "district_th",
    "ministry_th",
    "valid_from",
    "valid_to",
    "replaces",
    "aliases",
]
COLUMNS = [*REGISTRY_COLUMNS, "agency_kind", "province_th"]

# A small country takes fewer provinces, so that ranks in the province mean something.
AGENCIES_A_PROVINCE = 25
AGENCIES_A_DISTRICT = 9


def _share_out(total: int, weights: np.ndarray) -> np.ndarray:
    """Whole numbers proportional to the weights that sum to `total` (largest remainders)."""
    exact = total * weights / weights.sum()
    counts = np.floor(exact).astype(int)
    counts[np.argsort(counts - exact, kind="stable")[: total - counts.sum()]] += 1
    return counts


def _agencies_of_kind(kinds: pd.DataFrame, total: int, provinces: int) -> np.ndarray:
    """How many agencies of each kind.

    The country's proportions, one of each kind at least where the country is large enough, and of
    the kinds that cannot multiply (a province has one PAO) no more than there are.
    """
    published = kinds["agencies"].astype(float).to_numpy()
    most = np.where(kinds["elastic"] == "1", total, published)
    most = np.where(kinds["naming"] == "province", np.minimum(most, provinces), most).astype(int)
    least = np.minimum(1, most) if total >= 2 * len(kinds) else np.zeros(len(kinds), int)
    counts = np.clip(np.rint(published * total / published.sum()).astype(int), least, most)
    elastic = np.where(kinds["elastic"] == "1", published, 0)
    rest = total - counts[elastic == 0].sum()
    if rest < 0:
        return _share_out(total, published)
    spare = least[elastic > 0].sum()
    counts[elastic > 0] = least[elastic > 0] + _share_out(rest - spare, elastic[elastic > 0])
    return counts


def _first_year(total: int, seed: int, names: Names) -> list[dict]:
    """The agencies of the first year, one row each, in the order of their ids."""
    rng = random(seed, "agencies")
    kinds = assumption("agency_kind")
    provinces = seed_table("province").set_index("province_code")["province_th"]
    inland = [code for code in provinces.index if provinces[code] != "กรุงเทพมหานคร"]
    chosen = sorted(
        rng.permutation(inland)[: int(np.clip(total // AGENCIES_A_PROVINCE, 3, len(inland)))]
    )
    size = rng.lognormal(0, 0.5, len(chosen))

    rows = []
    counts = _agencies_of_kind(kinds, total, len(chosen))
    for kind, count in zip(kinds.to_dict("records"), counts, strict=True):
        row = {
            "agency_kind": kind["agency_kind"],
            "agency_type": kind["agency_type"],
            "province_code": "",
            "district_th": "",
            "ministry_th": "",
            "valid_from": FOUNDED,
            "valid_to": None,
            "replaces": "",
            "aliases": "",
        }
        if kind["naming"] == "province":
            there = sorted(rng.permutation(chosen)[:count])
            own = [_of_province(kind, code, provinces[code]) for code in there]
        elif kind["naming"] == "place" and kind["agency_kind"] != "university":
            own = [_of_place(kind, code, names) for code in _homes(rng, count, chosen, size)]
        else:
            own = _of_no_province(kind, count, names, rng)
        rows += [row | one for one in own]
    for number, row in enumerate(rows, 1):
        row["agency_id"] = f"SYN-{number:05d}"
    return rows


def _of_province(kind: dict, province_code: str, province_th: str) -> dict:
    return {
        "name_th": kind["name_prefix"] + province_th,
        "province_code": province_code,
        "ministry_th": "กระทรวงมหาดไทย",
        "district_th": "เมือง" + province_th,
    }


def _of_place(kind: dict, province_code: str, names: Names) -> dict:
    return {
        "name_th": kind["name_prefix"] + names.place(province_code),
        "province_code": province_code,
        "ministry_th": "กระทรวงมหาดไทย",
    }


def _homes(
    rng: np.random.Generator, count: int, provinces: list[str], size: np.ndarray
) -> list[str]:
    """The provinces of `count` agencies, in proportion to their size, all where they suffice."""
    if count >= len(provinces):
        return sorted(np.repeat(provinces, _share_out(count, size)))
    return sorted(rng.choice(provinces, count, p=size / size.sum()))


def _of_no_province(kind: dict, count: int, names: Names, rng: np.random.Generator) -> list[dict]:
    """Central agencies: of fixed names, of a subject each, and universities."""
    if kind["naming"] == "fixed":
        fixed = assumption("fixed_agency").groupby("agency_kind")
        return fixed.get_group(kind["agency_kind"]).to_dict("records")[:count]
    if kind["naming"] == "subject":
        ministries = assumption("name_part").query("part == 'ministry'")["text"].to_numpy()
        return [
            {
                "name_th": kind["name_prefix"] + names.subject() + kind["name_suffix"],
                "ministry_th": rng.choice(ministries),
            }
            for _ in range(count)
        ]
    return [
        {
            "name_th": kind["name_prefix"] + names.place(""),
            "ministry_th": "กระทรวงการอุดมศึกษา วิทยาศาสตร์ วิจัยและนวัตกรรม",
        }
        for _ in range(count)
    ]


def _districts(rows: list[dict], seed: int, names: Names) -> dict[str, list[str]]:
    """Gives every local agency without a district one of its province.

    Returns the districts by province.
    """
    rng = random(seed, "districts")
    provinces = seed_table("province").set_index("province_code")["province_th"]
    local = defaultdict(list)
    for row in rows:
        if row["province_code"] and not row["district_th"] and row["agency_kind"] != "special_lao":
            local[row["province_code"]].append(row)
    districts = {}
    for code, members in sorted(local.items()):
        wanted = max(2, len(members) // AGENCIES_A_DISTRICT)
        districts[code] = [
            "เมือง" + provinces[code],
            *(names.place(code) for _ in range(wanted - 1)),
        ]
        for row in members:
            row["district_th"] = districts[code][rng.integers(wanted)]
    return districts


def build(total: int, first_year: int, last_year: int, seed: int) -> pd.DataFrame:
    """The registry: `total` agencies in the first year, about as many in each later one.

    One row an agency_id and valid_from, `COLUMNS`: those of agencies.csv, then agency_kind
    (agency_kind.csv) and province_th. valid_from and valid_to are fiscal years, B.E.; valid_to is
    null while the row holds. Names are unique within province and type.
    """
    names = Names(random(seed, "names"))
    rows = _first_year(total, seed, names)
    districts = _districts(rows, seed, names)
    for fiscal_year in range(first_year + 1, last_year + 1):
        rows += Events(rows, fiscal_year, seed, names, districts).happen(total)
    registry = pd.DataFrame(rows).astype({"valid_to": "Int64"})
    provinces = seed_table("province").set_index("province_code")["province_th"]
    registry["province_th"] = registry["province_code"].map(provinces).fillna("")
    return registry.sort_values(["agency_id", "valid_from"], ignore_index=True)[COLUMNS]


def roster(registry: pd.DataFrame, fiscal_year: int) -> pd.DataFrame:
    """The agencies that exist in a fiscal year, as they were in it."""
    here = (registry.valid_from <= fiscal_year) & (
        registry.valid_to.isna() | (registry.valid_to >= fiscal_year).fillna(False)
    )
    return registry[here].reset_index(drop=True)
