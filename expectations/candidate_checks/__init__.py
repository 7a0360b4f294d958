"""The checks of gate 2 by what they judge; `expectations/candidate.py` makes its suites of them."""
