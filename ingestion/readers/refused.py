"""Why a whole file is refused."""


class Refused(Exception):
    """A file-level finding: a rule of `rules.csv` and the detail in Thai and English."""

    def __init__(self, rule: str, detail_th: str, detail_en: str) -> None:
        super().__init__(rule, detail_th, detail_en)  # all three, so that it survives pickling
        self.rule, self.detail_th, self.detail_en = rule, detail_th, detail_en
