"""A run that ends itself with SIGKILL at a point: `python -m tests.delivery.killed POINT NUMBER`.

POINT is module:name; before the NUMBERth call of it the process is gone.
"""

import os
import signal
import sys
from importlib import import_module
from typing import Any

from delivery import run
from reports import message
from tests.delivery.conftest import NIGHT
from warehouse import connect

point, number = sys.argv[1], int(sys.argv[2])
module, _, name = point.partition(":")
where = import_module(module)
where, name = (where.Post, name[5:]) if name.startswith("Post.") else (where, name)
real, calls = getattr(where, name), [0]


def killing(*arguments: Any, **named: Any) -> Any:
    calls[0] += 1
    if calls[0] == number:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **named)


setattr(where, name, killing)
with connect.connect(autocommit=True) as connection, connect.lock("deliver"):
    run.run(connection, message, NIGHT)
