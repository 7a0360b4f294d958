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
    reason="the folder `shared` is not beside this checkout: its documents are agencies' own and "
    "may not be in a repository; without it the same rules are tested on documents of ours",
)
