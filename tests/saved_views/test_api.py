"""Saved views: one's own, shared with a region or the company, one of them the default."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity.models import Person
from backend.saved_views import rules
from backend.saved_views.models import SavedView
from tests.leads.conftest import House, desk, house
from tests.leads.desk import Desk, DeskOf

__all__ = ["desk", "house"]
VIEWS = "/api/v1/views"
QUIET = {"scope": "own", "filter": {"state": ["following"], "quiet_days": 7}, "sort": "next_step", "columns": ["company", "owner"]}


def view(name: str = "久未跟进", **fields: Any) -> dict[str, Any]:
    return {"subject": "lead", "name": name, "settings": QUIET} | fields


async def made(user: Desk, **fields: Any) -> dict[str, Any]:
    answer = await user.post(VIEWS, view(**fields))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def names(user: Desk) -> list[str]:
    return [item["name"] for item in (await user.get(VIEWS, subject="lead")).json()["items"]]


async def count(session: AsyncSession) -> int | None:
    return await session.scalar(select(func.count()).select_from(SavedView))


async def test_a_view_keeps_filter_sort_and_columns(house: House, desk: DeskOf) -> None:
    user = await desk(house.zhang)
    created = await made(user)
    assert created["settings"] == QUIET
    assert (created["is_mine"], created["owner"]["name"], created["sharing"]) == (True, "张磊", "own")
    listed = await user.get(VIEWS, subject="lead")
    assert listed.json()["items"] == [created]


async def test_who_finds_a_shared_view(house: House, desk: DeskOf) -> None:
    manager = await desk(house.manager)
    for sharing in rules.Sharing:
        await made(manager, name=sharing.value, sharing=sharing.value)
    seen: dict[str, list[str]] = {}
    people: list[Person] = [house.manager, house.zhang, house.huang, house.director, house.marketing]
    for person in people:
        seen[person.name] = sorted(await names(await desk(person)))
    assert seen == {
        "王海燕": ["company", "own", "region"], "张磊": ["company", "region"], "黄丽华": ["company"], "刘伟民": ["company", "region"], "林悦": ["company"],
    }  # fmt: skip


async def test_sharing_needs_the_permission_and_a_region(house: House, desk: DeskOf) -> None:
    rep, marketing = await desk(house.zhang), await desk(house.marketing)
    assert (await rep.post(VIEWS, view(sharing="company"))).status_code == 403
    assert (await marketing.post(VIEWS, view(sharing="region"))).status_code == 422
    own = await made(rep)
    refused = await rep.patch(f"{VIEWS}/{own['id']}", {"sharing": "region"}, **{"If-Match": '"v1"'})
    assert refused.status_code == 403
    assert await count(house.session) == 1


async def test_only_the_owner_changes_or_removes(house: House, desk: DeskOf) -> None:
    shared = await made(await desk(house.manager), sharing="region")
    path, tag = f"{VIEWS}/{shared['id']}", {"If-Match": '"v1"'}
    for person, status in ((house.zhang, 403), (house.director, 403), (house.huang, 404)):
        user = await desk(person)
        assert (await user.patch(path, {"name": "我的"}, **tag)).status_code == status
        assert (await user.post(f"{path}/removal", {})).status_code == status
    manager = await desk(house.manager)
    assert (await manager.patch(path, {"name": "改名"})).status_code == 428
    changed = await manager.patch(path, {"name": "改名", "sharing": "own"}, **tag)
    assert (changed.json()["name"], changed.json()["version"]) == ("改名", 2)
    assert (await manager.patch(path, {"name": "又改"}, **tag)).status_code == 412
    assert await names(await desk(house.zhang)) == []
    assert (await manager.post(f"{path}/removal", {})).status_code == 204
    assert await names(manager) == []
    assert (await manager.post(f"{path}/removal", {})).status_code == 404
    assert await count(house.session) == 1, "the row stays for the audit"


async def test_one_view_is_the_default(house: House, desk: DeskOf) -> None:
    user = await desk(house.manager)
    first = await made(user, name="甲", is_default=True, sharing="region")
    second = await made(user, name="乙", is_default=True)
    shown = {item["name"]: item["is_default"] for item in (await user.get(VIEWS, subject="lead")).json()["items"]}
    assert shown == {"甲": False, "乙": True}
    again = await user.patch(f"{VIEWS}/{first['id']}", {"is_default": True}, **{"If-Match": '"v2"'})
    assert again.status_code == 200, again.text
    shown = {item["name"]: item["is_default"] for item in (await user.get(VIEWS, subject="lead")).json()["items"]}
    assert shown == {"甲": True, "乙": False}
    assert second["is_default"]
    theirs = (await (await desk(house.zhang)).get(VIEWS, subject="lead")).json()["items"]
    assert [(item["name"], item["is_default"]) for item in theirs] == [("甲", False)]


@pytest.mark.parametrize(("body", "code"), [
    ({"subject": "moon"}, "unknown_subject"),
    ({"settings": {"sort": "phone"}}, "bad_view_settings"),
    ({"settings": {"filter": {"shoe_size": 42}}}, "bad_view_settings"),
    ({"settings": {"columns": ["password"]}}, "bad_view_settings"),
    ({"settings": {"filter": {"state": ["lost"]}}}, "bad_view_settings"),
    ({"settings": {"filter": {"state": ["merged"]}}}, "bad_view_settings"),
    ({"subject": "customer", "settings": {"sort": "-received"}}, "bad_view_settings"),
    ({"subject": "customer", "settings": {"scope": "pool"}}, "bad_view_settings"),
])  # fmt: skip
async def test_settings_that_the_list_does_not_understand_are_refused(house: House, desk: DeskOf, body: dict[str, Any], code: str) -> None:
    answer = await (await desk(house.zhang)).post(VIEWS, view(**body))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await count(house.session) == 0


async def test_views_of_one_person_are_bounded(house: House, desk: DeskOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_VIEWS", 2)
    user = await desk(house.zhang)
    for number in range(2):
        await made(user, name=str(number))
    refused = await user.post(VIEWS, view())
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_views")


async def test_a_view_of_customers_keeps_what_their_list_understands(house: House, desk: DeskOf) -> None:
    user = await desk(house.zhang)
    settings = {
        "scope": "own", "filter": {"q": "恒达", "state": ["active", "archived"], "quiet_days": 30, "lacks_backup": True},
        "sort": "name", "columns": ["name", "credit_code"],
    }  # fmt: skip
    kept = await made(user, subject="customer", name="冷客户", settings=settings)
    assert kept["settings"] == settings
    assert [item["name"] for item in (await user.get(VIEWS, subject="customer")).json()["items"]] == ["冷客户"]
    assert await names(user) == []
