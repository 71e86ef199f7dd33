"""Idempotency-Key on POST: the same key and body get the first answer; the row commits with the work it stands for."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter
from sqlalchemy import Index, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.clock import real_now
from backend.core.db import Base, Lens, Moment
from backend.core.errors import Invalid, Refused, field_error
from backend.core.rowsecurity import TableSecurity, for_lenses

OWN_KEYS = "actor = current_setting('app.actor', true)"
KEPT = timedelta(hours=48)


class IdempotencyKey(Base):
    """A key that one actor used on one route, and the answer it got."""

    __tablename__ = "idempotency_key"
    __table_args__ = (Index("ix_idempotency_key_created", "created_at"),)
    actor: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(Moment)


WRITERS = (Lens.PERSON, Lens.MACHINE)
TABLES = [
    TableSecurity(
        "idempotency_key",
        select=for_lenses(WRITERS, OWN_KEYS),
        insert=for_lenses(WRITERS, OWN_KEYS),
        delete={Lens.SYSTEM: "true"},
        audited=False,
        unaudited_because="it repeats an answer; the work it stands for is audited",
        system="select",
    )
]
ACTOR = func.current_setting("app.actor", True)


class Once:
    """Runs the work of one request at most once per key."""

    def __init__(self, request: Request, key: str | None) -> None:
        self.request = request
        self.key = key
        self.route = request.scope["route"]
        self.name = f"{request.method} {request.url.path}"

    async def __call__(self, session: AsyncSession, work: Callable[[], Awaitable[Any]]) -> Any:
        """The work's result, or the stored answer of the first request with this key."""
        if self.key is None:
            return await work()
        lock = select(func.pg_try_advisory_xact_lock(func.hashtextextended(func.concat(ACTOR, self.name, self.key), 0)))
        if not await session.scalar(lock):
            raise Refused("request_in_progress", "The first request with this Idempotency-Key is still running; ask again in a moment.")
        fingerprint = hashlib.sha256(await self.request.body()).hexdigest()
        stored = await session.scalar(
            select(IdempotencyKey).where(IdempotencyKey.actor == ACTOR, IdempotencyKey.route == self.name, IdempotencyKey.key == self.key)
        )
        if stored is not None:
            return self._stored_answer(stored, fingerprint)
        return await self._first_answer(session, await work(), fingerprint)

    def _stored_answer(self, stored: IdempotencyKey, fingerprint: str) -> JSONResponse:
        if stored.fingerprint != fingerprint:
            wrong = field_error("header/Idempotency-Key", "This key was used with another body; take a new key.", "key_reused")
            raise Invalid("idempotency_key_reused", wrong["detail"], errors=[wrong])
        return JSONResponse(stored.body, stored.status, {"Idempotent-Replayed": "true"})

    async def _first_answer(self, session: AsyncSession, result: Any, fingerprint: str) -> JSONResponse:
        adapter: TypeAdapter[Any] = TypeAdapter(self.route.response_model)
        body = adapter.dump_python(adapter.validate_python(result, from_attributes=True), mode="json")
        status = self.route.status_code or 200
        values = {"route": self.name, "key": self.key, "fingerprint": fingerprint, "status": status, "body": body}
        await session.execute(insert(IdempotencyKey).values(actor=ACTOR, created_at=real_now(), **values).inline())
        return JSONResponse(body, status)


async def _once(
    request: Request,
    idempotency_key: Annotated[
        str | None, Header(alias="Idempotency-Key", max_length=255, description="A key of your own; a repeat gets the first answer")
    ] = None,
) -> Once:
    return Once(request, idempotency_key.strip().strip('"') if idempotency_key else None)


OnceDep = Annotated[Once, Depends(_once)]
