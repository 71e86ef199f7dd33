"""What people log: follow-ups and notes, and the corrections of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.config import get_settings
from backend.core.errors import Forbidden, Refused, invalid
from backend.timeline import chat, queries, rules
from backend.timeline.rules import FollowUpKind, Visit, WrongMoment
from backend.timeline.schemas import ChatPreview, FollowUpCreate, MessageLog, NoteCreate, Other, TimelineEntryOut, VisitLog
from backend.timeline.service import entry, record

SAID = {"note", "direction", "place", "duration_minutes", "next_step", "next_step_at"}
WRONG = {
    WrongMoment.AHEAD: "This lies ahead; log what has happened.",
    WrongMoment.TOO_LONG_AGO: f"Log what happened within the last {rules.LOGGED_LATE.days} days; write a note of what lies further back.",
}
MESSAGES: TypeAdapter[list[chat.Said]] = TypeAdapter(list[chat.Said])


@dataclass(frozen=True)
class Participant:
    """Somebody of the customer's who took part; `id` is that of the contact, where they are one."""

    id: UUID | None
    name: str
    role: str | None
    is_in_chain: bool


@dataclass(frozen=True)
class Logged:
    """An entry, and what the record takes over from it: `steps` are the columns of its next step, none where a correction leaves it as it is."""

    entry: TimelineEntryOut
    is_correction: bool
    steps: Mapping[str, Any]


def others_of(body: FollowUpCreate) -> list[Participant]:
    """Who took part and is no contact."""
    return [_other(one) for one in body.others]


def _other(one: Other) -> Participant:
    return Participant(None, one.name, None, one.is_in_chain)


def require_ahead(next_step_at: datetime | None, now: datetime) -> None:
    """422 that names the field when a next step would lie in the past."""
    if next_step_at is not None and next_step_at <= now:
        raise invalid("#/next_step_at", "The next step lies in the past; choose a moment to come.", "in_the_past")


async def log(
    session: AsyncSession,
    *,
    subject_type: str,
    subject_id: UUID,
    actor_id: UUID,
    body: FollowUpCreate,
    people: Sequence[Participant],
    files: Sequence[Mapping[str, Any]] = (),
    now: datetime,
) -> Logged:
    """A real follow-up, as it then stands on the timeline; its next step is yet to come. `files` are those of `body`, now documents."""
    corrected = await _corrected(session, subject_id, actor_id, body.corrects, frozenset(FollowUpKind)) if body.corrects else None
    if corrected is None or body.next_step_at != _moment(corrected.body.get("next_step_at")):
        require_ahead(body.next_step_at, now)
    at = _happened_at(body.at, corrected, now)
    said = body.model_dump(mode="json", include=SAID, exclude_none=True)
    said |= _files(body, corrected, files)
    if people:
        said["people"] = [{**vars(one), "id": str(one.id) if one.id else None} for one in people]
    if isinstance(body, MessageLog) and body.chat.strip():
        said["chat"] = {"raw": body.chat, "mine": body.mine, "messages": MESSAGES.dump_python(_messages(body.chat, now), mode="json")}
    effective = rules.is_effective(visit_of(body, people, at)) if isinstance(body, VisitLog) else None
    minutes = said.get("duration_minutes")
    entry_id = await record(
        session,
        subject_type=subject_type,
        subject_id=subject_id,
        kind=body.kind.value,
        now=now,
        at=at,
        actor_id=actor_id,
        body=said,
        outcome=body.outcome.value,
        is_effective=effective,
        is_deep=rules.is_deep(body.kind, body.outcome, minutes, is_effective_visit=bool(effective)),
        corrects_id=body.corrects,
    )
    return Logged(await entry(session, entry_id), corrected is not None, _steps(body, corrected))


def visit_of(body: VisitLog, people: Sequence[Participant], at: datetime) -> Visit:
    """What decides whether a visit is effective."""
    return Visit(body.place, at, sum(one.is_in_chain for one in people), body.note, body.next_step or "")


def _steps(body: FollowUpCreate, corrected: Any) -> Mapping[str, Any]:
    """A follow-up replaces the next step; a correction only where it speaks of another one than before."""
    steps = {"next_step": body.next_step or None, "next_step_at": body.next_step_at}
    if corrected is None:
        return steps
    before = {"next_step": corrected.body.get("next_step") or None, "next_step_at": _moment(corrected.body.get("next_step_at"))}
    return {} if before == steps else steps


def _happened_at(at: datetime | None, corrected: Any, now: datetime) -> datetime:
    if corrected is not None and at in (None, corrected.at):
        moment: datetime = corrected.at
        return moment
    if at is None:
        return now
    wrong = rules.wrong_moment(at, now)
    if wrong is not None:
        raise invalid("#/at", WRONG[wrong], wrong.value)
    return min(at, now)


async def note(
    session: AsyncSession,
    *,
    subject_type: str,
    subject_id: UUID,
    actor_id: UUID,
    body: NoteCreate,
    files: Sequence[Mapping[str, Any]] = (),
    now: datetime,
) -> TimelineEntryOut:
    """Something to remember; nothing else changes. `files` are those of `body`, now documents."""
    corrected = await _corrected(session, subject_id, actor_id, body.corrects, frozenset({rules.NOTE})) if body.corrects else None
    at = _happened_at(None, corrected, now)
    entry_id = await record(
        session, subject_type=subject_type, subject_id=subject_id, kind=rules.NOTE, now=now, at=at, actor_id=actor_id,
        body={"note": body.note} | _files(body, corrected, files), corrects_id=body.corrects,
    )  # fmt: skip
    return await entry(session, entry_id)


def _files(body: FollowUpCreate | NoteCreate, corrected: Any, added: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What an entry says of its files: those that a correction keeps, then those that came with it."""
    before = corrected.body.get("files", []) if corrected is not None else []
    known = {one["document_id"] for one in before}
    taken_off = [str(one) for one in body.without]
    for place, one in enumerate(taken_off):
        if one not in known:
            raise invalid(f"#/without/{place}", "Name documents that belong to the entry which this one corrects.", "unknown")
    files = [*(one for one in before if one["document_id"] not in taken_off), *added]
    if len(files) > rules.MOST_FILES:
        raise invalid("#/files", f"An entry has at most {rules.MOST_FILES} files; file the others with the record.", "too_long")
    return {"files": files} if files else {}


async def _corrected(session: AsyncSession, subject_id: UUID, actor_id: UUID, entry_id: UUID, kinds: frozenset[str]) -> Any:
    """The entry that a correction stands for: of the same record and kind of thing, one's own, and not corrected before. The caller holds the
    record's lock: of two corrections of one entry the second is refused.
    """
    row = (await session.execute(queries.entry(entry_id))).first()
    if row is None or row.subject_id != subject_id or row.kind not in kinds:
        raise invalid("#/corrects", "Choose an entry of the same record, a follow-up for a follow-up, a note for a note.", "unknown")
    if row.actor_id != actor_id:
        raise Forbidden("not_your_entry", "Only its author corrects an entry; log what you know yourself.")
    if row.corrected_by is not None:
        raise Refused("already_corrected", "This entry has been corrected; correct the newer one.", entry=str(row.corrected_by))
    return row


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def _messages(text: str, now: datetime) -> list[chat.Said]:
    return chat.parse(text, now, ZoneInfo(get_settings().company_zone))


def preview(text: str, now: datetime) -> ChatPreview:
    """How a pasted chat would be kept."""
    messages = _messages(text, now)
    return ChatPreview.model_validate({"messages": messages, "speakers": chat.speakers(messages)})
