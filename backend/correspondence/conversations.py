"""Which conversation a letter belongs to: whoever writes an id into a header has no part in it yet (FLOW-6)."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.correspondence import queries, records
from backend.correspondence.machines import Author
from backend.correspondence.models import EmailMessage
from backend.correspondence.records import Ref


@dataclass(frozen=True)
class Claim:
    """The letters that one says it follows, and what its sender may rely on.

    `sender` is their address where we believe it, `people` those whom it is for; `firms` the customers and leads who have
    that address, and `only` the one whose record's address the letter came by. `is_colleague` is one who has shown to be.
    """

    message_id: str
    named: Sequence[str]
    author: Author
    sender: str | None
    people: Sequence[str]
    firms: AbstractSet[UUID]
    is_colleague: bool
    only: UUID | None


@dataclass(frozen=True)
class Thread:
    """The conversation that a letter belongs to, and the record that it is about; `quoted` is the record of one that it names without part in it."""

    id: UUID | None = None
    ref: Ref | None = None
    quoted: Ref | None = None


async def find(session: AsyncSession, claim: Claim) -> Thread:
    """The oldest that its sender has part in; a person's letter that joins several of one firm makes them one."""
    known = list(await session.scalars(queries.threads_of(claim.message_id, claim.named)))
    if not known:
        return Thread()
    firms = await _firms(session, known)
    given = {"threads": known, "named": list(claim.named), "senders": [claim.sender] if claim.sender else [], "people": list(claim.people)}
    rows = (await session.execute(queries.PARTS, given)).all()
    joined = [row for row in rows if _has_part(claim, row, firms[row.thread_id])]
    if not joined:
        return Thread(quoted=await _nearest(session, known, claim.named))
    ref = await _nearest(session, [row.thread_id for row in joined], claim.named)
    firm = {await records.firm_of(session, ref)} if ref else set()
    ours = [row.thread_id for row in joined if firms[row.thread_id] <= firm]
    if claim.author is Author.PERSON and len(ours) > 1:
        merged = update(EmailMessage).where(EmailMessage.thread_id.in_(ours[1:])).values(thread_id=ours[0])
        await session.execute(merged.execution_options(synchronize_session=False))
    return Thread(ours[0], ref)


async def _firms(session: AsyncSession, threads: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """The customers and leads that conversations are about."""
    found: dict[UUID, set[UUID]] = {thread: set() for thread in threads}
    seen: dict[Ref, UUID] = {}
    for row in await session.execute(queries.records_of_threads(threads)):
        ref = Ref(row.subject_type, row.subject_id)
        if ref not in seen:
            seen[ref] = await records.firm_of(session, ref)
        found[row.thread_id].add(seen[ref])
    return found


def _has_part(claim: Claim, row: Any, firms: AbstractSet[UUID]) -> bool:
    """Who wrote or got its letters, whom its record knows, and colleagues; a mail server only in what it returns.

    Of a conversation that nobody has filed yet nothing is certain but that two people name each other.
    """
    if claim.author is Author.SERVER:
        return bool(row.is_returned)
    if claim.only is not None and firms - {claim.only}:
        return False
    is_known = row.takes_part if row.is_filed else row.is_mutual
    return claim.is_colleague or bool(is_known) or bool(firms & claim.firms)


async def _nearest(session: AsyncSession, threads: Sequence[UUID], named: Sequence[str]) -> Ref | None:
    """The record, as what stands for it now, of the nearest letter that is named; else of the newest."""
    row = (await session.execute(queries.nearest(threads, named))).first()
    return await records.standing_for(session, Ref(row.subject_type, row.subject_id)) if row else None
