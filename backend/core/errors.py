"""Errors that a caller can act on; each becomes one RFC 9457 problem with a stable `code`."""

from typing import Any


class Problem(Exception):
    """Base: HTTP status, stable code, English detail with the remedy, machine-readable params."""

    status = 500
    title = "Error"

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail or code.replace("_", " ")
        self.errors = errors or []
        self.headers = headers or {}
        self.params = params


class BadRequest(Problem):
    status, title = 400, "Bad request"


class NotSignedIn(Problem):
    status, title = 401, "Not signed in"


class Forbidden(Problem):
    """Visible, but not allowed."""

    status, title = 403, "Not allowed"


class NotFound(Problem):
    """Absent, or not visible to this actor: the two look alike on purpose."""

    status, title = 404, "Not found"

    def __init__(self, code: str = "not_found", detail: str = "", **params: Any) -> None:
        super().__init__(code, detail or "There is no such record, or it is outside what you may see.", **params)


class Refused(Problem):
    """The state of the record does not allow it."""

    status, title = 409, "Refused"


class Stale(Problem):
    """Somebody else changed the record: `params.current` is the newer state."""

    status, title = 412, "Changed meanwhile"


class TooLarge(Problem):
    status, title = 413, "Too large"


class Invalid(Problem):
    """Input that names its field: `errors` holds {pointer, detail, code}."""

    status, title = 422, "Invalid input"


class PreconditionRequired(Problem):
    status, title = 428, "Precondition required"


class TooMany(Problem):
    status, title = 429, "Too many requests"


class Unavailable(Problem):
    """A part that we need is away; the caller should come back after Retry-After."""

    status, title = 503, "Unavailable"


def field_error(pointer: str, detail: str, code: str = "invalid") -> dict[str, str]:
    return {"pointer": pointer, "detail": detail, "code": code}


def invalid(pointer: str, said: str, code: str) -> Invalid:
    """One field that is wrong."""
    return Invalid("invalid_input", said, errors=[field_error(pointer, said, code)])
