"""What happens when a letter is filed, sent, refused or waits: timeline, documents, news."""

from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.outbox import OutboxRow, handles
from backend.correspondence import queries, records, rules, wordings
from backend.correspondence.events import RecordCorresponded
from backend.correspondence.models import EmailFile
from backend.correspondence.records import Ref
from backend.correspondence.rules import EmailDirection, EmailState
from backend.documents import service as documents
from backend.documents import subjects
from backend.documents.models import DocumentKind
from backend.documents.queries import NAMERS
from backend.documents.rules import OTHER
from backend.identity.models import Person
from backend.notifications.queries import holders_of
from backend.notifications.service import Notice, emit_live, notify
from backend.timeline.service import record

LIVE = "email.changed"
NAMERS += (
    "select 1 from email_message m where m.raw_sha256 = h",
    "select 1 from email_file f where f.sha256 = h and f.refused is null",
)


async def _current(session: AsyncSession, event: OutboxRow) -> Any:
    return (await session.execute(queries.one(event.subject_id))).one()


def _ref(event: OutboxRow, prefix: str = "") -> Ref:
    """The record that an event names."""
    key = "former" if prefix else "subject"
    return Ref(event.payload[f"{key}_type"], UUID(event.payload["former_id" if prefix else "record_id"]))


@handles("email.filed")
async def keep_with_record(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """An entry on the record's timeline, its files among the documents, an update of the record, and news for its owner."""
    row, ref = await _current(session, event), _ref(event)
    if event.payload["former_id"]:
        await _take_out(session, row, _ref(event, "former_"), _person(event.payload["by"]), now)
    if row.subject_id != ref.id or row.state != EmailState.FILED:
        return
    await _note(session, row, ref, _kind(row), now)
    await _file_documents(session, row, ref, now)
    facts = await _stirred(session, row, ref, now)
    told = {facts.owner_id, facts.backup_owner_id} - {None, row.person_id, _person(event.payload["by"])}
    if row.direction == EmailDirection.IN:
        await notify(session, _notice(told, "email.received", row, ref, facts), now=now)


def _person(said: str | None) -> UUID | None:
    return UUID(said) if said else None


def _kind(row: Any) -> str:
    return "email.received" if row.direction == EmailDirection.IN else "email.sent"


async def _note(
    session: AsyncSession, row: Any, ref: Ref, kind: str, now: datetime, *, at: datetime | None = None, reason: str | None = None,
    detail: str | None = None, **more: Any,
) -> None:  # fmt: skip
    """An entry on the timeline of a record; where a colleague wrote the letter, it is theirs. `reason` and `detail` say what went wrong."""
    failure = {"reason": reason, "detail": detail} if reason else {}
    actor_id = row.person_id if row.direction == EmailDirection.OUT else None
    body = {"email": _told(row) | failure, "excerpt": row.excerpt, **more}
    await record(session, subject_type=ref.type, subject_id=ref.id, kind=kind, now=now, at=at or row.at, actor_id=actor_id, body=body)


def _told(row: Any) -> dict[str, Any]:
    """A letter as timelines name it."""
    return {
        "id": str(row.id),
        "thread_id": str(row.thread_id),
        "subject": row.subject,
        "direction": row.direction,
        "sender": {"address": row.from_address, "name": row.from_name},
        "to": row.to_people,
        "cc": row.cc_people,
        "files": row.files,
    }


async def _file_documents(session: AsyncSession, row: Any, ref: Ref, now: datetime) -> None:
    """Every file of the letter is a document of the record, but for pictures inside the text and what nobody should open."""
    kind = await session.get_one(DocumentKind, OTHER)
    for file in list(await session.scalars(queries.files([row.id]))):
        if not file.is_inline and file.refused is None:
            upload: Any = SimpleNamespace(**{name: getattr(file, name) for name in ("name", "media_type", "family", "size", "sha256")})
            document_id = await documents.add(session, ref.type, ref.id, kind, upload, now, note=row.subject[:200], added_by=None)
            await _link(session, file.id, document_id)


async def _link(session: AsyncSession, file_id: UUID, document_id: UUID | None) -> None:
    linked = update(EmailFile).where(EmailFile.id == file_id).values(document_id=document_id)
    await session.execute(linked.execution_options(synchronize_session=False))


async def _stirred(session: AsyncSession, row: Any, ref: Ref, now: datetime) -> Any:
    """The record had an update at the moment of the letter; open screens follow. Returns the facts of the record."""
    await subjects.SUBJECTS[ref.type].stir(session, ref.id, row.at)
    await outbox.add(session, RecordCorresponded(ref.id, ref.type, row.id, row.direction), now)
    await records.show(session, ref, now)
    facts = await records.facts(session, ref)
    await _show(session, row, [facts.owner_id, facts.backup_owner_id, row.person_id], now)
    return facts


async def _show(session: AsyncSession, row: Any, people: Iterable[UUID | None], now: datetime) -> None:
    fields = ("id", "thread_id", "state", "subject_type", "subject_id")
    payload = {name: getattr(row, name) for name in fields}
    await emit_live(session, [person for person in people if person is not None], LIVE, payload, now)


def _notice(people: Iterable[UUID | None], kind: str, row: Any, ref: Ref, facts: Any, **more: Any) -> Notice:
    params = {
        "number": facts.number,
        "record": facts.name,
        "place": records.PLACES[ref.type],
        "sender": row.from_name or row.from_address,
        "mail": row.subject,
        "email_id": str(row.id),
        **more,
    }
    return Notice([person for person in people if person is not None], kind, params, ref.type, ref.id)


@handles("email.taken_out")
async def leave_record(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    row = await _current(session, event)
    await _take_out(session, row, _ref(event, "former_"), UUID(event.payload["by"]), now)
    await _show_tray(session, row, now)


async def _take_out(session: AsyncSession, row: Any, former: Ref, by: UUID | None, now: datetime) -> None:
    """The former record says that the letter did not belong there; its files no longer count."""
    person = await session.get_one(Person, by) if by else None
    said = {"id": str(person.id), "name": person.name} if person else None
    await _note(session, row, former, "email.taken_out", now, at=now, by=said)
    for file in list(await session.scalars(queries.files([row.id]))):
        if file.document_id is not None:
            await documents.take_back(session, file.document_id, by, "邮件归错了地方 / the e-mail was filed here by mistake", now)
            await _link(session, file.id, None)
    await records.show(session, former, now)


async def _show_tray(session: AsyncSession, row: Any, now: datetime) -> None:
    sorters = list(await session.scalars(holders_of(rules.SORTS, now)))
    await _show(session, row, [*sorters, row.person_id], now)


@handles("email.received")
async def tell_of_tray(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """Who sorts sees it; whose own address brought it is told that it could not be filed."""
    row = await _current(session, event)
    await _show_tray(session, row, now)
    if row.state == EmailState.SORTING and row.person_id is not None:
        params = {"sender": row.from_name or row.from_address, "mail": row.subject, "reason": row.reason}
        await notify(session, Notice([row.person_id], "email.in_tray", params, rules.SUBJECT, row.id), now=now)


@handles("email.sorted")
async def show_sorted(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    await _show_tray(session, await _current(session, event), now)


@handles("email.written")
async def show_written(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    row = await _current(session, event)
    facts = await records.facts(session, _ref(event))
    await _show(session, row, [facts.owner_id, facts.backup_owner_id, row.person_id], now)


@handles("email.sent")
async def note_sent(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    row, ref = await _current(session, event), _ref(event)
    await _note(
        session, row, ref, "email.sent", now, at=datetime.fromisoformat(event.payload["sent_at"]), reason=row.reason, detail=row.detail
    )
    facts = await _stirred(session, row, ref, now)
    if row.reason is not None:
        await notify(session, _notice([row.person_id], "email.failed", row, ref, facts, reason=row.reason, detail=row.detail), now=now)


@handles("email.failed")
async def note_failed(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """The record's timeline says so, and whoever wrote it learns."""
    row, ref = await _current(session, event), _ref(event)
    told = {"reason": event.payload["reason"], "detail": event.payload["detail"]}
    await _note(session, row, ref, "email.failed", now, at=now, **told)
    facts = await records.facts(session, ref)
    await _show(session, row, [facts.owner_id, facts.backup_owner_id, row.person_id], now)
    await notify(session, _notice([row.person_id], "email.failed", row, ref, facts, **told), now=now)


assert wordings.KINDS  # noqa: S101 - imported for its effect: it registers what channels say
