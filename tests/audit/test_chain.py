"""Sealing, and finding every kind of tampering that the owner of the database could try."""

import asyncio

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service
from backend.audit.jobs import seal_audit
from backend.audit.models import AuditEntry, AuditSeal
from backend.core.db import Lens, bind, transaction
from tests.conftest import Committed, as_owner
from tests.factories import make_region


async def sealed_batches(session: AsyncSession, *sizes: int) -> None:
    """Seals what is there, then batches of these sizes."""
    await seal(session)
    for size in sizes:
        for _ in range(size):
            await make_region(session)
        await session.flush()
        assert await seal(session) == size


async def seal(session: AsyncSession) -> int:
    await bind(session, Lens.SYSTEM, "system:audit")
    sealed = await service.seal(session)
    await as_owner(session)
    return sealed


async def verify(session: AsyncSession, head: str = "") -> service.Verdict:
    await bind(session, Lens.SYSTEM, "system:audit")
    verdict = await service.verify(session, head)
    await as_owner(session)
    return verdict


async def test_an_untouched_audit_adds_up(session: AsyncSession) -> None:
    await sealed_batches(session, 4, 1, 3)
    await make_region(session)
    verdict = await verify(session)
    seals = (await session.scalars(select(AuditSeal).order_by(AuditSeal.batch))).all()
    assert (verdict.broken, verdict.unsealed, verdict.batches) == (None, 1, len(seals))
    assert verdict.entries == sum(seal.entries for seal in seals)
    assert verdict.head == seals[-1].hash.hex()
    assert await seal(session) == 1
    assert await seal(session) == 0


async def test_an_empty_audit_adds_up(session: AsyncSession) -> None:
    await session.execute(text("truncate audit_entry, audit_seal"))
    assert await verify(session) == service.Verdict(0, 0, 0, None, "")


TAMPERING = {
    "a changed value": 'update audit_entry set after = after || \'{"name": "x"}\' where id = :second',
    "a changed actor": "update audit_entry set actor = 'somebody' where id = :second",
    "a changed moment": "update audit_entry set at = at + interval '1 microsecond' where id = :second",
    "a changed address": "update audit_entry set ip = '10.0.0.1' where id = :second",
    "a changed row": "update audit_entry set row_id = 'x' where id = :second",
    "a removed entry": "delete from audit_entry where id = :second",
    "an inserted entry": "insert into audit_entry (at, actor, request_id, ip, table_name, row_id, action, batch) select now(), 'x', '', '', 'region', 'x', 'insert', batch from audit_entry where id = :second",
    "an entry moved to another batch": "update audit_entry set batch = batch + 1 where id = :second",
    "an entry taken out of its batch": "update audit_entry set batch = null where id = :second",
    "a removed batch": "with gone as (delete from audit_seal where batch = (select batch from audit_entry where id = :second) returning batch) delete from audit_entry where batch in (select batch from gone)",
    "a removed seal": "delete from audit_seal where batch = (select batch from audit_entry where id = :second)",
    "a changed seal": "update audit_seal set hash = sha256('x') where batch = (select batch from audit_entry where id = :second)",
    "a changed count": "update audit_seal set entries = entries + 1 where batch = (select batch from audit_entry where id = :second)",
    "entries of a batch that was never sealed": "insert into audit_entry (at, actor, request_id, ip, table_name, row_id, action, batch) select now(), 'x', '', '', 'region', 'x', 'insert', 1000 where :second > 0",
    "entries of a batch before the first": "insert into audit_entry (at, actor, request_id, ip, table_name, row_id, action, batch) select now(), 'x', '', '', 'region', 'x', 'insert', 0 where :second > 0",
    "a removed last seal": "delete from audit_seal where :second > 0 and batch = (select max(batch) from audit_seal)",
    "removed entries of the last batch": "delete from audit_entry where :second > 0 and batch = (select max(batch) from audit_seal)",
}


@pytest.mark.plants_writes
@pytest.mark.parametrize("how", TAMPERING)
async def test_tampering_is_found(session: AsyncSession, how: str) -> None:
    await sealed_batches(session, 3, 2)
    second = await session.scalar(select(AuditEntry.id).where(AuditEntry.table_name == "region").order_by(AuditEntry.id).limit(1).offset(1))
    assert (await verify(session)).broken is None
    done = await session.execute(text(TAMPERING[how]), {"second": second})
    assert done.rowcount > 0  # type: ignore[attr-defined]
    assert (await verify(session)).broken is not None


async def test_the_broken_batch_is_named(session: AsyncSession) -> None:
    await sealed_batches(session, 2, 2, 2)
    last = await session.scalar(select(AuditSeal.batch).order_by(AuditSeal.batch.desc()).limit(1))
    assert last
    await session.execute(text("update audit_entry set ip = 'x' where batch = :batch"), {"batch": last - 1})
    assert (await verify(session)).broken == last - 1


async def test_a_chain_cut_off_at_its_end_is_told_by_its_head(session: AsyncSession) -> None:
    """Nothing inside can show that the newest batches are gone: whoever keeps the printed head can."""
    await sealed_batches(session, 2, 2)
    head = (await verify(session)).head
    last = await session.scalar(select(AuditSeal.batch).order_by(AuditSeal.batch.desc()).limit(1))
    await session.execute(text("delete from audit_entry where batch = :batch"), {"batch": last})
    await session.execute(text("delete from audit_seal where batch = :batch"), {"batch": last})
    verdict = await verify(session)
    assert (verdict.broken, verdict.head == head, verdict.is_intact) == (None, False, True)
    asked = await verify(session, head)
    assert (asked.broken, asked.holds_head, asked.is_intact) == (None, False, False)


async def test_an_earlier_head_stays_in_the_chain(session: AsyncSession) -> None:
    await sealed_batches(session, 2)
    head = (await verify(session)).head
    await sealed_batches(session, 1, 2)
    verdict = await verify(session, head)
    assert (verdict.head != head, verdict.holds_head, verdict.is_intact) == (True, True, True)


async def test_two_sealers_at_once_make_one_chain(committed: Committed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 7)

    async def write() -> None:
        for _ in range(10):
            async with committed.owner() as session:
                await make_region(session)

    await asyncio.gather(write(), write(), *(seal_audit({}) for _ in range(4)))
    while await seal_audit({}):
        pass
    async with transaction(Lens.SYSTEM, "system:audit") as session:
        verdict = await service.verify(session)
        batches = (await session.scalars(select(AuditSeal.batch).order_by(AuditSeal.batch))).all()
    assert (verdict.broken, verdict.unsealed) == (None, 0)
    assert batches == list(range(1, len(batches) + 1))
    assert verdict.entries >= 20


async def test_a_proof_and_a_sealer_at_once_raise_no_false_alarm(committed: Committed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 3)

    async def prove() -> list[int | None]:
        found = []
        for _ in range(10):
            async with transaction(Lens.SYSTEM, "system:audit") as session:
                found.append((await service.verify(session)).broken)
        return found

    async def write_and_seal() -> None:
        for _ in range(20):
            async with committed.owner() as session:
                await make_region(session)
            await seal_audit({})

    found, _, _ = await asyncio.gather(prove(), write_and_seal(), write_and_seal())
    assert found == [None] * 10
