"""`python -m ita.run_airflow …`: `airflow …`, the garbage collector at rest (ita/__init__.py).

It ends with the command of ours that has started it, and what it forks ends with it: the workers of
a scheduler, the task in a worker.
"""

import sys

from warehouse import children

if __name__ == "__main__":
    children.end_with_told_parent()
    children.end_forks_with_parent()
    from airflow.__main__ import main

    sys.exit(main())
