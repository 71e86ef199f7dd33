"""What identity tells the rest of the house."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid5

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class PersonChanged(DomainEvent):
    """A person was created, changed or deactivated; `fields` names what."""

    kind: ClassVar[str] = "person.changed"
    fields: list[str]


@dataclass(frozen=True)
class RegionChanged(DomainEvent):
    """A region or its provinces and cities changed."""

    kind: ClassVar[str] = "region.changed"


@dataclass(frozen=True)
class PresenceChanged(DomainEvent):
    """A leave or a deputy was entered or taken back."""

    kind: ClassVar[str] = "person.presence_changed"


@dataclass(frozen=True)
class SessionsEnded(DomainEvent):
    """Some or all devices of a person were signed out; open streams must close."""

    kind: ClassVar[str] = "person.sessions_ended"
    session_ids: list[UUID]


ROLES = UUID("b3c1f4a2-7f0e-5a53-9d0b-3c2f1b7c5e11")


@dataclass(frozen=True)
class RoleChanged(DomainEvent):
    """What a role may do, or how far it sees, changed; `fields` names what."""

    kind: ClassVar[str] = "role.changed"
    code: str
    fields: list[str]

    @classmethod
    def of(cls, code: str, fields: list[str]) -> "RoleChanged":
        return cls(uuid5(ROLES, code), code, fields)
