"""Headquarters' pages: the country by province, what waits for a person, letters for persons."""

import asyncio
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from counter import forms, pages, thai
from counter.forms import SessionForm
from counter.routes.agency import as_file
from counter.visitor import Headquarters

router = APIRouter()


@router.get("/country")
def country(
    request: Request,
    who: Headquarters,
    year: Annotated[int | None, Query(ge=2500, le=2700)] = None,
) -> Response:
    year = year or thai.years()[0]
    return pages.render(
        request,
        "country.html",
        who,
        year=year,
        years=thai.years(),
        provinces=who.call("country", year),
    )


@router.get("/waiting")
def waiting(request: Request, who: Headquarters) -> Response:
    """Held publications and registry rows that wait, each with its preview; messages of which
    nobody knows whether they went out."""
    return pages.render(request, "waiting.html", who, **who.call("waiting"))


@router.post("/waiting")
async def decide(request: Request, who: Headquarters, form: SessionForm) -> Response:
    """Approve or refuse, with a reason; a message again or not. Carried out as the commands do."""
    subject, verdict = forms.text(form, "subject"), forms.text(form, "verdict")
    reason = forms.text(form, "reason", 2000)
    of_message = verdict in ("again", "drop")
    if not of_message and (verdict not in ("approve", "refuse") or not reason):
        raise HTTPException(400)
    if await to_thread.run_sync(who.call, "decide", subject, verdict, reason) != "ok":
        raise HTTPException(404)
    await asyncio.wait([request.app.state.crew.post("carry_out")], timeout=20)
    return RedirectResponse("/waiting", 303)


@router.get("/people")
def people(request: Request, who: Headquarters) -> Response:
    return pages.render(request, "people.html", who, people=who.call("persons"))


@router.post("/people")
async def print_letters(request: Request, who: Headquarters, form: SessionForm) -> Response:
    """Letters with a code for persons of provinces and of headquarters."""
    chosen = [value for value in form.getlist("person") if isinstance(value, str)]
    if not chosen:
        return RedirectResponse("/people", 303)
    made = await request.app.state.crew.ask(
        "letters", session=who.session, agencies=[], people=chosen
    )
    return as_file(made, "letters-people.pdf", "application/pdf")
