"""PDF: the font "Sarabun ITA" and the Typst template."""
