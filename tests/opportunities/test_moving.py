"""FLOW-1, FLOW-2: stages, what they ask for, and the history that moves leave."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.core.db import Lens, bind
from backend.pipelines.defaults import SHIPPED
from tests.conftest import NOW
from tests.factories import make_contact, make_document, make_opportunity, make_person
from tests.opportunities.conftest import CALL, OPPORTUNITIES, Sales

READY: dict[str, Any] = {
    "need": "支架一万件", "expected_amount": Decimal(88000), "expected_close_on": (NOW + timedelta(days=40)).date(), "product_line": "冲压件",
}  # fmt: skip


async def test_a_deal_goes_through_all_stages_and_is_won(sales: Sales) -> None:
    zhang = sales.house.zhang
    deal = await make_opportunity(sales.house.session, sales.customer, **READY)
    await make_contact(sales.house.session, sales.customer, role="decider")
    await make_document(sales.house.session, "opportunity", deal)
    user = await sales.of(zhang)
    assert (await user.post(f"{OPPORTUNITIES}/{deal.id}/follow-ups", CALL)).status_code == 201
    for stage in ("needs", "proposal", "negotiation"):
        moved = await sales.move(zhang, deal, stage)
        assert moved.status_code == 200, moved.text
    won = (await sales.move(zhang, deal, "closed", outcome="won")).json()
    assert (won["state"], won["closed_at"] is not None, won["next_step"], won["actions"]) == ("won", True, None, ["log_follow_up"])
    assert await sales.stays(deal.id) == [
        ("first_contact", "created", False), ("needs", "forward", False), ("proposal", "forward", False), ("negotiation", "forward", False),
        ("closed", "won", True),
    ]  # fmt: skip
    assert [stay["move"] for stay in won["stays"]] == ["won", "forward", "forward", "forward", "created"]
    await sales.house.relay()
    assert await sales.house.told(sales.house.manager) == ["opportunity.won"]
    assert "opportunity.changed" in await sales.house.shown(zhang)


async def test_a_refused_move_names_every_missing_condition_and_leaves_nothing(sales: Sales) -> None:
    deal = await make_opportunity(sales.house.session, sales.customer, "needs")
    before = await sales.traces()
    refused = await sales.move(sales.house.zhang, deal, "proposal")
    assert (refused.status_code, refused.json()["code"]) == (409, "conditions_missing")
    missing = refused.json()["params"]["missing"]
    assert [(one["side"], one["stage"]["key"], one["condition"].get("field", one["condition"]["kind"])) for one in missing] == [
        ("exit", "needs", "document_attached"), ("exit", "needs", "expected_amount"), ("exit", "needs", "expected_close_on"),
        ("exit", "needs", "product_line"),
    ]  # fmt: skip
    shown = (await (await sales.of(sales.house.zhang)).get(f"{OPPORTUNITIES}/{deal.id}")).json()
    ways = {way["stage"]["key"]: (way["move"], way["needs_reason"], len(way["missing"])) for way in shown["ways"]}
    assert ways == {"first_contact": ("back", True, 0), "proposal": ("forward", False, 4), "negotiation": ("skip", True, 5)}
    assert await sales.traces() == before


async def test_a_follow_up_of_the_lead_that_it_came_from_counts(sales: Sales) -> None:
    house = sales.house
    lead = await house.owned(house.zhang)
    user = await sales.of(house.zhang)
    assert (await user.post(f"/api/v1/leads/{lead.id}/follow-ups", CALL)).status_code == 201
    deal = await make_opportunity(house.session, sales.customer, lead_id=lead.id, **READY)
    assert (await sales.move(house.zhang, deal, "needs")).status_code == 200


async def test_a_review_that_is_needed_stands_before_the_quote(sales: Sales) -> None:
    deal = await make_opportunity(sales.house.session, sales.customer, "proposal", needs_review=True, **READY)
    await make_contact(sales.house.session, sales.customer, role="decider")
    refused = await sales.move(sales.house.zhang, deal, "negotiation")
    assert [one["condition"]["kind"] for one in refused.json()["params"]["missing"]] == ["review_approved"]


async def test_the_next_step_follows_from_the_stage_in_working_days(sales: Sales) -> None:
    deal = await make_opportunity(sales.house.session, sales.customer, "needs", next_step="寄样件", **READY)
    await make_document(sales.house.session, "opportunity", deal)
    moved = (await sales.move(sales.house.zhang, deal, "proposal")).json()
    assert (moved["next_step"], moved["next_step_at"]) == ("请技术部出初步方案", "2026-03-12T09:30:00Z")
    kept = await sales.deal(deal.id)
    assert (kept.advanced_at, kept.stage_entered_at, kept.last_activity_at) == (NOW, NOW, NOW)


@pytest.mark.parametrize(("stage", "target", "body", "move"), [
    ("negotiation", "needs", {"reason": "客户改了图纸"}, "back"),
    ("needs", "negotiation", {"reason": "老产品，不用方案"}, "skip"),
])  # fmt: skip
async def test_a_return_and_a_skip_say_why(sales: Sales, stage: str, target: str, body: dict[str, Any], move: str) -> None:
    earlier = NOW - timedelta(days=20)
    deal = await make_opportunity(sales.house.session, sales.customer, stage, advanced_at=earlier, **READY)
    await make_document(sales.house.session, "opportunity", deal)
    unsaid = await sales.move(sales.house.zhang, deal, target)
    assert [error["pointer"] for error in unsaid.json()["errors"]] == ["#/reason"]
    moved = (await sales.move(sales.house.zhang, deal, target, **body)).json()
    assert (moved["stays"][0]["move"], moved["stays"][0]["reason"]) == (move, body["reason"])
    assert (await sales.deal(deal.id)).advanced_at == (NOW if move == "skip" else earlier)


@pytest.mark.parametrize(("target", "body", "status", "code"), [
    ("needs", {}, 409, "same_stage"),
    ("closed", {"outcome": "won"}, 409, "no_skip"),
    ("delivery", {}, 409, "stage_not_on_board"),
    ("somewhere", {}, 422, "unknown"),
    ("proposal", {"outcome": "won"}, 422, "unexpected"),
    ("proposal", {"loss_reason": "price"}, 422, "unexpected"),
    ("closed", {"outcome": "lost"}, 422, "missing"),
    ("closed", {"outcome": "lost", "loss_reason": "weather"}, 422, "enum"),
])  # fmt: skip
async def test_what_cannot_be_is_refused_and_leaves_nothing(
    sales: Sales, target: str, body: dict[str, Any], status: int, code: str
) -> None:
    deal = await make_opportunity(sales.house.session, sales.customer, "needs", **READY)
    before = await sales.traces()
    refused = await sales.move(sales.house.zhang, deal, target, **body)
    assert refused.status_code == status, refused.text
    assert code in {refused.json()["code"], *(error["code"] for error in refused.json()["errors"])}
    assert await sales.traces() == before


async def test_a_deal_is_lost_from_anywhere_with_a_reason_and_no_conditions(sales: Sales) -> None:
    deal = await make_opportunity(sales.house.session, sales.customer, next_step="报价")
    lost = (await sales.move(sales.house.zhang, deal, "closed", outcome="lost", loss_reason="price", reason="同行便宜 8%")).json()
    assert (lost["state"], lost["loss_reason"], lost["closing_note"], lost["next_step"]) == ("lost", "price", "同行便宜 8%", None)
    await sales.house.relay()
    assert await sales.house.told(sales.house.manager) == ["opportunity.lost"]


async def test_a_superior_takes_a_closed_deal_up_again_and_its_owner_does_not(sales: Sales) -> None:
    house = sales.house
    deal = await make_opportunity(house.session, sales.customer)
    await sales.move(house.zhang, deal, "closed", outcome="lost", loss_reason="no_answer")
    before = await sales.traces()
    refused = await sales.move(house.zhang, deal, "needs", reason="客户回来了")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    assert await sales.traces() == before
    again = (await sales.move(house.manager, deal, "needs", reason="客户回来了")).json()
    assert (again["state"], again["loss_reason"], again["closed_at"]) == ("open", None, None)
    assert [stay["move"] for stay in again["stays"]] == ["reopened", "lost", "created"]


async def test_who_moved_a_stale_card_gets_the_newer_state(sales: Sales) -> None:
    house = sales.house
    deal = await make_opportunity(house.session, sales.customer, "needs", **READY)
    await make_document(sales.house.session, "opportunity", deal)
    desk = await sales.of(house.zhang)
    bare = await desk.post(f"{OPPORTUNITIES}/{deal.id}/moves", {"stage": "proposal"})
    assert bare.status_code == 428
    assert (await sales.move(house.manager, deal, "proposal")).status_code == 200
    late = await desk.post(f"{OPPORTUNITIES}/{deal.id}/moves", {"stage": "first_contact", "reason": "x"}, **{"If-Match": '"v1"'})
    assert (late.status_code, late.json()["params"]["current"]["version"]) == (412, 2)


@pytest.mark.parametrize("who", ["li", "huang", "marketing"])
async def test_nobody_else_moves_or_even_sees_it(sales: Sales, who: str) -> None:
    deal = await make_opportunity(sales.house.session, sales.customer, "needs", **READY)
    stranger, before = getattr(sales.house, who), await sales.traces()
    desk = await sales.of(stranger)
    assert (await desk.get(f"{OPPORTUNITIES}/{deal.id}")).status_code == 404
    assert (await desk.post(f"{OPPORTUNITIES}/{deal.id}/moves", {"stage": "proposal"}, **{"If-Match": "*"})).status_code == 404
    assert await sales.traces() == before


async def test_who_sees_the_company_without_working_here_may_not_move(sales: Sales) -> None:
    deal = await make_opportunity(sales.house.session, sales.customer, "needs", **READY)
    chief = await make_person(sales.house.session, "operations_director")
    refused = await sales.move(chief, deal, "proposal")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")


ENDED = "left_at = now(), left_to = stage_id, left_move = 'forward'"


@pytest.mark.parametrize("change", [
    "reason = 'other'", "entered_at = entered_at - interval '1 day'", f"{ENDED}, move = 'back'", "left_at = null", "left_by = entered_by",
])  # fmt: skip
@pytest.mark.plants_writes
async def test_a_stay_is_ended_once_and_otherwise_never_changed(sales: Sales, change: str) -> None:
    await make_opportunity(sales.house.session, sales.customer)
    with pytest.raises(DBAPIError, match="append-only"):
        await sales.house.session.execute(text(f"update stage_stay set {change}"))


@pytest.mark.plants_writes
async def test_an_ended_stay_is_not_opened_again(sales: Sales) -> None:
    session = sales.house.session
    await make_opportunity(session, sales.customer)
    await session.execute(text(f"update stage_stay set {ENDED}"))
    with pytest.raises(DBAPIError, match="append-only"):
        await session.execute(text("update stage_stay set left_at = null, left_to = null, left_move = null"))


BROKEN = {
    "ended without a next one": f"update stage_stay set {ENDED}",
    "moved without a stay": "update opportunity set stage_id = (select id from pipeline_stage where key = 'proposal')",
    "a stay elsewhere": f"update stage_stay set {ENDED}; insert into stage_stay (id, opportunity_id, stage_id, move, pipeline_version, entered_at)"
    f" select uuidv7(), opportunity_id, (select id from pipeline_stage where key = 'proposal' and pipeline_id = '{SHIPPED}'), 'forward', 1, now() from stage_stay",
}  # fmt: skip


@pytest.mark.parametrize("how", list(BROKEN))
@pytest.mark.plants_writes
async def test_exactly_one_open_stay_of_the_present_stage_is_the_databases_own_rule(sales: Sales, how: str) -> None:
    session = sales.house.session
    await make_opportunity(session, sales.customer)
    await session.execute(text("set constraints all immediate"))
    await session.execute(text("set constraints all deferred"))
    for statement in BROKEN[how].split("; "):
        await session.execute(text(statement))
    with pytest.raises(DBAPIError, match="no open stay"):
        await session.execute(text("set constraints all immediate"))


@pytest.mark.plants_writes
async def test_there_are_never_two_open_stays(sales: Sales) -> None:
    await make_opportunity(sales.house.session, sales.customer)
    double = "insert into stage_stay (id, opportunity_id, stage_id, move, pipeline_version, entered_at) select uuidv7(), opportunity_id, stage_id, 'forward', 1, now() from stage_stay"
    with pytest.raises(DBAPIError, match="uq_stage_stay_open"):
        await sales.house.session.execute(text(double))


@pytest.mark.plants_writes
async def test_who_only_sees_a_deal_writes_none_of_its_stays(sales: Sales) -> None:
    session, house = sales.house.session, sales.house
    await make_opportunity(session, sales.customer)
    past = (
        "insert into stage_stay (id, opportunity_id, stage_id, move, pipeline_version, entered_at, entered_by, left_at, left_move) select"
        " uuidv7(), opportunity_id, stage_id, 'forward', 1, entered_at, app_actor(), entered_at, 'forward' from stage_stay where left_at is null"
    )
    await bind(session, Lens.PERSON, str(house.admin.id))
    assert await session.scalar(text("select count(*) from stage_stay")) == 1, "seen"
    with pytest.raises(DBAPIError, match="row-level security"):
        async with session.begin_nested():
            await session.execute(text(past))
    ended = await session.execute(text(f"update stage_stay set {ENDED} returning id"))
    assert ended.all() == []
    await bind(session, Lens.PERSON, str(house.zhang.id))
    assert (await session.execute(text(f"{past} returning id"))).one()
