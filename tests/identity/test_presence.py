"""Leaves and deputies: who may enter them, and for whom."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Lens, transaction
from backend.core.errors import Problem
from backend.core.outbox import Outbox
from backend.identity import service
from backend.identity.deps import Actor
from backend.identity.models import Deputy, Person, PersonLeave
from backend.identity.schemas import LeaveIn
from tests.conftest import NOW, Committed, SignIn
from tests.factories import make_leave, make_person

LEAVE = {"starts_at": "2026-03-09T09:00:00+08:00", "ends_at": "2026-03-12T18:00:00+08:00", "kind": "annual"}


class Team:
    """A rep with a supervisor, that one's supervisor, and a colleague."""

    def __init__(self, head: Person, supervisor: Person, rep: Person, colleague: Person, admin: Person) -> None:
        self.head, self.supervisor, self.rep, self.colleague, self.admin = head, supervisor, rep, colleague, admin


@pytest.fixture
async def team(session: AsyncSession) -> Team:
    head = await make_person(session, "area_director")
    supervisor = await make_person(session, "regional_manager", supervisor_id=head.id)
    rep = await make_person(session, supervisor_id=supervisor.id)
    colleague = await make_person(session, supervisor_id=supervisor.id)
    return Team(head, supervisor, rep, colleague, await make_person(session, "administrator"))


WHO = [("rep", True), ("supervisor", True), ("admin", True), ("head", False), ("colleague", False)]


@pytest.mark.parametrize(("who", "may"), WHO)
async def test_the_person_the_direct_supervisor_and_administrators_plan_leave(
    client: AsyncClient, session: AsyncSession, sign_in: SignIn, team: Team, who: str, may: bool
) -> None:
    headers = await sign_in(getattr(team, who))
    answer = await client.post(f"/api/v1/people/{team.rep.id}/leaves", json=LEAVE, headers=headers)
    kinds = (await session.scalars(select(Outbox.kind))).all()
    if not may:
        assert (answer.status_code, answer.json()["code"], kinds) == (403, "not_your_report", [])
        assert not (await session.scalars(select(PersonLeave))).all()
        return
    assert (answer.status_code, kinds) == (201, ["person.presence_changed"])
    assert (await client.get(f"/api/v1/people/{team.rep.id}", headers=headers)).json()["on_leave"] is True
    back = await client.post(f"/api/v1/leaves/{answer.json()['id']}/cancellation", headers=headers)
    assert (back.status_code, back.json()["cancelled_at"]) == (200, "2026-03-10T02:00:00Z")
    assert (await client.get(f"/api/v1/people/{team.rep.id}", headers=headers)).json()["on_leave"] is False


@pytest.mark.parametrize(("who", "may"), WHO)
async def test_the_same_people_name_a_deputy(
    client: AsyncClient, session: AsyncSession, sign_in: SignIn, team: Team, who: str, may: bool
) -> None:
    body = [{"role_code": "sales_rep", "deputy_id": str(team.colleague.id)}]
    answer = await client.put(f"/api/v1/people/{team.rep.id}/deputies", json=body, headers=await sign_in(getattr(team, who)))
    if not may:
        assert answer.status_code == 403
        assert not (await session.scalars(select(Deputy))).all()
        return
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"items": [{"role_code": "sales_rep", "deputy": {"id": str(team.colleague.id), "name": team.colleague.name}}]}


async def test_a_deputy_is_kept_replaced_and_taken_off_per_role(
    client: AsyncClient, session: AsyncSession, sign_in: SignIn, team: Team
) -> None:
    headers, path = await sign_in(team.rep), f"/api/v1/people/{team.rep.id}/deputies"

    async def put(*pairs: tuple[str, Any]) -> dict[str, str | None]:
        body = [{"role_code": role, "deputy_id": str(person.id) if person else None} for role, person in pairs]
        items = (await client.put(path, json=body, headers=headers)).json()["items"]
        return {item["role_code"]: item["deputy"] and item["deputy"]["id"] for item in items}

    colleague, head = str(team.colleague.id), str(team.head.id)
    assert await put(("sales_rep", team.colleague), ("engineer", team.head)) == {"sales_rep": colleague, "engineer": head}
    assert await put(("sales_rep", team.head)) == {"sales_rep": head, "engineer": head}
    assert await put(("sales_rep", None)) == {"sales_rep": None, "engineer": head}


@pytest.mark.parametrize(("role", "own", "pointer"), [("king", False, "#/0/role_code"), ("sales_rep", True, "#/0/deputy_id")])
async def test_an_impossible_deputy_is_named(client: AsyncClient, sign_in: SignIn, team: Team, role: str, own: bool, pointer: str) -> None:
    body = [{"role_code": role, "deputy_id": str((team.rep if own else team.head).id)}]
    refused = await client.put(f"/api/v1/people/{team.rep.id}/deputies", json=body, headers=await sign_in(team.rep))
    assert (refused.status_code, [error["pointer"] for error in refused.json()["errors"]]) == (422, [pointer])


async def test_a_deputy_who_is_not_there_is_refused_unless_kept(
    client: AsyncClient, session: AsyncSession, sign_in: SignIn, team: Team
) -> None:
    path, headers = f"/api/v1/people/{team.rep.id}/deputies", await sign_in(team.rep)
    kept = [{"role_code": "sales_rep", "deputy_id": str(team.colleague.id)}]
    assert (await client.put(path, json=kept, headers=headers)).status_code == 200
    left = await make_person(session, "sales_rep", is_active=False)
    await session.execute(update(Person).where(Person.id == team.colleague.id).values(is_active=False))
    for nobody in (uuid4(), left.id):
        refused = await client.put(path, json=[*kept, {"role_code": "engineer", "deputy_id": str(nobody)}], headers=headers)
        assert (refused.status_code, [error["pointer"] for error in refused.json()["errors"]]) == (422, ["#/1/deputy_id"])
    both = await client.put(path, json=[*kept, {"role_code": "engineer", "deputy_id": str(team.head.id)}], headers=headers)
    assert [item["deputy"]["id"] for item in both.json()["items"]] == [str(team.head.id), str(team.colleague.id)]


@pytest.mark.parametrize(
    "wrong",
    [{"ends_at": LEAVE["starts_at"]}, {"ends_at": "2026-03-01T00:00:00Z"}, {"kind": "holiday"}, {"starts_at": "2026-03-09T09:00:00"}],
)
async def test_an_impossible_leave_is_refused(client: AsyncClient, sign_in: SignIn, team: Team, wrong: dict[str, str]) -> None:
    answer = await client.post(f"/api/v1/people/{team.rep.id}/leaves", json=LEAVE | wrong, headers=await sign_in(team.rep))
    assert answer.status_code == 422


async def test_a_moment_that_no_database_can_hold_is_the_callers_mistake(client: AsyncClient, sign_in: SignIn, team: Team) -> None:
    body = LEAVE | {"starts_at": "0001-01-01T00:00:00+14:00"}
    answer = await client.post(f"/api/v1/people/{team.rep.id}/leaves", json=body, headers=await sign_in(team.rep))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_value")


async def test_a_leave_holds_from_its_first_moment_until_before_its_last(
    client: AsyncClient, session: AsyncSession, sign_in: SignIn, team: Team
) -> None:
    from backend.core.clock import product_moment

    leave = await make_leave(session, team.rep)
    headers = await sign_in(team.head)
    for moment, away in ((leave.starts_at, True), (leave.ends_at, False)):
        client.app.dependency_overrides[product_moment] = lambda at=moment: at  # type: ignore[attr-defined]
        read = await client.get(f"/api/v1/people/{team.rep.id}", headers=headers)
        assert read.json()["on_leave"] is away


async def test_cancelling_twice_keeps_the_first_moment(client: AsyncClient, session: AsyncSession, sign_in: SignIn, team: Team) -> None:
    leave = await make_leave(session, team.rep)
    headers = await sign_in(team.rep)
    first = await client.post(f"/api/v1/leaves/{leave.id}/cancellation", headers=headers)
    second = await client.post(f"/api/v1/leaves/{leave.id}/cancellation", headers=headers)
    assert first.json() == second.json()
    assert len((await session.scalars(select(Outbox))).all()) == 1
    assert (await client.post(f"/api/v1/leaves/{uuid4()}/cancellation", headers=headers)).status_code == 404


@pytest.mark.parametrize(
    ("starts", "ends", "may"),
    [
        ("2026-03-08T09:00:00+08:00", "2026-03-09T09:00:00+08:00", True),
        ("2026-03-08T09:00:00+08:00", "2026-03-09T09:00:01+08:00", False),
        ("2026-03-10T09:00:00+08:00", "2026-03-11T09:00:00+08:00", False),
        ("2026-03-01T09:00:00+08:00", "2026-03-31T09:00:00+08:00", False),
        ("2026-03-12T17:59:59+08:00", "2026-03-13T18:00:00+08:00", False),
        ("2026-03-12T18:00:00+08:00", "2026-03-13T18:00:00+08:00", True),
    ],
)
async def test_a_second_leave_at_the_same_time_is_refused_and_named(
    client: AsyncClient, session: AsyncSession, sign_in: SignIn, team: Team, starts: str, ends: str, may: bool
) -> None:
    path, headers = f"/api/v1/people/{team.rep.id}/leaves", await sign_in(team.rep)
    first = (await client.post(path, json=LEAVE, headers=headers)).json()
    await make_leave(session, team.colleague)
    second = LEAVE | {"starts_at": starts, "ends_at": ends, "kind": "sick"}
    answer = await client.post(path, json=second, headers=headers)
    listed = (await client.get(path, headers=headers)).json()["items"]
    events = len((await session.scalars(select(Outbox))).all())
    if may:
        assert (answer.status_code, len(listed), events) == (201, 2, 2)
        return
    assert (answer.status_code, answer.json()["code"]) == (409, "leaves_overlap")
    at = {"starts_at": "2026-03-09T01:00:00+00:00", "ends_at": "2026-03-12T10:00:00+00:00"}
    assert answer.json()["params"] == {"leave_id": first["id"], "kind": "annual", **at}
    assert "cancel that leave first" in answer.json()["detail"]
    assert ([one["id"] for one in listed], events) == ([first["id"]], 1)
    await client.post(f"/api/v1/leaves/{first['id']}/cancellation", headers=headers)
    assert (await client.post(path, json=second, headers=headers)).status_code == 201, "what was cancelled is in nobody's way"


async def test_of_two_leaves_entered_at_once_one_stands(committed: Committed) -> None:
    async with committed.owner() as session:
        rep = await make_person(session)
    actor = Actor(rep.id, rep.name, None, frozenset(), frozenset(), frozenset())

    async def enter(kind: str) -> Any:
        async with transaction(Lens.PERSON, str(rep.id)) as session:
            return await service.add_leave(session, actor, rep.id, LeaveIn.model_validate(LEAVE | {"kind": kind}), NOW)

    answers = await asyncio.gather(*(enter(kind) for kind in ("annual", "sick", "other")), return_exceptions=True)
    assert [type(answer).__name__ for answer in answers].count("PersonLeave") == 1
    assert [answer.code for answer in answers if isinstance(answer, Problem)] == ["leaves_overlap"] * 2
    async with committed.owner() as session:
        assert await session.scalar(select(func.count()).select_from(PersonLeave)) == 1
