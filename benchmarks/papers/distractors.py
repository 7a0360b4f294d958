"""Statements that sound like the agency's score and are not, by grammar and not by list.

A statement is put together from phrases: time, assessment, subject, verb and quantity, figure, what
follows. Each phrase has plain forms and forms that make the figure another's, another year's,
another assessment's or another quantity; a distractor has at least one of the second kind. So also
captions over whole tables, levels, ranks, contents lists and numbers of offices.
"""

import csv
from pathlib import Path

from benchmarks.papers.wording import Words
from benchmarks.papers.words import FIRST, LEVELS_TH, SECOND, SUBJECTS, TYPES


def _phrases() -> dict[str, list[str]]:
    """kind → phrases, with their slots in braces."""
    found: dict[str, list[str]] = {}
    with Path(__file__).with_name("phrases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["kind"], []).append(row["phrase"])
    return found


PHRASES = _phrases()


class Distractors(Words):
    """Writes statements that must not be read; they are mixed into the pieces of a document."""

    def slots(self) -> dict[str, str]:
        """One choice for every slot of the phrases."""
        rng = self.rng
        item = rng.choice(list(self.frame.items))
        number = rng.choice(list(self.frame.indicators))
        return {
            "province": self.province,
            "district": self.district,
            "before": self.d(self.year - rng.choice([1, 1, 2])),
            "before_words": self.earlier(),
            "short": self.d((self.year - 1) % 100),
            "name": self.name,
            "year": self.d(self.year),
            "indicator": self.frame.indicator_names[number],
            "number": self.d(number),
            "instrument": rng.choice(["IIT", "EIT", "OIT"]),
            "item": item,
            "small": self.d(rng.randint(1, 60)),
            "digit": self.d(rng.randint(1, 9)),
            "rank": self.d(rng.randint(1, 90)),
            "figure": self.d(f"{rng.uniform(40, 99):.2f}"),
            "level": rng.choice(list(LEVELS_TH.values())),
            "other": self.neighbour(),
            "group": self.group(),
            "assessment": rng.choice(PHRASES["assessments"]),
            "place": rng.choice(SECOND),
            "kind": "ตัวชี้วัด",
        }

    def group(self) -> str:
        """Many agencies, or a place; never the agency itself where it is a province."""
        kinds = [
            each
            for each in PHRASES["groups"]
            if self.code_of_kind != "province" or "จังหวัด{" not in each
        ]
        return self.rng.choice(kinds).format(province=self.province, district=self.district)

    def attached(self) -> list[str]:
        """Phrases that have the agency's name in them and are of others or of a part of it."""
        province = self.code_of_kind == "province"
        return [each for each in PHRASES["attached"] if not (province and "จังหวัด" in each)]

    def neighbour(self) -> str:
        """The name of another agency."""
        kind = self.rng.choice([*TYPES.values(), "กรม", "โรงเรียน", "สำนักงาน", "อบต.", "มหาวิทยาลัย"])
        name = self.rng.choice(FIRST) + self.rng.choice(SECOND) + self.rng.choice(["", "น้อย", "ใต้"])
        if kind in ("กรม", "สำนักงาน", "มหาวิทยาลัย"):
            name = self.rng.choice(SUBJECTS)
        full = kind + name
        return full + ("ใหญ่" if full == self.name else "")

    def earlier(self) -> str:
        """Words for another year."""
        year = self.year - self.rng.choice([1, 1, 2])
        forms = ["ปี {}", "ปีงบประมาณ พ.ศ. {}", "ในปี พ.ศ. {}", "เมื่อปี {}", "ประจำปี {}"]
        short = ["ปี {}", "ปีงบ {}"]
        words = ["ปีที่ผ่านมา", "ปีงบประมาณที่ผ่านมา", "ปีก่อน", "ปีที่แล้ว", "ครั้งที่ผ่านมา", "ปีก่อนหน้า"]
        which = self.rng.random()
        if which < 0.5:
            return self.rng.choice(forms).format(self.d(year))
        if which < 0.75:
            return self.rng.choice(short).format(self.d(year % 100))
        return self.rng.choice(words)

    def spoilt(self) -> str:
        """A statement about a figure that is not this agency's overall score of the year."""
        rng, slots = self.rng, self.slots()
        time = rng.choice(["", "", f"ใน{self.year_words(self.year)} ", "ทั้งนี้ ", "นอกจากนี้ "])
        about = rng.choice(["", "", "ผลการประเมิน ITA ", "ผลการประเมิน "])
        who = rng.choice(["", "", f"{self.name} ", "หน่วยงาน", "หน่วยงาน "])
        head, tail = (
            rng.choice(PHRASES["heads"]),
            rng.choice(["", "", " อยู่ในระดับ " + slots["level"]]),
        )
        for spoil in rng.sample(
            ["time", "about", "who", "attached", "head", "tail", "part"], rng.choice([1, 1, 2])
        ):
            if spoil == "time":
                time = self.earlier() + " "
            elif spoil == "about":
                about = rng.choice(PHRASES["assessments"]) + " "
            elif spoil == "who":
                who = rng.choice([slots["other"], slots["group"]]) + rng.choice(["", " "])
            elif spoil == "attached":
                who = rng.choice(self.attached()).format(**slots) + rng.choice(["", " "])
            elif spoil == "head":
                head = rng.choice(PHRASES["quantities"])
            elif spoil == "tail":
                tail = rng.choice(PHRASES["tails"]).format(**slots)
            else:
                about = rng.choice(PHRASES["parts"]).format(**slots) + " "
        parts = [about, who] if rng.random() < 0.7 else [who, about]
        return f"{time}{''.join(parts)}{head} {slots['figure']} คะแนน{tail}"

    def spoilt_other(self) -> str:
        """A level, a rank or a number of an office that is none of this agency and year."""
        forms = self.rng.choice(
            [
                PHRASES["levels"],
                PHRASES["levels"],
                PHRASES["ranks"],
                PHRASES["ranks"],
                PHRASES["numbers"],
            ]
        )
        return self.rng.choice(forms).format(**self.slots())

    def spoilt_table(self) -> list:
        """A caption that makes its table others', another year's or another quantity."""
        slots = self.slots()
        lead = self.rng.choice(["ตารางที่ {} ", "ตาราง {} ", "", "แผนภูมิที่ {} "]).format(slots["small"])
        kind = self.rng.choice(["ตัวชี้วัด", "เครื่องมือ", "ข้อ"])
        slots["kind"] = kind
        caption = lead + self.rng.choice(PHRASES["captions"]).format(**slots)

        def any_score() -> str:
            return self.figure(f"{self.rng.uniform(50, 100):.2f}")

        if kind == "ตัวชี้วัด":
            header = ["ตัวชี้วัดที่", "รายละเอียดตัวชี้วัด", "คะแนน"]
            rows = [
                [self.d(code), title, any_score()]
                for code, title in self.frame.indicator_names.items()
            ]
        elif kind == "เครื่องมือ":
            header, rows = ["เครื่องมือ", "คะแนน"], [[n, any_score()] for n in ("IIT", "EIT", "OIT")]
        else:
            header = ["ข้อคำถาม", "คะแนน"]
            rows = [[f"ข้อ {code}", any_score()] for code in list(self.frame.items)[:6]]
        return [caption, (header, rows)]

    def spoilt_block(self) -> list:
        """Lines or a table whose figures are others' by what stands above, below or beside them."""
        rng, slots = self.rng, self.slots()
        figures = [self.d(f"{rng.uniform(40, 99):.2f}") for _ in range(3)]
        unit = rng.choice([" คะแนน", ""])
        heading, label, head = (
            rng.choice(PHRASES["headings"]).format(**slots),
            rng.choice(PHRASES["labels"]).format(**slots),
            rng.choice(["คะแนนรวม", "คะแนนภาพรวม", "ผลคะแนน"]),
        )
        years = [self.year - 2, self.year - 1]
        words = rng.choice(
            [
                [heading, f"- {head} {figures[0]} คะแนน"],
                [heading, f"- {head} {figures[0]} คะแนน", f"- ระดับ {slots['level']}"],
                [f"{head}\n{figures[0]}{unit}\n{label}"],
                [f"{head}\n{figures[0]}{unit}\n{figures[1]}{unit}"],
                [
                    "\n".join(
                        [
                            head,
                            *(
                                f"{f}{unit}\n{self.d(y)}"
                                for f, y in zip(figures, years, strict=False)
                            ),
                        ]
                    )
                ],
                [f"{head} {figures[0]} → {figures[1]}"],
                [f"{head} {figures[0]} คะแนน\nปี {self.d(years[0])}"],
            ]
        )
        return words if rng.random() < 0.6 else [self._spoilt_rows(slots, figures), ""]

    def _spoilt_rows(self, slots: dict[str, str], figures: list[str]) -> tuple:
        """A table without a caption, spoilt by its header, by a row that heads others or by its
        numbers, which number a list.
        """
        rows = [
            [f"{self.d(code)}. {title}", self.figure(f"{self.rng.uniform(50, 100):.2f}")]
            for code, title in self.frame.indicator_names.items()
        ]
        which = self.rng.choice(["column", "section", "list"])
        if which == "column":
            return ["ตัวชี้วัด", self.rng.choice(PHRASES["columns"]).format(**slots)], rows
        if which == "section":
            words = self.rng.choice(PHRASES["sections"]).format(**slots)
            section = self.rng.choice([[words, ""], [words]])
            above = [self.rng.choice([["ผลคะแนน", ""], [self.name]])] if self.chance(0.2) else []
            return ["ตัวชี้วัด", "คะแนน"], [*above, section, *rows]
        names = self.rng.sample(PHRASES["lists"], 3)
        return ["ลำดับ", "รายการ", "คะแนน"], [
            [self.d(number), name, figure]
            for number, (name, figure) in enumerate(zip(names, figures, strict=True), 1)
        ]

    def spoilt_contents(self) -> list[str]:
        """A list of contents."""
        words = [
            "ผลคะแนนภาพรวม",
            "คะแนนรายตัวชี้วัด",
            "ระดับผลการประเมิน",
            "ผลการประเมินในภาพรวม",
            "คะแนน IIT",
        ]
        between = self.rng.choice([" ........ ", "\t", " ", "   "])
        numbered = self.rng.random() < 0.6
        chapter = self.rng.randint(1, 5)
        return [
            "สารบัญ",
            *(
                (f"{self.d(chapter)}.{self.d(number)} " if numbered else "")
                + self.rng.choice(words)
                + (between + self.d(3 * number) if not numbered or self.rng.random() < 0.5 else "")
                for number in range(1, 5)
            ),
        ]

    def mix_in(self) -> None:
        """Put distractors among the pieces, where they part nothing that belongs together."""
        pieces = self.paper.pieces
        for _ in range(self.rng.randint(1, 5)):
            places = [at for at in range(6, len(pieces) + 1) if self._free(pieces, at)]
            if not places:
                return
            at = self.rng.choice(places)
            which = self.rng.random()
            if which < 0.45:
                added = [self.spoilt()]
            elif which < 0.55:
                added = self.spoilt_block()
            elif which < 0.75:
                added = [self.spoilt_other()]
            elif which < 0.93:
                added = [
                    *self.spoilt_table(),
                    self.rng.choice(["หมายเหตุ : ข้อมูลเพื่อประกอบการพิจารณา", ""]),
                ]
            else:
                added = self.spoilt_contents()
            pieces[at:at] = added

    def _free(self, pieces: list, at: int) -> bool:
        """Whether a place stands between two paragraphs or behind everything."""
        before = pieces[at - 1]
        after = pieces[at] if at < len(pieces) else ""
        if at < len(pieces) and not isinstance(after, str) or "(ต่อ)" in str(after):
            return False
        if str(after).startswith("- "):  # an entry of a list, which its heading governs
            return False
        if isinstance(before, str):
            return at == len(pieces) or not before.startswith(("ประเด็นที่", "ตัวชี้วัดที่", "ส่วนที่", "- "))
        return True
