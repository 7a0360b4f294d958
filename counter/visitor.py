"""Who asks: the session of the cookie, as PostgreSQL knows it. No session, no page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request, Response

from counter import codes, database

COOKIE = "ita_session"
# Longer than any session, which PostgreSQL ends: by a cookie of one that is over, the page to sign
# in knows to say so.
KEPT = 24 * 3600
SOON = timedelta(minutes=15)


class NotSignedIn(Exception):
    """Nobody, or no more: the page to sign in is shown."""


@dataclass(frozen=True)
class Visitor:
    """A session. kind: agency, province or headquarters; the others are None where not of it."""

    token: str
    kind: str
    agency_id: str | None
    person: str | None
    province_code: str | None
    name_th: str | None
    agency_type: str | None
    ends_at: str

    @property
    def ends_soon(self) -> bool:
        """It is time to say so: a page may stay open for as long as this."""
        return self._left < SOON

    @property
    def seconds_left(self) -> int:
        return int(self._left.total_seconds())

    @property
    def _left(self) -> timedelta:
        return datetime.fromisoformat(self.ends_at) - database.now()

    @property
    def session(self) -> str:
        """What PostgreSQL knows the session by."""
        return codes.hashed(self.token)

    def call(self, function: str, *values: Any) -> Any:
        """The value of a function of counter_api, for this session."""
        return database.call(function, self.session, *values)

    def rows(self, function: str, *values: Any) -> list[dict]:
        return database.rows(function, self.session, *values)


def visitor(request: Request) -> Visitor | None:
    """The session of the request; None for none."""
    token = request.cookies.get(COOKIE)
    if not token or len(token) > 100:
        return None
    found = database.call("who", codes.hashed(token))
    return Visitor(token=token, **found) if found else None


def required(who: Annotated[Visitor | None, Depends(visitor)]) -> Visitor:
    if who is None:
        raise NotSignedIn
    return who


def agency(who: Annotated[Visitor, Depends(required)]) -> Visitor:
    """An agency's session; others find nothing here."""
    if who.kind != "agency":
        raise HTTPException(404)
    return who


def person(who: Annotated[Visitor, Depends(required)]) -> Visitor:
    """A person of a province or of headquarters."""
    if who.kind == "agency":
        raise HTTPException(404)
    return who


def headquarters(who: Annotated[Visitor, Depends(required)]) -> Visitor:
    if who.kind != "headquarters":
        raise HTTPException(404)
    return who


def keep(response: Response, token: str, secure: bool) -> None:
    """Give the browser the session's token: for our pages only, and no script reads it."""
    response.set_cookie(
        COOKIE, token, max_age=KEPT, httponly=True, samesite="lax", secure=secure, path="/"
    )


Anybody = Annotated[Visitor | None, Depends(visitor)]
Known = Annotated[Visitor, Depends(required)]
Agency = Annotated[Visitor, Depends(agency)]
Person = Annotated[Visitor, Depends(person)]
Headquarters = Annotated[Visitor, Depends(headquarters)]
