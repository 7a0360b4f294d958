"""`ita status`: the warehouse in a few lines."""

from warehouse import connect, postgres, settings


def lines() -> list[str]:
    """The DSN, the published build, the last run of each DAG, the last failure; never starts anything."""
    dsn = settings.external_dsn() or postgres.dsn()
    said = [f"ITA_HOME   {settings.home()}"]
    if not dsn:
        return [*said, "warehouse  stopped (start it with `ita up`)"]
    said.append(f"warehouse  {dsn}")
    with connect.connect() as connection:
        if not connection.execute("select to_regclass('ops.publication')").fetchone()[0]:
            return [*said, "build      none: this warehouse has no schemas yet (`ita up`)"]
        build = connection.execute("""
            select build_id, published_at, schema_name, git_revision from ops.publication order by publication_no desc limit 1""").fetchone()
        said.append("build      {}, published {:%Y-%m-%d %H:%M:%S%z} from {}, revision {}".format(*build) if build else "build      none published yet")
        said += _last_runs(connection)
        failure = connection.execute("select failed_at, dag_id, task_id, message from ops.failure order by failure_no desc limit 1").fetchone()
        if failure:
            said.append("last fault {:%Y-%m-%d %H:%M:%S%z} {}.{}: {}".format(*failure))
    return said


def _last_runs(connection) -> list[str]:
    """The newest run of each DAG, as Airflow's own metadata has it: whoever started it, `ita refresh` or the scheduler."""
    database = f"{connection.info.dbname}_airflow"
    if not connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
        return []
    with connect.connect(dbname=database) as airflow:
        if not airflow.execute("select to_regclass('dag_run')").fetchone()[0]:
            return []
        runs = airflow.execute("""
            select distinct on (dag_id) dag_id, state, start_date, end_date from dag_run
            where start_date is not null order by dag_id, start_date desc""").fetchall()
    return [f"last run   {dag}: {state}, began {began:%Y-%m-%d %H:%M:%S%z}" + (f", took {(ended - began).total_seconds():.0f} s" if ended else "")
            for dag, state, began, ended in runs]
