"""Unpack the headless Chromium that npm brought: `python -m tests.browser.chromium`.

Playwright's own browsers come from a host of its own, a Debian package needs root and a hundred
others: this one is a single binary with the libraries that it needs, in an npm package.
"""

import io
import shutil
import tarfile
from pathlib import Path

import brotli

HERE = Path(__file__).parent
PACKED = HERE / "node_modules/@sparticuz/chromium/bin"
UNPACKED = HERE / "node_modules/.chromium"
EXECUTABLE = UNPACKED / "chromium"
AXE = HERE / "node_modules/axe-core/axe.min.js"
BEYOND_AXE = HERE / "beyond_axe.js"

# No sandbox: it needs either root's setuid helper or user namespaces, and the pages are our own.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
ENVIRONMENT = {"LD_LIBRARY_PATH": f"{UNPACKED / 'lib'}:{UNPACKED}", "HOME": str(UNPACKED)}


def unpack() -> None:
    """The binary and its libraries in `node_modules/.chromium`, whole or not at all."""
    part = UNPACKED.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(UNPACKED, ignore_errors=True)
    part.mkdir()
    for name in ("al2023.tar", "swiftshader.tar"):
        packed = io.BytesIO(brotli.decompress((PACKED / f"{name}.br").read_bytes()))
        with tarfile.open(fileobj=packed) as archive:
            archive.extractall(part, filter="data")
    binary = part / EXECUTABLE.name
    binary.write_bytes(brotli.decompress((PACKED / "chromium.br").read_bytes()))
    binary.chmod(0o755)
    part.rename(UNPACKED)


if __name__ == "__main__":
    unpack()
