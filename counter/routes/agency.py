"""The page, figures, packs and workbooks of an agency: for itself, its province, headquarters."""

import re
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import FileResponse, Response

from counter import due, figures, pages, shelf, thai
from counter.visitor import Known
from warehouse import durable, settings

router = APIRouter()
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What a pack holds: file -> what it is, its type.
PACK = {
    "pack.pdf": ("รายงานวิเคราะห์ (PDF)", "application/pdf"),
    "pack.docx": ("รายงานวิเคราะห์ แก้ไขได้ (Word)", WORD),
    "pack.xlsx": ("ตารางข้อมูล (Excel)", WORKBOOK),
    "pack.html": ("รายงานวิเคราะห์ (หน้าเว็บ)", "text/html; charset=utf-8"),
    "pack.json": ("ข้อมูลสำหรับโปรแกรม (JSON)", "application/json"),
    "todo.pdf": ("สิ่งที่ต้องทำก่อนเผยแพร่ (PDF)", "application/pdf"),
    "todo.html": ("สิ่งที่ต้องทำก่อนเผยแพร่ (หน้าเว็บ)", "text/html; charset=utf-8"),
    "measures.xlsx": ("แบบมาตรการและความก้าวหน้า (Excel)", WORKBOOK),
}
# A page that we made of what others wrote is read as a page, and can do nothing.
READ_ONLY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
AgencyId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Year = Annotated[int, Path(ge=2500, le=2700)]


@router.get("/agency/{agency_id}")
def agency(request: Request, who: Known, agency_id: str) -> Response:
    found = who.call("agency", agency_id)
    if not found:
        raise HTTPException(404)
    return pages.render(
        request,
        "agency.html",
        who,
        **found,
        due=due.of(found["units"], found["results"], found["agency"]["valid_to"]),
        years=thai.years(),
        pack_files={name: said for name, (said, _) in PACK.items()},
        most=request.app.state.settings.most_bytes,
    )


@router.get("/agency/{agency_id}/history")
def history(request: Request, who: Known, agency_id: str) -> Response:
    found = who.call("agency", agency_id)
    if not found:
        raise HTTPException(404)
    events = who.call("history", agency_id)
    return pages.render(request, "history.html", who, agency=found["agency"], events=events)


@router.get("/agency/{agency_id}/{year}")
def results(request: Request, who: Known, agency_id: str, year: Year) -> Response:
    """Every figure of a year, each with the way to ask about it."""
    found = who.call("figures", agency_id, year)
    if not found:
        raise HTTPException(404)
    return pages.render(
        request,
        "results.html",
        who,
        agency_id=agency_id,
        year=year,
        result=found["assessment"],
        groups=figures.groups(found, year),
    )


@router.get("/agency/{agency_id}/template/{year}.xlsx")
async def template(request: Request, who: Known, agency_id: str, year: Year) -> Response:
    return await _workbook(request, who, agency_id, year, "scores")


@router.get("/agency/{agency_id}/measures/{year}.xlsx")
async def measures(request: Request, who: Known, agency_id: str, year: Year) -> Response:
    return await _workbook(request, who, agency_id, year, "measures")


async def _workbook(request: Request, who: Known, agency_id: str, year: int, kind: str) -> Response:
    made = await request.app.state.crew.ask(
        "template", whose=agency_id, session=who.session, agency_id=agency_id, year=year, kind=kind
    )
    return as_file(made, f"{kind}-{year}-{agency_id}.xlsx", WORKBOOK)


@router.get("/agency/{agency_id}/{year}/{file}")
async def pack(request: Request, who: Known, agency_id: str, year: Year, file: str) -> Response:
    """A file of a pack; a year that the night has not written is written now."""
    if file not in PACK:
        raise HTTPException(404)
    from anyio import to_thread

    where = await to_thread.run_sync(who.rows, "packs", agency_id, None, year)
    if not where:
        raise HTTPException(404)
    place = (year, where[0]["province_code"], where[0]["agency_id"], file)
    found = shelf.pack_file(*place)
    if not found:
        await request.app.state.crew.ask(
            "pack", whose=agency_id, session=who.session, agency_id=agency_id, year=year
        )
        found = shelf.pack_file(*place)
    if not found:
        raise HTTPException(404)
    kind = PACK[file][1]
    if file.endswith(".html"):
        return FileResponse(found, media_type=kind, headers={"content-security-policy": READ_ONLY})
    name = f"{file.rpartition('.')[0]}-{year}-{agency_id}.{file.rpartition('.')[2]}"
    return FileResponse(found, media_type=kind, headers=attachment(name))


@router.get("/receipts/{agency_id}/{sha256}")
def receipt(request: Request, who: Known, agency_id: str, sha256: str) -> Response:
    """The receipt of a file of the agency's own inbox that did not come by the counter."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256) or not who.call(
        "receipt_is_own", agency_id, sha256
    ):
        raise HTTPException(404)
    found = durable.read_json(settings.folder("receipts") / f"{sha256}.json")
    if not found:  # a broken one is made again by the night
        raise HTTPException(404)
    return pages.render(request, "receipt.html", who, agency_id=agency_id, receipt=found)


def attachment(name: str) -> dict[str, str]:
    """To be kept under a name of ours: nothing that others wrote is in a header."""
    return {
        "content-disposition": f'attachment; filename="{re.sub(r"[^A-Za-z0-9._-]", "_", name)}"'
    }


def as_file(content: bytes, name: str, kind: str) -> Response:
    return Response(content, media_type=kind, headers=attachment(name))
