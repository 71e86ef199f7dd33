"""Wrong passwords are counted, and lock: a login that nobody has as one that somebody has, so that no answer tells which logins exist."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Problem, TooMany
from backend.identity import rules
from backend.identity.models import Credential, UnknownLogin


def locked(until: datetime, now: datetime) -> Problem:
    seconds = int((until - now).total_seconds()) + 1
    return TooMany("locked_out", f"Too many failures; try again in {seconds} s.", headers={"Retry-After": str(seconds)}, seconds=seconds)


async def count(session: AsyncSession, person_id: UUID, now: datetime, wrong: Problem) -> Problem:
    """`wrong`, or the lock that this failure has set. Counted in one atomic statement: parallel guesses cannot share a count."""
    until = await session.scalar(
        update(Credential)
        .where(Credential.person_id == person_id)
        .values(_one_more(Credential, now))
        .returning(Credential.locked_until)
        .execution_options(synchronize_session=False)
    )
    return locked(until, now) if until else wrong


async def count_unknown(session: AsyncSession, login_hash: str, now: datetime, wrong: Problem) -> Problem:
    """`count` for a login that nobody has."""
    first = insert(UnknownLogin).values(login_hash=login_hash, failed_count=1, failed_at=now)
    counted = first.on_conflict_do_update(index_elements=[UnknownLogin.login_hash], set_=_one_more(UnknownLogin, now))
    until = await session.scalar(counted.returning(UnknownLogin.locked_until).execution_options(synchronize_session=False))
    return locked(until, now) if until else wrong


def _one_more(table: type[Credential | UnknownLogin], now: datetime) -> dict[str, Any]:
    """`rules.locked_until` over the failures in a row, which begin anew once the last one is forgotten."""
    counted = case((table.failed_at > rules.forgotten_before(now), table.failed_count + 1), else_=1)
    locks = [(counted == n, rules.locked_until(n, now)) for n in range(rules.MAX_FAILURES, rules.MAX_FAILURES + 5)]
    longest = rules.locked_until(rules.MAX_FAILURES + 5, now)
    until = case((counted < rules.MAX_FAILURES, None), *locks, else_=longest)
    return {"failed_count": counted, "failed_at": now, "locked_until": until}
