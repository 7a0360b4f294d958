"""The door: by TLS from other machines to the embedded server, for persons only.

The server itself has no TLS (its package is built without) and listens on this machine only. Where
ITA_WAREHOUSE_LISTEN says so, a process of ours takes connections there, speaks the beginning of
PostgreSQL's protocol, demands TLS and hands on what follows, from an address of this machine that
pg_hba.conf knows (warehouse/hba.py): through it come those who have a login of their own.
"""

import asyncio
import fcntl
import ipaddress
import os
import socket
import ssl
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from psycopg import pq

from warehouse import certificate, cluster, durable, hba, postgres, settings
from warehouse.errors import BadInput, Fault

SETTING = "ITA_WAREHOUSE_LISTEN"
OFF = "off"
# PostgreSQL's first messages: https://www.postgresql.org/docs/current/protocol-message-formats.html
TLS, GSS, CANCEL = 80877103, 80877104, 80877102
MOST = 100  # connections at a time: the server has 220, and the night needs its own
FIRST_WORDS = 10.0  # seconds for the first message and the handshake
AT_ONCE = 65536


def address() -> tuple[str, int] | None:
    """Where the door is to be, by the setting or as it was said before; None: there is none.

    Raises BadInput for what is no address and port.
    """
    said, where = os.environ.get(SETTING), SETTING
    if not said:
        said, where = _said_before(), str(_kept())
    if said == OFF:
        return None
    host, _, port = said.rpartition(":")
    try:
        number = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        number = None
    if not number or not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise BadInput(
            f"{where}: {said!r} is no address and port",
            "e.g. 10.20.0.5:5432, 0.0.0.0:5432 (all of this machine) or off",
        )
    return str(number), int(port)


def _said_before() -> str:
    try:
        return _kept().read_text("utf-8", "replace").strip()
    except FileNotFoundError:
        return OFF
    except OSError as error:  # a folder, a link to itself
        return str(error.strerror)


def keep_setting() -> None:
    """Remember what the setting says now, for commands that are started without it."""
    if said := os.environ.get(SETTING):
        address()
        durable.write(_kept(), f"{said}\n")


def start() -> None:
    """Have the door beside the embedded server, where there is to be one and there is none yet."""
    if settings.external_dsn() or not (place := address()):
        return
    if is_open():
        return
    certificate.have([place[0]], certificate.now())
    with (settings.home() / "door.log").open("a") as log:
        subprocess.Popen(
            [Path(sys.executable).with_name("ita"), "door"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
        )


def is_open() -> bool:
    """Does the door stand there? It holds its lock as long as it does."""
    with _lock_file().open("w") as file:
        try:  # shared: who looks at the same time is no door
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def run() -> None:
    """Be the door until the embedded server ends. Raises Fault where its place is taken."""
    place = address()
    if not place or not (number := postgres.port()):
        return
    with _lock_file().open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        chain = certificate.have([place[0]], certificate.now())
        try:
            context.load_cert_chain(chain, chain.with_suffix(".key"))
            listening = socket.create_server(
                place, family=socket.AF_INET6 if ":" in place[0] else socket.AF_INET, backlog=50
            )
        except (OSError, ssl.SSLError) as error:
            raise Fault(f"no door at {place[0]}:{place[1]}: {error}", f"see {SETTING}") from None
        _give_up_rights()
        asyncio.run(Door(listening, context, number).open())


def _give_up_rights() -> None:
    """What strangers send is read with the rights of the server's user, not with root's."""
    if account := cluster.account():
        os.setgroups([])
        os.setgid(account["group"])
        os.setuid(account["user"])


def _kept() -> Path:
    return settings.home() / "postgres.listen"


def _lock_file() -> Path:
    return settings.home() / ".door.lock"


class Door:
    """Takes connections on a socket and hands them on to the server's port."""

    def __init__(self, listening: socket.socket, context: ssl.SSLContext, port: int) -> None:
        self.listening, self.context, self.port = listening, context, port
        self.open_ones: set[asyncio.Task] = set()

    async def open(self) -> None:
        """Serve until the server does not answer any more."""
        self.listening.setblocking(False)
        taking = asyncio.create_task(self._take())
        while await asyncio.to_thread(self._server_lives):
            await asyncio.sleep(2)
        taking.cancel()
        for task in list(self.open_ones):
            task.cancel()

    def _server_lives(self) -> bool:
        where = f"host=127.0.0.1 port={self.port} connect_timeout=5"
        return pq.PGconn.ping(where.encode()) != pq.Ping.NO_RESPONSE

    async def _take(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, _ = await loop.sock_accept(self.listening)
            except OSError:  # too many open files: those that are open go on
                await asyncio.sleep(1)
                continue
            client.setblocking(False)
            task = asyncio.create_task(self._serve(client))
            self.open_ones.add(task)
            task.add_done_callback(self.open_ones.discard)

    async def _serve(self, client: socket.socket) -> None:
        """One connection, from its first message to its end."""
        with client, suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(FIRST_WORDS):
                code, rest = await self._first_message(client)
                if code == CANCEL:  # as PostgreSQL itself, it is taken without TLS
                    await self._cancel(rest)
                    return
                if code != TLS:
                    await _refuse(client, "28000", "TLS is required here: sslmode=verify-full")
                    return
                if len(self.open_ones) > MOST:
                    await _refuse(client, "53300", "too many connections from other machines")
                    return
                await asyncio.get_running_loop().sock_sendall(client, b"S")
                reader, writer = await self._with_tls(client)
            try:
                await self._relay(reader, writer)
            finally:
                writer.close()
                async with asyncio.timeout(FIRST_WORDS):  # the last words are on their way
                    await writer.wait_closed()

    async def _first_message(self, client: socket.socket) -> tuple[int, bytes]:
        """(code, what follows it). Nothing is read beyond the message: the rest is TLS's."""
        while True:
            head = await _exactly(client, 8)
            length, code = int.from_bytes(head[:4]), int.from_bytes(head[4:])
            if code == CANCEL and 8 < length <= 300:
                return code, await _exactly(client, length - 8)
            if code != GSS or length != 8:
                return (code, b"") if length == 8 else (0, b"")
            await asyncio.get_running_loop().sock_sendall(client, b"N")

    async def _with_tls(
        self, client: socket.socket
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=AT_ONCE)
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await loop.connect_accepted_socket(
            lambda: protocol, client, ssl=self.context, ssl_handshake_timeout=FIRST_WORDS
        )
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)

    async def _server(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(hba.DOOR, 0), limit=AT_ONCE
        )

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hand on both ways until one side ends."""
        of_server, to_server = await self._server()
        ways = [
            asyncio.create_task(_hand_on(reader, to_server)),
            asyncio.create_task(_hand_on(of_server, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            to_server.close()

    async def _cancel(self, rest: bytes) -> None:
        _, to_server = await self._server()
        to_server.write((len(rest) + 8).to_bytes(4) + CANCEL.to_bytes(4) + rest)
        await to_server.drain()
        to_server.close()


async def _hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(AT_ONCE):
            writer.write(data)
            await writer.drain()


async def _exactly(client: socket.socket, count: int) -> bytes:
    """So many bytes, not one more. Raises IncompleteReadError where they do not come."""
    data = b""
    while len(data) < count:
        more = await asyncio.get_running_loop().sock_recv(client, count - len(data))
        if not more:
            raise asyncio.IncompleteReadError(data, count)
        data += more
    return data


async def _refuse(client: socket.socket, code: str, why: str) -> None:
    """PostgreSQL's message of an error that ends the connection."""
    fields = b"".join(
        kind + text.encode() + b"\0"
        for kind, text in ((b"S", "FATAL"), (b"V", "FATAL"), (b"C", code), (b"M", why))
    )
    body = fields + b"\0"
    message = b"E" + (len(body) + 4).to_bytes(4) + body
    await asyncio.get_running_loop().sock_sendall(client, message)
