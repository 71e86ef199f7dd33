"""What the register of identities knows of the rows of a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import from_files_sql
from backend.customers import rules as customers
from backend.duplicates import service as duplicates
from backend.imports.targets.base import Hit

EXACT = ("phone", "email")


async def exact_hits(session: AsyncSession, keys: Mapping[str, Sequence[str]], now: datetime) -> Sequence[Any]:
    """Leads and customers with these phones and addresses."""
    exact = [(kind, key) for kind in EXACT for key in dict.fromkeys(keys.get(kind, ()))]
    return await duplicates.held(session, exact, now) if exact else ()


def hit_of(row: Any) -> Hit:
    """A row of `duplicates.held` as a hit."""
    return Hit(row.kind, row.subject_type, row.subject_id, row.number, row.name, row.owner_id, row.owner_name, row.owner_works)


async def customers_named(session: AsyncSession, keys: Sequence[str], now: datetime) -> dict[str, Hit]:
    """Customers by exactly these names, apart from how they are written."""
    wanted = list(dict.fromkeys(keys))
    rows = await from_files_sql.BY_NAME.rows(session, keys=wanted, now=now) if wanted else ()
    return {row.key: customer_hit("company", row) for row in rows}


def customer_hit(kind: str, row: Any) -> Hit:
    number = customers.customer_number(row.number)
    return Hit(kind, customers.SUBJECT, row.id, number, row.name, row.owner_id, row.owner_name, row.owner_works)


async def visible(session: AsyncSession, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these records the session's person sees."""
    return set(await duplicates.records(session, ids))
