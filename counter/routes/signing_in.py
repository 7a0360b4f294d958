"""Signing in by a link or a letter: slowly, and nothing says whether an agency exists."""

import asyncio
import time

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from counter import codes, database, forms, pages, visitor
from counter.forms import AnybodysForm, SessionForm
from counter.visitor import Anybody, Known

router = APIRouter()
SLOWLY = 1.0  # seconds that every try takes, good or bad


@router.get("/")
def home(who: Known) -> Response:
    """To the page of whoever it is."""
    if who.kind == "agency":
        return RedirectResponse(f"/agency/{who.agency_id}", 303)
    if who.kind == "province":
        return RedirectResponse(f"/province/{who.province_code}", 303)
    return RedirectResponse("/country", 303)


@router.get("/in")
def ways_in(request: Request, who: Anybody) -> Response:
    if who:
        return RedirectResponse("/", 303)
    ended = visitor.COOKIE in request.cookies
    return pages.render(request, "sign_in.html", None, said="", login="", ended=ended)


@router.post("/in/link")
async def ask_for_link(request: Request, form: AnybodysForm) -> Response:
    """Whoever is named gets a mail, if there is somebody: the answer is the same."""
    whom = codes.typed(forms.text(form, "whom")) or "-"
    allowed = await to_thread.run_sync(database.call, "may_ask_link", *_marks(request, whom))
    if allowed:
        request.app.state.crew.post("link", whom=whom)
    return pages.render(request, "link_sent.html", None)


@router.get("/in/{token}")
def look_at_link(request: Request, token: str) -> Response:
    """Opening a link uses nothing: mail programs open links, too. The button does."""
    good = database.call("link_is_good", codes.hashed(token))
    return pages.render(request, "link.html", None, 200 if good else 404, token=token, good=good)


@router.post("/in/letter")
async def use_letter(request: Request, form: AnybodysForm) -> Response:
    login, code = forms.text(form, "login"), forms.text(form, "code")
    return await _come_in(request, codes.hashed_code(code), login or "-")


@router.post("/in/{token}")
async def use_link(request: Request, token: str, form: AnybodysForm) -> Response:
    return await _come_in(request, codes.hashed(token), None)


@router.post("/out")
def sign_out(who: Known, form: SessionForm) -> Response:
    who.call("sign_out")
    answer = RedirectResponse("/in", 303)
    answer.delete_cookie(visitor.COOKIE)
    return answer


@router.post("/stay")
def stay(request: Request, who: Known, form: SessionForm) -> Response:
    """An hour more, before a session ends: nobody loses what is half written."""
    who.call("stay")
    answer = RedirectResponse("/", 303)
    visitor.keep(answer, who.token, request.app.state.settings.secure)
    return answer


async def _come_in(request: Request, ticket: str, claimed: str | None) -> Response:
    """A new session with a new token, whatever the browser brought; or the same page as before."""
    began = time.monotonic()
    token = codes.token()
    before = request.cookies.get(visitor.COOKIE)
    whom = None if claimed is None else codes.typed(claimed)
    marks = _marks(request, whom or "link")
    if whom is None:  # a link's token is all there is: nobody tries those of an agency
        marks = (codes.hashed(f"link {ticket}"), marks[1])
    given = (ticket, whom, codes.hashed(token), *marks)
    said = await to_thread.run_sync(database.call, "sign_in", *given)
    await asyncio.sleep(max(0.0, SLOWLY - (time.monotonic() - began)))
    if said != "ok":
        words = {
            "no": "เข้าไม่ได้ โปรดตรวจรหัสทั้งสองช่องอีกครั้ง รหัสอาจถูกใช้แล้วหรือหมดอายุ",
            "later": "ลองหลายครั้งเกินไป โปรดรอหนึ่งชั่วโมงแล้วลองใหม่ หรือขอลิงก์ทางอีเมล",
        }[said]
        status, login = 429 if said == "later" else 403, claimed or ""
        return pages.render(
            request, "sign_in.html", None, status, said=words, login=login, ended=False
        )
    if before:
        await to_thread.run_sync(database.call, "sign_out", codes.hashed(before))
    answer = RedirectResponse("/", 303)
    visitor.keep(answer, token, request.app.state.settings.secure)
    return answer


def _marks(request: Request, whom: str) -> tuple[str, str]:
    """Whom a try is for and whence it comes, hashed."""
    address = request.client.host if request.client else ""
    return codes.hashed(f"for {whom}"), codes.hashed(f"from {address}")
