"""The agency that a row names: by agency_id, else by name, type, province and district."""

from ingestion.agencies.registry import Registry, Resolution
from ingestion.normalise import digits


def resolve(
    registry: Registry,
    fiscal_year: int,
    agency_id: str,
    name: str,
    agency_type: str,
    province: str,
    district: str,
) -> Resolution:
    """The agency that a row names, as it was in `fiscal_year` (B.E.)."""
    core, prefix_type, district_behind, province_behind = registry.names.split(name)
    province_code = registry.names.province(province or province_behind)
    district = district or district_behind
    agency_id = digits(agency_id)
    if agency_id:
        return _by_id(registry, fiscal_year, agency_id, name, core, province_code)
    column_type = registry.names.agency_type(agency_type)
    if not core or province_code is None or column_type is None:
        return registry.unknown(
            fiscal_year,
            name,
            core,
            province_code or "",
            _what_is_wrong(core, province, province_code, agency_type, column_type),
        )
    return _by_its_name(
        registry,
        fiscal_year,
        name,
        core,
        {prefix_type, column_type} - {""},
        province_code,
        district,
    )


def _by_id(
    registry: Registry,
    fiscal_year: int,
    agency_id: str,
    name: str,
    core: str,
    province_code: str | None,
) -> Resolution:
    if agency_id not in registry.rows_of:
        return registry.unknown(
            fiscal_year, f"{agency_id} {name}".strip(), core, province_code or ""
        )
    found = registry.in_year(agency_id, fiscal_year)
    row = registry.known_row(agency_id, fiscal_year)
    if found.agency_id and core and core not in registry.cores_of[agency_id]:
        found.notes.append(
            (
                "agency_name_differs",
                {
                    "value": agency_id,
                    "expected": row.name_th,
                    "detail_th": name,
                    "detail_en": name,
                },
            )
        )
    if (
        found.agency_id
        and province_code
        and row.province_code
        and province_code != row.province_code
    ):
        found.notes.append(
            ("agency_detail_differs", {"value": province_code, "expected": row.province_code})
        )
    return found


def _by_its_name(
    registry: Registry,
    fiscal_year: int,
    name: str,
    core: str,
    types: set[str],
    province_code: str,
    district: str,
) -> Resolution:
    named = [
        row
        for kind, row in registry.by_name.get(core, [])
        if (not types or kind in types or row.agency_type in types)
        and (not province_code or row.province_code in ("", province_code))
    ]
    now = [row for row in named if registry.row(row.agency_id, fiscal_year) == row]
    rows = {row.agency_id: row for row in now or named}
    if len(rows) > 1 and district:
        rows = {
            agency_id: row
            for agency_id, row in rows.items()
            if registry.same_district(district, row)
        } or rows
    if not rows:
        return registry.unknown(fiscal_year, name, core, province_code)
    if len(rows) > 1:
        several = "; ".join(registry.full_name(row) for row in rows.values())
        return Resolution(
            notes=[
                (
                    "ambiguous_agency",
                    {"value": name, "detail_th": several, "detail_en": several},
                )
            ]
        )
    row = next(iter(rows.values()))
    found = Resolution(row.agency_id) if now else registry.in_year(row.agency_id, fiscal_year)
    if found.agency_id and not now:
        current = registry.known_row(row.agency_id, fiscal_year)
        if current != row:
            found.notes.append(
                ("agency_by_former_name", {"value": name, "expected": current.name_th})
            )
    if (
        found.agency_id
        and district
        and row.district_th
        and not registry.same_district(district, row)
    ):
        found.notes.append(
            ("agency_detail_differs", {"value": district, "expected": row.district_th})
        )
    return found


def _what_is_wrong(
    core: str, province: str, province_code: str | None, agency_type: str, column_type: str | None
) -> tuple[str, str]:
    """In Thai and in English."""
    if not core:
        return "ไม่มีชื่อ", "no name"
    if province_code is None:
        return f"ไม่รู้จักจังหวัด “{province}”", f"unknown province “{province}”"
    return f"ไม่รู้จักประเภท “{agency_type}”", f"unknown type “{agency_type}”"
