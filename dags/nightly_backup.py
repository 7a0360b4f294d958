"""After the night: a back-up to ITA_BACKUPS, where that is set."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from airflow.sdk import dag, task
from steps import TASK_DEFAULTS, run


@dag(
    schedule="30 5 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Bangkok")),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=TASK_DEFAULTS,
    tags=["ita"],
    doc_md=__doc__,
)
def nightly_backup():
    @task(execution_timeout=timedelta(hours=3))
    def backup():
        run("backup", "--nightly")

    backup()


nightly_backup()
