"""LEAD-6: claiming from the pool; of many at once exactly one gets the lead, and a limit holds."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.config import APP_LOGIN
from backend.core.db import Database, Lens, bind, get_database, make_engine, run_before_commit, transaction, use_database
from backend.core.errors import NotFound, Problem
from backend.deadlines.models import Deadline
from backend.duplicates import service as duplicates
from backend.identity.models import Deputy
from backend.leads import claiming
from backend.leads.events import LeadAssigned
from backend.leads.models import Lead, LeadAssignment, PoolRuleRow
from backend.leads.same_firm import identity_of
from backend.notifications.models import LiveCursor, LiveEvent
from backend.notifications.service import emit_live, shared_feeds
from tests.conftest import NOW, Committed, as_owner
from tests.factories import make_lead, make_leave, make_person, make_region
from tests.leads.conftest import House
from tests.leads.desk import ANY, LEADS, DeskOf, traces
from tests.leads.test_rights import actor_of


async def pooled(session: AsyncSession, region: Any, **fields: Any) -> Lead:
    return await make_lead(session, region=region, **({"pooled_at": NOW - timedelta(days=1)} | fields))


async def test_who_sees_the_pool(house: House, desk: DeskOf) -> None:
    await pooled(house.session, house.east, company="东")
    await pooled(house.session, house.south, company="南")
    await pooled(house.session, None, company="无区域")
    await pooled(house.session, house.east, company="未入池", pooled_at=None)
    await pooled(house.session, house.east, company="已关闭", state="disqualified")
    await make_lead(house.session, owner=house.zhang, company="有主")
    for person, companies in ((house.zhang, {"东"}), (house.huang, {"南"}), (house.manager, {"东"}), (house.director, {"东", "南"})):
        assert set(await (await desk(person)).companies(scope="pool")) == companies, person.name
    assert await (await desk(house.zhang)).companies(scope="own") == ["有主"]
    assert (await (await desk(house.marketing)).get(LEADS, scope="pool")).status_code == 403


async def test_a_claim_makes_the_rep_the_owner_and_starts_the_clock(house: House, desk: DeskOf) -> None:
    lead = await pooled(house.session, house.east)
    user = await desk(house.zhang)
    assert (await user.get(f"{LEADS}/{lead.id}")).json()["actions"] == ["claim"]
    claimed = await user.post(f"{LEADS}/{lead.id}/claim", {})
    assert claimed.status_code == 200, claimed.text
    shown = claimed.json()
    assert (shown["state"], shown["owner"]["name"], shown["assigned_at"]) == ("assigned", "张磊", NOW.isoformat().replace("+00:00", "Z"))
    assert shown["assignment"]["reason"] == {"code": "claimed", "params": {"person": "张磊"}}
    assert claimed.headers["ETag"] == f'"v{shown["version"]}"'
    await house.relay()
    assert await house.history(lead.id) == ["lead.claimed"]
    rungs = select(func.count()).select_from(Deadline).where(Deadline.subject_id == lead.id, Deadline.state == "pending")
    assert await house.session.scalar(rungs) == 3
    now = await house.lead(lead.id)
    assert (now.region_id, now.pooled_at, now.first_assigned_at) == (house.east.id, None, NOW)
    assert await user.companies(scope="pool") == []


async def test_a_firm_that_a_colleague_has_is_not_claimed_away(house: House, desk: DeskOf) -> None:
    owned = await make_lead(house.session, owner=house.li, region=house.east, company="昆山恒达弹簧有限公司")
    await duplicates.register(house.session, "lead", [(owned.id, identity_of(owned))])
    lead = await pooled(house.session, house.east, phone=owned.phone)
    user, colleague = await desk(house.zhang), await desk(house.li)
    refused = await user.post(f"{LEADS}/{lead.id}/claim", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "duplicate_of_owned")
    assert (refused.json()["params"]["owner"]["name"], refused.json()["params"]["match"]) == (house.li.name, "phone")

    async def away_and_deputy() -> tuple[bool, Any]:
        params = (await user.post(f"{LEADS}/{lead.id}/claim", {})).json()["params"]
        return params["owner_is_away"], params["deputy"] and params["deputy"]["name"]

    assert await away_and_deputy() == (False, None)
    leave = await make_leave(house.session, house.li)
    assert await away_and_deputy() == (True, None)
    deputies = (("hr", house.manager), ("sales_rep", house.huang))
    house.session.add_all(Deputy(person_id=house.li.id, role_code=code, deputy_id=one.id) for code, one in deputies)
    await house.session.flush()
    assert await away_and_deputy() == (True, "黄丽华"), "who stands in for sales goes first"
    house.huang.access_ends_at = NOW
    await house.session.flush()
    assert await away_and_deputy() == (True, "王海燕"), "only somebody who works now"
    leave.cancelled_at = NOW
    await house.session.flush()
    assert await away_and_deputy() == (False, None)
    assert (await house.lead(lead.id)).owner_id is None
    assert (await colleague.post(f"{LEADS}/{lead.id}/claim", {})).status_code == 200


async def test_a_lead_that_leaves_the_pool_changes_on_the_screens_of_those_who_could_give_it_out(house: House, desk: DeskOf) -> None:
    south = await make_person(house.session, "regional_manager", region=house.south)
    gone = await make_person(house.session, "sales_rep", region=house.east, access_ends_at=NOW)
    claimed, given = await pooled(house.session, house.east), await pooled(house.session, house.east)
    await (await desk(house.zhang)).post(f"{LEADS}/{claimed.id}/claim", {})
    await house.relay()
    everybody = (house.zhang, house.manager, house.director, house.admin, house.li, house.marketing, south, gone, house.huang)
    assert [await house.shown(person) for person in everybody] == [["lead.changed"]] * 4 + [[]] * 5
    assert [await house.shown(region) for region in (house.east, house.south, house.nation)] == [["lead.left_pool"], [], []]
    hint = (await house.session.scalars(select(LiveEvent).where(LiveEvent.person_id == house.east.id))).one()
    assert hint.payload == {"id": str(claimed.id)}, "however many may claim there, it is one event, and it says nothing of the lead"
    body = {"person_id": str(house.huang.id), "reason": "华南的客户"}
    assert (await (await desk(house.director)).post(f"{LEADS}/{given.id}/reassignment", body, **ANY)).status_code == 200
    await house.relay()
    assert [len(await house.shown(person)) for person in everybody] == [1, 2, 2, 2, 0, 0, 0, 0, 2]
    assert (await house.shown(house.huang), await house.shown(house.east)) == (["lead.changed", "lead.assigned"], ["lead.left_pool"] * 2)


async def test_the_feed_of_a_pool_is_for_those_who_claim_from_it(house: House) -> None:
    await emit_live(house.session, [house.east.id], "lead.left_pool", {}, NOW)
    await run_before_commit(house.session)
    east, south, nation = (region.id for region in (house.east, house.south, house.nation))
    for person, feeds in (
        (house.zhang, {east: 1}), (house.huang, {south: 0}), (house.manager, {east: 1}), (house.director, {nation: 0, east: 1, south: 0}),
    ):  # fmt: skip
        await bind(house.session, Lens.PERSON, str(person.id))
        assert await shared_feeds(house.session) == feeds, person.name
        seen = set((await house.session.scalars(select(LiveCursor.person_id))).all())
        assert seen == ({east} if east in feeds else set()), person.name
        await as_owner(house.session)


async def test_the_system_s_later_look_at_the_pool_shows_it_too(house: House) -> None:
    lead = await house.received(province="江苏", city="苏州", pooled_at=NOW - timedelta(hours=2))
    assert lead.owner_id == house.zhang.id
    assert await house.shown(house.manager) == await house.shown(house.admin) == ["lead.changed"]
    assert await house.shown(house.zhang) == ["lead.assigned", "lead.changed"]


@pytest.mark.parametrize(("who", "status"), [("huang", 404), ("marketing", 403), ("admin", 403), ("zhang", 200), ("manager", 200)])
async def test_who_may_claim(house: House, desk: DeskOf, who: str, status: int) -> None:
    lead = await pooled(house.session, house.east)
    before = await traces(house)
    answer = await (await desk(getattr(house, who))).post(f"{LEADS}/{lead.id}/claim", {})
    assert answer.status_code == status, answer.text
    assert (await traces(house) == before) is (status != 200)


async def test_a_lead_that_has_an_owner_is_not_claimed(house: House, desk: DeskOf) -> None:
    lead = await make_lead(house.session, owner=house.li)
    before = await traces(house)
    answer = await (await desk(house.manager)).post(f"{LEADS}/{lead.id}/claim", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_claimed")
    assert await traces(house) == before


CLAIM = text("select lead_claim(:lead, cast(:why as jsonb), :now, null, null)")


async def test_the_function_itself_guards_the_pool(house: House) -> None:
    east, closed = await pooled(house.session, house.east), await pooled(house.session, house.east, state="disqualified")
    fresh, owned = await pooled(house.session, house.east, pooled_at=None), await make_lead(house.session, owner=house.li)
    for person, lead, wanted in (
        (house.huang, east, "taken"), (house.marketing, east, "not_allowed"), (house.zhang, closed, "taken"), (house.zhang, fresh, "taken"),
        (house.zhang, owned, "taken"), (house.zhang, east, "changed"), (house.li, east, "taken"),
    ):  # fmt: skip
        await bind(house.session, Lens.PERSON, str(person.id))
        assert await house.session.scalar(CLAIM, {"lead": lead.id, "why": '{"code": "claimed"}', "now": NOW}) == wanted
        if wanted == "changed":
            await outbox.add(house.session, LeadAssigned(lead.id, person.id, "claimed"), NOW)
        await as_owner(house.session)


async def claimers(committed: Committed, count: int, leads: int) -> tuple[list[Any], list[UUID]]:
    async with committed.owner() as session:
        east = await make_region(session)
        people = [await make_person(session, region=east) for _ in range(count)]
        actors = [await actor_of(session, person) for person in people]
        return actors, [(await pooled(session, east)).id for _ in range(leads)]


async def tried(actor: Any, lead_id: UUID, gate: asyncio.Barrier) -> str:
    """One claim through a connection of its own, which is open before anybody starts."""
    try:
        async with transaction(Lens.PERSON, str(actor.id)) as session:
            await gate.wait()
            await claiming.claim(session, actor, lead_id, NOW)
    except NotFound:
        return "not_found"
    except Problem as problem:
        return problem.code
    return "claimed"


@pytest.fixture
async def many_connections(committed: Committed) -> Any:
    """The application's own login, as many connections as there are claimers."""
    from sqlalchemy.ext.asyncio import create_async_engine

    from backend.core.config import get_settings

    before, small = get_database(), make_engine(APP_LOGIN)
    await small.dispose()
    engine = create_async_engine(get_settings().login_url(APP_LOGIN), pool_size=60, max_overflow=0)
    use_database(Database(engine))
    yield committed
    use_database(before)
    await engine.dispose()


async def test_of_fifty_who_claim_at_once_one_wins(many_connections: Committed) -> None:
    actors, [lead] = await claimers(many_connections, 50, 1)
    gate = asyncio.Barrier(len(actors))
    results = Counter(await asyncio.gather(*(tried(actor, lead, gate) for actor in actors)))
    assert results["claimed"] == 1
    assert results["already_claimed"] + results["not_found"] == 49
    async with many_connections.owner() as session:
        decisions = (await session.scalars(select(LeadAssignment.person_id))).all()
        found = await session.get(Lead, lead)
        assert found is not None
        assert decisions == [found.owner_id]
        for table, where in (
            ("timeline_entry", "kind = 'lead.claimed'"),
            ("outbox", "kind = 'lead.assigned'"),
            ("audit_entry", "table_name = 'lead' and action = 'update'"),
        ):
            assert await session.scalar(text(f"select count(*) from {table} where {where}")) == 1, table
        assert await session.scalar(text("select count(*) from deadline")) == 3


async def test_one_who_claims_from_many_devices_stays_within_the_limit(many_connections: Committed) -> None:
    [actor], leads = await claimers(many_connections, 1, 20)
    async with many_connections.owner() as session:
        await session.execute(update(PoolRuleRow).values(claims_a_day=5))
    gate = asyncio.Barrier(20)
    results = Counter(await asyncio.gather(*(tried(actor, lead, gate) for lead in leads)))
    assert results == {"claimed": 5, "claim_limit_reached": 15}
