"""The checks of what is installed, and of what the history holds, find what they are for."""

import json
import subprocess

import pytest

from checks import history, supply

KNOWN = supply.components(
    {
        "components": [
            {"name": "Sound_Package", "version": "2.1", "licenses": [{"license": {"id": "MIT"}}]},
            {"name": "tool", "version": "1.0", "licenses": [{"license": {"id": "GPL-3.0-only"}}]},
            {"name": "silent", "version": "1.0"},
            {"name": "odd", "version": "1.0", "licenses": [{"license": {"name": "Beerware"}}]},
            {"name": "either", "version": "1.0", "licenses": [{"expression": "Odd-1 OR MIT"}]},
            {"name": "both", "version": "1.0", "licenses": [{"expression": "Odd-1 AND MIT"}]},
        ]
    }
)


def test_an_unknown_licence_and_a_tools_licence_in_what_is_shipped_are_refused():
    assert supply.not_allowed(KNOWN, {"sound-package"}) == [
        "both 1.0: Odd-1 AND MIT",
        "odd 1.0: Beerware",
        "silent 1.0: no licence said",
    ]
    assert "tool 1.0: GPL-3.0-only" in supply.not_allowed(KNOWN, None)


def test_the_sbom_must_have_what_the_lock_has():
    lock = (
        "sound-package==2.1 \\\n    --hash=sha256:00\n"
        "tool==1.1 \\\n    --hash=sha256:00\n"
        "colorama==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
        "missing[extra]==3 ; python_full_version >= '3.11' \\\n    --hash=sha256:00\n"
    )
    assert supply.not_as_locked(lock, KNOWN) == [
        "tool 1.1: the SBOM has 1.0",
        "missing[extra] 3: the SBOM has none",
    ]


def of_osv(*events, versions=()):
    return {
        "id": "OSV-1",
        "summary": "bad",
        "affected": [
            {
                "package": {"name": "sound.package", "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
                "versions": list(versions),
            }
        ],
    }


@pytest.mark.parametrize(
    ("record", "hit"),
    [
        (of_osv({"introduced": "0"}, {"fixed": "2.2"}), True),
        (of_osv({"introduced": "0"}, {"fixed": "2.1"}), False),
        (of_osv({"introduced": "0"}, {"last_affected": "2.1"}), True),
        (of_osv({"introduced": "2.2"}), False),
        (of_osv({"introduced": "0"}, {"fixed": "1"}, {"introduced": "2"}, {"fixed": "3"}), True),
        (of_osv(versions=["2.1"]), True),
        ({**of_osv({"introduced": "0"}), "withdrawn": "2026-01-01"}, False),
        (
            {
                "info": {"name": "sound_package", "version": "2.1"},
                "vulnerabilities": [{"id": "PYSEC-1", "details": "bad", "fixed_in": ["2.2"]}],
            },
            True,
        ),
    ],
)
def test_an_advisory_is_found_where_it_names_our_version(record, hit):
    for text in (json.dumps(record), json.dumps([record]), json.dumps(record) + "\n"):
        found = supply.affected(supply.advisories(text), KNOWN)
        assert bool(found) is hit
        assert all(line.startswith("sound-package 2.1: ") and "bad" in line for line in found)


def test_without_a_file_of_advisories_that_is_said(tmp_path, monkeypatch, capsys):
    (tmp_path / "sbom.json").write_text(json.dumps({"components": []}))
    (tmp_path / "lock").write_text("")
    arguments = ["supply", str(tmp_path / "sbom.json"), str(tmp_path / "lock")]
    monkeypatch.setattr("sys.argv", [*arguments, "--advisories", str(tmp_path / "absent.json")])
    assert supply.main() == 0
    assert "NO ADVISORY FILE" in capsys.readouterr().out


def test_what_is_shipped_is_what_the_run_time_needs():
    sbom = {
        "components": [
            {"bom-ref": f"{name}==1", "name": name} for name in ("a", "b", "linter", "other")
        ],
        "dependencies": [
            {"ref": "a==1", "dependsOn": ["b==1", "linter==1"]},
            {"ref": "b==1", "dependsOn": ["a==1"]},
            {"ref": "other==1"},
        ],
    }
    project = {"dependencies": ["A>=1"], "optional-dependencies": {"check": ["linter"]}}
    assert supply.of_run_time(sbom, {"project": project}) == {"a", "b"}


def test_a_secret_that_a_later_commit_took_out_is_found(tmp_path):
    def git(*arguments):
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    key = "AKIA" + "IOSFODNN7EXAMPLF"
    (tmp_path / "settings.py").write_text(f"key = '{key}'\n")
    git("add", ".")
    git("commit", "-m", "one")
    (tmp_path / "settings.py").write_text("key = None\n")
    git("commit", "-am", "two")
    (line,) = history.found(tmp_path, set())
    assert "settings.py: AWS Access Key" in line
    assert history.found(tmp_path, {line.rsplit(" ", 1)[1]}) == []


def test_an_address_with_a_password_is_found_but_in_tests(tmp_path):
    def git(*arguments):
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    (tmp_path / "tests").mkdir()
    for name in ("settings.py", "tests/test_settings.py"):
        (tmp_path / name).write_text("dsn = 'postgresql://ita_owner:" + "s3cr3t@db/ita'\n")
    git("add", ".")
    git("commit", "-m", "one")
    (line,) = history.found(tmp_path, set())
    assert " settings.py: Basic Auth" in line
