"""Colours, one place. Each level and severity is told by its words and by a mark as well; in grey
they keep apart."""

INK = "#1b2733"
BRAND = "#17406d"
PALE = "#e4ecf5"
RULE = "#8a97a5"
GRID = "#d5dbe1"

OWN = "#17406d"
BELOW = "#7d9cc0"
PROVINCE = "#c96a12"
TYPE = "#5c8f3a"
NATION = "#7a828a"

# level code -> (background, text on it, how many of five marks are full; letters need none).
# A low score stands on the cover as quietly as a middling one: words say what it is.
LEVELS = {
    "excellent": ("#0f3d66", "#ffffff", 5),
    "good": ("#2b6ca3", "#ffffff", 4),
    "pass": (PALE, INK, 3),
    "improve": (PALE, INK, 2),
    "urgent": (PALE, INK, 1),
    "AA": ("#0f3d66", "#ffffff", 0),
    "A": ("#2b6ca3", "#ffffff", 0),
    **dict.fromkeys("BCDEF", (PALE, INK, 0)),
}
UNKNOWN_LEVEL = (PALE, INK, 0)

# severity -> (fill of its cell, words, mark)
SEVERITIES = {
    "urgent": ("#f0b6a8", "แก้ไขโดยเร่งด่วน", "▼"),
    "develop": ("#fae6b8", "พัฒนา", "◆"),
    "keep": ("#ffffff", "รักษามาตรฐาน", "▲"),
}


def level(code: str | None) -> tuple[str, str, int]:
    return LEVELS.get(code or "", UNKNOWN_LEVEL)
