"""How much of published documents is read, and is any of it wrong?

python benchmarks/extraction.py --seed 1 --documents 200

Documents of our own making, in the five forms that agencies publish, for random agencies of all
types and years, with injected noise. Every figure that is read must be the one that was written,
for the agency that it was written for (wrong: 0), and at least 98 % of the figures that are legible
must be read. Exit 1 when either is missed. Other noise: another --seed; more of it: --noise 2.
"""

import argparse
import io
import random
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from html import escape
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ingestion import documents, framework
from ingestion.agencies import EVER, Agency, Registry, assessed, resolve
from ingestion.dates import fiscal_period
from ingestion.documents import titles
from ingestion.normalise import number as figure
from ingestion.submission import AGENCY_COLUMNS, Submission

LEAST_FOUND = Decimal("98")
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
MONTHS = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
SHORT = [
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
]
FIRST = ["บ้าน", "หนอง", "ท่า", "โคก", "ดอน", "ห้วย", "นา", "คลอง", "วัง", "โพธิ์", "ทุ่ง", "สวน"]
SECOND = [
    "ใหม่",
    "แดง",
    "งาม",
    "สูง",
    "ยาว",
    "ทราย",
    "บัว",
    "ขาม",
    "หว้า",
    "แก้ว",
    "ช้าง",
    "ตาล",
    "เสลา",
    "ประดู่",
]
UNITS = ["สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา", "งานนิติการ", "งานพัสดุ / กองคลัง"]
DOINGS = [
    "จัดทำคู่มือการปฏิบัติงานและเผยแพร่ให้ประชาชนทราบ",
    "ประชุมชี้แจงบุคลากรเรื่องการใช้ทรัพย์สิน",
    "เปิดช่องทางรับฟังความคิดเห็นทางออนไลน์",
    "ทบทวนแผนการใช้จ่ายงบประมาณร่วมกับบุคลากร",
    "อบรมจริยธรรมแก่เจ้าหน้าที่ทุกระดับ",
    "ตรวจสอบทะเบียนพัสดุทุกไตรมาส",
]
TYPES = {
    "sao": "องค์การบริหารส่วนตำบล",
    "tambon_mun": "เทศบาลตำบล",
    "town": "เทศบาลเมือง",
    "city": "เทศบาลนคร",
    "pao": "องค์การบริหารส่วนจังหวัด",
}
# Agencies of other types: how their names begin and end; {} is a subject or a place.
OTHERS = {
    "department": ["กรม{}", "สำนักงานปลัดกระทรวง{}", "สำนักงานคณะกรรมการ{}แห่งชาติ"],
    "soe": ["องค์การ{}", "การไฟฟ้า{}", "บริษัท {} จำกัด"],
    "public_org": ["สถาบัน{} (องค์การมหาชน)", "สำนักงานพัฒนา{} (องค์การมหาชน)"],
    "university": ["มหาวิทยาลัย{}", "สถาบันเทคโนโลยี{}"],
    "court": ["สำนักงานศาล{}"],
    "independent": ["สำนักงานผู้ตรวจการ{}"],
    "prosecutor": ["สำนักงานอัยการ{}"],
    "parliament": ["สำนักงานเลขาธิการสภา{}"],
    "fund": ["กองทุน{}"],
    "other_state": ["สำนักงาน{}แห่งประเทศไทย", "สภา{}"],
    "province": ["จังหวัด{}"],
    "special_lao": ["กรุงเทพมหานคร", "เมืองพัทยา"],
}
SUBJECTS = [
    "การข้าว",
    "พลังงานทดแทน",
    "การค้าชายแดน",
    "ทรัพยากรน้ำ",
    "สวัสดิการสังคม",
    "นวัตกรรมการเกษตร",
    "การขนส่งทางราง",
    "พืชสวน",
    "การประเมินคุณภาพ",
]
# Agencies that documents name without being about them.
BYSTANDERS = [
    ("N", "สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ", "independent", ""),
    ("D", "กรมส่งเสริมการปกครองท้องถิ่น", "department", ""),
    ("B", "กรุงเทพมหานคร", "special_lao", "10"),
    ("P", "เมืองพัทยา", "special_lao", "20"),
]
RUNNING = ["รายงานผลการประเมิน ITA", "รายงานการประเมินคุณธรรมและความโปร่งใส"]
SCALES = [" (๐-๑๐๐)", " (0 - 100)", " (ร้อยละ)", " (เต็ม 100 คะแนน)", "เฉลี่ย", "ที่ได้รับ"]
LEVELS_TH = {
    "excellent": "ผ่านดีเยี่ยม",
    "good": "ผ่านดี",
    "pass": "ผ่าน",
    "improve": "ต้องปรับปรุง",
    "urgent": "ต้องปรับปรุงโดยด่วน",
}


@dataclass
class Paper:
    """A document being written: pieces are paragraphs (str) or tables (header, rows of cells).

    `truth` is what must be read from it.
    """

    pieces: list = field(default_factory=list)
    truth: dict[tuple, str] = field(default_factory=dict)
    illegible: set[tuple] = field(
        default_factory=set
    )  # spoiled on purpose: may be missing, must not be wrong

    def table(self, header: list[str], rows: list[list[str]]) -> None:
        """Add a table."""
        self.pieces.append((header, rows))


class Writer:
    """Writes one random document; every choice comes from `rng`."""

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

    # --- words ---

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

    # --- parts that forms share ---

    def indicators(self) -> list[tuple[str, str, str]]:
        """(number, title, instrument) of the ten indicators."""
        return [
            (code, self.frame.indicator_names[code], instrument)
            for code, instrument in self.frame.indicators.items()
        ]

    def overall(self) -> str:
        """The overall score of the document."""
        value = f"{self.rng.uniform(60, 99.9):.2f}"
        self.paper.truth["overall", "", ""] = value
        return value

    def level(self) -> str:
        """A level of that year in words."""
        level = self.rng.choice(self.frame.levels)
        self.paper.truth["rating", "", ""] = level.code
        return level.name_th

    def time_frame(self, key: tuple) -> str:
        """A time frame within the year of the measures, noted under `key`."""
        first, last = fiscal_period(self.year + 1)
        half = date(last.year, 3, 31)
        start, end, words = self.rng.choice(
            [
                (first, last, f"{self.day(first)} - {self.day(last)}"),
                (first, last, f"{self.day(first, True)} \nถึง\n{self.day(last, True)}"),
                (first, last, f"ตลอดปีงบประมาณ พ.ศ. {self.d(self.year + 1)}"),
                (first, half, f"ภายใน {self.d(6)} เดือนแรกของปีงบประมาณ พ.ศ.{self.d(self.year + 1)}"),
                (
                    first,
                    last,
                    f"ไตรมาส {self.d(1)} - ไตรมาส {self.d(4)} ปีงบประมาณ {self.d(self.year + 1)}",
                ),
                (
                    date(last.year, 1, 1),
                    half,
                    f"ไตรมาส {self.d(2)} ปีงบประมาณ {self.d(self.year + 1)}",
                ),
                (None, date(last.year, 2, 28), f"ภายในวันที่ {self.day(date(last.year, 2, 28))}"),
            ]
        )
        self.paper.truth["starts", *key] = start.isoformat() if start else ""
        self.paper.truth["ends", *key] = end.isoformat()
        return words

    def keep(self, what: str) -> str:
        """A remark that asks to keep the standard."""
        return self.typos(f"{self.name} ได้มีการดำเนินการตาม{what} ดังนั้น หน่วยงานควรรักษามาตรฐานไว้")

    def ask(self, code: str) -> str:
        """A remark about an item, with references and shares that are no scores."""
        share = (
            f" ประมาณร้อยละ {self.d('16.13')}"
            if self.chance(0.3)
            else " ประมาณร้อยละ "
            if self.chance(0.3)
            else ""
        )
        return self.typos(
            f"({code}) : ผู้รับบริการบางรายเห็นว่ายังไม่ชัดเจน{share} หน่วยงานควรปรับปรุง (อ้างอิงจาก o9 – "
            f"o11) ให้ถึงร้อยละ {self.d(80)}"
        )

    # --- the five forms ---

    def results_by_topic(self) -> None:
        """Form of S0: a report of results by topic, then measures and constraints."""
        p = self.paper
        p.pieces += [
            "รายงานผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของ",
            self.name,
            f"ประจำ{self.year_words(self.year)}",
            "คำนำ",
            f"รายงานฉบับนี้แสดงผลการประเมิน {self.year_words(self.year)} และมาตรการส่งเสริมคุณธรรม "
            f"{self.year_words(self.year + 1)}",
            "สารบัญ",
        ]
        p.pieces += [
            f"- ประเด็นที่ {self.d(number)} : {title} {self.d(20 + number)}"
            for number, title in titles.topics().items()
        ]
        p.pieces.append(
            f"ผลการประเมิน {self.year_words(self.year)} {self.name}  อำเภอ{self.district}  "
            f"จังหวัด{self.province}  ได้  "
            f"{self.d(self.overall())} คะแนน  ผลการประเมินอยู่ในระดับ{self.level()} ตามประกาศ"
        )
        p.pieces.append(
            f"ทั้งนี้ ใน{self.year_words(self.year - 1)} หน่วยงานมีคะแนนในภาพรวม {self.d('71.25')} คะแนน "
            f"และคะแนนเฉลี่ยทั่วประเทศ {self.d('88.88')} คะแนน"
        )
        p.pieces.append(
            f"ภาพรวม {self.d(85)} คะแนนขึ้นไป แต่เครื่องมือใดมีผลคะแนนน้อยกว่า {self.d(85)} คะแนน"
        )
        sections = list(titles.topics().items())
        self.rng.shuffle(sections) if self.chance(0.3) else None
        left = list(self.frame.items)
        self.rng.shuffle(left)
        share = len(left) // len(sections) + 1
        for place, (number, title) in enumerate(sections):
            codes = left[place * share : (place + 1) * share]
            again = self.rng.sample(left[: place * share], 2) if place and self.chance(0.5) else []
            self.topic_table(
                number,
                title,
                sorted(codes, key=lambda code: ("ieo".index(code[0]), int(code[1:]))),
                again,
            )
        p.pieces += [
            "ส่วนที่ 3",
            f"การนำผลการวิเคราะห์แต่ละประเด็นไปสู่การปฏิบัติ ใน{self.year_words(self.year + 1)}",
        ]
        self.topic_measures(
            [
                "ประเด็น",
                "วิธีการนำผลวิเคราะห์ไปสู่การปฏิบัติ",
                "ผู้รับผิดชอบ /      ผู้ที่เกี่ยวข้อง",
                "ขั้นตอน / วิธีปฏิบัติ",
                "ระยะเวลาดำเนินงาน",
            ],
            several=True,
        )
        p.pieces += ["ส่วนที่ 4", "ข้อจำกัดของหน่วยงานในการดำเนินการประเมินคุณธรรมและความโปร่งใส"]
        self.constraints()

    def topic_table(self, number: int, title: str, codes: list[str], again: list[str]) -> None:
        """The scores of one topic.

        `again` were listed under another topic already, with the same score.
        """
        rows = []
        asked = self.rng.sample(codes, min(2, len(codes)))
        for place, code in enumerate([*codes, *again]):
            if code in again:
                written = (
                    self.figure(self.paper.truth["item", code, ""])
                    if ("item", code, "") not in self.paper.illegible
                    else ""
                )
            else:
                written = self.score(("item", code, ""))
            item = self.frame.items[code]
            remark = (
                self.keep(f"ตัวชี้วัดที่ {item.indicator}")
                if place == 0
                else self.ask(code)
                if code in asked
                else ""
            )
            if code in asked and place:
                self.paper.truth["flagged", code, ""] = "1"
                if ("item", code, "") in self.paper.illegible:
                    self.paper.illegible.add(("flagged", code, ""))
            rows.append(
                [
                    self.d(item.indicator) if place == 0 else "",
                    self.frame.indicator_names[item.indicator] if place == 0 else "",
                    item.instrument if place == 0 else "",
                    self.item(code),
                    written,
                    remark,
                ]
            )
        self.paper.pieces.append(f"ประเด็นที่ {self.d(number)} : {self.typos(title)}")
        self.split_table(
            [
                "ตัวชี้วัดที่",
                "หัวข้อการประเมิน",
                "เครื่องมือ\nการประเมิน",
                "ข้อคำถาม",
                "คะแนน",
                "ข้อบกพร่อง/สิ่งที่ควรแก้ไข/ปรับปรุง/พัฒนา",
            ],
            rows,
            f"ประเด็นที่ {self.d(number)} : {title} (ต่อ)",
        )

    def split_table(self, header: list[str], rows: list[list[str]], heading: str) -> None:
        """A table, now and then in two under a repeated heading and header."""
        if len(rows) > 3 and self.chance(0.3):
            at = self.rng.randrange(1, len(rows))
            self.paper.table(header, rows[:at])
            self.paper.pieces.append(heading)
            self.paper.pieces.append(([] if self.chance(0.3) else header, rows[at:]))
            return
        self.paper.table(header, rows)

    def topic_measures(self, header: list[str], several: bool = False, middle: int = 0) -> None:
        """Measures by topic.

        The first columns, then `middle` cells of items and analysis, then the measure.
        """
        rows, count = [], 0
        for number, title in titles.topics().items():
            for place in range(self.rng.choice([1, 2, 3]) if several else 1):
                count += 1
                self.paper.truth["measure", str(count), ""] = str(count)
                self.paper.truth["topic", str(count), ""] = str(number)
                topic = (
                    f"{self.d(8 - number if self.chance(0.05) else number)}. {self.typos(title)}"
                    if place == 0
                    else ""
                )
                extra = self.middle_cells(count, middle)
                time_frame = self.time_frame((str(count), ""))
                first, second = self.rng.choice(DOINGS), self.rng.choice(DOINGS)
                steps = f"{self.d(1)}. {first}\n{self.d(2)}. {second}"
                measure = self.typos(self.rng.choice(DOINGS)) + f" ชุดที่ {count}"
                cells = {
                    "ประเด็น": topic,
                    "หัวข้อการวิเคราะห์": topic,
                    "ผู้รับผิดชอบ": self.rng.choice(UNITS),
                    "ระยะเวลา": time_frame,
                    "ขั้นตอน": steps,
                    "การกำหนดขั้นตอน": steps,
                    "วิธี": measure,
                    "มาตรการ": measure,
                }
                row = []
                for name in header:
                    known = next(
                        (cell for lead, cell in cells.items() if name.startswith(lead)), None
                    )
                    row.append(extra.pop(0) if known is None else known)
                rows.append(row)
        self.split_table(
            header,
            rows,
            f"มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน {self.year_words(self.year + 1)} (ต่อ)",
        )

    def middle_cells(self, count: int, middle: int) -> list[str]:
        """Cells of items and analysis of one measure."""
        codes = self.rng.sample(list(self.frame.items), 2)
        self.paper.truth["codes", str(count), ""] = "|".join(codes) if middle else ""
        if middle == 2:
            return [
                " ".join(f"{self.code(code)} {self.title(code)}" for code in codes),
                self.keep("หัวข้อการประเมิน"),
            ]
        written = "\n".join(
            f"{self.code(code)} {self.title(code)} : ผู้ใช้บริการประมาณร้อยละ {self.d('12.50')} ยังไม่ทราบ"
            for code in codes
        )
        return [written] if middle == 1 else []

    def constraints(self) -> None:
        """Constraints by kind, in rows."""
        kinds = {"staff": "ด้านบุคลากร", "budget": "ด้านงบประมาณ", "technology": "ด้านเทคโนโลยี"}
        rows = []
        for kind, words in kinds.items():
            notes = [
                f"{self.d(number)}. {self.typos('หน่วยงานยังขาดแคลนสิ่งจำเป็นในการดำเนินงาน')} {number}"
                for number in range(1, self.rng.randint(2, 4))
            ]
            self.paper.truth["constraint", kind, ""] = str(len(notes))
            rows.append([words, "\n".join(notes)])
        self.paper.table(["ข้อจำกัด", "รายละเอียด"], rows)

    def progress(self) -> None:
        """Form of S1: progress of measures at six months."""
        p, year = self.paper, self.year + 1
        first, last = fiscal_period(year)
        p.pieces += [
            "รายงานการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",
            f"ประจำ{self.year_words(year)} รอบ {self.d(6)} เดือน",
            f"(เดือนตุลาคม {self.d(year - 1)} - มีนาคม {self.d(year)})",
            self.name,
            f"อำเภอ{self.district} จังหวัด{self.province}",
            f"จากการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส {self.year_words(self.year)} "
            "นำมาสู่มาตรการ ดังนี้",
        ]
        header = [
            "ประเด็นที่ต้องปรับปรุงแก้ไข/ประเด็นที่ต้องพัฒนา",
            "ผู้รับผิดชอบ",
            "ขั้นตอนหรือวิธีการ/มาตรการ",
            "การรายงานผลและการกำกับติดตาม กำหนดระยะเวลาแล้วเสร็จ",
            "ผลการดำเนินการ",
        ]
        count = 0
        for instrument in ("OIT", "IIT", "EIT"):
            p.pieces.append(f"{self.d(len(p.pieces))}. แบบวัดตามเครื่องมือ ({instrument})")
            rows = []
            for code in self.rng.sample(self.frame.items_of(instrument), 3):
                count += 1
                completed = date(
                    first.year + (self.rng.random() < 0.5),
                    self.rng.choice([1, 2, 3, 4, 10, 11, 12]),
                    self.rng.randint(1, 28),
                )
                due = date(last.year, self.rng.choice([1, 2, 3, 4]), 28)
                earlier = date(first.year, 10, 5)
                p.truth["completed", str(count), ""] = max(completed, earlier).isoformat()
                p.truth["due", str(count), ""] = due.isoformat()
                p.truth["codes", str(count), ""] = code
                p.truth["measure", str(count), ""] = str(count)
                rows.append(
                    [
                        f"{self.code(code)} {self.title(code)} ชุดที่ {count}",
                        self.rng.choice(UNITS),
                        f"{self.d(1)}. {self.rng.choice(DOINGS)}",
                        f"{self.d(1)}. รายงานผู้บริหาร ภายในวันที่ {self.day(due)}",
                        f"{self.d(1)}. ประชุมแล้ว ดำเนินการแล้วเมื่อวันที่ {self.day(earlier)}\n"
                        f"{self.d(2)}. เผยแพร่ ดำเนินการแล้ว เมื่อวันที่ {self.day(completed)}",
                    ]
                )
            p.table(header, rows)

    def results_in_short(self) -> None:
        """Form of S2: results in short, indicators, measures by topic."""
        p = self.paper
        p.pieces += [
            "รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใสของหน่วยงานภาครัฐ (ITA) "
            f"ประจำ{self.year_words(self.year)} เพื่อ",
            "กำหนดมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน "
            f"ประจำ{self.year_words(self.year + 1)}",
            f"ของ{self.name}",
            "ตามที่สำนักงาน ป.ป.ช. ได้กำหนดการประเมินคุณธรรมและความโปร่งใส ประจำปี "
            f"พ.ศ.{self.d(self.year + 1)}",
            f"ผลการประเมิน ITA ใน{self.year_words(self.year)} ของ{self.name} จังหวัด{self.province}",
        ]
        ranks = [self.rng.randint(1, 120), self.rng.randint(1, 900)]
        p.truth["rank", "province", ""], p.truth["rank", "type", ""] = map(str, ranks)
        p.pieces += [
            f"- ผลคะแนน {self.d(self.overall())}",
            f"- ระดับ {self.level()}",
            f"- ผลการประเมินระดับจังหวัด ลำดับที่ {self.d(ranks[0])}",
            f"- ผลการประเมินระดับประเทศ ลำดับที่ {self.d(ranks[1])} (ประเภท{self.kind})",
            "● " + " ● ".join(LEVELS_TH.values()),
            *[f"ปี {self.d(self.year - back)}" for back in range(4, -1, -1)],
            "## สรุปผลการประเมินรายตัวชี้วัด",
        ]
        rows = [
            [self.d(code), self.typos(title), self.score(("indicator", code, ""))]
            for code, title, _ in self.indicators()
        ]
        self.rng.shuffle(rows) if self.chance(0.2) else None
        p.table(["ตัวชี้วัดที่", "รายละเอียดตัวชี้วัด", "คะแนน"], rows)
        p.pieces.append(
            f"ผลการประเมินอยู่ในภาพรวม {self.d(95)} คะแนนขึ้นไป "
            f"และมีคะแนนรายเครื่องมือ {self.d(95)} คะแนนขึ้นไป ได้คะแนนเกินกว่า {self.d(95)} คะแนน"
        )
        self.topic_measures(
            [
                "หัวข้อการวิเคราะห์",
                "หัวข้อที่ใช้ในการวิเคราะห์",
                "ผลการวิเคราะห์",
                "มาตรการ /กิจกรรม",
                "ขั้นตอนและวิธีการปฏิบัติ",
                "ผู้รับผิดชอบ",
                "ระยะเวลาดำเนินการ",
            ],
            middle=2,
        )

    def analysis(self) -> None:
        """Form of S3: an analysis by topic and the 4M constraints, no score."""
        p = self.paper
        p.pieces += [
            "วิเคราะห์ผลการประเมินฯ",
            f"มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงานของ{self.name} "
            f"ใน{self.year_words(self.year + 1)}",
            f"จากผลการประเมิน {self.year_words(self.year)}",
        ]
        self.topic_measures(
            [
                "ประเด็น",
                "วิเคราะห์ผลการประเมิน",
                "วิธีการนำผลการวิเคราะห์\nไปสู่การปฏิบัติ",
                "การกำหนดขั้นตอน\nหรือวิธีการปฏิบัติ",
                "ผู้รับผิดชอบหรือ\nผู้ที่เกี่ยวข้อง",
                "ระยะเวลา",
            ],
            middle=1,
        )
        p.pieces.append("การวิเคราะห์ข้อจำกัดของหน่วยงานในการดำเนินการประเมินคุณธรรมและความโปร่งใส")
        counts = [self.rng.randint(1, 3) for _ in range(4)]
        for kind, count in zip(("staff", "budget", "method", "material"), counts, strict=True):
            p.truth["constraint", kind, ""] = str(count)
        p.table(
            [
                "Man : ด้านบุคลากร",
                "Money : ด้านงบประมาณ",
                "Method : ด้านบริหารจัดการ",
                "Material : ด้านทรัพยากร",
            ],
            [
                [
                    "\n".join(
                        f"{self.d(number)}. ข้อจำกัดของหน่วยงาน" + "มาก" * number
                        for number in range(1, count + 1)
                    )
                    for count in counts
                ]
            ],
        )

    def results_by_indicator(self) -> None:
        """Form of S4: results and measures by indicator, the cover perhaps of another agency."""
        p = self.paper
        another = self.code_of_kind in TYPES and self.code_of_kind != "pao" and self.chance(0.3)
        cover = self.kind + "ต้นแบบ" if another else self.name
        p.pieces += [
            "การนำผลการประเมิน ITA ไปสู่การพัฒนาองค์กร",
            "แสดงการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงาน",
            f"ของหน่วยงานภาครัฐ ใน{self.year_words(self.year)}",
            cover,
            f"อำเภอ{self.district} จังหวัด{self.province}",
            f"รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส ใน{self.year_words(self.year)}",
            f"{self.name} อำเภอ{self.district} จังหวัด{self.province}",
            f"คะแนนภาพรวมของหน่วยงาน.....{self.name}.....คะแนนที่ได้.....{self.d(self.overall())}.....คะแนน",
            f"ระดับผลการประเมินอยู่ที่.....ระดับ{self.level()}.....โดยแบ่งคะแนนตามประเด็นดังต่อไปนี้",
        ]
        rows = [
            [instrument, self.d(code), title, self.score(("indicator", code, ""))]
            for code, title, instrument in self.indicators()
        ]
        p.table(["แบบ", "ลำดับ", "รายละเอียดตัวชี้วัด", "คะแนน"], rows)
        p.pieces.append(
            f"ส่วนที่ {self.d(1)} ข้อมูลรายละเอียดการวิเคราะห์ผลการประเมิน ITA "
            f"ประจำ{self.year_words(self.year)}"
        )
        dropped = self.rng.choice(self.frame.items_of("OIT"))
        for code, title, instrument in self.indicators():
            p.pieces.append(f"ตัวชี้วัดที่ {self.d(code)} {title}")
            items = [
                item
                for item in self.frame.items.values()
                if item.indicator == code and item.code != dropped
            ]
            rows = [
                ["", "", "", self.item(item.code), self.score(("item", item.code, "")), ""]
                for item in items
            ]
            if rows:
                rows[0] = [
                    self.d(code) + ".",
                    title,
                    instrument,
                    *rows[0][3:5],
                    self.keep("ตัวชี้วัดทุกข้อได้ ๑๐๐ คะแนน"),
                ]
            self.split_table(
                [
                    "ลำดับ",
                    "หัวข้อ",
                    "เครื่องมือ การประเมิน",
                    "ข้อคำถาม",
                    "คะแนน",
                    "ข้อบกพร่อง/ข้อแก้ไข/ปรับปรุง / รักษาระดับ",
                ],
                rows,
                f"ตัวชี้วัดที่ {self.d(code)} {title} (ต่อ)",
            )
        p.pieces.append(
            f"ส่วนที่ {self.d(2)} การนำผลการวิเคราะห์แต่ละประเด็นไปสู่การปฏิบัติ "
            f"ใน{self.year_words(self.year + 1)}"
        )
        header = [
            "ตัวชี้วัด",
            "ข้อคำถาม",
            "มาตรการโครงการ/กิจกรรม",
            "ผู้รับผิดชอบ/ผู้ที่เกี่ยวข้อง",
            "ขั้นตอน/วิธีปฏิบัติ",
            "ระยะเวลาดำเนินงาน",
        ]
        for count, (code, title, _) in enumerate(self.indicators(), 1):
            codes = [item.code for item in self.frame.items.values() if item.indicator == code][:4]
            p.truth["measure", str(count), ""] = str(count)
            p.truth["indicator_no", str(count), ""], p.truth["codes", str(count), ""] = (
                code,
                "|".join(codes),
            )
            p.table(
                header,
                [
                    [
                        f"{self.d(code)}. {title} หมายถึง -การดำเนินงานตามเกณฑ์",
                        " ".join(self.item(each) for each in codes),
                        f"{self.rng.choice(DOINGS)} ชุดที่ {count}",
                        self.rng.choice(UNITS),
                        f"{self.d(1)}. {self.rng.choice(DOINGS)}",
                        self.time_frame((str(count), "")),
                    ]
                ],
            )

    # --- the page ---

    def finish(self) -> None:
        """What happens to a whole document.

        A scale in headers of scores, a column of notes, a title on every page, a section twice.
        """
        pieces = []
        for piece in self.paper.pieces:
            if isinstance(piece, tuple):
                header, rows = piece
                header = [cell + self.scale if cell == "คะแนน" else cell for cell in header]
                if self.noted:
                    header, rows = (
                        [*header, "หมายเหตุ"] if header else [],
                        [[*row, self.rng.choice(["", "-", "ดี", self.d("12.50")])] for row in rows],
                    )
                piece = header, rows
                again = "คะแนน" in "".join(header) and self.chance(0.05)
                pieces += (
                    [pieces[-1], piece] if again and pieces and isinstance(pieces[-1], str) else []
                )
            pieces.append(piece)
        self.paper.pieces = [self.running] * 3 + pieces if self.running else pieces

    def as_text(self, cells: bool) -> str:
        """The document as plain text, its tables a cell a line or a row a line."""
        lines: list[str] = []
        for piece in self.paper.pieces:
            if isinstance(piece, str):
                lines += [self.typos(piece) if "\n" not in piece else piece] + [
                    ""
                ] * self.rng.randint(0, 2)
                if self.chance(0.05):
                    lines += [f"-{self.d(self.rng.randint(1, 60))}-", "[image: F:\\งาน\\ตรา.jpg]"]
                continue
            header, rows = piece
            lines += self.cell_lines(header, rows) if cells else self.row_lines(header, rows)
        return "\n".join(lines)

    def row_lines(self, header: list[str], rows: list[list[str]]) -> list[str]:
        """A row a line: cells between tabs, pipes or wide gaps.

        Now and then a broken line, a stray tab, a running title.
        """
        between = self.rng.choice(["tab"] * 6 + ["pipe", "gap"])
        joined = {
            "tab": "\t".join,
            "pipe": lambda cells: "| " + " | ".join(cells) + " |",
            "gap": lambda cells: "    ".join(re.sub(" +", " ", cell) for cell in cells if cell),
        }
        lines = [joined[between]([cell.replace("\n", " ") for cell in header])] if header else []
        if between == "pipe":
            lines += ["|" + "---|" * len(header)] if header else []
        paragraphs = between == "tab" and self.chance(0.3)
        quoted = between == "tab" and self.chance(0.05)
        if lines and between == "tab" and self.chance(0.1) and " " in lines[0]:
            lines = lines[0].rsplit(" ", 1)
        begins = "\n".join(lines)
        for row in rows:
            row = [cell.replace("\t", " ") for cell in row] if between == "pipe" else row
            inside = [
                f"<p>{cell.replace(chr(10), '</p> <p>')}</p>"
                if paragraphs and cell
                else cell.replace("\n", " ")
                for cell in row
            ]
            line = joined[between](
                [f'"{cell}"' if cell else "" for cell in inside] if quoted else inside
            )
            if between == "tab" and self.chance(0.05):
                line = line.rstrip("\t")
            if between == "tab" and self.chance(0.03):
                line += "\t"
            if between == "tab" and "  " not in line and len(inside[-1]) > 40 and self.chance(0.1):
                at = line.rindex(" ") if " " in inside[-1] else None
                line = f"{line[:at]}\n{line[at + 1 :]}" if at else line
            elif (
                between == "tab"
                and self.chance(0.02)
                and (gaps := [gap.start() for gap in re.finditer(r"(?<=[ก-๙]) (?=[ก-๙])", line)])
            ):
                at = self.rng.choice(gaps)
                line = f"{line[:at]}\n{line[at + 1 :]}"
            lines.append(line)
            if self.running and self.chance(0.05):
                lines.append(self.running)
            if self.chance(0.03):
                lines += ["", f"- {self.d(self.rng.randint(1, 60))} -", ""]
            if self.chance(0.02):
                lines.append(self.name)
            if header and self.chance(0.03):
                lines.append(begins)
        return [*"\n".join(lines).split("\n"), ""]

    def cell_lines(self, header: list[str], rows: list[list[str]]) -> list[str]:
        """A cell a line, each begun by a tab; blank lines anywhere, now and then a tab too many."""
        lines = ["\t" + cell for cell in header]
        for row in rows:
            lines += [""] * self.rng.randint(0, 2)
            for cell in row:
                lines.append(
                    "\t" + cell + ("\t" if cell and "\n" not in cell and self.chance(0.02) else "")
                )
                if self.running and len(cell) > 20 and self.chance(0.05):
                    lines.append(self.running)
                lines += [""] * (self.rng.randint(1, 3) if self.chance(0.1) else 0)
            if self.chance(0.02):
                lines.append("\t")
            if self.chance(0.02):
                lines += ["", f"-{self.d(self.rng.randint(1, 60))}-", ""]
        return [*"\n".join(lines).split("\n"), ""]

    def as_html(self) -> str:
        """The document as an HTML page; empty first cells are merged with the cell above."""
        written = [
            "<!DOCTYPE html><html><head><meta "
            "charset='utf-8'><style>p{color:#000}</style></head><body><div>"
        ]
        for piece in self.paper.pieces:
            if isinstance(piece, str):
                written.append(f"<p>{escape(piece)}</p>")
                continue
            header, rows = piece
            written.append(
                "<table>"
                + (
                    "<tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in header) + "</tr>"
                    if header
                    else ""
                )
            )
            merged = self.chance(0.5) and all(rows[0][:1])
            for number, row in enumerate(rows):
                written.append("<tr>")
                for column, cell in enumerate(row):
                    if merged and column == 0 and not cell:
                        continue
                    next_one = next(
                        (place for place in range(number + 1, len(rows)) if rows[place][0]),
                        len(rows),
                    )
                    below = next_one - number if merged and column == 0 else 1
                    text = escape(cell).replace("\n", "<br>")
                    written.append(
                        f"<td rowspan={below}>{text}</td>" if below > 1 else f"<td>{text}</td>"
                    )
                written.append("</tr>")
            written.append("</table>")
        return "".join(written) + "</div></body></html>"

    def as_docx(self) -> bytes:
        """The document as a Word file."""
        import docx

        document = docx.Document()
        for piece in self.paper.pieces:
            if isinstance(piece, str):
                document.add_paragraph(piece.replace("\u200b", ""))
                continue
            header, rows = piece
            table = document.add_table(rows=0, cols=len(rows[0]))
            for row in [header, *rows] if header else rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        file = io.BytesIO()
        document.save(file)
        return file.getvalue()

    def as_pdf(self) -> bytes:
        """The document as a PDF with ruled tables."""
        import fontpkg_sarabun
        import typst

        def quoted(text: str) -> str:
            plain = (
                text.replace("\\", "/").replace('"', "'").replace("\u200b", "").replace("\t", " ")
            )
            return '"' + plain.replace("\n", '" + linebreak() + "') + '"'

        written = [
            '#set page(paper: "a4", flipped: true, margin: 1cm)',
            '#set text(font: "Sarabun", size: 11pt, lang: "th")',
        ]
        for piece in self.paper.pieces:
            if isinstance(piece, str):
                written.append(f"#par({quoted(piece)})")
                continue
            header, rows = piece
            longest = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
            shares = ", ".join(
                "3fr" if length > 40 else "auto" if length < 12 else "2fr" for length in longest
            )
            cells = ", ".join(
                f"[#({quoted(cell)})]"
                for row in ([header] if header else []) + rows
                for cell in row
            )
            written.append(f"#table(columns: ({shares}), {cells})")
        fonts = str(Path(fontpkg_sarabun.__file__).parent)
        return typst.compile("\n\n".join(written).encode(), font_paths=[fonts])


FORMS = {
    "results by topic": Writer.results_by_topic,
    "progress": Writer.progress,
    "results in short": Writer.results_in_short,
    "analysis": Writer.analysis,
    "results by indicator": Writer.results_by_indicator,
}
KINDS = [
    "rows",
    "rows",
    "rows",
    "rows",
    "cells",
    "cells",
    "cells",
    "cells",
    "html",
    "html",
    "docx",
    "docx",
    "pdf",
]


def write(seed: int, noise: float = 1.0) -> tuple[str, str, Paper, Registry, bytes]:
    """The document number `seed`: form, kind of file, paper, registry (its agency is A), bytes."""
    rng = random.Random(seed)
    writer = Writer(rng, noise)
    form, kind = rng.choice(list(FORMS)), rng.choice(KINDS)
    FORMS[form](writer)
    writer.finish()
    if kind in ("docx", "pdf"):
        return (
            form,
            kind,
            writer.paper,
            writer.registry(),
            writer.as_docx() if kind == "docx" else writer.as_pdf(),
        )
    text = writer.as_html() if kind == "html" else writer.as_text(kind == "cells")
    if kind == "cells" and writer.chance(0.05):
        text = "\n".join(line.rstrip("\t") for line in text.split("\n"))
    if kind != "html":
        text = text.replace("\n", "\r\n") if writer.chance(0.2) else text
        text = (
            text.replace("\t", "\u00a0\t\u00a0") if kind == "rows" and writer.chance(0.1) else text
        )
    encoding = (
        rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp874"])
        if kind != "html"
        else "utf-8"
    )
    return form, kind, writer.paper, writer.registry(), text.encode(encoding, errors="ignore")


def read(data: bytes, registry: Registry) -> tuple[dict[tuple, str], str]:
    """(the figures that are read, by the same keys as the truth.

    The agency's id in the registry).
    """
    submission = documents.read("benchmark", data)
    found: dict[tuple, str] = {}
    if submission is None:
        return found, ""

    def put(key: tuple, value: str) -> None:
        found[key] = (
            value if key not in found or same(found[key], value) else f"{found[key]} and {value}"
        )

    for row in submission.scores.itertuples():
        put((row.level, row.code, row.part), row.score)
        if row.level == "overall" and row.rating:
            put(("rating", "", ""), row.rating)
        if row.flagged:
            put(("flagged", row.code, ""), "1")
    for row in submission.ranks.itertuples():
        put(("rank", "province", ""), row.province_rank)
        put(("rank", "type", ""), row.type_rank)
    set_of = {}
    for row in submission.measures.itertuples():
        serial = "+".join(re.findall(r"ชุดที่ (\d+)", row.measure_th)) or "none"
        set_of[row.measure_no] = serial
        put(
            ("measure", serial, ""),
            serial if list(set_of.values()).count(serial) == 1 else f"{serial} again",
        )
        for name, value in (
            ("topic", row.topic_no),
            ("indicator_no", row.indicator_no),
            ("starts", row.starts_on),
            ("ends", row.ends_on),
            ("codes", row.item_codes),
        ):
            put((name, serial, ""), value)
    for row in submission.progress.itertuples():
        put(("completed", set_of[row.measure_no], ""), row.completed_on)
        put(("due", set_of[row.measure_no], ""), row.due_on)
    for kind, count in Counter(submission.constraints.kind).items():
        put(("constraint", kind, ""), str(count))
    tables = [table for table in (submission.scores, submission.measures) if len(table)]
    return found, agency_of(submission, tables[0].iloc[0], registry) if tables else ""


def agency_of(submission: Submission, row: pd.Series, registry: Registry) -> str:
    """The agency_id that the judge gives a row of a document, '' for none."""
    year, agency = int(row.fiscal_year), [row[column] for column in AGENCY_COLUMNS]
    found = (
        assessed(registry, year, submission.named, *agency[1:])
        if submission.named
        else resolve(registry, year, *agency)
    )
    return found.agency_id


def same(one: str, other: str) -> bool:
    """Whether two figures are the same, 100 and 100.00 too."""
    return one == other or figure(one) is not None and figure(one) == figure(other)


@dataclass
class Tally:
    """What came out of some documents."""

    documents: int = 0
    legible: int = 0
    found: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, name: str, data: bytes, paper: Paper, registry: Registry) -> None:
        """Compare what is read with what was written.

        A key that was never written is wrong too; keys of other tables do not count.
        """
        got, who = read(data, registry)
        self.documents += 1
        self.legible += 1
        if who == "A":
            self.found += 1
        else:
            (self.wrong if who else self.missed).append(
                f"{name}: agency {who!r} for {registry.row('A', 2566).name_th!r}"
            )
        written = {key[0] for key in paper.truth}
        for key, value in got.items():
            asked = key[0] in written or key[0] in (
                "item",
                "indicator",
                "instrument",
                "sub_indicator",
                "overall",
                "rank",
                "completed",
            )
            if value and asked and not same(paper.truth.get(key, "nothing"), value):
                self.wrong.append(f"{name}: {key} {value!r} for {paper.truth.get(key)!r}")
        for key, value in paper.truth.items():
            if value and key not in paper.illegible:
                self.legible += 1
                self.found += same(got.get(key, ""), value)
                if not got.get(key):
                    self.missed.append(f"{name}: {key} {value!r}")


def run(seed: int, count: int, noise: float = 1.0) -> dict[tuple[str, str], Tally]:
    """Tallies of `count` documents from `seed` on, by form and kind of file."""
    tallies: dict[tuple[str, str], Tally] = {}
    for each in range(seed * 1_000_000, seed * 1_000_000 + count):
        form, kind, paper, registry, data = write(each, noise)
        tallies.setdefault((form, kind), Tally()).add(
            f"{each} {form} {kind}", data, paper, registry
        )
    return tallies


def main() -> int:
    """The table, then what was wrong or missed.

    0 if nothing is wrong and enough is found, else 1.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--noise", type=float, default=1.0)
    parser.add_argument("--show", type=int, default=10, help="wrong and missed figures to list")
    given = parser.parse_args()
    tallies = run(given.seed, given.documents, given.noise)
    print(
        f"{'form':24}{'file':8}{'documents':>10}{'legible':>10}{'found':>10}"
        f"{'found %':>10}{'wrong':>8}"
    )
    for (form, kind), tally in sorted(tallies.items()):
        share = 100 * tally.found / tally.legible
        print(
            f"{form:24}{kind:8}{tally.documents:10}{tally.legible:10}{tally.found:10}{share:10.2f}{len(tally.wrong):8}"
        )
    legible, found = (
        sum(tally.legible for tally in tallies.values()),
        sum(tally.found for tally in tallies.values()),
    )
    wrong = [line for tally in tallies.values() for line in tally.wrong]
    missed = [line for tally in tallies.values() for line in tally.missed]
    print(
        f"{'all':32}{given.documents:10}{legible:10}{found:10}"
        f"{100 * found / legible:10.2f}{len(wrong):8}"
    )
    for name, lines in (("wrong", wrong), ("missed", missed)):
        for line in lines[: given.show]:
            print(f"{name}: {line}")
    return int(bool(wrong) or Decimal(100) * found / legible < LEAST_FOUND)


if __name__ == "__main__":
    sys.exit(main())
