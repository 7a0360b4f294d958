"""`python -m ita.run_airflow …`: `airflow …`, the garbage collector at rest (ita/__init__.py)."""

import sys

from airflow.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
