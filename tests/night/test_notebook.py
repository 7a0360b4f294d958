"""The notebook reproduces a province's report, asked as a person of that province (slow group)."""

import html
import subprocess

import pytest

from tests.night.conftest import ROOT

pytestmark = pytest.mark.slow_group
MARIMO = ROOT / ".notebook" / "bin" / "marimo"
NOTEBOOK = ROOT / "notebooks" / "provincial_report.py"
PROVINCE, YEAR = "24", 2568


def test_the_notebook_tells_a_province_what_the_mart_says(night, tmp_path):
    added = night.ita("login", "add", "notebook", "--province", PROVINCE)
    assert added.returncode == 0, added.stderr
    (password,) = (
        line.split()[1] for line in added.stdout.splitlines() if line.startswith("password")
    )
    address = night.dsn().rpartition("@")[2]
    report = tmp_path / "report.html"
    try:
        done = subprocess.run(
            [MARIMO, "-q", "export", "html", NOTEBOOK, "-o", report],
            env={
                "PATH": "/usr/bin:/bin",
                "HOME": str(tmp_path),
                "PGPASSWORD": password,
                "ITA_QUERY_DSN": f"postgresql://notebook@{address}",
            },
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
        )
    finally:
        night.ita("login", "remove", "notebook")
    assert done.returncode == 0, done.stdout + done.stderr  # 1 where a cell fails
    told = html.unescape(report.read_text().encode().decode("unicode_escape", "replace"))
    ((name, mean, agencies),) = night.connect().execute(
        "select province_th, mean_score, agencies from mart.province_summary"
        " join mart.province using (province_code)"
        f" where province_code = '{PROVINCE}' and fiscal_year = {YEAR}"
    )
    assert f"จังหวัด{name} ปีงบประมาณ {YEAR}" in told
    assert f"หน่วยงาน {agencies} แห่ง ได้คะแนนเฉลี่ย <strong>{mean:.2f}</strong>" in told
    for title in ("อันดับในจังหวัด", "สิบข้อที่หน่วยงานบกพร่องมากที่สุด", f"มาตรการของปี {YEAR}"):
        assert title in told
