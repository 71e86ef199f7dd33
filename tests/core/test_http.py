"""The edges of HTTP: limits, ids and one shape for every error."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import health, http
from backend.core.config import get_settings
from backend.core.db import make_engine
from backend.core.errors import Problem
from backend.main import create_app
from tests.conftest import SignIn
from tests.factories import make_person

FIELDS = {"type", "title", "status", "detail", "code", "instance", "request_id", "params", "errors"}


def check_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert set(body) == FIELDS
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:chengdan:problem:{code}")
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["request_id"]
    assert body["title"]
    assert body["detail"]
    return body


@pytest.fixture
async def headers(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "administrator"))


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/people/x/y/z", "/api/v2/me"])
async def test_an_unknown_path_is_a_problem(client: httpx.AsyncClient, path: str) -> None:
    assert check_problem(await client.get(path), 404, "not_found")["instance"] == path


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("DELETE", "/api/v1/people", "GET, POST"), ("PUT", "/api/v1/me", "GET, PATCH"), ("GET", "/api/v1/auth/sign-in", "POST"),
     ("DELETE", "/api/v1/people/0190a4f2-0000-4000-8000-000000000000", "GET, PATCH"), ("PATCH", "/api/v1/roles", "GET")],
)  # fmt: skip
async def test_a_wrong_method_names_all_right_ones(client: httpx.AsyncClient, method: str, path: str, allow: str) -> None:
    answer = await client.request(method, path)
    check_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allow


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"{", 422, "invalid_input"), (b"", 422, "invalid_input"), (b"[]", 422, "invalid_input"), (b'"x"', 422, "invalid_input"),
     (b'"\x80"', 400, "bad_request"), (b"[" * 100_000, 400, "bad_request"), (b"1" * 5000, 400, "bad_request"),
     (b'{"login":"\\ud800","password":"x"}', 422, "invalid_input"), (b'{"login":"a\\u0000","password":"x"}', 422, "invalid_value")],
)  # fmt: skip
async def test_a_bad_body_is_the_callers_mistake(client: httpx.AsyncClient, content: bytes, status: int, code: str) -> None:
    answer = await client.post("/api/v1/auth/sign-in", content=content, headers={"Content-Type": "application/json"})
    check_problem(answer, status, code)


async def test_broken_json_points_at_the_whole_body(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/auth/sign-in", content=b'{"login": ', headers={"Content-Type": "application/json"})
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("#", "json_invalid")]


async def test_pointers_are_escaped_and_values_are_not_repeated(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/auth/sign-in", json={"login": "a", "password": "hush hush", "a/b~c": 1})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/a~1b~0c"]
    assert "hush" not in answer.text


@pytest.mark.parametrize(
    "path", ["/api/v1/people?q=%00", "/api/v1/people/%00", "/api/v1/people?cursor=%00", "/api/v1/audit-entries?table=%00"]
)
async def test_nul_characters_never_reach_a_500(client: httpx.AsyncClient, headers: dict[str, str], path: str) -> None:
    assert (await client.get(path, headers=headers)).status_code in {400, 422}


async def test_a_body_with_a_length_over_the_limit_is_refused_unread(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/auth/sign-in", content=b"x" * (1024 * 1024 + 1))
    assert check_problem(answer, 413, "body_too_large")["params"] == {"limit": 1024 * 1024}


async def _chunks(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 65536):
        yield b" " * 65536


async def test_a_chunked_body_over_the_limit_is_refused_while_it_comes(client: httpx.AsyncClient) -> None:
    json = {"Content-Type": "application/json"}
    answer = await client.post("/api/v1/auth/sign-in", content=_chunks(1024 * 1024 + 65536), headers=json)
    assert check_problem(answer, 413, "body_too_large")["params"] == {"limit": 1024 * 1024}
    check_problem(await client.post("/api/v1/auth/sign-in", content=_chunks(1024 * 1024), headers=json), 422, "invalid_input")


@pytest.mark.parametrize("length", ["x", "-1", "²"])
async def test_a_length_that_is_no_number_does_no_harm(client: httpx.AsyncClient, length: str) -> None:
    wrong = [(b"content-length", length.encode("latin-1")), (b"content-type", b"application/json")]
    answer = await client.post("/api/v1/auth/sign-in", content=b"{}", headers=wrong)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-1.2_3", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ("a\tb", False), ("", False)]
)
async def test_the_caller_may_name_a_request_in_plain_characters(client: httpx.AsyncClient, given: str, kept: bool) -> None:
    answer = await client.get("/healthz", headers={"X-Request-ID": given})
    assert (answer.headers["x-request-id"] == given) is kept
    assert answer.headers["x-request-id"]


async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/api/v1/me", "/api/v1/nothing"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'self'" in headers["content-security-policy"]


async def test_without_a_database_the_answer_is_503_and_when_to_come_back(
    client: httpx.AsyncClient, headers: dict[str, str], away: None
) -> None:
    answer = await client.get("/api/v1/me", headers=headers)
    check_problem(answer, 503, "database_away")
    assert answer.headers["retry-after"] == "2"
    unready = await client.get("/readyz")
    assert (unready.status_code, unready.json()["checks"]["schema"]) == (503, "unknown")
    assert (await client.get("/healthz")).status_code == 200


async def test_a_process_is_not_ready_before_its_database_is_migrated(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["database"], ready.json()["checks"]["schema"]) == (200, "ok", "ok")
    for query in ("select schema_has('newer than ' || :version)", "select there_is_no_such_function(:version)"):
        monkeypatch.setattr(health, "HAS_SCHEMA", text(query))
        behind = await client.get("/readyz")
        assert (behind.status_code, behind.json()["checks"]["database"]) == (503, "ok")
        assert behind.json()["checks"]["schema"] == "behind, run `chengdan migrate`"


@pytest.mark.parametrize(
    ("sql", "status", "code"),
    [("select 1/0", 422, "invalid_value"), ("select 'x'::int", 422, "invalid_value"), ("select pg_terminate_backend(pg_backend_pid())", 503, "database_away"),
     ("set local statement_timeout = 1; select pg_sleep(1)", 503, "database_away"), ("select nothing", 500, "internal_error"),
     ("do $$ begin raise sqlstate '40P01'; end $$", 503, "database_away"), ("do $$ begin raise sqlstate '23505'; end $$", 409, "conflict")],
)  # fmt: skip
async def test_database_errors_become_what_a_caller_can_act_on(database_name: str, sql: str, status: int, code: str) -> None:
    engine = make_engine()
    app = small_app()

    @app.get("/sql")
    async def run() -> None:
        async with engine.begin() as connection:
            for statement in sql.split("; ") if not sql.startswith("do") else [sql]:
                await connection.execute(text(statement))

    check_problem(await get(app, "/sql"), status, code)
    await engine.dispose()


async def test_connections_that_ended_between_two_requests_are_not_given_out(database_name: str) -> None:
    """As after a restart of PostgreSQL: nobody pays for it who asks when it is back."""
    engine = make_engine()
    app = small_app()

    @app.get("/backend")
    async def backend() -> int:
        async with engine.begin() as connection:
            return int(await connection.scalar(text("select pg_backend_pid()")) or 0)

    first = (await get(app, "/backend")).json()
    other = make_engine()
    async with other.begin() as connection:
        await connection.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": first})
    await other.dispose()
    await asyncio.sleep(0)  # the loop hears of the closed socket
    again = await get(app, "/backend")
    assert again.status_code == 200, again.text
    assert again.json() != first
    await engine.dispose()


def small_app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(http.EdgeMiddleware, max_body_bytes=1000)
    http.install_errors(app)
    return app


async def get(app: FastAPI, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path)


async def test_an_unforeseen_error_has_an_id_for_support_and_no_inside_view() -> None:
    app = small_app()

    @app.get("/boom")
    async def boom() -> None:
        raise ZeroDivisionError("secret inside")

    answer = await get(app, "/boom")
    check_problem(answer, 500, "internal_error")
    assert "secret" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


def test_every_problem_status_can_be_declared() -> None:
    statuses = [kind.status for kind in Problem.__subclasses__()]
    assert len(statuses) == len(set(statuses))
    assert set(http.problems(*statuses)) == set(statuses)


async def _preflight(origin: str) -> httpx.Response:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app()), base_url="http://test") as client:
        return await client.options("/api/v1/leads", headers=asked)


async def test_only_the_origins_on_the_list_may_call_from_their_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "access-control-allow-origin" not in (await _preflight("https://crm.example")).headers
    monkeypatch.setattr(get_settings(), "cors_origins", ["https://crm.example"])
    allowed, refused = await _preflight("https://crm.example"), await _preflight("https://evil.example")
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, "https://crm.example")
    assert (refused.status_code, "access-control-allow-origin" in refused.headers) == (400, False)
