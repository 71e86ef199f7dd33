"""The guarded change of hands in SQL agrees with the rule in Python, whoever asks."""

import itertools
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Lens, bind
from backend.core.ids import new_id
from backend.identity.deps import Actor
from backend.identity.models import Person, PersonRole, Role, RolePermission
from backend.leads import reading
from backend.leads.cards import standing
from backend.leads.models import Lead, LeadAssignment
from backend.leads.rules import Action, LeadState, actions_for
from backend.timeline.models import TimelineEntry
from backend.timeline.service import record
from tests.conftest import NOW, as_owner
from tests.factories import make_lead
from tests.leads.conftest import House

CHANGE = text("select lead_change_owner(:lead, :owner, :version, cast(:why as jsonb), :now)")


async def actor_of(session: AsyncSession, person: Person) -> Actor:
    roles = set(await session.scalars(select(PersonRole.role_code).where(PersonRole.person_id == person.id)))
    reaches = {reach for row in await session.scalars(select(Role.reaches).where(Role.code.in_(roles))) for reach in row}
    permissions = set(await session.scalars(select(RolePermission.permission).where(RolePermission.role_code.in_(roles))))
    return Actor(person.id, person.name, person.region_id, frozenset(roles), frozenset(reaches), frozenset(permissions))


async def change(session: AsyncSession, person: Person, lead: Lead, owner: UUID, code: str, version: int = 1) -> str:
    await bind(session, Lens.PERSON, str(person.id))
    values = {"lead": lead.id, "owner": owner, "version": version, "why": f'{{"code": "{code}"}}', "now": NOW}
    result = str(await session.scalar(CHANGE, values))
    await as_owner(session)
    return result


async def test_the_function_allows_exactly_what_the_rule_allows(house: House) -> None:
    people = (house.zhang, house.li, house.huang, house.manager, house.director, house.admin, house.marketing)
    leads = [
        await make_lead(house.session, owner=house.zhang),
        await make_lead(house.session, owner=house.zhang, state="disqualified"),
        await make_lead(house.session, owner=house.huang, escalated_to_id=house.manager.id, escalation_level=1),
        await make_lead(house.session, owner=house.manager),
        await make_lead(house.session, region=house.east),
        await make_lead(house.session),
    ]
    for lead, person, action in itertools.product(leads, people, (Action.TAKE_OVER, Action.REASSIGN)):
        actor = await actor_of(house.session, person)
        await bind(house.session, Lens.PERSON, str(person.id))
        row = (await house.session.execute(reading.queries.detail(lead.id, actor.id))).first()
        await as_owner(house.session)
        allowed = row is not None and action in actions_for(standing(row, actor), LeadState(row.state))
        target = person.id if action is Action.TAKE_OVER else house.li.id
        code = "taken_over" if action is Action.TAKE_OVER else "manual"
        async with house.session.begin_nested() as attempt:
            result = await change(house.session, person, lead, target, code)
            await attempt.rollback()
        await as_owner(house.session)
        if lead.owner_id == target and action is Action.TAKE_OVER:
            assert not allowed
            assert result in ("same_owner", "not_allowed")
        else:
            assert (result == "changed") is allowed, (lead.state, person.name, action, result)


@pytest.mark.plants_writes
async def test_the_function_checks_version_target_and_that_taking_is_for_oneself(house: House) -> None:
    lead = await make_lead(house.session, owner=house.zhang)
    house.huang.is_active = False
    await house.session.flush()
    assert await change(house.session, house.manager, lead, house.manager.id, "taken_over", version=2) == "stale"
    assert await change(house.session, house.manager, lead, house.zhang.id, "manual") == "same_owner"
    assert await change(house.session, house.manager, lead, house.huang.id, "manual") == "not_active"
    house.li.access_ends_at = NOW
    await house.session.flush()
    assert await change(house.session, house.manager, lead, house.li.id, "manual") == "not_active"
    assert await change(house.session, house.manager, lead, house.li.id, "taken_over") == "not_allowed"
    assert await change(house.session, house.manager, lead, house.director.id, "manual") == "changed"
    moved = await house.lead(lead.id)
    assert (moved.owner_id, moved.region_id, moved.version) == (house.director.id, house.east.id, 2)


@pytest.mark.parametrize("who", ["li", "huang", "marketing", "zhang"])
async def test_row_security_itself_refuses_what_no_service_should_try(house: House, who: str) -> None:
    lead = await make_lead(house.session, owner=house.zhang)
    person: Person = getattr(house, who)
    statements: list[Any] = [
        text("delete from lead where id = :id").bindparams(id=lead.id),
        text("update timeline_entry set kind = 'x'"),
        text("delete from timeline_entry"),
        insert(LeadAssignment).values(
            id=new_id(), lead_id=lead.id, person_id=house.li.id, reason={}, assigned_at=NOW, assigned_by=house.li.id
        ),
        insert(TimelineEntry).values(
            id=new_id(), subject_type="lead", subject_id=lead.id, kind="call", at=NOW, recorded_at=NOW, actor_id=house.director.id, body={}
        ),
    ]
    for statement in statements:
        async with house.session.begin_nested() as attempt:
            await bind(house.session, Lens.PERSON, str(person.id))
            with pytest.raises(DBAPIError, match=r"permission denied|row-level security"):
                await house.session.execute(statement)
            await attempt.rollback()
    await as_owner(house.session)


async def test_an_entry_is_seen_with_its_lead_only(house: House) -> None:
    lead = await make_lead(house.session, owner=house.zhang)
    await record(house.session, subject_type="lead", subject_id=lead.id, kind="call", now=NOW, outcome="reached")
    seen = {}
    for person in (house.zhang, house.manager, house.li, house.huang):
        await bind(house.session, Lens.PERSON, str(person.id))
        seen[person.name] = len((await house.session.scalars(select(TimelineEntry.id))).all())
        await as_owner(house.session)
    assert seen == {"张磊": 1, "王海燕": 1, "李婷": 0, "黄丽华": 0}
