"""The analysts' desk: Superset on the published build."""

import click


@click.group()
def desk() -> None:
    """The analysts' desk (Apache Superset): dashboards, SQL and exports in a browser."""


@desk.command()
def serve() -> None:
    """Provision the desk and serve it on this machine, until it is ended.

    The port is DESK_PORT's, or 8088. `make desk` sets the desk up first.

    \b
    Example:  ita desk serve
    """
    from ita import desk as stage

    stage.serve()


@desk.command()
def provision() -> None:
    """Bring a desk to logins.csv and the assets in git; it may be running. Repeatable.

    \b
    Example:  ita desk provision
    """
    from ita import desk as stage

    stage.provision(stage.environment())
    click.echo(f"provisioned; first passwords not changed yet: {stage.first_passwords()}")


@desk.command()
@click.argument("name")
def password(name: str) -> None:
    """Give a person of the desk a new first password, which they must change.

    It is written to the file that this prints, for the operator alone.

    \b
    Example:  ita desk password somchai
    """
    from ita import desk as stage

    stage.provision(stage.environment(), "--new-password", name)
    click.echo(f"a new first password of {name} is in {stage.first_passwords()}")


COMMANDS = (desk,)
