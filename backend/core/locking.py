"""Optimistic locking: a row version as a strong ETag (RFC 9110)."""

from typing import Annotated, Any

from fastapi import Depends, Header, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from backend.core.errors import BadRequest, PreconditionRequired, Stale


class Versioned:
    """Adds `version`, checked and raised by every ORM update."""

    version: Mapped[int] = mapped_column(default=1, server_default="1")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


ANY_VERSION = -1
"""`If-Match: *`: the client changes whatever the state is now, and says so (RFC 9110, 13.1.1)."""


def etag(version: int) -> str:
    return f'"v{version}"'


def set_etag(response: Response, version: int) -> None:
    response.headers["ETag"] = etag(version)


def read_etag(text: str) -> int:
    """The version in an ETag that we gave, ANY_VERSION for `*`; 400 for anything else."""
    if text.strip() == "*":
        return ANY_VERSION
    value = text.strip().strip('"')
    if not (value.startswith("v") and value[1:].isascii() and value[1:].isdigit() and len(value) < 11):
        raise BadRequest("bad_if_match", 'If-Match must be an ETag that this resource gave, for example "v3", or *.')
    return int(value[1:])


IF_MATCH = 'The ETag last read, for example "v3"; `*` changes whatever the state is now, even one that nobody has looked at'
IfMatchHeader = Annotated[str | None, Header(alias="If-Match", description=IF_MATCH)]


async def _if_match(if_match: IfMatchHeader = None) -> int:
    if not if_match:
        raise PreconditionRequired("if_match_required", "Send If-Match with the ETag of the state that you edited.")
    return read_etag(if_match)


async def _if_match_when_sent(if_match: IfMatchHeader = None) -> int | None:
    return read_etag(if_match) if if_match else None


IfMatch = Annotated[int, Depends(_if_match)]
MaybeIfMatch = Annotated[int | None, Depends(_if_match_when_sent)]


async def take_turns(session: AsyncSession, what: str) -> None:
    """Until this transaction ends, nobody else does `what`: for rules that span rows, such as a tree without circles."""
    await session.execute(text("select pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


def require_version(expected: int, actual: int, current: Any) -> None:
    """412 with the newer state when somebody else was first and the client does not overwrite on purpose."""
    if expected not in {ANY_VERSION, actual}:
        raise Stale("changed_meanwhile", "Somebody else changed this record; look at the newer state and try again.", current=current)
