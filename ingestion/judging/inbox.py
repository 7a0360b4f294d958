"""What the inbox of a file may not say: units of agencies that it does not speak for."""

from ingestion import framework
from ingestion.agencies import Registry
from ingestion.judging.batch import Batch, Unit


def check_speakers(batch: Batch) -> None:
    """An error for each unit of an agency that its file's inbox does not speak for."""
    for unit in batch.units:
        speaks_for = batch.file_of(unit).rights.speaks_for
        if unit.agency_id and not _speaks(speaks_for, unit, batch.registry):
            th, en = _named(speaks_for, unit, batch.registry)
            whose = batch.registry.display(unit.agency_id, unit.year)
            known = {"hint_th": whose, "detail_th": th, "detail_en": en}
            batch.note(unit, "inbox_scope", value=unit.agency_id, **known)


def _named(speaks_for: str, unit: Unit, registry: Registry) -> tuple[str, str]:
    """Whom an inbox speaks for, for a reader in Thai and in English."""
    whom, _, code = speaks_for.partition(":")
    if whom == "agency":
        name = registry.display(code, unit.year)
        return name, name
    th, en = framework.load().provinces.get(code, (code, code))
    return f"จังหวัด{th}", f"{en} province"


def _speaks(speaks_for: str, unit: Unit, registry: Registry) -> bool:
    whom, _, code = speaks_for.partition(":")
    if whom == "agency":
        return unit.agency_id == code
    if whom == "province":
        row = registry.nearest_row(unit.agency_id, unit.year)
        return row is not None and row.province_code == code
    return True
