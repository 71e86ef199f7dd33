"""Sealing and proving the audit."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.models import AuditEntry, AuditSeal

BATCH = 5000


@dataclass(frozen=True)
class Verdict:
    """Outcome of a proof: `broken` names the first batch that does not add up, None when all do."""

    batches: int
    entries: int
    unsealed: int
    broken: int | None
    head: str


async def seal(session: AsyncSession) -> int:
    """Seals the next batch; returns how many entries it took (0: nothing to do, or another sealer is at work)."""
    return await session.scalar(select(func.audit_seal_next(BATCH))) or 0


async def verify(session: AsyncSession) -> Verdict:
    """Recomputes the whole chain from the entries, while no sealer adds to it."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext("audit_seal"))))
    previous, expected, entries, broken = b"", 1, 0, None
    seals = (await session.scalars(select(AuditSeal).order_by(AuditSeal.batch))).all()
    for sealed in seals:
        digest = await session.scalar(select(func.audit_digest(sealed.batch))) or b""
        held = await session.scalar(select(func.count()).where(AuditEntry.batch == sealed.batch))
        intact = sealed.batch == expected and held == sealed.entries and sha256(previous + digest).digest() == sealed.hash
        if not intact:
            broken = expected
            break
        previous, expected, entries = sealed.hash, expected + 1, entries + sealed.entries
    if broken is None and await session.scalar(select(func.count()).where(AuditEntry.batch.is_not(None))) != entries:
        broken = len(seals) + 1
    unsealed = await session.scalar(select(func.count()).where(AuditEntry.batch.is_(None))) or 0
    return Verdict(len(seals), entries, unsealed, broken, previous.hex())
