"""A small registry and a judge for texts: most rules are shown on a few lines of CSV."""

from pathlib import Path

import pytest

from ingestion import framework, readers
from ingestion.agencies import Registry
from ingestion.judging import File, Judged, judge, refused
from ingestion.readers.refused import Refused
from ingestion.rules import finding
from tests.ingestion.intake_examples import AGENCIES, HEADER


@pytest.fixture
def registry() -> Registry:
    return Registry(AGENCIES, framework.load())


@pytest.fixture
def judge_bytes(registry):
    """Judge one file's bytes (or text)."""

    def run(data: bytes | str, authority: str = "agency", last: dict | None = None) -> Judged:
        content = data.encode() if isinstance(data, str) else data
        try:
            submission = readers.read(Path("file"), content)
        except Refused as error:
            return refused(
                "0" * 64, finding(error.rule, detail_th=error.detail_th, detail_en=error.detail_en)
            )
        return judge(
            [File("0" * 64, authority, submission)], framework.load(), registry, last or {}
        )[0]

    return run


@pytest.fixture
def judge_rows(judge_bytes):
    """Judge lines of a long table.

    Each: 'fiscal_year,agency_id,level,code,part,score[,rating[,remark[,flagged]]]'.
    """

    def run(*rows: str, **options) -> Judged:
        lines = []
        for row in rows:
            year, agency, *rest = row.split(",")
            lines.append(",".join([year, agency, "", "", "", "", *rest, *[""] * (7 - len(rest))]))
        return judge_bytes("\n".join([HEADER, *lines]) + "\n", **options)

    return run
