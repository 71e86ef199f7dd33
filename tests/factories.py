"""Factories: believable rows with the fewest words."""

import itertools
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity.models import Person, PersonLeave, PersonRole, Region, RegionArea
from backend.identity.rules import name_key
from tests.conftest import NOW

numbers = itertools.count(1)


async def make_region(
    session: AsyncSession, name: str | None = None, areas: tuple[tuple[str, str | None], ...] = (), **fields: Any
) -> Region:
    number = next(numbers)
    region = Region(name=name or f"辖区{number}", code=f"R{number}", sort_key=f"{number:05}", **fields)
    session.add(region)
    await session.flush()
    session.add_all(RegionArea(region_id=region.id, province=province, city=city) for province, city in areas)
    await session.flush()
    return region


async def make_person(session: AsyncSession, *roles: str, name: str | None = None, region: Region | None = None, **fields: Any) -> Person:
    """A person with roles (a sales rep when none is named)."""
    number = next(numbers)
    name = name or f"员工{number}"
    person = Person(name=name, name_key=name_key(name), login=fields.pop("login", f"user{number}"), **fields)
    person.region_id = region.id if region else fields.get("region_id")
    session.add(person)
    await session.flush()
    session.add_all(PersonRole(person_id=person.id, role_code=role) for role in roles or ("sales_rep",))
    await session.flush()
    return person


async def make_leave(session: AsyncSession, person: Person, **fields: Any) -> PersonLeave:
    """On leave around NOW."""
    values = {"starts_at": NOW - timedelta(days=1), "ends_at": NOW + timedelta(days=1), "kind": "annual", "note": ""} | fields
    leave = PersonLeave(person_id=person.id, **values)
    session.add(leave)
    await session.flush()
    return leave
