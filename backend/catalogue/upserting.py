"""Products as another system knows them: made or changed by their codes, as often as they are sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import writing
from backend.catalogue.models import Product, ProductFamily
from backend.catalogue.schemas import Outcome, ProductUpsert, RowError, UpsertedProducts, UpsertedRow
from backend.catalogue.writing import Draft, Known, Wanted
from backend.core.errors import field_error
from backend.identity.deps import Actor


async def upsert(session: AsyncSession, actor: Actor, items: Sequence[ProductUpsert], now: datetime) -> UpsertedProducts:
    """Each row by itself: what is wrong with one leaves the others to be written, in one transaction; what is as it was is not touched."""
    await writing.begin(session, actor)
    return await apply(session, items, now, sets_floors=actor.may(writing.SEES_FLOORS))


async def apply(session: AsyncSession, items: Sequence[ProductUpsert], now: datetime, *, sets_floors: bool) -> UpsertedProducts:
    """`upsert` for somebody whose turn it is and who may."""
    codes = {item.code for item in items}
    standing = await writing.known(session, Product.code.in_(codes))
    families = await _families(session, {item.family for item in items if item.family is not None})
    counted = Counter(item.code for item in items)
    drafts: list[Draft] = []
    rows = []
    for item in items:
        before = standing.get(item.code)
        wanted = _wanted(item, before, families, sets_floors=sets_floors)
        if counted[item.code] > 1:
            wanted.errors.append(field_error("#/code", "The code stands in several rows; send it once.", "doubled"))
        draft = writing.drafted(before, item.code, wanted)
        rows.append(_row(item.code, before, draft, wanted.errors))
        if draft is not None and not wanted.errors:
            drafts.append(draft)
    await writing.put(session, drafts, now)
    outcomes = Counter(row.outcome for row in rows)
    return UpsertedProducts(items=rows, **{outcome.value: outcomes[outcome] for outcome in Outcome})


def _wanted(item: ProductUpsert, before: Known | None, families: Mapping[str, UUID], *, sets_floors: bool) -> Wanted:
    said: dict[str, Any] = item.model_dump(exclude_unset=True, exclude={"code", "family", "routing", "price_floor"})
    wanted = Wanted(said)
    if before is not None and before.is_archived:
        wanted.errors.append(field_error("#/code", "The product is archived; restore it first.", "archived"))
    if item.family is not None:
        said["family_id"] = families.get(item.family, before.facts["family_id"] if before else None)
        if item.family not in families:
            wanted.errors.append(field_error("#/family_id", "There is no such family in the catalogue.", "unknown"))
    if "price_floor" in item.model_fields_set:
        floor = item.price_floor.model_dump() if item.price_floor else None
        wanted.floor = writing.floor_of(floor, before)
        if wanted.floor is not None and not sets_floors:
            wanted.errors.append(field_error("#/price_floor", "Your roles do not allow you to set price floors.", "not_allowed"))
    if item.routing is not None:
        wanted.routing = tuple(map(writing.as_rules, item.routing))
        wanted.errors += writing.routing_errors(wanted.routing, "#/routing")
    return wanted


async def _families(session: AsyncSession, codes: set[str]) -> dict[str, UUID]:
    query = select(ProductFamily.code, ProductFamily.id).where(ProductFamily.code.in_(codes), ProductFamily.archived_at.is_(None))
    return {row.code: row.id for row in await session.execute(query)}


def _row(code: str, before: Known | None, draft: Draft | None, errors: list[dict[str, str]]) -> UpsertedRow:
    if errors:
        outcome = Outcome.REFUSED
    elif draft is None:
        outcome = Outcome.UNCHANGED
    else:
        outcome = Outcome.UPDATED if before else Outcome.CREATED
    stands = before if errors or draft is None else draft
    return UpsertedRow(
        code=code,
        outcome=outcome,
        id=stands.id if stands else None,
        version=stands.version if stands else None,
        errors=[RowError.model_validate(error | {"pointer": error["pointer"].replace("family_id", "family")}) for error in errors],
    )
