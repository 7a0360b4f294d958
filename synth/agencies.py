"""Who exists in the synthetic country, and when.

The registry with its renames, upgrades, mergers, births and deaths.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import product

import numpy as np
import pandas as pd

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

FOUNDED = 2561  # agencies of the first year are valid from here: before any year with a framework
AGENCIES_A_PROVINCE = (
    25  # a small country takes fewer provinces, so that ranks in the province mean something
)
AGENCIES_A_DISTRICT = 9

# Events a year for 10,000 agencies; at least one of each in a year, however small the country.
EVENTS = {
    "rename": 12,
    "upgrade": 12,
    "upgrade_with_new_id": 4,
    "merge": 4,
    "move_district": 3,
    "found": 4,
    "close": 4,
}


class Names:
    """Names of places, each used once in its province, and of subjects, each used once in the
    country.
    """

    def __init__(self, rng: np.random.Generator):
        parts = assumption("name_part").groupby("part", sort=False)["text"].agg(list)
        plain = ["".join(pair) for pair in product(parts["place_head"], parts["place_tail"])]
        self._places = list(
            dict.fromkeys(plain + [place + end for end in parts["place_end"] for place in plain])
        )
        self._plain = len(dict.fromkeys(plain))
        self._subjects = [
            "".join(pair) for pair in product(parts["subject_verb"], parts["subject_topic"])
        ]
        rng.shuffle(self._subjects)
        self._rng = rng
        self._left: dict[str, list[str]] = {}

    def place(self, province_code: str) -> str:
        """The next unused name of a place; short names first."""
        if province_code not in self._left:
            order = np.concatenate(
                [
                    self._rng.permutation(self._plain),
                    self._plain + self._rng.permutation(len(self._places) - self._plain),
                ]
            )
            self._left[province_code] = [self._places[i] for i in order[::-1]]
        return self._left[province_code].pop()

    def subject(self) -> str:
        return self._subjects.pop()


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
    ministries = assumption("name_part").query("part == 'ministry'")["text"].to_numpy()
    fixed = assumption("fixed_agency").groupby("agency_kind")

    rows = []
    for kind, count in zip(
        kinds.to_dict("records"), _agencies_of_kind(kinds, total, len(chosen)), strict=True
    ):
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
        if kind["naming"] == "fixed":
            rows += [
                row | place
                for place in fixed.get_group(kind["agency_kind"]).to_dict("records")[:count]
            ]
        elif kind["naming"] == "province":
            rows += [
                row
                | {
                    "name_th": kind["name_prefix"] + provinces[code],
                    "province_code": code,
                    "ministry_th": "กระทรวงมหาดไทย",
                    "district_th": "เมือง" + provinces[code],
                }
                for code in sorted(rng.permutation(chosen)[:count])
            ]
        elif kind["naming"] == "subject":
            rows += [
                row
                | {
                    "name_th": kind["name_prefix"] + names.subject() + kind["name_suffix"],
                    "ministry_th": rng.choice(ministries),
                }
                for _ in range(count)
            ]
        elif kind["agency_kind"] == "university":
            rows += [
                row
                | {
                    "name_th": kind["name_prefix"] + names.place(""),
                    "ministry_th": "กระทรวงการอุดมศึกษา วิทยาศาสตร์ วิจัยและนวัตกรรม",
                }
                for _ in range(count)
            ]
        else:
            homes = (
                np.repeat(chosen, _share_out(count, size))
                if count >= len(chosen)
                else rng.choice(chosen, count, p=size / size.sum())
            )
            rows += [
                row
                | {
                    "name_th": kind["name_prefix"] + names.place(code),
                    "province_code": code,
                    "ministry_th": "กระทรวงมหาดไทย",
                }
                for code in sorted(homes)
            ]
    for number, row in enumerate(rows, 1):
        row["agency_id"] = f"SYN-{number:05d}"
    return rows


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


def _end(row: dict, fiscal_year: int, **changes: object) -> dict:
    """Closes a row before `fiscal_year`; returns the row that follows it."""
    row["valid_to"] = fiscal_year - 1
    return (
        row | {"valid_from": fiscal_year, "valid_to": None, "replaces": "", "aliases": ""} | changes
    )


def _events(  # noqa: C901  one branch a kind of event, in the order in which they happen
    rows: list[dict],
    total: int,
    fiscal_year: int,
    seed: int,
    names: Names,
    districts: dict[str, list[str]],
) -> list[dict]:
    """The rows that begin in `fiscal_year`; closes the rows that they follow.

    No agency has two events in all the years.
    """
    rng = random(seed, "events", fiscal_year)
    kinds = assumption("agency_kind").set_index("agency_kind")
    seen = pd.Series([row["agency_id"] for row in rows]).value_counts()
    free = [
        row
        for row in rows
        if row["valid_to"] is None
        and row["valid_from"] == FOUNDED
        and not row["replaces"]
        and seen[row["agency_id"]] == 1
        and kinds.at[row["agency_kind"], "elastic"] == "1"
    ]
    free = [free[i] for i in rng.permutation(len(free))]
    last_id = max(int(row["agency_id"].split("-")[1]) for row in rows)
    begun = []

    def take(wanted: Callable[[dict], bool]) -> dict | None:
        found = next((row for row in free if wanted(row)), None)
        if found is not None:
            free.remove(found)
        return found

    def new_id() -> str:
        nonlocal last_id
        last_id += 1
        return f"SYN-{last_id:05d}"

    def base(row: dict) -> str:
        return row["name_th"].removeprefix(kinds.at[row["agency_kind"], "name_prefix"])

    def as_kind(kind: str, name: str) -> dict:
        return {
            "agency_kind": kind,
            "agency_type": kinds.at[kind, "agency_type"],
            "name_th": kinds.at[kind, "name_prefix"] + name,
        }

    for event, rate in EVENTS.items():
        for _ in range(max(1, round(rate * total / 10_000))):
            if event in ("upgrade", "upgrade_with_new_id"):
                row = take(lambda row: kinds.at[row["agency_kind"], "upgrades_to"])
            elif event == "merge":
                row = take(lambda row: row["agency_type"] == "sao")
            elif event == "move_district":
                row = take(lambda row: len(districts.get(row["province_code"], [])) > 1)
            else:
                row = take(lambda row: row["agency_type"] == "sao")
            if row is None:
                continue
            if event == "rename":
                name = kinds.at[row["agency_kind"], "name_prefix"] + names.place(
                    row["province_code"]
                )
                begun.append(_end(row, fiscal_year, name_th=name, aliases=row["name_th"]))
            elif event == "upgrade":
                begun.append(
                    _end(
                        row,
                        fiscal_year,
                        **as_kind(kinds.at[row["agency_kind"], "upgrades_to"], base(row)),
                    )
                )
            elif event == "upgrade_with_new_id":
                begun.append(
                    _end(
                        row,
                        fiscal_year,
                        **as_kind(kinds.at[row["agency_kind"], "upgrades_to"], base(row)),
                        agency_id=new_id(),
                        replaces=row["agency_id"],
                    )
                )
            elif event == "merge":
                other = take(partial(_is_sao_of, row["province_code"]))
                if other is not None:
                    _end(other, fiscal_year)
                    begun.append(
                        _end(
                            row,
                            fiscal_year,
                            **as_kind("tambon_mun_m", base(row)),
                            agency_id=new_id(),
                            replaces=f"{row['agency_id']}|{other['agency_id']}",
                        )
                    )
            elif event == "move_district":
                elsewhere = [
                    district
                    for district in districts[row["province_code"]]
                    if district != row["district_th"]
                ]
                begun.append(_end(row, fiscal_year, district_th=str(rng.choice(elsewhere))))
            elif event == "found":
                begun.append(
                    row
                    | as_kind("sao_m", names.place(row["province_code"]))
                    | {"agency_id": new_id(), "valid_from": fiscal_year}
                )
            elif event == "close":
                _end(row, fiscal_year)
    return begun


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
        rows += _events(rows, total, fiscal_year, seed, names, districts)
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


def _is_sao_of(province_code: str, row: dict) -> bool:
    return row["agency_type"] == "sao" and row["province_code"] == province_code
