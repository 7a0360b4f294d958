"""What only another file shows: authorities_differ in both receipts, a jump within a night."""

import json

from tests.ingestion.test_night import database, night, sha_of  # noqa: F401 - the fixtures
from warehouse import settings

HEAD = "fiscal_year,agency_id,level,code,part,score\n"
REGISTRY = (
    "agency_id,name_th,agency_type,province_code,valid_from\n"
    "S1,อบต.สามพร้าว,sao,41,2560\nS2,อบต.หนองไผ่,sao,41,2560\n"
)


def receipt(night, name: str) -> dict:  # noqa: F811
    file = settings.folder("receipts") / f"{sha_of(night, name)}.json"
    return json.loads(file.read_text(encoding="utf-8"))


def told(night, name: str, rule: str) -> list:  # noqa: F811
    """(agency, value) of a file's findings of a rule: the same in receipt and table."""
    content = receipt(night, name)
    found = [one for one in content["findings"] if one["rule"] == rule]
    rows = night.conn.execute(
        "select agency, value from ops.finding where submission_sha256 = %s and rule = %s",
        [sha_of(night, name), rule],
    ).fetchall()
    assert sorted(rows) == sorted((one["agency"], one["value"]) for one in found)
    assert content["rules"].get(rule, {"count": 0})["count"] == len(found)
    return sorted(rows)


def test_official_and_agency_figures_that_differ_are_told_in_both_receipts(night):  # noqa: F811
    night.put(
        agencies_dot_csv=REGISTRY,
        nacc_dot_csv=HEAD
        + "2568,S1,overall,,,90.00\n2568,S1,indicator,1,,91\n2568,S2,overall,,,80.01\n",
    )
    night.run()
    assert told(night, "nacc.csv", "authorities_differ") == []
    night.put(
        own_dot_csv=HEAD
        + "2568,S1,overall,,,90.02\n2568,S1,indicator,1,,91\n2568,S1,indicator,2,,70\n",
        other_dot_csv=HEAD + "2568,S2,overall,,,80.00\n",  # 0.01 is no difference
    )
    night.run()
    for _ in range(2):  # told once, also when the step runs again
        for name in ("nacc.csv", "own.csv"):
            assert told(night, name, "authorities_differ") == [("S1", "overall 90 ≠ 90.02")]
            assert receipt(night, name)["state"] == "accepted_with_warnings"
            assert night.states()[name] == "accepted_with_warnings"
        assert receipt(night, "other.csv")["state"] == "accepted"
        night.run()
    markdown = (settings.folder("receipts") / f"{sha_of(night, 'own.csv')}.md").read_text()
    assert "คะแนนรวม 90 ≠ 90.02" in markdown


def test_a_jump_within_one_night_is_told(night):  # noqa: F811
    night.put(
        agencies_dot_csv=REGISTRY,
        a_dot_csv=HEAD + "2567,S1,overall,,,50\n2567,S2,overall,,,60\n",
        b_dot_csv=HEAD + "2568,S1,overall,,,80.01\n2568,S2,overall,,,90\n",  # 30 is no jump
    )
    night.run()
    assert told(night, "b.csv", "jump") == [("S1", "80.01")] and told(night, "a.csv", "jump") == []
