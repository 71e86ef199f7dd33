"""HTTP edges: request id, size limit, problem+json for every error, metrics."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.core.config import get_settings
from backend.core.db import DRIVER_ERRORS, RequestTrace, trace_var
from backend.core.errors import Forbidden, Invalid, Problem, Refused, Stale, TooLarge, Unavailable
from backend.core.ids import new_id
from backend.core.metrics import HTTP_SECONDS
from backend.core.schemas import ProblemOut

log = structlog.get_logger()
PROBLEM_TYPE = "application/problem+json"
API_PREFIX = "/api/v1"
LIVE = f"{API_PREFIX}/live"
"""Stays open for minutes: its streams are counted, its time is nobody's waiting."""
FILES = "files"
QUIET = {FILES, "/healthz", "/readyz", "/metrics"}
SAFE_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
RETRY_AFTER = {"description": "Seconds until another try makes sense", "required": True, "schema": {"type": "integer", "minimum": 1}}
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; frame-ancestors 'none'",
}


def problem_body(problem: Problem, instance: str) -> dict[str, Any]:
    return {
        "type": f"urn:chengdan:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "instance": instance,
        "request_id": trace_var.get().request_id,
        "params": problem.params,
        "errors": problem.errors,
    }


def problem_response(problem: Problem, instance: str) -> JSONResponse:
    body = jsonable_encoder(problem_body(problem, instance))
    return JSONResponse(body, status_code=problem.status, media_type=PROBLEM_TYPE, headers=problem.headers)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI `responses` for the errors that a route can give."""
    titles = {kind.status: kind.title for kind in Problem.__subclasses__()}
    described: dict[int | str, dict[str, Any]] = {
        status: {"model": ProblemOut, "description": titles[status], "content": {PROBLEM_TYPE: {}}} for status in sorted(statuses)
    }
    if 429 in described:
        described[429]["headers"] = {"Retry-After": RETRY_AFTER}
    return described


class EdgeMiddleware:
    """Gives a request its id and limits, and the answer its headers; counts it; the last to catch an error."""

    def __init__(self, app: ASGIApp, max_body_bytes: int, larger: Mapping[str, int] | None = None) -> None:
        """`larger` names paths whose POST may have a larger body, with its limit."""
        self.app = app
        self.max_body_bytes = max_body_bytes
        self.larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        client = scope.get("client")
        trace = RequestTrace(given if SAFE_ID.fullmatch(given) else str(new_id()), client[0] if client else "")
        token = trace_var.set(trace)
        started = time.perf_counter()
        status, started_answer = 500, False

        async def send_with_headers(message: Message) -> None:
            nonlocal status, started_answer
            if message["type"] == "http.response.start":
                status, started_answer = message["status"], True
                out = MutableHeaders(scope=message)
                out["X-Request-ID"] = trace.request_id
                for name, value in SECURITY_HEADERS.items():
                    out.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    out.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            length, most = headers.get("content-length", "0"), self._limit(scope)
            if length.isdecimal() and int(length) > most:
                await problem_response(too_large(most), scope["path"])(scope, receive, send_with_headers)
            else:
                await self.app(scope, self._counted(receive, most), send_with_headers)
        except Exception as error:
            if started_answer:
                raise
            log.exception("unexpected_error", error=repr(error))
            await problem_response(internal_error(), scope["path"])(scope, receive, send_with_headers)
        finally:
            self._observe(scope, status, time.perf_counter() - started)
            trace_var.reset(token)

    def _limit(self, scope: Scope) -> int:
        return self.larger.get(scope["path"], self.max_body_bytes) if scope["method"] == "POST" else self.max_body_bytes

    @staticmethod
    def _counted(receive: Receive, most: int) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise HTTPException(413)
            return message

        return counted

    @staticmethod
    def _observe(scope: Scope, status: int, seconds: float) -> None:
        label = route_label(scope)
        if label != LIVE:
            HTTP_SECONDS.labels(scope["method"], label, str(status)).observe(seconds)
        write = log.debug if label in QUIET and status < 400 else log.info
        write("request", method=scope["method"], path=scope["path"], status=status, ms=round(seconds * 1000, 1))


def route_label(scope: Scope) -> str:
    """The route as the contract names it; one name for all files, and one for what is nobody's path."""
    route = getattr(scope.get("route"), "path", None)
    if route is not None:
        return f"{API_PREFIX}{route}" if scope["path"].startswith(f"{API_PREFIX}/") and not route.startswith("/api/") else str(route)
    return "unrouted" if scope["path"].startswith("/api/") else FILES


def too_large(most: int | None = None) -> TooLarge:
    limit = most or get_settings().max_body_bytes
    return TooLarge("body_too_large", f"A body may have at most {limit} bytes.", limit=limit)


CODES = {400: "bad_request", 401: "not_signed_in", 404: "not_found", 405: "method_not_allowed"}


def _from_http(error: HTTPException) -> Problem:
    if error.status_code == 413:
        return too_large()
    problem = Problem(CODES.get(error.status_code, "http_error"), str(error.detail), headers=dict(error.headers or {}))
    problem.status, problem.title = error.status_code, HTTPStatus(error.status_code).phrase
    return problem


def _from_validation(error: RequestValidationError) -> Problem:
    found = []
    for item in error.errors():
        place, *path = item["loc"] or ("body",)
        if item["type"] == "json_invalid":
            path = []
        parts: Iterable[str | int] = _places(path, error.body) if place == "body" else path
        pointer = "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in parts)
        found.append(
            {
                "pointer": f"#/{pointer}".removesuffix("/") if place == "body" else f"{place}/{pointer}",
                "detail": item["msg"].removeprefix("Value error, "),
                "code": item["type"],
            }
        )
    return Invalid("invalid_input", "Some fields are not valid; each is named in `errors`.", errors=found)


def _places(path: Sequence[Any], body: Any) -> Iterator[str | int]:
    """The way into the body: the tags by which alternatives are told apart stand in the path, but are no places."""
    inside: Any = body
    for part in path[:-1]:
        if isinstance(inside, dict) and part not in inside:
            continue
        yield part
        inside = inside[part] if isinstance(inside, dict | list) else None
    yield from path[-1:]


AWAY = {"08", "53", "57", "40", "3D"}  # connection, resources, operator, deadlock or serialisation, no such database


def _from_database(error: Exception) -> Problem:
    """Errors of the database that a caller can act on; anything else stays a 500."""
    if isinstance(error, StaleDataError):
        return Stale("changed_meanwhile", "Somebody else changed this record; read it again and try again.")
    cause = getattr(error, "orig", error)
    state = str(getattr(cause, "sqlstate", "") or "")
    if state.startswith("23"):
        return Refused("conflict", "This clashes with a record that exists (or refers to one that does not).")
    if state.startswith("22") or isinstance(getattr(cause, "__cause__", None), ValueError):
        return Invalid("invalid_value", "A value cannot be stored: it is too large or has characters that no text may have.")
    if state == "42501":
        return Forbidden("outside_your_reach", "The record would be outside what you may write.")
    if isinstance(error, (PoolTimeout, *DRIVER_ERRORS)) or getattr(error, "connection_invalidated", False) or state[:2] in AWAY:
        return Unavailable("database_away", "The database does not answer; try again in a moment.", headers={"Retry-After": "2"})
    return internal_error()


def internal_error() -> Problem:
    problem = Problem("internal_error", "Something went wrong on our side; tell support the request id.")
    problem.title = "Internal error"
    return problem


def _methods_of(request: Request) -> list[str]:
    """All methods of a path (RFC 9110 wants them all, also where each has a route of its own)."""
    path = request.url.path
    described = request.app.openapi()["paths"].items()
    return sorted({method.upper() for template, methods in described if compile_path(template)[0].match(path) for method in methods}) or [
        "GET"
    ]


def install_errors(app: FastAPI) -> None:
    """Every error leaves as problem+json."""

    @app.exception_handler(Problem)
    async def on_problem(request: Request, error: Problem) -> JSONResponse:
        return problem_response(error, request.url.path)

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        problem = _from_http(error)
        if error.status_code == 405:
            problem.headers["Allow"] = ", ".join(_methods_of(request))
        return problem_response(problem, request.url.path)

    @app.exception_handler(RequestValidationError)
    async def on_validation(request: Request, error: RequestValidationError) -> JSONResponse:
        return problem_response(_from_validation(error), request.url.path)

    async def on_database(request: Request, error: Exception) -> JSONResponse:
        problem = _from_database(error)
        if problem.status == 500:
            log.error("unexpected_error", error=repr(error), exc_info=error)
        return problem_response(problem, request.url.path)

    for kind in (DBAPIError, PoolTimeout, StaleDataError, *DRIVER_ERRORS):
        app.add_exception_handler(kind, on_database)
