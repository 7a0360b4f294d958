"""How a task runs its step.

One `ita` command, its lines in the task's log, its exit code as the task's outcome.
"""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from warehouse import children

ITA = str(Path(sys.executable).parent / "ita")


def run(*arguments) -> None:
    """Run `ita ARGUMENTS…`; None among the arguments is left out.

    Exit code 2 (bad input) and 3 (not allowed) fail the task for good: another try would judge the
    same data. Any other failure is tried again. The command ends with this process, and nothing of
    its process group is left behind.
    """
    from airflow.sdk import get_current_context
    from airflow.sdk.exceptions import AirflowException, AirflowFailException

    told = {**os.environ, "ITA_RUN": get_current_context()["run_id"]}  # warehouse/events.py
    command = [ITA, *(str(argument) for argument in arguments if argument is not None)]
    last = ""
    with children.started(command, told) as (process, lines):
        for line in lines:
            last = _last_words(last, line.strip())
            print(f"ita| {line.rstrip()}", flush=True)
    if process.returncode:
        kind = AirflowFailException if process.returncode in (2, 3) else AirflowException
        raise kind(f"ita {arguments[0]} ended with exit code {process.returncode}: {last}")


def _last_words(before: str, line: str) -> str:
    """What a command has said last: the line, or the error (`ita: …`) that the line goes on with.

    An error of dbt or PostgreSQL ends with a line of its own below the place, a caret.
    """
    if not before.startswith("ita: ") or line.startswith("ita: "):
        return line or before
    return f"{before} {line}".strip()[:4000]


def write_down_failure(context) -> None:
    """Airflow's callback for a failed try: what failed where goes to ops.failure."""
    task = context["task_instance"]
    where = ["--dag", task.dag_id, "--run", task.run_id, "--task", task.task_id]
    # a task whose process was killed or never began has no exception
    reason = context.get("exception") or "the task ended without a word: killed, or never begun"
    which = ["--try", str(task.try_number), "--", str(reason)]
    subprocess.run([ITA, "failed", *where, *which], timeout=60, check=False)


# What every task has: two more tries after a fault, a time limit, and each failed try written down.
TASK_DEFAULTS = {
    "retries": 2,
    "retry_delay": timedelta(seconds=10),
    "execution_timeout": timedelta(hours=1),
    "on_failure_callback": write_down_failure,
    "on_retry_callback": write_down_failure,
}
