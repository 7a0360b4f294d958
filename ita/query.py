"""`ita query`: one read-only statement, as a role, in three formats."""

import csv
import datetime
import decimal
import json
import sys
from typing import Any

import psycopg

from publish import access, operator
from warehouse import connect, schema
from warehouse.connect import one
from warehouse.errors import BadInput, Fault, NotAllowed

TABLE_ROWS = 200


def run(statement: str, role: str, format_: str) -> None:
    """Run one statement and print its rows: `json` and `csv` all, `table` says when it cuts.

    Raises BadInput for SQL that does not run, NotAllowed for what the role may not read or write.
    """
    known = [row["role_name"] for row in access.roles()]
    owner = connect.parameters()["user"]
    if role not in known and role != owner:
        raise BadInput(f"--as {role}: no such role", f"one of {', '.join(known[:3])} … or {owner}")
    login = _operator() if role == owner else role
    with connect.connect(login) as connection:
        connection.read_only = True
        pid = connection.info.backend_pid
        try:
            # the binary protocol takes one statement only: nothing can follow a commit
            with connection.cursor(binary=True) as cursor:
                cursor.execute(statement)
                if cursor.description is None:
                    raise BadInput("the statement gives no rows", "write a select")
                WRITERS[format_]([column.name for column in cursor.description], cursor)
        except (
            psycopg.errors.InsufficientPrivilege,
            psycopg.errors.ReadOnlySqlTransaction,
            psycopg.errors.ObjectNotInPrerequisiteState,  # to write to a view that is a union
        ) as error:
            raise NotAllowed(
                f"{role}: {_first_line(error)}",
                f"roles read schema mart only; --as {owner} reads raw and ops",
            ) from error
        except psycopg.OperationalError as error:
            raise Fault(*_why_ended(pid, login, error)) from error
        except psycopg.Error as error:
            raise BadInput(
                _first_line(error), "check the SQL; the columns are in the data dictionary"
            ) from error


def _why_ended(pid: int, role: str, error: psycopg.Error) -> tuple[str, str]:
    """What was wrong and what to do, where the server ended the session or the statement."""
    with connect.connect() as owner:
        noted = owner.execute(
            """
            select reason_th, reason_en from ops.interference
            where role_name = %s and pid = %s order by interference_no desc limit 1""",
            [role, pid],
        ).fetchone()
    if not noted:
        return _first_line(error), "see `ita status`"
    return f"{role}: the session was ended: {noted[1]} ({noted[0]})", "ask again"


def _operator() -> str:
    """The login that reads what the owner does, without the rights of a superuser."""
    with connect.connect(autocommit=True) as connection:
        schema.apply(connection)
        if not one(connection.execute("select to_regrole(%s)", [operator.READS_LIKE]))[0]:
            access.apply(connection)  # a server on which `ita up` was never said
        return operator.login(connection)


def _first_line(error: psycopg.Error) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _plain(value: Any) -> Any:
    """A value as JSON knows it: numbers stay numbers, dates are ISO text."""
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, (str, int, float, bool, dict)) or value is None:
        return value
    return str(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(_plain(value), ensure_ascii=False)
    return str(value)


def _write_json(names: list[str], rows: psycopg.Cursor) -> None:
    sys.stdout.write("[")
    for number, row in enumerate(rows):
        sys.stdout.write(
            (",\n" if number else "\n")
            + json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False)
        )
    sys.stdout.write("\n]\n")


def _write_csv(names: list[str], rows: psycopg.Cursor) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(map(_text, row) for row in rows)


def _write_table(names: list[str], rows: psycopg.Cursor) -> None:
    shown = [[_text(value) for value in row] for row in rows.fetchmany(TABLE_ROWS)]
    widths = [max(map(_width, column)) for column in zip(names, *shown, strict=True)]
    for row in [names, ["-" * width for width in widths], *shown]:
        print(
            "  ".join(
                cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
            ).rstrip()
        )
    more = rows.rowcount - len(shown)
    print(
        f"({len(shown)} rows"
        + (f"; {more} more are not shown: use --format csv or json)" if more > 0 else ")")
    )


def _width(text: str) -> int:
    """Columns on the screen: Thai vowel and tone marks stand above or below their letter."""
    return sum(
        not (letter == "\u0e31" or "\u0e34" <= letter <= "\u0e3a" or "\u0e47" <= letter <= "\u0e4e")
        for letter in text
    )


WRITERS = {"json": _write_json, "csv": _write_csv, "table": _write_table}
