"""Names of the synthetic country's places and subjects, put together of parts (name_part.csv)."""

from itertools import product

import numpy as np

from synth.reference import assumption


class Names:
    """Names of places, each used once in its province, and of subjects, each used once in the
    country.
    """

    def __init__(self, rng: np.random.Generator):
        parts = assumption("name_part").groupby("part", sort=False)["text"].agg(list)
        plain = ["".join(pair) for pair in product(parts["place_head"], parts["place_tail"])]
        self._places = list(
            dict.fromkeys(plain + [place + end for end in parts["place_end"] for place in plain])
        )
        self._plain = len(dict.fromkeys(plain))
        self._subjects = [
            "".join(pair) for pair in product(parts["subject_verb"], parts["subject_topic"])
        ]
        rng.shuffle(self._subjects)
        self._rng = rng
        self._left: dict[str, list[str]] = {}

    def place(self, province_code: str) -> str:
        """The next unused name of a place; short names first."""
        if province_code not in self._left:
            order = np.concatenate(
                [
                    self._rng.permutation(self._plain),
                    self._plain + self._rng.permutation(len(self._places) - self._plain),
                ]
            )
            self._left[province_code] = [self._places[i] for i in order[::-1]]
        return self._left[province_code].pop()

    def subject(self) -> str:
        return self._subjects.pop()
