"""How a task runs its step.

One `ita` command, its lines in the task's log, its exit code as the task's outcome.
"""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

ITA = str(Path(sys.executable).parent / "ita")


def run(*arguments) -> None:
    """Run `ita ARGUMENTS…`; None among the arguments is left out.

    Exit code 2 (bad input) and 3 (not allowed) fail the task for good: another try would judge the
    same data. Any other failure is tried again. The command is a process group of its own, so that
    a timeout leaves nothing behind.
    """
    from airflow.sdk.exceptions import AirflowException, AirflowFailException

    command = [ITA, *(str(argument) for argument in arguments if argument is not None)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    last = ""
    try:
        for line in process.stdout:
            last = line.strip() or last
            print(f"ita| {line.rstrip()}", flush=True)
        code = process.wait()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if code:
        kind = AirflowFailException if code in (2, 3) else AirflowException
        raise kind(f"ita {arguments[0]} ended with exit code {code}: {last}")


def write_down_failure(context) -> None:
    """Airflow's callback for a failed try: what failed where goes to ops.failure."""
    task = context["task_instance"]
    subprocess.run(
        [
            ITA,
            "failed",
            "--dag",
            task.dag_id,
            "--run",
            task.run_id,
            "--task",
            task.task_id,
            "--try",
            str(task.try_number),
            "--",
            str(context.get("exception")),
        ],
        timeout=60,
        check=False,
    )


# What every task has: two more tries after a fault, a time limit, and each failed try written down.
TASK_DEFAULTS = {
    "retries": 2,
    "retry_delay": timedelta(seconds=15),
    "execution_timeout": timedelta(hours=1),
    "on_failure_callback": write_down_failure,
    "on_retry_callback": write_down_failure,
}
