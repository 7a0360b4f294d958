"""Forms: who may send them, how large they may be. Read only after it is known who sends."""

import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect

from counter import codes
from counter.visitor import Visitor, required

FORM_COOKIE = "ita_form"
FIELD = "form_key"


def key_of(request: Request, who: Visitor | None) -> str:
    """What a form of this visitor carries: bound to the session, before one to a cookie."""
    if who:
        return codes.hashed(f"form {who.token}")
    return codes.hashed(f"form {request.cookies.get(FORM_COOKIE) or request.state.form_cookie}")


def check_origin(request: Request) -> None:
    """Refuse a form that another site sends, by what the browser says of where it comes from."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    host = request.headers.get("host", "")
    if origin and (origin == "null" or urlsplit(origin).netloc != host):
        raise HTTPException(403)
    if site and site not in ("same-origin", "none"):
        raise HTTPException(403)


async def _read(request: Request, who: Visitor | None) -> FormData:
    check_origin(request)
    try:
        form = await request.form(max_files=1, max_fields=2_000, max_part_size=64 * 1024)
    except HTTPException as error:
        raise HTTPException(413 if error.status_code == 413 else 400) from None
    except ClientDisconnect:  # the line went dead amid a file: nobody is there to be told
        raise HTTPException(400) from None
    sent = form.get(FIELD)
    known = who is not None or FORM_COOKIE in request.cookies
    if (
        not known
        or not isinstance(sent, str)
        or not hmac.compare_digest(sent.encode(), key_of(request, who).encode())
    ):
        raise HTTPException(403)
    return form


async def of_session(request: Request, who: Annotated[Visitor, Depends(required)]) -> FormData:
    """The form that a session sends. 403 for one that is not from a page of its own."""
    return await _read(request, who)


async def of_anybody(request: Request) -> FormData:
    """The form of a page for signing in: also where a session is open, it is not the session's."""
    return await _read(request, None)


def text(form: FormData, name: str, longest: int = 200) -> str:
    """A field as one trimmed text; '' where it is none. 400 where it is too long."""
    value = form.get(name)
    if value is None or isinstance(value, UploadFile):
        return ""
    if len(value) > longest:
        raise HTTPException(400)
    return "".join(c for c in value.strip() if c in "\n\t" or c >= " " and c != "\x7f")


SessionForm = Annotated[FormData, Depends(of_session)]
AnybodysForm = Annotated[FormData, Depends(of_anybody)]
