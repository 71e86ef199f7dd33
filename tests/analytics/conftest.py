"""Deals with histories, written as the product writes them, and the figures counted by hand."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.analytics.rules import dwell_bucket
from backend.customers.models import Customer
from backend.opportunities.funnel import COLUMNS, KEYS, VALUES
from backend.opportunities.models import Opportunity, StageStay
from backend.pipelines.defaults import SHIPPED
from backend.pipelines.models import StageRow
from backend.pipelines.rules import ADVANCES, Move
from tests.conftest import NOW
from tests.factories import make_customer, make_opportunity
from tests.leads.conftest import House, desk, house

__all__ = ["desk", "house"]
DASHBOARD = "/api/v1/dashboard"
ZONE = ZoneInfo("Asia/Shanghai")
EARLY = datetime(2025, 5, 1, tzinfo=UTC)


@dataclass
class Firm:
    """The sales house with two customers, in two regions, and its stages by name."""

    house: House
    near: Customer
    far: Customer
    stages: dict[str, UUID] = field(default_factory=dict)

    async def deal(self, customer: Customer, at: datetime, **fields: Any) -> Opportunity:
        moments = dict.fromkeys(("created_at", "last_activity_at", "stage_entered_at", "advanced_at"), at)
        return await make_opportunity(self.house.session, customer, **moments | fields)

    async def move(self, deal: Opportunity, stage: str, move: Move, at: datetime) -> None:
        """As `opportunities.moving` writes it."""
        session, there = self.house.session, self.stages[stage]
        is_closed = move in (Move.WON, Move.LOST)
        values = {
            "stage_id": there, "stage_entered_at": at, "state": move.value if is_closed else "open", "closed_at": at if is_closed else None,
            "loss_reason": "price" if move is Move.LOST else None,
        }  # fmt: skip
        await session.execute(update(Opportunity).where(Opportunity.id == deal.id).values(values))
        left = {"left_at": at, "left_to": there, "left_move": move.value}
        await session.execute(update(StageStay).where(StageStay.opportunity_id == deal.id, StageStay.left_at.is_(None)).values(left))
        session.add(StageStay(opportunity_id=deal.id, stage_id=there, move=move.value, pipeline_version=1, entered_at=at))
        await session.flush()
        await session.refresh(deal)

    async def change(self, deal: Opportunity, **values: Any) -> None:
        await self.house.session.execute(update(Opportunity).where(Opportunity.id == deal.id).values(values))
        await self.house.session.refresh(deal)


@pytest.fixture
async def firm(house: House) -> Firm:
    session = house.session
    near = await make_customer(session, owner=house.zhang)
    far = await make_customer(session, owner=house.huang)
    found = select(StageRow.key, StageRow.id).where(StageRow.pipeline_id == SHIPPED)
    return Firm(house, near, far, dict((await session.execute(found)).tuples().all()))


def month_of(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m")


@dataclass
class Naive:
    """All histories as plain rows, and the figures as one would count them with a pencil."""

    deals: list[Any]
    stays: list[Any]

    @classmethod
    async def read(cls, session: AsyncSession) -> "Naive":
        deals = (await session.execute(select(Opportunity.__table__))).all()
        stays = (await session.execute(select(StageStay.__table__))).all()
        return cls(list(deals), list(stays))

    def only(self, **wanted: Any) -> "Naive":
        """Of the deals with these values."""
        kept = [deal for deal in self.deals if all(getattr(deal, name) == value for name, value in wanted.items())]
        ids = {deal.id for deal in kept}
        return Naive(kept, [stay for stay in self.stays if stay.opportunity_id in ids])

    def stage(self, stage_id: UUID, months: list[str]) -> dict[str, Any]:
        here = [stay for stay in self.stays if stay.stage_id == stage_id]
        took = [(stay.left_at - stay.entered_at) for stay in here if stay.left_at and month_of(stay.left_at) in months]
        waits = [NOW - stay.entered_at for stay in here if stay.left_at is None]
        standing = [deal for deal in self.deals if deal.stage_id == stage_id and deal.state == "open"]
        amounts: dict[str, Decimal] = defaultdict(Decimal)
        for deal in standing:
            amounts[deal.currency] += deal.expected_amount or 0
        return {
            "count": len(standing),
            "amounts": {currency: f"{amount:.2f}" for currency, amount in amounts.items()},
            "finished": len(took),
            "average": _mean(took),
            "median": _median(took),
            "standing": len(waits),
            "standing_days": _mean(waits),
            "cohorts": {
                month: (
                    len(began := [stay for stay in here if month_of(stay.entered_at) == month]),
                    sum(stay.left_at is not None for stay in began),
                    sum(stay.left_move in ADVANCES for stay in began),
                )
                for month in months
            },
        }

    def closed(self, state: str, months: list[str]) -> int:
        return sum(deal.state == state and month_of(deal.closed_at) in months for deal in self.deals)

    def sources(self, months: list[str]) -> dict[str, tuple[int, int]]:
        """Source -> deals of leads that were received in these months, and how many of them are won."""
        found: dict[str, list[Any]] = defaultdict(list)
        for deal in self.deals:
            if deal.lead_received_at and month_of(deal.lead_received_at) in months:
                found[deal.source].append(deal)
        return {source: (len(deals), sum(deal.state == "won" for deal in deals)) for source, deals in found.items()}


def _mean(spans: list[timedelta]) -> str | None:
    whole = sum(spans, timedelta()) // timedelta(microseconds=1)
    mean = Decimal(whole) / 10**6 / 86400 / len(spans) if spans else None
    return None if mean is None else f"{mean.quantize(Decimal('0.1'), ROUND_HALF_UP)}"


def _median(spans: list[timedelta]) -> str | None:
    buckets = sorted(dwell_bucket(Decimal(span // timedelta(microseconds=1)) / 10**6) for span in spans)
    return f"{Decimal(buckets[(len(buckets) - 1) // 2]) / 10:.1f}" if buckets else None


def counted(answer: dict[str, Any], stage: str) -> dict[str, Any]:
    """The same of what the API answers."""
    one = next(found for found in answer["stages"] if found["stage"]["key"] == stage)
    return {
        "count": one["count"],
        "amounts": {sums["currency"]: sums["amount"] for sums in one["sums"]},
        "finished": one["finished"],
        "average": one["average_days"],
        "median": one["median_days"] and f"{Decimal(one['median_days']):.1f}",
        "standing": one["standing"],
        "standing_days": one["standing_days"],
        "cohorts": {cohort["month"][:7]: (cohort["began"], cohort["ended"], cohort["advanced"]) for cohort in one["cohorts"]},
    }


async def cells(session: AsyncSession, table: str) -> list[Any]:
    sums = ", ".join(f"sum({value})" for value in VALUES)
    changed = " or ".join(f"sum({value}) <> 0" for value in VALUES)
    query = f"select {', '.join(KEYS)}, {sums} from ({table}) f({COLUMNS}) group by {', '.join(KEYS)} having {changed} order by {', '.join(KEYS)}"
    return list((await session.execute(text(query))).all())
