"""LEAD-3 and LEAD-5 as pure rules."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.leads import rules
from backend.leads.rules import Action, Candidate, LeadState, ReasonCode, Standing, choose_assignee
from tests.conftest import NOW


def rep(number: int, *, load: int = 0, last: int | None = None, present: bool = True, lines: str = "", languages: str = "") -> Candidate:
    moment = None if last is None else NOW - timedelta(minutes=last)
    skills = frozenset(lines.split()), frozenset(languages.split())
    return Candidate(UUID(int=number), f"rep{number}", load, moment, present, *skills)


def chosen(*candidates: Candidate, product_line: str | None = None, language: str | None = None) -> int | None:
    choice = choose_assignee(candidates, product_line=product_line, language=language)
    return choice.person_id.int if choice and choice.person_id else None


def test_fewest_open_leads_wins() -> None:
    assert chosen(rep(1, load=3), rep(2, load=1), rep(3, load=2)) == 2


def test_equal_load_goes_to_who_waited_longest_and_never_is_longest() -> None:
    assert chosen(rep(1, last=5), rep(2, last=60), rep(3, last=30)) == 2
    assert chosen(rep(1, last=500), rep(2), rep(3, last=30)) == 2


def test_a_full_tie_goes_to_the_lower_id() -> None:
    assert chosen(rep(7), rep(3), rep(5)) == 3


def test_who_is_on_leave_gets_nothing_however_free() -> None:
    assert chosen(rep(1, present=False), rep(2, load=90)) == 2
    assert choose_assignee([rep(1, present=False)], product_line=None, language=None) is None
    assert choose_assignee([], product_line=None, language=None) is None


def test_a_named_skill_narrows_where_a_present_rep_has_it() -> None:
    able = rep(2, load=9, lines="紧固件 冲压件")
    assert chosen(rep(1), able, product_line="冲压件") == 2
    choice = choose_assignee([rep(1), able], product_line="冲压件", language=None)
    assert choice is not None
    assert choice.code is ReasonCode.SKILL_MATCH
    assert choice.params == {"person": "rep2", "open_leads": 9, "present": 2, "skills": ["冲压件"]}


def test_a_skill_that_nobody_present_has_is_no_obstacle() -> None:
    choice = choose_assignee([rep(1), rep(2, lines="冲压件", present=False)], product_line="冲压件", language="ja")
    assert choice is not None
    assert (choice.person_id, choice.code) == (UUID(int=1), ReasonCode.REGION_LEAST_LOAD)


def test_language_narrows_within_product_line() -> None:
    both, line_only, language_only = rep(1, load=9, lines="A", languages="ja"), rep(2, lines="A"), rep(3, languages="ja")
    assert chosen(both, line_only, language_only, product_line="A", language="ja") == 1
    assert chosen(line_only, language_only, product_line="A", language="ja") == 2


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.integers(1, 40))
def test_loads_even_out_and_then_rotate_exactly(loads: list[int], leads: int) -> None:
    state = {number: [load, None] for number, load in enumerate(loads)}
    for turn in range(leads):
        picked = chosen(*(rep(number, load=load or 0, last=last) for number, (load, last) in state.items()))
        assert picked is not None
        assert state[picked][0] == min(load for load, _ in state.values())
        state[picked] = [(state[picked][0] or 0) + 1, 1000 - turn]
    if leads >= sum(max(loads) - load for load in loads):
        final = [load or 0 for load, _ in state.values()]
        assert max(final) - min(final) <= 1


def standing(**facts: bool) -> Standing:
    return Standing(frozenset({"lead.follow_up", "lead.take_over", "lead.reassign"}), **facts)


def test_actions_follow_from_how_one_stands_to_the_lead() -> None:
    every = [Action.LOG_FOLLOW_UP, Action.TAKE_OVER, Action.REASSIGN]
    assert rules.actions_for(standing(is_owner=True), LeadState.ASSIGNED) == [Action.LOG_FOLLOW_UP]
    assert rules.actions_for(standing(is_backup=True), LeadState.FOLLOWING) == [Action.LOG_FOLLOW_UP]
    assert rules.actions_for(standing(is_escalated_to=True), LeadState.ASSIGNED) == every
    assert rules.actions_for(standing(supervises_owner=True), LeadState.ASSIGNED) == every
    assert rules.actions_for(standing(manages_region=True), LeadState.NEW) == [Action.TAKE_OVER, Action.REASSIGN]
    assert rules.actions_for(standing(is_owner=True, manages_region=True), LeadState.ASSIGNED) == [Action.LOG_FOLLOW_UP, Action.REASSIGN]
    assert rules.actions_for(standing(sees_company=True), LeadState.NEW) == [Action.REASSIGN]
    assert rules.actions_for(standing(), LeadState.ASSIGNED) == []


def test_no_permission_no_action_and_none_on_a_disqualified_lead() -> None:
    facts = dict.fromkeys(("is_owner", "is_escalated_to", "supervises_owner", "manages_region", "sees_company"), True)
    assert rules.actions_for(Standing(frozenset(), **facts), LeadState.ASSIGNED) == []
    assert rules.actions_for(standing(**facts), LeadState.DISQUALIFIED) == []


def test_48_hours_restart_and_96_run_from_the_first_assignment_until_contact() -> None:
    later = NOW + timedelta(hours=60)
    assert rules.ladder_bases(later, NOW, None) == {"assigned": later, "first_assigned": NOW}
    assert rules.ladder_bases(later, NOW, NOW + timedelta(hours=1)) == {"assigned": later, "first_assigned": later}


@pytest.mark.parametrize(("owner", "state", "region", "received", "pooled", "expected"), [
    (None, "new", None, 5, None, True), (None, "new", None, 4, None, False), (uuid4(), "assigned", None, 60, None, False),
    (None, "new", None, 9999, 9999, False), (None, "new", uuid4(), 9999, 3600, True), (None, "new", uuid4(), 9999, 3599, False),
    (None, "disqualified", uuid4(), 9999, None, False), (None, "new", uuid4(), 9999, -3600, False),
])  # fmt: skip
def test_what_the_sweep_repairs(
    owner: UUID | None, state: str, region: UUID | None, received: int, pooled: int | None, expected: bool
) -> None:
    """A negative age in the pool: its owner left it untouched, and it waits to be claimed."""
    pooled_at = None if pooled is None else NOW - timedelta(seconds=abs(pooled))
    reclaimed_at = pooled_at if pooled is not None and pooled < 0 else None
    facts = {"owner_id": owner, "state": LeadState(state), "region_id": region, "pooled_at": pooled_at, "reclaimed_at": reclaimed_at}
    assert rules.needs_repair(**facts, received_at=NOW - timedelta(seconds=received), now=NOW) is expected


def test_merged_is_final_and_only_a_superior_leads_out_of_disqualified() -> None:
    reopened = {rules.reopened_state(owner, contact) for owner in (None, uuid4()) for contact in (None, NOW)}
    assert reopened == {LeadState.NEW, LeadState.ASSIGNED, LeadState.FOLLOWING}
    above = dict.fromkeys(("is_owner", "manages_region"), True)
    assert rules.actions_for(Standing(frozenset({"lead.reopen"}), **above), LeadState.DISQUALIFIED) == [Action.REOPEN]
    assert rules.actions_for(Standing(frozenset({"lead.reopen"}), **above), LeadState.MERGED) == []
    assert rules.actions_for(Standing(frozenset({"lead.reopen"}), is_owner=True), LeadState.DISQUALIFIED) == []


def test_claiming_is_for_the_pool_of_ones_region_and_closing_for_who_works_on_it() -> None:
    permissions = frozenset({"lead.claim", "lead.disqualify"})
    assert rules.actions_for(Standing(permissions, claims_here=True), LeadState.NEW) == [Action.CLAIM]
    assert rules.actions_for(Standing(permissions, claims_here=True), LeadState.DISQUALIFIED) == []
    assert rules.actions_for(Standing(permissions), LeadState.NEW) == []
    for fact in ("is_owner", "is_backup", "is_escalated_to", "supervises_owner", "manages_region", "sees_company"):
        assert rules.actions_for(Standing(permissions, **{fact: True}), LeadState.ASSIGNED) == [Action.DISQUALIFY], fact


def test_numbers_are_read_aloud() -> None:
    assert (rules.lead_number(42), rules.lead_number(123456789)) == ("XS00000042", "XS123456789")
