"""Who runs tasks waits for the server that tasks ask."""

import http.server
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

PROGRAM = """
import sys, time
from ita import run_airflow
start = time.monotonic()
run_airflow.wait_for_the_api_server()
print(f"waited {time.monotonic() - start:.1f}")
"""


class Health(http.server.BaseHTTPRequestHandler):
    """Not ready twice, then healthy."""

    asked = 0

    def do_GET(self):
        Health.asked += 1
        self.send_response(500 if Health.asked <= 2 else 200)
        self.end_headers()
        assert self.path == "/execution/health"

    def log_message(self, *_):
        """Nothing on the test's output."""


def test_a_scheduler_waits_until_the_api_server_is_healthy():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    waiting = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        },
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(2)
    assert waiting.poll() is None, "there is no server yet"
    server = http.server.HTTPServer(("127.0.0.1", port), Health)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        said, _ = waiting.communicate(timeout=30)
    finally:
        waiting.kill()
        server.shutdown()
    assert waiting.returncode == 0 and "waited" in said
    assert f"waiting for the API server at http://127.0.0.1:{port}/execution/health" in said
    assert Health.asked == 3
