"""After a publication: bring the packs up to date where only others' figures (ranks, means of peers) changed. Holds up nothing."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from airflow.sdk import Asset, dag, task
from steps import run, write_down_failure


@dag(
    schedule=[Asset("ita://mart")],
    start_date=datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Bangkok")),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "execution_timeout": timedelta(hours=6),
        "on_failure_callback": write_down_failure,
        "on_retry_callback": write_down_failure,
    },
    tags=["ita"],
    doc_md=__doc__,
)
def packs_refresh():
    @task
    def packs():
        run("packs", "--refresh")

    @task
    def documents():
        run("documents")

    packs() >> documents()


packs_refresh()
