"""Rules of customers: credit codes, differences, who may do what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.customers import rules
from backend.customers.credit_code import ALPHABET, check_digit, is_credit_code, plain_code
from backend.customers.rules import CustomerAction, CustomerState, Standing

REAL = ("914403001922038216", "9144030071526726XG", "91350100M000100Y43", "91330100799655058B", "91310000631696382C")
ALL = frozenset(rules.PERMISSION.values())
ACTIVE, ARCHIVED = CustomerState.ACTIVE, CustomerState.ARCHIVED


@pytest.mark.parametrize("code", REAL)
def test_codes_of_real_companies_are_right(code: str) -> None:
    assert is_credit_code(code)
    assert check_digit(code) == code[17]


@given(st.sampled_from(REAL), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(code: str, place: int, character: str) -> None:
    wrong = code[:place] + character + code[place + 1 :]
    assert is_credit_code(wrong) is (wrong == code)


@pytest.mark.parametrize("code", ["", "91440300192203821", "9144030019220382166", "91440300192203821O", "91440300192203821é", "I" * 18])
def test_what_is_no_code_at_all(code: str) -> None:
    assert not is_credit_code(code)


@pytest.mark.parametrize(("typed", "stored"), [
    (" ９１440300 1922-038216", "914403001922038216"), ("9144030071526726xg", "9144030071526726XG"), ("  ", None), (None, None),
])  # fmt: skip
def test_codes_are_stored_alike(typed: str | None, stored: str | None) -> None:
    assert plain_code(typed) == stored


def test_only_real_differences_become_a_request() -> None:
    before = {"name": "甲", "city": None, "is_key": False}
    assert rules.differences(before, {"name": "乙", "city": None}) == {"name": {"old": "甲", "new": "乙"}}
    assert rules.differences(before, before) == {}


def test_a_request_is_outdated_by_a_change_of_its_own_fields_only() -> None:
    changes = {"name": {"old": "甲", "new": "乙"}}
    assert rules.moved_since(changes, {"name": "甲", "city": "苏州"}) == []
    assert rules.moved_since(changes, {"name": "丙", "city": "苏州"}) == ["name"]


def test_a_field_waits_for_one_decision_at_a_time() -> None:
    assert rules.overlap(["name", "city"], [["city"], ["address"]]) == ["city"]
    assert rules.overlap(["name"], []) == []


def test_every_stored_field_is_free_or_protected_and_none_is_both() -> None:
    assert not set(rules.FREE_FIELDS) & set(rules.PROTECTED_FIELDS)
    assert not set(rules.FREE_CONTACT_FIELDS) & set(rules.PROTECTED_CONTACT_FIELDS)


@pytest.mark.parametrize(("facts", "state", "expected"), [
    ({"is_owner": True}, ACTIVE, [CustomerAction.LOG_FOLLOW_UP, CustomerAction.CHANGE]),
    ({"is_backup": True}, ACTIVE, [CustomerAction.LOG_FOLLOW_UP, CustomerAction.CHANGE]),
    ({"supervises_owner": True}, ACTIVE, [CustomerAction.LOG_FOLLOW_UP, CustomerAction.CHANGE, CustomerAction.MERGE]),
    ({"manages_region": True}, ACTIVE, [CustomerAction.LOG_FOLLOW_UP, CustomerAction.CHANGE, CustomerAction.MERGE]),
    ({"sees_company": True}, ACTIVE, [CustomerAction.CHANGE, CustomerAction.ARCHIVE, CustomerAction.MERGE]),
    ({"is_owner": True}, ARCHIVED, []),
    ({"sees_company": True}, ARCHIVED, [CustomerAction.RESTORE]),
    ({}, ACTIVE, []),
])  # fmt: skip
def test_who_may_do_what(facts: dict[str, bool], state: CustomerState, expected: list[CustomerAction]) -> None:
    assert rules.actions_for(Standing(ALL, **facts), state) == expected
    assert rules.actions_for(Standing(frozenset(), **facts), state) == []
    assert rules.actions_for(Standing(ALL, **facts), state, is_merged=True) == []


@pytest.mark.parametrize(("is_key", "backup", "state", "lacks"), [
    (True, None, "active", True), (True, "x", "active", False), (False, None, "active", False), (True, None, "archived", False),
])  # fmt: skip
def test_a_key_customer_needs_a_backup(is_key: bool, backup: str | None, state: str, lacks: bool) -> None:
    assert rules.lacks_backup(is_key=is_key, backup_owner_id=backup, state=state) is lacks


def test_numbers_are_read_out_in_full() -> None:
    assert rules.customer_number(123) == "KH00000123"
