"""What a register must offer so that files can fill it. One file a register, named in `registry.py`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity.batches import Author, Plan
from backend.imports.cells import Cell
from backend.imports.mapping import Field
from backend.imports.rules import Assignment, Mode

Problem = dict[str, Any]


@dataclass(frozen=True)
class World:
    """What checking a row needs to know, read once a batch."""

    now: datetime
    zone: ZoneInfo
    people: Mapping[str, Sequence[tuple[str, str]]]
    """Active people by name and by login, in lower case: (id, name); two of one name are both here."""
    keepers: frozenset[str]
    """Those of them who may look after customers."""
    regions: Mapping[str, Sequence[str]]
    """Sales regions by name, in lower case."""


@dataclass
class Checked:
    """A row as it will be stored (JSON values), with what is wrong and the keys that tell whether it exists."""

    fields: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    """By kind: what tells whether the record exists (`Target.find`)."""
    file_key: str | None = None
    """Equal for two rows of one file that say the same."""

    def wrong(self, column: str, code: str, **params: str) -> None:
        self.problems.append(problem(column, code, **params))


def problem(column: str, code: str, **params: str) -> Problem:
    return {"field": column, "code": code, "params": params}


@dataclass(frozen=True)
class Hit:
    """A record that has a key of the row; `id` and names only where the importer sees it, else whom to ask."""

    kind: str
    subject_type: str
    subject_id: UUID
    number: str
    company: str
    owner_id: UUID | None
    owner_name: str | None
    owner_works: bool = True


@dataclass(frozen=True)
class Required:
    """Columns of which the file must have one."""

    said: str
    code: str
    fields: frozenset[str]


Outcome = dict[str, Any]
"""What became of a row: `state`, and `subject_id`, `version`, `problems` or `hands` (who looked after the record and who does now, by
column) where they say more."""
Told = tuple[str, UUID, int]
"""The kind of a notification, its person, and the number of records."""


@dataclass(frozen=True)
class Target:
    """One register."""

    key: str
    subject_type: str
    fields: Sequence[Field]
    needs: Mapping[Mode, Sequence[Required]]
    """For each way of importing that there is; what an update needs it does not need where a column holds the number."""
    assignments: Sequence[Assignment]
    """Who may get what is new, the usual one first."""
    may_double: bool
    """Whether a person may have a second record made of what exists."""
    creates: str
    """The permission that making one record asks for; a file asks for it too."""
    check: Callable[[dict[str, Cell], dict[str, str], World], Checked]
    lacks: Callable[[Mapping[str, Any], Assignment], Problem | None]
    """What a row that would be new does not say."""
    kinds: Sequence[str]
    """Which kind of match counts first; a number decides alone."""
    identifies: frozenset[str]
    """The kinds by which a row means a record that it changes; the others only warn of a duplicate."""
    keys: Callable[[Mapping[str, Any]], dict[str, str]]
    """By kind: what tells whether the record of these fields exists."""
    derived: Callable[[Mapping[str, Any]], dict[str, Any]]
    """What the draft of a new record says that follows from these fields alone: costs time and no I/O."""
    find: Callable[[AsyncSession, Mapping[str, Sequence[str]], datetime], Awaitable[dict[tuple[str, str], Hit]]]
    """By kind and key, past row security: the caller masks."""
    stands_against: Callable[[Hit, UUID | None], bool]
    """Whether a hit keeps a record of this owner from being made."""
    goes_to_owner: Callable[[Hit], bool]
    """Whether a row is made in spite of the hit, for its owner."""
    own_joined: frozenset[str]
    own_apart: frozenset[str]
    """Kinds by which a row that hits what an earlier row of the file has made belongs to it, or is another record all the same."""
    visible: Callable[[AsyncSession, Sequence[UUID]], Awaitable[set[UUID]]]
    create: Callable[[AsyncSession, Author, Plan, Sequence[dict[str, Any]], datetime], Awaitable[Sequence[Outcome]]]
    """Of each draft what became of it, in their order."""
    update: Callable[..., Awaitable[Mapping[int, Outcome]]]
    """Of each row (number, record, fields) what became of it; a row that is not here could not be changed by this person."""
    withdraw: Callable[[AsyncSession, Author, Plan, Mapping[UUID, int], str, datetime], Awaitable[set[UUID]]]
    told: Callable[[AsyncSession, UUID], Awaitable[list[Told]]]
    """Whom a run that is through has given or taken records, and how many: each is told once."""
