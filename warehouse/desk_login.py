"""The login by which the desk asks for a person, and its password.

The desk logs in to PostgreSQL as `desk_NAME` for the person NAME, so that the wall is PostgreSQL's
(docs/decisions/0004). It can make the password itself: HMAC-SHA256 of the login's name with the
key in ITA_HOME/secrets/desk_key. Standard library only: the desk's configuration, which runs in an
environment of its own, imports this file, too.
"""

import hashlib
import hmac
import re

PREFIX = "desk_"
KEY = "desk_key"  # the secret's name
# A person's login: also a role of PostgreSQL that needs no quotes, and the user of the desk.
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def login(person: str) -> str:
    """The desk's login for a person. Raises ValueError for what is no login of a person."""
    if not NAME.fullmatch(person) or person.startswith(PREFIX):
        raise ValueError(f"{person!r} is no login of a person")
    return PREFIX + person


def password(key: str, login_: str) -> str:
    """The password of a login of the desk (64 hexadecimal digits), by the content of desk_key."""
    return hmac.new(key.strip().encode(), login_.encode(), hashlib.sha256).hexdigest()
