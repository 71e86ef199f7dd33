"""What leads tell the rest of the house."""

from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class LeadReceived(DomainEvent):
    """A lead without an owner came in and waits for its assignment."""

    kind: ClassVar[str] = "lead.received"


@dataclass(frozen=True)
class LeadAssigned(DomainEvent):
    """The system or a person gave the lead to somebody; `left_pool` when it waited without an owner until then."""

    kind: ClassVar[str] = "lead.assigned"
    owner_id: UUID
    reason: str
    left_pool: bool = False


@dataclass(frozen=True)
class LeadPooled(DomainEvent):
    """Nobody could be given the lead: it waits in the pool of its region, or of the company."""

    kind: ClassVar[str] = "lead.pooled"
    region_id: UUID | None
    reason: str


@dataclass(frozen=True)
class OwnerChanged(DomainEvent):
    """A person took the lead over or gave it to somebody else; `watchers` saw it before, in the region where it was."""

    kind: ClassVar[str] = "lead.owner_changed"
    owner_id: UUID
    previous_owner_id: UUID | None
    changed_by: UUID
    reason: str
    note: str
    watchers: list[UUID] = field(default_factory=list)
    region_id: UUID | None = None


@dataclass(frozen=True)
class LeadFollowedUp(DomainEvent):
    """A real follow-up was logged; `watchers` saw the lead before it."""

    kind: ClassVar[str] = "lead.followed_up"
    entry_id: UUID
    watchers: list[UUID]


@dataclass(frozen=True)
class LeadEscalated(DomainEvent):
    """The ladder reached a superior."""

    kind: ClassVar[str] = "lead.escalated"
    level: int
    escalated_to_id: UUID | None


@dataclass(frozen=True)
class ScriptsChanged(DomainEvent):
    """A first-contact script was made, changed or put in another place."""

    kind: ClassVar[str] = "script.changed"


@dataclass(frozen=True)
class LeadClosed(DomainEvent):
    """Somebody found that this lead will not become business."""

    kind: ClassVar[str] = "lead.disqualified"
    reason: str
    closed_by: UUID
    watchers: list[UUID]


@dataclass(frozen=True)
class LeadReopened(DomainEvent):
    """A superior took a disqualification back."""

    kind: ClassVar[str] = "lead.reopened"
    reopened_by: UUID
    watchers: list[UUID]


@dataclass(frozen=True)
class LeadConverted(DomainEvent):
    """The lead became a customer (`is_new`), or belongs to one that was there; `watchers` saw the lead before."""

    kind: ClassVar[str] = "lead.converted"
    customer_id: UUID
    converted_by: UUID
    is_new: bool
    watchers: list[UUID]


@dataclass(frozen=True)
class LeadImported(DomainEvent):
    """A file brought the lead in, with its owner decided (none: the pool)."""

    kind: ClassVar[str] = "lead.imported"
    run_id: UUID
    owner_id: UUID | None


@dataclass(frozen=True)
class LeadFieldsChanged(DomainEvent):
    """A file changed fields of the lead."""

    kind: ClassVar[str] = "lead.fields_changed"
    run_id: UUID
    fields: list[str]


@dataclass(frozen=True)
class LeadImportUndone(DomainEvent):
    """The lead came from a file by mistake and is disqualified."""

    kind: ClassVar[str] = "lead.import_undone"
    run_id: UUID


@dataclass(frozen=True)
class LeadReclaimed(DomainEvent):
    """Untouched for too long, the lead went back to the pool of its region."""

    kind: ClassVar[str] = "lead.reclaimed"
    former_owner_id: UUID


@dataclass(frozen=True)
class LeadProtected(DomainEvent):
    """A superior keeps the lead out of the pool, or no longer does."""

    kind: ClassVar[str] = "lead.protected"
    is_protected: bool


@dataclass(frozen=True)
class PoolRuleChanged(DomainEvent):
    """Leads return to the pool by another rule from now on."""

    kind: ClassVar[str] = "pool_rule.changed"
    region_id: UUID | None
