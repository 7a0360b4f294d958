"""The log of an `ita refresh`: whole in one file, and task by task where Airflow's pages look.

`airflow dags test` keeps no log: it prints all that its tasks say, one after the other.
"""

import re
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from warehouse import settings

STARTING = re.compile(r"\[DAG TEST\] starting task_id=(\w+)")
RUN = re.compile(r"<TaskInstance: \w+\.\w+ (manual__\S+)")


class RunLog:
    """A context; `write` takes the lines as they come."""

    def __init__(self, dag_id: str, whole: Path) -> None:
        self.dag_id = dag_id
        self.files = ExitStack()
        self.whole = self.files.enter_context(whole.open("w", encoding="utf-8"))
        self.task: TextIO | None = None
        self.task_id = self.run_id = ""
        self.tries: dict[str, int] = {}

    def __enter__(self) -> "RunLog":
        return self

    def __exit__(self, *_: object) -> None:
        self.files.close()

    def write(self, line: str) -> None:
        """Add a line to the whole, and to the log of the task that is at work."""
        self.whole.write(f"{line}\n")
        if found := STARTING.search(line):
            self.task, self.task_id = None, found[1]
            self.tries[self.task_id] = self.tries.get(self.task_id, 0) + 1
        if not self.run_id and (found := RUN.search(line)):
            self.run_id = found[1]
        if self.task is None and self.task_id and self.run_id:
            self.task = self._open()
        if self.task:
            self.task.write(f"{line}\n")
            self.task.flush()

    def _open(self) -> TextIO:
        """By the name that Airflow gives it (log_filename_template)."""
        path = settings.folder("airflow") / "logs" / f"dag_id={self.dag_id}"
        path = path / f"run_id={self.run_id}" / f"task_id={self.task_id}"
        path.mkdir(parents=True, exist_ok=True)
        file = path / f"attempt={self.tries[self.task_id]}.log"
        return self.files.enter_context(file.open("w", encoding="utf-8"))
