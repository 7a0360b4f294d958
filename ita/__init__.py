"""The console script and what it alone needs."""

import gc

# Our commands live for seconds and import large libraries, whose objects stay: to look through them for garbage again and again takes a fifth of
# the start of Great Expectations, and a quarter of Airflow's.
gc.set_threshold(100_000, 50, 1000)
