"""Many products at once, as a file brings them: as an upsert of the person who imports, with the moment and reason of an undo."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import upserting, writing
from backend.catalogue.events import ProductChanged
from backend.catalogue.models import Product
from backend.catalogue.schemas import ProductUpsert, UpsertedRow
from backend.core import outbox
from backend.core.hot import Hot
from backend.identity.batches import Author

MAY = text("select app_may(:edits) as edits, app_may(:floors) as floors")
NAMED = Hot("select id, code, name, archived_at is not null as is_archived from product where code = any(cast(:codes as text[]))")
WITHDRAW = Hot("""
update product set archived_at = :now, archived_by = :author, archive_reason = :reason, version = product.version + 1
from unnest(cast(:ids as uuid[]), cast(:versions as int[])) as made(id, version)
where product.id = made.id and product.version = made.version and product.archived_at is null
returning product.id, product.code
""")


async def named(session: AsyncSession, codes: Sequence[str]) -> Sequence[Any]:
    """Products with these codes."""
    return await NAMED.rows(session, codes=list(dict.fromkeys(codes)))


async def put_many(
    session: AsyncSession, rows: Sequence[Mapping[str, Any]], now: datetime, *, only_empty: bool
) -> list[UpsertedRow] | None:
    """What became of each row, which the session's person makes or changes; None when they may not. Only what is empty may be all that is
    filled in.
    """
    may = (await session.execute(MAY, {"edits": writing.EDITS, "floors": writing.SEES_FLOORS})).one()
    if not may.edits:
        return None
    await writing.take_turn(session)
    filled = await _filled(session, [row["code"] for row in rows]) if only_empty else {}
    items = [
        ProductUpsert.model_validate({name: value for name, value in row.items() if name not in filled.get(row["code"], ())})
        for row in rows
    ]
    return (await upserting.apply(session, items, now, sets_floors=may.floors)).items


async def _filled(session: AsyncSession, codes: Sequence[str]) -> dict[str, set[str]]:
    """What these products say already, as a row names it."""
    found = {}
    for code, known in (await writing.known(session, Product.code.in_(codes))).items():
        said = {name for name, value in known.facts.items() if value is not None}
        found[code] = said | {"family"} | ({"price_floor"} if known.floor is not None else set())
    return found


async def withdraw_many(session: AsyncSession, author: Author, made: Mapping[UUID, int], reason: str, now: datetime) -> set[UUID]:
    """Archives those that nobody has touched since."""
    gone = await WITHDRAW.rows(session, ids=list(made), versions=list(made.values()), author=author.id, reason=reason, now=now)
    await outbox.add_many(session, [ProductChanged(row.id, row.code) for row in gone], now)
    return {row.id for row in gone}
