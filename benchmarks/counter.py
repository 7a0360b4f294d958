"""Two hundred offices at the counter at once: `python -m benchmarks.counter [--night]`.

In a warehouse of many agencies (ITA_HOME: a copy, it is written to): each office signs in with a
letter's code, opens its page, fetches its template, has a file judged, reads the receipt, hands in,
looks at its figures and fetches its pack. Says the seconds of pages and of judgements, and errors.
--night: with `ita refresh` running beside.
"""

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from counter import codes
from warehouse import connect

ITA = Path(sys.executable).with_name("ita")
PORT = 8093
URL = f"http://127.0.0.1:{PORT}"
HEAD = "fiscal_year,agency_id,level,code,part,score"


def tickets(offices: int) -> list[tuple[str, str]]:
    """(agency_id, letter's code) of agencies spread over the country."""
    at = datetime.now(UTC)
    with connect.connect(autocommit=True) as owner:
        rows = owner.execute(
            "select agency_id from mart.assessment where fiscal_year = 2568"
            " order by md5(agency_id) limit %s",
            [offices],
        ).fetchall()
        made = [(agency_id, codes.code()) for (agency_id,) in rows]
        owner.cursor().executemany(
            "insert into counter.ticket (ticket_sha256, kind, agency_id, made_at, made_by,"
            " expires_at) values (%s, 'letter', %s, %s, 'benchmark', %s)",
            [(codes.hashed_code(c), a, at, at + timedelta(hours=1)) for a, c in made],
        )
    return made


class Office:
    """An office's afternoon, without pauses."""

    def __init__(self, client: httpx.AsyncClient, agency_id: str, code: str, spent: dict) -> None:
        self.client, self.agency_id, self.code, self.spent = client, agency_id, code, spent

    async def get(self, what: str, path: str) -> httpx.Response:
        return await self._timed(what, self.client.get(path))

    async def send(self, what: str, path: str, page: str, **sent: object) -> httpx.Response:
        key = re.search(r'name="form_key" value="([0-9a-f]+)"', page)
        data = {"form_key": key[1] if key else "", **sent.pop("data", {})}
        return await self._timed(what, self.client.post(path, data=data, **sent))

    async def _timed(self, what: str, request: object) -> httpx.Response:
        began = time.monotonic()
        answer = await request
        self.spent[what].append(time.monotonic() - began)
        if answer.status_code >= 400:
            self.spent["errors"].append(f"{what} {answer.status_code}")
        return answer

    async def afternoon(self) -> None:
        page = await self.get("page", "/in")
        data = {"login": self.agency_id, "code": self.code}
        page = await self.send("sign in (1 s of it on purpose)", "/in/letter", page.text, data=data)
        home = f"/agency/{self.agency_id}"
        await self.get("template", f"{home}/template/2568.xlsx")
        began = time.monotonic()
        content = f"{HEAD}\n2568,{self.agency_id},overall,,,{80 + hash(self.code) % 19}.5\n"
        files = {"file": ("ผล.csv", content.encode())}
        page = await self.send("upload, with its judgement", "/upload", page.text, files=files)
        upload = page.url.path
        while "data-wait" in page.text:
            await asyncio.sleep(2)
            page = await self.get("page", upload)
        self.spent["from upload to receipt"].append(time.monotonic() - began)
        await self.send("hand in", f"{upload}/hand-in", page.text)
        for path in (home, f"{home}/2568", f"{home}/history", upload):
            await self.get("page", path)


async def all_at_once(made: list[tuple[str, str]]) -> dict[str, list]:
    """What every office spent, by what it was for."""
    spent: dict[str, list] = defaultdict(list)
    limits = httpx.Limits(max_connections=None)
    clients = [
        httpx.AsyncClient(base_url=URL, follow_redirects=True, timeout=300, limits=limits)
        for _ in made
    ]
    try:
        offices = [Office(c, a, code, spent) for c, (a, code) in zip(clients, made, strict=True)]
        await asyncio.gather(*(office.afternoon() for office in offices))
    finally:
        await asyncio.gather(*(client.aclose() for client in clients))
    return spent


def served() -> subprocess.Popen:
    """The counter, when it answers and its judges are ready."""
    counter = subprocess.Popen([ITA, "counter", "--port", str(PORT)], stdout=subprocess.DEVNULL)
    for _ in range(120):
        try:
            if httpx.get(f"{URL}/health").status_code == 200:
                return counter
        except httpx.TransportError:
            time.sleep(0.5)
    raise SystemExit("the counter does not answer")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=200)
    parser.add_argument("--night", action="store_true")
    asked = parser.parse_args()
    counter, night = served(), None
    try:
        made = tickets(asked.offices)
        if asked.night:
            night = subprocess.Popen([ITA, "refresh"], stdout=subprocess.DEVNULL)
        began = time.monotonic()
        spent = asyncio.run(all_at_once(made))
        seconds = time.monotonic() - began
    finally:
        counter.terminate()
        counter.wait()
    errors = spent.pop("errors", [])
    print(f"{len(made)} offices at once, {os.cpu_count()} processors: {seconds:.1f} s in all")
    print("| what | number | median s | 95 % s | longest s |\n|---|---:|---:|---:|---:|")
    for what, values in spent.items():
        p95 = statistics.quantiles(values, n=20)[18]
        middle = statistics.median(values)
        print(f"| {what} | {len(values)} | {middle:.2f} | {p95:.2f} | {max(values):.2f} |")
    print(f"errors: {len(errors)} {sorted(set(errors))}", flush=True)
    if night:
        print(f"the night ended with exit code {night.wait()}")


if __name__ == "__main__":
    main()
