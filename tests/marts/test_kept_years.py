"""A build that takes over the years whose inputs have not changed gives the marts of a full one."""

from datetime import UTC, datetime

import pytest
from country import items, random_country

from publish import access, build, flip
from publish.candidate import take_place
from warehouse import connect

AT = datetime(2026, 11, 20, tzinfo=UTC)
# no agency of a random country reports; no gate and no intake has run that ops would know of
EMPTY_HERE = {"measure_progress", "constraint_note", "check_result", "intake_night", "finding_rule"}
TABLES = [view["view_name"] for view in access.views()]


@pytest.fixture
def publishing(marts_database, monkeypatch):
    """country -> the candidate that the publish stage builds of it, and `publish` for what the
    audit and the flip leave in ops.
    """
    given = connect.parameters()
    monkeypatch.setenv(
        "ITA_WAREHOUSE_DSN",
        f"postgresql://{given['user']}:{given['password']}@{given['host']}:{given['port']}/{marts_database.info.dbname}",
    )
    for schema in ("candidate", "published", "retired"):
        marts_database.execute(f"drop schema if exists {schema} cascade")
    marts_database.execute("delete from ops.build; delete from ops.publication")
    owner = connect.connect(autocommit=True)

    def candidate(country) -> dict:
        country.load(marts_database)
        build_id = build.run(owner, AT)
        return marts_database.execute(
            "select * from ops.build where build_id = %s", [build_id]
        ).fetchone()

    def publish(built: dict) -> None:
        take_place(owner)
        marts_database.execute(
            """
            insert into ops.publication
                (build_id, published_at, inputs_sha256, inputs, counts, git_revision)
            select build_id, built_at, inputs_sha256, inputs, '{}', 'test'
            from ops.build where build_id = %s""",
            [built["build_id"]],
        )
        flip.keep_for_next_night(owner)

    candidate.publish, candidate.owner = publish, owner
    with owner:
        yield candidate


def assert_candidate_equals_a_full_build(connection) -> None:
    connection.execute("alter schema candidate rename to of_the_night; create schema candidate")
    connection.execute("update ops.build set first_year = 0 where schema_name = 'candidate'")
    build.run_dbt("--exclude-resource-type", "test")  # rows are compared: dbt's tests saw the first
    for table in TABLES:
        for one, other in (("candidate", "of_the_night"), ("of_the_night", "candidate")):
            only = connection.execute(
                f"select * from {one}.{table} except all select * from {other}.{table}"
            ).fetchall()
            assert not only, f"only in {one}.{table}: {only[:3]}"
        assert (
            connection.execute(f"select count(*) as n from candidate.{table}").fetchone()["n"]
            or table in EMPTY_HERE
        )
    connection.execute(
        "drop schema candidate cascade; alter schema of_the_night rename to candidate"
    )


def item_score_tables(connection) -> list[dict]:
    """The tables of item scores that builds share, as name and oid: a table made anew has
    another.
    """
    return connection.execute("""
        select oid::regclass::text as name, oid from pg_class
        where relnamespace = 'item_scores'::regnamespace and relkind = 'r' order by 1""").fetchall()


def resubmit(country, fiscal_year: int, agencies: list[str]) -> None:
    for n, agency_id in enumerate(agencies):
        figures = items(
            fiscal_year, lambda item, part, n=n: "0" if int(item["item_no"]) % 7 == n else "100"
        )
        country.scores(country.submission("nacc"), agency_id, fiscal_year, figures)


@pytest.mark.slow_group
def test_kept_years_are_those_of_a_full_build(publishing, marts_database):
    country = random_country(seed=68, agencies=60)
    first = publishing(country)
    assert first["first_year"] == 0
    publishing.publish(first)

    # a usual night: some resubmit the latest year, one is withdrawn, one that was not there comes
    resubmit(country, 2567, ["R0005", "R0017", "R0030", "R0031"])
    next(
        row
        for row in country.rows["submission"]
        if row["layout"] == "long_table"
        and row["authority"] == "agency"
        and row["state"] == "accepted"
        and any(
            unit["submission_sha256"] == row["submission_sha256"] and unit["fiscal_year"] == 2567
            for unit in country.rows["unit"]
        )
    )["state"] = "withdrawn"
    second = publishing(country)
    assert second["first_year"] == 2567
    assert_candidate_equals_a_full_build(marts_database)
    publishing.publish(second)

    # a late year, on top of kept rows: what runs on from it is built anew
    resubmit(country, 2566, ["R0005", "R0040"])
    third = publishing(country)
    assert third["first_year"] == 2566
    publishing.publish(third)  # its rows are kept by what follows, and compared there

    # usual nights show the item scores that were laid aside after a publication, and copy none
    laid_aside = item_score_tables(marts_database)[-1]
    # (the build before the last keeps its own until two more have taken its place)
    for agency_id in ("R0007", "R0008"):
        resubmit(country, 2568, [agency_id])
        usual = publishing(country)
        assert (usual["first_year"], usual["kept_item_scores"]) == (2568, laid_aside["name"])
        publishing.publish(usual)
    resubmit(country, 2568, ["R0010"])  # on rows that were kept night after night
    publishing(country)
    assert_candidate_equals_a_full_build(marts_database)
    assert item_score_tables(marts_database) == [laid_aside]

    country.registry(
        {"agency_id": "R9999", "agency_type": "sao", "province_code": "56", "valid_from": 2566}
    )
    country.load(marts_database)
    owner = publishing.owner
    inputs, years, published = (
        build.current_inputs(owner),
        build.year_hashes(owner),
        build.latest_publication(owner),
    )
    assert (
        build.first_changed_year(owner, published, inputs, years) == 0
    )  # another registry: everything
    years.pop("registry")
    assert (
        build.first_changed_year(owner, published, {**inputs, "seeds_sha256": "other"}, years) == 0
    )


def test_what_is_withdrawn_before_it_was_published_changes_its_year(publishing, marts_database):
    """Its agency-years stay in the warehouse, so that the numbers of that year are not those of the
    published build.
    """
    country = random_country(seed=5, agencies=12)
    country.load(marts_database)
    before = build.year_hashes(publishing.owner)
    country.scores(
        country.submission("nacc", state="withdrawn"), "R0001", 2565, {("overall", "", ""): "90"}
    )
    resubmit(country, 2567, ["R0005"])
    country.load(marts_database)
    after = build.year_hashes(publishing.owner)
    assert {year for year in after if after[year] != before[year]} == {"2565", "2567"}
