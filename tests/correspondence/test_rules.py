"""Addresses of the drop-box, threads, and who may do what with a letter."""

import pytest

from backend.correspondence import addresses, rules
from backend.correspondence.rules import EmailAction, EmailState, Standing

DROPBOX = "log@in.hengyu.example"
NOBODY = Standing(writes=False, sorts=False, is_own=False)
WRITER = Standing(writes=True, sorts=False, is_own=False)
SORTER = Standing(writes=False, sorts=True, is_own=False)
OWNER = Standing(writes=False, sorts=False, is_own=True)


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("log@in.hengyu.example", ""),
        ("Log+ABCdef@IN.hengyu.example", "abcdef"),
        ("log+@in.hengyu.example", ""),
        ("logs+abc@in.hengyu.example", None),
        ("log+abc@other.example", None),
        ("log", None),
        ("", None),
    ],
)
def test_what_stands_after_the_plus_sign(address: str, token: str | None) -> None:
    assert rules.token_of(address, DROPBOX) == token


def test_an_address_carries_its_token_there_and_back() -> None:
    token = addresses.new_token()
    assert rules.tokens_of(["x@y.example", rules.tagged(DROPBOX, token).upper(), rules.tagged(DROPBOX, "short")], DROPBOX) == [token]
    assert len({addresses.new_token() for _ in range(100)}) == 100


def test_a_chain_keeps_its_root_and_its_end() -> None:
    assert rules.chain(["a", "b"], "b") == ["a", "b"]
    long = rules.chain([str(number) for number in range(200)], "last")
    assert (len(long), long[0], long[-1]) == (rules.MOST_REFERENCES, "0", "last")


def allowed(standing: Standing, state: EmailState, *, has_record: bool) -> set[EmailAction]:
    return set(rules.actions_for(standing, state, has_record=has_record))


def test_who_may_do_what() -> None:
    tray = EmailState.SORTING
    assert allowed(SORTER, tray, has_record=False) == allowed(OWNER, tray, has_record=False) == {EmailAction.FILE, EmailAction.DISCARD}
    assert allowed(WRITER, EmailState.FILED, has_record=True) == {EmailAction.REPLY, EmailAction.FILE}
    assert allowed(SORTER, EmailState.FILED, has_record=True) == {EmailAction.FILE, EmailAction.RESTORE}
    assert allowed(WRITER, EmailState.FAILED, has_record=True) == {EmailAction.REPLY, EmailAction.RETRY}
    assert allowed(WRITER, EmailState.PENDING, has_record=True) == set()
    assert allowed(OWNER, EmailState.DISCARDED, has_record=False) == {EmailAction.RESTORE}
    assert allowed(OWNER, EmailState.AUTOMATIC, has_record=False) == {EmailAction.FILE}
    assert all(not allowed(NOBODY, state, has_record=True) for state in EmailState)


def test_a_machine_that_answers_a_machine_is_noticed() -> None:
    assert [rules.is_loop(number) for number in (0, 19, 20)] == [False, False, True]
