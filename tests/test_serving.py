"""The served report: who is answered, what is read, what is written."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bycatch.decisions import Outcome, Sheet
from bycatch.runner import Scope
from bycatch.serving import Desk, Server, ServingError

SKIP = {"do": "skip", "for": "check", "check": "ad-marker"}
Ask = Callable[..., tuple[int, dict[str, str], bytes]]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    site = tmp_path / "reports/site"
    site.mkdir(parents=True)
    (site / "index.html").write_text("<meta content=\"default-src 'none'; style-src 'self'\">", "utf-8")
    (site / "run.js").write_text("globalThis.bycatch = {};\n", "utf-8")
    (site / "secret.html").write_text("secret", "utf-8")
    (tmp_path / "secret.js").write_text("secret", "utf-8")
    carried: list[Sheet] = []

    def carry_out(sheet: Sheet) -> Outcome:
        carried.append(sheet)
        return Outcome(done=[f"{len(sheet.decisions)} carried out"])

    return Desk(
        site, tmp_path, tmp_path / "reports/decisions.toml", lambda: (f"{len(carried):012x}", Scope()), carry_out
    )


@pytest.fixture
def server(desk: Desk) -> Iterator[Server]:
    desk.open()
    with Server(desk) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def ask(server: Server) -> Ask:
    def request(method: str, path: str, body: Any = None, **headers: str | None) -> tuple[int, dict[str, str], bytes]:
        """A request as a page of the report makes it, less the headers given as None."""
        host = f"127.0.0.1:{server.port}"
        given: dict[str, str | None] = {"Host": host, "Cookie": f"bycatch-{server.port}={server.token}"}
        if method == "POST":
            given |= {"Origin": f"http://{host}", "Content-Type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.putrequest(method, path, skip_host=True)
        if data is not None and "Content-Length" not in given:
            given["Content-Length"] = str(len(data))
        for name, value in given.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(data)
        answer = connection.getresponse()
        result = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return result

    return request


def test_it_listens_on_loopback_only(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert len(server.token) >= 32


def test_the_token_opens_the_door_once_and_the_cookie_keeps_it_open(server: Server, ask: Ask) -> None:
    assert ask("GET", "/", Cookie=None)[0] == 403
    assert ask("GET", "/?token=wrong", Cookie=None)[0] == 403
    assert ask("GET", "/index.html", Cookie=f"bycatch-{server.port}=wrong")[0] == 403
    status, headers, _ = ask("GET", f"/?token={server.token}", Cookie=None)
    assert (status, headers["Location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=Strict"} <= set(headers["Set-Cookie"].split("; "))
    status, headers, body = ask("GET", "/")
    assert status == 200
    assert b"connect-src 'self'" in body
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert b"served = true" in ask("GET", "/run.js")[2]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"}, {"Host": None}, {"Host": "127.0.0.1"}, {"Host": "127.0.0.1:1"},
        {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)  # fmt: skip
def test_a_foreign_host_or_origin_is_not_answered(ask: Ask, desk: Desk, headers: dict[str, str | None]) -> None:
    for method, path, body in (
        ("GET", "/", None), ("GET", "/decisions", None),
        ("POST", "/decisions", {"run": "0" * 12, "had": 0, "decisions": [SKIP]}),
    ):  # fmt: skip
        assert ask(method, path, body, **headers)[0] in (403, 421)
    assert not desk.kept.exists()


def test_a_post_without_origin_cookie_json_or_length_changes_nothing(ask: Ask, desk: Desk) -> None:
    body = {"run": "0" * 12, "had": 0, "decisions": [SKIP]}
    assert ask("POST", "/decisions", body, Origin=None)[0] == 403
    assert ask("POST", "/decisions", body, Cookie=None)[0] == 403
    assert ask("POST", "/decisions", body, Content_Type="text/plain")[0] == 400
    assert ask("POST", "/decisions", b"{", Content_Length="-1")[0] == 400
    assert ask("POST", "/decisions", b"", Content_Length="99999999999")[0] == 413
    assert ask("POST", "/decisions", b"{nonsense")[0] == 400
    assert ask("POST", "/decisions", b"[" * 100_000)[0] in (400, 409)
    assert ask("POST", "/elsewhere", body)[0] == 404
    assert not desk.kept.exists()


@pytest.mark.parametrize(
    "path",
    ["/secret.html", "/../secret.js", "/..%2fsecret.js", "/articles/../../secret.js", "/etc/passwd", "/%00"],
)  # fmt: skip
def test_only_the_pages_of_a_report_are_read(ask: Ask, path: str) -> None:
    status, _, body = ask("GET", path)
    assert status == 404
    assert b"secret" not in body


def test_a_link_out_of_the_report_is_not_followed(ask: Ask, desk: Desk) -> None:
    (desk.site / "page.js").symlink_to(desk.project / "secret.js")
    assert ask("GET", "/page.js")[0] == 404


def test_decisions_are_written_as_they_come_and_carried_out_on_request(ask: Ask, desk: Desk) -> None:
    run = "0" * 12
    status, _, body = ask("POST", "/decisions", {"run": run, "had": 0, "decisions": [SKIP]})
    assert status == 200
    assert json.loads(body)["decisions"] == [SKIP]
    assert 'check = "ad-marker"' in desk.kept.read_text("utf-8")
    assert json.loads(ask("GET", "/decisions")[2])["decisions"] == [SKIP]
    # A second tab that has not seen the first decision, and a page of another run.
    assert ask("POST", "/decisions", {"run": run, "had": 0, "decisions": []})[0] == 409
    assert ask("POST", "/decisions", {"run": "1" * 12, "had": 1, "decisions": []})[0] == 409
    assert ask("POST", "/decisions", {"run": run, "had": 1, "decisions": [{"do": "erase"}]})[0] == 409
    assert len(desk.decisions) == 1
    status, _, body = ask("POST", "/apply", {"run": run})
    assert (status, json.loads(body)) == (200, {"lines": ["1 carried out"]})
    assert not desk.kept.exists()
    assert (desk.kept.parent / f"decisions-{run}.toml").exists()
    assert desk.decisions == ()


def test_decisions_of_the_same_run_are_taken_up_and_others_put_away(desk: Desk) -> None:
    desk.open()
    desk.keep({"run": desk.run, "had": 0, "decisions": [SKIP]})
    assert desk.open() == ""
    assert len(desk.decisions) == 1
    desk.carry_out(Sheet("other"))
    assert "decisions-000000000000.toml" in desk.open()
    assert desk.decisions == ()


def test_nothing_outside_the_project_is_written(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    desk.site = outside
    with pytest.raises(ServingError, match="outside the project"):
        desk.open()
    desk.site = desk.project / "reports/site"
    desk.kept.symlink_to(outside / "decisions.toml")
    with pytest.raises(ServingError, match="outside the project"):
        desk.open()
