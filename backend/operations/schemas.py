"""Dead events over HTTP."""

from datetime import datetime
from uuid import UUID

from backend.core.schemas import Out


class DeadEvent(Out):
    """An event whose handlers failed too often; `last_error` names the handler that stopped it."""

    id: int
    kind: str
    subject_id: UUID
    occurred_at: datetime
    dead_at: datetime
    attempts: int
    last_error: str | None


class Replayed(Out):
    """How many events are tried again."""

    replayed: int
