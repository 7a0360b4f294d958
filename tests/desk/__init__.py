"""The analysts' desk in a real browser and through its REST API (slow group)."""
