"""The synthetic country.

Agencies that do not exist, with scores that behave like the published ones.

`country.write` is the only entry. What is assumed about the country stands in the CSV files beside
the code, with source and status.
"""
