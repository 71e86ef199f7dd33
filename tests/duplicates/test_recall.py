"""LEAD-4 as a figure: 2,000 planted duplicates in a register of 10,000 firms, found through the index as a person's request finds them."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers.models import Customer
from backend.duplicates import service
from backend.duplicates.keys import company_key
from backend.duplicates.rules import Identity
from backend.leads.models import Lead
from tests.conftest import NOW
from tests.duplicates.register import Firm, make_register, plant
from tests.factories import make_person

SEED, FIRMS, PLANTED = 20260310, 10_000, 2_000


async def registered(session: AsyncSession, firms: Sequence[Firm]) -> dict[UUID, Firm]:
    """Half of them leads, half customers, each registered in batches as old records are."""
    owner = await make_person(session)
    leads = [UUID(int=2**100 + number) for number in range(0, len(firms), 2)]
    customers = [UUID(int=2**101 + number) for number in range(1, len(firms), 2)]
    by_id = dict(zip([*leads, *customers], [*firms[::2], *firms[1::2]], strict=True))
    shared = {"source": "import", "last_activity_at": NOW}
    await session.execute(insert(Lead), [
        {"id": key, "company": by_id[key].name, "company_key": company_key(by_id[key].name), "contact_name": "", "received_at": NOW} | shared
        for key in leads
    ])  # fmt: skip
    await session.execute(insert(Customer), [
        {"id": key, "name": by_id[key].name, "name_key": company_key(by_id[key].name), "owner_id": owner.id, "created_at": NOW} | shared
        for key in customers
    ])  # fmt: skip
    for kind, ids in (("lead", leads), ("customer", customers)):
        await registered_in_batches(session, kind, ids, by_id)
    return by_id


async def registered_in_batches(session: AsyncSession, kind: str, ids: Sequence[UUID], by_id: dict[UUID, Firm]) -> None:
    async def fetch(_: AsyncSession, after: UUID | None, limit: int) -> Sequence[tuple[UUID, Identity]]:
        start = 0 if after is None else ids.index(after) + 1
        return [(key, Identity(by_id[key].name)) for key in ids[start : start + limit]]

    total = 0
    while done := await service.backfill(session, kind, fetch, NOW + timedelta(seconds=total)):
        total += done
    assert total == len(ids)


async def test_planted_duplicates_are_found_and_others_are_not(session: AsyncSession) -> None:
    dice = random.Random(SEED)
    firms = make_register(dice, FIRMS)
    by_id = await registered(session, firms)
    right, wrong, missed, kinds = 0, 0, Counter[str](), Counter[str]()
    for kind, name, firm in plant(dice, firms, PLANTED):
        hits = [by_id[hit.record.id] for hit in await service.find(session, Identity(name)) if hit.record]
        kinds[kind] += 1
        right += firm in hits
        missed[kind] += firm not in hits
        wrong += sum(hit != firm for hit in hits)
    recall, precision = right / PLANTED, right / (right + wrong)
    print(f"\nregister {FIRMS}, planted {PLANTED}: recall {recall:.2%}, precision {precision:.2%}; missed {dict(+missed)} of {dict(kinds)}")
    assert recall > 0.95
    assert precision > 0.90
