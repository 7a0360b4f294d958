"""`ita counter` itself: what it says where it cannot be opened."""

import socket

import psycopg
from click.testing import CliRunner

from ita import cli
from warehouse import connect


def test_a_port_that_is_taken_is_a_fault_and_a_broken_password_is_made_anew(counter_home):
    _, home = counter_home
    password = home / "secrets" / "role-ita_counter"
    password.write_bytes(b"\xff")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(cli.main, ["counter", "--port", str(port)])
    assert done.exit_code == 1 and f"cannot be opened at 127.0.0.1:{port}" in done.output
    with psycopg.connect(connect.address("ita_counter", password.read_text())):
        pass
