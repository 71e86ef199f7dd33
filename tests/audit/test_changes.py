"""Every change of the settings is shown to those who may read it, in words."""

from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import SignIn
from tests.factories import make_person, make_region

API = "/api/v1"
FIRST = {"If-Match": '"v1"'}


class Settings:
    """What the administrator asks for, and what the history then says."""

    def __init__(self, client: AsyncClient, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers

    async def ask(self, request: str, body: Any, **headers: str) -> Any:
        method, path = request.split()
        answer = await self.client.request(method, f"{API}{path}", json=body, headers=self.headers | headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def shown(self, *tables: str, row_id: Any = None) -> list[dict[str, Any]]:
        asked: dict[str, Any] = {"table": list(tables)} | ({"row_id": str(row_id)} if row_id else {})
        answer = await self.client.get(f"{API}/changes", params=asked, headers=self.headers)
        found: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
        return [one for one in found if one["by"]]


@pytest.fixture
async def settings(client: AsyncClient, session: AsyncSession, sign_in: SignIn) -> Settings:
    return Settings(client, await sign_in(await make_person(session, "administrator", name="周敏")))


async def test_the_history_of_a_person_has_roles_leave_and_deputies_and_names_people(settings: Settings, session: AsyncSession) -> None:
    boss, rep = await make_person(session, "regional_manager", name="王海燕"), await make_person(session, name="张磊")
    await settings.ask(f"PATCH /people/{rep.id}", {"supervisor_id": str(boss.id), "roles": ["senior_consultant"]}, **FIRST)
    leave = {"starts_at": "2026-03-20T01:00:00Z", "ends_at": "2026-03-21T01:00:00Z", "kind": "sick", "note": ""}
    taken = await settings.ask(f"POST /people/{rep.id}/leaves", leave, **{"Idempotency-Key": "leave"})
    await settings.ask(f"POST /leaves/{taken['id']}/cancellation", None)
    shown = await settings.shown("person", "person_role", "person_leave", "deputy", row_id=rep.id)
    assert [(one["table_name"], one["action"]) for one in shown[:2]] == [("person_leave", "update"), ("person_leave", "insert")]
    assert {one["by"]["name"] for one in shown} == {"周敏"}
    assert shown[0]["after"]["starts_at"].startswith("2026-03-20T01:00:00")
    (supervisor,) = [one for one in shown if "supervisor_id" in (one["after"] or {})]
    assert supervisor["after"]["supervisor_id"] == str(boss.id)
    assert supervisor["names"] == {str(boss.id): "王海燕"}
    assert {one["after"]["role_code"] for one in shown if one["table_name"] == "person_role"} == {"sales_rep", "senior_consultant"}


async def test_the_history_of_a_region_has_the_places_that_it_was_given_and_lost(settings: Settings, session: AsyncSession) -> None:
    region = await make_region(session)
    for areas in ([{"province": "江苏", "city": "苏州"}], []):
        await settings.ask(f"PUT /regions/{region.id}/areas", {"areas": areas})
    shown = await settings.shown("region_area", row_id=region.id)
    assert [(one["action"], one["after"]["city"], one["after"]["region_id"]) for one in shown] == [
        ("update", "苏州", None),
        ("insert", "苏州", str(region.id)),
    ]
    assert shown[1]["names"] == {str(region.id): region.name}


async def test_the_history_of_the_calendar_and_of_the_limit_of_exports_needs_no_record(
    settings: Settings, session: AsyncSession, sign_in: SignIn
) -> None:
    await settings.ask("PUT /calendar/days", {"items": [{"date": "2026-10-09", "is_workday": False, "name": "厂庆"}]})
    await settings.ask("PUT /calendar/windows", {"items": [{"weekday": None, "opens": "09:00", "closes": "18:00"}]})
    await settings.ask("PUT /export-policy", {"approval_above": 77})
    calendar = await settings.shown("calendar_day", "calendar_year", "working_window")
    assert [(one["table_name"], one["action"]) for one in calendar] == [
        ("working_window", "insert"),
        ("working_window", "update"),
        ("calendar_day", "insert"),
    ]
    assert (calendar[1]["after"]["is_active"], calendar[1]["after"]["opens"]) == (False, "08:30:00")
    assert (calendar[2]["after"]["date"], calendar[2]["after"]["name"]) == ("2026-10-09", "厂庆")
    (limit,) = await settings.shown("export_policy")
    assert limit["after"]["approval_above"] == 77
    rep = Settings(settings.client, await sign_in(await make_person(session)))
    assert await rep.shown("calendar_day", "working_window", "export_policy", "person", "region_area") == []
