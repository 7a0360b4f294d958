# ruff: noqa: E501
"""Colours, one place. Each level and severity is told by its words and by a mark as well; in grey they keep apart."""

INK = "#1b2733"
BRAND = "#17406d"
PALE = "#e4ecf5"
RULE = "#8a97a5"
GRID = "#d5dbe1"

OWN = "#17406d"
PROVINCE = "#c96a12"
TYPE = "#5c8f3a"
NATION = "#7a828a"

# level code -> (background, text on it, how many of five marks are full; the letters need none, their order is known)
LEVELS = {
    "excellent": ("#0f3d66", "#ffffff", 5),
    "good": ("#2b6ca3", "#ffffff", 4),
    "pass": ("#8fbbe0", "#10202f", 3),
    "improve": ("#f2c777", "#2b1b00", 2),
    "urgent": ("#8f2f1d", "#ffffff", 1),
    "AA": ("#0f3d66", "#ffffff", 0),
    "A": ("#2b6ca3", "#ffffff", 0),
    "B": ("#f6dfb0", "#2b1b00", 0),
    "C": ("#f2c777", "#2b1b00", 0),
    "D": ("#d9822b", "#1b0f00", 0),
    "E": ("#b3541e", "#ffffff", 0),
    "F": ("#8f2f1d", "#ffffff", 0),
}
UNKNOWN_LEVEL = ("#dfe3e7", "#1b2733", 0)

# severity -> (fill of its cell, words, mark)
SEVERITIES = {
    "urgent": ("#f0b6a8", "แก้ไขโดยเร่งด่วน", "▼"),
    "develop": ("#fae6b8", "พัฒนา", "◆"),
    "keep": ("#ffffff", "รักษามาตรฐาน", "▲"),
}


def level(code: str | None) -> tuple[str, str, int]:
    return LEVELS.get(code, UNKNOWN_LEVEL)
