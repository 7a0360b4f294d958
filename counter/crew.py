"""The processes of the back room, and the queue before them: fair by agency.

Who sends forty files waits for the forty; another office's file comes after one of hers.
"""

import asyncio
import multiprocessing
from collections import OrderedDict, deque
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from counter import back, doors
from counter.work import Work

WRITTEN = ("template", "pack", "letters")  # the scribe's orders
PATIENCE = 420.0  # seconds for an order; a judgement has bounds of its own below that


class Failed(Exception):
    """The process ended, or was ended, before the order was carried out."""


class Queue:
    """Orders by agency; agencies take turns."""

    def __init__(self) -> None:
        self.waiting: OrderedDict[str, deque[tuple[dict, asyncio.Future]]] = OrderedDict()
        self.some = asyncio.Condition()

    async def put(self, whose: str, order: dict) -> Any:
        """Wait for an order's turn and its answer."""
        answer: asyncio.Future = asyncio.get_running_loop().create_future()
        async with self.some:
            self.waiting.setdefault(whose, deque()).append((order, answer))
            self.some.notify()
        return await answer

    async def next(self) -> tuple[dict, asyncio.Future]:
        """The next order: one of the agency whose turn it is, which then stands last."""
        async with self.some:
            await self.some.wait_for(lambda: self.waiting)
            whose, orders = next(iter(self.waiting.items()))
            taken = orders.popleft()
            del self.waiting[whose]
            if orders:
                self.waiting[whose] = orders
            return taken


class _Member:
    """A process of the back room. It is started by the thread of the event loop, with which it
    ends."""

    def __init__(self, work: Work, url: str) -> None:
        self.given = (work, url)
        self.start()

    def start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=back.serve, args=(theirs, *self.given))
        self.process.start()
        theirs.close()

    def do(self, order: dict) -> Any:
        """Blocks until the order is carried out."""
        try:
            self.pipe.send(order)
            if self.pipe.poll(PATIENCE):
                return self.pipe.recv()
        except (EOFError, OSError):
            pass
        return Failed()

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


class Crew:
    """Judges, who look at files; a scribe, who writes workbooks, packs and letters; a clerk for all
    else, so that nothing short waits for them."""

    def __init__(self, work: Work, url: str, judges: int) -> None:
        self.work, self.url, self.judges = work, url, judges
        self.files, self.writing, self.desk = Queue(), Queue(), Queue()
        self.members: list[_Member] = []
        self.tasks: set[asyncio.Task] = set()

    async def start(self) -> None:
        """Start the processes, and take up what an earlier counter left undone."""
        self.threads = ThreadPoolExecutor(self.judges + 2, thread_name_prefix="counter-back")
        for queue in [self.files] * self.judges + [self.writing, self.desk]:
            member = _Member(self.work, self.url)
            self.members.append(member)
            self._keep(self._serve(member, queue))
        await self.post("sync")  # a broken contacts.csv is named, and keeps nobody out
        for upload_id, agency_id in await self.ask("waiting"):
            self.look_at(agency_id, upload_id)
        self._keep(self._again_and_again())

    async def stop(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        for member in self.members:
            member.end()
        self.threads.shutdown(wait=False)

    async def _serve(self, member: _Member, queue: Queue) -> None:
        loop = asyncio.get_running_loop()
        while True:
            order, answer = await queue.next()
            said = await loop.run_in_executor(self.threads, member.do, order)
            if isinstance(said, Failed):
                member.end()
                member.start()
            if answer.done():  # who asked is gone
                continue
            if isinstance(said, Exception):
                answer.set_exception(said)
            else:
                answer.set_result(said)

    async def ask(self, do: str, whose: str = "", **order: Any) -> Any:
        """Have scribe or clerk do something. Raises doors.Refused, Failed, RuntimeError."""
        queue = self.writing if do in WRITTEN else self.desk
        return await queue.put(whose, {"do": do, **order})

    def post(self, do: str, whose: str = "", **order: Any) -> asyncio.Task:
        """Have the clerk do something that nobody waits for; what goes wrong is on stderr."""
        return self._keep(self._posted(do, whose, order))

    async def _posted(self, do: str, whose: str, order: dict) -> None:
        try:
            await self.ask(do, whose, **order)
        except (doors.Refused, Failed, RuntimeError):
            pass  # the back room has said it

    def _keep(self, work: Coroutine) -> asyncio.Task:
        """A task that lives although nobody holds it."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def look_at(self, agency_id: str, upload_id: str) -> asyncio.Task:
        """`judge`, whether or not somebody waits for it."""
        return self._keep(self.judge(agency_id, upload_id))

    async def judge(self, agency_id: str, upload_id: str) -> None:
        """Have a file judged, when it is the agency's turn."""
        try:
            await self.files.put(agency_id, {"do": "judge", "upload_id": upload_id})
        except (Failed, RuntimeError):
            await self.ask("failed", upload_id=upload_id)

    async def _again_and_again(self) -> None:
        """What comes round: contacts and logins, errands that were cut off, tidying."""
        minutes = 0
        while True:
            for do in ("sync", "carry_out", *(["tidy"] if minutes % 60 == 0 else [])):
                try:
                    await self.ask(do)
                except (doors.Refused, Failed, RuntimeError):
                    pass  # said on stderr; in a minute again
            minutes += 1
            await asyncio.sleep(60)
