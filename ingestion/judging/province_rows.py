"""A row called by a province's name alone, among agencies of that province: it may be their sum."""

from collections import Counter

from ingestion.judging.batch import Batch

LEAST = 2  # agencies of a province that can be summed up


def check_province_rows(batch: Batch) -> None:
    """Reject a unit that is a province by its name alone where others of that province stand beside
    it in the file: จังหวัดแพร่ below a list of its municipalities is as often their mean. An
    agency_id or a type (จังหวัด) says that the province itself is meant.
    """
    rows = [batch.registry.row(unit.agency_id, unit.year) for unit in batch.units]
    beside = Counter(
        (unit.file, unit.year, row.province_code)
        for unit, row in zip(batch.units, rows, strict=True)
        if row and row.agency_type != "province"
    )
    for unit, row in zip(batch.units, rows, strict=True):
        alone = row and row.agency_type == "province" and unit.by_name
        if row and alone and beside[unit.file, unit.year, row.province_code] >= LEAST:
            th = f"{row.name_th} ที่เป็นหน่วยงาน หรือผลรวมของหน่วยงานใน{row.name_th}"
            en = f"{row.name_th} as an agency, or the sum of the agencies in it"
            batch.note(unit, "ambiguous_agency", value=unit.name, detail_th=th, detail_en=en)
