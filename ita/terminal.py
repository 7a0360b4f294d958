"""What `ita` prints: text that does nothing to the terminal, and a sign of life while it works.

File names, names of agencies and values come from strangers. A terminal takes some characters for
commands (escape sequences rename its window, move its cursor, turn text around); bytes of a file
name that are no text cannot be printed at all.
"""

import io
import os
import re
import sys
import threading
import time
from typing import TextIO

# Control characters but for tab and line feed, marks that turn the direction of text, half
# surrogates (Python's own sign for a byte that is no text).
HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
SILENT_FOR = 2.0  # seconds after which a command that works says so


def plain(text: str) -> str:
    """The text with every character that a terminal would obey or cannot show written out."""
    return HARMFUL.sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    number = ord(found[0])
    if 0xDC80 <= number <= 0xDCFF:  # the byte itself
        return f"\\x{number - 0xDC00:02x}"
    return f"\\u{number:04x}"


class Plain(io.TextIOWrapper):
    """A standard stream that prints `plain` text, and goes on in silence when nobody reads it."""

    waiting: "Waiting | None" = None
    nobody_reads = False

    def write(self, text: str) -> int:
        # A carriage return of ours begins a line of progress.
        ours = text.startswith("\r") and self.isatty()
        if self.waiting:
            self.waiting.somebody_wrote()
        try:
            return super().write("\r" + plain(text[1:]) if ours else plain(text))
        except BrokenPipeError:
            self._to_nobody()
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except BrokenPipeError:
            self._to_nobody()
            super().flush()

    def _to_nobody(self) -> None:
        """`ita query … | head`: who has read enough is no fault, and a night is not stopped."""
        self.nobody_reads = True
        nobody = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nobody, self.fileno())
        os.close(nobody)


class Waiting:
    """`ita build … 12 s` on a terminal while a command says nothing for longer than SILENT_FOR."""

    def __init__(self, what: str, terminal: TextIO) -> None:
        self.what, self.terminal = what, terminal
        self.started = self.last = time.monotonic()
        self.shown = False
        self.lock = threading.RLock()
        self.over = threading.Event()
        threading.Thread(target=self._tick, daemon=True).start()

    def _tick(self) -> None:
        while not self.over.wait(1):
            with self.lock:
                now = time.monotonic()
                if now - self.last >= SILENT_FOR:
                    self.terminal.write(f"\r{self.what} … {now - self.started:.0f} s ")
                    self.terminal.flush()
                    self.shown = True

    def somebody_wrote(self) -> None:
        """Take the line away before other words come."""
        with self.lock:
            self.last = time.monotonic()
            if self.shown:
                self.terminal.write("\r\x1b[K")
                self.terminal.flush()
                self.shown = False

    def end(self) -> None:
        """Take the line away for good."""
        self.over.set()
        self.somebody_wrote()


def _have_streams() -> None:
    """Lead a standard stream that was closed to nowhere: the next file that is opened would take
    its number, and get the words of whatever writes there."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))


def prepare(what: str) -> Waiting | None:
    """Make the standard streams Plain; where somebody looks on, begin the sign of life."""
    os.environ.setdefault("DBT_USE_COLORS", "False")  # they would be written out, too
    _have_streams()
    waiting = None
    if sys.stderr.isatty():
        waiting = Waiting(what, os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding="utf-8"))
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        stream.flush()
        stream = Plain(
            stream.detach(),
            encoding="utf-8",
            errors="backslashreplace",
            line_buffering=stream.line_buffering,
        )
        stream.waiting = waiting
        setattr(sys, name, stream)
    return waiting
