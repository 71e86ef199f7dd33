"""What webhooks tell the rest of the house, beside what the intake writes itself."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class FormChanged(DomainEvent):
    """A form was created or changed, or its secrets were; `fields` names what."""

    kind: ClassVar[str] = "form.changed"
    fields: list[str]


@dataclass(frozen=True)
class SubmissionDismissed(DomainEvent):
    """A quarantined submission will not become a lead."""

    kind: ClassVar[str] = "submission.dismissed"
    reason: str
