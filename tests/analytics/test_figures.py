"""The figures are those of the history, whatever happened, through every lens; and they are kept exact (ADR 0012)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.core.db import Lens, bind
from backend.opportunities import funnel
from backend.pipelines.rules import Move
from tests.analytics.conftest import DASHBOARD, EARLY, Firm, Naive, cells, counted
from tests.conftest import NOW, as_owner
from tests.leads.desk import DeskOf

STAGES = ("first_contact", "needs", "proposal", "negotiation")
MONTHS = [f"2025-{month:02}" for month in range(4, 13)] + ["2026-01", "2026-02", "2026-03"]
KEPT = funnel.CELLS.format(where="true")

step = st.fixed_dictionaries(
    {
        "wait": st.integers(0, 60 * 24 * 3600),
        "to": st.sampled_from([*STAGES, "won", "lost"]),
        "amount": st.none() | st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100),
        "currency": st.sampled_from(["CNY", "USD"]),
        "region": st.sampled_from(["east", "south", None]),
        "source": st.sampled_from(["website", "referral"]),
        "fold": st.booleans(),
    }
)
history = st.fixed_dictionaries(
    {"start": st.integers(0, 250 * 24 * 3600), "is_near": st.booleans(), "has_lead": st.booleans(), "steps": st.lists(step, max_size=5)}
)


def way(here: str, there: str) -> Move:
    if there in ("won", "lost"):
        return Move(there)
    if here == "closed":
        return Move.REOPENED
    gap = STAGES.index(there) - STAGES.index(here)
    return Move.BACK if gap < 0 else Move.FORWARD if gap == 1 else Move.SKIP


async def play(firm: Firm, told: dict[str, Any]) -> None:
    """A deal lives as the strategy tells it; at any point the differences may be folded."""
    at, here = EARLY + timedelta(seconds=told["start"]), STAGES[0]
    lead = {"lead_received_at": at - timedelta(days=3)} if told["has_lead"] else {}
    deal = await firm.deal(firm.near if told["is_near"] else firm.far, at, **lead)
    for one in told["steps"]:
        at += timedelta(seconds=one["wait"], microseconds=17)
        region = getattr(firm.house, one["region"]).id if one["region"] else None
        changed = {"expected_amount": one["amount"], "currency": one["currency"], "region_id": region, "source": one["source"]}
        await firm.change(deal, **changed)
        stage = "closed" if one["to"] in ("won", "lost") else one["to"]
        if stage != here and at < NOW:
            await firm.move(deal, stage, way(here, one["to"]), at)
            here = stage
        if one["fold"]:
            await funnel.fold(firm.house.session)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(history, min_size=1, max_size=4))
async def test_any_history_gives_the_figures_that_one_counts_by_hand(firm: Firm, desk: DeskOf, told: list[dict[str, Any]]) -> None:
    savepoint = await firm.house.session.begin_nested()
    try:
        for one in told:
            await play(firm, one)
        await compare(firm, desk)
    finally:
        await savepoint.rollback()


async def compare(firm: Firm, desk: DeskOf) -> None:
    session = firm.house.session
    assert await cells(session, KEPT) == await cells(session, funnel.facts()), "kept by differences, and made from history"
    whole = await Naive.read(session)
    looks: list[tuple[Any, dict[str, Any], Naive]] = [
        (firm.house.admin, {"scope": "company"}, whole),
        (firm.house.admin, {"scope": "company", "source": "referral"}, whole.only(source="referral")),
        (firm.house.manager, {"scope": "region"}, whole.only(region_id=firm.house.east.id)),
        (firm.house.manager, {"scope": "region", "owner": str(firm.house.zhang.id)},
         whole.only(region_id=firm.house.east.id, owner_id=firm.house.zhang.id)),
        (firm.house.huang, {"scope": "own"}, whole.only(owner_id=firm.house.huang.id)),
    ]  # fmt: skip
    for person, query, naive in looks:
        answer = (await (await desk(person)).get(DASHBOARD, last_month="2026-03", **query)).json()
        for stage in STAGES:
            assert counted(answer, stage) == naive.stage(firm.stages[stage], MONTHS), (query, stage)
        assert (answer["won"]["count"], answer["lost"]["count"]) == (naive.closed("won", MONTHS), naive.closed("lost", MONTHS))
        assert {one["source"]: (one["deals"], one["won"]) for one in answer["sources"]} == naive.sources(MONTHS)


async def test_figures_that_are_made_anew_are_those_that_were_kept(firm: Firm) -> None:
    session = firm.house.session
    for number in range(12):
        deal = await firm.deal(firm.near, EARLY + number * timedelta(days=20), expected_amount=Decimal(number * 1000))
        await firm.move(deal, "needs", Move.FORWARD, EARLY + timedelta(days=20 * number + 3))
        await firm.change(deal, region_id=firm.house.south.id if number % 2 else None, owner_id=firm.house.li.id)
    kept = await cells(session, KEPT)
    await bind(session, Lens.SYSTEM, "system:test")
    assert await funnel.fold(session) is False
    await as_owner(session)
    assert await cells(session, KEPT) == kept
    assert await cells(session, f"select {funnel.COLUMNS} from funnel_delta") == []
    await funnel.rebuild(session)
    assert await cells(session, KEPT) == kept


async def test_the_board_shows_the_sums_that_it_would_count(firm: Firm, desk: DeskOf) -> None:
    """The company's board reads the figures; narrowed by what all of its deals have in common, it counts."""
    for number, move in enumerate((None, Move.WON, Move.LOST, None)):
        deal = await firm.deal(firm.near if number else firm.far, NOW - timedelta(days=9), expected_amount=Decimal("123.45") * number)
        if move:
            await firm.move(deal, "closed", move, NOW - timedelta(days=1))
    user = await desk(firm.house.admin)
    read, added = [
        (await user.get("/api/v1/board", scope="company", **more)).json()["columns"] for more in ({}, {"created_from": EARLY.isoformat()})
    ]
    assert [column["sums"] for column in read] == [column["sums"] for column in added]
    assert read[-1]["sums"] == [{"currency": "CNY", "count": 2, "amount": "370.35", "weighted": "123.45"}]
    near = {"region": str(firm.house.east.id)}
    assert (await user.get("/api/v1/board", scope="company", **near)).json()["columns"][0]["count"] == 1
