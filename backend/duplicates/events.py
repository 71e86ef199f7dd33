"""What merging tells the rest of the house."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class RecordsMerged(DomainEvent):
    """`loser_id` became part of the subject."""

    kind: ClassVar[str] = "record.merged"
    subject_type: str
    loser_id: UUID
    merged_by: UUID


@dataclass(frozen=True)
class MergeUndone(DomainEvent):
    """`loser_id` stands for itself again."""

    kind: ClassVar[str] = "record.merge_undone"
    subject_type: str
    loser_id: UUID
    undone_by: UUID
