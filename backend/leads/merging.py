"""LEAD-4: two leads of one firm become one. The loser's ladder stands still meanwhile."""

from datetime import datetime
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Forbidden
from backend.deadlines import service as deadlines
from backend.deadlines.rules import FIRST_CONTACT, UNOWNED
from backend.duplicates import merging
from backend.duplicates import service as duplicates
from backend.duplicates.merging import Mergeable
from backend.duplicates.models import RecordMerge
from backend.duplicates.schemas import MergeCreate, Merges
from backend.identity.deps import Actor
from backend.leads import reading, rules, same_firm
from backend.leads.cards import standing
from backend.leads.finding import search_columns
from backend.leads.models import Lead
from backend.leads.rules import LeadState
from backend.leads.schemas import LeadOut

LEAD = Mergeable(
    subject_type=rules.SUBJECT,
    model=Lead,
    takes={
        "company": ("company_key",), "contact_name": (), "phone": ("phone_key",), "email": (), "wechat": (), "province": (), "city": (),
        "campaign": (), "product_line": (), "language": (), "need": (), "expected_amount": ("currency",),
    },
    guarded=("owner_id", "merged_into_id"),
    loser_becomes={"state": LeadState.MERGED.value},
    follows=lambda lead: search_columns(lead.company, lead.contact_name, lead.phone, lead.phone_key),
)  # fmt: skip


async def merge(session: AsyncSession, actor: Actor, lead_id: UUID, body: MergeCreate, now: datetime) -> LeadOut:
    """`loser_id` becomes part of this lead."""
    for one in (lead_id, body.loser_id):
        await _require_leader(session, actor, one)
    made = await merging.merge(session, actor, LEAD, lead_id, body, now)
    for ladder in (FIRST_CONTACT, UNOWNED):
        await deadlines.stop(session, ladder, made.loser_id, now)
    await _carry(session, made)
    return await _shown(session, actor, made)


async def _carry(session: AsyncSession, made: RecordMerge) -> None:
    """The survivor counts what was done with the other lead; its ladder stops where that was a contact."""
    survivor, loser = [await session.get_one(Lead, one) for one in (made.survivor_id, made.loser_id)]
    new = rules.carried(survivor, loser)
    made.set_aside = {name: [to_jsonable_python(getattr(survivor, name)), to_jsonable_python(value)] for name, value in new.items()}
    merging.set_values(survivor, new)
    if "state" in new:
        merging.set_values(survivor, {"escalated_to_id": None, "escalation_level": 0})
        await deadlines.stop(session, FIRST_CONTACT, survivor.id, made.merged_at)
    await session.flush()


async def _give_back(session: AsyncSession, made: RecordMerge) -> None:
    """What was carried and nobody has touched since goes back; without a contact of its own the survivor waits for one again."""
    survivor = await session.get_one(Lead, made.survivor_id)
    untouched = {name: was for name, (was, then) in made.set_aside.items() if to_jsonable_python(getattr(survivor, name)) == then}
    if "last_follow_up_at" in made.set_aside and "last_follow_up_at" not in untouched:  # followed up since: it stays followed
        untouched = {name: was for name, was in untouched.items() if name not in {"state", "first_follow_up_at"}}
    merging.set_values(survivor, merging.typed(LEAD, untouched))
    if "state" in untouched:
        await deadlines.resume(session, FIRST_CONTACT, survivor.id, made.merged_at)
    await session.flush()


async def undo(session: AsyncSession, actor: Actor, lead_id: UUID, merge_id: UUID, now: datetime) -> LeadOut:
    """Both leads stand for themselves again; what was running on the loser's ladder runs on from where it would be."""
    found = await merging.merge_of(session, lead_id, merge_id)
    for one in (found.survivor_id, found.loser_id):
        await _require_leader(session, actor, one)
    made = await merging.undo(session, actor, LEAD, found, now)
    for ladder in (FIRST_CONTACT, UNOWNED):
        await deadlines.resume(session, ladder, made.loser_id, made.merged_at)
    await _give_back(session, made)
    return await _shown(session, actor, made)


async def merges(session: AsyncSession, actor: Actor, lead_id: UUID, now: datetime) -> Merges:
    row = await reading.detail_row(session, actor, lead_id)
    may_undo = rules.may_merge(standing(row, actor))
    return Merges(items=await merging.merges_of(session, LEAD, lead_id, may_undo, now))


async def _require_leader(session: AsyncSession, actor: Actor, lead_id: UUID) -> None:
    """404 unseen; 403 for whoever is neither the owner's superior or regional manager nor an administrator."""
    row = await reading.detail_row(session, actor, lead_id)
    actor.require(rules.MERGES)
    if not rules.may_merge(standing(row, actor)):
        raise Forbidden("not_yours_to_merge", "Only the superior of both owners or an administrator may do this.")


async def _shown(session: AsyncSession, actor: Actor, made: RecordMerge) -> LeadOut:
    """The survivor, findable under what it now says."""
    row = await reading.detail_row(session, actor, made.survivor_id)
    await duplicates.register(session, rules.SUBJECT, [(made.survivor_id, same_firm.identity_of(row))])
    return await reading.lead(session, actor, made.survivor_id)
