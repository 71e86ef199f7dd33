"""The house of the benches: a company with 40 regions and 1,000 reps, and how a register of it is filled with COPY."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

from backend.core.ids import new_id
from backend.core.search import LINE, ZONE, search_text
from bench.names import BRAND, CITIES, GIVEN, KINDS, SURNAMES, TRADES
from tests.simulators.installation import Installation

AREAS, REGIONS_OF_AREA, REPS_OF_REGION = 8, 5, 25
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
BATCH = 20_000
Row = tuple[Any, ...]


@dataclass(frozen=True)
class House:
    """Its leaf regions and their reps; who looks in the benches: a rep, the manager of the rep's region, the director of everything."""

    regions: list[UUID]
    reps: Mapping[UUID, list[UUID]]
    rep: UUID
    manager: UUID
    director: UUID


@dataclass(frozen=True)
class Crowd:
    """A register that is full: some names that are in it, and some records of the rep."""

    house: House
    names: list[str]
    ids: list[UUID]


async def found(installation: Installation) -> House:
    async with installation.database() as connection:
        await connection.execute("set session_replication_role = replica")
        top, regions, reps, managers = await _people(connection)
        for table in ("person", "person_role", "region"):
            await connection.execute(f"vacuum (analyze) {table}")
    region = regions[REGIONS_OF_AREA]
    return House(regions, reps, reps[region][0], managers[region], managers[top])


Record = tuple[Sequence[Row], ...]
"""What one record is made of: its rows in each of the tables."""


async def fill(connection: Any, columns: Mapping[str, Sequence[str]], records: Iterable[Record]) -> None:
    """Rows of each of these tables (`columns`, in that order); their indexes are built when they are full."""
    await connection.execute("set session_replication_role = replica; set maintenance_work_mem = '512MB'")
    indexes = [dict(row) for table in columns for row in await connection.fetch(SECONDARY, table)]
    for index in indexes:
        await connection.execute(f"drop index {index['name']}")
    left = iter(records)
    while batch := list(islice(left, BATCH)):
        for place, (name, names) in enumerate(columns.items()):
            await connection.copy_records_to_table(name, records=[row for record in batch for row in record[place]], columns=names)
    for index in indexes:
        await connection.execute(index["sql"])


async def crowd(connection: Any, house: House, table: str, name: str, newest: str) -> Crowd:
    await connection.execute(f"vacuum (analyze) {table}")
    sample = await connection.fetch(f"select {name} as name from {table} tablesample system (5) limit 5000")
    seen = await connection.fetch(f"select id from {table} where owner_id = $1 order by {newest} desc limit 200", house.rep)
    return Crowd(house, [row["name"] for row in sample], [row["id"] for row in seen])


SECONDARY = """
select c.relname as name, pg_get_indexdef(i.indexrelid) as sql from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = to_regclass($1) and not i.indisunique
"""


async def _people(connection: Any) -> tuple[UUID, list[UUID], dict[UUID, list[UUID]], dict[UUID, UUID]]:
    """The nation, its leaf regions, the reps of each, and who manages each region."""
    tree: list[tuple[UUID, UUID | None, str]] = []
    top = new_id()
    tree.append((top, None, "全国"))
    leaves = []
    for area in range(AREAS):
        parent = new_id()
        tree.append((parent, top, f"大区{area}"))
        for number in range(REGIONS_OF_AREA):
            leaves.append(new_id())
            tree.append((leaves[-1], parent, f"区域{area}-{number}"))
    regions = [(key, parent, name, f"B{index}", f"{index:03}") for index, (key, parent, name) in enumerate(tree)]
    await connection.copy_records_to_table("region", records=regions, columns=("id", "parent_id", "name", "code", "sort_key"))
    managers = {key: new_id() for key, _, _ in tree}
    people = [
        (managers[key], f"经理{name}", f"boss{index}", key, managers[parent] if parent else None)
        for index, (key, parent, name) in enumerate(tree)
    ]
    reps = {leaf: [new_id() for _ in range(REPS_OF_REGION)] for leaf in leaves}
    for place, leaf in enumerate(leaves):
        people += [(rep, f"销售{place}-{number}", f"seller{place}-{number}", leaf, managers[leaf]) for number, rep in enumerate(reps[leaf])]
    columns = (
        "id",
        "name",
        "name_key",
        "login",
        "region_id",
        "supervisor_id",
        "takes_leads",
        "is_active",
        "product_lines",
        "languages",
        "locale",
    )
    records: list[Row] = [(key, name, login, login, region, boss, True, True, [], [], "zh-CN") for key, name, login, region, boss in people]
    await connection.copy_records_to_table("person", records=records, columns=columns)
    roles = [(managers[key], "regional_manager" if key in reps else "area_director", True) for key in managers]
    roles += [(rep, "sales_rep", True) for leaf in leaves for rep in reps[leaf]]
    await connection.copy_records_to_table("person_role", records=roles, columns=("person_id", "role_code", "is_active"))
    return top, leaves, reps, managers


@cache
def _written(part: str) -> tuple[str, str, str]:
    """A part of a name, its initials and its pinyin."""
    head, _, tail = search_text([part]).partition(ZONE)
    return part, head.split(LINE)[1], tail


@dataclass(frozen=True)
class Firm:
    """A company and somebody in it, with what a search finds them by."""

    name: str
    province: str
    city: str
    contact: str
    phone: str
    search: str
    sort: str


def firm(dice: random.Random) -> Firm:
    province, city = dice.choice(CITIES)
    parts = [_written(part) for part in (city, dice.choice(BRAND) + dice.choice(BRAND), dice.choice(TRADES), dice.choice(KINDS))]
    name, initials, spelt = ("".join(part[place] for part in parts) for place in range(3))
    person = _written(dice.choice(SURNAMES) + dice.choice(GIVEN))
    phone = f"1{dice.choice('3578')}{dice.randrange(10**9):09}"
    search = f"{name}{LINE}{initials}{LINE}{person[0]}{LINE}{person[1]}{ZONE}{spelt}{LINE}{person[2]}{LINE}{phone}{LINE}86{phone}"
    return Firm(name, province, city, person[0], phone, search, spelt[:60])


def some_region(dice: random.Random, house: House) -> UUID:
    """Some regions have many times more business than others."""
    return dice.choices(house.regions, [1 / (place + 3) for place in range(len(house.regions))])[0]
