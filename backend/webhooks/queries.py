"""SELECTs over forms and submissions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Update, and_, func, literal, select, text, true, tuple_, update

from backend.identity.models import Person
from backend.webhooks.models import Form, FormMapping, Submission, SubmissionDecision
from backend.webhooks.rules import SubmissionState

UNANNOUNCED = and_(Submission.state == SubmissionState.QUARANTINED, Submission.announced_at.is_(None))
MOST_COUNTED = 1000


def forms() -> Select[Any]:
    return select(Form).order_by(Form.name, Form.id).limit(500)


def replaced_mappings(form_id: UUID) -> Select[FormMapping, Person]:
    """Newest first, with the name of who replaced it."""
    return (
        select(FormMapping, Person)
        .join(Person, Person.id == FormMapping.replaced_by)
        .where(FormMapping.form_id == form_id)
        .order_by(FormMapping.version.desc())
        .limit(50)
    )


def form_secrets(form_id: UUID) -> Select[Any]:
    """Without the secrets: the database function shows their last characters."""
    columns = text("id, kind, hint, created_at, valid_until")
    return select(columns).select_from(func.form_secrets(form_id)).limit(50)


def _submissions() -> Select[Any]:
    """With the form's name and the newest decision; without the raw bytes."""
    table, decision = Submission, SubmissionDecision
    newest = (
        select(decision.kind, decision.reason, decision.corrections, decision.at, decision.decided_by)
        .where(decision.submission_id == table.id)
        .order_by(decision.at.desc(), decision.id.desc())
        .limit(1)
        .lateral("newest")
    )
    return (
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
            newest.c.kind.label("decision_kind"),
            newest.c.reason.label("decision_reason"),
            newest.c.corrections,
            newest.c.at.label("decided_at"),
            newest.c.decided_by,
            Person.name.label("decider_name"),
        )
        .join(Form, Form.id == table.form_id)
        .outerjoin(newest, true())
        .outerjoin(Person, Person.id == newest.c.decided_by)
    )


def submissions(state: str | None, form_id: UUID | None, after: tuple[datetime, UUID] | None, limit: int) -> Select[Any]:
    """Newest first; one row more than the page."""
    table = Submission
    query = _submissions().order_by(table.received_at.desc(), table.id.desc()).limit(limit + 1)
    if state is not None:
        query = query.where(table.state == literal(state, literal_execute=True))
    if form_id is not None:
        query = query.where(table.form_id == form_id)
    return query if after is None else query.where(tuple_(table.received_at, table.id) < after)


def submission(submission_id: UUID) -> Select[Any]:
    return _submissions().where(Submission.id == submission_id)


def quarantined_count() -> Select[int]:
    """Stops counting at a thousand; served by the partial index."""
    waiting = select(Submission.id).where(text("state = 'quarantined'")).limit(MOST_COUNTED)
    return select(func.count()).select_from(waiting.subquery())


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
