"""What a write leaves behind: who, when, from where, before, after."""

import httpx
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.models import AuditEntry
from backend.core.db import Lens, bind
from backend.identity.models import AuthSession, Credential, PersonRole, Region
from tests.conftest import SignIn
from tests.factories import make_person, make_region


async def entries(session: AsyncSession, table: str) -> list[AuditEntry]:
    return list(await session.scalars(select(AuditEntry).where(AuditEntry.table_name == table).order_by(AuditEntry.id)))


async def test_an_insert_is_kept_whole_and_an_update_by_its_changed_columns(session: AsyncSession) -> None:
    region = await make_region(session, "华东")
    region.name = "大华东"
    await session.flush()
    made, changed = await entries(session, "region")
    assert (made.action, made.before, made.row_id) == ("insert", None, str(region.id))
    assert made.after == {
        "id": str(region.id),
        "name": "华东",
        "code": region.code,
        "sort_key": region.sort_key,
        "parent_id": None,
        "version": 1,
    }
    assert (changed.action, changed.before, changed.after) == (
        "update",
        {"name": "华东", "version": 1},
        {"name": "大华东", "version": 2},
    )


async def test_a_value_set_and_taken_away_is_seen(session: AsyncSession) -> None:
    top, region = await make_region(session), await make_region(session)
    for parent in (top.id, None):
        region.parent_id = parent
        await session.flush()
    given, taken = (await entries(session, "region"))[-2:]
    assert given.before
    assert given.after
    assert taken.after
    assert (given.before["parent_id"], given.after["parent_id"], taken.after["parent_id"]) == (None, str(top.id), None)


async def test_an_update_says_which_of_the_rows_with_one_key_it_changed(session: AsyncSession) -> None:
    person = await make_person(session, "hr")
    await session.execute(update(PersonRole).where(PersonRole.person_id == person.id).values(is_active=False))
    ended = (await entries(session, "person_role"))[-1]
    assert ended.row_id == str(person.id)
    assert (ended.before, ended.after) == ({"role_code": "hr", "is_active": True}, {"role_code": "hr", "is_active": False})


async def test_an_update_that_changes_nothing_leaves_no_entry(session: AsyncSession) -> None:
    region = await make_region(session)
    await session.execute(text("update region set name = name where id = :id"), {"id": region.id})
    assert len(await entries(session, "region")) == 1


async def test_even_the_owner_s_deletion_is_kept(session: AsyncSession) -> None:
    region = await make_region(session, "华东")
    await session.execute(text("delete from region where id = :id"), {"id": region.id})
    gone = (await entries(session, "region"))[-1]
    assert (gone.action, gone.after) == ("delete", None)
    assert gone.before
    assert gone.before["name"] == "华东"


async def test_every_row_of_a_set_based_write_has_its_entry(session: AsyncSession) -> None:
    await session.execute(
        text(
            "insert into region (id, name, code, sort_key) select gen_random_uuid(), n, n, n from (select n::text from generate_series(1, 50) n) s"
        )
    )
    assert len(await entries(session, "region")) == 50


async def test_secrets_are_seen_to_change_and_not_seen(session: AsyncSession) -> None:
    person = await make_person(session)
    from datetime import UTC, datetime

    moment = datetime(2026, 1, 1, tzinfo=UTC)
    credential = Credential(person_id=person.id, password_hash="$argon2id$first", changed_at=moment)
    device = AuthSession(
        person_id=person.id, token_hash="a" * 64, created_at=moment, rotated_at=moment, expires_at=moment, user_agent="", ip=""
    )
    session.add_all([credential, device])
    await session.flush()
    credential.password_hash, device.token_hash, device.previous_token_hash = "$argon2id$second", "b" * 64, "a" * 64
    await session.flush()
    kept = [entry for table in ("credential", "auth_session") for entry in await entries(session, table)]
    assert len(kept) == 4
    shown = " ".join(str((entry.before, entry.after)) for entry in kept)
    assert "argon2id" not in shown
    assert "a" * 64 not in shown
    assert "b" * 64 not in shown
    changed = kept[1]
    assert changed.before
    assert changed.after
    assert set(changed.after) == {"password_hash"}
    assert changed.before["password_hash"] != changed.after["password_hash"]
    assert str(changed.after["password_hash"]).startswith("hidden ")


async def test_an_entry_names_the_person_the_request_and_the_address(
    client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn
) -> None:
    admin = await make_person(session, "administrator")
    headers = await sign_in(admin) | {"X-Request-ID": "req-42"}
    made = await client.post("/api/v1/regions", json={"name": "华东", "code": "HD"}, headers=headers)
    (entry,) = await entries(session, "region")
    assert (entry.actor, entry.request_id, entry.ip, entry.row_id) == (str(admin.id), "req-42", "127.0.0.1", made.json()["id"])
    assert entry.at.tzinfo


@pytest.mark.plants_writes
async def test_jobs_are_named_and_a_write_past_the_application_names_its_login(session: AsyncSession) -> None:
    await bind(session, Lens.SYSTEM, "system:sweeper")
    session.add(Region(name="a", code="a", sort_key="a"))
    await session.flush()
    await session.execute(text("select set_config('role', 'none', true), set_config('app.actor', '', true)"))
    session.add(Region(name="b", code="b", sort_key="b"))
    await session.flush()
    first, second = await entries(session, "region")
    assert first.actor == "system:sweeper"
    assert second.actor.startswith("database:")
    assert second.actor != "database:"


async def test_a_failed_sign_in_is_an_entry_too(client: httpx.AsyncClient, session: AsyncSession) -> None:
    from datetime import UTC, datetime

    from pwdlib.hashers.argon2 import Argon2Hasher

    person = await make_person(session, login="wangfang")
    stored = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash("right")
    session.add(Credential(person_id=person.id, password_hash=stored, changed_at=datetime(2026, 1, 1, tzinfo=UTC)))
    await session.flush()
    await client.post("/api/v1/auth/sign-in", json={"login": "wangfang", "password": "wrong"})
    failed = (await entries(session, "credential"))[-1]
    before, after = failed.before or {}, failed.after or {}
    assert (failed.actor, set(before), set(after)) == ("login:wangfang", {"failed_count", "failed_at"}, {"failed_count", "failed_at"})
    assert (before["failed_count"], before["failed_at"], after["failed_count"]) == (0, None, 1)
    assert after["failed_at"]


async def test_what_is_rolled_back_leaves_no_entry(client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    headers = await sign_in(await make_person(session, "administrator"))
    before = len((await session.scalars(select(AuditEntry.id))).all())
    await client.post("/api/v1/regions", json={"name": "华东", "code": "a b"}, headers=headers)
    assert len((await session.scalars(select(AuditEntry.id))).all()) == before


async def test_the_audit_is_read_by_those_who_may_newest_first(client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    region = await make_region(session, "华东")
    for name in ("一", "二", "三"):
        region.name = name
        await session.flush()
    admin = await sign_in(await make_person(session, "administrator"))
    params: dict[str, str | int] = {"table": "region", "row_id": str(region.id), "limit": 3}
    first = (await client.get("/api/v1/audit-entries", params=params, headers=admin)).json()
    assert [item["after"]["name"] for item in first["items"]] == ["三", "二", "一"]
    last = (await client.get("/api/v1/audit-entries", params=params | {"cursor": first["next_cursor"]}, headers=admin)).json()
    assert [item["action"] for item in last["items"]] == ["insert"]
    assert last["next_cursor"] is None
    refused = await client.get("/api/v1/audit-entries", headers=await sign_in(await make_person(session, "operations_director")))
    assert (refused.status_code, refused.json()["params"]) == (403, {"permission": "audit.read"})
