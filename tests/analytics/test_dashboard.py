"""VIEW-2: the dashboard over HTTP; each figure opens a list with as many rows."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.demo import seed
from backend.demo.world import person_id
from backend.identity.models import Person
from backend.pipelines.rules import Move
from tests.analytics.conftest import DASHBOARD, EARLY, Firm
from tests.conftest import NOW
from tests.factories import make_lead
from tests.leads.desk import Desk, DeskOf

API = "/api/v1"
DAY = timedelta(days=1)


async def lived(firm: Firm) -> None:
    """Four deals: one won after a return, one lost, two that stand; three leads, of which two became deals."""
    leads = [
        await make_lead(firm.house.session, owner=firm.house.zhang, received_at=EARLY + 40 * DAY, source="exhibition") for _ in range(3)
    ]
    of_lead = {"source": "exhibition", "lead_received_at": EARLY + 40 * DAY}
    won = await firm.deal(firm.near, EARLY + 41 * DAY, lead_id=leads[0].id, expected_amount=Decimal(500), **of_lead)
    for stage, move, days in (
        ("needs", Move.FORWARD, 43), ("proposal", Move.FORWARD, 50), ("needs", Move.BACK, 62), ("proposal", Move.FORWARD, 70),
        ("negotiation", Move.FORWARD, 85), ("closed", Move.WON, 99),
    ):  # fmt: skip
        await firm.move(won, stage, move, EARLY + days * DAY)
    lost = await firm.deal(firm.near, EARLY + 45 * DAY, lead_id=leads[1].id, expected_amount=Decimal(90), **of_lead)
    await firm.move(lost, "closed", Move.LOST, EARLY + 52 * DAY)
    standing = await firm.deal(firm.near, EARLY + 44 * DAY, expected_amount=Decimal(70), source="referral")
    await firm.move(standing, "needs", Move.FORWARD, EARLY + 60 * DAY)
    await firm.deal(firm.far, NOW - 8 * DAY, expected_amount=Decimal(1000))


class Lists:
    """The lists behind the figures, through one person's scope."""

    def __init__(self, user: Desk, scope: str, answer: dict[str, Any]) -> None:
        self.user, self.scope, self.answer = user, scope, answer

    async def rows(self, path: str, **query: Any) -> int:
        """As many as the list has, which its count says too."""
        found = await self.user.get(f"{API}/{path}", scope=self.scope, limit=200, **query)
        assert found.status_code == 200, found.text
        counts = {"opportunities": "opportunity-count", "stays": "stay-count", "leads": "leads/count"}
        count = (await self.user.get(f"{API}/{counts[path]}", scope=self.scope, **query)).json()["count"]
        assert count == len(found.json()["items"])
        return int(count)

    async def check(self, more: dict[str, Any]) -> int:
        """Every figure against its list; returns the sum of all, so that a test sees that there was something."""
        period, seen = self.answer["period"], 0
        since, before = period["starts_at"], period["ends_before"]
        for stage in self.answer["stages"]:
            of = {"stage": stage["stage"]["id"], **more}
            figures = [
                (stage["count"], "opportunities", {"state": "open"}),
                (stage["finished"], "stays", {"outcome": "ended", "ended_from": since, "ended_before": before}),
                (stage["standing"], "stays", {"outcome": "standing"}),
            ]
            for one, after in zip(stage["cohorts"], [*(later["month"] for later in stage["cohorts"][1:]), None], strict=True):
                began = {"began_from": _start(one["month"]), "began_before": _start(after) if after else before}
                figures += [(one["began"], "stays", began), (one["ended"], "stays", began | {"outcome": "ended"})]
                figures += [(one["advanced"], "stays", began | {"outcome": "advanced"})]
            for count, path, query in figures:
                if count or path == "opportunities":
                    assert await self.rows(path, **of, **query) == count, (stage["stage"]["key"], path, query)
                seen += count
        for state in ("won", "lost"):
            assert (
                await self.rows("opportunities", state=state, closed_from=since, closed_before=before, **more)
                == self.answer[state]["count"]
            )
        for source in self.answer["sources"]:
            of = {**more, "source": source["source"]}
            came = {"lead_received_from": since, "lead_received_before": before}
            assert await self.rows("leads", received_from=since, received_before=before, **of) == source["leads"]
            assert await self.rows("opportunities", **of, **came) == source["deals"]
            assert await self.rows("opportunities", **of, **came, state="won") == source["won"]
        return seen


def _start(month: str) -> str:
    return f"{datetime.fromisoformat(month).date()}T00:00:00+08:00"


@pytest.mark.parametrize(("who", "scope", "more", "total"), [
    ("zhang", "own", {}, 33), ("manager", "region", {}, 33), ("admin", "company", {}, 36), ("admin", "company", {"source": "exhibition"}, 26),
    ("huang", "own", {}, 3), ("director", "region", {"region": "south"}, 3),
])  # fmt: skip
async def test_each_figure_opens_a_list_of_so_many(
    firm: Firm, desk: DeskOf, who: str, scope: str, more: dict[str, str], total: int
) -> None:
    await lived(firm)
    user = await desk(getattr(firm.house, who))
    wanted = {name: str(firm.house.south.id) if name == "region" else value for name, value in more.items()}
    answer = await user.get(DASHBOARD, scope=scope, **wanted)
    assert answer.status_code == 200, answer.text
    assert await Lists(user, scope, answer.json()).check(wanted) == total


async def test_what_the_figures_say(firm: Firm, desk: DeskOf) -> None:
    await lived(firm)
    answer = (await (await desk(firm.house.zhang)).get(DASHBOARD)).json()
    stages = {one["stage"]["key"]: one for one in answer["stages"]}
    needs = stages["needs"]
    assert (needs["finished"], needs["average_days"], needs["median_days"]) == (2, "7.5", "7"), "a return adds a stay; 7 and 8 days"
    assert (needs["count"], needs["standing"], needs["sums"]) == (
        1, 1, [{"currency": "CNY", "count": 1, "amount": "70.00", "weighted": "15.93"}],
    )  # fmt: skip
    assert stages["proposal"]["average_days"] == "13.5"
    assert answer["bottleneck"] is None, "two stays accuse nobody"
    june = next(one for one in stages["first_contact"]["cohorts"] if one["month"] == "2025-06-01")
    assert (june["began"], june["ended"], june["advanced"]) == (3, 3, 2)
    assert answer["won"] == {"count": 1, "amounts": [{"currency": "CNY", "amount": "500.00"}]}
    assert [(one["source"], one["leads"], one["deals"], one["won"]) for one in answer["sources"]] == [("exhibition", 3, 2, 1)]
    assert (answer["period"]["first_month"], answer["period"]["starts_at"]) == ("2025-04-01", "2025-04-01T00:00:00+08:00")


async def test_a_period_of_whole_months_of_the_house(firm: Firm, desk: DeskOf) -> None:
    border = datetime.fromisoformat("2026-02-01T00:00:00+08:00")
    for at in (border - timedelta(microseconds=1), border):
        deal = await firm.deal(firm.near, border - 9 * DAY)
        await firm.move(deal, "needs", Move.FORWARD, at)
    user = await desk(firm.house.zhang)
    for last, months, finished in (("2026-01", 1, 1), ("2026-02", 1, 1), ("2026-02", 2, 2), ("2025-12", 12, 0)):
        answer = (await user.get(DASHBOARD, last_month=last, months=months)).json()
        assert answer["stages"][0]["finished"] == finished, (last, months)
    for wrong in ({"last_month": "2026-13"}, {"months": 0}, {"months": 37}, {"last_month": "now"}):
        assert (await user.get(DASHBOARD, **wrong)).status_code == 422, wrong
    assert (await user.get(DASHBOARD, pipeline=str(firm.near.id))).status_code == 404


async def test_the_longest_stays_come_first_page_by_page(firm: Firm, desk: DeskOf) -> None:
    for days in (3, 11, 7, 11, 1):
        deal = await firm.deal(firm.near, EARLY)
        await firm.move(deal, "needs", Move.FORWARD, EARLY + days * DAY)
    user, cursor, seen = await desk(firm.house.zhang), None, []
    while True:
        query = {"sort": "-dwell", "limit": 2, "stage": str(firm.stages["first_contact"])} | ({"cursor": cursor} if cursor else {})
        page = (await user.get(f"{API}/stays", **query)).json()
        seen += [(datetime.fromisoformat(one["left_at"]) - datetime.fromisoformat(one["entered_at"])).days for one in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == [11, 11, 7, 3, 1]
    began = (await user.get(f"{API}/stays", sort="began", outcome="standing")).json()["items"]
    assert [one["entered_at"] for one in began] == sorted(one["entered_at"] for one in began)


LAYOUT = {"tiles": [{"name": "dwell", "width": 2, "height": 1}, {"name": "funnel", "width": 4, "height": 2}]}


async def test_a_person_arranges_the_dashboard_for_themselves(firm: Firm, desk: DeskOf) -> None:
    user = await desk(firm.house.zhang)
    kept = await user.post(f"{API}/views", {"subject": "dashboard", "name": "x", "settings": LAYOUT, "is_default": True})
    assert (kept.status_code, kept.json()["settings"]) == (201, LAYOUT)
    assert (await (await desk(firm.house.li)).get(f"{API}/views", subject="dashboard")).json()["items"] == []
    for wrong in ({"tiles": []}, {"tiles": LAYOUT["tiles"] * 2}, {"tiles": [{"name": "weather", "width": 1, "height": 1}]}):
        refused = await user.post(f"{API}/views", {"subject": "dashboard", "name": "x", "settings": wrong})
        assert refused.json()["code"] == "bad_view_settings", wrong


async def test_a_view_of_the_list_keeps_every_filter(firm: Firm, desk: DeskOf) -> None:
    settings = {
        "scope": "own", "sort": "-amount", "columns": ["name", "stage", "amount"],
        "filter": {"state": ["lost"], "loss_reason": ["price"], "amount_from": "100.00", "closes_from": "2026-01-01", "in_stage_days": 15, "is_late": True},
    }  # fmt: skip
    kept = await (await desk(firm.house.zhang)).post(f"{API}/views", {"subject": "opportunity", "name": "贵丢的", "settings": settings})
    assert (kept.status_code, kept.json()["settings"]) == (201, settings)


@pytest.fixture
async def demo(session: AsyncSession) -> AsyncIterator[AsyncSession]:
    assert await seed.fill(session, NOW)
    await session.execute(text("set constraints all immediate"))
    yield session


async def test_the_demo_names_the_proposal_as_the_bottleneck(demo: AsyncSession, desk: DeskOf) -> None:
    """The firm that the product comes from: 11.3 days, where five to seven are usual."""
    admin = await demo.scalar(select(Person).where(Person.id == person_id("admin")))
    answer = (await (await desk(admin)).get(DASHBOARD, scope="company")).json()
    stages = {one["stage"]["key"]: (one["average_days"], one["dwell_min_days"], one["dwell_max_days"]) for one in answer["stages"]}
    assert answer["bottleneck"] == "proposal"
    assert stages["proposal"] == ("11.3", 5, 7)
    assert {key: days for key, (days, *_) in stages.items()} == {
        "first_contact": "2.1", "needs": "5.4", "proposal": "11.3", "negotiation": "9.2",
    }  # fmt: skip
