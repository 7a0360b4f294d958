"""For benchmarks/scaling.py: the same questions to answers in PostgreSQL and in Parquet."""

import time
from pathlib import Path

from benchmarks.scaling_services import ita, load

ANSWERS_A_RESPONDENT = 25
AGENCIES = 8320
# An answer is 0, 25, 50, 75 or 100 points; deterministic, and agencies differ.
SYNTHETIC = f"""
    select 2568::smallint as fiscal_year, (respondent % {AGENCIES})::integer as agency_no,
        respondent::integer as respondent_no,
           item::smallint as item_no, (25 * least(4,
               hash(respondent, item) % 7))::smallint as points
    from range(?) as r(respondent), range(1, {ANSWERS_A_RESPONDENT + 1}) as i(item)"""
QUESTIONS = {
    "item scores of agencies": "select agency_no, item_no, count(*) as respondents, avg(points) "
    "as score from answer group by agency_no, item_no",
    "share of each answer": "select item_no, points, count(*) as answers from answer group by "
    "item_no, points",
    "one agency": "select item_no, points, count(*) as answers from answer where agency_no = 4711 "
    "group by item_no, points",
    "pairs that fail together": """
        select a.item_no, b.item_no as other_no, count(*) as respondents from answer as a
            join answer as b using (respondent_no)
        where a.points < 50 and b.points < 50 and a.item_no < b.item_no and a.agency_no < 832
            and b.agency_no < 832
        group by a.item_no, b.item_no""",
}


def answers(base: Path, options) -> None:
    """Print what loading, keeping and asking synthetic answers of respondents costs in PostgreSQL
    and in Parquet through DuckDB.
    """
    import duckdb

    from warehouse import connect

    ita("up")
    memory = duckdb.connect(config={"threads": 2})
    respondents = options.million * 1_000_000 // ANSWERS_A_RESPONDENT
    memory.execute(f"create table answer as {SYNTHETIC}", [respondents])
    rows = memory.execute("select count(*) from answer").fetchone()[0]
    memory.execute(f"copy answer to '{base}/answer.csv' (header false)")
    print(
        f"{rows:,} answers of {respondents:,} respondents, {load()}\n\n| | PostgreSQL | Parquet, "
        "DuckDB |\n|---|---:|---:|"
    )
    with connect.connect(autocommit=True) as connection:

        def copy():
            connection.execute(
                "create table answer (fiscal_year smallint, agency_no integer, respondent_no "
                "integer, item_no smallint, points smallint)"
            )
            with (
                connection.cursor().copy("copy answer from stdin (format csv)") as sink,
                (base / "answer.csv").open("rb") as source,
            ):
                while block := source.read(1 << 20):
                    sink.write(block)

        parquet = f"copy answer to '{base}/answer' (format parquet, partition_by (fiscal_year))"
        _row("load, s", _seconds(copy), _seconds(lambda: memory.execute(parquet)))
        _row(
            "index on agency and statistics, s",
            _seconds(lambda: connection.execute("create index on answer (agency_no)"))
            + _seconds(lambda: connection.execute("vacuum analyze answer")),
            0,
        )
        _row(
            "size, bytes an answer",
            connection.execute("select pg_total_relation_size('answer')").fetchone()[0] / rows,
            sum(file.stat().st_size for file in (base / "answer").rglob("*.parquet")) / rows,
        )
        memory.execute(
            "drop table answer; create view answer as select * from "
            f"read_parquet('{base}/answer/**/*.parquet', hive_partitioning = true)"
        )
        for name, sql in QUESTIONS.items():
            _row(
                f"{name}, s",
                _seconds(lambda sql=sql: connection.execute(sql).fetchall()),
                _seconds(lambda sql=sql: memory.execute(sql).fetchall()),
            )


def _row(name: str, postgres: float, parquet: float) -> None:
    print(f"| {name} | {postgres:.2f} | {parquet:.2f} |", flush=True)


def _seconds(function) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
