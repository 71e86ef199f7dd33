"""LEAD-4: two customers of one firm become one. Contacts, leads, changes and timelines of the loser are read through the survivor."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Forbidden, Refused
from backend.customers import contacts, reading, rules, same_firm, searching, writing
from backend.customers.models import Customer
from backend.customers.rules import CustomerState
from backend.customers.schemas import CustomerOut
from backend.duplicates import merging
from backend.duplicates import service as duplicates
from backend.duplicates.merging import Mergeable
from backend.duplicates.models import RecordMerge
from backend.duplicates.schemas import DuplicateHits, MergeCreate, Merges
from backend.identity.deps import Actor

PRIMARY = "primary_contact_id"
CUSTOMER = Mergeable(
    subject_type=rules.SUBJECT,
    model=Customer,
    takes={
        "name": ("name_key",), "credit_code": (), "parent_id": (), "province": (), "city": (), "address": (), "industry": (), "website": (),
        "payment_terms": (), "source": (), "is_key": (), "tags": (), "notes": (), "next_step": ("next_step_at",),
    },
    guarded=("region_id", "owner_id", "backup_owner_id", "state", "merged_into_id"),
    loser_becomes={},
)  # fmt: skip


async def candidates(session: AsyncSession, actor: Actor, customer_id: UUID) -> DuplicateHits:
    """候选重复 of a customer that the actor may see."""
    await reading.detail_row(session, actor, customer_id)
    return await same_firm.candidates(session, customer_id)


async def merge(session: AsyncSession, actor: Actor, customer_id: UUID, body: MergeCreate, now: datetime) -> CustomerOut:
    """`loser_id` becomes part of this customer."""
    for one in (customer_id, body.loser_id):
        await _require_leader(session, actor, one)
    primary = [await contacts.primary_of(session, await duplicates.family(session, one)) for one in (customer_id, body.loser_id)]
    made = await merging.merge(session, actor, CUSTOMER, customer_id, body, now)
    await _require_sound(session, made.survivor_id)
    await _keep_one_primary(session, made, *primary)
    return await _shown(session, actor, made.survivor_id, now)


async def undo(session: AsyncSession, actor: Actor, customer_id: UUID, merge_id: UUID, now: datetime) -> CustomerOut:
    """Both customers stand for themselves again, each with its own children."""
    found = await merging.merge_of(session, customer_id, merge_id)
    for one in (found.survivor_id, found.loser_id):
        await _require_leader(session, actor, one)
    made = await merging.undo(session, actor, CUSTOMER, found, now)
    for one in (made.survivor_id, made.loser_id):
        await _require_no_circle(session, one)
    await _make_findable(session, made.loser_id)
    primary = made.set_aside.get(PRIMARY)
    if primary and await contacts.primary_of(session, await duplicates.family(session, made.loser_id)) is None:
        await contacts.set_primary(session, UUID(primary), is_primary=True)
    return await _shown(session, actor, made.survivor_id, now)


async def merges(session: AsyncSession, actor: Actor, customer_id: UUID, now: datetime) -> Merges:
    row = await reading.detail_row(session, actor, customer_id)
    may_undo = rules.may_merge(reading.standing(row, actor))
    return Merges(items=await merging.merges_of(session, CUSTOMER, customer_id, may_undo, now))


async def _keep_one_primary(session: AsyncSession, made: RecordMerge, mine: UUID | None, other: UUID | None) -> None:
    """The survivor's primary contact stays the one; the loser's gets its place back when the merge is undone."""
    if mine is not None and other is not None:
        await contacts.set_primary(session, other, is_primary=False)
        made.set_aside = {PRIMARY: str(other)}
        await session.flush()


async def _require_leader(session: AsyncSession, actor: Actor, customer_id: UUID) -> None:
    """404 unseen; 403 for whoever is neither the owner's superior or regional manager nor an administrator."""
    row = await reading.detail_row(session, actor, customer_id)
    actor.require(rules.MERGES)
    if not rules.may_merge(reading.standing(row, actor)):
        raise Forbidden("not_yours_to_merge", "Only the superior of both owners or an administrator may do this.")


async def _require_sound(session: AsyncSession, customer_id: UUID) -> None:
    """What the locked record is now: active, and not above itself."""
    state = await session.scalar(select(Customer.state).where(Customer.id == customer_id))
    if state != CustomerState.ACTIVE:
        raise Refused("customer_state_forbids", "The customer is archived; restore it first, or keep the other one.", state=state)
    await _require_no_circle(session, customer_id)


async def _require_no_circle(session: AsyncSession, customer_id: UUID) -> None:
    """A company does not become its own parent, not even by way of what was merged."""
    parent_id: Any = await session.scalar(select(Customer.parent_id).where(Customer.id == customer_id))
    if parent_id is not None and await session.scalar(select(func.customer_makes_circle(customer_id, parent_id))):
        raise Refused("merge_makes_circle", "One of the two belongs to the other's group; take it out of the group first.")


async def _shown(session: AsyncSession, actor: Actor, customer_id: UUID, now: datetime) -> CustomerOut:
    """The survivor, findable under what it now says and by what is merged into it."""
    await _make_findable(session, customer_id)
    await writing.touch(session, customer_id, now)
    return await reading.customer(session, actor, customer_id)


async def _make_findable(session: AsyncSession, customer_id: UUID) -> None:
    """By what it says now, and its people: somebody may have changed them while it was part of another one."""
    await same_firm.register(session, customer_id)
    statement = update(Customer).where(Customer.id == customer_id).values(await searching.columns(session, customer_id))
    await session.execute(statement.execution_options(synchronize_session=False))
