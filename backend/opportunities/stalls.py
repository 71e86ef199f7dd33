"""FLOW-5, FLOW-2: the owner is told of deals that stand still, and of next steps that are due.

Both are found by the moments that an opportunity has anyway, and told once by a row of `opportunity_notice` (ADR 0011): an update that moves
the moment clears the flag by that alone.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.hot import Hot
from backend.deadlines.ladders import TRIALS
from backend.deadlines.rules import STALL, TRIAL_AHEAD, Ladder, RungTrial
from backend.notifications.service import Notice, notify
from backend.opportunities import queries, rules
from backend.opportunities.models import Opportunity, OpportunityNotice
from backend.opportunities.reading import card, clocks_from, clocks_of
from backend.opportunities.rules import Clocks

SWEEP_BATCH = 10_000
MOST_SINGLY = 3
"""More of one person's at once are told together: nobody reads thirty messages."""
NAMED = 3

TELL = """
with waiting as materialized (
    select o.id, o.{moment} as base_at
    from opportunity o left join opportunity_notice t on t.opportunity_id = o.id and t.kind = '{kind}'
    where o.state = 'open' and {is_due} and (t.opportunity_id is null or t.base_at <> o.{moment} or {has_worn_off})
), due as materialized (
    select id, base_at from waiting order by base_at, id limit cast(:most as int)
), told as (
    insert into opportunity_notice as t (opportunity_id, kind, base_at, told_at, times)
    select id, '{kind}', base_at, cast(:now as timestamptz), 1 from due
    on conflict (opportunity_id, kind) do update set base_at = excluded.base_at, told_at = excluded.told_at,
        times = case when t.base_at = excluded.base_at then t.times + 1 else 1 end
        where t.base_at <> excluded.base_at or {has_worn_off}
    returning opportunity_id, base_at, times
)
select o.id, o.number, o.name, o.owner_id, o.next_step, told.base_at, told.times, c.name as customer_name
from told join opportunity o on o.id = told.opportunity_id left join customer c on c.id = o.customer_id
order by o.owner_id, told.base_at, o.id
"""
"""`rules.is_told` over all that is due, found at once and then cut: cut while it looks, the database would look deal by deal. Two sweeps at once:
the second waits for the row of the first, and finds nothing left to tell.
"""

STALLED = Hot(
    TELL.format(
        kind="stall",
        moment="last_activity_at",
        is_due="o.last_activity_at <= :stale_before and coalesce(o.next_step_at, '-infinity') <= :planned_until",
        has_worn_off="t.told_at <= :again_before",
    )
)
DUE_STEPS = Hot(TELL.format(kind="next_step", moment="next_step_at", is_due="o.next_step_at <= :now", has_worn_off="false"))
FAR_AHEAD = datetime(9999, 12, 31, tzinfo=UTC)


async def tell_stalled(session: AsyncSession, now: datetime, most: int = SWEEP_BATCH) -> int:
    """Marks what stands still and is not told of, or was told of too long ago, and tells the owners; returns how many deals."""
    clocks = await clocks_of(session)
    moments = {
        "stale_before": clocks.stale_before(now),
        "planned_until": planned_until(clocks, now),
        "again_before": now - clocks.again_after,
    }
    rows = await STALLED.rows(session, now=now, most=most, **moments)
    await _tell(session, rows, "opportunity.stalled", clocks, now)
    return len(rows)


def planned_until(clocks: Clocks, now: datetime) -> datetime:
    """Next steps up to then suspend no flag: up to now where a planned one does, else all of them."""
    return now if clocks.spares_planned else FAR_AHEAD


async def tell_due_steps(session: AsyncSession, now: datetime, most: int = SWEEP_BATCH) -> int:
    """Tells the owners of next steps whose moment has come, once each; returns how many."""
    rows = await DUE_STEPS.rows(session, now=now, most=most)
    await _tell(session, rows, "opportunity.next_step_due", await clocks_of(session), now)
    return len(rows)


async def _tell(session: AsyncSession, rows: Sequence[Any], kind: str, clocks: Clocks, now: datetime) -> None:
    singles: list[Any] = []
    together: list[Notice] = []
    for owner_id, group in groupby(rows, lambda row: row.owner_id):
        deals = list(group)
        if len(deals) > MOST_SINGLY:
            together.append(Notice([owner_id], f"{kind}_many", _together(deals, now), None, None, is_urgent=True))
        else:
            singles += deals
    await notify(session, *together, *await _singly(session, singles, kind, clocks, now), now=now)


def _together(deals: Sequence[Any], now: datetime) -> dict[str, Any]:
    names = [row.customer_name or row.name for row in deals[:NAMED]]
    return {"count": len(deals), "names": names, "days": (now - deals[0].base_at).days}


async def _singly(session: AsyncSession, deals: Sequence[Any], kind: str, clocks: Clocks, now: datetime) -> list[Notice]:
    """Each with its card, so that an open board turns red."""
    if not deals:
        return []
    found = await session.execute(queries.cards().where(Opportunity.id.in_([row.id for row in deals])))
    cards = {row.id: card(row, clocks, now).model_dump(mode="json") for row in found}
    return [
        Notice(
            [row.owner_id],
            kind,
            {
                "number": rules.opportunity_number(row.number),
                "opportunity": row.name,
                "customer": row.customer_name,
                "days": (now - row.base_at).days,
                "next_step": row.next_step,
                "times": row.times,
            },
            rules.SUBJECT,
            row.id,
            is_urgent=True,
            shows=("opportunity.changed", cards[row.id]),
        )
        for row in deals
    ]


async def try_ladder(session: AsyncSession, ladder: Ladder, now: datetime) -> list[RungTrial]:
    """What other waiting times would do: how many deals would turn red, be told of again or be reported at once, and within a day."""
    was, new, soon = await clocks_of(session), clocks_from(ladder), now + TRIAL_AHEAD
    worn_off = {moment: OpportunityNotice.told_at <= moment - new.again_after for moment in (now, soon)}
    counts = {
        "flag": queries.trial(queries.flagged(was, now), queries.flagged(new, now), queries.flagged(new, soon)),
        "again": queries.trial_of_told(worn_off[now], worn_off[soon]),
        "report": queries.trial(queries.unadvanced(was, now), queries.unadvanced(new, now), queries.unadvanced(new, soon)),
    }
    found = {rung: (await session.execute(query)).one() for rung, query in counts.items()}
    return [
        RungTrial(rung.key, pending=found[rung.key].waiting, due_now=found[rung.key].at_once, due_soon=found[rung.key].soon)
        for rung in ladder.rungs
    ]


TRIALS[STALL] = try_ladder
