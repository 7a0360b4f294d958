"""How one document writes names, digits, codes and scores."""

import random
import re
from datetime import date

from benchmarks.papers.words import (
    BYSTANDERS,
    FIRST,
    MONTHS,
    OTHERS,
    RUNNING,
    SCALES,
    SECOND,
    SHORT,
    SUBJECTS,
    THAI,
    TYPES,
    Paper,
)
from ingestion import framework
from ingestion.agencies import EVER, Agency, Registry


class Words:
    """Names, digits, codes, scores and typing errors of one random document; every choice comes
    from `rng`.
    """

    def __init__(self, rng: random.Random, noise: float):
        self.rng, self.noise = rng, noise
        self.digits = rng.choice(["arabic", "thai", "mixed"])
        self.year = rng.choice(sorted(framework.load().years))
        self.frame = framework.load().years[self.year]
        self.paper = Paper()
        self.code_of_kind = kind = rng.choice(list(TYPES) * 3 + list(OTHERS))
        self.province = rng.choice(
            [name for name, _ in framework.load().provinces.values() if name != "กรุงเทพมหานคร"]
        )
        self.place = (
            self.province if kind in ("pao", "province") else rng.choice(FIRST) + rng.choice(SECOND)
        )
        self.kind = TYPES.get(kind, framework.load().agency_types[kind].name_th)
        self.name = TYPES[kind] + self.place if kind in TYPES else self.other_name()
        self.district = rng.choice(FIRST) + rng.choice(SECOND)
        self.scale = rng.choice(SCALES) if self.chance(0.2) else ""
        self.style = rng.choice(["point"] * 8 + ["comma", "percent"]) if noise else "point"
        self.noted = self.chance(0.05)
        self.running = rng.choice(RUNNING) if self.chance(0.2) else ""

    def other_name(self) -> str:
        """The name of an agency that is no municipality, PAO or SAO."""
        form = self.rng.choice(OTHERS[self.code_of_kind])
        return form.format(
            self.province
            if self.code_of_kind == "province"
            else self.rng.choice([*SUBJECTS, self.place])
        )

    def registry(self) -> Registry:
        """The document's agency among others that are named in it or called nearly the same."""
        codes = {name: code for code, (name, _) in framework.load().provinces.items()}
        home = {"กรุงเทพมหานคร": "10", "เมืองพัทยา": "20"}.get(self.name, codes[self.province])
        local = self.code_of_kind in TYPES or self.code_of_kind in ("province", "special_lao")
        others = [row for row in BYSTANDERS if row[1] != self.name]
        others += (
            [("V", f"จังหวัด{self.province}", "province", codes[self.province])]
            if self.code_of_kind != "province"
            else []
        )
        others += [("X", self.name + "เหนือ", self.code_of_kind, home if local else "")]
        rows = [("A", self.name, self.code_of_kind, home if local else ""), *others]
        return Registry([Agency(*row, "", 2560, EVER) for row in rows], framework.load())

    def chance(self, share: float) -> bool:
        """True in `share` of the cases, more where there is more noise."""
        return self.rng.random() < share * self.noise

    def d(self, written: object) -> str:
        """`written` with this document's digits."""
        written = str(written)
        if self.digits == "thai":
            return written.translate(THAI)
        if self.digits == "mixed":
            return "".join(
                letter.translate(THAI) if self.rng.random() < 0.5 else letter for letter in written
            )
        return written

    def year_words(self, year: int) -> str:
        """ปีงบประมาณ and the year in one of its spellings."""
        return self.rng.choice(
            ["ปีงบประมาณ พ.ศ. ", "ปีงบประมาณ พ.ศ.", "ปีงบประมาณ พ.ศ ", "ปีงบประมาณ "]
        ) + self.d(year)

    def day(self, day: date, short: bool = False) -> str:
        """A date in words."""
        era = self.rng.choice(["", "พ.ศ. ", "พ.ศ.", "พ.ศ "])
        month = (SHORT if short else MONTHS)[day.month - 1]
        return f"{self.d(day.day)} {month} {era}{self.d(day.year + 543)}"

    def code(self, code: str) -> str:
        """An item code as someone types it."""
        letter, numeral = code[0], code[1:]
        if letter == "o" and self.chance(0.4):
            return "๐" + (numeral.translate(THAI) if self.rng.random() < 0.5 else numeral)
        if self.chance(0.1):
            letter = letter.upper()
        return letter + self.d(numeral)

    def title(self, code: str) -> str:
        """The beginning of an item's question."""
        title = re.split(r"[(\[:;]", self.frame.items[code].title)[0].strip()[:40]
        return title if len(title) > 10 else "หน่วยงานดำเนินการตามเกณฑ์"

    def item(self, code: str) -> str:
        """A cell with an item code."""
        lead = self.rng.choice(["ข้อ ", "ข้อ ", "ข้อ", ""])
        if code[0] == "o" and self.chance(0.1):
            return f"ข้อ 0{code[1:]}"
        return ("ซื้อ " if self.chance(0.1) else lead) + self.code(code)

    def score(self, key: tuple, low: float = 60.0) -> str:
        """A score's cell; the truth is noted under `key`.

        Rarely the figure is spoiled, and then must not be read.
        """
        value = (
            self.rng.choice(["100", "100.00", "0", "0.00"])
            if key[1][:1] == "o"
            else f"{self.rng.uniform(low, 100):.2f}"
        )
        if self.rng.random() < 0.15:
            value = "100.00"
        self.paper.truth[key] = value
        if self.chance(0.01):
            self.paper.illegible.add(key)
            at = self.rng.randrange(1, len(value)) if len(value) > 1 else 1
            broken = [f"{value[:at]}{between}{value[at:]}" for between in (" ", "\n", "\t")]
            misread = value.replace("0", "O", 1).replace("9", "g", 1) + "l"
            return self.rng.choice(
                [
                    misread,
                    "",
                    "-",
                    f"{value}?",
                    f"{value} / {self.rng.uniform(60, 99):.2f}",
                    *broken,
                ]
            )
        return self.figure(value) + (
            " คะแนน" if self.style != "percent" and self.chance(0.02) else ""
        )

    def figure(self, value: str) -> str:
        """A score as this document writes figures."""
        if self.style == "comma":
            value = value.replace(".", ",")
        return self.d(value) + (self.rng.choice(["%", " %"]) if self.style == "percent" else "")

    def typos(self, words: str) -> str:
        """Ordinary words as OCR leaves them.

        Doubled marks, lost tone marks, decomposed ำ, odd blanks.
        """
        if self.chance(0.10):
            words = words.replace("ำ", "ํา")
        if self.chance(0.06):
            words = words.replace("่", "่่", 1)
        if self.chance(0.06):
            words = words.replace(" ", "\u00a0")
        if self.chance(0.05) and len(words) > 12:
            at = self.rng.randrange(4, len(words) - 4)
            words = words[:at] + "\u200b" + words[at:]
        if self.chance(0.05):
            words = words.replace("การ", "การ  ", 1)
        return words
