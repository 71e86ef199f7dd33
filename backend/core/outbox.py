"""Transactional outbox: an event is a row written with the change; the relay hands it to handlers (decision 3)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Identity, Index, desc, func, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Moment, after_commit
from backend.core.hot import Hot
from backend.core.wakeups import wake

RELAY_CHANNEL = "relay"
OPEN = "done_at is null and dead_at is null"


class Outbox(Base):
    """One domain event; open until every handler has its receipt, or dead after too many failures."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_open", "id", postgresql_where=text(OPEN)),
        Index("ix_outbox_open_subject", "subject_id", "id", postgresql_where=text(OPEN)),
        Index("ix_outbox_done", "done_at", postgresql_where=text("done_at is not null")),
        Index("ix_outbox_dead", desc("dead_at"), desc("id"), postgresql_where=text("dead_at is not null")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    payload: Mapped[dict[str, Any]]
    actor: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    dead_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str | None]


class OutboxReceipt(Base):
    """Proof that a handler's effect was committed; its key makes the effect happen once."""

    __tablename__ = "outbox_receipt"
    outbox_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    handler: Mapped[str] = mapped_column(primary_key=True)


@dataclass(frozen=True)
class DomainEvent:
    """Base of events: a frozen dataclass with a `kind` and, first, the `subject_id` whose events stay in order."""

    kind: ClassVar[str]
    subject_id: UUID


@dataclass(frozen=True)
class OutboxRow:
    """An event as a handler receives it."""

    id: int
    kind: str
    subject_id: UUID
    payload: dict[str, Any]
    actor: str
    occurred_at: datetime
    attempts: int


Handler = Callable[[AsyncSession, OutboxRow, datetime], Awaitable[None]]
HANDLERS: dict[str, dict[str, Handler]] = {}
URGENT: set[str] = set()


def handles(kind: str, *, is_urgent: bool = False) -> Callable[[Handler], Handler]:
    """Registers an idempotent handler; it runs as `system` inside the relay's transaction.

    Urgent kinds, for which somebody waits, pass the queue: a sweep that fires hundreds of deadlines does not hold them up.
    """

    def register(handler: Handler) -> Handler:
        if is_urgent:
            URGENT.add(kind)
        HANDLERS.setdefault(kind, {})[f"{handler.__module__}.{handler.__name__}"] = handler
        return handler

    return register


ADD = Hot("""
insert into outbox (kind, subject_id, payload, actor, occurred_at, done_at)
values (:kind, :subject, cast(:payload as jsonb), coalesce(current_setting('app.actor', true), ''), :now, :done_at)
""")
ADAPTERS: dict[str, TypeAdapter[Any]] = {}


def _payload(event: DomainEvent) -> str:
    """The event as JSON; its adapter takes a millisecond to build, so it is kept."""
    if event.kind not in ADAPTERS:
        ADAPTERS[event.kind] = TypeAdapter(type(event))
    return ADAPTERS[event.kind].dump_json(event).decode()


async def add(session: AsyncSession, event: DomainEvent, now: datetime) -> None:
    """Writes the event with the change and rings the relay after the commit; unheard kinds are born done."""
    done_at = None if event.kind in HANDLERS else now
    await ADD.rows(session, kind=event.kind, subject=event.subject_id, payload=_payload(event), now=now, done_at=done_at)
    if event.kind in HANDLERS:
        after_commit(session, ring, key="relay")


ADD_MANY = Hot("""
insert into outbox (kind, subject_id, payload, actor, occurred_at, done_at)
select :kind, e.subject, e.payload, coalesce(current_setting('app.actor', true), ''), :now, :done_at
from unnest(cast(:subjects as uuid[]), cast(:payloads as jsonb[])) as e(subject, payload)
""")


async def add_many(session: AsyncSession, events: Sequence[DomainEvent], now: datetime) -> None:
    """`add` for many events of one kind, in one statement."""
    if not events:
        return
    kind = events[0].kind
    done_at = None if kind in HANDLERS else now
    subjects, payloads = [event.subject_id for event in events], [_payload(event) for event in events]
    await ADD_MANY.rows(session, kind=kind, subjects=subjects, payloads=payloads, now=now, done_at=done_at)
    if kind in HANDLERS:
        after_commit(session, ring, key="relay")


async def ring() -> None:
    wake(RELAY_CHANNEL)
