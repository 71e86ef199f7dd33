"""Sealing and proving the audit."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import queries
from backend.audit.models import AuditEntry

BATCH = 5000


@dataclass(frozen=True)
class Verdict:
    """Outcome of a proof: `broken` names the first batch that does not add up, None when all do.

    `holds_head` says whether the chain contains the head that was asked for: an earlier one that it lacks was cut off or rewritten.
    """

    batches: int
    entries: int
    unsealed: int
    broken: int | None
    head: str
    holds_head: bool = True

    @property
    def is_intact(self) -> bool:
        return self.broken is None and self.holds_head


async def seal(session: AsyncSession) -> int:
    """Seals the next batch; returns how many entries it took (0: nothing to do, or another sealer is at work)."""
    return await session.scalar(select(func.audit_seal_next(BATCH))) or 0


async def verify(session: AsyncSession, head: str = "") -> Verdict:
    """Recomputes the whole chain from the entries, while no sealer adds to it; `head` is one that an earlier proof printed."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext("audit_seal"))))
    await session.execute(queries.UTC)
    previous, batches, entries, broken, holds_head = b"", 0, 0, None, not head
    chain = await session.stream(queries.CHAIN)
    async for sealed in chain:
        if not _adds_up(sealed, batches + 1, previous):
            broken = batches + 1
            break
        previous, batches, entries = sealed.hash, batches + 1, entries + sealed.entries
        holds_head = holds_head or previous.hex() == head
    await chain.close()
    unsealed = await session.scalar(select(func.count()).where(AuditEntry.batch.is_(None))) or 0
    return Verdict(batches, entries, unsealed, broken, previous.hex(), holds_head)


def _adds_up(sealed: Any, expected: int, previous: bytes) -> bool:
    digest = sha256(previous + (sealed.digest or b"")).digest()
    return bool(sealed.batch == expected and sealed.held == sealed.entries and digest == sealed.hash)
