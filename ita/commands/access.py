"""Who may ask: logins of persons, and what the server is told of them."""

from typing import Any

import click

from ita.commands import shared
from warehouse.errors import BadInput


@click.group()
def login() -> None:
    """The persons who may ask: each has a login in PostgreSQL, and one that only the desk uses.

    \b
    Examples:
      ita login add somchai --province 24 --full-name "สมชาย ใจดี"
      ita login list
    """


@login.command()
@click.argument("name")
@click.option("--province", metavar="CODE", help="Of the provincial office: its two digits.")
@click.option("--headquarters", is_flag=True, help="Of headquarters: sees the whole country.")
@click.option("--full-name", default="", help="The person's name.")
@click.option("--email", default="", help="The person's address.")
def add(name: Any, province: Any, headquarters: Any, full_name: Any, email: Any) -> None:
    """Give a person a login; its password is shown once, with how to connect.

    \b
    Examples:
      ita login add somchai --province 24
      ita login add nida --headquarters --full-name "นิดา สุขใจ" --email nida@example.go.th
    """
    from ita import login as stage
    from warehouse import persons

    if bool(province) == headquarters:
        raise BadInput("whose login is it?", "give --province CODE or --headquarters, one of them")
    scope = persons.HEADQUARTERS if headquarters else province
    with shared.connection() as connection:
        for line in stage.add(connection, persons.Person(name, scope, full_name, email)):
            click.echo(line)


@login.command()
@click.argument("name")
def password(name: Any) -> None:
    """Give a person a new password, where the old one is lost or known to others; shown once.

    \b
    Example:  ita login password somchai
    """
    from ita import login as stage

    with shared.connection() as connection:
        for line in stage.new_password(connection, name):
            click.echo(line)


@login.command()
@click.argument("name")
def remove(name: Any) -> None:
    """Take a person's logins away, the desk's too; open sessions end.

    \b
    Example:  ita login remove somchai
    """
    from ita import login as stage

    with shared.connection() as connection:
        stage.remove(connection, name)
    click.echo(f"removed: {name}")


@login.command("list")
def list_() -> None:
    """The persons, and what they read as.

    \b
    Example:  ita login list
    """
    from ita import login as stage

    with shared.connection() as connection:
        for line in stage.listed(connection):
            click.echo(line)


@click.group()
def access() -> None:
    """What the server is told of roles, views and logins.

    \b
    Example:  ita access sync
    """


@access.command()
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def sync(dry_run: Any) -> None:
    """Apply publish/roles.csv, publish/views.csv and ITA_HOME/access/logins.csv.

    Shows what changes before it changes it; again: nothing.

    \b
    Examples:
      ita access sync --dry-run
      ita access sync
    """
    from publish import sync as stage

    with shared.connection() as connection:
        found = stage.plan(connection)
        for line in found.lines():
            click.echo(f"would {line}" if dry_run else line)
        for view in found.waiting:
            click.echo(f"view {view}: views.csv is applied with the next build, which has it")
        if not dry_run:
            stage.apply(connection, found, shared.now())
    click.echo("nothing was changed" if dry_run else "roles, views and logins are as the files say")


@access.command()
@click.option("--desk", metavar="NETWORK", default="127.0.0.1/32", show_default=True)
@click.option("--persons", metavar="NETWORK", default="all", show_default=True)
def hba(desk: Any, persons: Any) -> None:
    """Lines of pg_hba.conf for the administrator of a PostgreSQL that is not ours to start.

    They let the desk's logins come from the desk's machine only, and everybody by TLS only. The
    embedded server has its own at every start.

    \b
    Example:  ita access hba --desk 10.20.0.5/32 --persons 10.0.0.0/8
    """
    from warehouse import connect
    from warehouse import hba as stage

    for line in stage.of_another_server(connect.parameters()["dbname"], desk, persons):
        click.echo(line)


@access.command()
@click.argument("files", nargs=-1, type=shared.EXISTING)
def log(files: Any) -> None:
    """Bring what logins asked from the server's log to ops.query_log, now.

    `ita watch` does so once a minute. FILES: of a PostgreSQL that is not ours to start, its log as
    JSON (log_destination = jsonlog).

    \b
    Examples:
      ita access log
      ita query --as ita_owner "select * from ops.query_log order by logged_at desc limit 20"
    """
    from publish import query_log

    with shared.connection() as connection:
        count = query_log.load(connection, shared.now())
        count += sum(query_log.load_file(connection, path) for path in files)
    click.echo(f"statements: {count}")


@access.command("open")
def open_() -> None:
    """Statements that close what the server lets every login do, and the owner's rights do not.

    For the administrator of a PostgreSQL that is not ours to start; none where all is closed.

    \b
    Example:  ita access open > close.sql     then, as the administrator: psql -f close.sql ita
    """
    from publish import fence

    with shared.connection() as connection:
        for statement in fence.open_doors(connection):
            click.echo(f"{statement};")


COMMANDS = (login, access)
