"""What people and the system do with forms and submissions."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.pagination import Page, decode_cursor, page_of
from backend.identity.deps import Actor
from backend.notifications.queries import holders_of
from backend.notifications.service import notify
from backend.webhooks import queries
from backend.webhooks.models import Form
from backend.webhooks.rules import ANNOUNCE_EVERY
from backend.webhooks.schemas import FormOut, Forms, SubmissionOut

INBOUND = "/api/v1/inbound/forms/"


async def list_forms(session: AsyncSession, actor: Actor) -> Forms:
    actor.require("forms.read")
    return Forms(items=[_form_out(form) for form in await session.scalars(queries.forms())])


def _form_out(form: Form) -> FormOut:
    names = ("id", "key", "name", "source", "is_active", "mapping", "rate_per_minute", "verification", "version")
    return FormOut.model_validate({**{name: getattr(form, name) for name in names}, "path": INBOUND + form.key})


async def list_submissions(session: AsyncSession, actor: Actor, state: str | None, cursor: str | None, limit: int) -> Page[SubmissionOut]:
    """Newest first."""
    actor.require("submissions.read")
    shape = ("submissions", state)
    after = decode_cursor(cursor, (datetime, UUID), shape)
    rows = (await session.execute(queries.submissions(state, after, limit))).all()
    shown, next_cursor = page_of(rows, limit, lambda row: (row.received_at, row.id), shape)
    return Page[SubmissionOut](items=[_submission_out(row) for row in shown], next_cursor=next_cursor)


def _submission_out(row: Any) -> SubmissionOut:
    fields = dict(row._mapping)
    faults = (fields.pop("reason") or {}).get("faults", [])
    return SubmissionOut.model_validate({**fields, "form": {"id": row.form_id, "name": row.form_name}, "reasons": faults})


async def announce_quarantine(session: AsyncSession, form_id: UUID, now: datetime) -> int:
    """Tells marketing and administrators what is new in a form's quarantine, at most once in five minutes; returns how many."""
    name = await session.scalar(select(Form.name).where(Form.id == form_id).with_for_update(key_share=True))
    last = await session.scalar(queries.last_announced(form_id))
    if name is None or (last is not None and last > now - ANNOUNCE_EVERY):
        return 0
    reasons = (await session.scalars(queries.announce(form_id, now))).all()
    if reasons:
        codes = Counter(fault["code"] for reason in reasons for fault in (reason or {}).get("faults", []))
        params = {"form": name, "count": len(reasons), "codes": [code for code, _ in codes.most_common(5)]}
        people = list(await session.scalars(holders_of("submissions.read")))
        await notify(
            session, person_ids=people, kind="submission.quarantined", params=params, subject_type="form", subject_id=form_id, now=now
        )
    return len(reasons)
