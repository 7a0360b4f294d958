"""A ZIP written while it is sent: what is in memory is a block of one file."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

BLOCK = 256 * 1024


class _Pipe(io.RawIOBase):
    """What zipfile writes to: it cannot seek, and is emptied after each block."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        block = bytes(data)  # type: ignore[call-overload]  # bytes or a view of them
        self.held += block
        return len(block)

    def taken(self) -> bytes:
        block = bytes(self.held)
        self.held.clear()
        return block


def stream(members: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """The bytes of a ZIP of (name in it, path of the file); a file that is gone is left out."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, path in members:
            try:
                reading = Path(path).open("rb")  # noqa: SIM115  closed below
            except FileNotFoundError:  # the night writes it anew in this moment
                continue
            info = zipfile.ZipInfo(name)  # no time of a file: the same packs, the same bytes
            info.compress_type = zipfile.ZIP_DEFLATED
            with reading, book.open(info, "w") as writing:
                while block := reading.read(BLOCK):
                    writing.write(block)
                    if held := pipe.taken():
                        yield held
            yield pipe.taken()
    yield pipe.taken()
