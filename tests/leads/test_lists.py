"""Lists of leads: search, filters, sorts, pages and counts, through every lens; the database's function agrees with row security."""

import itertools
import random
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import listing, search
from backend.core.db import bind
from backend.deadlines import service as deadlines
from backend.deadlines.rules import FIRST_CONTACT
from backend.identity.deps import LENS_OF_SCOPE
from backend.identity.models import Person
from backend.leads import lists
from backend.leads.finding import LeadFilter, Sort
from backend.leads.models import Lead
from backend.leads.rules import lead_number
from tests.conftest import NOW, as_owner
from tests.factories import make_lead
from tests.leads.conftest import HOURS_48, House
from tests.leads.desk import LEADS, DeskOf

PARTS = ("苏州", "精工", "精密", "机械", "华丰", "ABB", "模具", "有限公司", "重庆", "3M")
PEOPLE = ("王芳", "李伟", "Anna Li", "王海燕", "")
QUERIES = (
    "精密", "精工", "密机", "机械有限", "华丰", "abb", "3m", "有限公司", "jgjm", "jm", "jingmi", "jing", "suzhou", "王芳", "wangf", "wf",
    "anna", "138", "1380", "0000", "138-0", "cq", "zhongqing", "chongqing", "王", "不存在", "zzzz",
)  # fmt: skip


async def crowd(house: House, count: int) -> list[Lead]:
    """Leads of every holder, made of a few words so that a search finds some and not others."""
    dice = random.Random(7)
    owners = (house.zhang, house.li, house.huang, house.manager, None)
    made = []
    for number in range(count):
        owner = dice.choice(owners)
        pooled = {} if owner else {"region": dice.choice((house.east, house.south, None)), "pooled_at": NOW}
        backup = {"backup_owner_id": dice.choice((house.zhang.id, house.huang.id, None))} if owner else {}
        moment = NOW - timedelta(minutes=dice.randrange(30))
        fields: dict[str, Any] = {**pooled, **backup, "received_at": moment, "phone": dice.choice((f"1380{number:07}", None))}
        company, contact = "".join(dice.sample(PARTS, 3)), dice.choice(PEOPLE)
        made.append(await make_lead(house.session, owner=owner, company=company, contact_name=contact, **fields))
    return made


async def visible(session: AsyncSession, person: Person, scope: str) -> set[UUID]:
    """What row security itself shows."""
    await bind(session, LENS_OF_SCOPE[scope], str(person.id))  # type: ignore[index]
    found = set(await session.scalars(select(Lead.id)))
    await as_owner(session)
    return found


async def found(session: AsyncSession, person: Person, scope: str, wanted: LeadFilter) -> list[UUID]:
    await bind(session, LENS_OF_SCOPE[scope], str(person.id))  # type: ignore[index]
    page = await lists.page(session, scope, wanted, Sort.RECEIVED, None, 200, NOW)
    await as_owner(session)
    return [item.id for item in page.items]


async def test_a_search_finds_what_a_look_at_every_visible_row_finds(house: House) -> None:
    leads = await crowd(house, 80)
    looked = [
        (house.zhang, "own"), (house.huang, "own"), (house.manager, "region"), (house.director, "region"), (house.admin, "company"),
        (house.marketing, "company"), (house.zhang, "pool"), (house.huang, "pool"), (house.director, "pool"),
    ]  # fmt: skip
    hits = 0
    for person, scope in looked:
        seen = await visible(house.session, person, scope)
        assert seen, (person.name, scope)
        assert set(await found(house.session, person, scope, LeadFilter())) == seen
        for query in (one for one in QUERIES if len(one) > 1):
            naive = {lead.id for lead in leads if lead.id in seen and search.contains(lead.search_text, search.needle(query))}
            answer = await found(house.session, person, scope, LeadFilter(q=query))
            assert (len(answer), set(answer)) == (len(naive), naive), (person.name, scope, query)
            hits += len(naive)
    assert hits > 500


async def test_without_the_reach_the_function_finds_nothing(house: House) -> None:
    await crowd(house, 20)
    for person, scope in ((house.zhang, "region"), (house.zhang, "company"), (house.marketing, "pool"), (house.marketing, "region")):
        assert await visible(house.session, person, scope) == set()
        assert await found(house.session, person, scope, LeadFilter()) == []


async def test_a_frequent_and_a_rare_word_are_found_the_same_way(house: House) -> None:
    """A page of one lead: with two hits the list is walked, with none before the end the grams decide."""
    rare = await make_lead(house.session, owner=house.zhang, company="罕见字号", received_at=NOW - timedelta(days=9))
    for number in range(12):
        await make_lead(house.session, owner=house.zhang, company=f"常见{number}")
    await bind(house.session, LENS_OF_SCOPE["region"], str(house.manager.id))
    for wanted, count in (("常见", 12), ("罕见", 1)):
        page = await lists.page(house.session, "region", LeadFilter(q=wanted), Sort.RECEIVED, None, 1, NOW)
        assert len(page.items) == 1
        assert (await lists.count(house.session, LeadFilter(q=wanted), NOW)).count == count
    assert page.items[0].id == rare.id


async def test_a_number_finds_its_lead(house: House, desk: DeskOf) -> None:
    leads = [await make_lead(house.session, owner=house.zhang, company=f"甲{index}公司") for index in range(3)]
    user = await desk(house.zhang)
    assert await user.companies(q=lead_number(leads[1].number)) == ["甲1公司"]
    assert await user.companies(q=f"xs{leads[2].number}") == ["甲2公司"]
    assert await user.companies(q="XS99999999") == []


@pytest.mark.parametrize("query", ["王", "（", "1"])
async def test_one_character_is_too_short(house: House, desk: DeskOf, query: str) -> None:
    user = await desk(house.zhang)
    for path in (LEADS, f"{LEADS}/count"):
        answer = await user.get(path, q=query)
        assert (answer.status_code, answer.json()["code"]) == (422, "search_too_short")


async def test_what_a_form_brought_is_found_once_it_has_been_assigned(house: House, desk: DeskOf) -> None:
    user = await desk(house.marketing)
    created = await user.post(
        LEADS, {"company": "无锡海达机械有限公司", "contact_name": "陈工", "phone": "13900001111", "province": "江苏"}
    )
    lead = await house.lead(UUID(created.json()["id"]))
    lead.search_text = lead.company_sort = ""
    await house.session.flush()
    await house.relay()
    for query in ("海达", "hdjx", "haida", "陈工", "0000111"):
        assert await user.companies(scope="company", q=query) == ["无锡海达机械有限公司"], query


async def filtered(house: House) -> dict[str, Lead]:
    """One lead for each filter; all but what is named about it is alike."""
    late, early = NOW - timedelta(days=40), NOW - timedelta(hours=60)
    rows: dict[str, dict[str, Any]] = {
        "plain": {},
        "following": {"state": "following", "first_follow_up_at": NOW, "last_follow_up_at": NOW},
        "quiet": {"state": "following", "first_follow_up_at": late, "last_follow_up_at": late},
        "partner": {"source": "partner"},
        "line": {"product_line": "弹簧"},
        "old": {"received_at": late},
        "silent": {"phone": None, "email": "a@b.cn"},
        "risen": {"escalation_level": 1, "escalated_to_id": house.manager.id},
        "overdue": {"assigned_at": early},
        "lis": {"owner": house.li},
        "south": {"region": house.south},
    }
    made = {}
    for name, fields in rows.items():
        made[name] = await make_lead(house.session, **{"owner": house.zhang, "company": name, **fields})
    bases = {"assigned": early, "first_assigned": early}
    await deadlines.arm(house.session, FIRST_CONTACT, "lead", made["overdue"].id, bases, NOW)
    assert early + HOURS_48 < NOW
    return made


async def test_each_filter_narrows_to_its_leads(house: House, desk: DeskOf) -> None:
    everything = set(await filtered(house))
    user = await desk(house.director)
    week = (NOW - timedelta(days=7)).isoformat()
    for params, names in (
        ({"state": "following"}, {"following", "quiet"}),
        ({"state": ["following", "assigned"]}, everything),
        ({"state": "disqualified"}, set()),
        ({"source": ["partner", "nowhere"]}, {"partner"}),
        ({"product_line": "弹簧"}, {"line"}),
        ({"received_before": week}, {"old"}),
        ({"received_from": week}, everything - {"old"}),
        ({"quiet_since": week}, {"quiet"}),
        ({"has_phone": False}, {"silent"}),
        ({"has_phone": True}, everything - {"silent"}),
        ({"is_escalated": True}, {"risen"}),
        ({"is_escalated": False}, everything - {"risen"}),
        ({"is_overdue": True}, {"overdue"}),
        ({"is_overdue": False}, everything - {"overdue"}),
        ({"has_owner": False}, set()),
        ({"owner": str(house.li.id)}, {"lis"}),
        ({"region": str(house.south.id)}, {"south"}),
        ({"region": [str(house.south.id), str(house.east.id)]}, everything),
        ({"q": "lin", "product_line": "弹簧"}, {"line"}),
        ({"q": "lin", "product_line": "轴承"}, set()),
    ):
        assert set(await user.companies(scope="region", **params)) == names, params
        counted = await user.get(f"{LEADS}/count", scope="region", **params)
        assert counted.json() == {"count": len(names), "is_more": False}, params


async def sortable(house: House) -> dict[str, Lead]:
    amounts = (Decimal("10.50"), None, Decimal(900), Decimal(0), None)
    steps = (None, NOW, None, NOW - timedelta(days=1), NOW + timedelta(days=1))
    names = ("重庆", "北京", "上海", "安阳", "ABC")
    made = {}
    for number, (name, amount, step) in enumerate(zip(names, amounts, steps, strict=True)):
        moment = NOW - timedelta(hours=number // 2)
        made[name] = await make_lead(
            house.session, owner=house.zhang, company=name, expected_amount=amount, next_step_at=step, received_at=moment,
            last_activity_at=NOW - timedelta(hours=(number * 3) % 5), state="following",
        )  # fmt: skip
    return made


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize(("who", "scope"), [("zhang", "own"), ("director", "region"), ("admin", "company")])
async def test_every_sort_pages_in_its_order_without_gap_or_repeat(house: House, desk: DeskOf, sort: Sort, who: str, scope: str) -> None:
    made = await sortable(house)
    keys = {
        "received": lambda lead: lead.received_at, "activity": lambda lead: lead.last_activity_at, "company": lambda lead: lead.company_sort,
        "next_step": lambda lead: (lead.next_step_at is None, lead.next_step_at or NOW), "amount": lambda lead: lead.expected_amount if lead.expected_amount is not None else -1,
    }  # fmt: skip
    key = keys[sort.value.lstrip("-")]
    wanted = [lead.company for lead in sorted(made.values(), key=lambda lead: (key(lead), lead.id), reverse=sort.value.startswith("-"))]
    user, cursor = await desk(getattr(house, who)), None
    shown: list[str] = []
    for _ in itertools.count():
        page = (await user.get(LEADS, scope=scope, sort=sort.value, limit=2, **({"cursor": cursor} if cursor else {}))).json()
        shown += [item["company"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert shown == wanted


async def test_a_cursor_belongs_to_its_filter_and_sort(house: House, desk: DeskOf) -> None:
    await sortable(house)
    user = await desk(house.zhang)
    cursor = (await user.get(LEADS, limit=2, sort="-amount")).json()["next_cursor"]
    assert (await user.get(LEADS, limit=2, sort="-amount", cursor=cursor)).status_code == 200
    for other in ({"sort": "-received"}, {"sort": "-amount", "q": "重庆"}, {"sort": "-amount", "state": "new"}):
        assert (await user.get(LEADS, limit=2, cursor=cursor, **other)).status_code == 400
    assert (await user.get(LEADS, sort="phone")).status_code == 422


async def test_a_count_stops_at_its_bound(house: House, desk: DeskOf, monkeypatch: pytest.MonkeyPatch) -> None:
    await sortable(house)
    monkeypatch.setattr(listing, "COUNTED", 3)
    assert (await (await desk(house.zhang)).get(f"{LEADS}/count")).json() == {"count": 3, "is_more": True}


async def test_quotes_and_wildcards_in_a_search_are_only_text(house: House, desk: DeskOf) -> None:
    await make_lead(house.session, owner=house.zhang, company="O'Neil %百分% 公司")
    await make_lead(house.session, owner=house.zhang, company="别的公司")
    user = await desk(house.zhang)
    assert await user.companies(q="o'neil") == ["O'Neil %百分% 公司"]
    assert await user.companies(q="%百") == ["O'Neil %百分% 公司"]
    for query in ("%%", "__", "'; drop table lead; --", "\\' or 1=1", "{1}", "%s%L"):
        assert await user.companies(q=query) == [], query
    for hostile in ("x' or true --", "{}"):
        assert await user.companies(source=hostile) == []


def test_only_what_narrows_is_in_the_conditions() -> None:
    assert lists.conditions(LeadFilter(), NOW) == {}
    assert lists.conditions(LeadFilter(q="XS00000042"), NOW) == {"number": 42}
    assert lists.conditions(LeadFilter(q="精密", states=["new"], is_overdue=False), NOW) == {
        "needle": "精密", "grams": ["精密"], "states": ["new"], "is_overdue": False, "now": NOW.isoformat(),
    }  # fmt: skip


OTHERS = """
insert into lead (id, company, contact_name, company_key, source, currency, custom, state, owner_id, region_id, received_at, assigned_at, first_assigned_at, last_activity_at)
select uuidv7(), 'f' || n, '', '', 'website', 'CNY', '{}', 'assigned', :owner, :region, moment, moment, moment, moment
from generate_series(1, 20000) n cross join lateral (select cast(:now as timestamptz) - n * interval '1 minute') of_row(moment)
"""
WORK = """
select coalesce(pg_stat_get_xact_tuples_returned('lead'::regclass), 0) + sum(pg_stat_get_xact_tuples_returned(indexrelid))
from pg_index where indrelid = 'lead'::regclass
"""


async def test_who_has_few_of_many_leads_walks_over_these_few(house: House) -> None:
    """Rows and index entries that the database touches for the own list, in every order."""
    await house.session.execute(text(OTHERS), {"owner": house.li.id, "region": house.east.id, "now": NOW})
    mine = [await make_lead(house.session, owner=house.zhang, received_at=NOW - timedelta(days=number)) for number in (30, 60, 90)]
    await house.session.execute(text("analyze lead"))
    await bind(house.session, LENS_OF_SCOPE["own"], str(house.zhang.id))
    touched = {}
    for sort in Sort:
        before = await house.session.scalar(text(WORK))
        page = await lists.page(house.session, "own", LeadFilter(), sort, None, 50, NOW)
        assert {item.id for item in page.items} == {lead.id for lead in mine}, sort
        touched[sort] = await house.session.scalar(text(WORK)) - before
    assert {sort: work for sort, work in touched.items() if work >= 50} == {}
