"""The night: from what lies in the landing zone to published marts, packs and pages."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from airflow.sdk import Asset, Param, dag, task
from steps import TASK_DEFAULTS, run

PUBLISHED = Asset("ita://mart")


@dag(
    schedule="0 1 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Bangkok")),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    params={
        "fiscal_year": Param(
            None, type=["null", "integer"], description="Only this fiscal year (B.E.); empty: all"
        )
    },
    default_args=TASK_DEFAULTS,
    tags=["ita"],
    doc_md=__doc__,
)
def nightly_refresh():
    @task
    def receive():
        run("receive", "--nightly")

    @task
    def check(params=None):
        year = params["fiscal_year"]
        run("judge", *(["--year", year] if year else []))

    @task
    def load():
        run("load")

    @task
    def build():
        run("build")

    @task
    def audit():
        run("audit")

    @task(outlets=[PUBLISHED])
    def publish():
        run("publish")

    @task(execution_timeout=timedelta(hours=3))
    def packs(params=None):
        year = params["fiscal_year"]
        run("packs", "--nightly", *(["--year", year] if year else []))

    @task
    def documents():
        run("documents")

    @task
    def tidy():
        run("tidy")

    @task
    def site():
        run("site")

    @task(execution_timeout=timedelta(hours=3))  # it ends itself after ITA_DELIVER_MINUTES
    def deliver():
        run("deliver")

    night, written = receive() >> check() >> load() >> build() >> audit() >> publish(), packs()
    night >> written >> documents() >> tidy()
    night >> site()
    written >> deliver()


nightly_refresh()
