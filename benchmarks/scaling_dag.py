"""For benchmarks/scaling.py alone.

Packs mapped over provinces, one task at a time and two at a time. Lies beside dags/steps.py when it
runs.
"""

from datetime import datetime

from airflow.sdk import Param, dag, task
from steps import run


def mapped(tasks_at_once: int):
    @dag(
        dag_id=f"packs_on_{tasks_at_once}",
        schedule=None,
        start_date=datetime(2026, 1, 1),
        max_active_tasks=tasks_at_once,
        params={"provinces": Param([], type="array"), "out": Param("", type="string")},
    )
    def packs():
        @task
        def provinces(params=None):
            return params["provinces"]

        @task
        def province_packs(province, params=None):
            run("packs", "--province", province, "--all", "--out", f"{params['out']}/{province}")

        province_packs.expand(province=provinces())

    packs()


mapped(1)
mapped(2)
