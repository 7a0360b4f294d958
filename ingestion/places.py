"""Where something stands in a file, in English for programs; warehouse/thai_places.py: in Thai."""

from functools import lru_cache


@lru_cache(maxsize=20_000)
def column_letters(position: int) -> str:
    """0 → A, 26 → AA, as spreadsheets name columns."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def letters_of(columns: dict[str, int]) -> str:
    """Which column of the sheet holds what, as one text that all rows of a table share.

    'agency_id:B score:J'.
    """
    return " ".join(f"{name}:{column_letters(position)}" for name, position in columns.items())


def at_column(place: str, letters: str, *names: str) -> str:
    """`place` of a row with the column of the first of `names` that the table has.

    The place as it is where none has one.
    """
    if " column " in place:
        return place
    known = dict(pair.split(":") for pair in letters.split())
    found = next((known[name] for name in names if name in known), "")
    return f"{place} column {found}" if found else place
