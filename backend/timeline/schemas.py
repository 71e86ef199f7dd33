"""Timeline entries over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from backend.core.schemas import In, Line, Out, Text, When
from backend.timeline.rules import FollowUpKind, Outcome


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


class FollowUpCreate(In):
    """A real follow-up: what was done and what came of it."""

    kind: FollowUpKind
    outcome: Outcome
    note: Text = ""
    duration_minutes: Annotated[int, Field(ge=0, le=1440, strict=True)] | None = None
    next_step: Line | None = None
    next_step_at: When | None = None
