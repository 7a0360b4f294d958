"""Who may come to the server from where: pg_hba.conf of the embedded one, and lines for another.

The groups are those of publish/logins.py: `ita_person`, persons with a password of their own, and
`ita_desk`, the desk's logins. What no line names is refused.
"""

import os
from pathlib import Path

from warehouse import durable

# From where the door with TLS asks for those beyond this machine (warehouse/door.py).
DOOR = "127.0.0.2"
EMBEDDED = f"""\
# Written by ita at every start (warehouse/hba.py). From this machine everybody by their password,
# the desk's logins from nowhere else; through the door with TLS, from {DOOR}, persons only.
host  all  all          127.0.0.1/32  scram-sha-256
host  all  all          ::1/128       scram-sha-256
host  ita  +ita_person  {DOOR}/32  scram-sha-256
"""
OUTSIDE = """\
# before all lines of its kind, in pg_hba.conf of the server; then: select pg_reload_conf();
hostssl  {database}  +ita_desk    {desk}  scram-sha-256
host     all  +ita_desk    all  reject
hostssl  {database}  +ita_person  {persons}  scram-sha-256
host     all  +ita_person  all  reject"""


def write(data: Path, server: dict) -> bool:
    """Put EMBEDDED in the folder of data; True where it was another. `server`: whose file it is,
    as warehouse.cluster.account gives it."""
    path = data / "pg_hba.conf"
    durable.make_way(path)
    if path.is_file() and path.read_bytes() == EMBEDDED.encode():
        return False
    draft = path.with_name("pg_hba.conf.ita")
    draft.write_text(EMBEDDED)
    draft.chmod(0o600)
    if server:
        os.chown(draft, server["user"], server["group"])
    draft.replace(path)
    return True


def of_another_server(database: str, desk: str, persons: str) -> list[str]:
    """Lines for the administrator of a server that is not ours; networks as pg_hba.conf has them
    (10.0.0.5/32, all)."""
    return OUTSIDE.format(database=database, desk=desk, persons=persons).splitlines()
