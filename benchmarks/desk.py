"""A stopwatch at the analysts' desk: `python -m benchmarks.desk [--times 5] [--board national …]`.

In a warehouse of many agencies (ITA_HOME: a copy, two persons are added to it): the desk is served,
headless Chromium opens each dashboard at 1920 × 1080 as headquarters and as a province, and the
seconds are counted from the address to the last chart that is drawn. `first`: a browser that was
never here; `median`, `longest`: one that was, of so many times. Beside them the processor seconds
of an opening: of the desk, of PostgreSQL, of the browser.
"""

import argparse
import csv
import os
import signal
import statistics
import subprocess
import tempfile

import psutil
from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks.measure import ITA, server_seconds
from desk.boards import write
from tests.browser.chromium import ARGUMENTS, ENVIRONMENT, EXECUTABLE
from tests.desk.client import Client
from warehouse import settings

PORT = "8094"
ADDRESS = f"http://127.0.0.1:{PORT}"
PERSONS = {"watch_hq": ["--headquarters"], "watch_own": ["--province", "30"]}
SCREEN = {"width": 1920, "height": 1080}
QUIET = 1500  # ms without anything that loads: the page is drawn
# Notes in the page when it last was not whole: no chart there yet, or one within sight that loads.
WATCH = """
window.lastBusy = 0;
setInterval(() => {
    const seen = element => {
        const box = element.getBoundingClientRect();
        return box.height > 0 && box.top < innerHeight && box.bottom > 0;
    };
    const charts = document.querySelectorAll('.dashboard-component-chart-holder');
    const loading = [...document.querySelectorAll('.loading, [data-test=loading-indicator]')];
    if (!charts.length || loading.some(seen)) window.lastBusy = performance.now();
}, 25);
"""


def served() -> subprocess.Popen:
    """The desk, when it answers."""
    for name, scope in PERSONS.items():
        subprocess.run([ITA, "login", "add", name, *scope], stdout=subprocess.DEVNULL)
    environment = os.environ | {"DESK_PORT": PORT}
    desk = subprocess.Popen(
        [ITA, "desk", "serve"], env=environment, stdout=subprocess.PIPE, text=True
    )
    for line in desk.stdout:
        if line.startswith(f"desk    {ADDRESS}"):
            return desk
    raise SystemExit("the desk does not answer")


def signed_in(name: str) -> Client:
    """The person with a new first password, changed for one that nobody knows."""
    subprocess.run([ITA, "desk", "password", name], check=True, stdout=subprocess.DEVNULL)
    given = settings.folder("secrets") / "desk_first_passwords"
    first = dict(csv.reader(given.read_text().splitlines()))[name]
    client = Client(ADDRESS, name, first)
    client.choose_password(os.urandom(16).hex())
    return client


def opened(page: Page, slug: str) -> float:
    """Seconds from the address of a dashboard to its last chart in sight."""
    page.goto(f"{ADDRESS}/superset/dashboard/{slug}/")
    for _ in range(600):
        page.wait_for_timeout(100)
        busy, now = page.evaluate("[window.lastBusy, performance.now()]")
        if busy and now - busy > QUIET:
            return busy / 1000
    raise SystemExit(f"{slug} still loads")


def processor(desk: subprocess.Popen) -> list[float]:
    """Processor seconds so far: of the desk, of PostgreSQL, of the browser."""
    browser = [p for p in psutil.process_iter(["exe"]) if p.info["exe"] == str(EXECUTABLE)]
    pages = psutil.Process(desk.pid).children(recursive=True)
    return [_seconds(pages), server_seconds(settings.home()), _seconds(browser)]


def _seconds(processes: list[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total


def context(playwright: object, folder: str, client: Client) -> BrowserContext:
    """A browser with an empty folder of its own, signed in as the person."""
    made = playwright.chromium.launch_persistent_context(
        folder,
        executable_path=str(EXECUTABLE),
        args=ARGUMENTS,
        env=ENVIRONMENT,
        viewport=SCREEN,
        locale="th-TH",
        timezone_id="Asia/Bangkok",
    )
    cookies = [{"name": c.name, "value": c.value, "url": ADDRESS} for c in client.session.cookies]
    made.add_cookies(cookies)
    made.add_init_script(WATCH)
    return made


def first_sight(playwright: object, client: Client, slug: str) -> float:
    """Seconds in a browser that was never here."""
    with tempfile.TemporaryDirectory() as folder:
        browser = context(playwright, folder, client)
        try:
            return opened(browser.pages[0], slug)
        finally:
            browser.close()


def again(
    playwright: object, client: Client, slug: str, times: int, desk: subprocess.Popen
) -> tuple[list[float], list[float]]:
    """Seconds of so many openings in a browser that was here; processor seconds of one."""
    with tempfile.TemporaryDirectory() as folder:
        browser = context(playwright, folder, client)
        try:
            for _ in range(2):  # Chromium keeps compiled scripts from the second sight on
                opened(browser.pages[0], slug)
            before = processor(desk)
            seconds = [opened(browser.pages[0], slug) for _ in range(times)]
            spent = [(b - a) / times for a, b in zip(before, processor(desk), strict=True)]
        finally:
            browser.close()
    return seconds, spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--board", action="append", help="a dashboard's slug; all without")
    parser.add_argument("--who", action="append", choices=PERSONS, help="both without")
    asked = parser.parse_args()
    boards = asked.board or [board["slug"] for board in write.boards()]
    desk = served()
    try:
        clients = {name: signed_in(name) for name in asked.who or PERSONS}
        print("| who | dashboard | first s | median s | longest s | desk | PostgreSQL | browser |")
        print("|---|---|---:|---:|---:|---:|---:|---:|")
        with sync_playwright() as playwright:
            for name, client in clients.items():
                for slug in boards:
                    first = first_sight(playwright, client, slug)
                    seconds, spent = again(playwright, client, slug, asked.times, desk)
                    figures = [first, statistics.median(seconds), max(seconds), *spent]
                    said = " | ".join(f"{figure:.2f}" for figure in figures)
                    print(f"| {name} | {slug} | {said} |", flush=True)
    finally:
        desk.send_signal(signal.SIGTERM)
        desk.wait()
        for name in PERSONS:
            subprocess.run([ITA, "login", "remove", name], stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
