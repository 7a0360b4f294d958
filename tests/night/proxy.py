"""The proxy of a house in front of Airflow's pages: TLS, and accounts that the house keeps."""

import base64
import http.client
import ssl
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from warehouse import certificate

ACCOUNT = "Basic " + base64.b64encode(b"somchai:of the house").decode()


class _Handler(BaseHTTPRequestHandler):
    """Asks for the house's account, then hands on: the pages see neither it nor a wrong address."""

    pages = 0  # their port

    def do_GET(self):
        if self.headers.get("Authorization") != ACCOUNT:
            return self._answer(401, [("WWW-Authenticate", "Basic")], b"")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        passed_on = {name: self.headers[name] for name in self.headers if name != "Authorization"}
        pages = http.client.HTTPConnection("127.0.0.1", self.pages, timeout=60)
        pages.request(self.command, self.path, body, passed_on | {"X-Forwarded-Proto": "https"})
        answer = pages.getresponse()
        content = answer.read()
        kept = [(name, value) for name, value in answer.getheaders() if name in _KEPT]
        return self._answer(answer.status, kept, content)

    do_POST = do_GET  # noqa: N815  the name that http.server looks for

    def _answer(self, status, headers, content):
        self.send_response(status)
        for name, value in [*headers, ("Content-Length", str(len(content)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


_KEPT = {"content-type", "location", "set-cookie"}


class Proxy:
    """A running proxy on `port`, by the certificate that the product makes where none is given."""

    def __init__(self, port: int, pages: int):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made = certificate.have(["127.0.0.1"], datetime.now(UTC))
        context.load_cert_chain(made, made.with_name("server.key"))
        self.trusted = ssl.create_default_context(cafile=made)
        handler = type("Handler", (_Handler,), {"pages": pages})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def call(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None):
        """Status, headers and content of a request to it; a redirect is not followed."""
        asked = http.client.HTTPSConnection(
            "127.0.0.1", self.server.server_port, timeout=60, context=self.trusted
        )
        asked.request(method, path, body, headers)
        answer = asked.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
