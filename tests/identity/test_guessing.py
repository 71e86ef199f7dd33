"""Guessing passwords: counted, locked, and bounded by address."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.pool import QueuePool

from backend.core import db
from backend.core.config import WORKER_LOGIN, get_settings
from backend.core.db import Database, Lens, get_database, make_engine, transaction, use_database
from backend.core.errors import Problem
from backend.core.outbox import Outbox
from backend.identity import commands, jobs, rules, sign_in, tokens
from backend.identity.models import AuthSession, Credential, Person, UnknownLogin
from tests.conftest import Committed, SignIn, device_headers
from tests.factories import make_person
from tests.identity.conftest import PASSWORD, Desk, give_password


async def test_five_failures_lock_and_each_further_one_locks_longer(desk: Desk, session: AsyncSession) -> None:
    await give_password(session, await make_person(session, login="wangfang"))
    for _ in range(4):
        assert (await desk.sign_in("wangfang", "wrong")).status_code == 401
    fifth = await desk.sign_in("wangfang", "wrong")
    assert (fifth.status_code, fifth.json()["code"]) == (429, "locked_out")
    assert 60 <= int(fifth.headers["retry-after"]) <= 61
    assert (await desk.sign_in("wangfang")).status_code == 429, "the right password does not open a locked account"
    for minutes in (2, 4, 8, 15, 15, 15):
        desk.wait(seconds=int(fifth.headers["retry-after"]))
        fifth = await desk.sign_in("wangfang", "wrong")
        assert 60 * minutes <= int(fifth.headers["retry-after"]) <= 60 * minutes + 1
    desk.wait(minutes=16)
    assert (await desk.sign_in("wangfang")).status_code == 200
    assert (await desk.sign_in("wangfang", "wrong")).status_code == 401, "the count starts again"


async def test_a_login_that_nobody_has_answers_and_locks_as_a_known_one(desk: Desk, session: AsyncSession) -> None:
    await give_password(session, await make_person(session, login="wangfang"))

    async def both() -> httpx.Response:
        answers = [await desk.sign_in(login, "wrong") for login in ("wangfang", "wangfeng")]
        seen = [(one.status_code, one.headers.get("retry-after"), one.json() | {"request_id": ""}) for one in answers]
        assert seen[0] == seen[1]
        return answers[0]

    statuses = [(await both()).status_code for _ in range(6)]
    for span in ({"seconds": 61}, {"minutes": 2}, {"seconds": 1}, {"minutes": 5}, {"hours": 23}, {"hours": 24}):
        desk.wait(**span)
        statuses.append((await both()).status_code)
    assert statuses == [401, 401, 401, 401, 429, 429, 429, 429, 429, 429, 429, 401], "failures in a row are forgotten after a day"
    (kept,) = await session.scalars(select(UnknownLogin))
    assert (len(kept.login_hash), kept.failed_count) == (43, 1)
    assert "wangfeng" not in kept.login_hash
    assert (await desk.sign_in("wangfang")).status_code == 200


async def test_parallel_guesses_of_an_unknown_login_never_share_a_count(committed: Committed, monkeypatch: pytest.MonkeyPatch) -> None:
    """All have looked before the first is counted: one that looked later would find the lock, and not be counted."""
    now, looked, compare = datetime.now(UTC), asyncio.Barrier(12), tokens.password_matches

    async def compare_together(password: str, stored: str | None) -> bool:
        await looked.wait()
        return await compare(password, stored)

    monkeypatch.setattr(tokens, "password_matches", compare_together)
    outcomes = await asyncio.gather(*(_guess("nobody", "wrong", now) for _ in range(12)))
    assert (outcomes.count("sign_in_failed"), outcomes.count("locked_out")) == (4, 8)
    async with committed.owner() as session:
        assert (await session.scalars(select(UnknownLogin.failed_count))).all() == [12]


async def test_what_is_forgotten_about_unknown_logins_is_deleted(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    monkeypatch.setattr(jobs, "real_now", lambda: now)
    ages = {"old": timedelta(days=1), "young": timedelta(days=1) - timedelta(seconds=1)}
    session.add_all(UnknownLogin(login_hash=name, failed_count=5, failed_at=now - age) for name, age in ages.items())
    await session.flush()
    assert (await jobs.prune_unknown_logins({}), (await session.scalars(select(UnknownLogin.login_hash))).all()) == (1, ["young"])


async def test_a_refused_guess_while_locked_neither_counts_nor_extends(desk: Desk, session: AsyncSession) -> None:
    person = await make_person(session, login="wangfang")
    await give_password(session, person)
    for _ in range(9):
        await desk.sign_in("wangfang", "wrong")
    credential = await session.get_one(Credential, person.id, populate_existing=True)
    assert credential.failed_count == 5


async def _guess(login: str, password: str, now: datetime) -> str:
    async with get_database().session() as session:
        outcome = await sign_in.sign_in(session, login, password, "test", now)
        return outcome.code if isinstance(outcome, Problem) else "signed_in"


async def test_parallel_guesses_never_share_a_count(committed: Committed) -> None:
    async with committed.owner() as session:
        person = await make_person(session, login="wangfang")
        await give_password(session, person)
    now = datetime.now(UTC)
    outcomes = await asyncio.gather(*(_guess("wangfang", "wrong", now) for _ in range(12)))
    async with committed.owner() as session:
        credential = await session.get_one(Credential, person.id)
    counted = [outcome for outcome in outcomes if outcome in {"sign_in_failed", "locked_out"}]
    assert len(counted) == 12
    assert outcomes.count("sign_in_failed") == 4, "exactly the first four failures are told apart from a lock"
    assert credential.locked_until
    assert credential.locked_until > now


async def test_a_right_guess_after_parallel_failures_stays_locked_out(committed: Committed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock is set between this guess's first look and the end of its hash."""
    async with committed.owner() as session:
        person = await make_person(session, login="wangfang")
        await give_password(session, person)
    now = datetime.now(UTC)
    plain = tokens.password_matches

    async def slow_match(password: str, stored: str | None) -> bool:
        if password == PASSWORD:
            await asyncio.gather(*(_guess("wangfang", "wrong", now) for _ in range(5)))
        return await plain(password, stored)

    monkeypatch.setattr(tokens, "password_matches", slow_match)
    assert await _guess("wangfang", PASSWORD, now) == "locked_out"
    async with committed.owner() as session:
        assert (await session.get_one(Credential, person.id)).failed_count == 5
        assert not (await session.scalars(select(AuthSession))).all()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many connections were in use at each hash."""
    seen: list[int] = []
    for name in ("password_matches", "hash_password"):
        plain = getattr(tokens, name)

        async def watched(*given: Any, plain: Any = plain) -> Any:
            seen.append(cast(QueuePool, db._database.engine.pool).checkedout() if db._database else 0)
            return await plain(*given)

        monkeypatch.setattr(tokens, name, watched)
    return seen


async def test_no_connection_is_held_while_a_password_is_hashed(committed: Committed, held: list[int], app: FastAPI) -> None:
    async with committed.owner() as session:
        person = await make_person(session, "administrator", login="wangfang")
        await give_password(session, person)
        headers = await device_headers(session, person.id)
    guesses = (("wangfang", PASSWORD), ("wangfang", "wrong"), ("nobody", "wrong"))
    outcomes = [await _guess(*guess, datetime.now(UTC)) for guess in guesses]
    assert (outcomes, held) == (["signed_in", "sign_in_failed", "sign_in_failed"], [0, 0, 0])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/v1", headers=headers) as client:
        new = {"name": "李华", "login": "lihua", "password": PASSWORD, "roles": ["hr"]}
        made = await client.post("/people", json=new, headers={"Idempotency-Key": "once"})
        wrong = await client.put("/me/password", json={"current_password": "wrong", "new_password": "another good one"})
        changed = await client.put("/me/password", json={"current_password": PASSWORD, "new_password": "another good one"})
    assert [answer.status_code for answer in (made, wrong, changed)] == [201, 409, 204]
    assert held[3:] == [0, 0, 0, 0], "of the new colleague; of a wrong password; of the right one and its successor"
    await asyncio.to_thread(commands.reset_password, "lihua", "yet another one")
    await asyncio.to_thread(commands.create, "zhoumin", "周敏", PASSWORD, is_further=True)
    assert held[7:] == [0, 0]
    use_database(database := Database(make_engine(WORKER_LOGIN)))
    signed = [("wangfang", "another good one"), ("lihua", "yet another one"), ("zhoumin", PASSWORD), ("lihua", PASSWORD)]
    outcomes = [await _guess(*guess, datetime.now(UTC)) for guess in signed]
    await database.engine.dispose()
    assert outcomes == ["signed_in", "signed_in", "signed_in", "sign_in_failed"]


async def test_a_password_that_is_replaced_while_it_is_compared_opens_nothing(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with committed.owner() as session:
        person = await make_person(session, login="wangfang")
        await give_password(session, person)
    now, plain = datetime.now(UTC), tokens.password_matches
    assert await _guess("wangfang", PASSWORD, now) == "signed_in"

    async def slow_match(password: str, stored: str | None) -> bool:
        async with transaction(Lens.PERSON, str(person.id)) as other:
            await sign_in.set_password(other, person.id, await tokens.hash_password("another good one"), now, reason="password_changed")
        return await plain(password, stored)

    monkeypatch.setattr(tokens, "password_matches", slow_match)
    assert await _guess("wangfang", PASSWORD, now) == "sign_in_failed"
    async with committed.owner() as session:
        (device,) = (await session.scalars(select(AuthSession))).all()
    assert device.revoked_reason == "password_changed"


async def _change(desk: Desk, headers: dict[str, str], current: str) -> httpx.Response:
    body = {"current_password": current, "new_password": "another good one"}
    return await desk.client.put("/api/v1/me/password", json=body, headers=headers)


async def test_guessing_the_current_password_locks_as_at_sign_in(desk: Desk, session: AsyncSession, sign_in: SignIn) -> None:
    person = await make_person(session, login="wangfang")
    await give_password(session, person)
    stolen = await sign_in(person)
    before = await _credential(session, person)
    answers = [await _change(desk, stolen, "wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [409, 409, 409, 409, 429, 429]
    assert {answer.json()["code"] for answer in answers[:4]} == {"password_wrong"}
    assert answers[4].json()["code"] == "locked_out"
    assert 60 <= int(answers[4].headers["retry-after"]) <= 61
    right = await _change(desk, stolen, PASSWORD)
    assert (right.status_code, right.json()["code"]) == (429, "locked_out"), "the right password does not count while it is locked"
    assert (await desk.sign_in("wangfang")).status_code == 429, "one lock for both doors"
    after = await _credential(session, person)
    assert (after.failed_count, after.password_hash, after.changed_at) == (5, before.password_hash, before.changed_at)
    assert (await desk.client.get("/api/v1/me", headers=stolen)).status_code == 200, "no device was signed out"
    assert (await session.scalars(select(Outbox).where(Outbox.kind == "person.sessions_ended"))).all() == []
    desk.wait(seconds=61)
    assert (await _change(desk, stolen, PASSWORD)).status_code == 204
    assert (await _credential(session, person)).failed_count == 0


async def _credential(session: AsyncSession, person: Person) -> Credential:
    found = await session.get_one(Credential, person.id, populate_existing=True)
    session.expunge(found)
    return found


async def test_parallel_guesses_of_the_current_password_never_share_a_count(committed: Committed) -> None:
    async with committed.owner() as session:
        person = await make_person(session, login="wangfang")
        await give_password(session, person)

    async def guess() -> str:
        async with transaction(Lens.PERSON, str(person.id)) as opened:
            refusal = await sign_in.change_password(opened, person.id, "wrong", "another good one", datetime.now(UTC))
            return refusal.code if refusal else "changed"

    outcomes = await asyncio.gather(*(guess() for _ in range(12)))
    assert (outcomes.count("password_wrong"), outcomes.count("locked_out")) == (4, 8)


async def test_one_address_signs_in_so_often_a_minute_whoever_it_says_it_is(
    desk: Desk, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "sign_ins_per_minute", 3)
    await give_password(session, await make_person(session, login="wangfang"))
    answers = [await desk.sign_in(f"nobody{number}", "wrong") for number in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    before = await session.scalar(text("select count(*) from audit_entry"))
    refused = await desk.sign_in("wangfang")
    assert (refused.status_code, refused.json()["code"]) == (429, "sign_in_rate_exceeded")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["params"] == {"limit": 3, "seconds": int(refused.headers["retry-after"])}
    assert await session.scalar(text("select count(*) from audit_entry")) == before
    elsewhere = httpx.ASGITransport(desk.client.app, client=("192.0.2.7", 1))  # type: ignore[attr-defined]
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://test") as other:
        answer = await other.post("/api/v1/auth/sign-in", json={"login": "wangfang", "password": PASSWORD})
    assert answer.status_code == 200, "another address is not held up"


@pytest.mark.parametrize(
    ("ip", "block"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::", "2001:db8:1:2::/64"),
     ("2001:db8:1:3::1", "2001:db8:1:3::/64"), ("::ffff:192.0.2.7", "192.0.2.7"), ("", ""), ("unix", "unix")],
)  # fmt: skip
def test_a_client_is_an_ipv4_address_or_a_network_of_ipv6(ip: str, block: str) -> None:
    assert rules.address_block(ip) == block


def test_lock_times_double_from_one_minute_to_fifteen() -> None:
    now = datetime(2026, 3, 10, tzinfo=UTC)
    spans = [rules.locked_until(failures, now) for failures in (0, 4, 5, 6, 7, 8, 9, 10, 1000)]
    minutes = [None if span is None else (span - now).total_seconds() / 60 for span in spans]
    assert minutes == [None, None, 1, 2, 4, 8, 15, 15, 15]
