"""The mark of what we wrote: when a document of ours is sent back, ingestion knows it by this."""

PRODUCT = "ITA warehouse"
# What a document is. A report, to-do or progress report is read by people; of the workbooks only
# `measures` is meant to come back.
KINDS = ("report", "todo", "progress", "measures", "working file")


def of(kind: str) -> str:
    """ "ITA warehouse: report": PDF Creator, HTML generator, DOCX and XLSX category (and a property
    named `ITA warehouse` with the kind alone). Raises ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r} is not one of {KINDS}")
    return f"{PRODUCT}: {kind}"
