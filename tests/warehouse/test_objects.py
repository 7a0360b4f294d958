"""Object stores at the edges, on fsspec's own stores in memory and on disk.

The same code as for S3, whose driver is not installed here.
"""

import fsspec
import pytest
from click.testing import CliRunner

from ita.cli import main
from warehouse import objects
from warehouse.errors import BadInput, Fault

REGISTRY = (
    "agency_id,name_th,agency_type,province_code,district_th,ministry_th,valid_from,valid_to\n"
    "A1,ทดสอบ,sao,56,,,2560,\n"
)


@pytest.fixture
def store():
    memory = fsspec.filesystem("memory")
    yield memory
    memory.rm("/", recursive=True)


def test_receive_takes_a_folder_and_a_single_object(ita_home, store):
    store.pipe("/inbox/nacc-2568/agencies.csv", REGISTRY.encode())
    store.pipe("/inbox/nacc-2568/north/more.csv", b"fiscal_year\n")
    store.pipe("/single/one.csv", b"one\n")
    done = CliRunner().invoke(
        main, ["receive", "memory://inbox/nacc-2568", "memory://single/one.csv"]
    )
    assert done.exit_code == 0, done.output
    assert [line.split("  ")[1:] for line in done.output.splitlines()] == [
        ["stored", "nacc-2568/agencies.csv"],
        ["stored", "nacc-2568/north/more.csv"],
        ["stored", "one.csv"],
    ]
    assert (ita_home / "landing" / "nacc-2568" / "agencies.csv").read_text(
        encoding="utf-8"
    ) == REGISTRY
    again = CliRunner().invoke(main, ["receive", "memory://inbox/nacc-2568"])
    assert again.output.count("already known") == 2
    assert store.cat("/single/one.csv") == b"one\n", "what is in the store stays there"
    for name in ("nacc-2568/agencies.csv", "nacc-2568/north/more.csv", "one.csv"):
        (ita_home / "landing" / name).unlink()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("memory://empty", "nothing is there"),
        ("s3://bucket/inbox", "s3fs"),
        ("nonsense://x", "no store that can be used"),
    ],
)
def test_what_cannot_be_fetched_is_said(store, address, words):
    with pytest.raises(BadInput, match=words), objects.fetched(address, 1000):
        pass


def test_a_name_that_leaves_its_folder_is_refused(store, monkeypatch):
    monkeypatch.setattr(type(store), "find", lambda self, root: [f"{root}/../../escaped.csv"])
    with (
        pytest.raises(BadInput, match="leaves its folder"),
        objects.fetched("memory://inbox", 1000),
    ):
        pass


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_what_is_written_is_in_the_store(store, kind, tmp_path):
    address = "memory://packs" if kind == "memory" else f"file://{tmp_path}/packs"
    with objects.filled(address) as folder:
        pack = folder / "2568" / "56" / "A1"
        pack.mkdir(parents=True)
        (pack / "manifest.json").write_text("{}")
        (pack / "pack.pdf").write_bytes(b"pdf")
        (folder / "index.html").write_text("index")
    there, root = fsspec.core.url_to_fs(address)
    assert {name.removeprefix(root): there.cat(name) for name in there.find(root)} == {
        "/2568/56/A1/manifest.json": b"{}",
        "/2568/56/A1/pack.pdf": b"pdf",
        "/index.html": b"index",
    }


def test_manifest_comes_after_its_pack_and_the_index_last(store, monkeypatch):
    """Who sees the manifest or the index can open what it lists."""
    opened = []
    real = type(store).open
    monkeypatch.setattr(
        type(store),
        "open",
        lambda self, name, *rest, **more: opened.append(name) or real(self, name, *rest, **more),
    )
    with objects.filled("memory://packs") as folder:
        for name in (
            "index.html",
            "a/manifest.json",
            "a/pack.pdf",
            "b/manifest.json",
            "b/pack.html",
        ):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(name)
    assert opened == [
        "/packs/a/pack.pdf",
        "/packs/a/manifest.json",
        "/packs/b/pack.html",
        "/packs/b/manifest.json",
        "/packs/index.html",
    ]


def test_nothing_is_sent_after_a_failure(store):
    def fail_halfway():
        with objects.filled("memory://packs") as folder:
            (folder / "half.pdf").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert not store.find("/packs")


def test_a_store_that_refuses_is_a_fault(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(Fault, match="cannot be written"),
        objects.filled(f"file://{tmp_path}/file/packs") as folder,
    ):
        (folder / "a").write_text("a")
