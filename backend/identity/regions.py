"""Regions and the provinces and cities they serve."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, NotFound, Refused, field_error
from backend.core.ids import new_id
from backend.core.locking import require_version, take_turns
from backend.identity import queries, rules
from backend.identity.deps import Actor
from backend.identity.events import RegionChanged
from backend.identity.models import Region, RegionArea
from backend.identity.places import city_name, province_name
from backend.identity.schemas import Area, RegionFields, RegionOut, RegionPatch


def region_out(row: Any) -> RegionOut:
    region, areas = row
    ordered = sorted(areas, key=lambda area: (area["province"], area["city"] or ""))
    return RegionOut.model_validate(
        {**{name: getattr(region, name) for name in ("id", "parent_id", "name", "code", "version")}, "areas": ordered}
    )


async def all_regions(session: AsyncSession) -> list[RegionOut]:
    return [region_out(row) for row in await session.execute(queries.regions())]


async def region_by_id(session: AsyncSession, region_id: UUID) -> RegionOut:
    row = (await session.execute(queries.regions().where(Region.id == region_id))).first()
    if row is None:
        raise NotFound
    return region_out(row)


async def create_region(session: AsyncSession, actor: Actor, body: RegionFields, now: datetime) -> RegionOut:
    actor.require("regions.manage")
    await _check(session, None, body.name, body.code, body.parent_id)
    region = Region(**body.model_dump(), sort_key=rules.region_sort_key(body.name))
    session.add(region)
    await session.flush()
    await outbox.add(session, RegionChanged(region.id), now)
    return await region_by_id(session, region.id)


async def change_region(session: AsyncSession, actor: Actor, region_id: UUID, body: RegionPatch, version: int, now: datetime) -> RegionOut:
    actor.require("regions.manage")
    region = await _locked(session, region_id)
    require_version(version, region.version, await region_by_id(session, region_id))
    changes = body.model_dump(exclude_unset=True)
    if changes.get("name", "") is None:
        raise Invalid("invalid_input", "A region needs a name.", errors=[field_error("#/name", "A region needs a name.", "required")])
    await _check(session, region_id, changes.get("name", region.name), None, changes.get("parent_id", region.parent_id))
    for field, value in changes.items():
        setattr(region, field, value)
    region.sort_key = rules.region_sort_key(region.name)
    await session.flush()
    await outbox.add(session, RegionChanged(region_id), now)
    return await region_by_id(session, region_id)


async def set_areas(session: AsyncSession, actor: Actor, region_id: UUID, areas: list[Area], now: datetime) -> RegionOut:
    """Gives the region exactly these provinces and cities; one that another region serves is refused by name."""
    actor.require("regions.manage")
    region = await _locked(session, region_id)
    wanted = {(province_name(area.province) or area.province, city_name(area.city)) for area in areas}
    held = (await session.scalars(select(RegionArea).with_for_update())).all()
    clashes = [row for row in held if (row.province, row.city) in wanted and row.region_id not in {None, region_id}]
    if clashes:
        errors = [field_error("#/areas", f"{row.province}{row.city or ''} belongs to another region.", "taken") for row in clashes]
        raise Refused("area_taken", "Another region serves some of these; take them off there first.", errors=errors)
    for row in held:
        if row.region_id == region_id and (row.province, row.city) not in wanted:
            row.region_id = None
    rows = [{"id": new_id(), "region_id": region_id, "province": province, "city": city} for province, city in sorted(wanted, key=str)]
    if rows:
        statement = insert(RegionArea).values(rows)
        served = {"region_id": statement.excluded.region_id}
        free = RegionArea.region_id.is_(None) | (RegionArea.region_id == region_id)
        upsert = statement.on_conflict_do_update(index_elements=["province", "city"], set_=served, where=free)
        taken = await session.scalars(upsert.returning(RegionArea.id))
        if len(taken.all()) < len(rows):
            raise Refused("area_taken", "Another region was given some of these at this moment; look again.")
    await session.execute(update(Region).where(Region.id == region_id).values(version=region.version + 1))
    await session.refresh(region)
    await outbox.add(session, RegionChanged(region_id), now)
    return await region_by_id(session, region_id)


async def _locked(session: AsyncSession, region_id: UUID) -> Region:
    region = await session.scalar(select(Region).where(Region.id == region_id).with_for_update())
    if region is None:
        raise NotFound
    return region


async def _check(session: AsyncSession, region_id: UUID | None, name: str, code: str | None, parent_id: UUID | None) -> None:
    """Names and codes are unique; the tree has no circle."""
    await take_turns(session, "change the tree of regions")
    rows = (await session.scalars(select(Region))).all()
    others = [row for row in rows if row.id != region_id]
    errors = []
    if any(row.name == name for row in others):
        errors.append(field_error("#/name", "A region of this name exists.", "taken"))
    if any(row.code == code for row in others):
        errors.append(field_error("#/code", "A region with this code exists.", "taken"))
    if parent_id is not None and parent_id not in {row.id for row in rows}:
        errors.append(field_error("#/parent_id", "There is no such region.", "unknown"))
    if region_id and rules.makes_circle(region_id, parent_id, {row.id: row.parent_id for row in rows}):
        errors.append(field_error("#/parent_id", "A region cannot lie inside itself.", "circle"))
    if errors:
        raise Invalid("invalid_region", "The region cannot be saved like this.", errors=errors)
