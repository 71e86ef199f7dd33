import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Lens, bind, transaction
from backend.core.errors import Refused
from backend.core.outbox import Outbox
from backend.identity import regions
from backend.identity.deps import Actor
from backend.identity.models import RegionArea
from backend.identity.schemas import Area
from tests.conftest import NOW, Committed, SignIn, as_owner
from tests.factories import make_person, make_region

REGIONS = "/api/v1/regions"


@pytest.fixture
async def admin(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "administrator"))


async def test_a_region_is_made_listed_and_renamed(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    made = await client.post(REGIONS, json={"name": "华东", "code": "HD"}, headers=admin)
    assert (made.status_code, made.json()["areas"], made.json()["version"]) == (201, [], 1)
    path = f"{REGIONS}/{made.json()['id']}"
    renamed = await client.patch(path, json={"name": "大华东"}, headers=admin | {"If-Match": '"v1"'})
    assert (renamed.status_code, renamed.headers["etag"]) == (200, '"v2"')
    listed = (await client.get(REGIONS, headers=admin)).json()["items"]
    assert [(region["name"], region["version"]) for region in listed] == [("大华东", 2)]
    kinds = (await session.scalars(select(Outbox.kind))).all()
    assert kinds == ["region.changed", "region.changed"]


async def test_a_stale_or_unversioned_change_is_refused(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    region = await make_region(session, "华东")
    path = f"{REGIONS}/{region.id}"
    await client.patch(path, json={"name": "华东区"}, headers=admin | {"If-Match": '"v1"'})
    stale = await client.patch(path, json={"name": "东"}, headers=admin | {"If-Match": '"v1"'})
    assert (stale.status_code, stale.json()["params"]["current"]["name"]) == (412, "华东区")
    assert (await client.patch(path, json={"name": "东"}, headers=admin)).status_code == 428


@pytest.mark.parametrize(
    ("body", "pointers"),
    [({"name": "华东", "code": "X"}, ["#/name"]), ({"name": "华南", "code": "HD"}, ["#/code"]),
     ({"name": "华东", "code": "HD"}, ["#/name", "#/code"]), ({"name": "华南", "code": "X", "parent_id": str(uuid4())}, ["#/parent_id"]),
     ({"name": "华南", "code": "a b"}, ["#/code"])],
)  # fmt: skip
async def test_a_clash_names_its_field(
    client: AsyncClient, session: AsyncSession, admin: dict[str, str], body: dict[str, Any], pointers: list[str]
) -> None:
    region = await make_region(session, "华东")
    region.code = "HD"
    await session.flush()
    refused = await client.post(REGIONS, json=body, headers=admin)
    assert (refused.status_code, [error["pointer"] for error in refused.json()["errors"]]) == (422, pointers)


async def test_a_region_never_lies_inside_itself(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    top = await make_region(session)
    middle = await make_region(session, parent_id=top.id)
    bottom = await make_region(session, parent_id=middle.id)
    for inside in (top, middle, bottom):
        body = {"parent_id": str(inside.id)}
        refused = await client.patch(f"{REGIONS}/{top.id}", json=body, headers=admin | {"If-Match": '"v1"'})
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "circle")


async def put_areas(client: AsyncClient, region_id: UUID, headers: dict[str, str], *areas: tuple[str, str | None]) -> Any:
    body = {"areas": [{"province": province, "city": city} for province, city in areas]}
    return await client.put(f"{REGIONS}/{region_id}/areas", json=body, headers=headers)


async def test_areas_are_replaced_as_a_whole(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    region = await make_region(session, "华东", areas=(("江苏", None), ("浙江", None)))
    answer = await put_areas(client, region.id, admin, ("江苏", None), ("上海市", None), ("江苏", "苏州"), ("江苏省", "苏州市"))
    assert answer.json()["areas"] == [
        {"province": "上海", "city": None},
        {"province": "江苏", "city": None},
        {"province": "江苏", "city": "苏州"},
    ]
    assert answer.json()["version"] == 2
    assert (await put_areas(client, region.id, admin)).json()["areas"] == []


async def test_an_area_of_another_region_is_refused_by_name_and_nothing_changes(
    client: AsyncClient, session: AsyncSession, admin: dict[str, str]
) -> None:
    east = await make_region(session, "华东", areas=(("江苏", None), ("江苏", "苏州")))
    south = await make_region(session, "华南", areas=(("广东", None),))
    refused = await put_areas(client, south.id, admin, ("广东", None), ("江苏省", "苏州市"), ("湖南", None))
    assert (refused.status_code, refused.json()["code"]) == (409, "area_taken")
    assert ["江苏苏州" in error["detail"] for error in refused.json()["errors"]] == [True]
    held = await session.execute(select(RegionArea.region_id, RegionArea.province).order_by(RegionArea.province))
    assert sorted((row[0] == east.id, row[1]) for row in held) == [(False, "广东"), (True, "江苏"), (True, "江苏")]
    assert not (await session.scalars(select(Outbox))).all()


async def test_an_area_that_was_taken_off_can_be_given_elsewhere(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    east, south = await make_region(session, areas=(("江苏", None),)), await make_region(session)
    await put_areas(client, east.id, admin)
    given = await put_areas(client, south.id, admin, ("江苏", None))
    assert given.json()["areas"] == [{"province": "江苏", "city": None}]


async def test_two_administrators_never_give_one_new_area_to_two_regions(committed: Committed) -> None:
    async with committed.owner() as session:
        admin = await make_person(session, "administrator")
        targets = [(await make_region(session)).id for _ in range(4)]
    actor = Actor(admin.id, admin.name, None, frozenset(), frozenset(), frozenset({"regions.manage"}))

    async def take(region_id: UUID) -> bool:
        try:
            async with transaction(Lens.PERSON, str(admin.id)) as session:
                await regions.set_areas(session, actor, region_id, [Area(province="江苏"), Area(province="浙江")], NOW)
        except Refused:
            return False
        return True

    assert sorted(await asyncio.gather(*(take(region_id) for region_id in targets))) == [False, False, False, True]
    async with committed.owner() as session:
        assert len(set(await session.scalars(select(RegionArea.region_id)))) == 1


async def test_a_manager_reaches_the_regions_below_and_no_others(session: AsyncSession) -> None:
    top = await make_region(session, "全国")
    east = await make_region(session, "华东", parent_id=top.id)
    below = await make_region(session, "苏南", parent_id=east.id)
    await make_region(session, "华南", parent_id=top.id)
    manager = await make_person(session, "regional_manager", region=east)
    director = await make_person(session, "area_director", region=top)
    rep = await make_person(session, "sales_rep", region=east)
    homeless = await make_person(session, "regional_manager")
    from sqlalchemy import text

    async def reach(person_id: UUID) -> set[UUID]:
        await bind(session, Lens.PERSON, str(person_id))
        found = set(await session.scalar(text("select app_regions()")) or [])
        await as_owner(session)
        return found

    assert await reach(manager.id) == {east.id, below.id}
    assert len(await reach(director.id)) == 4
    assert await reach(rep.id) == set()
    assert await reach(homeless.id) == set()
