"""A small company put straight into an installation's database: regions, reps with supervisors, signed-in devices."""

import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from jose import jwt
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from backend.core.clock import real_now
from backend.identity.models import AuthSession, Person, PersonRole, Region, RegionArea
from backend.identity.tokens import ALGORITHM, new_session_id
from backend.webhooks.models import Form, FormSecret
from tests.simulators.installation import Installation

PLACES = (("江苏", "苏州"), ("浙江", "宁波"), ("广东", "东莞"), ("四川", "成都"))
FORM_KEY, FORM_SECRET = "website", "whsec_" + base64.b64encode(b"a secret of the tests only").decode()
FORM_FIELDS = ("company", "contact_name", "phone", "province", "city", "product_line", "need")


@dataclass(frozen=True)
class Company:
    """Reps by region in the order of `PLACES`; everybody reports to `manager`, who reports to `director`."""

    reps: list[list[UUID]]
    manager: UUID
    director: UUID
    administrator: UUID

    @property
    def everybody(self) -> list[UUID]:
        return [person for region in self.reps for person in region]


@asynccontextmanager
async def owner_session(installation: Installation) -> AsyncIterator[AsyncSession]:
    """A committing session past all row security."""
    engine = create_async_engine(make_url(installation.postgres.url).set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            yield session
    finally:
        await engine.dispose()


async def found(installation: Installation, reps_per_region: int) -> Company:
    """Makes the company."""
    async with owner_session(installation) as session:
        director = await _person(session, "总监", "area_director", None, None)
        manager = await _person(session, "主管", "regional_manager", None, director)
        administrator = await _person(session, "管理员", "administrator", None, None)
        reps = []
        for number, (province, city) in enumerate(PLACES):
            region = Region(name=f"{city}辖区", code=f"R{number}", sort_key=str(number))
            session.add(region)
            await session.flush()
            session.add(RegionArea(region_id=region.id, province=province, city=city))
            reps.append(
                [await _person(session, f"销售{number}{index}", "sales_rep", region.id, manager) for index in range(reps_per_region)]
            )
        await _form(session)
    return Company(reps, manager, director, administrator)


def submission(number: int = 0) -> dict[str, str]:
    """A believable post of the form, from each region in turn."""
    province, city = PLACES[number % len(PLACES)]
    return {
        "company": f"精密制造{number}有限公司",
        "contact_name": "王工",
        "phone": f"138{number:08}",
        "province": province,
        "city": city,
        "product_line": "伺服电机",
        "need": "三台非标设备，需要现场勘测后报价，交期四周以内。",
    }


async def _form(session: AsyncSession) -> None:
    mapping = {name: name for name in FORM_FIELDS}
    form = Form(key=FORM_KEY, name="官网询价", source="website", mapping=mapping, rate_per_minute=1_000_000)
    session.add(form)
    await session.flush()
    session.add(FormSecret(form_id=form.id, kind="signature", secret=FORM_SECRET))


async def _person(session: AsyncSession, name: str, role: str, region_id: UUID | None, supervisor_id: UUID | None) -> UUID:
    login = f"{role}-{name}"
    person = Person(name=name, name_key=login, login=login, region_id=region_id, supervisor_id=supervisor_id)
    session.add(person)
    await session.flush()
    session.add(PersonRole(person_id=person.id, role_code=role))
    return person.id


async def sign_in(installation: Installation, people: list[UUID], hours: float = 1) -> list[str]:
    """An access token of a fresh device for each, without the price of a password hash."""
    now = real_now()
    ends = now + timedelta(hours=hours)
    devices = [
        AuthSession(
            id=new_session_id(), person_id=person, token_hash="", created_at=now, rotated_at=now, expires_at=ends, user_agent="", ip=""
        )
        for person in people
    ]
    async with owner_session(installation) as session:
        session.add_all(devices)
    key = installation.environment["CHENGDAN_JWT_SECRET"]
    return [jwt.encode(_claims(device, ends.timestamp()), key, algorithm=ALGORITHM) for device in devices]


def _claims(device: AuthSession, ends: float) -> dict[str, Any]:
    return {"sub": str(device.person_id), "sid": str(device.id), "iat": int(time.time()), "exp": int(ends)}
