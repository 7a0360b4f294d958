"""The counter: where offices hand in and take their packs home."""

import click

from ita.commands import shared
from warehouse import persons, settings
from warehouse.errors import BadInput, Fault


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8090, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--url",
    help="How people reach it (a proxy's https://…); default: ITA_COUNTER_URL, else host and port.",
)
@click.option("--proxy", help="Address of the proxy in front, whose X-Forwarded-For is believed.")
@click.option("--largest", default=20, show_default=True, help="Megabytes of one file.")
@click.option("--judges", default=2, show_default=True, help="Files that are judged at a time.")
@click.option("--link", "person", metavar="NAME", help="Print a one-time link for a person, once.")
def counter(
    host: str,
    port: int,
    url: str | None,
    proxy: str | None,
    largest: int,
    judges: int,
    person: str | None,
) -> None:
    """Serve the counter, in the foreground, until it is ended.

    Offices sign in by a mailed link or a letter's code. The first of headquarters comes by --link,
    for a person of `ita login add`; the link is good for 15 minutes, once.

    \b
    Examples:
      ita counter                                          http://127.0.0.1:8090, this machine only
      ita counter --url https://ita.example.go.th --proxy 127.0.0.1
      ita counter --link somchai --url https://ita.example.go.th
    """
    import uvicorn

    from counter import app, role
    from counter.back import Back
    from ita.counter_work import CounterWork

    work = CounterWork()
    address = (url or settings.option("ITA_COUNTER_URL", f"http://{host}:{port}")).rstrip("/")
    with shared.connection() as connection:
        if person is None:
            role.apply(connection)
        elif not persons.find(person):
            raise BadInput(f"{person} is no login", "`ita login add` makes one")
    if person:
        click.echo(Back(work, address).link(by="command line", person_name=person))
        return
    application = app.create(
        app.Settings(address, work.fonts(), most_bytes=largest * 1_000_000, judges=judges), work
    )
    click.echo(f"counter: {address}")
    try:
        # Links are in addresses: no log of them.
        uvicorn.run(
            application,
            host=host,
            port=port,
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=proxy is not None,
            forwarded_allow_ips=proxy,
        )
    except SystemExit as ended:  # it has said why; its exit codes are not ours
        if ended.code:
            raise Fault(
                f"the counter cannot be opened at {host}:{port}",
                "see the line above: give an address of this machine, and a port that is free",
            ) from None


COMMANDS = (counter,)
