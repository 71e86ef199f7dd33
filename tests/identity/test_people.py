"""People administration: what an administrator may enter, who may look, what goes stale."""

import asyncio
import base64
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Lens, transaction
from backend.core.errors import Invalid
from backend.core.outbox import Outbox
from backend.identity import service
from backend.identity.deps import Actor
from backend.identity.models import Person, PersonRole
from backend.identity.rules import makes_circle, name_key
from backend.identity.schemas import PersonPatch
from tests.conftest import NOW, Committed, SignIn, waits_for_a_lock
from tests.factories import make_person, make_region

PEOPLE = "/api/v1/people"


@pytest.fixture
async def admin(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "administrator", name="管理员", login="root"))


def new_person(**changes: Any) -> dict[str, Any]:
    return {"name": "张磊", "login": "zhanglei", "password": "long enough 1"} | changes


async def test_a_read_gives_the_etag_that_a_change_needs(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    person = await make_person(session, name="李娜")
    path = f"{PEOPLE}/{person.id}"
    read = await client.get(path, headers=admin)
    assert read.headers["etag"] == '"v1"'
    changed = await client.patch(path, json={"mobile": "138 0000 0000"}, headers=admin | {"If-Match": read.headers["etag"]})
    assert (changed.status_code, changed.headers["etag"], changed.json()["mobile"]) == (200, '"v2"', "138 0000 0000")
    assert changed.json()["name"] == "李娜", "what was not sent stays"


async def test_a_stale_change_gets_412_with_the_newer_state(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    path = f"{PEOPLE}/{(await make_person(session)).id}"
    stale = admin | {"If-Match": '"v1"'}
    await client.patch(path, json={"name": "王芳"}, headers=stale)
    refused = await client.patch(path, json={"name": "赵强"}, headers=stale)
    assert (refused.status_code, refused.json()["code"]) == (412, "changed_meanwhile")
    assert (refused.json()["params"]["current"]["name"], refused.json()["params"]["current"]["version"]) == ("王芳", 2)
    assert (await client.get(path, headers=admin)).json()["name"] == "王芳"


@pytest.mark.parametrize(
    ("if_match", "status", "code"),
    [(None, 428, "if_match_required"), ('W/"v1"', 400, "bad_if_match"), ('"v"', 400, "bad_if_match"),
     ('"v99999999999"', 400, "bad_if_match"), ('"v1", "v2"', 400, "bad_if_match"), ('"v7"', 412, "changed_meanwhile")],
)  # fmt: skip
async def test_a_change_needs_the_version_it_was_made_from(
    client: AsyncClient, session: AsyncSession, admin: dict[str, str], if_match: str | None, status: int, code: str
) -> None:
    path = f"{PEOPLE}/{(await make_person(session)).id}"
    refused = await client.patch(path, json={"name": "王芳"}, headers=admin | ({"If-Match": if_match} if if_match else {}))
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_a_star_overwrites_on_purpose(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    path = f"{PEOPLE}/{(await make_person(session)).id}"
    await client.patch(path, json={"name": "王芳"}, headers=admin | {"If-Match": '"v1"'})
    changed = await client.patch(path, json={"name": "赵强"}, headers=admin | {"If-Match": "*"})
    assert (changed.status_code, changed.headers["etag"], changed.json()["name"]) == (200, '"v3"', "赵强")
    sentinel = await client.patch(path, json={"name": "李娜"}, headers=admin | {"If-Match": '"v-1"'})
    assert (sentinel.status_code, sentinel.json()["code"]) == (400, "bad_if_match")


async def test_a_change_of_roles_alone_counts_as_a_change(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    person = await make_person(session, "sales_rep", "hr")
    body = {"roles": ["regional_manager", "hr", "hr"]}
    changed = await client.patch(f"{PEOPLE}/{person.id}", json=body, headers=admin | {"If-Match": '"v1"'})
    assert (changed.json()["roles"], changed.json()["version"]) == (["hr", "regional_manager"], 2)
    held = (await session.execute(select(PersonRole.role_code, PersonRole.is_active).where(PersonRole.person_id == person.id))).all()
    assert {tuple(row) for row in held} == {("sales_rep", False), ("hr", True), ("regional_manager", True)}, "a lost role leaves a trace"


async def test_an_event_names_the_changed_fields(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    person = await make_person(session)
    await client.patch(f"{PEOPLE}/{person.id}", json={"name": "王芳", "takes_leads": False}, headers=admin | {"If-Match": '"v1"'})
    event = (await session.scalars(select(Outbox).where(Outbox.subject_id == person.id))).one()
    assert (event.kind, event.payload["fields"]) == ("person.changed", ["name", "takes_leads"])


async def test_a_supervisor_circle_is_refused(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    top = await make_person(session)
    middle = await make_person(session, supervisor_id=top.id)
    bottom = await make_person(session, supervisor_id=middle.id)
    for superior in (bottom, middle, top):
        body = {"supervisor_id": str(superior.id)}
        refused = await client.patch(f"{PEOPLE}/{top.id}", json=body, headers=admin | {"If-Match": '"v1"'})
        assert (refused.status_code, refused.json()["code"]) == (422, "supervisor_circle")
        assert refused.json()["errors"][0]["pointer"] == "#/supervisor_id"
    skip = await client.patch(f"{PEOPLE}/{bottom.id}", json={"supervisor_id": str(top.id)}, headers=admin | {"If-Match": '"v1"'})
    assert skip.json()["supervisor"]["id"] == str(top.id)


def test_circles_are_seen_even_in_a_chain_that_is_broken_already() -> None:
    chain: dict[object, object | None] = {"a": "b", "b": "c", "c": None, "x": "y", "y": "x"}
    assert makes_circle("c", "a", chain)
    assert makes_circle("a", "a", chain)
    assert not makes_circle("a", "c", chain)
    assert not makes_circle("a", "x", chain), "somebody else's circle ends the search"
    assert not makes_circle("a", None, chain)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [({"login": "Zhang"}, "#/login"), ({"login": "z"}, "#/login"), ({"password": "short"}, "#/password"), ({"name": "  "}, "#/name"),
     ({"email": "nobody"}, "#/email"), ({"mobile": "abc"}, "#/mobile"), ({"roles": ["king"]}, "#/roles"), ({"nick": "x"}, "#/nick"),
     ({"supervisor_id": str(uuid4())}, "#/supervisor_id"), ({"login": "root"}, "#/login"), ({"name": "a\u0007b"}, "#/name"),
     ({"access_ends_at": "2026-03-10T10:00:00"}, "#/access_ends_at")],
)  # fmt: skip
async def test_a_wrong_field_is_named(
    client: AsyncClient, session: AsyncSession, admin: dict[str, str], wrong: dict[str, Any], pointer: str
) -> None:
    refused = await client.post(PEOPLE, json=new_person(**wrong), headers=admin)
    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert "long enough" not in refused.text, "an answer never repeats a password"
    assert not (await session.scalars(select(Outbox))).all()


@pytest.mark.parametrize("field", ["name", "takes_leads", "product_lines", "languages", "roles"])
async def test_what_must_have_a_value_cannot_be_emptied(
    client: AsyncClient, session: AsyncSession, admin: dict[str, str], field: str
) -> None:
    path = f"{PEOPLE}/{(await make_person(session)).id}"
    assert (await client.patch(path, json={field: None}, headers=admin | {"If-Match": '"v1"'})).status_code == 422


async def test_nobody_deactivates_themselves(client: AsyncClient, admin: dict[str, str]) -> None:
    me = (await client.get("/api/v1/me", headers=admin)).json()
    refused = await client.post(f"{PEOPLE}/{me['id']}/deactivation", headers=admin)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_yourself")


@pytest.mark.parametrize("q", ["张磊", "张", "zhanglei", "zhang", "zl", "ZL", " zl ", "zhangl"])
async def test_people_are_found_by_name_pinyin_and_initials(
    client: AsyncClient, session: AsyncSession, admin: dict[str, str], q: str
) -> None:
    await make_person(session, name="张磊", login="a1")
    await make_person(session, name="李娜", login="b2")
    found = (await client.get(PEOPLE, params={"q": q}, headers=admin)).json()["items"]
    assert [person["name"] for person in found] == ["张磊"]


@pytest.mark.parametrize("q", ["%", "_", "\\", "l%", "' or true --"])
async def test_search_takes_wildcards_as_plain_text(client: AsyncClient, session: AsyncSession, admin: dict[str, str], q: str) -> None:
    await make_person(session, name="李娜")
    assert (await client.get(PEOPLE, params={"q": q}, headers=admin)).json()["items"] == []


async def test_names_in_latin_letters_are_found_in_any_case(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    await make_person(session, name="Tom Müller", login="t1")
    for q in ("tom", "TOM", "müller", "Tom M"):
        assert len((await client.get(PEOPLE, params={"q": q}, headers=admin)).json()["items"]) == 1, q


async def test_people_are_filtered_by_region_role_and_activity(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    east = await make_region(session, "华东")
    wanted = await make_person(session, "engineer", region=east)
    await make_person(session, "engineer")
    await make_person(session, "hr", region=east)
    await make_person(session, "engineer", region=east, is_active=False)
    filters = {"region_id": str(east.id), "role": "engineer", "is_active": "true"}
    found = (await client.get(PEOPLE, params=filters, headers=admin)).json()["items"]
    assert [person["id"] for person in found] == [str(wanted.id)]


async def test_pages_neither_repeat_nor_skip_while_people_join(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    names = ["安", "白", "陈", "陈", "陈", "丁", "方", "高"]
    before = {str((await make_person(session, "engineer", name=name)).id) for name in names}
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 3, "role": "engineer"}
    while True:
        page = (await client.get(PEOPLE, params=params, headers=admin)).json()
        assert len(page["items"]) <= 3
        seen += [person["id"] for person in page["items"]]
        await make_person(session, "engineer", name="阿")
        await make_person(session, "engineer", name="陈")
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
        assert len(seen) < 40
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


async def test_a_full_last_page_says_that_it_is_the_last(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    for _ in range(4):
        await make_person(session, "engineer")
    page = (await client.get(PEOPLE, params={"limit": 4, "role": "engineer"}, headers=admin)).json()
    assert (len(page["items"]), page["next_cursor"]) == (4, None)


def _cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "!!!", "é", _cursor("[]"), _cursor("{}"), _cursor("1"), _cursor('["00000000","a","b"]'), _cursor("[" * 300), "a" * 500],
)
async def test_a_forged_cursor_is_refused(client: AsyncClient, admin: dict[str, str], cursor: str) -> None:
    refused = await client.get(PEOPLE, params={"cursor": cursor}, headers=admin)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_cursor")


async def test_a_cursor_belongs_to_its_filter(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    await make_person(session, "engineer")
    await make_person(session, "engineer")
    cursor = (await client.get(PEOPLE, params={"limit": 1, "role": "engineer"}, headers=admin)).json()["next_cursor"]
    refused = await client.get(PEOPLE, params={"limit": 1, "role": "hr", "cursor": cursor}, headers=admin)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x"])
async def test_a_page_is_bounded(client: AsyncClient, admin: dict[str, str], limit: str) -> None:
    assert (await client.get(PEOPLE, params={"limit": limit}, headers=admin)).status_code == 422


async def test_one_s_language_is_one_s_own_to_choose(client: AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    headers = await sign_in(await make_person(session, "engineer"))
    assert (await client.patch("/api/v1/me", json={"locale": "en"}, headers=headers)).json()["locale"] == "en"
    assert (await client.patch("/api/v1/me", json={"locale": "fr"}, headers=headers)).status_code == 422


async def test_roles_are_listed_with_reach_and_permissions(client: AsyncClient, admin: dict[str, str]) -> None:
    roles = {role["code"]: role for role in (await client.get("/api/v1/roles", headers=admin)).json()["items"]}
    assert len(roles) == 10
    assert roles["area_director"]["reaches"] == ["own", "region", "pool"]
    assert roles["engineer"]["permissions"] == ["catalogue.edit", "people.read", "support.answer"]


async def test_every_change_that_a_person_makes_counts_as_use_of_its_feature(
    client: AsyncClient, session: AsyncSession, admin: dict[str, str]
) -> None:
    from backend.identity.models import UsageEvent

    await client.post(PEOPLE, json=new_person(), headers=admin)
    await client.post(PEOPLE, json=new_person(), headers=admin)
    await client.post("/api/v1/usage-events", json={"events": [{"feature": "screen.today"}]}, headers=admin)
    used = (await session.scalars(select(UsageEvent.feature).order_by(UsageEvent.id))).all()
    assert sorted(used) == ["create_person", "record_usage", "screen.today"], "a refused change is no use"


@pytest.mark.parametrize(
    ("name", "key"),
    [("张磊", "zhanglei zl"), ("吕布", "lvbu lb"), ("曾国强", "zengguoqiang zgq"), ("单雄信", "shanxiongxin sxx"), ("解缙", "xiejin xj"),
     ("区永强", "ouyongqiang oyq"), ("仇英", "qiuying qy"), ("高单", "gaodan gd")],
)  # fmt: skip
def test_the_pinyin_key_holds_syllables_and_initials_and_reads_surnames_as_surnames(name: str, key: str) -> None:
    assert name_key(name) == key


async def test_two_changes_at_once_make_no_circle(committed: Committed) -> None:
    """Each would be right alone; the second waits for the first and sees it."""
    async with committed.owner() as session:
        admin, one, other = await make_person(session, "administrator"), await make_person(session), await make_person(session)
    actor = Actor(admin.id, admin.name, None, frozenset(), frozenset(), frozenset({"people.manage"}))

    async def put_under(person: Person, superior: Person) -> None:
        async with transaction(Lens.PERSON, str(admin.id)) as session:
            await service.change_person(session, actor, person.id, PersonPatch(supervisor_id=superior.id), 1, NOW, NOW)

    async with transaction(Lens.PERSON, str(admin.id)) as session:
        await service.change_person(session, actor, one.id, PersonPatch(supervisor_id=other.id), 1, NOW, NOW)
        second = asyncio.create_task(put_under(other, one))
        while not second.done() and not await waits_for_a_lock(committed):
            await asyncio.wait({second}, timeout=0.01)
    with pytest.raises(Invalid, match="own superior"):
        await second
    async with committed.owner() as session:
        superiors = (await session.execute(select(Person.id, Person.supervisor_id).where(Person.id.in_([one.id, other.id])))).tuples().all()
        assert dict(superiors) == {one.id: other.id, other.id: None}
