"""How a pack is set: blocks (`reports.blocks`) to PDF, DOCX, HTML and XLSX."""
