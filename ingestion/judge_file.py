"""The one way from a file to its judgement: `ita check` and the night both go it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from ingestion import marked_copy, readers
from ingestion.agencies import Registry
from ingestion.framework import Framework
from ingestion.judging import File, Judged, Rights, judge, refused
from ingestion.normalise import fiscal_year as year_of
from ingestion.planned import Planned
from ingestion.readers.refused import Refused
from ingestion.rules import finding
from ingestion.submission import Finding, Submission
from ingestion.waiting import mark
from warehouse import workers


class Content(Protocol):
    """A file to judge: how it came, and where its bytes are."""

    @property
    def sha256(self) -> str:
        """Of its bytes."""

    @property
    def file_name(self) -> str:
        """As it was handed in."""

    @property
    def authority(self) -> str:
        """nacc or agency."""

    @property
    def rights(self) -> Rights:
        """What its inbox may say."""

    @property
    def path(self) -> Path:
        """Where its bytes are."""


@dataclass
class Context:
    """What a judgement needs beside the file."""

    framework: Framework
    registry: Registry
    last_overall: dict[tuple[str, int], float]
    fiscal_year: int | None = None  # judge only files that hold units of this year (B.E.)
    registries_only: bool = False  # judge only files that hold registry rows
    planned: Planned = field(default_factory=Planned)  # the measures that the warehouse knows
    with_results: set[str] = field(default_factory=set)  # agencies with accepted scores


class Outcome(NamedTuple):
    """What came of a file: its judgement, and the sender's workbook with the findings marked."""

    judged: Judged
    copy: bytes | None


def outcomes(files: Sequence[Content], context: Context) -> list[Outcome | None]:
    """Read, judge and mark files, in their order; None for a file that waits.

    To be called in a process of its own (warehouse.workers): files are hostile. The same file gives
    the same outcome whatever else is in the batch.
    """
    read = [read_one(one) for one in files]
    judged: list[Judged | None] = [
        result if isinstance(result, Judged) and not context.registries_only else None
        for result in read
    ]
    wanted = {
        number: result
        for number, result in enumerate(read)
        if isinstance(result, File) and _is_wanted(result.submission, context)
    }
    if wanted:
        batch = list(wanted.values())
        done = judge(
            batch, context.framework, context.registry, context.last_overall, context.planned
        )
        for number, own in zip(wanted, done, strict=True):
            judged[number] = own
            mark(own, files[number].rights.registry, context.registry, context.with_results)
    return [
        Outcome(own, marked_copy.marked(one.path, own.findings)) if own else None
        for one, own in zip(files, judged, strict=True)
    ]


def ended(one: Content, error: Exception) -> Outcome:
    """The outcome of a file that ended its reader."""
    return Outcome(refused(one.sha256, _why(error)), None)


def may_be_registry(one: Content) -> bool:
    """By its first bytes (a header with valid_from) or its name: the order hangs on it."""
    with one.path.open("rb") as content:
        head = content.read(4096).replace(b"\0", b"")
    return b"valid_from" in head or Path(one.file_name).stem.casefold().startswith("agencies")


def read_one(one: Content) -> File | Judged:
    """The file as read, or its judgement where it cannot be read or claims to be official."""
    if one.rights.overclaims:
        found = finding("inbox_authority", value=one.file_name, expected=one.rights.inbox)
        return refused(one.sha256, found)
    try:
        submission = readers.read(Path(one.file_name), readers.load(one.path))
        return File(one.sha256, one.authority, submission, one.rights)
    except Refused as error:
        details = {"detail_th": error.detail_th, "detail_en": error.detail_en}
        return refused(one.sha256, finding(error.rule, **details))


def _is_wanted(submission: Submission, context: Context) -> bool:
    """False for a file that waits: no registry where only those are judged; no unit of the year
    that is asked for.
    """
    if len(submission.registry):
        return True
    tables = (
        submission.scores,
        submission.remarks,
        submission.measures,
        submission.progress,
        submission.constraints,
        submission.ranks,
    )
    years = (
        {year_of(year) for table in tables for year in table["fiscal_year"].unique()}
        if context.fiscal_year
        else set()
    )
    return not context.registries_only and context.fiscal_year in (None, *years)


def _why(error: Exception) -> Finding:
    """The finding for a file that ended its reader."""
    if isinstance(error, workers.Died):
        return finding(
            "reader_died", detail_th="ใช้เวลาหรือหน่วยความจำเกินที่กำหนด", detail_en=str(error)
        )
    if isinstance(error, MemoryError):
        return finding(
            "over_bound",
            detail_th="ใช้หน่วยความจำเกินที่กำหนด",
            detail_en="it needs more memory than is allowed",
        )
    return finding(
        "reader_died",
        detail_th=f"ข้อผิดพลาดภายในระบบ ({type(error).__name__})",
        detail_en=f"{type(error).__name__}: {error}",
    )
