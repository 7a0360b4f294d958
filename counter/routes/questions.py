"""Questions and disputes about figures: an agency asks, its province or headquarters answers."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from counter import figures, forms, pages
from counter.figures import Figure
from counter.forms import SessionForm
from counter.visitor import Agency, Headquarters, Known, Person

router = APIRouter()
LONGEST = 4000


@router.get("/ask/{year}/{address}")
def form_to_ask(request: Request, who: Agency, year: int, address: str) -> Response:
    figure = _figure(who, year, address)
    return pages.render(request, "ask.html", who, year=year, figure=figure)


@router.post("/ask/{year}/{address}")
def ask(who: Agency, year: int, address: str, form: SessionForm) -> Response:
    """Keep the question with the figure's address and what it says now."""
    figure = _figure(who, year, address)
    kind, said = forms.text(form, "kind"), forms.text(form, "text", LONGEST)
    if kind not in ("question", "dispute") or not said:
        raise HTTPException(400)
    number = who.call("ask", year, address, f"{figure.title}: {figure.shown}", kind, said)
    if number is None:
        raise HTTPException(429)
    return RedirectResponse(f"/questions/{number}", 303)


def _figure(who: Agency, year: int, address: str) -> Figure:
    found = who.call("figures", who.agency_id, year) if 2500 <= year <= 2700 else None
    figure = figures.find(found, year, address) if found else None
    if not figure:
        raise HTTPException(404)
    return figure


@router.get("/questions/{number}")
def question(request: Request, who: Known, number: int) -> Response:
    return pages.render(request, "question.html", who, question=_question(who, number))


@router.post("/questions/{number}")
def answer(who: Person, number: int, form: SessionForm) -> Response:
    said = forms.text(form, "text", LONGEST)
    if not said:
        raise HTTPException(400)
    _question(who, number)
    who.call("answer", number, said)
    return RedirectResponse(f"/questions/{number}", 303)


def _question(who: Known, number: int) -> dict:
    found = who.call("question", number) if 0 < number < 2**62 else None
    if not found:
        raise HTTPException(404)
    return found


@router.get("/questions")
def of_country(request: Request, who: Headquarters) -> Response:
    found = who.call("questions", None)
    return pages.render(request, "questions.html", who, questions=found, code=None)
