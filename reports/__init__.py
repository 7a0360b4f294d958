"""Everything that a person opens: analysis packs and pages."""
