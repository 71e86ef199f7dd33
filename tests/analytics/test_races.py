"""The figures stay exact when much happens at once: real connections, committed data (ADR 0012)."""

import asyncio
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text, update

from backend.core.db import Lens, transaction
from backend.opportunities import funnel
from backend.opportunities.funnel_jobs import fold_funnel
from backend.opportunities.models import Opportunity, StageStay
from backend.pipelines.defaults import SHIPPED
from backend.pipelines.models import StageRow
from tests.analytics.conftest import cells
from tests.conftest import NOW, Committed
from tests.factories import make_customer, make_opportunity, make_person, make_region

KEPT = funnel.CELLS.format(where="true")
TURNS = 6


async def _move(committed: Committed, deal: UUID, stages: list[UUID], moved: list[str]) -> None:
    for turn in range(TURNS):
        async with committed.owner() as session:
            there, at = stages[turn % 2], NOW + timedelta(hours=turn + 1)
            await session.execute(update(Opportunity).where(Opportunity.id == deal).values(stage_id=there, stage_entered_at=at))
            left = {"left_at": at, "left_to": there, "left_move": "forward"}
            await session.execute(update(StageStay).where(StageStay.opportunity_id == deal, StageStay.left_at.is_(None)).values(left))
            session.add(StageStay(opportunity_id=deal, stage_id=there, move="forward", pipeline_version=1, entered_at=at))
        moved.append("moved")


async def _transfer(committed: Committed, deals: list[UUID], regions: list[UUID]) -> None:
    for turn in range(TURNS):
        for deal in deals:
            async with committed.owner() as session:
                changed = {"region_id": regions[turn % 2], "expected_amount": turn * 100}
                await session.execute(update(Opportunity).where(Opportunity.id == deal).values(changed))


async def _fold(moved: list[str]) -> None:
    while len(moved) < 4 * TURNS:
        await fold_funnel({})
        await asyncio.sleep(0)


async def test_moves_transfers_and_folds_at_once_lose_and_double_nothing(committed: Committed) -> None:
    async with committed.owner() as session:
        regions = [await make_region(session, name) for name in ("华东", "华南")]
        owner = await make_person(session, region=regions[0])
        customer = await make_customer(session, owner=owner)
        deals = [(await make_opportunity(session, customer)).id for _ in range(4)]
        found = select(StageRow.id).where(StageRow.pipeline_id == SHIPPED, StageRow.key.in_(["needs", "proposal"]))
        stages = list(await session.scalars(found))
    moved: list[str] = []
    places = [region.id for region in regions]
    moves = [_move(committed, deal, stages, moved) for deal in deals]
    await asyncio.gather(
        *moves, _transfer(committed, deals, places), _transfer(committed, deals[::-1], places[::-1]), _fold(moved), _fold(moved)
    )
    async with committed.owner() as session:
        assert await cells(session, KEPT) == await cells(session, funnel.facts())
    await fold_funnel({})
    async with committed.owner() as session:
        assert await cells(session, KEPT) == await cells(session, funnel.facts())
        assert await cells(session, f"select {funnel.COLUMNS} from funnel_delta") == []


RIGHTS = """
select has_table_privilege(t, r) from unnest(array['funnel_cell', 'funnel_dwell', 'funnel_delta']) t, unnest(array['insert', 'update', 'delete', 'truncate']) r
"""


async def test_who_looks_at_figures_cannot_write_them(committed: Committed) -> None:
    async with transaction(Lens.REGION, "system:test") as session:
        assert list(await session.scalars(text(RIGHTS))) == [False] * 12
