"""The five forms in which agencies publish."""

from datetime import date

from benchmarks.papers.parts import Parts
from benchmarks.papers.words import DOINGS, LEVELS_TH, TYPES, UNITS
from ingestion.dates import fiscal_period
from ingestion.documents import titles


class Results(Parts):
    """Reports of results: by topic (S0) and in short (S2)."""

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


class Reports(Parts):
    """Progress (S1), analysis (S3), and results by indicator (S4)."""

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
        self.scores_by_indicator()
        p.pieces.append(
            f"ส่วนที่ {self.d(2)} การนำผลการวิเคราะห์แต่ละประเด็นไปสู่การปฏิบัติ "
            f"ใน{self.year_words(self.year + 1)}"
        )
        self.measures_by_indicator()

    def scores_by_indicator(self) -> None:
        """A table of scores for each indicator, one item of OIT left out."""
        dropped = self.rng.choice(self.frame.items_of("OIT"))
        for code, title, instrument in self.indicators():
            self.paper.pieces.append(f"ตัวชี้วัดที่ {self.d(code)} {title}")
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

    def measures_by_indicator(self) -> None:
        """A measure for each indicator."""
        p = self.paper
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


class News(Parts):
    """Free text as a page of news has it: the result in a sentence, no table."""

    def news(self) -> None:
        """A headline, a lead, and the result stated in full among what else was said."""
        score, level = self.d(self.overall()), self.level()
        year = self.year_words(self.year)
        where = f"อำเภอ{self.district} จังหวัด{self.province}"
        title = f"{self.name} ประกาศผลการประเมินคุณธรรมและความโปร่งใส (ITA) ประจำ{year}"
        about = "การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA)"
        stated = self.rng.choice(
            [
                f"ผล{about} ประจำ{year} {self.name} {where} ได้คะแนน {score} คะแนน อยู่ในระดับ {level}",
                f"{self.name} มีคะแนนรวม {score} คะแนน อยู่ในระดับ {level} จากผล{about} ประจำ{year}",
                f"ผลการประเมิน ITA {year} ของ{self.name} มีคะแนนภาพรวม {score} คะแนน ระดับ {level}",
                f"สำนักงาน ป.ป.ช. ประกาศผล{about} ประจำ{year} โดย{self.name} ได้ {score} คะแนน "
                f"ผลการประเมินอยู่ในระดับ {level}",
                f"ผลการประเมินในภาพรวม {self.name} ได้คะแนน {score} คะแนน อยู่ในระดับ {level}",
                f"คะแนนภาพรวมของหน่วยงาน {self.name} คะแนนที่ได้ {score} คะแนน อยู่ในระดับ {level}",
            ]
        )
        others = [
            "นายกกล่าวขอบคุณบุคลากรและประชาชนทุกคนที่ร่วมกันตอบแบบวัดในปีนี้",
            "หน่วยงานจะเดินหน้าเปิดเผยข้อมูลบนเว็บไซต์ให้ครบถ้วนและเป็นปัจจุบัน",
            f"งานประชาสัมพันธ์ วันที่ {self.d(12)} กันยายน {self.d(self.year)}",
            f"ติดต่อสอบถาม โทร. {self.d('0 4412 3456')} ในวันและเวลาราชการ",
        ]
        self.rng.shuffle(others)
        self.paper.pieces += [title, *others[:2], stated, *others[2:]]
