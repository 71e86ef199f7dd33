"""LEAD-4: two leads become one and one becomes two again, whoever tries it at the same moment."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import product_moment
from backend.deadlines.models import Deadline
from backend.duplicates import service as duplicates
from backend.duplicates.models import RecordMerge
from backend.duplicates.rules import Identity
from backend.leads.models import Lead
from backend.timeline.service import record
from tests.conftest import NOW, Committed, SignIn, device_headers
from tests.factories import make_lead, make_person, make_region
from tests.leads.conftest import HOURS_48, House

LEADS = "/api/v1/leads"


class Desk:
    """One person at the API, at a moment that a test may move."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers

    def at(self, moment: datetime) -> None:
        self.client.app.dependency_overrides[product_moment] = lambda: moment  # type: ignore[attr-defined]

    async def merge(self, survivor: Lead, loser: Lead, *take: str) -> httpx.Response:
        body = {"loser_id": str(loser.id), "take": list(take), "reason": "同一家公司"}
        return await self.client.post(f"{LEADS}/{survivor.id}/merges", json=body, headers=self.headers)

    async def undo(self, survivor: Lead) -> httpx.Response:
        """The first merge of this lead."""
        (*_, oldest) = (await self.get(f"{survivor.id}/merges")).json()["items"]
        return await self.client.post(f"{LEADS}/{survivor.id}/merges/{oldest['id']}/undo", headers=self.headers)

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(f"{LEADS}/{path}" if path[0] != "?" else f"{LEADS}{path}", headers=self.headers)


@pytest.fixture
async def manager(house: House, client: httpx.AsyncClient, sign_in: SignIn) -> Desk:
    return Desk(client, await sign_in(house.manager))


async def pair(house: House) -> tuple[Lead, Lead]:
    return await house.owned(house.zhang, need="冲压件", city=None), await house.owned(house.li, need="弹簧", city="苏州")


async def test_a_merge_keeps_both_histories_and_takes_what_was_chosen(house: House, manager: Desk) -> None:
    survivor, loser = await pair(house)
    phone = survivor.phone
    await record(house.session, subject_type="lead", subject_id=loser.id, kind="call", now=NOW - timedelta(hours=1), outcome="reached")
    answer = await manager.merge(survivor, loser, "need", "city")
    assert answer.status_code == 201, answer.text
    merged, gone = await house.lead(survivor.id), await house.lead(loser.id)
    assert (merged.need, merged.city, merged.phone, merged.owner_id, merged.version) == ("弹簧", "苏州", phone, house.zhang.id, 2)
    assert (gone.state, gone.merged_into_id, gone.owner_id, gone.need) == ("merged", survivor.id, house.li.id, "弹簧")
    kinds = [entry["kind"] for entry in (await manager.get(f"{survivor.id}/timeline")).json()["items"]]
    assert sorted(kinds) == ["call", "lead.merged"]
    assert await house.history(loser.id) == ["call", "lead.merged"]
    await house.relay()
    assert (await house.told(house.li), await house.told(house.zhang)) == (["lead.merged_away"], [])


async def test_a_survivor_is_compared_by_what_was_merged_into_it_too(house: House, manager: Desk) -> None:
    survivor, loser = await pair(house)
    other = await make_lead(house.session, owner=house.zhang, company="无锡别家", phone=loser.phone)
    await duplicates.register(house.session, "lead", [(other.id, Identity(other.company, (other.phone,)))])

    async def compared() -> list[str]:
        return [item["record"]["name"] for item in (await manager.get(f"{survivor.id}/duplicates")).json()["items"]]

    assert await compared() == []
    assert (await manager.merge(survivor, loser)).status_code == 201
    assert await compared() == ["无锡别家"]
    assert (await manager.undo(survivor)).status_code == 200
    assert await compared() == []


async def test_a_merged_lead_leaves_lists_today_and_ladder_and_its_keys_find_the_survivor(
    house: House, manager: Desk, client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    survivor, loser = await pair(house)
    await duplicates.register(house.session, "lead", [(loser.id, Identity(loser.company, (loser.phone,)))])
    assert (await manager.merge(survivor, loser)).status_code == 201
    li = await sign_in(house.li)
    assert (await client.get(LEADS, headers=li)).json()["items"] == []
    assert (await client.get("/api/v1/today", headers=li)).json()["items"] == []
    assert {row.state for row in await house.session.scalars(select(Deadline).where(Deadline.subject_id == loser.id))} == {"stopped"}
    (hit,) = await duplicates.find(house.session, Identity(None, (loser.phone,)))
    assert hit.record is not None
    assert hit.record.id == survivor.id
    lead = await make_lead(house.session, phone=loser.phone, province="江苏")
    owned = await duplicates.settle(house.session, "lead", lead.id, Identity(lead.company, (lead.phone,)), NOW)
    assert owned is not None
    assert (owned.subject_id, owned.owner_id) == (survivor.id, house.zhang.id)


async def test_a_search_finds_the_survivor_by_what_it_took_and_the_loser_not_at_all(house: House, manager: Desk) -> None:
    survivor = await house.owned(house.zhang, company="苏州精工")
    loser = await house.owned(house.li, company="常州华丰", state="disqualified", disqualified_reason="duplicate")

    async def found(wanted: str, scope: str = "region") -> list[str]:
        return [item["id"] for item in (await manager.get(f"?scope={scope}&q={wanted}")).json()["items"]]

    assert (await found("精工"), await found("华丰")) == ([str(survivor.id)], [str(loser.id)])
    assert (await manager.merge(survivor, loser, "company")).status_code == 201
    assert (await found("精工"), await found("华丰"), await found("czhf")) == ([], [str(survivor.id)], [str(survivor.id)])
    assert (await manager.undo(survivor)).status_code == 200
    assert (await found("精工"), await found("华丰")) == ([str(survivor.id)], [str(loser.id)])
    assert ((await house.lead(loser.id)).state, (await house.lead(loser.id)).disqualified_reason) == ("disqualified", "duplicate")


async def test_the_owner_of_the_survivor_reads_what_came_from_the_other_region(
    house: House, client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    survivor, loser = await house.owned(house.zhang), await house.owned(house.huang)
    await record(house.session, subject_type="lead", subject_id=loser.id, kind="visit", now=NOW, outcome="reached")
    zhang = Desk(client, await sign_in(house.zhang))
    assert (await zhang.get(str(loser.id))).status_code == 404
    assert (await Desk(client, await sign_in(house.admin)).merge(survivor, loser)).status_code == 201
    assert (await zhang.get(str(loser.id))).json()["actions"] == []
    kinds = [entry["kind"] for entry in (await zhang.get(f"{survivor.id}/timeline")).json()["items"]]
    assert sorted(kinds) == ["lead.merged", "visit"]


async def test_undo_gives_both_back_as_they_were_and_the_ladder_runs_on(house: House, manager: Desk) -> None:
    survivor, loser = await pair(house)
    await manager.merge(survivor, loser, "need", "city", "company")
    company = (await house.lead(survivor.id)).company
    answer = await manager.undo(survivor)
    assert answer.status_code == 200, answer.text
    back, again = await house.lead(survivor.id), await house.lead(loser.id)
    assert (back.need, back.city, back.company == company) == ("冲压件", None, False)
    assert (again.state, again.merged_into_id, again.owner_id) == ("assigned", None, house.li.id)
    assert await house.history(survivor.id) == await house.history(loser.id) == ["lead.merged", "lead.merge_undone"]
    due = select(Deadline.due_at).where(Deadline.subject_id == loser.id, Deadline.state == "pending", Deadline.rung == "supervisor")
    assert await house.session.scalar(due) == NOW + HOURS_48
    assert (await manager.undo(survivor)).json()["code"] == "already_undone"


async def step_of(house: House, lead: Lead) -> tuple[Any, ...]:
    row = await house.lead(lead.id)
    return row.state, row.next_step, row.next_step_at, row.first_follow_up_at, row.last_follow_up_at


async def test_a_contact_and_a_promise_noted_on_the_other_lead_count_for_the_survivor(
    house: House, manager: Desk, client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    met, promised = NOW - timedelta(days=2), NOW + timedelta(hours=3)
    survivor = await house.owned(house.zhang)
    loser = await house.owned(
        house.li, state="following", first_follow_up_at=met, last_follow_up_at=met, next_step="寄样件", next_step_at=promised
    )
    before = await step_of(house, survivor)
    assert (await manager.merge(survivor, loser)).status_code == 201
    assert await step_of(house, survivor) == ("following", "寄样件", promised, met, met)
    ladder = select(Deadline.state).where(Deadline.subject_id == survivor.id)
    assert set(await house.session.scalars(ladder)) == {"stopped"}
    today = (await client.get("/api/v1/today", headers=await sign_in(house.zhang))).json()["items"]
    assert [item["lead"]["id"] for item in today] == [str(survivor.id)]
    assert (await manager.undo(survivor)).status_code == 200
    assert await step_of(house, survivor) == before
    assert "pending" in set(await house.session.scalars(ladder))
    assert await step_of(house, loser) == ("following", "寄样件", promised, met, met)


async def test_what_the_survivor_did_after_the_merge_stays_when_it_is_undone(
    house: House, manager: Desk, client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    met = NOW - timedelta(days=2)
    survivor = await house.owned(house.zhang)
    loser = await house.owned(house.li, state="following", first_follow_up_at=met, last_follow_up_at=met)
    assert (await manager.merge(survivor, loser)).status_code == 201
    said = {"kind": "call", "outcome": "interested", "next_step": "报价", "next_step_at": (NOW + timedelta(days=1)).isoformat()}
    headers = await sign_in(house.zhang) | {"Idempotency-Key": "after-the-merge"}
    assert (await client.post(f"{LEADS}/{survivor.id}/follow-ups", json=said, headers=headers)).status_code == 201
    assert (await manager.undo(survivor)).status_code == 200
    assert await step_of(house, survivor) == ("following", "报价", NOW + timedelta(days=1), met, NOW)
    assert set(await house.session.scalars(select(Deadline.state).where(Deadline.subject_id == survivor.id))) == {"stopped"}


async def test_undo_is_refused_with_what_changed_since_and_after_30_days(house: House, manager: Desk) -> None:
    survivor, loser = await pair(house)
    await manager.merge(survivor, loser, "need")
    await house.session.execute(text("update lead set need = '改过了', version = version + 1 where id = :id"), {"id": survivor.id})
    answer = await manager.undo(survivor)
    assert (answer.status_code, answer.json()["code"]) == (409, "changed_since")
    assert answer.json()["params"] == {"changes": [{"field": "need", "then": "弹簧", "now": "改过了"}]}
    assert (await house.lead(loser.id)).state == "merged"
    manager.at(NOW + timedelta(days=30, seconds=1))
    assert (await manager.undo(survivor)).json()["code"] == "undo_too_late"
    assert [item["can_undo"] for item in (await manager.get(f"{survivor.id}/merges")).json()["items"]] == [False]


async def test_what_cannot_be_merged(house: House, manager: Desk, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    survivor, loser = await pair(house)
    stranger = await make_person(house.session, region=house.south)
    third, pooled, far = await house.owned(house.li), await make_lead(house.session, region=house.east), await house.owned(stranger)
    assert (await manager.merge(survivor, survivor)).json()["code"] == "same_record"
    assert (await manager.merge(pooled, loser)).json()["code"] == "survivor_has_no_owner"
    assert (await manager.merge(survivor, far)).status_code == 404
    assert (await manager.merge(survivor, loser, "owner_id")).status_code == 422
    assert (await Desk(client, await sign_in(house.zhang)).merge(survivor, survivor)).status_code == 403
    assert (await house.session.scalars(select(RecordMerge))).all() == []
    assert (await manager.merge(survivor, loser)).status_code == 201
    assert (await manager.merge(third, loser)).json()["code"] == "already_merged"
    assert (await manager.merge(third, survivor)).status_code == 201
    assert (await manager.undo(survivor)).json()["code"] == "changed_since"
    (merge,) = (await manager.get(f"{third.id}/merges")).json()["items"]
    wrong = await client.post(f"{LEADS}/{pooled.id}/merges/{merge['id']}/undo", headers=manager.headers)
    assert wrong.status_code == 404


async def house_of(session: AsyncSession, count: int) -> tuple[list[Lead], dict[str, str]]:
    region = await make_region(session, "华东")
    boss = await make_person(session, "regional_manager", region=region)
    leads = [await make_lead(session, owner=await make_person(session, region=region)) for _ in range(count)]
    return leads, await device_headers(session, boss.id)


@pytest.mark.parametrize("ways", [((0, 1), (1, 0)), ((0, 1), (1, 2)), ((0, 1), (2, 1)), ((0, 1), (1, 2), (2, 0))])
async def test_merges_at_the_same_moment_never_make_a_circle_or_a_second_survivor(committed: Committed, app: FastAPI, ways: Any) -> None:
    async with committed.owner() as session:
        leads, headers = await house_of(session, 3)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        desk = Desk(client, headers)
        answers = await asyncio.gather(*(desk.merge(leads[into], leads[loser]) for loser, into in ways))
    assert {answer.status_code for answer in answers} <= {201, 409}
    done = sum(answer.status_code == 201 for answer in answers)
    async with committed.owner() as session:
        into: dict[UUID, UUID | None] = {row.id: row.merged_into_id for row in await session.execute(select(Lead.id, Lead.merged_into_id))}
        merges = list(await session.execute(select(RecordMerge.loser_id, RecordMerge.survivor_id)))
    assert done >= 1
    assert {key: value for key, value in into.items() if value} == {row.loser_id: row.survivor_id for row in merges}
    assert len(merges) == done
    for start in into:
        seen, at = set[UUID](), start
        while (following := into[at]) is not None:
            assert following not in seen
            seen.add(at)
            at = following
