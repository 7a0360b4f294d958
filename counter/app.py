"""The web application: put together from its routes, with what holds for every answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from counter import doors, pages
from counter.crew import Crew, Failed
from counter.routes import agency, files, headquarters, province, questions, signing_in
from counter.visitor import NotSignedIn
from counter.work import Work

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # 'same-origin', not 'no-referrer': with that, browsers send forms with Origin: null
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
SMALL_FORM = 2_000_000  # bytes of a form without a file


@dataclass(frozen=True)
class Settings:
    """url: where people reach it (a proxy's address, where there is one); most_bytes: of a file."""

    url: str
    fonts: Path  # a folder with Sarabun-Regular.woff2 and Sarabun-Bold.woff2
    most_bytes: int = 20_000_000
    judges: int = 2

    @property
    def secure(self) -> bool:
        """By TLS: cookies go no other way."""
        return self.url.startswith("https://")


def create(settings: Settings, work: Work) -> FastAPI:
    """The application; its back room starts and ends with it."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        app.state.settings = settings
        app.state.crew = Crew(work, settings.url, settings.judges)
        await app.state.crew.start()
        yield
        await app.state.crew.stop()

    app = FastAPI(lifespan=life, openapi_url=None, docs_url=None, redoc_url=None)
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")))
    for routes in (signing_in, agency, files, questions, province, headquarters):
        app.include_router(routes.router)
    app.add_exception_handler(NotSignedIn, _to_sign_in)
    app.add_exception_handler(doors.Refused, _refused)
    app.add_exception_handler(RequestValidationError, _refused)
    app.add_exception_handler(psycopg.DataError, _refused)  # an address with a NUL or the like
    app.add_exception_handler(Failed, _fault)
    app.add_exception_handler(HTTPException, _said)
    app.add_exception_handler(Exception, _fault)

    @app.get("/health")
    def health() -> dict[str, str]:
        """For the service's health check: the process and its database answer."""
        from counter import database

        database.call("link_is_good", "0" * 64)
        return {"state": "ok"}

    @app.get("/fonts/{style}.woff2")
    def font(style: Literal["Regular", "Bold"]) -> FileResponse:
        """Thai on an old machine that has no good font of its own."""
        return FileResponse(settings.fonts / f"Sarabun-{style}.woff2", media_type="font/woff2")

    app.add_middleware(_Outside, settings=settings)
    return app


async def _to_sign_in(request: Request, error: Exception) -> Response:
    return RedirectResponse("/in", 303)


async def _refused(request: Request, error: Exception) -> Response:
    return pages.problem(request, 404)


async def _said(request: Request, error: Exception) -> Response:
    return pages.problem(request, getattr(error, "status_code", 500))


async def _fault(request: Request, error: Exception) -> Response:
    return pages.problem(request, 500)


class _TooLarge(Exception):
    pass


class _Outside:
    """Around all routes: the host that is asked for, the bytes that come in, the headers out."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.hosts = {urlsplit(settings.url).netloc, "127.0.0.1", "localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"])
        host = given.get(b"host", b"").decode("latin-1")
        if host not in self.hosts and host.partition(":")[0] not in ("127.0.0.1", "localhost"):
            await Response("unknown host", 421)(scope, receive, send)
            return
        most = self.settings.most_bytes if scope["path"] == "/upload" else SMALL_FORM
        most += 10_000  # what a form writes around a file
        length, came, begun = given.get(b"content-length", b"0"), 0, False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise _TooLarge
            return message

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                has = {name for name, _ in message["headers"]}
                added = [(n.encode(), v.encode()) for n, v in self._headers(scope["path"]).items()]
                message["headers"] = [*message["headers"], *(h for h in added if h[0] not in has)]
            await send(message)

        try:
            if not length.isdigit() or int(length) > most:
                raise _TooLarge
            await self.app(scope, counted, with_headers)
        except _TooLarge:
            if begun:
                raise
            answer = pages.problem(Request(scope), 413)
            answer.headers["connection"] = "close"
            await answer(scope, receive, with_headers)

    def _headers(self, path: str) -> dict[str, str]:
        found = dict(HEADERS)
        if path.startswith(("/static/", "/fonts/")):
            found["cache-control"] = "public, max-age=3600"
        if self.settings.secure:
            found["strict-transport-security"] = "max-age=31536000"
        return found
