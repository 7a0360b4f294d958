"""`ita login`: persons get a login, a new password, or go; and how a person connects."""

from typing import Any

from publish import logins
from warehouse import certificate, connect, desk_login, door, persons, settings
from warehouse.errors import BadInput
from warehouse.persons import Person

CERTIFICATE = "ita-warehouse.crt"  # as a person keeps it
TOLD = """\
login     {user}, reads as {role}; the desk asks as {desk}, by a password of its own
password  {password}
          shown this once (แสดงครั้งนี้ครั้งเดียว); one line of ~/.pgpass (chmod 600), so that no
          program asks for it:
{host}:{port}:{database}:{user}:{password}

server    {host}, port {port}, database {database}
psql      psql "{uri}"
ita       ITA_QUERY_DSN="{uri}" ita query --file question.sql
DBeaver   New connection, PostgreSQL: host, port, database and user as above
Excel     Data, Get Data, From ODBC; driver psqlODBC, with the connection string
          Driver={{PostgreSQL Unicode(x64)}};Server={host};Port={port};Database={database};
          Uid={user};{odbc}
pandas    pd.read_sql("table mart.national_summary",
            sqlalchemy.create_engine("{sqlalchemy}"))
R         DBI::dbConnect(RPostgreSQL::PostgreSQL(),
            dbname = "{uri}")
          more of each in docs/analyst-guide.md, The way in"""


def add(connection: Any, person: Person) -> list[str]:
    """Write the person down and make both logins; give what the person is to be told.

    Raises BadInput for a name or scope that cannot be, or that is taken.
    """
    persons.check(person)
    with persons.changing():
        before = persons.read()
        if person.name in {other.name for other in before}:
            raise BadInput(
                f"{person.name} has a login",
                f"`ita login password {person.name}` gives it a new password",
            )
        persons.write([*before, person])
        try:
            logins.plan(connection)  # is there such a province, is the name free on the server?
        except BadInput:
            persons.write(before)
            raise
        password = logins.new_password(connection, person.name)
        logins.sync(connection)
    return _told(person, password)


def new_password(connection: Any, name: str) -> list[str]:
    """Give the person's own login a new password. Raises BadInput for nobody."""
    with persons.changing():
        person = _known(name)
        password = logins.new_password(connection, name)
        logins.sync(connection)
    return _told(person, password)


def remove(connection: Any, name: str) -> None:
    """Take the person and both logins away. Raises BadInput for nobody."""
    with persons.changing():
        gone = _known(name)
        persons.write([person for person in persons.read() if person != gone])
        logins.sync(connection)
        logins.forget_password(name)


def listed(connection: Any) -> list[str]:
    """A line a person: login, what it reads as, name, address, and where something is missing."""
    missing = {
        login.person.name: f"({said}: `ita access sync`)"
        for login, said in logins.plan(connection).to_set
    }
    return [
        "  ".join(
            [
                f"{person.name:<20}",
                f"{person.role:<16}",
                *filter(None, (person.full_name, person.email, missing.get(person.name))),
            ]
        ).rstrip()
        for person in persons.read()
    ] or ["no persons yet: `ita login add NAME --province CODE`"]


def _known(name: str) -> Person:
    if person := persons.find(name):
        return person
    raise BadInput(f"{name} has no login", "`ita login list` says who has one")


def _told(person: Person, password: str) -> list[str]:
    """What the person needs; the password is shown nowhere else."""
    where = connect.parameters()
    host, port, tls, odbc = where["host"], where["port"], "", ""
    if (outside := door.address()) and not settings.external_dsn():
        host, port = certificate.names()[0], str(outside[1])
        tls = f"?sslmode=verify-full&sslrootcert={CERTIFICATE}"
        odbc = f"SSLmode=verify-full;Pqopt={{sslrootcert={CERTIFICATE}}};"
    told = TOLD.format(
        host=host,
        port=port,
        database=where["dbname"],
        user=person.name,
        role=person.role,
        password=password,
        desk=desk_login.login(person.name),
        uri=f"postgresql://{person.name}@{host}:{port}/{where['dbname']}{tls}",
        sqlalchemy=f"postgresql+psycopg://{person.name}@{host}:{port}/{where['dbname']}{tls}",
        odbc=odbc,
    ).splitlines()
    if tls:
        told.insert(-1, f"TLS       {certificate.path()} goes with it, as the file {CERTIFICATE}")
    return told
