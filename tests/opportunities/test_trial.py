"""OPEN-5: a changed pipeline is tried on the deals in flight before it goes live."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.core.db import Lens, bind
from backend.customers.rules import ContactRole
from backend.opportunities import queries, reading, trial_queries, trial_rules
from backend.opportunities.models import Opportunity
from backend.opportunities.trial_rules import Lacking, Onward, judge, onward
from backend.pipelines.conditions import (
    ActivityLogged,
    AmountAtLeast,
    AnyOf,
    Condition,
    ContactKnown,
    Counted,
    DocumentAttached,
    EffectiveVisit,
    FieldPresent,
    RequiredField,
    ReviewApproved,
    missing,
)
from backend.pipelines.defaults import SHIPPED, STANDARD
from backend.pipelines.models import StageRow
from backend.timeline.rules import FollowUpKind
from tests.conftest import NOW, as_owner
from tests.factories import make_contact, make_customer, make_document, make_opportunity
from tests.opportunities.conftest import CALL, OPPORTUNITIES, Sales
from tests.pipelines.test_api import document

DRY_RUN = f"/api/v1/pipelines/{SHIPPED}/dry-run"
AMOUNT, CLOSE = (FieldPresent(field=RequiredField(name)) for name in ("expected_amount", "expected_close_on"))


def changed(body: dict[str, Any], **stages: dict[str, Any]) -> dict[str, Any]:
    """The document with other values in some stages."""
    return {**body, "stages": [stage | stages.get(stage["key"], {}) for stage in body["stages"]]}


async def tried(sales: Sales, **stages: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The whole answer, and its stages by key."""
    desk = await sales.of(sales.house.admin)
    found = await desk.post(f"{DRY_RUN}?scope=company", changed(await document(desk), **stages))
    assert found.status_code == 200, found.text
    shown: dict[str, Any] = found.json()
    return shown, {stage["stage"]["key"]: stage for stage in shown["stages"]}


def test_the_next_move_goes_to_the_next_stage_in_use() -> None:
    assert onward(STANDARD, "needs").stage == STANDARD.stage("proposal")
    assert [one.kind for one in onward(STANDARD, "proposal").asked] == ["contact_known", "field_present", "review_approved"]
    gone = STANDARD.model_copy(
        update={"stages": tuple(one.model_copy(update={"is_active": one.key != "proposal"}) for one in STANDARD.stages)}
    )
    assert onward(gone, "needs").stage == gone.stage("negotiation")
    assert onward(gone, "proposal").stage == gone.stage("negotiation"), "what stands there goes on"
    assert onward(STANDARD, "closed") == onward(STANDARD, "nowhere") == Onward()


def test_who_is_held_up_is_counted_for_both_sides() -> None:
    before, after = Onward(None, (AMOUNT,)), Onward(None, (AMOUNT, CLOSE))
    ids = [UUID(int=number) for number in range(3)]
    groups = [Lacking([False, False], 5), Lacking([False, True], 3, ids[:2]), Lacking([True, True], 2, ids[2:])]
    verdict = judge(before, after, groups)
    assert (verdict.checked, verdict.blocked_before, verdict.blocked_after, verdict.newly_blocked) == (10, 2, 5, 3)
    assert (verdict.lacking, verdict.examples) == ([2, 5], ids), "who was held up already comes last"
    back = judge(after, before, groups)
    assert (back.blocked_before, back.blocked_after, back.newly_blocked, back.examples) == (5, 2, 0, [])


@pytest.mark.parametrize(("standing", "one_in"), [(0, 1), (2000, 1), (2001, 2), (1_000_000, 500)])
def test_of_many_an_even_part_is_looked_at(standing: int, one_in: int) -> None:
    assert trial_rules.one_in(standing) == one_in


EVERY_KIND: Sequence[Condition] = (
    *(FieldPresent(field=field) for field in RequiredField),
    AmountAtLeast(amount=Decimal(5000)),
    DocumentAttached(document="drawing"),
    DocumentAttached(document="quote"),
    DocumentAttached(document="contract"),
    EffectiveVisit(),
    EffectiveVisit(times=1, counted=Counted.IN_STAGE),
    ActivityLogged(activity=FollowUpKind.CALL),
    ActivityLogged(activity=FollowUpKind.CALL, times=2),
    ActivityLogged(activity=FollowUpKind.CALL, counted=Counted.IN_STAGE),
    ContactKnown(role=ContactRole.DECIDER),
    ReviewApproved(),
    AnyOf(conditions=(ActivityLogged(activity=FollowUpKind.VISIT), AMOUNT)),
)


async def test_sql_and_python_agree_on_every_condition(sales: Sales) -> None:
    """Each deal, by the API for one and by the query for all."""
    house, session = sales.house, sales.house.session
    lead = await house.owned(house.zhang)
    merged = await make_customer(session, owner=house.zhang, merged_into_id=None)
    await make_contact(session, merged, role="decider")
    await make_contact(session, sales.customer, role="user")
    rep = await sales.of(house.zhang)
    assert (await rep.post(f"/api/v1/leads/{lead.id}/follow-ups", CALL)).status_code == 201
    full = {
        "expected_amount": Decimal(5000), "expected_close_on": NOW.date(), "product_line": "冲压件", "need": "支架", "next_step": "报价",
        "needs_review": True, "review_approved_at": NOW,
    }  # fmt: skip
    deals = [
        await make_opportunity(session, sales.customer, "needs", needs_review=True, need="", product_line=""),
        await make_opportunity(session, merged, "needs", **full),
        await make_opportunity(session, sales.customer, "needs", expected_amount=Decimal("4999.99"), lead_id=lead.id),
        await make_opportunity(session, sales.customer, "needs", stage_entered_at=NOW + timedelta(hours=1), created_at=NOW),
    ]
    await make_document(session, "opportunity", deals[1], "drawing")
    await make_document(session, "lead", lead, "quote")
    await make_document(session, "opportunity", deals[3], "contract", withdrawn_at=NOW, withdrawn_reason="传错了")
    called = deals[0], deals[0], deals[3]
    for deal in called:
        assert (await rep.post(f"{OPPORTUNITIES}/{deal.id}/follow-ups", CALL)).status_code == 201
    whole = {
        "kind": "visit",
        "outcome": "reached",
        "place": "客户公司",
        "note": "看样件",
        "next_step": "报价",
        "others": [{"name": "林董", "is_in_chain": True}],
    }
    visits = [(await rep.post(f"{OPPORTUNITIES}/{deal.id}/follow-ups", whole)).json() for deal in (deals[0], deals[1], deals[3])]
    lesser = {**whole, "place": "", "corrects": visits[0]["id"]}
    assert (await rep.post(f"{OPPORTUNITIES}/{deals[0].id}/follow-ups", lesser)).status_code == 201
    boss = await sales.of(house.manager)
    merge = {"loser_id": str(merged.id), "reason": "同一家"}
    assert (await boss.post(f"/api/v1/customers/{sales.customer.id}/merges", merge)).status_code == 201
    stage_id = (await session.execute(select(StageRow.id).where(StageRow.key == "needs"))).scalar_one()
    await bind(session, Lens.COMPANY, str(house.admin.id))
    rows = (await session.execute(trial_queries.lacking(stage_id, EVERY_KIND, 1))).all()
    await as_owner(session)
    by_sql = {deal: [one for one, unmet in zip(EVERY_KIND, row.unmet, strict=True) if unmet] for row in rows for deal in row.examples}
    for deal in deals:
        await bind(session, Lens.PERSON, str(house.admin.id))
        row = await queries.DETAIL.row(session, opportunity=deal.id, actor=house.admin.id)
        facts = await reading.facts_of(session, row)
        await as_owner(session)
        assert by_sql[deal.id] == missing(EVERY_KIND, facts), deal.name
    lacking = {len(found) for found in by_sql.values()}
    assert len(lacking) > 2, "the deals differ"


async def test_it_says_who_would_be_held_up_who_is_late_and_what_the_pipeline_is_worth(sales: Sales) -> None:
    session = sales.house.session
    ready = {"product_line": "冲压件", "expected_close_on": NOW.date()}
    ago = [NOW - timedelta(days=days) for days in (1, 4, 9)]
    deals = [
        await make_opportunity(session, sales.customer, "needs", expected_amount=Decimal(amount), stage_entered_at=at, **ready)
        for amount, at in zip((1000, 20000, 300000), ago, strict=True)
    ]
    for deal in deals:
        await make_document(session, "opportunity", deal)
    await make_opportunity(session, sales.customer, "proposal", expected_amount=Decimal(500), currency="USD")
    before = await sales.traces()
    needed = [{"kind": "field_present", "field": "product_line"}, {"kind": "amount_at_least", "amount": "10000"}]
    whole, stages = await tried(sales, needs={"exit": needed, "dwell_max_days": 3, "baseline_rate": "0.35"})
    assert await sales.traces() == before, "nothing is stored"
    assert (whole["scope"], whole["open"], whole["checked"]) == ("company", 4, 4)
    needs = stages["needs"]
    assert (needs["open"], needs["checked"], needs["blocked_before"], needs["blocked_after"], needs["newly_blocked"]) == (3, 3, 0, 1, 1)
    assert [(one["condition"].get("field", one["condition"]["kind"]), one["asked"], one["missing"]) for one in needs["conditions"]] == [
        ("document_attached", "before", 0), ("expected_amount", "before", 0), ("expected_close_on", "before", 0), ("product_line", "both", 0),
        ("amount_at_least", "after", 1),
    ]  # fmt: skip
    assert [one["id"] for one in needs["examples"]] == [str(deals[0].id)]
    assert (needs["examples"][0]["customer"], needs["examples"][0]["owner"]) == (sales.customer.name, "张磊")
    assert (needs["too_long_before"], needs["too_long_after"]) == (1, 2)
    assert [one["id"] for one in needs["longest"]] == [str(deal.id) for deal in reversed(deals)]
    assert whole["sums"] == [
        {"currency": "CNY", "count": 3, "amount": "321000.00", "weighted_before": "73027.50", "weighted_after": "36513.75"},
        {"currency": "USD", "count": 1, "amount": "500.00", "weighted_before": "162.50", "weighted_after": "162.50"},
    ]
    assert stages["first_contact"]["open"] == 0


async def test_a_stage_that_leaves_use_says_what_stands_in_it_and_where_the_others_go(sales: Sales) -> None:
    deal = await make_opportunity(sales.house.session, sales.customer, "proposal")
    other = await make_opportunity(sales.house.session, sales.customer, "needs")
    _, stages = await tried(sales, proposal={"is_active": False})
    gone, needs = stages["proposal"], stages["needs"]
    assert (gone["leaves_use"], gone["open"], [one["id"] for one in gone["longest"]]) == (True, 1, [str(deal.id)])
    assert (needs["next_before"]["key"], needs["next_after"]["key"], needs["blocked_after"]) == ("proposal", "negotiation", 1)
    assert needs["examples"] == [], f"{other.name} lacked the same before"


async def test_it_counts_as_far_as_the_scope_reaches_and_refuses_what_could_not_be_saved(sales: Sales) -> None:
    await make_opportunity(sales.house.session, sales.customer, "needs")
    desk = await sales.of(sales.house.admin)
    body = await document(desk)
    assert (await desk.post(DRY_RUN, body)).status_code == 403, "administrators have nothing of their own"
    unrated = changed(body, needs={"baseline_rate": None})
    refused = await desk.post(f"{DRY_RUN}?scope=company", unrated)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/stages/1/baseline_rate")
    unfiled = changed(body, needs={"exit": [{"kind": "document_attached", "document": "nothing_like_it"}]})
    refused = await desk.post(f"{DRY_RUN}?scope=company", unfiled)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/stages/1/exit/0")
    assert (await desk.post(f"/api/v1/pipelines/{UUID(int=1)}/dry-run?scope=company", body)).status_code == 404
    assert await sales.house.session.scalar(select(Opportunity.version)) == 1


async def test_of_a_crowded_stage_an_even_part_is_checked_and_all_are_counted(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_rules, "CHECKED_A_STAGE", 10)
    for number in range(40):
        await make_opportunity(sales.house.session, sales.customer, "needs", name=f"支架{number}")
    whole, stages = await tried(sales, needs={"exit": [{"kind": "field_present", "field": "need"}]})
    needs = stages["needs"]
    assert (whole["open"], needs["open"]) == (40, 40)
    assert 0 < needs["checked"] < 30
    assert needs["blocked_after"] == needs["checked"] == whole["checked"]
