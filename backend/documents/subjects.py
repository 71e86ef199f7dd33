"""Records that documents hang on. A module that has such a record says what filing with it asks for and means."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Invalid, field_error
from backend.identity.deps import Actor


@dataclass(frozen=True)
class Place:
    """A record whose documents a page shows; `name` is how the page marks them, none for its own."""

    id: UUID
    name: str | None = None


Neighbours = Callable[[AsyncSession, Sequence[UUID]], Awaitable[Sequence[Place]]]


@dataclass(frozen=True)
class Subject:
    """What the documents module asks of the module that a record belongs to."""

    admit: Callable[[AsyncSession, Actor, UUID, datetime], Awaitable[None]]
    """Locks the record; 404 unseen, 403 not allowed, 409 where its state forbids to file with it."""
    works: Callable[[AsyncSession, Actor, UUID], Awaitable[bool]]
    """Whether `admit` would let in, without a lock; 404 unseen."""
    family: Callable[[AsyncSession, Actor, UUID], Awaitable[Sequence[UUID]]]
    """The record and what was merged into it; 404 unseen."""
    stir: Callable[[AsyncSession, UUID, datetime], Awaitable[None]]
    """A file has come: an update of the record (7-day clock)."""


SUBJECTS: dict[str, Subject] = {}
NEIGHBOURS: dict[str, list[Neighbours]] = {}


def register(subject_type: str, subject: Subject) -> None:
    SUBJECTS[subject_type] = subject


def show_beside(subject_type: str, neighbours: Neighbours) -> None:
    """Records of a module higher up whose documents belong on the page of such a record as well."""
    NEIGHBOURS.setdefault(subject_type, []).append(neighbours)


async def places(session: AsyncSession, actor: Actor, subject_type: str, subject_id: UUID) -> list[Place]:
    """The record itself, then what else belongs on its page; 404 unseen."""
    family = await of(subject_type, "query/subject_type").family(session, actor, subject_id)
    found = [Place(one) for one in family]
    for neighbours in NEIGHBOURS.get(subject_type, ()):
        found += await neighbours(session, family)
    return found


def of(subject_type: str, pointer: str = "#/subject_type") -> Subject:
    """422 for what has no documents."""
    found = SUBJECTS.get(subject_type)
    if found is None:
        said = f"Documents hang on one of {sorted(SUBJECTS)}."
        raise Invalid("invalid_input", said, errors=[field_error(pointer, said, "unknown")])
    return found
