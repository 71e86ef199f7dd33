"""VIEW-6 on a million leads: lists, records and searches as a rep, a regional manager and a director see them."""

import json
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import asyncpg

from backend.core.hot import Hot
from backend.core.search import grams_of_needle
from backend.leads import lists, queries
from bench.figures import milliseconds, percentile, show
from bench.many_leads import Crowd
from bench.wire import Poster
from tests.simulators.company import sign_in
from tests.simulators.installation import Installation

LIMIT = {"ratio": 3, "server_p95_ms": 60}
ROUNDS, WARM_UP, PAGE = 120, 15, 50


@dataclass(frozen=True)
class Look:
    """Somebody who looks through a lens, and the same condition as one would write it by hand ($1 is the person or the regions)."""

    who: str
    person: UUID
    scope: str
    condition: str
    given: Any


def looks(crowd: Crowd) -> list[Look]:
    own = "(l.owner_id = $1 or l.backup_owner_id = $1 or l.escalated_to_id = $1)"
    return [
        Look("rep", crowd.rep, "own", own, crowd.rep),
        Look("manager", crowd.manager, "region", "l.region_id = any($1::uuid[])", None),
        Look("director", crowd.director, "region", "l.region_id = any($1::uuid[])", None),
    ]


REGIONS = """
with recursive reach as (select region_id as id from person where id = $1 union select r.id from region r join reach on r.parent_id = reach.id)
select array_agg(id) from reach
"""
FIELDS = """
select l.id, l.number, l.company, l.contact_name, l.phone, l.province, l.city, l.source, l.product_line, l.language, l.campaign, l.need, l.is_test,
    l.state, l.received_at, l.assigned_at, l.first_follow_up_at, l.escalation_level, l.version, l.owner_id, l.region_id, l.next_step, l.next_step_at,
    l.last_activity_at, l.expected_amount, l.currency, owner.name as owner_name, region.name as region_name,
    case when l.state = 'assigned' and l.owner_id is not null then d.due_at end as follow_up_due_at
"""
NAMES = """
left join person owner on owner.id = l.owner_id left join region on region.id = l.region_id
left join deadline d on d.kind = 'lead.first_contact' and d.rung = 'supervisor' and d.subject_id = l.id and d.base_at = l.assigned_at
"""
DETAIL = f"""
{FIELDS}, l.email, l.wechat, l.custom, l.form_name, l.created_by, backup.name as backup_name, superior.name as superior_name, creator.name as creator_name,
    newest.reason, newest.latency_ms, newest.assigned_at as decided_at, owner.supervisor_id
from lead l {NAMES} left join person backup on backup.id = l.backup_owner_id left join person superior on superior.id = l.escalated_to_id
left join person creator on creator.id = l.created_by
left join lateral (select a.reason, a.latency_ms, a.assigned_at from lead_assignment a where a.lead_id = l.id order by a.assigned_at desc, a.id desc limit 1)
    newest on true
where l.id = $2 and {{condition}}
"""


def bare_list(condition: str, more: str = "") -> str:
    """One page, as one would write it by hand and prepare it."""
    return f"{FIELDS} from (select * from lead l where {condition} {more} order by l.received_at desc, l.id desc limit {PAGE + 1}) l {NAMES} order by l.received_at desc, l.id desc"


SEARCHED = "and search_grams(l.search_text) @> $2::text[] and position($3 in l.search_text) > 0"


def needles(crowd: Crowd, length: int) -> list[str]:
    """Parts of names that are there: some in every tenth name, some in one."""
    dice = random.Random(length)
    found: list[str] = []
    while len(found) < ROUNDS + WARM_UP:
        name = dice.choice(crowd.names)
        start = dice.randrange(len(name) - length + 1)
        found.append(name[start : start + length])
    return found


@dataclass
class Timed:
    """Sorted seconds of each way."""

    bare: list[float]
    lens: list[float]
    server: list[float]

    def keep(self, took: tuple[float, float, float]) -> None:
        for kept, seconds in zip((self.bare, self.lens, self.server), took, strict=True):
            kept.append(seconds)

    def sorted(self) -> "Timed":
        return Timed(*(sorted(kept) for kept in (self.bare, self.lens, self.server)))


class Bench:
    def __init__(self, installation: Installation, crowd: Crowd, tokens: dict[str, str], poster: Poster) -> None:
        self.installation, self.crowd, self.tokens, self.poster = installation, crowd, tokens, poster

    async def get(self, look: Look, path: str, query: dict[str, Any]) -> float:
        headers = {"authorization": f"Bearer {self.tokens[look.who]}"}
        start = time.perf_counter()
        status, answer = await self.poster.request("GET", f"/api/v1{path}?{urlencode(query)}", headers, b"")
        seconds = time.perf_counter() - start
        if status != 200:
            raise RuntimeError(f"{path} {query}: {status} {answer[:300]!r}")
        return seconds

    async def page_times(self, look: Look, sql: str, rounds: Sequence[tuple[dict[str, Any], dict[str, Any], tuple[Any, ...]]]) -> Timed:
        """Each round: what the function is given, the query of the request, the values of the bare statement."""
        lens = f"cd_{look.scope}"
        timed = Timed([], [], [])
        async with self.installation.database() as bare, self.app() as app:
            prepared = await bare.prepare(sql)
            for number, (given, query, values) in enumerate(rounds):
                took = (
                    await _timed(lambda v=values: prepared.fetch(look.given, *v)),  # type: ignore[misc]
                    await self.through_the_lens(app, lens, look, given),
                    await self.get(look, "/leads", {"scope": look.scope, "limit": PAGE, **query}),
                )
                if number >= WARM_UP:
                    timed.keep(took)
        return timed.sorted()

    async def through_the_lens(self, app: Any, lens: str, look: Look, given: dict[str, Any]) -> float:
        """The product's own list statement under row security."""
        values = {"given": json.dumps(given), "sort": "-received", "after_key": None, "after_id": None, "most": PAGE + 1}
        return await self.bound(app, lens, look, lists.LEADS.statement, values)

    async def bound(self, app: Any, lens: str, look: Look, statement: Hot, values: dict[str, Any]) -> float:
        """One statement in a transaction bound as a request binds it."""
        arguments = [(statement.constants | values)[name] for name in statement.names]
        async with app.transaction():
            await app.execute(f"select set_config('role', '{lens}', true), set_config('app.actor', '{look.person}', true)")
            return await _timed(lambda: app.fetch(statement.sql, *arguments))

    def app(self) -> Any:
        environment = self.installation.environment
        address = urlsplit(environment["DATABASE_URL"])
        return _Connection(
            host=address.hostname, port=address.port, database=address.path[1:], user="chengdan_app",
            password=environment["CHENGDAN_APP_DB_PASSWORD"], server_settings={"jit": "off"},
        )  # fmt: skip

    async def record_times(self, look: Look) -> Timed:
        timed = Timed([], [], [])
        async with self.installation.database() as bare, self.app() as app:
            prepared = await bare.prepare(DETAIL.format(condition=look.condition))
            ids = self.crowd.numbers
            for number in range(ROUNDS + WARM_UP):
                lead = ids[number % len(ids)]
                took = (
                    await _timed(lambda lead=lead: prepared.fetch(look.given, lead)),  # type: ignore[misc]
                    await self.bound(app, "cd_person", look, Hot.of(queries.detail(lead, look.person)), {}),
                    await self.get(look, f"/leads/{lead}", {}),
                )
                if number >= WARM_UP:
                    timed.keep(took)
        return timed.sorted()


class _Connection:
    """An asyncpg connection as a context."""

    def __init__(self, **arguments: Any) -> None:
        self.arguments = arguments

    async def __aenter__(self) -> Any:
        self.connection = await asyncpg.connect(**self.arguments)
        return self.connection

    async def __aexit__(self, *_: object) -> None:
        await self.connection.close()


async def _timed(work: Callable[[], Awaitable[Any]]) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


def report(bench: str, look: Look, what: str, timed: Timed, leads: int) -> bool:
    """`ratio`: the product's statement under row security against the bare one; the request as its caller waits for it stands beside it."""
    figures: dict[str, Any] = {"as": look.who, "what": what, "leads": leads}
    for name, kept in (("bare", timed.bare), ("lens", timed.lens), ("server", timed.server)):
        figures |= {f"{name}_p{share}_ms": milliseconds(percentile(kept, share / 100)) for share in (50, 95)}
    ratio = round(figures["lens_p95_ms"] / max(figures["bare_p95_ms"], 0.1), 2)
    passed = ratio <= LIMIT["ratio"] and figures["server_p95_ms"] <= LIMIT["server_p95_ms"]
    return show(bench, **figures, limit=LIMIT, ratio=ratio, **{"pass": passed})


async def run(installation: Installation, crowd: Crowd, names: Sequence[str]) -> bool:
    address = urlsplit(installation.addresses["api"])
    tokens = dict(zip(("rep", "manager", "director"), await sign_in(installation, [crowd.rep, crowd.manager, crowd.director]), strict=True))
    bench = Bench(installation, crowd, tokens, await Poster.open(address.hostname or "", address.port or 0))
    leads = await installation.value("select count(*) from lead")
    passed = []
    for plain in looks(crowd):
        look = plain if plain.given else Look(**vars(plain) | {"given": await installation.value(REGIONS, plain.person)})
        if "leads_million" in names:
            times = await bench.page_times(look, bare_list(look.condition), [({}, {}, ())] * (ROUNDS + WARM_UP))
            passed.append(report("leads_million", look, "list", times, leads))
            passed.append(report("leads_million", look, "record", await bench.record_times(look), leads))
        if "lead_search" in names:
            for length in (2, 3, 4):
                rounds = [_round(wanted) for wanted in needles(crowd, length)]
                times = await bench.page_times(look, bare_list(look.condition, SEARCHED), rounds)
                passed.append(report("lead_search", look, f"{length} characters", times, leads))
    return all(passed)


def _round(wanted: str) -> tuple[dict[str, Any], dict[str, Any], tuple[Any, ...]]:
    grams = grams_of_needle(wanted)
    return {"needle": wanted, "grams": grams}, {"q": wanted}, (grams, wanted)
