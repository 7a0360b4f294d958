"""Parts that several forms of documents share."""

from datetime import date

from benchmarks.papers.wording import Words
from benchmarks.papers.words import DOINGS, UNITS
from ingestion.dates import fiscal_period
from ingestion.documents import titles


class Parts(Words):
    """Parts that several forms share."""

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
