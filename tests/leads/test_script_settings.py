"""首次联系话术 as data: made, changed, ordered, tried on a real lead; the choice of a lead's script follows."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.outbox import Outbox
from backend.leads.models import ScriptTemplate
from backend.leads.scripts import unknown_variables
from tests.conftest import SignIn
from tests.factories import make_lead, make_person, make_region

API = "/api/v1/script-templates"


@pytest.fixture
async def marketing(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "marketing"))


async def script_of(client: httpx.AsyncClient, lead: Any, headers: dict[str, str]) -> str:
    title: str = (await client.get(f"/api/v1/leads/{lead.id}", headers=headers)).json()["script"]["title"]
    return title


async def test_a_new_script_is_used_at_once_and_one_switched_off_no_more(
    client: httpx.AsyncClient, session: AsyncSession, marketing: dict[str, str]
) -> None:
    rep = await make_person(session, region=await make_region(session))
    lead = await make_lead(session, owner=rep, source="partner", product_line="法兰")
    body = {"title": "伙伴法兰", "body": "{contact}您好，{rep}", "source": "partner", "product_line": "法兰"}
    made = (await client.post(API, json=body, headers=marketing)).json()
    last = await session.scalar(select(func.max(ScriptTemplate.sort)))
    assert (made["version"], made["is_active"], made["sort"]) == (1, True, last)
    assert await script_of(client, lead, marketing) == "伙伴法兰"
    path = f"{API}/{made['id']}"
    off = await client.patch(path, json={"is_active": False}, headers=marketing | {"If-Match": '"v1"'})
    assert (off.status_code, off.headers["etag"]) == (200, '"v2"')
    assert await script_of(client, lead, marketing) == "通用首次联系"
    stale = await client.patch(path, json={"title": "旧"}, headers=marketing | {"If-Match": '"v1"'})
    assert (stale.status_code, stale.json()["params"]["current"]["is_active"]) == (412, False)
    wide = await client.patch(path, json={"source": "", "product_line": None}, headers=marketing | {"If-Match": '"v2"'})
    assert (wide.json()["source"], wide.json()["product_line"]) == (None, None)
    assert await session.scalar(select(func.count()).where(Outbox.kind == "script.changed")) == 3


async def test_a_variable_that_no_lead_can_fill_is_refused(
    client: httpx.AsyncClient, session: AsyncSession, marketing: dict[str, str]
) -> None:
    before = await session.scalar(select(func.count()).select_from(ScriptTemplate))
    refused = await client.post(API, json={"title": "x", "body": "{contact}{boss}"}, headers=marketing)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"], refused.json()["params"]) == (
        422,
        "#/body",
        {"variables": ["boss"]},
    )
    assert await session.scalar(select(func.count()).select_from(ScriptTemplate)) == before
    assert unknown_variables("{contact} {boss} {boss} {X}") == ["boss"]


async def test_a_preview_fills_a_real_lead(client: httpx.AsyncClient, session: AsyncSession, marketing: dict[str, str]) -> None:
    rep = await make_person(session, name="张磊", region=await make_region(session))
    lead = await make_lead(session, owner=rep, company="苏州精工", contact_name="王芳", city="苏州")
    body = {"body": "{contact}您好，我是{rep}，{city}{product}{boss}", "lead_id": str(lead.id)}
    shown = (await client.post("/api/v1/script-previews", json=body, headers=marketing)).json()
    assert shown == {"body": "王芳您好，我是张磊，苏州____{boss}", "unknown": ["boss"]}
    nobody = await client.post("/api/v1/script-previews", json={**body, "lead_id": str(uuid4())}, headers=marketing)
    assert nobody.status_code == 404


async def test_the_order_decides_between_equals(client: httpx.AsyncClient, session: AsyncSession, marketing: dict[str, str]) -> None:
    await session.execute(update(ScriptTemplate).values(is_active=False))
    rep = await make_person(session, region=await make_region(session))
    lead = await make_lead(session, owner=rep)
    for title in ("甲", "乙"):
        await client.post(API, json={"title": title, "body": title}, headers=marketing)
    assert await script_of(client, lead, marketing) == "甲"
    listed = (await client.get(API, headers=marketing)).json()
    assert "company" in listed["variables"]
    ids = [item["id"] for item in listed["items"]]
    turned = await client.put("/api/v1/script-order", json={"ids": ids[::-1]}, headers=marketing)
    assert [item["id"] for item in turned.json()["items"]] == ids[::-1]
    assert await script_of(client, lead, marketing) == "乙"
    gone = await client.put("/api/v1/script-order", json={"ids": ids[1:]}, headers=marketing)
    assert (gone.status_code, gone.json()["code"]) == (409, "scripts_changed")
