"""Deadlines are set, stopped, moved and fired, each exactly once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Lens, bind
from backend.core.ids import new_id
from backend.deadlines import queries, service
from backend.deadlines.models import Deadline, LadderRow
from backend.deadlines.rules import FIRST_CONTACT, How, Recipient, Rung, State, is_due, is_superseded
from tests.conftest import NOW, as_owner
from tests.factories import make_person

HOUR = timedelta(hours=1)


async def arm(session: AsyncSession, lead: UUID, assigned: datetime = NOW, first: datetime = NOW) -> None:
    await service.arm(session, FIRST_CONTACT, "lead", lead, {"assigned": assigned, "first_assigned": first}, assigned)


async def states(session: AsyncSession, lead: UUID) -> list[tuple[str, timedelta, timedelta, str]]:
    """(rung, base, due, state) of a subject, moments counted from NOW."""
    rows = await session.execute(
        select(Deadline.rung, Deadline.base_at, Deadline.due_at, Deadline.state)
        .where(Deadline.subject_id == lead)
        .order_by(Deadline.base_at, Deadline.due_at)
    )
    return [(row.rung, row.base_at - NOW, row.due_at - NOW, row.state) for row in rows]


async def events(session: AsyncSession) -> list[dict[str, Any]]:
    rows = await session.execute(text("select subject_id, payload from outbox where kind = 'deadline.fired' order by id"))
    return [{**row.payload, "subject_id": row.subject_id} for row in rows]


async def test_arming_sets_every_rung(session: AsyncSession) -> None:
    lead = new_id()
    await arm(session, lead)
    assert await states(session, lead) == [
        ("script", 0 * HOUR, 0 * HOUR, "pending"),
        ("supervisor", 0 * HOUR, 48 * HOUR, "pending"),
        ("next_level", 0 * HOUR, 96 * HOUR, "pending"),
    ]
    running = await service.pending(session, [lead])
    assert [(item.rung, item.due_at) for item in running] == [
        ("script", NOW),
        ("supervisor", NOW + 48 * HOUR),
        ("next_level", NOW + 96 * HOUR),
    ]


async def test_arming_twice_changes_nothing(session: AsyncSession) -> None:
    lead = new_id()
    await arm(session, lead)
    before = await states(session, lead)
    await arm(session, lead)
    assert await states(session, lead) == before


async def test_reassignment_restarts_48_hours_and_keeps_96(session: AsyncSession) -> None:
    """The 48 h restart on reassignment, the 96 h run from the first assignment."""
    lead = new_id()
    await arm(session, lead)
    await arm(session, lead, assigned=NOW + 2 * HOUR)
    assert await states(session, lead) == [
        ("script", 0 * HOUR, 0 * HOUR, "stopped"),
        ("supervisor", 0 * HOUR, 48 * HOUR, "stopped"),
        ("next_level", 0 * HOUR, 96 * HOUR, "pending"),
        ("script", 2 * HOUR, 2 * HOUR, "pending"),
        ("supervisor", 2 * HOUR, 50 * HOUR, "pending"),
    ]


async def test_rungs_of_other_bases_are_left_alone(session: AsyncSession) -> None:
    lead = new_id()
    await arm(session, lead)
    await service.arm(session, FIRST_CONTACT, "lead", lead, {"assigned": NOW + HOUR}, NOW + HOUR)
    assert [row for row in await states(session, lead) if row[0] == "next_level"] == [("next_level", 0 * HOUR, 96 * HOUR, "pending")]
    await service.arm(session, FIRST_CONTACT, "lead", lead, {"unheard_of": NOW}, NOW)
    assert len(await states(session, lead)) == 5


async def test_what_has_fired_is_never_made_again(session: AsyncSession) -> None:
    lead = new_id()
    await arm(session, lead)
    assert await service.sweep(session, NOW + 48 * HOUR) == 2
    await arm(session, lead)
    assert [state for *_, state in await states(session, lead)] == ["fired", "fired", "pending"]
    assert await service.sweep(session, NOW + 48 * HOUR) == 0
    assert len(await events(session)) == 2


async def test_stopping_ends_what_runs_for_good(session: AsyncSession) -> None:
    lead, other = new_id(), new_id()
    await arm(session, lead)
    await arm(session, other)
    await service.sweep(session, NOW)
    await service.stop(session, FIRST_CONTACT, lead, NOW + HOUR)
    await service.stop(session, "another.kind", other, NOW + HOUR)
    await arm(session, lead)
    assert [state for *_, state in await states(session, lead)] == ["fired", "stopped", "stopped"]
    assert [state for *_, state in await states(session, other)] == ["fired", "pending", "pending"]
    assert await service.sweep(session, NOW + 500 * HOUR) == 2
    assert [event["subject_id"] for event in await events(session)] == [lead, other, other, other]


async def test_a_fired_deadline_says_who_and_when(session: AsyncSession) -> None:
    lead = new_id()
    await arm(session, lead, first=NOW - 40 * HOUR)
    assert await service.sweep(session, NOW - timedelta(seconds=1)) == 0
    assert await service.sweep(session, NOW + 72 * HOUR) == 3
    shape = [(event["ladder"], event["rung"], event["subject_type"], event["who"], event["is_urgent"]) for event in await events(session)]
    assert shape == [
        (FIRST_CONTACT, "script", "lead", "owner", False),
        (FIRST_CONTACT, "supervisor", "lead", "supervisor", True),
        (FIRST_CONTACT, "next_level", "lead", "supervisor_of_supervisor", True),
    ]
    dues = [datetime.fromisoformat(event["due_at"]) for event in await events(session)]
    assert dues == [NOW, NOW + 48 * HOUR, NOW + 56 * HOUR]
    fired_at = set(await session.scalars(select(Deadline.fired_at).where(Deadline.subject_id == lead)))
    assert fired_at == {NOW + 72 * HOUR}


async def test_a_sweep_takes_the_oldest_first_and_no_more_than_asked(session: AsyncSession) -> None:
    leads = [new_id() for _ in range(3)]
    for age, lead in enumerate(leads):
        await service.arm(session, FIRST_CONTACT, "lead", lead, {"first_assigned": NOW - age * HOUR}, NOW)
    later = NOW + 96 * HOUR
    assert [await service.sweep(session, later, limit=2) for _ in range(3)] == [2, 1, 0]
    assert [event["subject_id"] for event in await events(session)] == [leads[2], leads[1], leads[0]]


async def test_only_one_deadline_of_a_rung_runs_for_a_subject(session: AsyncSession) -> None:
    lead = new_id()
    await arm(session, lead)
    row = {"kind": FIRST_CONTACT, "rung": "supervisor", "subject_type": "lead", "subject_id": lead, "due_at": NOW}
    with pytest.raises(Exception, match="uq_deadline_pending"):
        await session.execute(insert(Deadline).values(id=new_id(), base_at=NOW - HOUR, **row))


async def test_a_person_may_set_and_stop_deadlines(session: AsyncSession) -> None:
    person, lead = await make_person(session), new_id()
    await bind(session, Lens.PERSON, str(person.id))
    await arm(session, lead)
    await service.stop(session, FIRST_CONTACT, lead, NOW)
    await as_owner(session)
    assert [state for *_, state in await states(session, lead)] == ["stopped"] * 3


async def test_the_sweep_works_as_system(session: AsyncSession) -> None:
    lead = new_id()
    await bind(session, Lens.SYSTEM, "system:deadlines")
    await arm(session, lead)
    assert await service.sweep(session, NOW) == 1
    assert await service.recompute(session, NOW) == 0


async def test_sql_and_python_agree_on_due(session: AsyncSession) -> None:
    for state in State:
        for seconds in (-1, 0, 1):
            due = NOW + timedelta(seconds=seconds)
            session.add(Deadline(kind="k", rung="r", subject_type="lead", subject_id=new_id(), base_at=NOW, due_at=due, state=state))
    await session.flush()
    rows = (await session.scalars(select(Deadline).where(Deadline.kind == "k"))).all()
    by_sql = set(await session.scalars(select(Deadline.id).where(Deadline.kind == "k", queries.due(NOW))))
    assert by_sql == {row.id for row in rows if is_due(row.state, row.due_at, NOW)}
    assert len(by_sql) == 2


async def test_sql_and_python_agree_on_superseded(session: AsyncSession) -> None:
    lead = new_id()
    for number, state in enumerate(State):
        for seconds in (-1, 0, 1):
            base, rung = NOW + timedelta(seconds=seconds), f"r{number}{seconds}"
            session.add(Deadline(kind="k", rung=rung, subject_type="lead", subject_id=lead, base_at=base, due_at=NOW, state=state))
    session.add(Deadline(kind="k", rung="r0-1", subject_type="lead", subject_id=new_id(), base_at=NOW - HOUR, due_at=NOW))
    await session.flush()
    rows = (await session.scalars(select(Deadline).where(Deadline.subject_id == lead))).all()
    bases = {row.rung: NOW for row in rows}
    by_sql = set(await session.scalars(select(Deadline.id).where(queries.superseded("k", lead, bases))))
    assert by_sql == {row.id for row in rows if is_superseded(row.state, row.base_at, NOW)}
    assert len(by_sql) == 2


def step(how: How, amount: int, key: str = "proposal", who: Recipient = Recipient.OWNER) -> dict[str, Any]:
    return Rung(key=key, base="received", how=how, amount=amount, who=who, is_urgent=False).model_dump(mode="json")


async def make_ladder(session: AsyncSession, *rungs: dict[str, Any]) -> LadderRow:
    row = LadderRow(kind="support.proposal", rungs=list(rungs))
    session.add(row)
    await session.flush()
    return row


async def support(session: AsyncSession, at: datetime = NOW) -> UUID:
    subject = new_id()
    await service.arm(session, "support.proposal", "support_request", subject, {"received": at}, at)
    return subject


async def test_any_ladder_runs_on_the_same_engine(session: AsyncSession) -> None:
    """NOW is a Tuesday: the second working day closes on Thursday at 17:30 in Shanghai."""
    await make_ladder(session, step(How.WORKING_DAYS, 2), step(How.WORKING_MINUTES, 60, "reminder"))
    request = await support(session)
    assert await states(session, request) == [
        ("reminder", 0 * HOUR, HOUR, "pending"),
        ("proposal", 0 * HOUR, 2 * 24 * HOUR + 7.5 * HOUR, "pending"),
    ]


async def test_a_changed_ladder_moves_and_ends_what_is_pending(session: AsyncSession) -> None:
    ladder = await make_ladder(session, step(How.ELAPSED_HOURS, 10), step(How.ELAPSED_HOURS, 20, "gone"))
    request = await support(session)
    lead = new_id()
    await arm(session, lead)
    ladder.rungs = [step(How.ELAPSED_HOURS, 30)]
    await session.flush()
    assert await service.recompute(session, NOW + HOUR, "support.proposal") == 1
    assert await states(session, request) == [
        ("gone", 0 * HOUR, 20 * HOUR, "stopped"),
        ("proposal", 0 * HOUR, 30 * HOUR, "pending"),
    ]
    assert [state for *_, state in await states(session, lead)] == ["pending"] * 3


async def test_a_rung_that_was_dropped_just_before_the_sweep_is_stopped_not_fired(session: AsyncSession) -> None:
    ladder = await make_ladder(session, step(How.ELAPSED_HOURS, 10))
    request = await support(session)
    ladder.rungs = [step(How.ELAPSED_HOURS, 20, "other")]
    await session.flush()
    from backend.deadlines import rulebook

    rulebook.forget()
    assert await service.sweep(session, NOW + 10 * HOUR) == 1
    row = (await session.scalars(select(Deadline).where(Deadline.subject_id == request))).one()
    assert (row.state, row.fired_at, row.stopped_at) == ("stopped", None, NOW + 10 * HOUR)
    assert await events(session) == []
