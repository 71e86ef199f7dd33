"""Forms and submissions over HTTP."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core.schemas import Out
from backend.leads.schemas import FormRef
from backend.webhooks.rules import SubmissionState


class Received(Out):
    """Kept for good: as a lead, or in quarantine, where marketing looks at it."""

    submission_id: UUID
    state: SubmissionState
    lead_id: UUID | None


class FormOut(Out):
    """A form without its secrets; posts go to `path`."""

    id: UUID
    key: str
    path: str
    name: str
    source: str
    is_active: bool
    mapping: dict[str, Any]
    rate_per_minute: int
    verification: dict[str, Any]
    version: int


class Forms(Out):
    items: list[FormOut]


class FaultOut(Out):
    """Why a submission does not fit; `field` is a field of the lead or a member of the body."""

    code: str
    field: str
    detail: str


class SubmissionOut(Out):
    id: UUID
    form: FormRef
    message_id: str
    received_at: datetime
    state: SubmissionState
    reasons: list[FaultOut]
    payload: dict[str, Any]
    content_type: str
    remote_ip: str
    lead_id: UUID | None
