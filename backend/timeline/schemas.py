"""Timeline entries over HTTP."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core.schemas import Out


class Actor(Out):
    id: UUID
    name: str


class TimelineEntryOut(Out):
    """One thing that happened; `actor` is null where the system or a form did it."""

    id: UUID
    kind: str
    at: datetime
    recorded_at: datetime
    actor: Actor | None
    outcome: str | None
    body: dict[str, Any]
