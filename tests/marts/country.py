"""A country as rows of `raw`, in memory: what the oracle computes from and what is copied into the
warehouse.
"""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import oracle

FIRST_ARRIVAL = datetime(2026, 11, 19, 18, tzinfo=UTC)
TABLES = {
    "submission": ["submission_sha256", "file_name", "authority", "layout", "received_at", "state"],
    "unit": [
        "submission_sha256",
        "agency_id",
        "fiscal_year",
        "kind",
        "published_province_rank",
        "published_type_rank",
    ],
    "score": [
        "submission_sha256",
        "agency_id",
        "fiscal_year",
        "level",
        "code",
        "part",
        "score",
        "rating",
        "flagged",
    ],
    "remark": [
        "submission_sha256",
        "agency_id",
        "fiscal_year",
        "remark_no",
        "item_code",
        "part",
        "topic_no",
        "remark_th",
    ],
    "agency": [
        "submission_sha256",
        "agency_id",
        "name_th",
        "agency_type",
        "province_code",
        "district_th",
        "valid_from",
        "valid_to",
        "replaces",
    ],
    "measure": [
        "submission_sha256",
        "agency_id",
        "fiscal_year",
        "measure_no",
        "topic_no",
        "item_codes",
        "measure_th",
    ],
    "progress": [
        "submission_sha256",
        "agency_id",
        "fiscal_year",
        "measure_no",
        "as_of",
        "result_th",
        "due_on",
        "completed_on",
    ],
    "constraint_note": [
        "submission_sha256",
        "agency_id",
        "fiscal_year",
        "kind",
        "note_no",
        "note_th",
    ],
}


@dataclass
class Country:
    """Rows of raw by table, each a dictionary of the columns of TABLES.

    Submissions arrive in the order of the list.
    """

    rows: dict[str, list[dict]] = field(default_factory=lambda: {table: [] for table in TABLES})

    def add(self, table: str, **row) -> None:
        self.rows[table].append({column: row.get(column) for column in TABLES[table]})

    def submission(
        self,
        authority: str = "agency",
        state: str = "accepted",
        layout: str = "long_table",
        arrival: int | None = None,
    ) -> str:
        """A new file; its SHA-256. `arrival`: the second in which it came, by default the last."""
        number = len(self.rows["submission"])
        name, arrival = f"file-{number:06}", number if arrival is None else arrival
        sha = hashlib.sha256(name.encode()).hexdigest()
        self.add(
            "submission",
            submission_sha256=sha,
            file_name=name,
            authority=authority,
            layout=layout,
            received_at=(FIRST_ARRIVAL + timedelta(seconds=arrival)).isoformat(),
            state=state,
        )
        return sha

    def registry(self, *rows: dict) -> None:
        sha = self.submission(layout="registry")
        for row in rows:
            self.add(
                "agency",
                submission_sha256=sha,
                **{"replaces": [], "name_th": f"หน่วยงาน {row['agency_id']}", **row},
            )

    def scores(
        self,
        sha: str,
        agency_id: str,
        fiscal_year: int,
        figures: dict,
        rating: str | None = None,
        flags=(),
        **ranks,
    ) -> None:
        """A unit of scores. `figures`: {(level, code, part): score as text}; `flags`: keys of the
        items that are flagged.
        """
        self.add(
            "unit",
            submission_sha256=sha,
            agency_id=agency_id,
            fiscal_year=fiscal_year,
            kind="scores",
            **ranks,
        )
        for (level, code, part), score in figures.items():
            self.add(
                "score",
                submission_sha256=sha,
                agency_id=agency_id,
                fiscal_year=fiscal_year,
                level=level,
                code=code,
                part=part,
                score=Decimal(score),
                rating=rating if level == "overall" else None,
                flagged=(level, code, part) in flags,
            )

    def load(self, connection) -> None:
        """Replace all of raw by this country."""
        for table in reversed(TABLES):
            connection.execute(f"truncate raw.{table} cascade")
        for table, columns in TABLES.items():
            with connection.cursor().copy(
                f"copy raw.{table} ({', '.join(columns)}) from stdin"
            ) as copy:
                for row in self.rows[table]:
                    copy.write_row([row[column] for column in columns])


def items(fiscal_year: int, score, part: str = "stated") -> dict:
    """Figures of all items of a year: `score(item, part)` gives the score as text. EIT with stated
    parts, or without ("unstated").
    """
    figures = {}
    for item in oracle.framework(fiscal_year):
        stated = item["instrument"] == "EIT" and part == "stated"
        for p in ("public", "survey") if stated else ("",):
            figures["item", item["item_code"], p] = score(item, p)
    return figures


YEARS = (2565, 2566, 2567)  # the levels change from 2565 to 2566, the items from 2566 to 2567
TYPES = ("sao", "sao", "sao", "tambon_mun", "town", "pao")
PROVINCES = ("56", "63", "24", "10")
EDGES = ("95", "94.99", "94.996", "85.00", "84.99", "90.5", "70", "69.99")


def random_country(seed: int, agencies: int, sparse: bool = False) -> Country:
    """Renames, upgrades, moves, mergers, chains of sole predecessors, gaps, and every mixture of
    figures that a submission can hold.

    A sparse one has few equal scores, many moves, and of each submission six items in ten: no item
    that all agencies have.
    """
    rng = random.Random(seed)
    country = Country()
    registry = []
    for n in range(agencies):
        agency_id = f"R{n:04}"
        central = rng.random() < 0.05
        row = {
            "agency_id": agency_id,
            "agency_type": "department" if central else rng.choice(TYPES),
            "province_code": None if central else rng.choice(PROVINCES),
            "district_th": None if central else f"อำเภอ {n % 3}",
            "valid_from": 2560,
            "valid_to": None,
        }
        fate = rng.random()
        if fate < (0.3 if sparse else 0.06):  # renamed, upgraded or moved under the same id
            year = rng.choice(YEARS)
            registry.append({**row, "valid_to": year - 1})
            change = rng.choice(
                [
                    {"name_th": f"ชื่อใหม่ {n}"},
                    {"agency_type": "town"},
                    {"province_code": "63"},
                    {"district_th": "อำเภอใหม่"},
                ]
            )
            registry.append({**row, "valid_from": year, **change})
        elif fate < (0.4 if sparse else 0.12) and n > 3:  # replaces one agency, or merges two
            before = [f"R{m:04}" for m in rng.sample(range(n), rng.choice([1, 1, 1, 2]))]
            if rng.random() < 0.1:  # nobody knows it
                before.append("R9999")
            registry.append({**row, "valid_from": rng.choice(YEARS[1:]), "replaces": before})
        else:
            registry.append(row)
    rng.shuffle(registry)
    country.registry(*registry)
    first = {}
    for row in registry:
        first[row["agency_id"]] = min(first.get(row["agency_id"], 9999), row["valid_from"])
    for fiscal_year in YEARS:
        official = country.submission("nacc")
        for agency_id in sorted(first):
            if first[agency_id] == fiscal_year + 1 and rng.random() < 0.5:  # on another's results
                _measures(country, rng, agency_id, fiscal_year + 1)
            if first[agency_id] > fiscal_year or rng.random() < 0.06:
                continue
            _submissions(country, rng, official, agency_id, fiscal_year, sparse)
            if rng.random() < 0.3:
                _measures(country, rng, agency_id, fiscal_year + 1)
    return country


def _measures(country: Country, rng: random.Random, agency_id: str, fiscal_year: int) -> None:
    """Measures that the agency sends for a year, also when it has moved meanwhile; some are
    withdrawn.
    """
    sha = country.submission("agency", rng.choice(["accepted", "accepted", "withdrawn"]))
    country.add(
        "unit", submission_sha256=sha, agency_id=agency_id, fiscal_year=fiscal_year, kind="measures"
    )
    results = oracle.framework(fiscal_year - 1)
    for measure_no in (1, 2):
        country.add(
            "measure",
            submission_sha256=sha,
            agency_id=agency_id,
            fiscal_year=fiscal_year,
            measure_no=measure_no,
            topic_no=1,
            # the first names items of the results that the plan answers, the second none
            item_codes=[item["item_code"] for item in rng.sample(results, 20)]
            if measure_no == 1
            else [],
            measure_th="มาตรการ",
        )


def _submissions(
    country: Country,
    rng: random.Random,
    official: str,
    agency_id: str,
    fiscal_year: int,
    sparse: bool,
) -> None:
    """What arrives for one agency and year: official, the agency's own (also again, also
    withdrawn), or both.
    """
    who = rng.random()
    if who < 0.7:
        figures, rating, flags = _figures(rng, fiscal_year, sparse)
        country.scores(
            official,
            agency_id,
            fiscal_year,
            figures,
            rating,
            flags,
            published_type_rank=rng.choice([None, 3]),
        )
    if who > 0.6:
        for state in rng.choice(
            [
                ["accepted"],
                ["accepted_with_warnings", "accepted"],
                ["accepted", "withdrawn"],
                ["accepted", "rejected"],
            ]
        ):
            # when a file came says which is later, not where it stands among the others
            sha = country.submission("agency", state, arrival=rng.randrange(3000))
            figures, rating, flags = _figures(rng, fiscal_year, sparse)
            country.scores(
                sha,
                agency_id,
                fiscal_year,
                figures,
                rating,
                flags,
                published_province_rank=rng.choice([None, 2]),
            )
            for remark_no in range(rng.choice([0, 0, 2])):
                country.add(
                    "remark",
                    submission_sha256=sha,
                    agency_id=agency_id,
                    fiscal_year=fiscal_year,
                    remark_no=remark_no,
                    item_code=rng.choice(["e1", "i1", "o2", None]),
                    part=rng.choice(["", "public"]),
                    topic_no=1,
                    remark_th=f"ข้อสังเกต {remark_no}",
                )


KINDS = (  # of submissions, as often as they come
    *("items", "items", "few_bad", "few_bad", "few_bad", "few_bad"),
    *("holes", "mixed", "indicators", "overall", "instruments"),
)
INSTRUMENTS = (("IIT", ""), ("EIT", ""), ("EIT", "public"), ("EIT", "survey"), ("OIT", ""))


def _figures(rng: random.Random, fiscal_year: int, sparse: bool) -> tuple[dict, str | None, set]:
    """Figures, published level and flags of one submission."""
    quality = rng.random() ** 2
    kind = "holes" if sparse else rng.choice(KINDS)
    parts = rng.choice(["stated", "stated", "unstated"])
    figures = {}
    if kind in ("items", "few_bad", "holes", "mixed"):
        figures = items(fiscal_year, lambda item, _: _score(rng, kind, quality, item), parts)
    for key in list(figures):
        if kind == "holes" and rng.random() < (0.4 if sparse else 0.02):
            del figures[key]
        elif kind == "mixed" and key[1].startswith("e") and rng.random() < 0.1:
            figures["item", key[1], ""] = f"{rng.uniform(70, 100):.2f}"
    if kind == "indicators" or rng.random() < 0.3:
        for indicator_no in range(1, 11):
            if kind == "indicators" or rng.random() < 0.5:
                figures["indicator", str(indicator_no), ""] = f"{rng.uniform(75, 100):.2f}"
    if kind == "instruments" or rng.random() < 0.15:
        for code, part in INSTRUMENTS:
            if rng.random() < 0.8:
                score = rng.choice([84.99, 85, 94.99, 95, 90, 99, 80])
                figures["instrument", code, part] = f"{score:.2f}"
    rating = None
    if kind == "overall" or rng.random() < 0.6:
        # Few values, so that many agencies tie; some lie on the edge of a level.
        figures["overall", "", ""] = rng.choice(
            [*([] if sparse else EDGES), f"{rng.uniform(60, 100):.2f}"]
        )
        codes = [level["level_code"] for level in oracle.levels(fiscal_year)]
        rating = rng.choice([None, None, rng.choice(codes)])
    flags = {key for key in figures if key[0] == "item" and rng.random() < 0.01}
    return figures, rating, flags


def _score(rng: random.Random, kind: str, quality: float, item: dict) -> str:
    """The score of an item as text."""
    if kind == "few_bad" and rng.random() < 0.92:
        return "100"
    if kind == "few_bad":
        bad = 0 if item["instrument"] == "OIT" else rng.choice([0, 20, 33, 67, 67, 80.5, 55.55])
        return str(bad)
    if item["instrument"] == "OIT":
        return "0" if rng.random() < 0.4 * quality + 0.02 else "100"
    score = 100 - 40 * quality * rng.random() - rng.choice([0, 0, 3])
    return f"{max(0, min(100, score)):.{rng.choice([0, 2, 2, 2])}f}"
