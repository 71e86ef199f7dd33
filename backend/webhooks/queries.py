"""SELECTs over forms and submissions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Update, and_, func, select, tuple_, update

from backend.webhooks.models import Form, Submission
from backend.webhooks.rules import SubmissionState

UNANNOUNCED = and_(Submission.state == SubmissionState.QUARANTINED, Submission.announced_at.is_(None))


def forms() -> Select[Any]:
    return select(Form).order_by(Form.name, Form.id).limit(500)


def submissions(state: str | None, after: tuple[datetime, UUID] | None, limit: int) -> Select[Any]:
    """Newest first with the form's name; without the raw bytes; one row more than the page."""
    table = Submission
    query = (
        select(
            table.id,
            table.form_id,
            Form.name.label("form_name"),
            table.message_id,
            table.received_at,
            table.state,
            table.reason,
            table.payload,
            table.content_type,
            table.remote_ip,
            table.lead_id,
        )
        .join(Form, Form.id == table.form_id)
        .order_by(table.received_at.desc(), table.id.desc())
        .limit(limit + 1)
    )
    if state is not None:
        query = query.where(table.state == state)
    return query if after is None else query.where(tuple_(table.received_at, table.id) < after)


def last_announced(form_id: UUID) -> Select[Any]:
    return select(func.max(Submission.announced_at)).where(Submission.form_id == form_id, Submission.state == SubmissionState.QUARANTINED)


def announce(form_id: UUID, now: datetime) -> Update:
    """Marks what was not announced yet; returns the reasons."""
    return (
        update(Submission)
        .where(Submission.form_id == form_id, UNANNOUNCED)
        .values(announced_at=now)
        .returning(Submission.reason)
        .execution_options(synchronize_session=False)
    )


def forms_with_unannounced() -> Select[Any]:
    return select(Submission.form_id).where(UNANNOUNCED).distinct().limit(500)
