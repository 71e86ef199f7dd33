"""What a register must offer so that files can fill it. One file a register, named in `registry.py`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.imports.cells import Cell
from backend.imports.mapping import Field
from backend.leads.from_files import Author, Plan

Problem = dict[str, Any]


@dataclass(frozen=True)
class World:
    """What checking a row needs to know, read once a batch."""

    now: datetime
    zone: ZoneInfo
    people: Mapping[str, Sequence[tuple[str, str]]]
    """Active people by name and by login, in lower case: (id, name); two of one name are both here."""


@dataclass
class Checked:
    """A row as it will be stored (JSON values), with what is wrong and the keys that tell whether it exists."""

    fields: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    """By kind: what tells whether the record exists (`Target.find`)."""
    file_key: str | None = None
    """Equal for two rows of one file that mean the same record."""

    def wrong(self, column: str, code: str, **params: str) -> None:
        self.problems.append({"field": column, "code": code, "params": params})


@dataclass(frozen=True)
class Hit:
    """A record that has a key of the row; `id` and names only where the importer sees it, else whom to ask."""

    kind: str
    subject_type: str
    subject_id: UUID
    number: str
    company: str
    owner_name: str | None


@dataclass(frozen=True)
class Target:
    """One register."""

    key: str
    subject_type: str
    fields: Sequence[Field]
    creates: str
    """The permission that making one record asks for; a file asks for it too."""
    check: Callable[[dict[str, Cell], dict[str, str], World], Checked]
    keys: Callable[[Mapping[str, Any]], dict[str, str]]
    """By kind: what tells whether the record of these fields exists."""
    find: Callable[[AsyncSession, Mapping[str, Sequence[str]]], Awaitable[dict[tuple[str, str], Hit]]]
    """By kind (`number`, `phone`, `email`, `company`) and key, past row security: the caller masks."""
    visible: Callable[[AsyncSession, Sequence[UUID]], Awaitable[set[UUID]]]
    create: Callable[[AsyncSession, Author, Plan, Sequence[dict[str, Any]], datetime], Awaitable[None]]
    update: Callable[..., Awaitable[dict[UUID, str]]]
    withdraw: Callable[[AsyncSession, Author, Plan, Mapping[UUID, int], str, datetime], Awaitable[set[UUID]]]
    owners: Callable[[AsyncSession, UUID], Awaitable[dict[UUID, int]]]
    """How many of the records that a run made each person got."""
    told: str
    """The kind of the notification that owners get once a run is through."""
