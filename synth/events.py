"""What befalls agencies in a fiscal year: new names, upgrades, mergers, births and deaths."""

from collections.abc import Callable

import pandas as pd

from synth.names import Names
from synth.reference import assumption, random

FOUNDED = 2561  # agencies of the first year are valid from here: before any year with a framework

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


class Events:
    """The events of one fiscal year among `rows` of the registry.

    No agency has two in all the years.
    """

    def __init__(
        self,
        rows: list[dict],
        fiscal_year: int,
        seed: int,
        names: Names,
        districts: dict[str, list[str]],
    ) -> None:
        self.fiscal_year, self.names, self.districts = fiscal_year, names, districts
        self.rng = random(seed, "events", fiscal_year)
        self.kinds = assumption("agency_kind").set_index("agency_kind")
        self.last_id = max(int(row["agency_id"].split("-")[1]) for row in rows)
        seen = pd.Series([row["agency_id"] for row in rows]).value_counts()
        free = [
            row
            for row in rows
            if row["valid_to"] is None
            and row["valid_from"] == FOUNDED
            and not row["replaces"]
            and seen[row["agency_id"]] == 1
            and self.kinds.at[row["agency_kind"], "elastic"] == "1"
        ]
        self.free = [free[i] for i in self.rng.permutation(len(free))]

    def happen(self, total: int) -> list[dict]:
        """The rows that begin in the year, in a country that began with `total` agencies; closes
        the rows that they follow."""
        begun = []
        for event, rate in EVENTS.items():
            for _ in range(max(1, round(rate * total / 10_000))):
                row = self._take(getattr(self, f"_may_{event}", _is_sao))
                if row is not None:
                    begun += getattr(self, f"_{event}")(row)
        return begun

    def _take(self, wanted: Callable[[dict], bool]) -> dict | None:
        found = next((row for row in self.free if wanted(row)), None)
        if found is not None:
            self.free.remove(found)
        return found

    def _may_upgrade(self, row: dict) -> bool:
        return bool(self.kinds.at[row["agency_kind"], "upgrades_to"])

    _may_upgrade_with_new_id = _may_upgrade

    def _may_move_district(self, row: dict) -> bool:
        return len(self.districts.get(row["province_code"], [])) > 1

    def _rename(self, row: dict) -> list[dict]:
        prefix = self.kinds.at[row["agency_kind"], "name_prefix"]
        name = prefix + self.names.place(row["province_code"])
        return [self._end(row, name_th=name, aliases=row["name_th"])]

    def _upgrade(self, row: dict, **changes: str) -> list[dict]:
        above = self.kinds.at[row["agency_kind"], "upgrades_to"]
        return [self._end(row, **self._as_kind(above, self._place(row)), **changes)]

    def _upgrade_with_new_id(self, row: dict) -> list[dict]:
        return self._upgrade(row, agency_id=self._new_id(), replaces=row["agency_id"])

    def _merge(self, row: dict) -> list[dict]:
        there = row["province_code"]
        other = self._take(lambda one: _is_sao(one) and one["province_code"] == there)
        if other is None:
            return []
        self._end(other)
        town = self._as_kind("tambon_mun_m", self._place(row))
        both = f"{row['agency_id']}|{other['agency_id']}"
        return [self._end(row, **town, agency_id=self._new_id(), replaces=both)]

    def _move_district(self, row: dict) -> list[dict]:
        here = row["district_th"]
        elsewhere = [one for one in self.districts[row["province_code"]] if one != here]
        return [self._end(row, district_th=str(self.rng.choice(elsewhere)))]

    def _found(self, row: dict) -> list[dict]:
        new = self._as_kind("sao_m", self.names.place(row["province_code"]))
        return [row | new | {"agency_id": self._new_id(), "valid_from": self.fiscal_year}]

    def _close(self, row: dict) -> list[dict]:
        self._end(row)
        return []

    def _end(self, row: dict, **changes: str) -> dict:
        """Closes a row before the year; returns the row that follows it."""
        row["valid_to"] = self.fiscal_year - 1
        begins = {"valid_from": self.fiscal_year, "valid_to": None, "replaces": "", "aliases": ""}
        return row | begins | changes

    def _new_id(self) -> str:
        self.last_id += 1
        return f"SYN-{self.last_id:05d}"

    def _place(self, row: dict) -> str:
        return row["name_th"].removeprefix(self.kinds.at[row["agency_kind"], "name_prefix"])

    def _as_kind(self, kind: str, place: str) -> dict:
        return {
            "agency_kind": kind,
            "agency_type": self.kinds.at[kind, "agency_type"],
            "name_th": self.kinds.at[kind, "name_prefix"] + place,
        }


def _is_sao(row: dict) -> bool:
    return row["agency_type"] == "sao"
