"""The last runs of the DAGs, as Airflow's own metadata has them.

Whoever started them, `ita refresh` or the scheduler.
"""

import psycopg

from warehouse import connect
from warehouse.connect import one


def airflow_database() -> str:
    """The name of the database beside the warehouse's that holds Airflow's metadata."""
    return f"{connect.parameters()['dbname']}_airflow"


def last_runs(connection: psycopg.Connection) -> list[dict]:
    """The newest run of each DAG: dag_id, state, started_at, finished_at (null while it runs).

    [] before Airflow's first.
    """
    if not connection.execute(
        "select 1 from pg_database where datname = %s", [airflow_database()]
    ).fetchone():
        return []
    with connect.connect(dbname=airflow_database()) as connection:
        airflow: psycopg.Cursor[dict] = connection.cursor(row_factory=psycopg.rows.dict_row)
        if not one(airflow.execute("select to_regclass('dag_run') as found"))["found"]:
            return []
        return airflow.execute("""
            select distinct on (dag_id) dag_id, state, start_date as started_at,
                end_date as finished_at
            from dag_run where start_date is not null order by dag_id,
                start_date desc""").fetchall()
