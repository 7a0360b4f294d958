"""After a publication.

Bring the packs up to date where only others' figures (ranks, means of peers) changed. Holds up
nothing.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from airflow.sdk import Asset, dag, task
from steps import TASK_DEFAULTS, run


@dag(
    schedule=[Asset("ita://mart")],
    start_date=datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Bangkok")),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=TASK_DEFAULTS,
    tags=["ita"],
    doc_md=__doc__,
)
def packs_refresh():
    @task(execution_timeout=timedelta(hours=6))
    def packs():
        run("packs", "--refresh")

    @task
    def documents():
        run("documents")

    packs() >> documents()


packs_refresh()
