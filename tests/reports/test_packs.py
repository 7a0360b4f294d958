"""Which packs are written: what changed, nothing else; a folder at once or not at all; one failure
stops no other.
"""

import contextlib
import hashlib
import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest

from benchmarks import packs as benchmark
from reports import facts, pack, packs, sources
from tests.reports.conftest import facts_of
from warehouse import workers

BUILDS = [
    {"build_id": f"build-{n}", "published_at": datetime(2026, 11, 20 + n, 18, tzinfo=UTC)}
    for n in (0, 1, 2)
]


class Warehouse:
    """Stands for the published marts: agency-years with facts that a test changes."""

    def __init__(self):
        self.rows = {}
        for fiscal_year, agency in ((2567, "A1"), (2568, "A1"), (2568, "A2")):
            read = facts_of("s2")
            read["fiscal_year"], read["measures_year"], read["agency"]["agency_id"] = (
                fiscal_year,
                fiscal_year + 1,
                agency,
            )
            self.rows[fiscal_year, agency] = [read, f"key of {agency} {fiscal_year}"]

    def keys(self, _connection, _agency=None):
        return [
            {"agency_id": agency, "fiscal_year": fiscal_year, "province_code": "63", "own_key": key}
            for (fiscal_year, agency), (_, key) in sorted(self.rows.items())
        ]

    def read(self, _connection, year, ids, build):
        return {
            agency: {**json.loads(json.dumps(self.rows[year, agency][0])), "build": dict(build)}
            for agency in ids
            if (year, agency) in self.rows
        }

    def change(self, fiscal_year, agency, own=True):
        read = self.rows[fiscal_year, agency]
        if own:
            read[0]["assessment"]["overall_score"] -= 1
            read[1] += " changed"
        else:
            read[0]["ranking"]["national_rank"] += 1


@pytest.fixture
def country(monkeypatch, ita_home):
    country = Warehouse()
    monkeypatch.setattr(
        packs, "connect", lambda role: contextlib.nullcontext(type("Connection", (), {})())
    )
    monkeypatch.setattr(packs, "Year", lambda connection, fiscal_year: fiscal_year)
    monkeypatch.setattr(sources, "own_keys", country.keys)
    monkeypatch.setattr(facts, "read", country.read)
    return country


def run(out, build, **options):
    return packs.write(out, build, formats=("json", "html"), processes=0, **options)


def manifest(out, folder):
    return json.loads((out / folder / "manifest.json").read_text("utf-8"))


def test_nightly_writes_the_newest_year_then_only_what_changed(country, tmp_path):
    assert str(run(tmp_path, BUILDS[0], mode="nightly")) == "2 written, 0 unchanged, 0 failed"
    assert not (tmp_path / "2567").exists()
    assert str(run(tmp_path, BUILDS[1], mode="nightly")) == "0 written, 2 unchanged, 0 failed"
    country.change(2568, "A1")
    country.change(2567, "A1")  # an earlier year is written when its own data change
    country.change(2568, "A2", own=False)
    assert str(run(tmp_path, BUILDS[1], mode="nightly")) == "2 written, 1 unchanged, 0 failed"
    assert manifest(tmp_path, "2568/63/A1")["build_id"] == "build-1"
    assert manifest(tmp_path, "2568/63/A2")["build_id"] == "build-0"
    assert str(run(tmp_path, BUILDS[2], mode="refresh")) == "1 written, 2 unchanged, 0 failed"
    assert manifest(tmp_path, "2568/63/A2")["build_id"] == "build-2"
    assert manifest(tmp_path, "2568/63/A1")["build_id"] == "build-1"


def test_a_pack_names_the_build_in_which_its_facts_last_changed(country, tmp_path):
    run(tmp_path, BUILDS[0])
    before = {path: path.read_bytes() for path in tmp_path.rglob("pack.*")}
    assert str(run(tmp_path, BUILDS[1], everything=True)) == "3 written, 0 unchanged, 0 failed"
    assert {path: path.read_bytes() for path in tmp_path.rglob("pack.*")} == before
    assert json.loads((tmp_path / "2568/63/A1/pack.json").read_bytes())["build"] == {
        "build_id": "build-0",
        "date": "2026-11-21",
    }


def test_manifest_holds_the_hashes_of_the_files_and_what_to_add(country, tmp_path):
    run(tmp_path, BUILDS[0], agency="A2")
    written = manifest(tmp_path, "2568/63/A2")
    for name, sha256 in written["files"].items():
        assert hashlib.sha256((tmp_path / "2568/63/A2" / name).read_bytes()).hexdigest() == sha256
    assert any("ข้อจำกัด" in text for text in written["must_add"])
    assert written["inputs"] == ["a" * 64]


def test_one_failure_stops_no_other_and_is_told_with_its_agency(
    country, tmp_path, monkeypatch, capsys
):
    complete = pack.complete
    monkeypatch.setattr(
        pack,
        "complete",
        lambda read, body: complete(read, body) if read["agency"]["agency_id"] != "A1" else 1 / 0,
    )
    done = run(tmp_path, BUILDS[0], fiscal_year=2568)
    assert str(done) == "1 written, 0 unchanged, 1 failed"
    assert "2568/63/A1" in capsys.readouterr().err
    assert (tmp_path / "2568/63/A2/manifest.json").exists()
    assert not (tmp_path / "2568/63/A1").exists()
    monkeypatch.setattr(pack, "complete", complete)
    assert str(run(tmp_path, BUILDS[0], fiscal_year=2568)) == "1 written, 1 unchanged, 0 failed"


def bad_neighbour(task):
    """Write a pack; for A1 the harm that stands in place of the digits comes first."""
    order, key, read = task
    if key["agency_id"] == "A1":
        if order["digits"] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if order["digits"] == "memory":
            bytearray(workers.MEMORY + 500_000_000)
        time.sleep(60 if order["digits"] == "hang" else 0)
    return packs._write_in_process(({**order, "digits": "thai"}, key, read))


@pytest.mark.parametrize(
    ("processes", "harm", "reason"),
    [
        (1, "kill", "SIGKILL"),
        (1, "memory", "MemoryError"),
        (1, "hang", "took too long"),
        (2, "kill", "SIGKILL"),
        (2, "memory", "MemoryError"),
        pytest.param(2, "hang", "took too long", marks=pytest.mark.slow_group),  # waits twice
    ],
)
def test_a_pack_that_ends_its_process_stops_no_other(
    country, tmp_path, monkeypatch, capsys, processes, harm, reason
):
    monkeypatch.setattr(workers, "PATIENCE", 8.0)
    monkeypatch.setattr(
        packs, "_workers", lambda n: workers.Workers(bad_neighbour, n, start="spawn")
    )
    asked = {"formats": ("json",), "mode": "nightly", "digits": harm, "processes": processes}
    done = packs.write(tmp_path, BUILDS[0], **asked)
    assert str(done) == "1 written, 0 unchanged, 1 failed"
    assert done.failed[0][0] == "2568/63/A1" and reason in done.failed[0][1]
    assert "pack 2568/63/A1 failed" in capsys.readouterr().err
    assert "2568/63/A2" in (tmp_path / "index.html").read_text("utf-8")
    assert not (tmp_path / "2568/63/A1").exists()
    assert json.loads((tmp_path / "own_keys.json").read_bytes()).keys() == {
        "2567/63/A1",
        "2568/63/A2",
    }  # the next night tries A1 again


def test_a_pack_that_cannot_be_written_stops_no_other(country, tmp_path):
    (tmp_path / "2567").write_text("a file where a folder must be made")
    done = packs.write(tmp_path, BUILDS[0], formats=("json",))
    assert done.failed[0][0] == "2567/63/A1" and "exists" in done.failed[0][1]
    assert "2568/63/A2" in (tmp_path / "index.html").read_text("utf-8")


OTHER_TYPES = json.dumps(
    {
        **dict.fromkeys(("own_key", "facts_sha256", "writer_sha256", "digits", "body"), 5),
        **{"fiscal_year": "x", "files": 5, "must_add": 5, "build": 5},
        **dict.fromkeys(("province_code", "province_th", "name_th", "level_th"), 5),
        "overall_score": "x",
    }
).encode()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b"[" * 100_000, OTHER_TYPES],
)
def test_a_broken_state_file_is_named_and_made_again(country, tmp_path, capsys, content):
    run(tmp_path, BUILDS[0])
    run(tmp_path, BUILDS[0], mode="nightly")
    (tmp_path / "own_keys.json").write_bytes(content)
    (tmp_path / "2567/63/A1/manifest.json").write_bytes(content)
    assert str(run(tmp_path, BUILDS[0], mode="nightly")) == "1 written, 2 unchanged, 0 failed"
    assert manifest(tmp_path, "2567/63/A1")["build_id"] == "build-0"
    assert len(json.loads((tmp_path / "own_keys.json").read_bytes())) == 3
    said = capsys.readouterr().err
    assert "2567/63/A1/manifest.json: " in said
    assert "own_keys.json" in said or content in (
        b"[]",
        b"{}",
        OTHER_TYPES,
    )  # these say that nothing was seen


def test_a_pack_whose_files_are_not_what_was_written_is_written_again(country, tmp_path, capsys):
    run(tmp_path, BUILDS[0])
    folder = tmp_path / "2567/63/A1"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "pack.json").write_bytes(before["pack.json"][:100])
    (folder / "todo.html").unlink()
    assert str(run(tmp_path, BUILDS[1], mode="refresh")) == "1 written, 2 unchanged, 0 failed"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert capsys.readouterr().err.count("not what was written") == 2


def test_a_failed_pack_of_an_earlier_year_is_tried_again_the_next_night(
    country, tmp_path, monkeypatch
):
    run(tmp_path, BUILDS[0], mode="nightly")
    country.change(2567, "A1")
    complete = pack.complete
    monkeypatch.setattr(pack, "complete", lambda read, body: 1 / 0)
    assert str(run(tmp_path, BUILDS[1], mode="nightly")) == "0 written, 2 unchanged, 1 failed"
    monkeypatch.setattr(pack, "complete", complete)
    assert str(run(tmp_path, BUILDS[1], mode="nightly")) == "1 written, 2 unchanged, 0 failed"


def test_a_kill_between_the_two_renames_loses_no_pack(country, tmp_path):
    run(tmp_path, BUILDS[0], mode="nightly")
    country.change(2568, "A1", own=False)

    def killed():
        rename = Path.rename
        Path.rename = lambda path, target: (
            os.kill(os.getpid(), signal.SIGKILL) if path.name == ".A1.new" else rename(path, target)
        )
        run(tmp_path, BUILDS[1], mode="refresh")

    process = get_context("fork").Process(target=killed)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert not (tmp_path / "2568/63/A1").exists()
    assert str(run(tmp_path, BUILDS[1], mode="refresh")) == "1 written, 1 unchanged, 0 failed"
    assert manifest(tmp_path, "2568/63/A1")["build_id"] == "build-1"
    assert sorted(path.name for path in (tmp_path / "2568/63").iterdir()) == ["A1", "A2"]


def test_one_more_format_leaves_the_others(country, tmp_path):
    run(tmp_path, BUILDS[0], agency="A2")
    packs.write(tmp_path, BUILDS[0], agency="A2", formats=("xlsx",), processes=0)
    files = {"pack.html", "todo.html", "pack.json", "pack.xlsx", "measures.xlsx"}
    assert set(manifest(tmp_path, "2568/63/A2")["files"]) == files
    assert {path.name for path in (tmp_path / "2568/63/A2").iterdir()} == {
        *files,
        "manifest.json",
    }


def test_the_choice_of_the_body_stays_until_another_is_made(country, tmp_path):
    run(tmp_path, BUILDS[0], agency="A2", body="indicators")
    country.change(2568, "A2")
    run(tmp_path, BUILDS[1], agency="A2")
    assert manifest(tmp_path, "2568/63/A2")["body"] == "indicators"
    run(tmp_path, BUILDS[1], agency="A2", body="topics")
    written = json.loads((tmp_path / "2568/63/A2/pack.json").read_bytes())
    assert written["analysis"]["body"] == "topics"


def test_an_agency_id_cannot_lead_out_of_the_folder(country, tmp_path):
    country.rows[2568, "../../../x"] = country.rows[2568, "A2"]
    run(tmp_path / "out", BUILDS[0], fiscal_year=2568)
    assert {path.parent.parent.parent.name for path in tmp_path.rglob("manifest.json")} == {"2568"}
    assert len(list((tmp_path / "out/2568/63").iterdir())) == 3


def test_index_lists_every_pack_with_its_files(country, tmp_path):
    run(tmp_path, BUILDS[0])
    page = (tmp_path / "index.html").read_text("utf-8")
    for folder in ("2567/63/A1", "2568/63/A1", "2568/63/A2"):
        assert f'href="{folder}/pack.html"' in page and f'href="{folder}/pack.json"' in page


def test_one_pack_on_demand_writes_the_list_only_where_its_row_is_another(country, tmp_path):
    run(tmp_path, BUILDS[0])
    page = tmp_path / "index.html"
    rows = page.with_suffix(".json")
    before = page.stat().st_mtime_ns, page.read_bytes()
    said = rows.read_bytes()
    country.change(2568, "A2", own=False)  # a rank: the list shows none
    run(tmp_path, BUILDS[1], fiscal_year=2568, agency="A2")
    assert manifest(tmp_path, "2568/63/A2")["build_id"] == "build-1"
    assert (page.stat().st_mtime_ns, page.read_bytes()) == before
    country.change(2568, "A2")  # the score
    run(tmp_path, BUILDS[2], fiscal_year=2568, agency="A2")
    after = page.read_text("utf-8")
    assert after != before[1].decode() and "2568/63/A1" in after and "2567/63/A1" in after
    another = json.dumps({"2568/63/A1": {"name_th": "ก"}}).encode()  # of another release
    for stands in (said, None, b"{", b"[]", another):  # killed before it was written; lost; broken
        page.write_bytes(before[1])
        rows.unlink() if stands is None else rows.write_bytes(stands)
        run(tmp_path, BUILDS[2], fiscal_year=2568, agency="A2")
        assert page.read_text("utf-8") == after


def test_one_pack_more_is_listed_among_the_others(country, tmp_path):
    run(tmp_path / "all", BUILDS[0])
    run(tmp_path / "few", BUILDS[0], fiscal_year=2568)
    run(tmp_path / "few", BUILDS[0], fiscal_year=2567, agency="A1")
    for name in ("index.html", "index.json"):
        assert (tmp_path / "few" / name).read_text() == (tmp_path / "all" / name).read_text()


def test_unknown_formats_are_refused(tmp_path):
    with pytest.raises(ValueError, match="odt"):
        packs.write(tmp_path, BUILDS[0], formats=("odt",))


def test_the_benchmark_writes_packs_and_says_how_fast(country, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["packs.py", "--packs", "4", "--processes", "0"])
    monkeypatch.setattr(benchmark, "latest_publication", lambda _: BUILDS[0])
    monkeypatch.setattr(benchmark, "connect", lambda *_: packs.connect("ita_pack"))
    monkeypatch.setattr(benchmark, "Year", packs.Year)
    benchmark.main()
    told = capsys.readouterr()
    assert "packs a second" in told.out and "failed" not in told.err
