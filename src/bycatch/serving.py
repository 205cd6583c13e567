"""The report on this machine's own address: the same pages, and decisions written into the project as they are taken.

Whoever can send a request here could change the project's files. So: loopback only; a random token, handed over in the
first address and kept in a cookie that no other site can send; no foreign Host (a name that resolves to 127.0.0.1) and
no foreign Origin (a page elsewhere that posts here); only files with the names of a report are read.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import threading
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from bycatch.decisions import Decision, Outcome, Sheet, checked, dumped, inside, load, plain, replace_file
from bycatch.errors import UserError
from bycatch.runner import Scope

_FILES: Final = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
_NAME: Final = re.compile(
    r"(?:index\.html|(?:run|page|decide|index)\.js|(?:page|article)\.css|articles/[0-9a-f]{2}/[0-9a-f]{16}\.html)"
)
# A decision is about 600 bytes; a reviewer who takes ten thousand has a report for a phrase or a check.
_LARGEST: Final = 8_000_000
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
# A page from disk may connect to nothing; from here it may connect to here. That is all that is changed in it.
_META: Final = (b"default-src 'none'; style-src", b"default-src 'none'; connect-src 'self'; style-src")


class ServingError(UserError):
    """The report cannot be served; the message says what to do."""


@dataclass
class Desk:
    """What is being reviewed: the pages, the decisions so far, and how to carry them out."""

    site: Path
    project: Path
    kept: Path
    # Checks the articles, writes the pages and returns the digest of the run and what it read.
    report: Callable[[], tuple[str, Scope]]
    carry_out: Callable[[Sheet], Outcome]
    by: str = ""
    run: str = ""
    scope: Scope = field(default_factory=Scope)
    decisions: tuple[Decision, ...] = ()
    lock: Any = field(default_factory=threading.Lock)

    def open(self) -> str:
        """Write the pages and take up what was decided on this run before; returns a remark, or nothing.

        Raises ServingError where something would be written outside the project.
        """
        for place in (self.site, self.kept):
            if not inside(place, self.project):
                raise ServingError(f"{place}: lies outside the project; review writes inside {self.project} only")
        self.run, self.scope = self.report()
        self.decisions = ()
        if not self.kept.exists():
            return ""
        sheet = load(self.kept)
        if sheet.run == self.run:
            self.decisions = sheet.decisions
            return ""
        return f"earlier decisions are in {self._put_away(sheet.run).name}"

    def _put_away(self, run: str) -> Path:
        tidy = re.sub(r"[^0-9a-f]", "", run)[:12] or "unnamed"
        place = self.kept.with_name(f"{self.kept.stem}-{tidy}.toml")
        number = 1
        while place.exists():
            number += 1
            place = self.kept.with_name(f"{self.kept.stem}-{tidy}-{number}.toml")
        self.kept.rename(place)
        return place

    def state(self) -> dict[str, Any]:
        """What a page must know."""
        return {"run": self.run, "by": self.by, "decisions": [plain(decision) for decision in self.decisions]}

    def keep(self, given: Any) -> dict[str, Any]:
        """Take over the log of a page; raises UserError where it was taken on other pages or beside another one."""
        with self.lock:
            self._same_run(given)
            if given.get("had") != len(self.decisions):
                raise ServingError("decisions were taken in another tab; reload the page")
            self.decisions = checked(given.get("decisions"), "the page")
            replace_file(self.kept, dumped(self.run, self.scope, self.decisions))
            return self.state()

    def apply(self, given: Any) -> dict[str, Any]:
        """Carry the decisions out and write the report anew."""
        with self.lock:
            self._same_run(given)
            outcome = self.carry_out(Sheet(self.kept.name, self.run, self.scope, self.decisions))
            if self.kept.exists():
                self._put_away(self.run)
            self.open()
            return {"lines": outcome.lines or ["Nothing was decided."]}

    def _same_run(self, given: Any) -> None:
        if not isinstance(given, dict) or given.get("run") != self.run:
            raise ServingError("the report was written anew; reload the page")


class Server(ThreadingHTTPServer):
    """One desk on one loopback port."""

    daemon_threads = True

    def __init__(self, desk: Desk, port: int = 0) -> None:
        """Bind; port 0 takes a free one. Raises OSError where the port is taken."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.desk = desk
        self.token = secrets.token_urlsafe(24)
        self.port = int(self.server_address[1])
        self.hosts = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}

    @property
    def address(self) -> str:
        """The address to open, token and all."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version = "bycatch"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        if not self._from_here():
            return
        url = urllib.parse.urlsplit(self.path)
        given = urllib.parse.parse_qs(url.query).get("token", [""])[0]
        if url.path == "/" and self._fits(given):
            self._send(HTTPStatus.SEE_OTHER, b"", "text/plain", location="/", cookie=True)
        elif not self._known():
            self._error(HTTPStatus.FORBIDDEN, "open the address that bycatch review printed")
        elif url.path == "/decisions":
            self._json(HTTPStatus.OK, self.server.desk.state())
        else:
            self._file(url.path.removeprefix("/") or "index.html")

    def do_POST(self) -> None:
        if not self._from_here(strict=True):
            return
        if not self._known():
            self._error(HTTPStatus.FORBIDDEN, "open the address that bycatch review printed")
            return
        work = {"/decisions": self.server.desk.keep, "/apply": self.server.desk.apply}.get(self.path)
        if work is None:
            self._error(HTTPStatus.NOT_FOUND, "no such place")
            return
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != "application/json" or not length.isascii() or not length.isdigit():
            self._error(HTTPStatus.BAD_REQUEST, "JSON with its length is expected")
            return
        if int(length) > _LARGEST:
            self._error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too many decisions at once")
            return
        try:
            self._json(HTTPStatus.OK, work(json.loads(self.rfile.read(int(length)))))
        except UserError as error:
            self._error(HTTPStatus.CONFLICT, str(error))
        except (ValueError, RecursionError) as error:
            self._error(HTTPStatus.BAD_REQUEST, f"not JSON: {error}")
        except OSError as error:
            self._error(HTTPStatus.INTERNAL_SERVER_ERROR, f"{error.filename or ''}: {error.strerror or error}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has above
        """Say nothing of requests that went well or ill: the terminal is for the decisions."""

    def _from_here(self, *, strict: bool = False) -> bool:
        """Whether the request is addressed to this server by its own name and comes from one of its own pages."""
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        if host not in self.server.hosts:
            self._error(HTTPStatus.MISDIRECTED_REQUEST, "this server is 127.0.0.1 and nothing else")
            return False
        foreign = origin != f"http://{host}" if origin is not None or strict else False
        if foreign or self.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            self._error(HTTPStatus.FORBIDDEN, "requests of other sites are not answered")
            return False
        return True

    def _known(self) -> bool:
        try:
            cookie = SimpleCookie(self.headers.get("Cookie", "")).get(f"bycatch-{self.server.port}")
        except CookieError:
            return False
        return cookie is not None and self._fits(cookie.value)

    def _fits(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.server.token.encode())

    def _file(self, name: str) -> None:
        path = self.server.desk.site / name
        if not _NAME.fullmatch(name) or not inside(path, self.server.desk.site) or not path.is_file():
            self._error(HTTPStatus.NOT_FOUND, "no such page")
            return
        data = path.read_bytes()
        if name.endswith(".html"):
            data = data.replace(*_META, 1)
        elif name == "run.js":
            data += b"globalThis.bycatch.served = true;\n"
        self._send(HTTPStatus.OK, data, f"{_FILES[name.rpartition('.')[2]]}; charset=utf-8")

    def _json(self, status: HTTPStatus, value: Any) -> None:
        self._send(status, json.dumps(value).encode(), "application/json")

    def _error(self, status: HTTPStatus, words: str) -> None:
        self.close_connection = True
        self._json(status, {"error": words})

    def _send(
        self, status: HTTPStatus, data: bytes, kind: str, *, location: str | None = None, cookie: bool = False
    ) -> None:
        self.send_response(status)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(len(data)),
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
        }
        if location:
            headers["Location"] = location
        if cookie:
            headers["Set-Cookie"] = f"bycatch-{self.server.port}={self.server.token}; HttpOnly; SameSite=Strict; Path=/"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
