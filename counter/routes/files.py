"""Files: put in, judged at once, handed in only when she says so, taken back."""

import asyncio
import hashlib
import secrets
from pathlib import Path

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from counter import pages, shelf
from counter.forms import SessionForm
from counter.routes.agency import WORKBOOK, as_file
from counter.visitor import Agency, Known
from warehouse.settings import home

router = APIRouter()
AT_ONCE = 8.0  # seconds that the answer to an upload waits for the judgement
BLOCK = 1024 * 1024


@router.post("/upload")
async def put_in(request: Request, who: Agency, form: SessionForm) -> Response:
    """Take a file, have it judged, show its receipt."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise HTTPException(400)
    if (file.size or 0) > request.app.state.settings.most_bytes:
        raise HTTPException(413)
    if not shelf.has_room():
        raise HTTPException(507)
    upload_id, name = secrets.token_hex(16), shelf.safe(shelf.decoded(file.filename))
    draft = shelf.incoming() / upload_id
    try:
        digest, length = await to_thread.run_sync(_keep, file, draft)
        await to_thread.run_sync(shelf.put, upload_id, name, draft)
        said = await to_thread.run_sync(who.call, "add_upload", upload_id, name, digest, length)
    finally:
        draft.unlink(missing_ok=True)
    if said != "ok":
        shelf.clear(upload_id)
        raise HTTPException(429)
    judging = request.app.state.crew.look_at(who.agency_id, upload_id)
    await asyncio.wait([judging], timeout=AT_ONCE)
    return RedirectResponse(f"/uploads/{upload_id}", 303)


def _keep(file: UploadFile, draft: Path) -> tuple[str, int]:
    """Write the bytes to a file of ours; their SHA-256 and number."""
    digest, length = hashlib.sha256(), 0
    file.file.seek(0)
    with draft.open("wb") as writing:
        while block := file.file.read(BLOCK):
            digest.update(block)
            length += len(block)
            writing.write(block)
    return digest.hexdigest(), length


@router.get("/uploads/{upload_id}")
def upload(request: Request, who: Known, upload_id: str) -> Response:
    """A file: waiting, or its receipt, and what became of it."""
    found = who.call("upload", upload_id)
    if not found:
        raise HTTPException(404)
    receipt = found["receipt"]
    if found["night"]:  # what the night said counts
        from warehouse.durable import read_json

        receipt = read_json(home() / "receipts" / f"{found['submission_sha256']}.json") or receipt
    return pages.render(request, "upload.html", who, upload=found, receipt=receipt)


@router.get("/uploads/{upload_id}/state")
def state(who: Known, upload_id: str) -> dict[str, str]:
    """For the script that waits for a judgement."""
    found = who.call("upload", upload_id)
    if not found:
        raise HTTPException(404)
    return {"state": found["state"]}


@router.get("/uploads/{upload_id}/marked.xlsx")
def marked(who: Known, upload_id: str) -> Response:
    """Her workbook, with the cells of the findings marked."""
    found = who.call("marked", upload_id)
    if not found:
        raise HTTPException(404)
    return as_file(bytes(found), "marked.xlsx", WORKBOOK)


@router.post("/uploads/{upload_id}/hand-in")
async def hand_in(request: Request, who: Agency, upload_id: str, form: SessionForm) -> Response:
    return await _have_done(request, who, "hand_in", upload_id)


@router.post("/uploads/{upload_id}/withdraw")
async def withdraw(request: Request, who: Agency, upload_id: str, form: SessionForm) -> Response:
    return await _have_done(request, who, "ask_withdrawal", upload_id)


async def _have_done(request: Request, who: Agency, what: str, upload_id: str) -> Response:
    """Say it in PostgreSQL, then have it carried out; if that is cut off, it is done later."""
    if await to_thread.run_sync(who.call, what, upload_id) != "ok":
        if not await to_thread.run_sync(who.call, "upload", upload_id):
            raise HTTPException(404)
    else:
        doing = request.app.state.crew.post("carry_out")
        await asyncio.wait([doing], timeout=AT_ONCE)
    return RedirectResponse(f"/uploads/{upload_id}", 303)
