"""What people do with products."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import reading, writing
from backend.catalogue.events import ProductChanged
from backend.catalogue.models import Product, ProductFamily, Row
from backend.catalogue.schemas import OperationIn, ProductIn, ProductOut, ProductPatch
from backend.catalogue.writing import Draft, Known, Wanted
from backend.core import outbox
from backend.core.errors import Invalid, Refused, field_error
from backend.core.locking import require_version
from backend.identity.deps import Actor


async def create(session: AsyncSession, actor: Actor, body: ProductIn, now: datetime) -> ProductOut:
    """A product that lines can name from now on."""
    await writing.begin(session, actor)
    if await session.scalar(select(Product.id).where(Product.code == body.code)):
        said = "A product with this code exists."
        raise Invalid("code_taken", said, errors=[field_error("#/code", said, "taken")])
    draft = await _draft(session, actor, None, body.code, _said(body))
    assert draft is not None  # noqa: S101 - what is new is always something
    await writing.put(session, [draft], now)
    return await reading.product(session, draft.id)


async def change(session: AsyncSession, actor: Actor, product_id: UUID, body: ProductPatch, version: int, now: datetime) -> ProductOut:
    """Other facts, another floor."""
    before = await _editable(session, actor, product_id, version)
    standing = (await writing.known(session, Product.id == product_id))[before.code]
    draft = await _draft(session, actor, standing, before.code, _said(body))
    if draft is None:
        return before
    await writing.put(session, [draft], now)
    return await reading.product(session, product_id)


def _said(body: ProductIn | ProductPatch) -> Row:
    """What was sent, a floor always whole."""
    said = body.model_dump(exclude_unset=True, exclude={"code"})
    return said | ({"price_floor": body.price_floor.model_dump()} if body.price_floor else {})


async def _draft(session: AsyncSession, actor: Actor, before: Known | None, code: str, said: Row) -> Draft | None:
    floor: Any = None
    if "price_floor" in said:
        floor = writing.floor_of(said.pop("price_floor"), before)
        if floor is not None:
            actor.require(writing.SEES_FLOORS)
    wanted = Wanted(said, floor)
    if said.get("family_id") and not await _stands(session, said["family_id"]):
        wanted.errors.append(field_error("#/family_id", "There is no such family in the catalogue.", "unknown"))
    draft = writing.drafted(before, code, wanted)
    if wanted.errors:
        raise Invalid("invalid_input", wanted.errors[0]["detail"], errors=wanted.errors)
    return draft


async def _stands(session: AsyncSession, family_id: UUID) -> bool:
    found = select(ProductFamily.id).where(ProductFamily.id == family_id, ProductFamily.archived_at.is_(None))
    return await session.scalar(found) is not None


async def put_routing(
    session: AsyncSession, actor: Actor, product_id: UUID, steps: list[OperationIn], version: int, now: datetime
) -> ProductOut:
    """How it is made; without steps it is made as its family is."""
    before = await _editable(session, actor, product_id, version)
    standing = (await writing.known(session, Product.id == product_id))[before.code]
    draft = writing.drafted(standing, before.code, Wanted({}, None, writing.routing_of(steps)))
    if draft is None:
        return before
    await writing.put(session, [draft], now)
    return await reading.product(session, product_id)


async def archive(session: AsyncSession, actor: Actor, product_id: UUID, reason: str, now: datetime) -> ProductOut:
    """Takes it out of the catalogue: lines that name it are non-standard from then on."""
    await writing.begin(session, actor)
    before = await reading.product(session, product_id)
    writing.require_standing(before, is_archived=False)
    return await _switched(session, before, writing.archived(actor, reason, now), now)


async def restore(session: AsyncSession, actor: Actor, product_id: UUID, reason: str, now: datetime) -> ProductOut:
    """Puts it back; its family has to be there."""
    await writing.begin(session, actor)
    before = await reading.product(session, product_id)
    writing.require_standing(before, is_archived=True)
    if not await _stands(session, before.family.id):
        said = "Its family is archived; restore that first."
        raise Refused("family_archived", said, family=before.family.code)
    return await _switched(session, before, writing.RESTORED, now, reason)


async def _switched(session: AsyncSession, before: ProductOut, values: Row, now: datetime, reason: str | None = None) -> ProductOut:
    statement = update(Product).where(Product.id == before.id).values(**values, version=Product.version + 1)
    await session.execute(statement.execution_options(synchronize_session=False))
    await outbox.add(session, ProductChanged(before.id, before.code, reason), now)
    return await reading.product(session, before.id)


async def _editable(session: AsyncSession, actor: Actor, product_id: UUID, version: int) -> ProductOut:
    await writing.begin(session, actor)
    before = await reading.product(session, product_id)
    require_version(version, before.version, before.model_dump(mode="json"))
    writing.require_standing(before, is_archived=False)
    return before
