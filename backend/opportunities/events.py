"""What opportunities tell the rest of the house; the subject is always the opportunity, so that its events stay in order."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class OpportunityCreated(DomainEvent):
    kind: ClassVar[str] = "opportunity.created"
    owner_id: UUID
    created_by: UUID


@dataclass(frozen=True)
class OpportunityChanged(DomainEvent):
    """Fields have new values."""

    kind: ClassVar[str] = "opportunity.changed"
    fields: list[str]


@dataclass(frozen=True)
class OpportunityFollowedUp(DomainEvent):
    kind: ClassVar[str] = "opportunity.followed_up"
    entry_id: UUID


@dataclass(frozen=True)
class StageChanged(DomainEvent):
    """It stands in another stage: `move` says which way it came there (`pipelines.rules.Move`)."""

    kind: ClassVar[str] = "opportunity.stage_changed"
    from_stage: str
    to_stage: str
    move: str
    moved_by: UUID
