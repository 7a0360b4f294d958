"""Facts of five agencies, written by hand from published figures, and the packs made of them."""

import json
from pathlib import Path

import pytest

from reports import pack

HERE = Path(__file__).parent
NAMES = ("s0", "s2", "s4", "worst", "y2564")


def facts_of(name: str) -> dict:
    """Facts without analysis: s0 FY2566 with remarks and progress, s2 without items, s4 FY2568,
    worst, y2564 a central agency's first year."""
    return json.loads((HERE / f"facts_{name}.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def made(ita_home):
    """name -> (complete facts, file name -> bytes) in Thai digits."""
    return {
        name: (complete, pack.files(complete))
        for name in NAMES
        for complete in [pack.complete(facts_of(name))]
    }
