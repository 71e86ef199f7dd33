"""VIEW-6 on a million records: lists, records and searches as a rep, a regional manager and a director see them."""

import json
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import asyncpg
from sqlalchemy import Select

from backend.core.hot import Hot
from backend.core.listing import Listing
from backend.core.search import grams_of_needle
from bench.figures import milliseconds, percentile, show
from bench.house import Crowd
from bench.wire import Poster
from tests.simulators.company import sign_in
from tests.simulators.installation import Installation

LIMIT = {"ratio": 3, "server_p95_ms": 60}
ROUNDS, WARM_UP, PAGE = 120, 15, 50
SEARCHED = "and search_grams(l.search_text) @> $2::text[] and position($3 in l.search_text) > 0"


@dataclass(frozen=True)
class Register:
    """What is looked through, and the same as one would write it by hand: `l` is the row, $1 the person or the regions."""

    name: str
    listing: Listing
    detail: Callable[[UUID, UUID], Select[Any]]
    sort: str
    given: dict[str, Any]
    """What the list is narrowed to where nobody says anything."""
    own: str
    stands: str
    fields: str
    names: str
    newest: str
    record: str
    """With a place for the condition; $2 is the record."""

    def bare_list(self, condition: str) -> str:
        """One page of the rows that fit, as one would write it by hand and prepare it."""
        page = f"select * from {self.listing.table.__tablename__} l where {self.stands} and {condition} {self.newest} limit {PAGE + 1}"
        return f"{self.fields} from ({page}) l {self.names} {self.newest}"


@dataclass(frozen=True)
class Look:
    """Somebody who looks through a lens, and the same condition as one would write it by hand."""

    who: str
    person: UUID
    scope: str
    condition: str
    given: Any


def looks(crowd: Crowd, own: str) -> list[Look]:
    return [
        Look("rep", crowd.house.rep, "own", own, crowd.house.rep),
        Look("manager", crowd.house.manager, "region", "l.region_id = any($1::uuid[])", None),
        Look("director", crowd.house.director, "region", "l.region_id = any($1::uuid[])", None),
    ]


REGIONS = """
with recursive reach as (select region_id as id from person where id = $1 union select r.id from region r join reach on r.parent_id = reach.id)
select array_agg(id) from reach
"""


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
    def __init__(self, installation: Installation, register: Register, crowd: Crowd, tokens: dict[str, str], poster: Poster) -> None:
        self.installation, self.register, self.crowd, self.tokens, self.poster = installation, register, crowd, tokens, poster

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
                    await self.get(look, f"/{self.register.name}", {"scope": look.scope, "limit": PAGE, **query}),
                )
                if number >= WARM_UP:
                    timed.keep(took)
        return timed.sorted()

    async def through_the_lens(self, app: Any, lens: str, look: Look, given: dict[str, Any]) -> float:
        """The product's own list statement under row security."""
        wanted = json.dumps({**self.register.given, **given})
        values = {"given": wanted, "sort": self.register.sort, "after_key": None, "after_id": None, "most": PAGE + 1}
        return await self.bound(app, lens, look, self.register.listing.statement, values)

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
            prepared = await bare.prepare(self.register.record.format(condition=look.condition))
            ids = self.crowd.ids
            for number in range(ROUNDS + WARM_UP):
                record = ids[number % len(ids)]
                took = (
                    await _timed(lambda record=record: prepared.fetch(look.given, record)),  # type: ignore[misc]
                    await self.bound(app, "cd_person", look, Hot.of(self.register.detail(record, look.person)), {}),
                    await self.get(look, f"/{self.register.name}/{record}", {}),
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


def report(bench: str, look: Look, what: str, timed: Timed, held: dict[str, int]) -> bool:
    """`ratio`: the product's statement under row security against the bare one; the request as its caller waits for it stands beside it."""
    figures: dict[str, Any] = {"as": look.who, "what": what, **held}
    for name, kept in (("bare", timed.bare), ("lens", timed.lens), ("server", timed.server)):
        figures |= {f"{name}_p{share}_ms": milliseconds(percentile(kept, share / 100)) for share in (50, 95)}
    ratio = round(figures["lens_p95_ms"] / max(figures["bare_p95_ms"], 0.1), 2)
    passed = ratio <= LIMIT["ratio"] and figures["server_p95_ms"] <= LIMIT["server_p95_ms"]
    return show(bench, **figures, limit=LIMIT, ratio=ratio, **{"pass": passed})


async def run(installation: Installation, register: Register, crowd: Crowd, pages: str | None, searches: str | None) -> bool:
    """The benches of one register: its list and records, and its search, each under its name where it is wanted."""
    address = urlsplit(installation.addresses["api"])
    house = crowd.house
    tokens = dict(zip(("rep", "manager", "director"), await sign_in(installation, [house.rep, house.manager, house.director]), strict=True))
    bench = Bench(installation, register, crowd, tokens, await Poster.open(address.hostname or "", address.port or 0))
    held = {register.name: await installation.value(f"select count(*) from {register.listing.table.__tablename__}")}
    passed = []
    for plain in looks(crowd, register.own):
        look = plain if plain.given else Look(**vars(plain) | {"given": await installation.value(REGIONS, plain.person)})
        if pages:
            times = await bench.page_times(look, register.bare_list(look.condition), [({}, {}, ())] * (ROUNDS + WARM_UP))
            passed.append(report(pages, look, "list", times, held))
            passed.append(report(pages, look, "record", await bench.record_times(look), held))
        if searches:
            for length in (2, 3, 4):
                rounds = [_round(wanted) for wanted in needles(crowd, length)]
                times = await bench.page_times(look, register.bare_list(f"{look.condition} {SEARCHED}"), rounds)
                passed.append(report(searches, look, f"{length} characters", times, held))
    return all(passed)


def _round(wanted: str) -> tuple[dict[str, Any], dict[str, Any], tuple[Any, ...]]:
    grams = grams_of_needle(wanted)
    return {"needle": wanted, "grams": grams}, {"q": wanted}, (grams, wanted)
