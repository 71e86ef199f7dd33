"""LEAD-4: which firm a record is, who owns that firm already, and what else is probably the same firm."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Lens, transaction
from backend.core.errors import Refused
from backend.core.hot import as_json
from backend.duplicates import names, queries, rules
from backend.duplicates.names import Signature
from backend.duplicates.rules import Identity
from backend.duplicates.schemas import DuplicateHit, RecordRef
from backend.identity.queries import stand_ins
from backend.identity.schemas import PersonRef

BACKFILL_BATCH = 1000
BATCHES = 10


@dataclass(frozen=True)
class OwnedHit:
    """A record with the same key that somebody owns; `region_id` is where a record of this owner belongs."""

    subject_type: str
    subject_id: UUID
    kind: str
    owner_id: UUID
    owner_name: str
    region_id: UUID | None
    region_name: str | None


async def settle(
    session: AsyncSession, subject_type: str, subject_id: UUID, identity: Identity, now: datetime, *, region_id: UUID | None = None
) -> OwnedHit | None:
    """Registers the record and says who owns the same firm; records with a key in common take turns. One round trip."""
    keys, known_as = _rows([(subject_id, known(identity))])
    row = await queries.SETTLE.row(session, type=subject_type, id=subject_id, keys=keys, names=known_as, region=region_id, now=now)
    return None if row is None else OwnedHit(**vars(row))


async def refuse_second_owner(session: AsyncSession, hit: OwnedHit | None, actor_id: UUID, now: datetime) -> None:
    """A firm never gets a second owner: whoever would become it is told whom to ask, and who stands in while that person is on leave."""
    if hit is None or hit.owner_id == actor_id:
        return
    away = (await session.execute(stand_ins(hit.owner_id, now))).first()
    raise Refused(
        "duplicate_of_owned",
        f"{hit.owner_name} has this firm already (same {hit.kind}); ask them, or enter a lead without keeping it and it goes to them.",
        owner={"id": str(hit.owner_id), "name": hit.owner_name},
        owner_is_away=away is not None,
        deputy={"id": str(away.id), "name": away.name} if away and away.id else None,
        subject_type=hit.subject_type,
        match=hit.kind,
    )


async def register(session: AsyncSession, subject_type: str, records: Sequence[tuple[UUID, Identity]]) -> None:
    """Makes records findable by what they now say; what was known of them before is forgotten."""
    await register_prepared(session, subject_type, prepared([(record_id, known(identity)) for record_id, identity in records]))


@dataclass(frozen=True)
class Known:
    """By what a record is known; made where it holds nobody up: it costs time and no I/O."""

    keys: list[tuple[str, str]]
    name: dict[str, Any] | None


def known(identity: Identity) -> Known:
    found = names.signature(identity.name)
    name = {"core": found.core, "places": sorted(found.places), "grams": names.index_keys(found)} if found else None
    return Known(identity.keys, name)


@dataclass(frozen=True)
class Prepared:
    """Records with their keys as JSON."""

    ids: list[UUID]
    keys: str
    names: str


def prepared(records: Sequence[tuple[UUID, Known]]) -> Prepared:
    return Prepared([record_id for record_id, _ in records], *_rows(records))


async def register_prepared(session: AsyncSession, subject_type: str, made: Prepared, *, are_new: bool = False) -> None:
    """`register` of what is prepared; of records that are new nothing was known before."""
    ids: list[UUID] = [] if are_new else made.ids
    await queries.REGISTER.rows(session, type=subject_type, ids=ids, keys=made.keys, names=made.names)


def _rows(records: Sequence[tuple[UUID, Known]]) -> tuple[str, str]:
    keys = [{"id": str(record_id), "kind": kind, "key": key} for record_id, one in records for kind, key in one.keys]
    known_as = [{"id": str(record_id), **one.name} for record_id, one in records if one.name is not None]
    return as_json(keys), as_json(known_as)


async def find(session: AsyncSession, *identities: Identity, but: Collection[UUID | None] = ()) -> list[DuplicateHit]:
    """What is probably the same firm as one record, also by what was merged into it: the surest first; a record that the session may not
    see says only whom to ask.
    """
    wanted = [found for found in (names.signature(one.name) for one in identities) if found]
    keys = as_json([{"kind": kind, "key": key} for one in identities for kind, key in one.keys])
    rows = await queries.HITS.rows(session, keys=keys, grams=sorted({gram for one in wanted for gram in names.index_keys(one)}))
    rated = _rated((row for row in rows if row.subject_id not in but), wanted)
    seen = await records(session, [key[1] for key in rated])
    return [_hit(*key, rated[key], seen.get(key[1])) for key in rated]


async def held(session: AsyncSession, keys: Iterable[tuple[str, str]], now: datetime) -> Sequence[Any]:
    """Who has each of many exact keys, past row security: kind, key, record and owner; for the system, which masks it."""
    return await queries.HELD.rows(session, now=now, keys=as_json([{"kind": kind, "key": key} for kind, key in keys]))


Rated = dict[tuple[str, UUID], tuple[int, list[str], Any]]


def _rated(rows: Iterable[Any], wanted: Sequence[Signature]) -> Rated:
    """By record: the best rating, by what it matches, and one of its rows."""
    found: Rated = {}
    for row in rows:
        rating = rules.CERTAIN if row.kinds else _nearest(wanted, Signature(row.core, frozenset(row.places)))
        if rating < names.CANDIDATE:
            continue
        matches = row.kinds or [rules.NAME]
        best, known, _ = found.get((row.subject_type, row.subject_id), (0, [], row))
        found[row.subject_type, row.subject_id] = (max(best, rating), sorted({*known, *matches}), row)
    surest = sorted(found.items(), key=lambda item: (-item[1][0], -len(item[1][1]), item[0]))
    return dict(surest[: rules.MOST_HITS])


def _nearest(wanted: Sequence[Signature], found: Signature) -> int:
    return max((names.rate(one, found) for one in wanted), default=0)


def _hit(subject_type: str, subject_id: UUID, rated: tuple[int, list[str], Any], record: RecordRef | None) -> DuplicateHit:
    del subject_id
    rating, matches, row = rated
    owner = PersonRef(id=row.owner_id, name=row.owner_name) if row.owner_id else None
    return DuplicateHit.model_validate(
        {"subject_type": subject_type, "rating": rating, "matches": matches, "owner": owner, "record": record}
    )


async def records(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, RecordRef]:
    """Number and name of those that this session may see."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {row.id: RecordRef.model_validate(row._mapping) for row in await session.execute(queries.RECORDS, {"ids": wanted})}


async def family(session: AsyncSession, record_id: UUID) -> list[UUID]:
    """The record and all that was merged into it: its children are read through them all."""
    return list((await session.execute(queries.family(record_id))).scalar_one())


async def firm(session: AsyncSession, record_id: UUID) -> list[UUID]:
    """All records of the firm that this one is, or is part of: the one that stands for it first."""
    return list((await session.execute(queries.firm(record_id))).scalar_one())


async def history(session: AsyncSession, record_id: UUID) -> list[UUID]:
    """The family and, of a customer, the leads that belong to it: whose timelines its page shows."""
    return list((await session.execute(queries.history(record_id))).scalar_one())


async def survivor(session: AsyncSession, record_id: UUID) -> UUID:
    """The record that stands for this one now; mostly itself."""
    found: UUID = (await session.execute(queries.survivor(record_id))).scalar_one()
    return found


Fetch = Callable[[AsyncSession, UUID | None, int], Awaitable[Sequence[tuple[UUID, Identity]]]]


async def backfill(session: AsyncSession, subject_type: str, fetch: Fetch, now: datetime) -> int:
    """Registers the next batch of old records in the order of their ids; 0 when all are registered under the present rules."""
    values = {"type": subject_type, "version": names.RULES_VERSION}
    progress = (await session.execute(queries.PROGRESS, values)).one()
    if progress.done_at is not None:
        return 0
    found = await fetch(session, progress.last_id, BACKFILL_BATCH)
    if found:
        await register(session, subject_type, found)
    last_id, is_done = (found[-1][0] if found else None), len(found) < BACKFILL_BATCH
    await session.execute(queries.ADVANCE, {**values, "last_id": last_id, "done_at": now if is_done else None})
    return len(found)


async def backfill_some(subject_type: str, fetch: Fetch, actor: str, now: datetime) -> int:
    """Some batches, each in a transaction of its own; returns how many records were registered."""
    total = 0
    for _ in range(BATCHES):
        async with transaction(Lens.SYSTEM, actor) as session:
            found = await backfill(session, subject_type, fetch, now)
        total += found
        if found < BACKFILL_BATCH:
            break
    return total
