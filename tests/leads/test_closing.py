"""Disqualifying with a reason, taking it back, and both on many leads at once."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from backend.deadlines.models import Deadline
from backend.leads.models import Lead
from backend.timeline.models import TimelineEntry
from tests.conftest import NOW
from tests.factories import make_lead, make_person
from tests.leads.conftest import HOURS_48, House
from tests.leads.desk import LEADS, DeskOf, traces

CHANGES = "/api/v1/lead-changes"
NO_NEED = {"reason": "no_need", "note": "今年没有预算"}


async def close(desk: Any, lead: Lead, body: dict[str, Any] = NO_NEED, **headers: str) -> Any:
    return await desk.post(f"{LEADS}/{lead.id}/disqualification", body, **headers)


async def test_a_disqualified_lead_keeps_its_owner_and_its_ladder_ends(house: House, desk: DeskOf) -> None:
    lead = await house.owned(house.zhang)
    user = await desk(house.zhang)
    done = await close(user, lead)
    assert done.status_code == 200, done.text
    shown = done.json()
    assert (shown["state"], shown["owner"]["name"], shown["disqualified_reason"]) == ("disqualified", "张磊", "no_need")
    assert shown["actions"] == []
    await house.relay()
    assert await house.history(lead.id) == ["lead.disqualified"]
    said = await house.session.scalar(select(TimelineEntry.body).where(TimelineEntry.subject_id == lead.id))
    assert said == {"reason": "no_need", "note": "今年没有预算"}
    assert await house.fire(NOW + HOURS_48) == 0
    assert await house.told(house.manager) == []
    assert "lead.changed" in await house.shown(house.manager)
    again = await close(user, lead)
    assert (again.status_code, again.json()["code"]) == (409, "lead_state_forbids")


async def test_other_needs_a_note(house: House, desk: DeskOf) -> None:
    lead = await house.owned(house.zhang)
    before = await traces(house)
    user = await desk(house.zhang)
    for body in ({"reason": "other"}, {"reason": "other", "note": "  "}, {"reason": "bad mood"}, {}):
        assert (await close(user, lead, body)).status_code == 422
    assert await traces(house) == before


@pytest.mark.parametrize(("who", "status"), [
    ("zhang", 200), ("manager", 200), ("director", 200), ("admin", 200), ("marketing", 403), ("li", 404), ("huang", 404),
])  # fmt: skip
async def test_who_may_disqualify(house: House, desk: DeskOf, who: str, status: int) -> None:
    lead = await house.owned(house.zhang)
    before = await traces(house)
    answer = await close(await desk(getattr(house, who)), lead)
    assert answer.status_code == status, answer.text
    assert (await traces(house) == before) is (status != 200)


@pytest.mark.parametrize(
    ("who", "status"), [("zhang", 403), ("manager", 200), ("director", 200), ("admin", 200), ("marketing", 403), ("li", 404)]
)
async def test_who_may_reopen(house: House, desk: DeskOf, who: str, status: int) -> None:
    lead = await make_lead(house.session, owner=house.zhang, state="disqualified", disqualified_reason="spam", disqualified_at=NOW)
    before = await traces(house)
    answer = await (await desk(getattr(house, who))).post(f"{LEADS}/{lead.id}/reopening", {"note": "客户来电"})
    assert answer.status_code == status, answer.text
    assert (await traces(house) == before) is (status != 200)


async def test_a_reopened_lead_goes_back_to_its_owner_with_a_new_clock_or_to_the_pool(house: House, desk: DeskOf) -> None:
    user = await desk(house.manager)
    closed = {"state": "disqualified", "disqualified_reason": "spam", "disqualified_at": NOW}
    uncontacted = await make_lead(house.session, owner=house.zhang, **closed)
    contacted = await make_lead(house.session, owner=house.zhang, first_follow_up_at=NOW, last_follow_up_at=NOW, **closed)
    unowned = await make_lead(house.session, region=house.east, **closed)
    for lead, state, pending in ((uncontacted, "assigned", 3), (contacted, "following", 0), (unowned, "new", 2)):
        done = await user.post(f"{LEADS}/{lead.id}/reopening", {"note": "弄错了"})
        assert done.status_code == 200, done.text
        assert (done.json()["state"], done.json()["disqualified_reason"]) == (state, None)
        rungs = select(func.count()).select_from(Deadline).where(Deadline.subject_id == lead.id, Deadline.state == "pending")
        assert await house.session.scalar(rungs) == pending
        again = await user.post(f"{LEADS}/{lead.id}/reopening", {"note": "弄错了"})
        assert (again.status_code, again.json()["code"]) == (409, "lead_state_forbids")
    assert await (await desk(house.zhang)).companies(scope="pool") == [unowned.company]
    assert (await user.post(f"{LEADS}/{uncontacted.id}/reopening", {})).status_code == 422


async def test_an_old_state_is_not_closed_over_a_newer_one(house: House, desk: DeskOf) -> None:
    lead = await house.owned(house.zhang)
    before = await traces(house)
    user = await desk(house.zhang)
    for action, body in (("disqualification", NO_NEED),):
        stale = await user.post(f"{LEADS}/{lead.id}/{action}", body, **{"If-Match": '"v9"'})
        assert (stale.status_code, stale.json()["params"]["current"]["id"]) == (412, str(lead.id))
    assert await traces(house) == before


# --- many at once -------------------------------------------------------------------------------------------------------------------


async def bulk(desk: Any, **body: Any) -> dict[str, Any]:
    answer = await desk.post(CHANGES, body)
    assert answer.status_code == 207, answer.text
    result: dict[str, Any] = answer.json()
    return result


async def test_each_lead_succeeds_or_is_refused_by_itself(house: House, desk: DeskOf) -> None:
    mine, closed = await house.owned(house.zhang), await make_lead(house.session, owner=house.zhang, state="disqualified")
    elsewhere, nobody = await make_lead(house.session, owner=house.huang), uuid4()
    ids = [str(closed.id), str(mine.id), str(elsewhere.id), str(nobody), str(mine.id)]
    result = await bulk(await desk(house.zhang), action="disqualify", **NO_NEED, ids=ids)
    assert [(row["id"], row["status"], row["code"]) for row in result["items"]] == [
        (str(closed.id), 409, "lead_state_forbids"), (str(mine.id), 200, None), (str(elsewhere.id), 404, "not_found"), (str(nobody), 404, "not_found"),
    ]  # fmt: skip
    assert (result["done"], result["refused"]) == (1, 3)
    await house.relay()
    assert (await house.lead(mine.id)).state == "disqualified"
    assert (await house.lead(elsewhere.id)).state == "assigned"
    assert await house.history(closed.id) == []


async def test_a_manager_gives_many_to_one(house: House, desk: DeskOf) -> None:
    leads = [await house.owned(house.zhang) for _ in range(3)]
    hers = await house.owned(house.li)
    ids = [str(lead.id) for lead in (*leads, hers)]
    result = await bulk(await desk(house.manager), action="assign", person_id=str(house.li.id), reason="张磊休假", ids=ids)
    assert [row["code"] for row in result["items"]] == [None, None, None, "same_owner"]
    await house.relay()
    assert {(await house.lead(lead.id)).owner_id for lead in leads} == {house.li.id}
    assert (await house.told(house.li)).count("lead.given_to_you") == 3
    assert await house.history(hers.id) == []


async def test_a_rep_claims_many_and_gets_what_is_still_there(house: House, desk: DeskOf) -> None:
    leads = [await make_lead(house.session, region=house.east, pooled_at=NOW) for _ in range(2)]
    south = await make_lead(house.session, region=house.south, pooled_at=NOW)
    result = await bulk(await desk(house.zhang), action="claim", ids=[str(lead.id) for lead in (*leads, south)])
    assert [row["status"] for row in result["items"]] == [200, 200, 404]
    assert {(await house.lead(lead.id)).owner_id for lead in leads} == {house.zhang.id}
    assert (await house.lead(south.id)).owner_id is None


async def test_what_nobody_may_do_in_bulk_leaves_no_trace(house: House, desk: DeskOf) -> None:
    lead, engineer = await house.owned(house.zhang), await make_person(house.session, "engineer")
    before = await traces(house)
    to_li = {"action": "assign", "person_id": str(house.li.id), "reason": "x", "ids": [str(lead.id)]}
    for person, body, code in (
        (house.zhang, to_li, "permission_missing"),
        (house.manager, to_li | {"person_id": str(engineer.id)}, "cannot_own_leads"),
        (engineer, {"action": "claim", "ids": [str(lead.id)]}, "not_found"),
        (house.marketing, {"action": "disqualify", **NO_NEED, "ids": [str(lead.id)]}, "permission_missing"),
    ):
        result = await bulk(await desk(person), **body)
        assert [row["code"] for row in result["items"]] == [code]
    assert await traces(house) == before


@pytest.mark.parametrize("body", [
    {"action": "claim", "ids": []}, {"action": "claim", "ids": [str(uuid4()) for _ in range(201)]}, {"action": "delete", "ids": [str(uuid4())]},
    {"action": "assign", "ids": [str(uuid4())]}, {"action": "claim", "ids": ["x"]}, {"action": "claim", "ids": [str(uuid4())], "reason": "x"},
])  # fmt: skip
async def test_what_is_no_bulk_action_is_refused(house: House, desk: DeskOf, body: dict[str, Any]) -> None:
    assert (await (await desk(house.zhang)).post(CHANGES, body)).status_code == 422


async def test_the_same_key_acts_once(house: House, desk: DeskOf) -> None:
    lead, user = await house.owned(house.zhang), await desk(house.zhang)
    body = {"action": "disqualify", **NO_NEED, "ids": [str(lead.id)]}
    answers = [await user.post(CHANGES, body, **{"Idempotency-Key": "b1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [207, 207]
    assert answers[0].json() == answers[1].json()
    assert UUID(answers[0].json()["items"][0]["id"]) == lead.id
