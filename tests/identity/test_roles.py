"""Roles as data: changed under a version, read at once, and never so that nobody could change them back."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Lens, transaction
from backend.core.errors import Problem
from backend.core.outbox import Outbox
from backend.defaults import install_defaults
from backend.identity import queries, roles
from backend.identity.deps import Actor
from backend.identity.models import RolePermission
from backend.identity.rules import PERMISSIONS
from backend.identity.schemas import RolePatch
from tests.conftest import NOW, Committed, SignIn
from tests.factories import make_person

API = "/api/v1/roles"
FIRST = {"If-Match": '"v1"'}


@pytest.fixture
async def admin(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "administrator", name="管理员"))


async def role(client: AsyncClient, code: str, headers: dict[str, str]) -> dict[str, Any]:
    found = (await client.get(API, headers=headers)).json()
    assert found["permissions"] == list(PERMISSIONS)
    return next(one for one in found["items"] if one["code"] == code)


async def test_a_permission_given_and_taken_counts_at_once_and_survives_a_restart(
    client: AsyncClient, session: AsyncSession, admin: dict[str, str], sign_in: SignIn
) -> None:
    marketer = await sign_in(await make_person(session, "marketing"))
    assert (await client.get("/api/v1/forms", headers=marketer)).status_code == 200
    body = {"permissions": ["people.read", "audit.read"]}
    changed = await client.patch(f"{API}/marketing", json=body, headers=admin | FIRST)
    assert (changed.status_code, changed.headers["etag"], changed.json()["permissions"]) == (200, '"v2"', ["audit.read", "people.read"])
    assert (await client.get("/api/v1/forms", headers=marketer)).status_code == 403
    assert (await client.get("/api/v1/audit-entries", headers=marketer)).status_code == 200
    assert (await client.get("/api/v1/me", headers=marketer)).json()["permissions"] == ["audit.read", "people.read"]
    await install_defaults(session)
    assert (await role(client, "marketing", admin))["permissions"] == ["audit.read", "people.read"], "the shipped ones do not come back"
    again = await client.patch(f"{API}/marketing", json={"permissions": ["forms.read"]}, headers=admin | {"If-Match": '"v2"'})
    assert again.json()["permissions"] == ["forms.read"]
    assert await session.scalar(select(func.count()).where(RolePermission.role_code == "marketing")) == 11
    events = (await session.scalars(select(Outbox.payload["code"].astext).where(Outbox.kind == "role.changed"))).all()
    assert events == ["marketing", "marketing"]


async def test_names_and_reach_and_stale_changes(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    renamed = await client.patch(f"{API}/hr", json={"name_zh": "人力资源", "reaches": ["company"]}, headers=admin | FIRST)
    assert (renamed.json()["name_zh"], renamed.json()["reaches"], renamed.json()["version"]) == ("人力资源", ["company"], 2)
    for code, reaches in (("sales_rep", ["own", "pool"]), ("regional_manager", ["own", "region", "company", "pool"])):
        reached = await client.patch(f"{API}/{code}", json={"reaches": reaches}, headers=admin | FIRST)
        assert (reached.status_code, reached.json()["reaches"]) == (200, reaches)
    stale = await client.patch(f"{API}/hr", json={"name_zh": "旧"}, headers=admin | FIRST)
    assert (stale.status_code, stale.json()["params"]["current"]["name_zh"]) == (412, "人力资源")
    unknown = await client.patch(f"{API}/hr", json={"permissions": ["fly"]}, headers=admin | {"If-Match": '"v2"'})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "#/permissions")
    assert (await client.patch(f"{API}/nobody", json={"name_zh": "x"}, headers=admin | FIRST)).status_code == 404


@pytest.mark.parametrize("lost", ["people.manage", "settings.manage"])
async def test_the_last_keys_stay(client: AsyncClient, session: AsyncSession, admin: dict[str, str], lost: str) -> None:
    kept = [name for name in PERMISSIONS if name != lost]
    refused = await client.patch(f"{API}/administrator", json={"permissions": kept}, headers=admin | FIRST)
    assert (refused.status_code, refused.json()["code"], refused.json()["params"]) == (409, "last_administrator", {"permissions": [lost]})
    assert lost in (await role(client, "administrator", admin))["permissions"]
    await client.patch(f"{API}/hr", json={"permissions": [lost]}, headers=admin | FIRST)
    await make_person(session, "hr", access_ends_at=NOW)
    refused = await client.patch(f"{API}/administrator", json={"permissions": kept}, headers=admin | FIRST)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_administrator"), "who has left holds nothing"
    await make_person(session, "hr")
    moved = await client.patch(f"{API}/administrator", json={"permissions": kept}, headers=admin | FIRST)
    assert moved.status_code == 200, "somebody in HR holds it"


async def test_the_last_administrator_keeps_the_role_and_the_account(client: AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    only = await make_person(session, "administrator")
    headers = await sign_in(only)
    refused = await client.patch(f"/api/v1/people/{only.id}", json={"roles": ["hr"]}, headers=headers | FIRST)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_administrator")


async def test_what_was_changed_is_shown_to_those_who_may(
    client: AsyncClient, session: AsyncSession, admin: dict[str, str], sign_in: SignIn
) -> None:
    await client.patch(f"{API}/hr", json={"name_zh": "人力资源", "permissions": []}, headers=admin | FIRST)
    asked = {"table": ["role", "role_permission"], "row_id": "hr"}
    shown = (await client.get("/api/v1/changes", params=asked, headers=admin)).json()["items"]
    assert [(one["by"] and one["by"]["name"], one["table_name"], one["action"]) for one in shown] == [
        ("管理员", "role_permission", "update"),
        ("管理员", "role", "update"),
        (None, "role_permission", "insert"),
        (None, "role", "insert"),
    ]
    assert (shown[1]["before"]["name_zh"], shown[1]["after"]["name_zh"]) == ("人事", "人力资源")
    rep = await sign_in(await make_person(session))
    assert (await client.get("/api/v1/changes", params=asked, headers=rep)).json()["items"] == []
    marketer = await sign_in(await make_person(session, "marketing"))
    assert (await client.get("/api/v1/changes", params=asked, headers=marketer)).json()["items"] == []
    form = {"key": "f", "name": "官网", "source": "website", "mapping": {}, "verification": {"by": "token"}}
    made = (await client.post("/api/v1/forms", json=form, headers=marketer)).json()
    await client.post(f"/api/v1/forms/{made['id']}/secrets", json={"kind": "token"}, headers=marketer)
    theirs = {"table": ["form", "form_secret"], "row_id": made["id"]}
    entries = (await client.get("/api/v1/changes", params=theirs, headers=marketer)).json()["items"]
    assert [(one["table_name"], one["action"]) for one in entries] == [("form_secret", "insert"), ("form", "insert")]
    assert entries[0]["after"]["secret"].startswith("hidden ")


async def test_two_who_give_up_the_last_key_at_once(committed: Committed) -> None:
    """Two roles hold the key, each is taken by somebody else at the same moment: the second is refused or has lost the right meanwhile."""
    async with committed.owner() as session:
        one, two = await make_person(session, "administrator"), await make_person(session, "administrator")
        await make_person(session, "hr")
        session.add(RolePermission(role_code="hr", permission="people.manage"))

    async def take(person_id: Any, code: str, kept: list[str]) -> Any:
        actor = Actor(person_id, "", None, frozenset(), frozenset(), frozenset({"people.manage"}))
        async with transaction(Lens.PERSON, str(person_id)) as session:
            return await roles.change_role(session, actor, code, RolePatch(permissions=kept), 1, NOW)

    without = [name for name in PERMISSIONS if name != "people.manage"]
    answers = await asyncio.gather(take(one.id, "administrator", without), take(two.id, "hr", []), return_exceptions=True)
    assert [type(answer).__name__ for answer in answers].count("RoleOut") == 1
    assert [answer.code for answer in answers if isinstance(answer, Problem)] in (["last_administrator"], ["permission_missing"])
    async with committed.owner() as session:
        assert await session.scalar(queries.is_held("people.manage", NOW))
