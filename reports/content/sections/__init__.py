"""The sections of the report: each file gives `blocks(facts)`; the file names are their order."""
