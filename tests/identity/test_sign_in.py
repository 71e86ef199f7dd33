from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.outbox import Outbox
from backend.identity import tokens
from backend.identity.models import AuthSession
from tests.conftest import SignIn
from tests.factories import make_person
from tests.identity.conftest import PASSWORD, Desk, bearer, give_password


async def test_signing_in_answers_with_a_token_and_a_cookie_that_scripts_cannot_read(desk: Desk, session: AsyncSession) -> None:
    person = await make_person(session, "regional_manager", login="wangfang")
    await give_password(session, person)
    answer = await desk.sign_in("  WangFang ")
    assert answer.status_code == 200, answer.text
    assert answer.json()["token_type"] == "bearer"
    assert answer.json()["expires_in"] == 600
    assert answer.json()["me"]["scopes"] == ["own", "region", "pool"]
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/api/v1/auth", "Max-Age=2592000"))
    me = await desk.client.get("/api/v1/me", headers=bearer(answer))
    assert me.json()["id"] == str(person.id)


async def test_the_cookie_is_secure_where_the_product_is_reached_by_https(
    desk: Desk, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.core.config import get_settings

    await give_password(session, await make_person(session, login="wangfang"))
    monkeypatch.setattr(get_settings(), "public_url", "https://crm.example.cn")
    assert "; Secure" in (await desk.sign_in("wangfang")).headers["set-cookie"]


@pytest.mark.parametrize(("login", "password"), [("wangfang", "wrong"), ("nobody", PASSWORD), ("wangfang", PASSWORD + " ")])
async def test_a_wrong_login_and_a_wrong_password_look_the_same(desk: Desk, session: AsyncSession, login: str, password: str) -> None:
    await give_password(session, await make_person(session, login="wangfang"))
    answer = await desk.sign_in(login, password)
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (401, "sign_in_failed", "Login or password is wrong.")
    assert "set-cookie" not in answer.headers


async def test_an_unknown_login_costs_one_hash_as_a_known_one_does(
    desk: Desk, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    await give_password(session, await make_person(session, login="wangfang"))
    await make_person(session, login="no-password-yet")
    checked: list[str] = []
    verify = tokens._HASH.verify

    class Counting:
        hash = staticmethod(tokens._HASH.hash)

        @staticmethod
        def verify(password: str, stored: str) -> bool:
            checked.append(stored)
            return verify(password, stored)

    monkeypatch.setattr(tokens, "_HASH", Counting)
    for login in ("wangfang", "nobody", "no-password-yet"):
        assert (await desk.sign_in(login, "wrong")).status_code == 401
    assert len(checked) == 3


@pytest.mark.parametrize("fields", [{"is_active": False}, {"access_ends_at": datetime(2026, 1, 1, tzinfo=UTC)}])
async def test_whoever_left_cannot_sign_in(desk: Desk, session: AsyncSession, fields: dict[str, object]) -> None:
    await give_password(session, await make_person(session, login="left", **fields))
    assert (await desk.sign_in("left")).json()["code"] == "sign_in_failed"


async def test_a_refresh_rotates_and_the_new_token_works(desk: Desk, session: AsyncSession) -> None:
    await give_password(session, await make_person(session, login="wangfang"))
    await desk.sign_in("wangfang")
    seen = {desk.cookie()}
    for _ in range(3):
        desk.wait(minutes=10)
        answer = await desk.refresh()
        assert answer.status_code == 200, answer.text
        seen.add(desk.cookie())
        assert (await desk.client.get("/api/v1/me", headers=bearer(answer))).status_code == 200
    assert len(seen) == 4
    assert len((await session.scalars(select(AuthSession))).all()) == 1


async def test_a_parallel_tab_gets_the_same_successor_within_ten_seconds(desk: Desk, session: AsyncSession) -> None:
    await give_password(session, await make_person(session, login="wangfang"))
    await desk.sign_in("wangfang")
    old = desk.cookie()
    assert (await desk.refresh()).status_code == 200
    successor = desk.cookie()
    desk.wait(seconds=10)
    late_tab = await desk.refresh(old)
    assert late_tab.status_code == 200
    assert f"cd_refresh={successor};" in late_tab.headers["set-cookie"], "a phone that lost the answer goes on with the same token"
    assert (await desk.refresh(successor)).status_code == 200


async def test_an_old_token_again_ends_the_session_for_everybody(desk: Desk, session: AsyncSession) -> None:
    person = await make_person(session, login="wangfang")
    await give_password(session, person)
    await desk.sign_in("wangfang")
    stolen = desk.cookie()
    fresh = await desk.refresh()
    desk.wait(seconds=10.1)
    thief = await desk.refresh(stolen)
    assert (thief.status_code, thief.json()["code"]) == (401, "session_ended")
    assert 'cd_refresh=""' in thief.headers["set-cookie"]
    assert (await desk.client.get("/api/v1/me", headers=bearer(fresh))).status_code == 401, "its access token ends at once"
    assert (await desk.refresh()).status_code == 401
    device = (await session.scalars(select(AuthSession).execution_options(populate_existing=True))).one()
    assert device.revoked_reason == "refresh_token_reused"
    told = (await session.scalars(select(Outbox).where(Outbox.kind == "person.sessions_ended"))).one()
    assert told.payload["session_ids"] == [str(device.id)]


@pytest.mark.parametrize("generations", [2, 3])
async def test_a_much_older_token_ends_the_session_too(desk: Desk, session: AsyncSession, generations: int) -> None:
    await give_password(session, await make_person(session, login="wangfang"))
    await desk.sign_in("wangfang")
    stolen = desk.cookie()
    for _ in range(generations):
        await desk.refresh()
    assert (await desk.refresh(stolen)).status_code == 401
    assert (await desk.refresh()).status_code == 401


@pytest.mark.parametrize("token", ["", "nonsense", "0190a4f2-0000-4000-8000-000000000000.x", "\u00e9", "." * 200])
async def test_a_made_up_refresh_token_is_refused(desk: Desk, token: str) -> None:
    answer = await desk.client.post("/api/v1/auth/refresh", headers=[(b"cookie", b"cd_refresh=" + token.encode())])
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")


@pytest.mark.parametrize("made_up", ["x", "x.y", "", "{secret}.x", "x.{seal}"])
async def test_a_made_up_token_of_a_real_session_ends_nothing(desk: Desk, session: AsyncSession, made_up: str) -> None:
    """The session stands in every access token, which logs and proxies may see."""
    await give_password(session, await make_person(session, login="wangfang"))
    signed = await desk.sign_in("wangfang")
    session_id, secret, seal = desk.cookie().split(".")
    refused = await desk.refresh(f"{session_id}.{made_up.format(secret=secret, seal=seal)}")
    assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")
    assert (await desk.client.get("/api/v1/me", headers=bearer(signed))).status_code == 200
    assert (await desk.refresh(f"{session_id}.{secret}.{seal}")).status_code == 200
    assert (await session.scalars(select(Outbox).where(Outbox.kind == "person.sessions_ended"))).all() == []


async def test_a_session_expires_after_thirty_days_however_busy(desk: Desk, session: AsyncSession) -> None:
    await give_password(session, await make_person(session, login="wangfang"))
    signed = await desk.sign_in("wangfang")
    desk.wait(days=29, hours=23)
    assert (await desk.refresh()).status_code == 200
    desk.wait(hours=1)
    assert (await desk.refresh()).status_code == 401
    assert (await desk.client.get("/api/v1/me", headers=bearer(signed))).status_code == 401, "an access token does not outlive its session"


async def test_signing_out_ends_this_device_only(desk: Desk, session: AsyncSession, sign_in: SignIn) -> None:
    person = await make_person(session, login="wangfang")
    await give_password(session, person)
    signed = await desk.sign_in("wangfang")
    phone = await sign_in(person)
    out = await desk.client.post("/api/v1/auth/sign-out", headers=bearer(signed))
    assert out.status_code == 204, out.text
    assert 'cd_refresh=""' in out.headers["set-cookie"]
    assert (await desk.client.get("/api/v1/me", headers=bearer(signed))).status_code == 401
    assert (await desk.client.get("/api/v1/me", headers=phone)).status_code == 200


async def test_signing_out_everywhere_ends_every_device_of_this_person_only(desk: Desk, session: AsyncSession, sign_in: SignIn) -> None:
    person, other = await make_person(session), await make_person(session)
    devices = [await sign_in(person) for _ in range(3)]
    stranger = await sign_in(other)
    assert (await desk.client.post("/api/v1/auth/sign-out-everywhere", headers=devices[0])).status_code == 204
    assert [(await desk.client.get("/api/v1/me", headers=device)).status_code for device in devices] == [401] * 3
    assert (await desk.client.get("/api/v1/me", headers=stranger)).status_code == 200
    told = (await session.scalars(select(Outbox).where(Outbox.kind == "person.sessions_ended"))).one()
    assert (told.subject_id, len(told.payload["session_ids"])) == (person.id, 3)


async def test_a_new_password_replaces_the_old_one_and_signs_every_device_out(desk: Desk, session: AsyncSession, sign_in: SignIn) -> None:
    person = await make_person(session, login="wangfang")
    await give_password(session, person)
    signed, phone = await desk.sign_in("wangfang"), await sign_in(person)
    body = {"current_password": "wrong", "new_password": "another good one"}
    refused = await desk.client.put("/api/v1/me/password", json=body, headers=phone)
    assert (refused.status_code, refused.json()["code"]) == (409, "password_wrong")
    short = await desk.client.put("/api/v1/me/password", json=body | {"new_password": "short"}, headers=phone)
    assert short.json()["errors"][0]["pointer"] == "#/new_password"
    assert (await desk.client.get("/api/v1/me", headers=phone)).status_code == 200, "a refusal changes nothing"
    assert (await desk.client.put("/api/v1/me/password", json=body | {"current_password": PASSWORD}, headers=phone)).status_code == 204
    assert (await desk.client.get("/api/v1/me", headers=phone)).status_code == 401
    assert (await desk.client.get("/api/v1/me", headers=bearer(signed))).status_code == 401
    assert (await desk.refresh()).status_code == 401
    assert (await desk.sign_in("wangfang")).status_code == 401
    assert (await desk.sign_in("wangfang", "another good one")).status_code == 200


async def test_deactivation_ends_access_at_once(desk: Desk, session: AsyncSession, sign_in: SignIn) -> None:
    admin, person = await make_person(session, "administrator"), await make_person(session, login="wangfang")
    await give_password(session, person)
    signed = await desk.sign_in("wangfang")
    gone = await desk.client.post(f"/api/v1/people/{person.id}/deactivation", headers=await sign_in(admin))
    assert gone.json()["is_active"] is False, gone.text
    assert (await desk.client.get("/api/v1/me", headers=bearer(signed))).json()["code"] == "session_ended"
    assert (await desk.refresh()).status_code == 401
    assert (await desk.sign_in("wangfang")).status_code == 401


async def test_access_ends_at_the_agreed_moment(desk: Desk, session: AsyncSession, sign_in: SignIn) -> None:
    person = await make_person(session, access_ends_at=desk.now + timedelta(hours=1))
    device = await sign_in(person)
    desk.wait(minutes=59, seconds=59)
    assert (await desk.client.get("/api/v1/me", headers=device)).status_code == 200
    desk.wait(seconds=1)
    assert (await desk.client.get("/api/v1/me", headers=device)).status_code == 401


async def test_a_role_taken_away_ends_its_rights_with_the_next_request(
    client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn
) -> None:
    first, second = await make_person(session, "administrator"), await make_person(session, "administrator")
    kept, lost = await sign_in(first), await sign_in(second)
    taken = await client.patch(f"/api/v1/people/{second.id}", json={"roles": ["engineer"]}, headers=kept | {"If-Match": '"v1"'})
    assert taken.status_code == 200
    refused = await client.post("/api/v1/regions", json={"name": "华中", "code": "HZ"}, headers=lost)
    assert (refused.status_code, refused.json()["params"]) == (403, {"permission": "regions.manage"})
