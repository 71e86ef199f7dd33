"""SELECTs over dead events."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_

from backend.core.outbox import Outbox

Place = tuple[datetime, int]
MOST_COUNTED = 100


def dead_events(after: Place | None, limit: int) -> Select[int, str, UUID, datetime, datetime | None, int, str | None]:
    """The newest death first, without the payload; one row more than the page."""
    query = (
        select(Outbox.id, Outbox.kind, Outbox.subject_id, Outbox.occurred_at, Outbox.dead_at, Outbox.attempts, Outbox.last_error)
        .where(Outbox.dead_at.is_not(None))
        .order_by(Outbox.dead_at.desc(), Outbox.id.desc())
        .limit(limit + 1)
    )
    return query if after is None else query.where(tuple_(Outbox.dead_at, Outbox.id) < after)


def count_dead() -> Select[int]:
    """Stops counting at a hundred."""
    return select(func.count()).select_from(select(Outbox.id).where(Outbox.dead_at.is_not(None)).limit(MOST_COUNTED).subquery())
