"""What failed where: rows of ops.failure, written by Airflow's failure callback."""

import re
from datetime import datetime

from warehouse import connect, events, schema, unwritten
from warehouse.errors import ItaError


def record(
    dag_id: str, run_id: str, task_id: str, try_number: int, message: str, at: datetime
) -> None:
    """Add a row to ops.failure; to failures.jsonl in ITA_HOME where the warehouse is silent."""
    found = re.search(r"exit code (-?\d+)", message)
    row = {
        "failed_at": at,
        "dag_id": dag_id,
        "run_id": run_id,
        "task_id": task_id,
        "try_number": try_number,
        "exit_code": int(found[1]) if found else None,
        "message": message[:4000],
    }
    code = int(found[1]) if found else None
    events.write("try_failed", run=run_id, step=task_id, try_number=try_number, exit_code=code)
    try:
        with connect.connect(autocommit=True) as connection:
            schema.apply(connection)
            connection.execute(
                """
                insert into ops.failure
                    (failed_at, dag_id, run_id, task_id, try_number, exit_code, message)
                values (%(failed_at)s, %(dag_id)s, %(run_id)s, %(task_id)s, %(try_number)s,
                        %(exit_code)s, %(message)s)""",
                row,
            )
    except ItaError as error:
        unwritten.note(row, str(error))
