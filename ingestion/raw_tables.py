"""The tables that a judged file fills, and their columns in the order of the CSVs in `judged/`."""

TABLES = {
    "raw.unit": ["submission_sha256", "agency_id", "fiscal_year", "kind", "published_province_rank", "published_type_rank"],
    "raw.score": ["submission_sha256", "agency_id", "fiscal_year", "level", "code", "part", "score", "rating", "flagged", "source_place"],
    "raw.remark": ["submission_sha256", "agency_id", "fiscal_year", "remark_no", "item_code", "part", "topic_no", "remark_th", "source_place"],
    "raw.measure": ["submission_sha256", "agency_id", "fiscal_year", "measure_no", "topic_no", "indicator_no", "item_codes", "measure_th", "steps_th",
                    "responsible_th", "starts_on", "ends_on", "followup_th", "source_place"],
    "raw.progress": ["submission_sha256", "agency_id", "fiscal_year", "measure_no", "as_of", "result_th", "due_on", "completed_on", "source_place"],
    "raw.constraint_note": ["submission_sha256", "agency_id", "fiscal_year", "kind", "note_no", "note_th", "source_place"],
    "raw.agency": ["submission_sha256", "agency_id", "name_th", "agency_type", "province_code", "district_th", "ministry_th", "valid_from", "valid_to",
                   "replaces", "aliases"],
    "ops.finding": ["submission_sha256", "finding_no", "rule", "severity", "place", "value", "message_th", "message_en", "action_th", "action_en",
                    "agency", "fiscal_year"],
}


def csv_name(table: str) -> str:
    """raw.score → score.csv"""
    return table.partition(".")[2] + ".csv"
