"""Who brings many records at once, as a file does, and which regions and people those belong to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.hot import Hot
from backend.identity import places


@dataclass(frozen=True)
class Author:
    """On whose behalf a file is read."""

    id: UUID
    name: str
    region_id: UUID | None
    is_administrator: bool


@dataclass(frozen=True)
class Plan:
    """Who gets what is new (`keep`, `me`, `route` or `pool`), and whether a first contact is still due."""

    run_id: UUID
    file_name: str
    assignment: str
    needs_first_contact: bool


AREAS = Hot(
    "select a.province, a.city, a.region_id from region_area a where a.region_id is not null order by a.city nulls last, a.region_id"
)
OWNERS = Hot("select id, name, region_id from person where id = any(cast(:ids as uuid[]))")


async def region_finder(session: AsyncSession) -> Callable[[str | None, str | None], UUID | None]:
    """Which region serves a province and city; each pair is looked for once."""
    areas = [(row.province, row.city, row.region_id) for row in await AREAS.rows(session)]
    known: dict[tuple[str | None, str | None], UUID | None] = {}

    def region_of(province: str | None, city: str | None) -> UUID | None:
        if (province, city) not in known:
            known[province, city] = places.region_of(areas, province, city)
        return known[province, city]

    return region_of


async def regions_of(session: AsyncSession, people: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """The region of each of these people."""
    wanted: Sequence[Any] = list(set(people))
    return {row.id: row.region_id for row in await OWNERS.rows(session, ids=list(wanted))} if wanted else {}
