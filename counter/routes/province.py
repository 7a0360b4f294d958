"""A province's pages: who handed in, contacts, letters, packs; for itself and for headquarters."""

from collections.abc import Iterator
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from counter import doors, forms, pages, shelf, thai, zipping
from counter.forms import SessionForm
from counter.routes.agency import PACK, Year, as_file, attachment
from counter.visitor import Person

router = APIRouter()


@router.get("/province/{code}")
def province(
    request: Request,
    who: Person,
    code: str,
    year: Annotated[int | None, Query(ge=2500, le=2700)] = None,
) -> Response:
    year = year or thai.years()[0]
    found = who.call("province", code, year)
    if not found or code not in thai.provinces():
        raise HTTPException(404)
    return pages.render(
        request, "province.html", who, code=code, year=year, years=thai.years(), **found
    )


@router.get("/province/{code}/contacts")
def contacts(request: Request, who: Person, code: str) -> Response:
    _must_see(who, code)
    return pages.render(
        request,
        "contacts.html",
        who,
        code=code,
        contacts=who.call("contacts", code),
        said="",
        wrong={},
    )


@router.post("/province/{code}/contacts")
async def mend_contact(request: Request, who: Person, code: str, form: SessionForm) -> Response:
    """Write one agency's address; PostgreSQL says whether the session is in charge of it."""
    await to_thread.run_sync(_must_see, who, code)
    agency_id, email = forms.text(form, "agency_id", 64), forms.text(form, "email", 200)
    from warehouse.contacts import is_address

    if email and not is_address(email):
        found = await to_thread.run_sync(who.call, "contacts", code)
        said = "อีเมลไม่ถูกรูปแบบ ตัวอย่าง: ita@example.go.th"
        wrong = {"agency_id": agency_id, "email": email}
        return pages.render(
            request, "contacts.html", who, 400, code=code, contacts=found, said=said, wrong=wrong
        )
    await request.app.state.crew.ask(
        "mend_contact", whose=code, session=who.session, agency_id=agency_id, email=email
    )
    return RedirectResponse(f"/province/{code}/contacts", 303)


@router.get("/province/{code}/letters")
def letters(request: Request, who: Person, code: str) -> Response:
    _must_see(who, code)
    return pages.render(
        request, "letters.html", who, code=code, contacts=who.call("contacts", code)
    )


@router.post("/province/{code}/letters")
async def print_letters(request: Request, who: Person, code: str, form: SessionForm) -> Response:
    """The letters of the chosen agencies as one PDF; their codes are nowhere else."""
    await to_thread.run_sync(_must_see, who, code)
    chosen = [value for value in form.getlist("agency_id") if isinstance(value, str)]
    if not chosen:
        return RedirectResponse(f"/province/{code}/letters", 303)
    try:
        made = await request.app.state.crew.ask(
            "letters", whose=code, session=who.session, agencies=chosen, people=[]
        )
    except doors.Refused:
        raise HTTPException(404) from None
    return as_file(made, f"letters-{code}.pdf", "application/pdf")


@router.get("/province/{code}/packs/{year}.zip")
def packs(who: Person, code: str, year: Year) -> Response:
    """All packs of a year as the night wrote them, streamed: no more than a block in memory."""
    _must_see(who, code)
    found = who.rows("packs", None, code, year)

    def members() -> Iterator[tuple[str, str]]:
        for one in found:
            for name in PACK:
                file = shelf.pack_file(year, one["province_code"], one["agency_id"], name)
                if file:
                    yield "/".join(file.parts[-4:]), str(file)  # year/province/agency/name

    return StreamingResponse(
        zipping.stream(members()),
        media_type="application/zip",
        headers=attachment(f"packs-{year}-{code}.zip"),
    )


@router.get("/province/{code}/questions")
def questions(request: Request, who: Person, code: str) -> Response:
    _must_see(who, code)
    found = who.call("questions", code)
    return pages.render(request, "questions.html", who, questions=found, code=code)


def _must_see(who: Person, code: str) -> None:
    """404 unless the province is there and the session's; the functions that follow ask again."""
    own = who.kind == "headquarters" or who.province_code == code
    if not own or code not in thai.provinces():
        raise HTTPException(404)
