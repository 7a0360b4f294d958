"""What lies beside the repository: real documents, the cases, the figures that were read by hand.

They are agencies' and the NACC's, not ours to ship. Where they are, all of them must be there.
"""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
CASES = SHARED / "cases"
SEEDS = sorted((SHARED / "seeds").glob("*.txt"))

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(),
    reason="real documents are their agencies', not ours to ship (docs/testing.md); "
    "our own of the same kinds are always read",
)
