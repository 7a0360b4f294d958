"""A plugin of Airflow's API server: whoever fails to log in waits, and longer each time.

Airflow's simple logins answer every guess at once.
"""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from airflow.plugins_manager import AirflowPlugin

LOGIN_PATHS = ("/auth/token", "/auth/login")
FIRST, LONGEST = 1.0, 30.0  # seconds
FORGOTTEN_AFTER = 900.0  # seconds without a failure


@dataclass
class Client:
    """One address: its failures in a row, and the one attempt that may go on at a time."""

    failures: int = 0
    last: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class SlowLogins:
    """ASGI middleware: attempts of an address one after the other, a failed one answered late."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.clients: dict[str, Client] = defaultdict(Client)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] != "POST" or not path.startswith(LOGIN_PATHS):
            await self.app(scope, receive, send)
            return
        self._forget()
        client = self.clients[(scope.get("client") or ("", 0))[0]]

        async def late(message: Any) -> None:
            if message["type"] == "http.response.start":
                await self._judge(client, message["status"])
            await send(message)

        async with client.turn:
            await self.app(scope, receive, late)

    async def _judge(self, client: Client, status: int) -> None:
        if status in (401, 403):
            client.failures, client.last = client.failures + 1, time.monotonic()
            await asyncio.sleep(min(FIRST * 2 ** (client.failures - 1), LONGEST))
        elif status < 400:
            client.failures = 0

    def _forget(self) -> None:
        """Addresses without a failure for a while, so that their table stays small."""
        long_ago = time.monotonic() - FORGOTTEN_AFTER
        for address, client in list(self.clients.items()):
            if client.last < long_ago and not client.turn.locked():
                del self.clients[address]


class SlowLoginsPlugin(AirflowPlugin):
    """What Airflow's plugin manager finds."""

    name = "slow_logins"
    fastapi_root_middlewares = [  # noqa: RUF012  Airflow's own way to say it
        {"name": "slow logins", "middleware": SlowLogins, "args": [], "kwargs": {}}
    ]
