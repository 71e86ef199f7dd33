"""LEAD-4: two records of one firm become one, and one becomes two again; the children stay where they are and are read through the survivor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Forbidden, Invalid, NotFound, Refused, field_error
from backend.core.ids import new_id
from backend.duplicates import queries, rules
from backend.duplicates.events import MergeUndone, RecordsMerged
from backend.duplicates.models import RecordMerge
from backend.duplicates.schemas import MergeCreate, MergeOut, RecordRef
from backend.duplicates.service import records
from backend.identity.deps import Actor
from backend.identity.schemas import PersonRef
from backend.timeline.service import record


@dataclass(frozen=True)
class Mergeable:
    """A table whose records can become one: which fields the survivor may take (with the columns that follow them), what the loser is
    meanwhile, and what a record is found by once its fields have changed.
    """

    subject_type: str
    model: type[Any]
    takes: Mapping[str, tuple[str, ...]]
    guarded: tuple[str, ...]
    loser_becomes: Mapping[str, Any]
    follows: Callable[[Any], Mapping[str, Any]] = lambda _: {}

    def columns_of(self, fields: list[str]) -> list[str]:
        return [column for field in fields for column in (field, *self.takes[field])]

    def state_of(self, row: Any) -> dict[str, Any]:
        """What an undo must not overwrite unseen, as JSON."""
        names = [*self.columns_of(list(self.takes)), *self.guarded]
        return {name: to_jsonable_python(getattr(row, name)) for name in dict.fromkeys(names)}


async def merge(session: AsyncSession, actor: Actor, kind: Mergeable, survivor_id: UUID, body: MergeCreate, now: datetime) -> RecordMerge:
    """One transaction; both rows are locked in the order of their ids, so that merges of the same records take turns."""
    survivor, loser = await _both(session, kind, survivor_id, body.loser_id)
    merged = [row.id for row in (survivor, loser) if row.merged_into_id is not None]
    owners = {"survivor_owner": survivor.owner_id, "loser_owner": loser.owner_id}
    refusal = rules.merge_refusal(survivor_id=survivor_id, loser_id=body.loser_id, merged=merged, **owners)
    if refusal:
        raise Refused(refusal, MERGE_REFUSALS[refusal])
    unknown = [name for name in body.take if name not in kind.takes]
    if unknown:
        wrong = field_error("#/take", f"These fields cannot be taken over: {', '.join(unknown)}.", "unknown")
        raise Invalid("invalid_input", wrong["detail"], errors=[wrong])
    loser_before = {name: to_jsonable_python(getattr(loser, name)) for name in kind.loser_becomes}
    new = {column: getattr(loser, column) for column in kind.columns_of(body.take)}
    taken = {column: to_jsonable_python(getattr(survivor, column)) for column in new}
    loser.merged_into_id = survivor.id
    set_values(loser, kind.loser_becomes)
    await session.flush()
    set_values(survivor, {**new, "last_activity_at": max(survivor.last_activity_at, loser.last_activity_at)})
    set_values(survivor, kind.follows(survivor))
    await session.flush()
    made = RecordMerge(
        id=new_id(), subject_type=kind.subject_type, survivor_id=survivor.id, loser_id=loser.id, reason=body.reason, taken=taken,
        survivor_after=kind.state_of(survivor), loser_before=loser_before, merged_at=now, merged_by=actor.id,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    await _tell_both(session, actor, made, "merged", now, reason=body.reason)
    await outbox.add(session, RecordsMerged(survivor.id, kind.subject_type, loser.id, actor.id), now)
    return made


MERGE_REFUSALS = {
    "same_record": "A record cannot become part of itself.",
    "already_merged": "One of the two is part of another record already; look at that one.",
    "survivor_has_no_owner": "The record that stays has no owner, the other one has: merge them the other way round.",
}


async def undo(session: AsyncSession, actor: Actor, kind: Mergeable, found: RecordMerge, now: datetime) -> RecordMerge:
    """A compensating transaction; refused with the list of what somebody has changed since."""
    survivor, loser = await _both(session, kind, found.survivor_id, found.loser_id)
    await session.refresh(found, with_for_update=True)
    if found.undone_at is not None:
        raise Refused("already_undone", "This merge has been undone already.")
    if not rules.may_undo(found.merged_at, now):
        raise Refused("undo_too_late", "A merge can be undone for 30 days.")
    changes = rules.changed_since(found.survivor_after, kind.state_of(survivor))
    if changes:
        raise Refused("changed_since", "The record has been changed since the merge; undoing would throw that away.", changes=changes)
    set_values(survivor, typed(kind, found.taken))
    set_values(survivor, kind.follows(survivor))
    await session.flush()
    loser.merged_into_id = None
    set_values(loser, typed(kind, found.loser_before))
    found.undone_at, found.undone_by = now, actor.id
    await session.flush()
    await _tell_both(session, actor, found, "merge_undone", now)
    await outbox.add(session, MergeUndone(survivor.id, kind.subject_type, loser.id, actor.id), now)
    return found


async def merge_of(session: AsyncSession, record_id: UUID, merge_id: UUID) -> RecordMerge:
    """A merge of this record; 404 when it is none of its own."""
    found = await session.get(RecordMerge, merge_id)
    if found is None or record_id not in {found.survivor_id, found.loser_id}:
        raise NotFound
    return found


async def _both(session: AsyncSession, kind: Mergeable, survivor_id: UUID, loser_id: UUID) -> tuple[Any, Any]:
    """Both records, locked and fresh; 404 when one is not visible, 403 when one may not be changed."""
    model = kind.model
    wanted = {survivor_id, loser_id}
    seen = set(await session.scalars(select(model.id).where(model.id.in_(wanted))))
    if seen != wanted:
        raise NotFound
    query = select(model).where(model.id.in_(wanted)).order_by(model.id).with_for_update().execution_options(populate_existing=True)
    found = {row.id: row for row in await session.scalars(query)}
    if set(found) != wanted:
        raise Forbidden("not_yours_to_merge", "Only the superior of both owners or an administrator may do this.")
    return found[survivor_id], found[loser_id]


def set_values(row: Any, values: Mapping[str, Any]) -> None:
    """Each column gets its value."""
    for name, value in values.items():
        setattr(row, name, value)


def typed(kind: Mergeable, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that were kept as JSON, as their columns hold them."""
    columns = kind.model.__table__.c
    found = {}
    for name, value in values.items():
        python_type = columns[name].type.python_type
        is_plain = value is None or isinstance(value, python_type)
        found[name] = value if is_plain else datetime.fromisoformat(value) if python_type is datetime else python_type(value)
    return found


async def _tell_both(session: AsyncSession, actor: Actor, made: RecordMerge, what: str, now: datetime, **more: Any) -> None:
    """An entry in both histories, with the other record's number and name."""
    known = await records(session, (made.survivor_id, made.loser_id))
    survivor, loser = (known[key].model_dump(mode="json", include={"id", "number", "name"}) for key in (made.survivor_id, made.loser_id))
    for subject_id in (made.survivor_id, made.loser_id):
        await record(
            session, subject_type=made.subject_type, subject_id=subject_id, kind=f"{made.subject_type}.{what}", now=now, actor_id=actor.id,
            body={"survivor": survivor, "loser": loser, **more},
        )  # fmt: skip


async def merges_of(session: AsyncSession, kind: Mergeable, record_id: UUID, may_undo: bool, now: datetime) -> list[MergeOut]:
    """The merges of a record that the actor may see, newest first."""
    rows = (await session.execute(queries.merges_of(record_id))).all()
    known = await records(session, {key for row in rows for key in (row.RecordMerge.survivor_id, row.RecordMerge.loser_id)})
    return [
        _merge_out(row.RecordMerge, row.merged_by_name, known, may_undo, now)
        for row in rows
        if row.RecordMerge.subject_type == kind.subject_type
    ]


def _merge_out(made: RecordMerge, merged_by: str, known: Mapping[UUID, RecordRef], may_undo: bool, now: datetime) -> MergeOut:
    return MergeOut(
        id=made.id,
        survivor=known[made.survivor_id],
        loser=known[made.loser_id],
        reason=made.reason,
        taken=list(made.taken),
        merged_at=made.merged_at,
        merged_by=PersonRef(id=made.merged_by, name=merged_by),
        undone_at=made.undone_at,
        can_undo=may_undo and made.undone_at is None and rules.may_undo(made.merged_at, now),
    )
