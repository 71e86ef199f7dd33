"""The figures of the funnel and its daily snapshot, while workers die in the middle of their batches: each deal counts once."""

import signal
import time

from backend.opportunities import funnel
from tests.factories import make_customer, make_opportunity, make_person
from tests.faults.harness import WITHIN, Site, report
from tests.simulators.company import owner_session
from tests.simulators.installation import eventually

DAYS = "delete from funnel_snapshot", "delete from funnel_day"
MISSING = """
select count(*) from opportunity o where state = 'open' and not exists (
    select from funnel_snapshot s join funnel_day d using (day) where s.opportunity_id = o.id and d.finished_at is not null)
"""
SUMS = "select kind, month, stage_id, region_id, source, currency, bucket, sum(n), sum(seconds) from ({rows}) f({columns}) group by 1, 2, 3, 4, 5, 6, 7 having sum(n) <> 0"


def sums(rows: str) -> str:
    return SUMS.format(rows=rows, columns=funnel.COLUMNS)


KEPT, COUNTED = sums(funnel.CELLS.format(where="true")), sums(funnel.facts())
DIFFERENT = f"select count(*) from (({KEPT} except all {COUNTED}) union all ({COUNTED} except all {KEPT})) wrong"


async def test_workers_killed_while_they_count_the_funnel_count_every_deal_once(site: Site) -> None:
    async with owner_session(site.installation) as session:
        customer = await make_customer(session, owner=await make_person(session))
        for _ in range(30):
            await make_opportunity(session, customer)
    assert await site.installation.value("select count(*) from funnel_delta") > 0
    await site.ask_for("fold_funnel")
    async with site.paused_worker("funnel.folded") as held:
        await held.reached()
    assert await site.installation.value(DIFFERENT) == 0
    for statement in DAYS:
        await site.installation.rows(statement)
    await site.ask_for("keep_funnel")
    async with site.paused_worker("funnel.kept") as held:
        await held.reached()
    assert await site.installation.value("select count(*) from funnel_snapshot") == 0, "a batch that did not end left nothing"
    started = time.monotonic()
    for name in ("worker", "other"):
        site.installation.worker(name)
        await site.ask_for("fold_funnel", "keep_funnel", "fold_funnel", "keep_funnel")

    async def done() -> bool:
        waiting = await site.installation.value("select count(*) from funnel_delta")
        return waiting == 0 and await site.installation.value(MISSING) == 0

    await eventually(done, WITHIN, "differences folded and every open deal kept")
    report("worker killed while it counts the funnel", recovery_seconds=time.monotonic() - started)
    site.installation.end("other", signal.SIGKILL)
    assert await site.installation.value(DIFFERENT) == 0
    assert (
        await site.installation.value(
            "select count(*) from (select from funnel_snapshot group by opportunity_id having count(*) > 1) twice"
        )
        == 0
    )
