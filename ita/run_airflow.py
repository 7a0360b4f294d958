"""`python -m ita.run_airflow …`: `airflow …`, the garbage collector at rest (ita/__init__.py).

It ends with the command of ours that has started it, and what it forks ends with it: the workers of
a scheduler, the task in a worker. Who runs tasks starts when the API server answers: a task asks it
first whether it may begin, and one that gets no answer fails without a reason.
"""

import os
import sys
import time
import urllib.error
import urllib.request

from warehouse import children

RUN_TASKS = (["scheduler"], ["celery", "worker"])
API = "AIRFLOW__CORE__EXECUTION_API_SERVER_URL"


def wait_for_the_api_server() -> None:
    """Return when the tasks' server answers, however long that takes: nothing runs without it."""
    address = f"{os.environ[API].rstrip('/')}/health"
    said = False
    while not _answers(address):
        if not said:
            print(f"waiting for the API server at {address}", flush=True)
            said = True
        time.sleep(1)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310  our own setting
            return True
    except (urllib.error.URLError, OSError, ValueError):
        return False


if __name__ == "__main__":
    children.end_with_told_parent()
    children.end_forks_with_parent()
    said = sys.argv[1:]
    if (said[:1] in RUN_TASKS or said[:2] in RUN_TASKS) and not {"-h", "--help"} & set(said):
        wait_for_the_api_server()
    from airflow.__main__ import main

    sys.exit(main())
