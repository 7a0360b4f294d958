"""The console script and what it alone needs."""

import atexit
import gc

# Our commands live for seconds and import large libraries, whose objects stay to the end. To look
# through them for garbage again and again takes a fifth of the start of Great Expectations and a
# quarter of Airflow's; to do so once more before the process ends, one second and three.
gc.set_threshold(100_000, 50, 1000)
atexit.register(gc.freeze)
