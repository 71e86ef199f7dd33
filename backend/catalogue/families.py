"""What people do with product families."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import reading, writing
from backend.catalogue.events import FamilyChanged
from backend.catalogue.models import ProductFamily, RoutingOperation, Row
from backend.catalogue.schemas import FamilyIn, FamilyOut, FamilyPatch, OperationIn
from backend.core import outbox
from backend.core.errors import Invalid, Refused, field_error
from backend.core.ids import new_id
from backend.core.locking import require_version
from backend.identity.deps import Actor


async def create(session: AsyncSession, actor: Actor, body: FamilyIn, now: datetime) -> FamilyOut:
    """A family that products can belong to from now on."""
    await writing.begin(session, actor)
    if await session.scalar(select(ProductFamily.id).where(ProductFamily.code == body.code)):
        said = "A family with this code exists."
        raise Invalid("code_taken", said, errors=[field_error("#/code", said, "taken")])
    family_id = new_id()
    values = body.model_dump() | writing.search_columns(body.name, body.code)
    await session.execute(insert(ProductFamily).values(id=family_id, **values))
    return await _told(session, family_id, body.code, now)


async def change(session: AsyncSession, actor: Actor, family_id: UUID, body: FamilyPatch, version: int, now: datetime) -> FamilyOut:
    """Other facts; products that leave their lead time to it follow."""
    before = await _editable(session, actor, family_id, version)
    wanted = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value != getattr(before, name)}
    errors = [
        field_error(f"#/{name}", "A family has a name and a standard lead time.", "missing") for name in wanted if wanted[name] is None
    ]
    if errors:
        raise Invalid("invalid_input", errors[0]["detail"], errors=errors)
    if not wanted:
        return before
    found = writing.search_columns(wanted.get("name", before.name), before.code)
    await _write(session, family_id, wanted | found)
    return await _told(session, family_id, before.code, now)


async def put_routing(
    session: AsyncSession, actor: Actor, family_id: UUID, steps: list[OperationIn], version: int, now: datetime
) -> FamilyOut:
    """How its products are made that have no routing of their own."""
    before = await _editable(session, actor, family_id, version)
    routing = writing.routing_of(steps)
    if routing == tuple(map(writing.as_rules, before.routing)):
        return before
    await writing.put_routings(session, RoutingOperation.family_id, {family_id: routing}, now)
    await _write(session, family_id, {})
    return await _told(session, family_id, before.code, now)


async def archive(session: AsyncSession, actor: Actor, family_id: UUID, reason: str, now: datetime) -> FamilyOut:
    """Takes it out of the catalogue; its products go first."""
    await writing.begin(session, actor)
    before = await reading.family(session, family_id)
    writing.require_standing(before, is_archived=False)
    if before.products:
        said = "Products of this family are still in the catalogue; archive them or give them another family first."
        raise Refused("family_in_use", said, products=before.products)
    await _write(session, family_id, writing.archived(actor, reason, now))
    return await _told(session, family_id, before.code, now)


async def restore(session: AsyncSession, actor: Actor, family_id: UUID, reason: str, now: datetime) -> FamilyOut:
    await writing.begin(session, actor)
    before = await reading.family(session, family_id)
    writing.require_standing(before, is_archived=True)
    await _write(session, family_id, writing.RESTORED)
    return await _told(session, family_id, before.code, now, reason)


async def _editable(session: AsyncSession, actor: Actor, family_id: UUID, version: int) -> FamilyOut:
    await writing.begin(session, actor)
    before = await reading.family(session, family_id)
    require_version(version, before.version, before.model_dump(mode="json"))
    writing.require_standing(before, is_archived=False)
    return before


async def _write(session: AsyncSession, family_id: UUID, values: Row) -> None:
    statement = update(ProductFamily).where(ProductFamily.id == family_id).values(**values, version=ProductFamily.version + 1)
    await session.execute(statement.execution_options(synchronize_session=False))


async def _told(session: AsyncSession, family_id: UUID, code: str, now: datetime, reason: str | None = None) -> FamilyOut:
    await outbox.add(session, FamilyChanged(family_id, code, reason), now)
    return await reading.family(session, family_id)
