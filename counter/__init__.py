"""The counter: a small web application where offices hand in and take their packs home."""
