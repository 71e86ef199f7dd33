"""FLOW-1: conditions, ways between stages, and which pipelines can be used."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from backend.pipelines import rules
from backend.pipelines.conditions import Condition, Facts, RequiredField, missing
from backend.pipelines.defaults import STANDARD
from backend.pipelines.rules import Move, Pipeline, Way, WayRefused, way

READ: TypeAdapter[Condition] = TypeAdapter(Condition)
CALL = {"kind": "activity_logged", "activity": "call"}
VISIT = {"kind": "activity_logged", "activity": "visit", "times": 2, "counted": "in_stage"}
AMOUNT = {"kind": "field_present", "field": "expected_amount"}


@pytest.mark.parametrize(("condition", "met", "unmet"), [
    (AMOUNT, Facts(fields=frozenset({RequiredField.EXPECTED_AMOUNT})), Facts(fields=frozenset({RequiredField.NEED}))),
    ({"kind": "amount_at_least", "amount": "5000"}, Facts(amount=Decimal(5000)), Facts(amount=Decimal("4999.99"))),
    ({"kind": "amount_at_least", "amount": "5000"}, Facts(amount=Decimal(9999)), Facts()),
    ({"kind": "document_attached", "document": "drawing"}, Facts(documents=frozenset({"drawing"})), Facts(documents=frozenset({"minutes"}))),
    (CALL, Facts(activities={"call": 1}), Facts(activities={"visit": 3})),
    (VISIT, Facts(activities_in_stage={"visit": 2}), Facts(activities={"visit": 2}, activities_in_stage={"visit": 1})),
    ({"kind": "contact_known", "role": "decider"}, Facts(contact_roles=frozenset({"decider"})), Facts(contact_roles=frozenset({"user"}))),
    ({"kind": "review_approved"}, Facts(), Facts(needs_review=True)),
    ({"kind": "review_approved"}, Facts(needs_review=True, is_review_approved=True), Facts(needs_review=True)),
    ({"kind": "any_of", "conditions": [CALL, AMOUNT]}, Facts(activities={"call": 1}), Facts(activities={"visit": 1})),
])  # fmt: skip
def test_a_condition_is_met_or_is_named_as_missing(condition: dict[str, Any], met: Facts, unmet: Facts) -> None:
    read = READ.validate_python(condition)
    assert missing([read], met) == []
    assert missing([read], unmet) == [read]


@pytest.mark.parametrize("wrong", [
    {"kind": "field_present", "field": "colour"}, {"kind": "amount_at_least", "amount": "0"}, {"kind": "weather"},
    {"kind": "any_of", "conditions": [CALL]}, {"kind": "any_of", "conditions": [CALL, {"kind": "any_of", "conditions": [CALL, AMOUNT]}]},
    {**CALL, "times": 0}, {**CALL, "sometimes": 1},
])  # fmt: skip
def test_what_is_no_condition_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        READ.validate_python(wrong)


@pytest.mark.parametrize(("source", "target", "move", "passed"), [
    ("first_contact", "needs", Move.FORWARD, ()),
    ("needs", "negotiation", Move.SKIP, ("proposal",)),
    ("negotiation", "closed", Move.WON, ()),
    ("negotiation", "first_contact", Move.BACK, ()),
    ("closed", "needs", Move.REOPENED, ()),
])  # fmt: skip
def test_a_way_says_what_kind_of_move_it_is(source: str, target: str, move: Move, passed: tuple[str, ...]) -> None:
    found = way(STANDARD, source, target)
    assert isinstance(found, Way)
    assert (found.move, found.passed) == (move, passed)
    assert found.needs_reason is (move not in (Move.FORWARD, Move.WON))


def test_forward_asks_for_both_ends_and_a_return_for_nothing() -> None:
    found, back = way(STANDARD, "proposal", "negotiation"), way(STANDARD, "negotiation", "proposal")
    assert isinstance(found, Way)
    assert isinstance(back, Way)
    assert [one.kind for one in (*found.exit, *found.entry)] == ["contact_known", "field_present", "review_approved"]
    assert (*back.exit, *back.entry) == ()


@pytest.mark.parametrize(("source", "target", "refused"), [
    ("needs", "needs", WayRefused.SAME_STAGE),
    ("first_contact", "proposal", WayRefused.NO_SKIP),
    ("proposal", "closed", WayRefused.NO_SKIP),
    ("negotiation", "contract", WayRefused.NOT_ON_BOARD),
])  # fmt: skip
def test_where_there_is_no_way_it_says_why(source: str, target: str, refused: WayRefused) -> None:
    assert way(STANDARD, source, target) is refused


def changed(stages: dict[str, dict[str, Any]]) -> Pipeline:
    """The shipped pipeline with other values in some stages."""
    return STANDARD.model_copy(update={"stages": tuple(one.model_copy(update=stages.get(one.key, {})) for one in STANDARD.stages)})


def test_a_stage_out_of_use_is_entered_by_nobody_and_stands_in_nobodys_way() -> None:
    pipeline = changed({"needs": {"is_active": False, "may_be_skipped": False}})
    assert rules.faults(pipeline) == []
    assert way(pipeline, "first_contact", "needs") is WayRefused.OUT_OF_USE
    onward = way(pipeline, "first_contact", "proposal")
    assert isinstance(onward, Way)
    assert onward.move is Move.FORWARD
    left = way(pipeline, "needs", "proposal")
    assert isinstance(left, Way), "what stands in it goes on"


def test_a_return_is_refused_where_the_stage_does_not_take_it() -> None:
    assert way(changed({"needs": {"may_be_returned_to": False}}), "negotiation", "needs") is WayRefused.NO_RETURN


def test_the_win_rate_of_a_stage_is_the_product_of_what_lies_ahead() -> None:
    rates = rules.win_rates(STANDARD.stages)
    assert {key: str(rate) for key, rate in rates.items()} == {
        "first_contact": "0.13650", "needs": "0.22750", "proposal": "0.32500", "negotiation": "0.50000",
        "closed": "1", "contract": "1", "delivery": "1",
    }  # fmt: skip
    assert str(rules.win_rates(changed({"proposal": {"is_active": False}}).stages)["first_contact"]) == "0.21000"


@pytest.mark.parametrize(("stages", "code"), [
    ({"needs": {"key": "proposal"}}, "doubled"),
    ({"needs": {"baseline_rate": None}}, "missing"),
    ({"needs": {"dwell_min_days": 9, "dwell_max_days": 3}}, "less_than_minimum"),
    ({"closed": {"is_active": False}}, "always_in_use"),
    ({key: {"is_active": False} for key in ("first_contact", "needs", "proposal")}, "too_few_stages"),
    ({"closed": {"kind": rules.StageKind.CONTRACT}}, "one_closed_stage"),
    ({"first_contact": {"kind": rules.StageKind.DELIVERY}}, "wrong_order"),
])  # fmt: skip
def test_a_pipeline_that_could_not_work_is_refused(stages: dict[str, dict[str, Any]], code: str) -> None:
    assert code in {fault.code for fault in rules.faults(changed(stages))}


def test_the_shipped_pipeline_is_sound() -> None:
    assert rules.faults(STANDARD) == []
    assert [stage.name_zh for stage in STANDARD.board()] == ["初步接触", "需求调研", "方案制定", "报价谈判", "成交/关闭"]
    proposal = STANDARD.stage("proposal")
    assert proposal is not None
    assert (proposal.dwell_min_days, proposal.dwell_max_days) == (5, 7)
