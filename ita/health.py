"""`python -m ita.health SERVICE`: is a service of docker-compose.yml well? 0 yes, 1 no.

A check runs every half minute for years: it imports neither Airflow nor the warehouse, and costs a
tenth of a second. Airflow's API server knows when its database, the scheduler and the DAG processor
last gave a sign of life; a Celery worker is asked through the broker.
"""

import json
import os
import socket
import sys
import urllib.request
from pathlib import Path

SEEN_BY_THE_API = {
    "api-server": "metadatabase",
    "scheduler": "scheduler",
    "dag-processor": "dag_processor",
}


def well(service: str) -> bool:
    """Is it well? OSError where nobody answers."""
    return _worker() if service == "worker" else _seen_by_the_api(SEEN_BY_THE_API[service])


def _seen_by_the_api(name: str) -> bool:
    tasks_ask = os.environ["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"]
    address = tasks_ask.removesuffix("/").removesuffix("/execution") + "/api/v2/monitor/health"
    with urllib.request.urlopen(address, timeout=8) as answer:  # noqa: S310  our own setting
        return json.load(answer)[name]["status"] == "healthy"


def _worker() -> bool:
    from celery import Celery

    login = Path(os.environ["ITA_BROKER_PASSWORD_FILE"]).read_text(encoding="utf-8").strip()
    broker = f"redis://:{login}@{os.environ['ITA_BROKER']}/0"
    name = f"celery@{socket.gethostname()}"
    return bool(Celery(broker=broker).control.ping(destination=[name], timeout=8))


if __name__ == "__main__":
    try:
        sys.exit(0 if well(sys.argv[1]) else 1)
    except OSError as error:
        sys.exit(f"{sys.argv[1]}: {error}")
