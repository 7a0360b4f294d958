"""What lies beside the repository: real documents, the cases, the figures that were read by hand.

They are agencies' and the NACC's, not ours to ship: `make test` asks for the tests that are marked
`beside` where they lie beside the checkout (all of them must be there, then). Each rule that they
show is tested on documents of ours as well.
"""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
CASES = SHARED / "cases"
SEEDS = sorted((SHARED / "seeds").glob("*.txt"))

beside = pytest.mark.beside
