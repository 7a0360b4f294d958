"""The marts computed a second time, in plain Python with exact fractions, from the words of the
contract and not from the SQL.

It reads the reference data of dbt_project/seeds and a Country, and gives each mart as {key:
{column: value}}. Slow and simple on purpose, and long: one computation in one file and class, read
from top to bottom beside the contract, each step on what the step above it left.
"""

import csv
from collections import Counter, defaultdict
from fractions import Fraction
from functools import cache
from itertools import combinations

from warehouse import settings

PARTS = ("iit_score", "eit_public_score", "eit_survey_score", "oit_score")
BRUTE_FORCE_ITEMS = 13


@cache
def seed(name: str) -> list[dict]:
    with (settings.SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def framework(fiscal_year: int) -> list[dict]:
    """The items of a year in the order i, e, o, number."""
    rows = [row for row in seed("framework_item") if int(row["fiscal_year"]) == fiscal_year]
    return sorted(rows, key=lambda row: ("ieo".index(row["item_code"][0]), int(row["item_no"])))


@cache
def instruments(fiscal_year: int) -> dict[str, Fraction]:
    return {
        row["instrument"]: Fraction(row["weight"])
        for row in seed("instrument")
        if int(row["fiscal_year"]) == fiscal_year
    }


@cache
def tree(fiscal_year: int) -> dict:
    """{indicator: {sub_indicator: [item codes]}}"""
    found = defaultdict(lambda: defaultdict(list))
    for row in framework(fiscal_year):
        found[int(row["indicator_no"])][row["sub_indicator"]].append(row["item_code"])
    return found


@cache
def instrument_of(fiscal_year: int) -> dict[int, str]:
    return {int(row["indicator_no"]): row["instrument"] for row in framework(fiscal_year)}


@cache
def weight(fiscal_year: int, item_code: str) -> Fraction:
    """Points of the overall score that the item's 100 points are."""
    kinds = instrument_of(fiscal_year)
    for indicator_no, subs in tree(fiscal_year).items():
        for codes in subs.values():
            if item_code in codes:
                instrument = kinds[indicator_no]
                siblings = sum(1 for other in kinds.values() if other == instrument)
                return instruments(fiscal_year)[instrument] / siblings / len(subs) / len(codes)
    raise KeyError(item_code)


@cache
def regions() -> dict[str, str]:
    return {row["province_code"]: row["region_th"] for row in seed("province")}


@cache
def levels(fiscal_year: int) -> list[dict]:
    return sorted(
        (row for row in seed("rating_level") if int(row["fiscal_year"]) == fiscal_year),
        key=lambda row: int(row["level_order"]),
    )


@cache
def meaning(fiscal_year: int, item_code: str) -> str:
    for row in seed("item_meaning"):
        if int(row["fiscal_year"]) == fiscal_year and row["item_code"] == item_code:
            return row["meaning"]
    return f"{fiscal_year} {item_code}"


def half_up(value: Fraction, digits: int = 2) -> Fraction:
    return Fraction((value * 10**digits + Fraction(1, 2)).__floor__(), 10**digits)


def half_away(value: Fraction) -> Fraction:
    return half_up(value) if value >= 0 else -half_up(-value)


def mean(values) -> Fraction:
    values = list(values)
    return sum(values, Fraction(0)) / len(values)


def _stated(figures: dict) -> bool:
    return ("overall", "", "") in figures


def _weighed(year: int, scores: dict[str, Fraction]) -> Fraction:
    return sum(score * instruments(year)[name] for name, score in scores.items()) / 100


class Oracle:
    """All marts of a country."""

    def __init__(self, country):
        self.country = country
        # later: the time of arrival, of two at once the greater SHA-256
        self.arrived = {
            row["submission_sha256"]: (row["received_at"], row["submission_sha256"])
            for row in country.rows["submission"]
        }
        self.submission = {row["submission_sha256"]: row for row in country.rows["submission"]}
        self._registry()
        self._who_wins()
        self.detail = {}
        self.assessment = {
            key: self._assess(*key)
            for key in self.held
            if self.held[key]["figures"] or self.held[key]["items"]
        }
        self.assessed_years = sorted({year for _, year in self.assessment})
        self._rank()
        self._deficiencies()
        self._extras()

    # who an agency is

    def _registry(self):
        self.versions = defaultdict(list)
        for row in self.country.rows["agency"]:
            self.versions[row["agency_id"]].append(row)
        for rows in self.versions.values():
            rows.sort(key=lambda row: row["valid_from"])

    def as_of(self, agency_id, year):
        rows = self.versions[agency_id]
        valid = [
            row
            for row in rows
            if row["valid_from"] <= year and (row["valid_to"] is None or row["valid_to"] >= year)
        ]
        earlier = [row for row in rows if row["valid_from"] <= year]
        return (valid or earlier or rows[:1])[-1]

    def predecessor(self, agency_id):
        """The one agency whose place this one takes, alone; None after a merger or a split."""
        replaces = self.versions[agency_id][0]["replaces"]
        if len(replaces) != 1:
            return None
        successors = {
            row["agency_id"]
            for rows in self.versions.values()
            for row in rows
            if replaces[0] in self._right_links(row)
        }
        return replaces[0] if successors == {agency_id} else None

    def _right_links(self, row):
        """The predecessors of a row that are known and that there were when it began."""
        return [
            before
            for before in row["replaces"]
            if before in self.versions
            and self.versions[before][0]["valid_from"] <= row["valid_from"]
        ]

    def in_year(self, agency_id, year):
        """Whose figures stand for the agency in a year: its own, else its sole predecessor's."""
        seen = set()
        while agency_id and agency_id not in seen:
            if (agency_id, year) in self.assessment:
                return agency_id
            seen.add(agency_id)
            agency_id = self.predecessor(agency_id)
        return None

    # what counts

    def _who_wins(self):
        latest = self._latest()
        by_unit = defaultdict(list)
        for row in self.country.rows["score"]:
            by_unit[row["submission_sha256"], row["agency_id"], row["fiscal_year"]].append(row)
        self.held = {}
        for agency_id, year in {key[:2] for key in latest}:
            official, own = (
                by_unit[latest.get((agency_id, year, authority)), agency_id, year]
                for authority in ("nacc", "agency")
            )
            figures, rating = self._figures(official, own)
            items = {
                code: self._parts(official, own, code)
                for code in {row["code"] for row in own + official if row["level"] == "item"}
            }
            self.held[agency_id, year] = {
                "figures": figures,
                "rating": rating,
                "items": items,
                "flags": {
                    code: flagged
                    for code in items
                    if (flagged := self._flagged(official, code) or self._flagged(own, code))
                },
            }

    def _latest(self):
        """{(agency_id, year, authority): SHA-256 of the latest accepted file with scores}"""
        latest = {}
        for unit in self.country.rows["unit"]:
            row = self.submission[unit["submission_sha256"]]
            if unit["kind"] == "scores" and row["state"] in ("accepted", "accepted_with_warnings"):
                key = unit["agency_id"], unit["fiscal_year"], row["authority"]
                sha = unit["submission_sha256"]
                if key not in latest or self.arrived[sha] > self.arrived[latest[key]]:
                    latest[key] = sha
        return latest

    @staticmethod
    def _figures(official, own):
        """({(level, code, part): score} of all but items, the rating of the overall)"""
        rows = [row for row in own + official if row["level"] != "item"]  # the official one stays
        figures = {(row["level"], row["code"], row["part"]): Fraction(row["score"]) for row in rows}
        # a rating comes with its overall: the agency's own beside an official overall without
        # one only where both are the same
        overalls = [row for row in rows if row["level"] == "overall"]
        if not overalls:
            return figures, None
        first, last = overalls[0], overalls[-1]
        same = half_up(Fraction(first["score"])) == half_up(Fraction(last["score"]))
        return figures, last["rating"] or (first["rating"] if same else None)

    @staticmethod
    def _parts(official, own, code):
        """{part: score} of an item: all official or all the agency's; of a score as a whole beside
        both of its parts, the parts."""
        official_rows, own_rows = (
            [row for row in rows if row["level"] == "item" and row["code"] == code]
            for rows in (official, own)
        )
        parts = {row["part"]: Fraction(row["score"]) for row in official_rows or own_rows}
        if "" not in parts:
            return parts
        return {p: s for p, s in parts.items() if p} if len(parts) == 3 else {"": parts[""]}

    @staticmethod
    def _flagged(rows, code):
        """The parts of an item that rows flag."""
        return {
            row["part"]
            for row in rows
            if row["level"] == "item" and row["code"] == code and row["flagged"]
        }

    # scores and levels

    def _indicator(self, year, indicator_no, items, published):
        """(recomputed, basis, complete, {part: mean where all items state that part})"""
        eit = instrument_of(year)[indicator_no] == "EIT"
        subs = tree(year)[indicator_no]
        codes = [code for sub in subs.values() for code in sub]

        def streams(code):
            parts = items.get(code, {})
            return [parts.get("", parts.get(p)) for p in ("public", "survey")]

        def of(codes):
            known = [
                [s for s in column if s is not None]
                for column in zip(*(streams(code) for code in codes), strict=True)
            ]
            return mean(mean(column) for column in known if column) if any(known) else None

        complete = all(None not in streams(code) for code in codes)
        stated = all(set(items.get(code, {})) == {"public", "survey"} for code in codes)
        from_subs = [of(sub) for sub in subs.values()]
        from_items = (
            mean(s for s in from_subs if s is not None)
            if any(s is not None for s in from_subs)
            else None
        )
        part_means = {
            p: mean(items[code][p] for code in codes)
            for p in ("public", "survey")
            if eit and all(p in items.get(code, {}) for code in codes)
        }
        if complete and (not eit or stated or published is None):
            return from_items, "items", complete, part_means
        if published is not None:
            return published, "indicators", complete, part_means
        return from_items, "partial", complete, part_means

    def _assess(self, agency_id, year):
        held = self.held[agency_id, year]
        figures, indicators = held["figures"], self._indicators(year, held)
        recomputed, stated = self._instruments(year, indicators)
        eit_parts = [figures.get(("instrument", "EIT", part)) for part in ("public", "survey")]
        eit = mean(eit_parts) if None not in eit_parts else None
        if indicators:
            overall, basis = self._from_indicators(year, indicators, recomputed)
        else:
            overall, basis = self._from_instruments(year, figures, eit)

        def shown(key, other):
            value = figures.get(key, other)
            return None if value is None else half_up(value)

        row = {
            "overall_score": shown(("overall", "", ""), overall),
            "recomputed_score": None if overall is None else half_up(overall),
            "recomputed_basis": basis,
            "iit_score": shown(("instrument", "IIT", ""), recomputed.get("IIT")),
            "eit_score": shown(
                ("instrument", "EIT", ""), recomputed.get("EIT") if eit is None else eit
            ),
            "eit_public_score": shown(("instrument", "EIT", "public"), stated.get("public")),
            "eit_survey_score": shown(("instrument", "EIT", "survey"), stated.get("survey")),
            "oit_score": shown(("instrument", "OIT", ""), recomputed.get("OIT")),
        }
        self.detail[agency_id, year] = {
            "indicators": indicators,
            "start": half_up(figures["overall", "", ""]) if _stated(figures) else overall,
            "parts": {
                "iit_score": recomputed.get("IIT"),
                "eit_public_score": stated.get("public"),
                "eit_survey_score": stated.get("survey"),
                "oit_score": recomputed.get("OIT"),
            },
            "complete": len(indicators) == len(tree(year))
            and all(i["complete"] for i in indicators.values()),
        }
        return row | self._judged(agency_id, year, row, overall)

    def _indicators(self, year, held):
        """{indicator: what `_indicator` says of it} of those that have a score."""
        found = {}
        for indicator_no in tree(year):
            published = held["figures"].get(("indicator", str(indicator_no), ""))
            recomputed, basis, complete, parts = self._indicator(
                year, indicator_no, held["items"], published
            )
            if recomputed is not None:
                found[indicator_no] = {
                    "published": published,
                    "recomputed": recomputed,
                    "basis": basis,
                    "complete": complete,
                    "parts": parts,
                }
        return found

    @staticmethod
    def _instruments(year, indicators):
        """({instrument: score}, {part of EIT: score}) of those whose indicators are all known."""
        recomputed, stated = {}, {}
        for instrument in instruments(year):
            numbers = [n for n, kind in instrument_of(year).items() if kind == instrument]
            if all(n in indicators for n in numbers):
                recomputed[instrument] = mean(indicators[n]["recomputed"] for n in numbers)
                for part in ("public", "survey"):
                    if all(part in indicators[n]["parts"] for n in numbers):
                        stated[part] = mean(indicators[n]["parts"][part] for n in numbers)
        return recomputed, stated

    @staticmethod
    def _from_indicators(year, indicators, recomputed):
        """(overall, basis), both None where an instrument is not known."""
        if len(recomputed) < len(instruments(year)):
            return None, None
        kinds = {row["basis"] for row in indicators.values()}
        basis = "partial" if "partial" in kinds else kinds.pop() if len(kinds) == 1 else "mixed"
        return _weighed(year, recomputed), basis

    @staticmethod
    def _from_instruments(year, figures, eit):
        """The same where no indicator is known; `eit`: of its two parts."""
        known = {name: figures.get(("instrument", name, "")) for name in instruments(year)}
        known["EIT"] = eit if known["EIT"] is None else known["EIT"]
        return (None, None) if None in known.values() else (_weighed(year, known), "instruments")

    def _judged(self, agency_id, year, row, overall):
        """Source, gap, level and pass of the scores of a row, and who the agency was."""
        rating = self.held[agency_id, year]["rating"]
        published = _stated(self.held[agency_id, year]["figures"])
        computed, version = self._level(year, row), self.as_of(agency_id, year)
        gap = published and overall is not None
        return {
            "score_source": "published"
            if published
            else "recomputed"
            if overall is not None
            else None,
            "score_gap": row["overall_score"] - row["recomputed_score"] if gap else None,
            "level_code": rating or computed,
            "level_source": "published" if rating else "computed" if computed else "not_computable",
            "is_pass": None if row["overall_score"] is None else row["overall_score"] >= 85,
            **{
                column: version[column]
                for column in ("name_th", "agency_type", "province_code", "district_th")
            },
        }

    @staticmethod
    def _level(year, row):
        overall = row["overall_score"]
        if overall is None:
            return None
        if year <= 2565:
            return next(
                code
                for code, least in (
                    ("AA", 95),
                    ("A", 85),
                    ("B", 75),
                    ("C", 65),
                    ("D", 55),
                    ("E", 50),
                    ("F", 0),
                )
                if overall >= least
            )
        if overall < 70:
            return "urgent"
        if overall < 85:
            return "improve"
        known = [row[part] for part in PARTS if row[part] is not None]
        whole = (
            row["eit_score"] if None in (row["eit_public_score"], row["eit_survey_score"]) else 100
        )
        if any(score < 85 for score in known) or whole is not None and whole < 85:
            return "pass"
        if len(known) < 4:
            return None
        return "excellent" if overall >= 95 and min(known) >= 95 else "good"

    # ranks

    def _rank(self):
        self.scored = {
            key: row for key, row in self.assessment.items() if row["overall_score"] is not None
        }
        nation = self._places(lambda row: ())
        of_type = self._places(lambda row: (row["agency_type"],))
        province = self._places(lambda row: (row["province_code"],))
        both = self._places(lambda row: (row["province_code"], row["agency_type"]))
        self.national_ranking, self.provincial_ranking = {}, {}
        for key, row in self.scored.items():
            last = self._year_before(key)
            same = {
                name: last and self.scored[last][name] == row[name]
                for name in ("agency_type", "province_code")
            }
            rank, count, lower = nation[key]
            self.national_ranking[key] = {
                "overall_score": row["overall_score"],
                "national_rank": rank,
                "national_count": count,
                "type_rank": of_type[key][0],
                "type_count": of_type[key][1],
                "percentile": Fraction(100)
                if count == 1
                else half_up(Fraction(100 * lower, count - 1)),
                "rank_change": nation[last][0] - rank if last else None,
                "type_rank_change": of_type[last][0] - of_type[key][0]
                if same["agency_type"]
                else None,
            }
            if row["province_code"]:
                self.provincial_ranking[key] = {
                    "overall_score": row["overall_score"],
                    "province_code": row["province_code"],
                    "province_rank": province[key][0],
                    "province_count": province[key][1],
                    "province_type_rank": both[key][0],
                    "province_type_count": both[key][1],
                    "rank_change": province[last][0] - province[key][0]
                    if same["province_code"]
                    else None,
                }
        self._national_summary()
        self._province_summary()

    def _places(self, peers_of):
        """{key: (place, how many, how many with less)} among those of a year that are alike."""
        groups = defaultdict(list)
        for (_, year), row in self.scored.items():
            groups[year, *peers_of(row)].append(row["overall_score"])
        return {
            key: (
                1 + sum(s > row["overall_score"] for s in group),
                len(group),
                sum(s < row["overall_score"] for s in group),
            )
            for key, row in self.scored.items()
            for group in [groups[key[1], *peers_of(row)]]
        }

    def _year_before(self, key):
        """Whose score of the year before an agency's is compared with, None for nobody's."""
        agency_id, year = key
        before = self.in_year(agency_id, year - 1), year - 1
        return before if before in self.scored else None

    def _national_summary(self):
        targets = {
            int(row["fiscal_year"]): row
            for row in seed("national_target")
            if row["metric"] == "pass_share"
        }
        self.national_summary = {
            (year,): {
                **self._summary([k for k in self.scored if k[1] == year]),
                "target_pass_share": Fraction(targets[year]["value"]) if year in targets else None,
                "target_status": targets[year]["status"] if year in targets else None,
            }
            for year in {k[1] for k in self.scored}
        }

    def _province_summary(self):
        scored, self.province_summary = self.scored, {}
        for year, code in {
            (k[1], row["province_code"]) for k, row in scored.items() if row["province_code"]
        }:
            keys = [k for k in scored if k[1] == year and scored[k]["province_code"] == code]
            changes = [
                c for k in keys if (c := self.national_ranking[k]["rank_change"]) is not None
            ]
            best = min(keys, key=lambda k: (-scored[k]["overall_score"], k[0]))[0]
            self.province_summary[year, code] = {
                **self._summary(keys),
                "best_agency_id": best,
                "mean_rank_change": half_away(mean(map(Fraction, changes))) if changes else None,
            }

    def _summary(self, keys):
        rows = [self.assessment[key] for key in keys]
        scores = sorted(row["overall_score"] for row in rows)
        n = len(scores)
        passed = sum(row["is_pass"] for row in rows)
        return {
            "agencies": n,
            "mean_score": half_up(mean(scores)),
            "median_score": half_up((scores[(n - 1) // 2] + scores[n // 2]) / 2),
            "agencies_passed": passed,
            "pass_share": half_up(Fraction(100 * passed, n)),
            "level_counts": dict(Counter(row["level_code"] or "not_computable" for row in rows)),
        }

    # deficiencies

    def _deficiencies(self):
        self.item_score, severity = {}, {}
        for agency_id, year in self.assessment:
            held = self.held[agency_id, year]
            for code, parts in held["items"].items():
                for part, score in parts.items():
                    key = agency_id, year, code, part or None
                    self.item_score[key] = {
                        "score": half_up(score),
                        "points_lost": (100 - score) * weight(year, code) / (200 if part else 100),
                    }
                    flags = held["flags"].get(code, set())
                    flagged = bool(flags) and ("" in flags or not part or part in flags)
                    shown = half_up(score)
                    if shown < (100 if code[0] == "o" else 85):
                        severity[key] = "urgent", flagged
                    elif (code[0] != "o" and shown < 95) or flagged:
                        severity[key] = "develop", flagged
        deficient = {(a, y, meaning(y, code)) for a, y, code, _ in severity}

        # The years of a line: what the predecessor had before that counts as the agency's own.
        def years_running(agency_id, year, what):
            count = 0
            while (source := self.in_year(agency_id, year)) and (source, year, what) in deficient:
                count, year = count + 1, year - 1
            return count

        self.agency_deficiency = {
            key: {
                "score": self.item_score[key]["score"],
                "points_lost": self.item_score[key]["points_lost"],
                "severity": level,
                "flagged": flagged,
                "years_running": years_running(key[0], key[1], meaning(key[1], key[2])),
            }
            for key, (level, flagged) in severity.items()
        }
        self._common(severity)

    @staticmethod
    def scopes(who):
        """(scope, province, type, region) of all cells that an agency of a year counts in."""
        province, kind = who["province_code"], who["agency_type"]
        yield "national", None, None, None
        yield "type", None, kind, None
        if province:
            yield "province", province, None, None
            yield "province_type", province, kind, None
            yield "region", None, None, regions()[province]

    def _common(self, severity):
        cells = defaultdict(dict)
        for (agency_id, year, code, part), row in self.item_score.items():
            cells[year, code].setdefault(agency_id, []).append((row, (agency_id, year, code, part)))
        self.common_deficiency = {}
        for (year, code), agencies in cells.items():
            scopes = defaultdict(list)
            for agency_id in agencies:
                who = self.assessment[agency_id, year]
                for scope in self.scopes(who):
                    scopes[scope].append(agency_id)
            for scope, members in scopes.items():
                levels_of = {
                    a: {severity[k][0] for _, k in agencies[a] if k in severity} for a in members
                }
                bad = [a for a in members if levels_of[a]]
                n = len(members)
                scores = [
                    mean(
                        Fraction(self.held[a, year]["items"][code][k[3] or ""])
                        for _, k in agencies[a]
                    )
                    for a in members
                ]
                self.common_deficiency[year, *scope, code] = {
                    "agencies_assessed": n,
                    "agencies_deficient": len(bad),
                    "deficient_share": half_up(Fraction(100 * len(bad), n)),
                    "agencies_urgent": sum("urgent" in levels_of[a] for a in bad),
                    "mean_score": half_up(mean(scores)),
                    "mean_points_lost": sum(
                        row["points_lost"] for a in members for row, _ in agencies[a]
                    )
                    / n,
                    "persistent_agencies": sum(
                        self.agency_deficiency[next(k for _, k in agencies[a] if k in severity)][
                            "years_running"
                        ]
                        > 1
                        for a in bad
                    ),
                }
        groups = defaultdict(list)
        for key, row in self.common_deficiency.items():
            groups[key[:5]].append(row)
        for rows in groups.values():
            for row in rows:
                mine = row["agencies_deficient"], row["mean_points_lost"]
                row["deficiency_rank"] = 1 + sum(
                    (other["agencies_deficient"], other["mean_points_lost"]) > mine
                    for other in rows
                )

    # what analysts ask for besides

    def _extras(self):
        self.indicator_score = {
            (*key, number): {
                "score": half_up(
                    row["recomputed"] if row["published"] is None else row["published"]
                ),
                "recomputed_score": half_up(row["recomputed"]),
            }
            for key, detail in self.detail.items()
            for number, row in detail["indicators"].items()
        }
        for (agency_id, year, number), row in self.indicator_score.items():
            last = self.indicator_score.get((agency_id, year - 1, number))
            row["change"] = row["score"] - last["score"] if last else None
        self._indicator_summary()
        self._item_difficulty()
        self._peer_group()
        self._improver()
        self._co_deficiency()
        self._province_scorecard()

    def _indicator_summary(self):
        groups = defaultdict(list)
        for (agency_id, year, number), row in self.indicator_score.items():
            who = self.assessment[agency_id, year]
            for scope in self.scopes(who):
                groups[year, *scope, number].append(row["score"])
        self.indicator_summary = {
            key: {"agencies": len(scores), "mean_score": half_up(mean(scores))}
            for key, scores in groups.items()
        }

    def _item_difficulty(self):
        """A quarter is those that fewer than a quarter of the agencies surpass (or undercut): equal
        scores are all in it or all out.
        """
        by_year = defaultdict(dict)
        for (agency_id, year), row in self.scored.items():
            by_year[year][agency_id] = row["overall_score"]
        best, weakest = (
            {
                (a, year)
                for year, scores in by_year.items()
                for a, own in scores.items()
                if 4 * sum(beats(other, own) for other in scores.values()) < len(scores)
            }
            for beats in (Fraction.__gt__, Fraction.__lt__)
        )
        self.item_difficulty = {}
        for (year, scope, _, _, _, code), row in self.common_deficiency.items():
            if scope != "national":
                continue
            means = [
                [
                    mean(held["items"][code].values())
                    for key, held in self.held.items()
                    if key in quarter and key[1] == year and code in held["items"]
                ]
                for quarter in (best, weakest)
            ]
            last = [
                other["mean_score"]
                for key, other in self.common_deficiency.items()
                if key[:2] == (year - 1, "national")
                and meaning(year - 1, key[5]) == meaning(year, code)
            ]
            self.item_difficulty[year, code] = {
                **{
                    column: row[column]
                    for column in (
                        "agencies_assessed",
                        "mean_score",
                        "deficient_share",
                        "mean_points_lost",
                    )
                },
                "discrimination": half_away(mean(means[0]) - mean(means[1]))
                if all(means)
                else None,
                "change": row["mean_score"] - last[0] if last else None,
            }

    def _peer_group(self):
        groups = defaultdict(list)
        for (_, year), row in self.scored.items():
            groups[year, row["agency_type"], regions().get(row["province_code"])].append(
                row["overall_score"]
            )
        self.peer_group = {}
        for (agency_id, year), row in self.scored.items():
            region = regions().get(row["province_code"])
            peers = groups[year, row["agency_type"], region]
            self.peer_group[agency_id, year] = {
                **{
                    column: row[column]
                    for column in ("agency_type", "province_code", "overall_score")
                },
                "region_th": region,
                "peers": len(peers),
                "peer_rank": 1 + sum(s > row["overall_score"] for s in peers),
                "peer_mean_score": half_up(mean(peers)),
                "peer_best_score": max(peers),
            }

    def _improver(self):
        self.improver, sources = {}, {}
        for (agency_id, year), row in self.scored.items():
            source = self.in_year(agency_id, year - 1), year - 1
            if source in self.scored:
                sources[agency_id, year] = source
                self.improver[agency_id, year] = {
                    "overall_score": row["overall_score"],
                    "province_code": row["province_code"],
                    "score_change": row["overall_score"] - self.scored[source]["overall_score"],
                }
        for (agency_id, year), row in self.improver.items():
            ahead = [
                other["province_code"]
                for key, other in self.improver.items()
                if key[1] == year and other["score_change"] > row["score_change"]
            ]
            row["change_rank"] = 1 + len(ahead)
            row["province_change_rank"] = (
                1 + ahead.count(row["province_code"]) if row["province_code"] else None
            )
            listed = row["score_change"] > 0 and (
                row["change_rank"] <= 100 or (row["province_change_rank"] or 99) <= 10
            )
            row["item_codes"] = (
                listed and self._regained((agency_id, year), sources[agency_id, year])
            ) or None

    def _regained(self, now, before):
        """Up to five items whose own score rose most, whatever they weigh."""

        def scores(agency_id, year):
            return {
                meaning(year, code): (code, mean(parts.values()))
                for code, parts in self.held[agency_id, year]["items"].items()
            }

        now_scored, before_scored = scores(*now), scores(*before)
        order = [item["item_code"] for item in framework(now[1])]
        gains = [
            (score - before_scored[what][1], code)
            for what, (code, score) in now_scored.items()
            if what in before_scored and score > before_scored[what][1]
        ]
        return [
            code for _, code in sorted(gains, key=lambda gain: (-gain[0], order.index(gain[1])))[:5]
        ]

    def _co_deficiency(self):
        urgent, with_items = defaultdict(set), defaultdict(set)
        for (agency_id, year, code, _), row in self.agency_deficiency.items():
            if row["severity"] == "urgent":
                urgent[year, code].add(agency_id)
        for agency_id, year, _, _ in self.item_score:
            with_items[year].add(agency_id)
        self.co_deficiency = {}
        for year, agencies in with_items.items():
            for first, second in combinations([item["item_code"] for item in framework(year)], 2):
                a, b, n = urgent[year, first], urgent[year, second], len(agencies)
                if len(a & b) > 1:
                    self.co_deficiency[year, first, second] = {
                        "agencies_both": len(a & b),
                        "support": half_up(Fraction(100 * len(a & b), n)),
                        "lift": half_up(Fraction(len(a & b) * n, len(a) * len(b))),
                    }

    def _province_scorecard(self):
        provinces = {row["province_code"]: row for row in seed("province")}
        measured = {
            (row["agency_id"], row["fiscal_year"])
            for row in self.country.rows["measure"]
            if self.submission[row["submission_sha256"]]["state"].startswith("accepted")
        }
        self.province_scorecard = {}
        for (year, code), summary in self.province_summary.items():
            keys = [
                key
                for key, row in self.scored.items()
                if key[1] == year and row["province_code"] == code
            ]
            last = self.province_summary.get((year - 1, code))
            means = [
                other["mean_score"]
                for key, other in self.province_summary.items()
                if key[0] == year
            ]
            order = [item["item_code"] for item in framework(year)]
            common = sorted(
                (row["deficiency_rank"], order.index(key[5]), key[5])
                for key, row in self.common_deficiency.items()
                if key[:5] == (year, "province", code, None, None) and row["agencies_deficient"]
            )
            row = {
                **summary,
                "province_th": provinces[code]["province_th"],
                "region_th": provinces[code]["region_th"],
                "mean_score_change": summary["mean_score"] - last["mean_score"] if last else None,
                "pass_share_change": summary["pass_share"] - last["pass_share"] if last else None,
                "province_rank": 1 + sum(other > summary["mean_score"] for other in means),
                "provinces": len(means),
                "commonest_item_codes": [item_code for _, _, item_code in common[:3]],
                "agencies_with_measures": sum(
                    (agency_id, year + 1) in measured for agency_id, _ in keys
                ),
            }
            for part in ("iit_score", "eit_score", "oit_score"):
                known = [
                    self.scored[key][part] for key in keys if self.scored[key][part] is not None
                ]
                row[f"mean_{part}"] = half_up(mean(known)) if known else None
            self.province_scorecard[year, code] = row

    # the way to the next level

    def level_path(self):
        """Agency-years with few enough imperfect items for brute force, and those where the answer
        needs none.
        """
        found = {}
        for key, row in self.assessment.items():
            year = key[1]
            if row["overall_score"] is None:
                continue
            codes = [level["level_code"] for level in levels(year)]
            at = codes.index(row["level_code"]) if row["level_code"] else 0
            if at == 0:
                found[key] = {
                    "next_level_code": None,
                    "points_needed": None,
                    "item_codes": None,
                    "reachable": None,
                }
                continue
            target = levels(year)[at - 1]
            answer = {
                "next_level_code": target["level_code"],
                "points_needed": max(
                    Fraction(0), Fraction(target["overall_min"]) - row["overall_score"]
                ),
                "item_codes": None,
                "reachable": None,
            }
            detail = self.detail[key]
            needs_parts = bool(target["each_part_min"])
            if detail["complete"] and not (needs_parts and None in detail["parts"].values()):
                imperfect = [
                    i["item_code"]
                    for i in framework(year)
                    if any(s < 100 for s in self.held[key]["items"][i["item_code"]].values())
                ]
                if len(imperfect) > BRUTE_FORCE_ITEMS:
                    continue
                answer["item_codes"] = self._brute_force(key, target, imperfect)
                answer["reachable"] = answer["item_codes"] is not None
            found[key] = answer
        return found

    def _brute_force(self, key, target, imperfect):
        year, items, detail = key[1], self.held[key]["items"], self.detail[key]
        order = {i["item_code"]: n for n, i in enumerate(framework(year))}
        loss = {
            code: sum(
                (100 - s) * weight(year, code) / (200 if p else 100) for p, s in items[code].items()
            )
            for code in imperfect
        }
        cost = {code: mean(100 - s for s in items[code].values()) for code in imperfect}
        part_of = {"i": "iit_score", "o": "oit_score"}
        gains = {}
        for code in imperfect:
            share = (
                100
                / instruments(year)[{"i": "IIT", "e": "EIT", "o": "OIT"}[code[0]]]
                * weight(year, code)
                / 100
            )
            gains[code] = (
                {part_of[code[0]]: (100 - items[code][""]) * share}
                if code[0] != "e"
                else {f"eit_{p}_score": (100 - s) * share for p, s in items[code].items() if p}
            )
        for size in range(len(imperfect) + 1):
            good = []
            for chosen in combinations(imperfect, size):
                if half_up(detail["start"] + sum(loss[c] for c in chosen)) < Fraction(
                    target["overall_min"]
                ):
                    continue
                lifted = [
                    half_up(score + sum(gains[c].get(part, 0) for c in chosen))
                    for part, score in detail["parts"].items()
                    if target["each_part_min"]
                ]
                if any(score < Fraction(target["each_part_min"]) for score in lifted):
                    continue
                good.append(
                    (sum(cost[c] for c in chosen), [order[c] for c in chosen], list(chosen))
                )
            if good:
                return min(good)[2]
        return None
