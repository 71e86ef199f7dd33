"""OPEN-1: what was authentic and did not fit is looked at, corrected and replayed, or dismissed."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.db import after_commit
from backend.core.errors import Invalid, NotFound, Refused, field_error
from backend.core.ids import new_id
from backend.core.outbox import ring
from backend.core.pagination import Page, decode_cursor, page_of
from backend.identity.deps import Actor
from backend.webhooks import queries, trial
from backend.webhooks.events import SubmissionDismissed
from backend.webhooks.mapping import Mapped
from backend.webhooks.models import Form
from backend.webhooks.rules import SubmissionState
from backend.webhooks.schemas import LeadPreview, SubmissionOut, SubmissionSummary


async def list_submissions(
    session: AsyncSession, actor: Actor, state: str | None, form_id: UUID | None, cursor: str | None, limit: int
) -> Page[SubmissionOut]:
    """Newest first."""
    actor.require("submissions.read")
    shape = ("submissions", state, form_id)
    after = decode_cursor(cursor, (datetime, UUID), shape)
    rows = (await session.execute(queries.submissions(state, form_id, after, limit))).all()
    shown, next_cursor = page_of(rows, limit, lambda row: (row.received_at, row.id), shape)
    return Page[SubmissionOut](items=[_out(row) for row in shown], next_cursor=next_cursor)


async def summary(session: AsyncSession, actor: Actor) -> SubmissionSummary:
    actor.require("submissions.read")
    return SubmissionSummary(quarantined=await session.scalar(queries.quarantined_count()) or 0)


async def submission(session: AsyncSession, actor: Actor, submission_id: UUID) -> SubmissionOut:
    row = await _row(session, submission_id)
    actor.require("submissions.read")
    return _out(row)


async def _row(session: AsyncSession, submission_id: UUID) -> Any:
    row = (await session.execute(queries.submission(submission_id))).first()
    if row is None:
        raise NotFound
    return row


def _out(row: Any) -> SubmissionOut:
    fields = dict(row._mapping)
    faults = (fields.pop("reason") or {}).get("faults", [])
    decision = row.decision_kind and {
        "kind": row.decision_kind,
        "reason": row.decision_reason,
        "corrections": row.corrections,
        "by": {"id": row.decided_by, "name": row.decider_name},
        "at": row.decided_at,
    }
    form = {"id": row.form_id, "name": row.form_name}
    return SubmissionOut.model_validate({**fields, "form": form, "reasons": faults, "decision": decision})


async def preview(session: AsyncSession, actor: Actor, submission_id: UUID, corrections: dict[str, str]) -> LeadPreview:
    """The lead that a replay would make now."""
    row = await _row(session, submission_id)
    actor.require("submissions.read")
    return trial.preview(await _mapped(session, row, corrections))


async def _mapped(session: AsyncSession, row: Any, corrections: dict[str, str]) -> Mapped:
    form = await session.get_one(Form, row.form_id)
    return trial.map_again(row.payload, form.mapping, form.verification, corrections)


async def replay(session: AsyncSession, actor: Actor, submission_id: UUID, corrections: dict[str, str], now: datetime) -> SubmissionOut:
    """Makes the lead, once: received when the post was, by the form's present mapping and what was typed in.

    A second replay, even at the same moment, finds the first one's lead.
    """
    row = await _row(session, submission_id)
    actor.require("forms.manage")
    if row.state != SubmissionState.ACCEPTED:
        mapped = await _mapped(session, row, corrections)
        if mapped.faults:
            wrong = [field_error(f"#/corrections/{fault.field}", fault.detail, fault.code) for fault in mapped.faults]
            raise Invalid("still_does_not_fit", "The submission still does not fit; each reason is in `errors`.", errors=wrong)
        fields = {**mapped.fields, "custom": mapped.custom, "is_test": mapped.is_test}
        await _decide(session, submission_id, new_id(), fields, corrections, "", now)
        after_commit(session, ring, key="relay")
    return _out(await _row(session, submission_id))


async def dismiss(session: AsyncSession, actor: Actor, submission_id: UUID, reason: str, now: datetime) -> SubmissionOut:
    """It will be no lead, for a reason; a replay can still make it one."""
    await _row(session, submission_id)
    actor.require("forms.manage")
    outcome = await _decide(session, submission_id, None, {}, {}, reason, now)
    if not outcome["is_new"]:
        raise Refused("submission_decided", "Somebody has already dealt with this submission.", state=outcome["state"])
    await outbox.add(session, SubmissionDismissed(submission_id, reason), now)
    return _out(await _row(session, submission_id))


async def _decide(
    session: AsyncSession,
    submission_id: UUID,
    lead_id: UUID | None,
    fields: dict[str, Any],
    corrections: dict[str, str],
    reason: str,
    now: datetime,
) -> dict[str, Any]:
    """The guarded function locks the submission, so that two decisions take turns."""
    given = cast(json.loads(json.dumps(fields)), JSONB)
    decide = func.submission_decide(submission_id, lead_id, given, cast(corrections, JSONB), reason, now)
    outcome: dict[str, Any] | None = await session.scalar(select(decide))
    if outcome is None:
        raise NotFound
    return outcome
