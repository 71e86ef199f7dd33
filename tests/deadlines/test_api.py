"""Calendar and ladders over HTTP: who may, what moves, what is kept as evidence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import product_moment
from backend.core.ids import new_id
from backend.deadlines import rulebook, service
from backend.deadlines.jobs import recheck_deadlines
from backend.deadlines.models import CalendarDay, Deadline
from backend.deadlines.rules import CHANGE_REQUEST, FIRST_CONTACT, MILESTONE_LATE, STALL, SUPPORT, UNOWNED
from backend.deadlines.statutory import statutory_days
from backend.opportunities.reading import clocks_from
from backend.opportunities.rules import Clocks
from tests.conftest import NOW, SignIn
from tests.factories import make_person
from tests.relaying import drain

API = "/api/v1"
OFF = {"date": "2026-03-11", "is_workday": False, "name": "厂庆"}
EVENING = datetime(2026, 3, 10, 12, tzinfo=UTC)
TWO_WINDOWS = [{"weekday": None, "opens": "09:00", "closes": "12:00"}, {"weekday": None, "opens": "13:30", "closes": "18:00"}]


@pytest.fixture
async def admin(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "administrator"))


@pytest.fixture
async def rep(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "sales_rep"))


async def evening_lead(session: AsyncSession) -> Any:
    """A lead assigned at 20:00 in Shanghai: its script waits for the next opening."""
    lead = new_id()
    await service.arm(session, FIRST_CONTACT, "lead", lead, {"assigned": EVENING}, EVENING)
    return lead


async def script_due(session: AsyncSession, lead: Any) -> datetime:
    return (await session.scalars(select(Deadline.due_at).where(Deadline.subject_id == lead, Deadline.rung == "script"))).one()


async def test_everybody_reads_the_calendar(client: AsyncClient, rep: dict[str, str]) -> None:
    days = await client.get(f"{API}/calendar/days", params={"from": "2026-02-14", "to": "2026-02-15"}, headers=rep)
    assert days.status_code == 200, days.text
    assert days.json()["items"] == [
        {"date": "2026-02-14", "is_workday": True, "name": "春节调休上班", "source": "state_council"},
        {"date": "2026-02-15", "is_workday": False, "name": "春节", "source": "state_council"},
    ]
    backwards = await client.get(f"{API}/calendar/days", params={"from": "2026-02-15", "to": "2026-02-14"}, headers=rep)
    assert backwards.json() == {"items": []}
    windows = await client.get(f"{API}/calendar/windows", headers=rep)
    assert windows.json() == {"items": [{"weekday": None, "opens": "08:30", "closes": "17:30"}]}
    assert (await client.get(f"{API}/calendar/warnings", headers=rep)).json() == {"items": []}
    listed = (await client.get(f"{API}/ladders", headers=rep)).json()["items"]
    assert [(ladder["kind"], [rung["key"] for rung in ladder["rungs"]]) for ladder in listed] == [
        (MILESTONE_LATE, ["late", "supervisor"]),
        (CHANGE_REQUEST, ["next_level", "expiry"]),
        (FIRST_CONTACT, ["script", "supervisor", "next_level"]),
        (UNOWNED, ["reminder", "directors", "daily"]),
        (STALL, ["flag", "again", "report"]),
        (SUPPORT, ["ahead", "missed"]),
    ]


async def test_a_company_day_moves_pending_working_time(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    lead = await evening_lead(session)
    assert await script_due(session, lead) == datetime(2026, 3, 11, 0, 30, tzinfo=UTC)
    changed = await client.put(f"{API}/calendar/days", json={"items": [OFF]}, headers=admin)
    assert changed.status_code == 200, changed.text
    assert changed.json()["items"] == [OFF | {"source": "company"}]
    assert await drain(session, NOW) == 1
    assert await script_due(session, lead) == EVENING + timedelta(hours=24)
    back = await client.put(f"{API}/calendar/days", json={"items": [OFF, OFF | {"is_workday": True}]}, headers=admin)
    assert back.json()["items"] == [OFF | {"is_workday": True, "source": "company"}]
    await drain(session, NOW)
    assert await script_due(session, lead) == datetime(2026, 3, 11, 0, 30, tzinfo=UTC)


async def test_the_hourly_check_mends_a_due_date_that_was_set_by_yesterdays_calendar(
    client: AsyncClient, session: AsyncSession, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process kept the old calendar for some seconds, and set a due date after the change had been worked in."""
    monkeypatch.setattr("backend.deadlines.jobs.product_now", lambda: NOW)
    await client.put(f"{API}/calendar/days", json={"items": [OFF]}, headers=admin)
    await drain(session, NOW)
    lead = await evening_lead(session)
    await session.execute(update(Deadline).where(Deadline.rung == "script").values(due_at=datetime(2026, 3, 11, 0, 30, tzinfo=UTC)))
    assert await recheck_deadlines({}) == 1
    assert await script_due(session, lead) == EVENING + timedelta(hours=24)
    assert await recheck_deadlines({}) == 0


async def test_a_year_is_confirmed_and_the_warning_ends(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    """Days that somebody enters say nothing about those that are missing: fifty-two Saturdays are no holidays."""
    app: Any = client.app  # type: ignore[attr-defined]
    year = max(entry.day.year for entry in statutory_days()) + 1
    app.dependency_overrides[product_moment] = lambda: datetime(year - 1, 11, 5, tzinfo=UTC)
    assert (await client.get(f"{API}/calendar/warnings", headers=admin)).json()["items"] == [
        {"code": "calendar_year_missing", "year": year}
    ]
    days = [{"date": f"{year}-10-{day:02}", "is_workday": False, "name": "国庆节"} for day in range(1, 32)]
    assert (await client.put(f"{API}/calendar/days", json={"items": days}, headers=admin)).status_code == 200
    assert len((await client.get(f"{API}/calendar/warnings", headers=admin)).json()["items"]) == 1
    for is_confirmed, left in ((True, 0), (True, 0), (False, 1)):
        answer = await client.put(f"{API}/calendar/years/{year}", json={"is_confirmed": is_confirmed}, headers=admin)
        assert (answer.status_code, answer.json()) == (200, {"items": [year] if is_confirmed else []})
        assert (await client.get(f"{API}/calendar/years", headers=admin)).json() == answer.json()
        assert len((await client.get(f"{API}/calendar/warnings", headers=admin)).json()["items"]) == left
    assert (await audited(session, "calendar_year")) == [("insert", str(year)), ("update", str(year))]


async def audited(session: AsyncSession, table: str) -> list[tuple[str, str]]:
    query = text(
        "select action, row_id from audit_entry where table_name = :table and actor not like 'system:%' and actor <> 'test' order by id"
    )
    return [(entry.action, entry.row_id) for entry in await session.execute(query, {"table": table})]


async def test_the_company_takes_its_word_back(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    """What the State Council says of that day, or Monday to Friday, counts again; the evidence of both changes stays."""
    lead = await evening_lead(session)
    holiday = {"date": "2026-10-01", "is_workday": False, "name": "国庆节", "source": "state_council"}
    ours = {"date": "2026-10-01", "is_workday": True, "name": "赶工"}
    span = {"from": "2026-03-11", "to": "2026-10-01"}
    await client.put(f"{API}/calendar/days", json={"items": [OFF, ours]}, headers=admin)
    await drain(session, NOW)
    assert await script_due(session, lead) == EVENING + timedelta(hours=24)
    listed = (await client.get(f"{API}/calendar/days", params=span, headers=admin)).json()["items"]
    assert (listed[0], listed[-1]) == (OFF | {"source": "company"}, ours | {"source": "company"})
    for _ in range(2):
        back = await client.post(f"{API}/calendar/days/withdrawal", json={"dates": ["2026-10-01", "2026-03-11"]}, headers=admin)
        assert (back.status_code, back.json()["items"]) == (200, [holiday])
        await drain(session, NOW)
        assert await script_due(session, lead) == datetime(2026, 3, 11, 0, 30, tzinfo=UTC)
    listed = (await client.get(f"{API}/calendar/days", params=span, headers=admin)).json()["items"]
    assert (holiday in listed, OFF["date"] in [day["date"] for day in listed], "company" in {day["source"] for day in listed}) == (
        True,
        False,
        False,
    )
    days = [("insert", "2026-03-11"), ("insert", "2026-10-01")]
    taken_back = [("update", "2026-03-11"), ("update", "2026-10-01")]
    evidence = await audited(session, "calendar_day")
    assert (sorted(evidence[:2]), sorted(evidence[2:])) == (days, taken_back)
    await client.put(f"{API}/calendar/days", json={"items": [ours]}, headers=admin)
    again = (await client.get(f"{API}/calendar/days", params=span, headers=admin)).json()["items"]
    assert again[-1] == ours | {"source": "company"}


async def test_new_windows_move_pending_working_time(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    lead = await evening_lead(session)
    changed = await client.put(f"{API}/calendar/windows", json={"items": TWO_WINDOWS}, headers=admin)
    assert changed.status_code == 200, changed.text
    assert changed.json() == {"items": TWO_WINDOWS}
    assert await drain(session, NOW) == 1
    assert await script_due(session, lead) == datetime(2026, 3, 11, 1, tzinfo=UTC)


async def test_every_change_leaves_an_audit_entry(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    """SAFE-3."""
    before = await session.scalar(text("select coalesce(max(id), 0) from audit_entry"))
    await client.put(f"{API}/calendar/days", json={"items": [OFF]}, headers=admin)
    await client.put(f"{API}/calendar/windows", json={"items": TWO_WINDOWS[:1]}, headers=admin)
    entries = await session.execute(
        text("select table_name, action, row_id from audit_entry where id > :before and table_name <> 'usage_event' order by id"),
        {"before": before},
    )
    found = [(entry.table_name, entry.action) for entry in entries]
    assert found == [("calendar_day", "insert"), ("working_window", "update"), ("working_window", "insert")]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("calendar/days", {"items": [OFF]}),
        ("calendar/days/withdrawal", {"dates": ["2026-10-01"]}),
        ("calendar/years/2031", {"is_confirmed": True}),
        ("calendar/windows", {"items": TWO_WINDOWS}),
        (f"ladders/{FIRST_CONTACT}", {"rungs": []}),
    ],
)
async def test_only_settings_managers_change_rules(
    client: AsyncClient, session: AsyncSession, rep: dict[str, str], path: str, body: dict[str, Any]
) -> None:
    async def everything() -> list[Any]:
        tables = ("calendar_day", "calendar_year", "working_window", "ladder", "outbox")
        return [(await session.execute(text(f"select jsonb_agg(t order by t::text) from {table} t"))).scalar_one() for table in tables]

    before = await everything()
    method = "POST" if path.endswith("withdrawal") else "PUT"
    refused = await client.request(method, f"{API}/{path}", json=body, headers=rep | {"If-Match": '"v1"'})
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    assert (await client.request(method, f"{API}/{path}", json=body)).status_code == 401
    assert await everything() == before


async def test_row_security_keeps_rules_from_others_too(session: AsyncSession) -> None:
    from backend.core.db import Lens, bind

    person = await make_person(session, "sales_rep")
    await bind(session, Lens.PERSON, str(person.id))
    for table, column in (("calendar_day", "name"), ("calendar_year", "year"), ("working_window", "is_active"), ("ladder", "kind")):
        assert (await session.execute(text(f"update {table} set {column} = {column} returning 1"))).all() == []
    with pytest.raises(Exception, match="row-level security"):
        await session.execute(CalendarDay.__table__.insert().values(date=NOW.date(), is_workday=True, name="", source="company"))


@pytest.mark.parametrize(
    ("items", "status", "code"),
    [
        ([], 422, "invalid_input"),
        ([{"weekday": 7, "opens": "09:00", "closes": "12:00"}], 422, "invalid_input"),
        ([{"weekday": None, "opens": "9", "closes": "12:00"}], 422, "invalid_input"),
        ([{"weekday": None, "opens": "12:00", "closes": "09:00"}], 409, "windows_clash"),
        ([*TWO_WINDOWS, {"weekday": None, "opens": "11:00", "closes": "14:00"}], 409, "windows_clash"),
    ],
)
async def test_windows_that_cannot_work_are_refused(
    client: AsyncClient, admin: dict[str, str], items: list[dict[str, Any]], status: int, code: str
) -> None:
    refused = await client.put(f"{API}/calendar/windows", json={"items": items}, headers=admin)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    kept = await client.get(f"{API}/calendar/windows", headers=admin)
    assert kept.json() == {"items": [{"weekday": None, "opens": "08:30", "closes": "17:30"}]}


async def test_a_calendar_that_never_opens_is_refused(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    lead = await evening_lead(session)
    closed = [{"date": str(NOW.date() + timedelta(days=day)), "is_workday": False} for day in range(400)]
    refused = await client.put(f"{API}/calendar/days", json={"items": closed}, headers=admin)
    assert (refused.status_code, refused.json()["code"]) == (409, "calendar_never_opens")
    assert await session.scalar(select(CalendarDay.date).where(CalendarDay.source == "company")) is None
    assert await drain(session, NOW) == 0
    assert await script_due(session, lead) == datetime(2026, 3, 11, 0, 30, tzinfo=UTC)


async def ladders(client: AsyncClient, admin: dict[str, str]) -> dict[str, Any]:
    """Those in force, by their kind."""
    return {one["kind"]: one for one in (await client.get(f"{API}/ladders", headers=admin)).json()["items"]}


async def test_a_ladder_is_changed_with_its_version(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    lead = new_id()
    await service.arm(session, FIRST_CONTACT, "lead", lead, {"assigned": NOW, "first_assigned": NOW}, NOW)
    ladder = (await ladders(client, admin))[FIRST_CONTACT]
    rungs = [rung | {"amount": 24} for rung in ladder["rungs"] if rung["key"] != "next_level"]
    path = f"{API}/ladders/{FIRST_CONTACT}"
    changed = await client.put(path, json={"rungs": rungs}, headers=admin | {"If-Match": '"v1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"v2"')
    assert changed.json() == {"kind": FIRST_CONTACT, "rungs": rungs, "spares_planned": False, "version": 2}
    assert await drain(session, NOW) == 1
    rows = await session.execute(select(Deadline.rung, Deadline.due_at, Deadline.state).where(Deadline.subject_id == lead))
    assert {row.rung: (row.due_at - NOW, row.state) for row in rows} == {
        "script": (timedelta(), "pending"),
        "supervisor": (timedelta(hours=24), "pending"),
        "next_level": (timedelta(hours=96), "stopped"),
    }
    stale = await client.put(path, json={"rungs": []}, headers=admin | {"If-Match": '"v1"'})
    assert (stale.status_code, stale.json()["params"]["current"]["version"]) == (412, 2)


async def test_of_a_fixed_ladder_only_the_waiting_times_change(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    listed = (await client.get(f"{API}/ladders", headers=admin)).json()
    (stall,) = (one for one in listed["items"] if one["kind"] == STALL)
    assert listed["fixed"] == [STALL]
    flag, again, report = stall["rungs"]
    path, first = f"{API}/ladders/{STALL}", admin | {"If-Match": '"v1"'}
    for rungs, pointer in (
        ([flag, again], "#/rungs"),
        ([flag | {"who": "supervisor"}, again, report], "#/rungs"),
        ([flag | {"how": "working_days"}, again, report], "#/rungs"),
    ):
        refused = await client.put(path, json={"rungs": rungs}, headers=first)
        assert (refused.status_code, [error["pointer"] for error in refused.json()["errors"]]) == (422, [pointer])
    lead = await client.put(f"{API}/ladders/{FIRST_CONTACT}", json={"rungs": [], "spares_planned": True}, headers=first)
    assert (lead.status_code, [error["pointer"] for error in lead.json()["errors"]]) == (422, ["#/spares_planned"])
    wanted = [flag | {"amount": 5}, again | {"how": "elapsed_hours", "amount": 36}, report | {"amount": 20}]
    changed = await client.put(path, json={"rungs": wanted, "spares_planned": True}, headers=first)
    assert (changed.status_code, changed.json()) == (200, {"kind": STALL, "rungs": wanted, "spares_planned": True, "version": 2})
    clocks = clocks_from((await rulebook.read(session)).ladders[STALL])
    assert clocks == Clocks(timedelta(days=5), timedelta(hours=36), timedelta(days=20), spares_planned=True)


async def test_the_hour_of_what_goes_out_daily_is_set_with_its_version(
    client: AsyncClient, admin: dict[str, str], rep: dict[str, str]
) -> None:
    listed = (await client.get(f"{API}/dailies", headers=rep)).json()["items"]
    assert [(one["kind"], one["at"], one["before"], one["is_active"]) for one in listed] == [
        ("opportunity.report", "08:00", "17:30", True), ("today.digest", "08:30", "12:00", True),
    ]  # fmt: skip
    path, first = f"{API}/dailies/today.digest", {"If-Match": '"v1"'}
    refused = await client.put(path, json={"at": "09:00", "is_active": True}, headers=rep | first)
    late = await client.put(path, json={"at": "12:00", "is_active": True}, headers=admin | first)
    assert (refused.status_code, late.status_code, late.json()["errors"][0]["code"]) == (403, 422, "too_late")
    changed = await client.put(path, json={"at": "09:15", "is_active": False}, headers=admin | first)
    assert (changed.status_code, changed.json()["at"], changed.json()["is_active"], changed.headers["etag"]) == (
        200,
        "09:15",
        False,
        '"v2"',
    )
    stale = await client.put(path, json={"at": "08:30", "is_active": True}, headers=admin | first)
    assert (stale.status_code, stale.json()["params"]["current"]["at"]) == (412, "09:15")


@pytest.mark.parametrize(
    ("kind", "headers", "change", "status", "code"),
    [
        (FIRST_CONTACT, {}, {}, 428, "if_match_required"),
        ("no.such", {"If-Match": '"v1"'}, {}, 404, "not_found"),
        (FIRST_CONTACT, {"If-Match": '"v1"'}, {"base": "signed"}, 422, "invalid_input"),
        (FIRST_CONTACT, {"If-Match": '"v1"'}, {"key": "supervisor"}, 422, "invalid_input"),
        (FIRST_CONTACT, {"If-Match": '"v1"'}, {"who": "nobody"}, 422, "invalid_input"),
        (FIRST_CONTACT, {"If-Match": '"v1"'}, {"who": "gives_out"}, 422, "invalid_input"),
        (FIRST_CONTACT, {"If-Match": '"v1"'}, {"amount": 0}, 422, "invalid_input"),
    ],
)
async def test_ladders_that_cannot_work_are_refused(
    client: AsyncClient, admin: dict[str, str], kind: str, headers: dict[str, str], change: dict[str, Any], status: int, code: str
) -> None:
    before = await ladders(client, admin)
    first, *others = before[FIRST_CONTACT]["rungs"]
    rungs = [first | change, *others]
    refused = await client.put(f"{API}/ladders/{kind}", json={"rungs": rungs}, headers=admin | headers)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert await ladders(client, admin) == before
