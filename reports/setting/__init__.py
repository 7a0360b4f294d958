# ruff: noqa: E501
"""How a pack is set: blocks (`reports.blocks`) to PDF, DOCX, HTML and XLSX. What is said is `reports.content`."""
