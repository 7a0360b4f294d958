"""The colours of the desk: those of the packs (reports/setting/palette.py), by what they mean.

Stages import nothing of each other: the colours stand here again, and a test holds them to those.
"""

INK = "#1b2733"
PALE = "#e4ecf5"
RULE = "#8a97a5"
OWN = "#17406d"
BELOW = "#7d9cc0"
PROVINCE = "#c96a12"
TYPE = "#5c8f3a"
NATION = "#7a828a"
EXCELLENT, GOOD = "#0f3d66", "#2b6ca3"
URGENT, DEVELOP, KEEP = "#f0b6a8", "#fae6b8", "#ffffff"

# name of a scale of ours -> Superset's name of it; each from little to much
SEQUENCE = {"score": "ita_score", "deficient": "ita_deficient"}
SCALES = {
    "ita_score": ("คะแนน (น้อยไปมาก)", [PALE, BELOW, OWN]),
    "ita_deficient": (
        "ข้อบกพร่อง (น้อยไปมาก)",
        [KEEP, DEVELOP, URGENT],
    ),
}
CATEGORIES = "ita_series"  # for series that have no colour of their own below

MARKS = {"urgent": URGENT, "develop": DEVELOP}  # severity -> the ground of its cell
# What a series is called -> its colour, the same on every dashboard.
SERIES = {
    "หน่วยงานนี้": OWN,
    "จังหวัดนี้": PROVINCE,
    "จังหวัด": PROVINCE,
    "ประเภทเดียวกัน": TYPE,
    "ภาคเดียวกัน": BELOW,
    "ประเทศ": NATION,
    "คะแนนเฉลี่ย": OWN,
    "คะแนนมัธยฐาน": BELOW,
    "ร้อยละที่ผ่าน": OWN,
    "เป้าหมาย": PROVINCE,
    "แก้ไขโดยเร่งด่วน": URGENT,
    "พัฒนา": DEVELOP,
    "1 ผ่านดีเยี่ยม": EXCELLENT,
    "2 ผ่านดี": GOOD,
    "3 ผ่าน": BELOW,
    "4 ต้องปรับปรุง": DEVELOP,
    "5 ต้องปรับปรุงโดยด่วน": URGENT,
    "1 AA": EXCELLENT,
    "2 A": GOOD,
    "3 B": BELOW,
    "4 C": PALE,
    "5 D": RULE,
    "6 E": DEVELOP,
    "7 F": URGENT,
    "เสร็จแล้ว": OWN,
    "กำลังดำเนินการ": BELOW,
    "เสร็จล่าช้า": DEVELOP,
    "ไม่ได้รายงาน": URGENT,
    "มีข้อสังเกต": DEVELOP,
    "รับแล้ว": OWN,
    "ไม่รับ": URGENT,
}


def schemes() -> dict[str, list[dict]]:
    """What Superset's settings take as EXTRA_SEQUENTIAL_COLOR_SCHEMES and _CATEGORICAL_."""
    return {
        "sequential": [
            {"id": name, "label": label, "description": "", "colors": colours, "isDiverging": False}
            for name, (label, colours) in SCALES.items()
        ],
        "categorical": [
            {
                "id": CATEGORIES,
                "label": "สีของชุดวิเคราะห์",
                "description": "",
                "colors": [
                    OWN,
                    PROVINCE,
                    TYPE,
                    NATION,
                    BELOW,
                ],
            }
        ],
    }


# What stands for a colour in the SQL of a dataset that makes HTML.
TOKENS = {
    "excellent": EXCELLENT,
    "good": GOOD,
    "pale": PALE,
    "ink": INK,
}
