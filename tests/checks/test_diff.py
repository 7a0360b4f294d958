"""What `make diff` says of two builds, on marts and packs written by hand."""

import pytest

from checks import diff

KEYS = {"score": ["agency_id"]}
HEAD = "agency_id,score,level_th,received_at"
ROWS = [f"A{number:03},90.00,ผ่าน,2026-01-01" for number in range(200)]


@pytest.fixture
def homes(tmp_path):
    """(before, after): one mart each, the same but for the moment at which files came."""
    homes = tmp_path / "before", tmp_path / "after"
    for home in homes:
        (home / "marts").mkdir(parents=True)
    put(homes[0], ROWS)
    put(homes[1], [row.replace("2026-01-01", "2026-02-02") for row in ROWS])
    return homes


def put(home, rows, head=HEAD, name="score"):
    (home / "marts" / f"{name}.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")


def said(homes) -> list[str]:
    return list(diff._compare_view("score", KEYS, *homes))


def test_the_same_rows_of_another_moment_do_not_differ(homes, capsys):
    assert said(homes) == []
    diff._compare_marts(*homes)
    assert capsys.readouterr().out == "marts: none\n"


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        (["A000,90.01,ผ่าน"], "score: 1 of 200 rows, small, by up to 0.01; 1 agencies: A000"),
        (["A000,90.02,ผ่าน"], "score: 1 of 200 rows, large, by up to 0.02; 1 agencies: A000"),
        (
            [f"A{n:03},90.01,ผ่าน" for n in range(6)],
            "score: 6 of 200 rows, large, by up to 0.01;"
            " 6 agencies: A000, A001, A002, A003, A004 …",
        ),
        (["A007,90.00,ไม่ผ่าน"], "level_th: 1 of 200 rows, small; 1 agencies: A007"),
        (["A007,,ผ่าน"], "score: 1 of 200 rows, small; 1 agencies: A007"),
        (
            [f"A{n:03},90.00,ไม่ผ่าน" for n in range(3)],
            "level_th: 3 of 200 rows, large; 3 agencies: A000, A001, A002",
        ),
    ],
)
def test_how_much_a_column_moved(homes, changed, text):
    put(homes[1], [f"{row},2026-01-01" for row in changed] + ROWS[len(changed) :])
    if not changed[0].startswith("A000"):  # a row further down
        at = int(changed[0][1:4])
        put(homes[1], [*ROWS[:at], f"{changed[0]},2026-01-01", *ROWS[at + 1 :]])
    assert said(homes) == [f"mart.score.{text}"]


def test_rows_columns_and_views_that_come_and_go(homes, capsys):
    put(homes[1], [f"{row},x" for row in ["B001,1,ผ่าน,", *ROWS[1:]]], f"{HEAD},new_th")
    assert said(homes) == [
        "mart.score.new_th: new column",
        "mart.score: 1 rows gone, 1 new; 2 agencies: A000, B001",
    ]
    put(homes[0], [], name="old")
    put(homes[1], [], name="young")
    diff._compare_marts(*homes)
    lines = capsys.readouterr().out.splitlines()
    assert {"mart.old: gone", "mart.young: new"} <= set(lines)


def test_the_keys_of_the_marts_are_those_that_their_tests_say():
    keys = diff._keys()
    assert keys["assessment"] == ["agency_id", "fiscal_year"]
    assert len(keys) > 20


def test_packs_are_compared_by_their_words(tmp_path, capsys):
    def put_pack(home, agency, body):
        folder = tmp_path / home / "packs" / "2568" / "56" / agency
        folder.mkdir(parents=True)
        page = f"<html><head><title>x</title></head><style>p {{}}</style><p>{body}</p></html>"
        (folder / "pack.html").write_text(page, encoding="utf-8")

    put_pack("before", "A1", "คะแนน 90 &amp; <b>ผ่าน</b> b0123456789ab")
    put_pack("after", "A1", "คะแนน 91 &amp; <b>ผ่าน</b> bba9876543210")
    put_pack("before", "A2", "เหมือนเดิม b0123456789ab")
    put_pack("after", "A2", "เหมือนเดิม bba9876543210")
    put_pack("before", "A3", "หายไป")
    diff._compare_packs(tmp_path / "before", tmp_path / "after")
    assert capsys.readouterr().out.splitlines() == [
        "packs: 1 of 2 change in words, 1 come or go",
        "  packs/2568/56/A1",
        "    - คะแนน 90 &",
        "    + คะแนน 91 &",
    ]


def test_a_revision_that_is_not_in_the_clone_is_said_and_no_fault(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["diff", "--base", "no-such-revision"])
    assert diff.main() == 0
    assert "no-such-revision is not in this clone" in capsys.readouterr().out


def test_two_revisions_go_through_the_same_night(monkeypatch, tmp_path, capsys):
    """The order of the commands; what they do is theirs to test."""
    asked = []

    def ita(tree, home, *arguments):
        asked.append((tree.name, home.name, *map(str, arguments)))
        if "information_schema" in str(arguments):
            return "table_name\nscore\n"
        return f"{HEAD}\n{ROWS[0]}\n" if arguments[0] == "query" else ""

    tree = tmp_path / "older"
    tree.mkdir()
    monkeypatch.setattr(diff, "_ita", ita)
    monkeypatch.setattr(diff, "_check_out", lambda revision, folder: tree)
    monkeypatch.setattr("sys.argv", ["diff", "--base", "HEAD"])
    made = diff._night

    def night(tree, home, inputs):
        home.mkdir()
        return made(tree, home, inputs)

    monkeypatch.setattr(diff, "_night", night)
    assert diff.main() == 0
    steps = ["up", "receive", "receive", "judge", "load", "build", "audit", "publish"]
    for name in ("before", "after"):
        done = [words[2] for words in asked if words[1] == name]
        assert done[: len(steps)] == steps and done[-1] == "down"
    assert "marts: none\npacks: 0 of 0 change" in capsys.readouterr().out
