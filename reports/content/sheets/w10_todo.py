"""What to decide before publication, first of all."""

from collections.abc import Iterator
from typing import Any

from reports.content.before import ready, tasks
from reports.content.sentences import reference, say
from reports.content.sheets import sheet


def sheets(facts: dict) -> Iterator[Any]:
    rows = [
        [n, task["what"], task["how"], task["where"], task["item"], task["points"]]
        for n, task in enumerate(tasks(facts), 1)
    ]
    if not facts["constraints"]:
        rows += [
            [None, say("todo.constraints.title"), sentence, name, None, None]
            for kind, name in reference("constraint").items()
            for sentence in ready(kind)
        ]
    yield sheet(
        "ก่อนเผยแพร่",
        say("todo.title", year=facts["fiscal_year"]),
        [
            ("ที่", 6, "year"),
            ("สิ่งที่ต้องพิจารณา", 44, "text"),
            ("รายละเอียด", 70, "text"),
            ("ทำที่ไหน", 44, "text"),
            ("OIT ข้อ", 10, "code"),
            ("คะแนนที่เกี่ยวข้อง", 14, "score"),
        ],
        rows,
    )
