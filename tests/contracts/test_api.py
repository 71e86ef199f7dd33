"""FLOW-8: a win opens a contract, a signature opens the delivery, a delay warns."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from backend.contracts.models import Contract
from backend.deadlines.models import Deadline
from backend.identity.models import RolePermission
from backend.pipelines.models import StageRow
from tests.conftest import NOW
from tests.contracts.conftest import CONTRACTS, READY, Signing, win
from tests.factories import make_leave, make_opportunity
from tests.opportunities.conftest import OPPORTUNITIES, Sales

DAY = timedelta(days=1)


async def test_a_win_opens_a_contract_with_what_the_deal_says(signing: Signing) -> None:
    house = signing.sales.house
    shown = await signing.seen(house.zhang)
    assert (shown["number"][:2], shown["state"], shown["title"], shown["amount"], shown["currency"], shown["owner"]["name"]) == (
        "HT", "signing", "电机支架年度框架", "88000.00", "CNY", "张磊",
    )  # fmt: skip
    assert (shown["customer"]["name"], shown["opportunity"]["name"]) == ("苏州恒达机械有限公司", "电机支架年度框架")
    assert (shown["actions"], shown["missing"], shown["delivery"]) == (["change", "sign"], [], [])
    assert [(one["title"], one["due_on"]) for one in shown["planned"]] == [
        ("首件确认", "2026-03-31"), ("批量生产完成", "2026-04-22"), ("发货", "2026-04-27"), ("客户验收", "2026-05-09"),
    ]  # fmt: skip
    assert await house.told(house.zhang) == ["contract.opened"]
    assert "contract.changed" in await house.shown(house.zhang)


async def test_a_win_that_is_told_twice_opens_one(signing: Signing) -> None:
    from backend.contracts import opening

    session = signing.sales.house.session
    await opening.open_for(session, signing.deal.id, NOW)
    assert await session.scalar(select(func.count()).select_from(Contract)) == 1
    assert (await signing.seen(signing.sales.house.zhang))["version"] == 1


async def test_a_deal_taken_up_again_voids_what_is_not_signed_and_a_new_win_revives_it(signing: Signing) -> None:
    sales, house = signing.sales, signing.sales.house
    back = await sales.move(house.manager, signing.deal, "negotiation", reason="客户要重新谈价")
    assert back.status_code == 200, back.text
    await house.relay()
    assert (await signing.seen(house.zhang))["state"] == "void"
    page = f"{OPPORTUNITIES}/{signing.deal.id}/contract"
    assert (await (await sales.of(house.zhang)).get(page)).json() == {"contract": None}
    await win(sales, signing.deal)
    shown = await signing.seen(house.zhang)
    assert (shown["state"], shown["id"]) == ("signing", str(signing.id))


async def test_facts_are_noted_until_the_signature(signing: Signing) -> None:
    house = signing.sales.house
    patch = {"title": "年度框架合同", "reference": "KH-2026-018", "amount": "90000.00", "note": "按季度对账"}
    changed = await signing.do(house.zhang, "", patch, patch=True)
    assert changed.status_code == 200, changed.text
    shown = changed.json()
    assert {name: shown[name] for name in patch} == patch
    entries = (await (await signing.sales.of(house.zhang)).get(f"{OPPORTUNITIES}/{signing.deal.id}/timeline")).json()["items"]
    assert entries[0]["kind"] == "contract.changed"
    assert "90000" not in str(entries[0]["body"]), "an amount is shown by its own table alone"
    same = await signing.do(house.zhang, "", patch, patch=True)
    assert same.json()["version"] == shown["version"], "nothing changed"
    await signing.sign()
    refused = await signing.do(house.zhang, "", {"title": "另一份"}, patch=True)
    assert (refused.status_code, refused.json()["code"]) == (409, "contract_state_forbids")


async def test_signing_promises_the_pipeline_s_milestones_and_ends_the_way_back(signing: Signing) -> None:
    sales, house = signing.sales, signing.sales.house
    shown = await signing.sign(signed_on="2026-03-09")
    assert (shown["state"], shown["signed_on"], shown["signed_by"]["name"], shown["planned"]) == ("delivering", "2026-03-09", "张磊", [])
    assert [(one["title"], one["due_on"], one["promised_on"], one["state"]) for one in shown["delivery"]] == [
        ("首件确认", "2026-03-30", "2026-03-30", "open"), ("批量生产完成", "2026-04-21", "2026-04-21", "open"),
        ("发货", "2026-04-24", "2026-04-24", "open"), ("客户验收", "2026-05-08", "2026-05-08", "open"),
    ]  # fmt: skip
    await house.relay()
    assert await house.told(house.manager) == ["opportunity.won", "contract.signed"]
    deal = (await (await sales.of(house.manager)).get(f"{OPPORTUNITIES}/{signing.deal.id}")).json()
    assert (deal["ways"], "reopen" in deal["actions"]) == ([], False)
    refused = await sales.move(house.manager, signing.deal, "negotiation", reason="重新谈价")
    assert (refused.status_code, refused.json()["code"]) == (409, "contract_signed")
    assert (await signing.seen(house.zhang))["state"] == "delivering"


async def test_other_milestones_can_be_agreed_at_the_signature(signing: Signing) -> None:
    shown = await signing.sign(milestones=[{"title": "第一批 2000 件", "due_on": "2026-04-15"}])
    assert [(one["title"], one["due_on"]) for one in shown["delivery"]] == [("第一批 2000 件", "2026-04-15")]


@pytest.mark.parametrize(("body", "pointer"), [
    ({"signed_on": "2026-03-11"}, "#/signed_on"),
    ({"signed_on": "soon"}, "#/signed_on"),
    ({"signed_on": "2026-03-10", "milestones": [{"title": "发货", "due_on": "2026-03-09"}]}, "#/milestones/0/due_on"),
    ({"signed_on": "2026-03-10", "milestones": [{"title": " ", "due_on": "2026-03-19"}]}, "#/milestones/0/title"),
    ({"signed_on": "2026-03-10", "amount": "1"}, "#/amount"),
])  # fmt: skip
async def test_a_wrong_signature_is_named_and_leaves_nothing(signing: Signing, body: dict[str, Any], pointer: str) -> None:
    before = await signing.traces()
    refused = await signing.do(signing.sales.house.zhang, "/signature", body)
    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert await signing.traces() == before


async def test_the_pipeline_says_what_a_signature_and_the_end_of_the_delivery_ask_for(signing: Signing) -> None:
    session, house = signing.sales.house.session, signing.sales.house
    stage = update(StageRow).where(StageRow.key == "contract")
    await session.execute(stage.values(exit=[{"kind": "document_attached", "document": "contract"}]))
    await session.execute(
        update(StageRow)
        .where(StageRow.key == "delivery")
        .values(exit=[{"kind": "activity_logged", "activity": "visit", "times": 1, "counted": "ever"}])
    )
    before = await signing.traces()
    refused = await signing.do(house.zhang, "/signature", {"signed_on": "2026-03-10"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conditions_missing")
    (lack,) = refused.json()["params"]["missing"]
    assert (lack["side"], lack["stage"]["key"], lack["condition"]["document"]) == ("exit", "contract", "contract")
    assert (await signing.seen(house.zhang))["missing"] == [lack]
    assert await signing.traces() == before
    await session.execute(stage.values(exit=[]))
    await signing.sign(milestones=[])
    late = await signing.do(house.zhang, "/completion", {"completed_on": "2026-03-10"})
    assert [one["condition"]["kind"] for one in late.json()["params"]["missing"]] == ["activity_logged"]


async def test_a_late_milestone_warns_its_owner_and_later_the_superior_once(signing: Signing) -> None:
    house = signing.sales.house
    first = (await signing.sign(milestones=[{"title": "首件确认", "due_on": "2026-03-12"}]))["delivery"][0]["id"]
    await house.relay()
    assert await house.fire(NOW + 2 * DAY) == 0, "the twelfth is not over"
    assert await house.fire(NOW + 3 * DAY) == 1
    assert (await house.told(house.zhang))[-1] == "milestone.late"
    assert "milestone.late" not in await house.told(house.manager)
    assert await house.fire(NOW + 3 * DAY) == 0
    await house.fire(NOW + 8 * DAY)
    assert (await house.told(house.manager))[-1] == "milestone.late"
    assert (await house.told(house.zhang)).count("milestone.late") == 1
    assert first in [one["id"] for one in (await signing.seen(house.zhang))["delivery"]]


async def test_the_deputy_of_an_absent_superior_hears_of_the_delay(signing: Signing) -> None:
    house = signing.sales.house
    await make_leave(house.session, house.manager, ends_at=NOW + 30 * DAY)
    await signing.sign(milestones=[{"title": "首件确认", "due_on": "2026-03-12"}])
    await house.relay()
    await house.fire(NOW + 8 * DAY)
    assert (await house.told(house.director))[-1] == "milestone.late", "the next level, where no deputy is named"


async def test_what_is_put_off_says_why_and_its_delay_counts_from_the_first_promise(signing: Signing) -> None:
    house = signing.sales.house
    step = (await signing.sign(milestones=[{"title": "首件确认", "due_on": "2026-03-12"}]))["delivery"][0]["id"]
    silent = await signing.milestone(step, due_on="2026-03-16")
    assert [error["pointer"] for error in silent.json()["errors"]] == ["#/reason"]
    moved = (await signing.milestone(step, due_on="2026-03-16", reason="模具返修")).json()["delivery"][0]
    assert (moved["promised_on"], moved["due_on"], moved["delay_days"], moved["reason"]) == ("2026-03-12", "2026-03-16", 4, "模具返修")
    await house.relay()
    await house.fire(NOW + 4 * DAY)
    assert "milestone.late" not in await house.told(house.zhang), "its clock runs to the new day"
    done = (await signing.milestone(step, done_on="2026-03-10")).json()["delivery"][0]
    assert (done["state"], done["delay_days"]) == ("done", 0)
    await house.relay()
    await house.fire(NOW + 9 * DAY)
    assert "milestone.late" not in await house.told(house.zhang)
    again = await signing.milestone(step, done_on=None, reason="首件尺寸超差")
    assert again.status_code == 200, again.text
    back = again.json()["delivery"][0]
    assert (back["state"], back["done_on"]) == ("open", None)
    pending = select(func.count()).select_from(Deadline).where(Deadline.kind == "contract.milestone", Deadline.state == "pending")
    assert await house.session.scalar(pending) == 2
    assert await house.history(signing.deal.id) == [
        "opportunity.moved", "contract.signed", "milestone.moved", "milestone.done", "milestone.reopened",
    ]  # fmt: skip


@pytest.mark.parametrize(("body", "pointer"), [
    ({"due_on": "2026-03-01", "reason": "提前"}, "#/due_on"),
    ({"due_on": None, "reason": "不定"}, "#/due_on"),
    ({"done_on": "2026-03-11"}, "#/done_on"),
    ({"done_on": "2026-03-09"}, "#/done_on"),
    ({"done_on": "2026-03-10", "due_on": "2026-03-16"}, "#/reason"),
    ({"title": ""}, "#/title"),
    ({"is_cancelled": True}, "#/reason"),
    ({"is_cancelled": False}, "#/is_cancelled"),
])  # fmt: skip
async def test_a_wrong_change_of_a_milestone_is_named_and_leaves_nothing(signing: Signing, body: dict[str, Any], pointer: str) -> None:
    step = (await signing.sign(milestones=[{"title": "首件确认", "due_on": "2026-03-12"}]))["delivery"][0]["id"]
    before = await signing.traces()
    refused = await signing.milestone(step, **body)
    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert await signing.traces() == before


async def test_a_contract_is_completed_when_nothing_is_left(signing: Signing) -> None:
    house = signing.sales.house
    steps = (await signing.sign(milestones=[{"title": "发货", "due_on": "2026-03-12"}, {"title": "验收", "due_on": "2026-03-20"}]))[
        "delivery"
    ]
    more = await signing.do(house.zhang, "/milestones", {"title": "培训", "due_on": "2026-03-25"})
    assert (more.status_code, more.json()["milestones"]) == (201, 3)
    refused = await signing.do(house.zhang, "/completion", {"completed_on": "2026-03-10"})
    assert (refused.status_code, refused.json()["code"], refused.json()["params"]["milestones"]) == (
        409, "milestones_open", ["发货", "验收", "培训"],
    )  # fmt: skip
    for step in steps:
        assert (await signing.milestone(step["id"], done_on="2026-03-10")).status_code == 200
    left = next(one for one in (await signing.seen(house.zhang))["delivery"] if one["title"] == "培训")
    dropped = await signing.milestone(left["id"], is_cancelled=True, reason="客户自己培训")
    assert (dropped.json()["milestones"], dropped.json()["milestones_done"]) == (2, 2)
    assert (await signing.milestone(left["id"], done_on="2026-03-10")).json()["code"] == "milestone_cancelled"
    early = await signing.do(house.zhang, "/completion", {"completed_on": "2026-03-09"})
    assert [error["pointer"] for error in early.json()["errors"]] == ["#/completed_on"]
    done = await signing.do(house.zhang, "/completion", {"completed_on": "2026-03-10"})
    assert (done.status_code, done.json()["state"], done.json()["completed_on"], done.json()["actions"]) == (
        200, "completed", "2026-03-10", [],
    )  # fmt: skip
    await house.relay()
    assert (await house.told(house.manager))[-1] == "contract.completed"


async def test_the_amount_is_for_those_who_may_see_it(signing: Signing) -> None:
    house = signing.sales.house
    without = (RolePermission.role_code == "sales_rep", RolePermission.permission == "contract.amount")
    await house.session.execute(update(RolePermission).where(*without).values(is_active=False))
    shown = await signing.seen(house.zhang)
    assert (shown["title"], shown["amount"], shown["currency"]) == ("电机支架年度框架", None, None)
    before = await signing.traces()
    refused = await signing.do(house.zhang, "", {"amount": "1.00"}, patch=True)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    assert await signing.traces() == before
    assert (await signing.seen(house.manager))["amount"] == "88000.00"


async def test_two_who_sign_at_once_sign_once(signing: Signing) -> None:
    zhang = signing.sales.house.zhang
    user = await signing.sales.of(zhang)
    first = await user.post(f"{signing.path}/signature", {"signed_on": "2026-03-10"}, **{"If-Match": '"v1"'})
    second = await user.post(f"{signing.path}/signature", {"signed_on": "2026-03-10"}, **{"If-Match": '"v1"'})
    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 412, "changed_meanwhile")
    assert len((await signing.seen(zhang))["delivery"]) == 4


async def test_lists_show_what_one_may_see_the_newest_first(signing: Signing) -> None:
    sales, house = signing.sales, signing.sales.house
    later = await make_opportunity(house.session, sales.customer, "negotiation", name="散热片二期", **READY)
    await win(sales, later, NOW + DAY)
    await signing.sign(milestones=[{"title": "首件确认", "due_on": "2026-03-10"}])

    async def titles(person: Any, **params: Any) -> list[str]:
        answer = await (await sales.of(person)).get(CONTRACTS, **params)
        assert answer.status_code == 200, answer.text
        return [one["title"] for one in answer.json()["items"]]

    assert await titles(house.zhang) == ["散热片二期", "电机支架年度框架"]
    assert await titles(house.zhang, state="delivering") == ["电机支架年度框架"]
    assert await titles(house.zhang, is_late=True) == []
    assert await titles(house.manager) == []
    assert await titles(house.manager, scope="region") == ["散热片二期", "电机支架年度框架"]
    assert await titles(house.manager, scope="region", owner=str(house.li.id)) == []
    assert await titles(house.li) == []
    first = (await (await sales.of(house.zhang)).get(CONTRACTS, limit=1)).json()
    assert [one["title"] for one in first["items"]] == ["散热片二期"]
    assert await titles(house.zhang, limit=1, cursor=first["next_cursor"]) == ["电机支架年度框架"]
    of_customer = (await (await sales.of(house.zhang)).get(f"/api/v1/customers/{sales.customer.id}/contracts")).json()["items"]
    assert [one["title"] for one in of_customer] == ["散热片二期", "电机支架年度框架"]


async def test_a_customer_s_deal_lost_opens_nothing(sales: Sales) -> None:
    deal = await make_opportunity(sales.house.session, sales.customer, "negotiation", **READY)
    await sales.move(sales.house.zhang, deal, "closed", outcome="lost", loss_reason="price")
    await sales.house.relay()
    assert await sales.house.session.scalar(select(func.count()).select_from(Contract)) == 0
