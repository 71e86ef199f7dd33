"""Board, moves and dashboard on a million opportunities, and the longest timeline, as a rep, a regional manager and a director see them."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from backend.pipelines.defaults import SHIPPED
from bench.figures import milliseconds, percentile, show
from bench.looking import REGIONS
from bench.many_opportunities import Deals
from bench.wire import Poster
from tests.simulators.company import sign_in
from tests.simulators.installation import Installation

ROUNDS, WARM_UP = 60, 8
LIMITS = {"board_million": 80, "card_move": 40, "dashboard_million": 300, "timeline_page": 40}
MOST_TIMES_BARE = 3
"""Of the board; a dashboard is compared with counting everything anew, which it must not need."""

BARE_SUMS = """
select o.stage_id, o.currency, count(*), sum(coalesce(o.expected_amount, 0)), sum(coalesce(o.expected_amount, 0) * s.win_rate)
from opportunity o join pipeline_stage s on s.id = o.stage_id
where o.pipeline_id = $2 and (o.state = 'open' or o.closed_at >= now() - interval '30 days') and {condition} group by 1, 2
"""
BARE_CARDS = """
select o.*, c.number, c.name, w.name, b.name, r.name from (
    select * from opportunity o where o.stage_id = $2 and {condition} order by o.stage_entered_at desc, o.id desc limit 31) o
join person w on w.id = o.owner_id left join customer c on c.id = o.customer_id left join person b on b.id = o.backup_owner_id
left join region r on r.id = o.region_id order by o.stage_entered_at desc, o.id desc
"""
BARE_DASHBOARD = """
select s.stage_id, date_trunc('month', s.entered_at at time zone 'Asia/Shanghai'), count(*), count(*) filter (where s.left_move in ('forward', 'skip', 'won')),
    avg(s.left_at - s.entered_at), percentile_disc(0.5) within group (order by s.left_at - s.entered_at)
from stage_stay s join opportunity o on o.id = s.opportunity_id
where s.entered_at >= now() - interval '12 months' and {condition} group by 1, 2
"""
BARE_TIMELINE = "select * from timeline_entry where subject_id = $1 order by at desc, id desc limit 51"


@dataclass(frozen=True)
class Look:
    who: str
    scope: str
    condition: str
    given: Any


class Bench:
    def __init__(self, installation: Installation, tokens: dict[str, str], poster: Poster, held: dict[str, int]) -> None:
        self.installation, self.tokens, self.poster, self.held = installation, tokens, poster, held

    async def ask(self, who: str, path: str, query: dict[str, Any]) -> Any:
        return await self.send(who, "GET", f"{path}?{urlencode(query)}", b"", {})

    async def send(self, who: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Any:
        head = {"authorization": f"Bearer {self.tokens[who]}", "content-type": "application/json", **headers}
        status, answer = await self.poster.request(method, f"/api/v1{path}", head, body)
        if status != 200:
            raise RuntimeError(f"{path}: {status} {answer[:300]!r}")
        return json.loads(answer)

    def report(self, name: str, look: str, server: list[float], bare: list[float], most: float | None = None) -> bool:
        figures: dict[str, Any] = {"as": look, **self.held}
        for kind, kept in (("bare", sorted(bare)), ("server", sorted(server))):
            figures |= {f"{kind}_p{share}_ms": milliseconds(percentile(kept, share / 100)) for share in (50, 95)}
        ratio = round(figures["server_p95_ms"] / max(figures["bare_p95_ms"], 0.1), 2)
        is_fast = figures["server_p95_ms"] < LIMITS[name] and (most is None or ratio <= most)
        return show(name, **figures, limit={"server_p95_ms": LIMITS[name], "ratio": most}, ratio=ratio, **{"pass": is_fast})


async def _timed(work: Callable[[], Awaitable[Any]]) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


async def board(bench: Bench, look: Look) -> bool:
    """The whole request of the first paint against its statements as one would write and prepare them by hand."""
    server, bare = [], []
    async with bench.installation.database() as connection:
        stages = [
            row["id"]
            for row in await connection.fetch(
                "select id from pipeline_stage where pipeline_id = $1 and kind in ('open', 'closed')", SHIPPED
            )
        ]
        sums = await connection.prepare(BARE_SUMS.format(condition=look.condition))
        cards = await connection.prepare(BARE_CARDS.format(condition=look.condition))

        async def by_hand() -> None:
            await sums.fetch(look.given, SHIPPED)
            for stage in stages:
                await cards.fetch(look.given, stage)

        for number in range(ROUNDS + WARM_UP):
            took = await _timed(by_hand), await _timed(lambda: bench.ask(look.who, "/board", {"scope": look.scope}))
            if number >= WARM_UP:
                bare.append(took[0])
                server.append(took[1])
    return bench.report("board_million", look.who, server, bare, MOST_TIMES_BARE)


async def dashboard(bench: Bench, look: Look) -> bool:
    server, bare = [], []
    async with bench.installation.database() as connection:
        counted = await connection.prepare(BARE_DASHBOARD.format(condition=look.condition))
        for number in range(ROUNDS + WARM_UP):
            server.append(await _timed(lambda: bench.ask(look.who, "/dashboard", {"scope": look.scope})))
            if number < WARM_UP:
                bare.append(await _timed(lambda: counted.fetch(look.given)))
    return bench.report("dashboard_million", look.who, server[WARM_UP:], bare)


async def moves(bench: Bench, ids: list[Any]) -> bool:
    """A rep moves each card back once or twice, which no condition keeps them from."""
    server: list[float] = []
    for number in range(min(ROUNDS + WARM_UP, 2 * len(ids))):
        deal = await bench.ask("rep", f"/opportunities/{ids[number % len(ids)]}", {})
        stage = "needs" if deal["stays"][0]["stage"]["key"] != "needs" else "first_contact"
        body = json.dumps({"stage": stage, "reason": "重新整理"}).encode()
        headers = {"if-match": f'"v{deal["version"]}"'}
        took = await _timed(lambda d=deal, b=body, h=headers: bench.send("rep", "POST", f"/opportunities/{d['id']}/moves", b, h))  # type: ignore[misc]
        if number >= WARM_UP:
            server.append(took)
    return bench.report("card_move", "rep", server, [0.0])


async def timeline(bench: Bench, customer: Any) -> bool:
    server, bare = [], []
    async with bench.installation.database() as connection:
        prepared = await connection.prepare(BARE_TIMELINE)
        for number in range(ROUNDS + WARM_UP):
            took = (
                await _timed(lambda: prepared.fetch(customer)),
                await _timed(lambda: bench.ask("rep", f"/customers/{customer}/timeline", {"limit": 50})),
            )
            if number >= WARM_UP:
                bare.append(took[0])
                server.append(took[1])
    return bench.report("timeline_page", "rep", server, bare)


MOVABLE = """
select o.id from opportunity o join pipeline_stage s on s.id = o.stage_id
where o.owner_id = $1 and o.state = 'open' and s.key in ('proposal', 'negotiation') limit 60
"""
HELD = "select (select count(*) from opportunity) as opportunities, (select count(*) from stage_stay) as stays, (select count(*) from timeline_entry) as entries, (select count(*) from funnel_cell) as cells"


async def run(installation: Installation, deals: Deals, names: set[str]) -> bool:
    address, house = urlsplit(installation.addresses["api"]), deals.crowd.house
    tokens = dict(zip(("rep", "manager", "director"), await sign_in(installation, [house.rep, house.manager, house.director]), strict=True))
    (held,) = await installation.rows(HELD)
    bench = Bench(installation, tokens, await Poster.open(address.hostname or "", address.port or 0), held)
    looks = [Look("rep", "own", "(o.owner_id = $1 or o.backup_owner_id = $1)", house.rep)]
    for who, person in (("manager", house.manager), ("director", house.director)):
        looks.append(Look(who, "region", "o.region_id = any($1::uuid[])", await installation.value(REGIONS, person)))
    passed = []
    for name, measure in (("board_million", board), ("dashboard_million", dashboard)):
        if name in names:
            passed += [await measure(bench, look) for look in looks]
    if "timeline_page" in names:
        passed.append(await timeline(bench, deals.talked_about))
    if "card_move" in names:
        passed.append(await moves(bench, [row["id"] for row in await installation.rows(MOVABLE, house.rep)]))
    return all(passed)
