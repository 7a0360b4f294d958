"""A warehouse of its own for the pages of the night, in an ITA_HOME of its own."""

import json

import pytest

from warehouse import connect

ACCEPTED, WARNED, REJECTED = "a" * 64, "b" * 64, "c" * 64

NIGHT = f"""
insert into raw.submission
    (submission_sha256, file_name, authority, layout, received_at, state, agencies, rows_read,
        rows_accepted, rows_rejected, errors, warnings)
values ('{ACCEPTED}', 'nacc-2568.csv', 'nacc', 'long_table', '2025-08-01 18:30+00', 'accepted', 2,
    1200, 1200, 0, 0, 0),
       ('{WARNED}', 'ผล <b>2568</b>.xlsx', 'agency', 'wide_table', '2025-08-02 01:00+00',
           'accepted_with_warnings', 1, 88, 80, 8, 1, 2),
       ('{REJECTED}', 'scan.pdf', 'agency', null, '2025-08-02 02:00+00', 'rejected', 0, 0, 0, 0,
           1, 0);
insert into ops.finding (submission_sha256, finding_no, rule, severity, place, value, message_th,
    message_en, action_th, action_en, agency, fiscal_year)
values ('{REJECTED}', 1, 'scanned_pdf', 'error', '', '', 'แฟ้ม PDF เป็นภาพสแกน <b>', 'scan',
    'ส่งใหม่', 'send again', '', ''),
       ('{WARNED}', 1, 'score_out_of_range', 'error', 'row 7', '101', 'คะแนนอยู่นอกช่วง', 'outside',
           'แก้', 'correct', 'A2', '2568'),
       ('{WARNED}', 2, 'jump', 'warning', '', '', 'คะแนนกระโดด', 'jump', 'ดู', 'look', 'A1', '2568');
insert into ops.publication (build_id, published_at, inputs_sha256, inputs, counts, git_revision)
values ('b0', '2025-08-01 18:00+00', 'x', '{{"submissions": []}}', '{{}}', 'older'),
       ('b1a2b3', '2025-08-02 18:05+00', 'y', '{{"submissions": ["1", "2"]}}',
           '{{"agency": 3, "item_score": 1234567}}', 'f00dfeed');
insert into ops.check_result (build_id, gate, check_name, severity, success, unexpected_count,
    who_fixes, message_th, message_en, checked_at)
values ('b0', 'candidate', 'old_check', 'critical', false, 9, 'developer', 'ข้อเก่า', 'old',
    '2025-08-01'),
       ('b1a2b3', 'candidate', 'sound_check', 'critical', true, 0, 'developer', 'ข้อที่ผ่าน', 'sound',
           '2025-08-02'),
       ('b1a2b3', 'candidate', 'gap_check', 'warning', false, 7, 'a person looks', 'คะแนนต่างกัน',
           'scores differ', '2025-08-02');
insert into ops.failure (failed_at, dag_id, run_id, task_id, try_number, exit_code, message)
values ('2025-08-02 18:02+00', 'nightly_refresh', 'r1', 'build', 1, 1,
    'dbt build failed: <assessment>');
create schema mart;
create table mart.agency (agency_id, name_th, district_th, province_code, province_th,
    province_en, first_fiscal_year, last_fiscal_year, name_sort_key) as
values ('A1', 'อบต.หนึ่ง', 'เมือง', '56', 'พะเยา', 'Phayao', 2564, null, '1'),
       ('A2', 'อบต.สอง', 'เชียงคำ', '56', 'พะเยา', 'Phayao', 2564, null, '2'),
       ('A3', 'กรมสาม', null, null, null, null, 2564, null, '3'),
       ('A4', 'อบต.สี่', 'ปง', '56', 'พะเยา', 'Phayao', 2564, 2567, '4');
create table mart.rating_level (fiscal_year, level_code, level_th) as values (2568, 'good',
    'ผ่านดี'), (2568, 'excellent', 'ผ่านดีเยี่ยม');
create table mart.assessment (agency_id, fiscal_year, overall_score) as
values ('A1', 2568, 99.34), ('A2', 2567, 80), ('A2', 2568, null), ('A3', 2568, 90);
create table mart.national_summary (fiscal_year, agencies, mean_score, agencies_passed,
    pass_share, provisional) as
values (2568, 2, 94.67, 2, 100.00, true), (2567, 1, 80.00, 0, 0.00, false);
"""

RECEIPT = {
    "submission_sha256": WARNED,
    "file_name": "ผล <b>2568</b>.xlsx",
    "authority": "agency",
    "received_at": "2025-08-02T01:00:00+00:00",
    "layout": "wide_table",
    "state": "accepted_with_warnings",
    "agencies": 1,
    "rows_read": 88,
    "rows_accepted": 80,
    "rows_rejected": 8,
    "errors": 1,
    "warnings": 2,
    "accepted_rows": {"score": 80},
    "units_total": 2,
    "units_accepted": 1,
    "rules": {"score_out_of_range": {"count": 1, "severity": "error", "fixed_by": "agency"}},
    "units": [
        {
            "name": "อบต.หนึ่ง",
            "fiscal_year": 2568,
            "accepted": True,
            "overall": 99.34,
            "recomputed": None,
        }
    ],
    "findings": [
        {
            "rule": "score_out_of_range",
            "severity": "error",
            "place": "row 7",
            "value": "<script>101</script>",
            "agency": "อบต.สอง",
            "fiscal_year": "2568",
            "message_th": "คะแนนอยู่นอกช่วง 0–100",
            "message_en": "outside 0–100",
            "action_th": "แก้คะแนน",
            "action_en": "correct it",
        }
    ],
}


@pytest.fixture
def empty_warehouse(template, tmp_path, monkeypatch):
    """A connection (autocommit) to a warehouse where no night has been, with an empty ITA_HOME."""
    with connect.connect(autocommit=True) as owner:
        owner.execute("drop database if exists site_pages with (force)")
        owner.execute(f"create database site_pages template {template}")
        with connect.connect(dbname="site_pages", autocommit=True) as connection:
            monkeypatch.setenv(
                "ITA_WAREHOUSE_DSN", connect.dsn()
            )  # the pages' ITA_HOME has no server of its own
            monkeypatch.setenv("ITA_HOME", str(tmp_path))
            yield connection
        owner.execute("drop database site_pages with (force)")


@pytest.fixture
def after_a_night(empty_warehouse, tmp_path):
    """The same after a night with a publication, an accepted, a warned and a rejected file, a
    failed try and a failing check.
    """
    empty_warehouse.execute(NIGHT)
    (tmp_path / "receipts").mkdir()
    (tmp_path / "receipts" / f"{WARNED}.json").write_text(json.dumps(RECEIPT), encoding="utf-8")
    return empty_warehouse
