"""What is written of the catalogue: one product or a thousand, in the same few statements. What changes nothing writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from backend.catalogue import queries, rules
from backend.catalogue.events import ProductChanged
from backend.catalogue.models import OPERATION_FIELDS, Product, ProductFloor, RoutingOperation, Row
from backend.catalogue.rules import Operation
from backend.catalogue.schemas import FamilyCard, OperationIn, ProductCard
from backend.core import outbox
from backend.core.errors import Invalid, Refused, field_error
from backend.core.ids import new_id
from backend.core.locking import take_turns
from backend.core.search import search_text
from backend.identity.deps import Actor

EDITS, SEES_FLOORS = "catalogue.edit", "catalogue.see_floor"
FACTS = ("name", "family_id", "specification", "unit", "standard_lead_days", "drawing_no", "drawing_revision")
NOTHING_YET: Row = dict.fromkeys(FACTS) | {"unit": "件"}
NEEDED = ("name", "family_id", "unit")
PRODUCTS, OPERATIONS = (cast("Table", table.__table__) for table in (Product, RoutingOperation))


async def begin(session: AsyncSession, actor: Actor) -> None:
    """Whoever keeps the catalogue takes turns with the others: codes are given once, and no product comes into a family that goes."""
    actor.require(EDITS)
    await take_turn(session)


async def take_turn(session: AsyncSession) -> None:
    await take_turns(session, "catalogue")


@dataclass(frozen=True)
class Known:
    """A product as it stands."""

    id: UUID
    code: str
    version: int
    is_archived: bool
    facts: Row
    floor: Row | None
    routing: tuple[Operation, ...]


@dataclass(frozen=True)
class Draft:
    """A product as it will stand; `floor` and `routing` are None where they stay."""

    id: UUID
    code: str
    version: int
    facts: Row
    known: Known | None
    floor: Row | None = None
    routing: tuple[Operation, ...] | None = None


@dataclass
class Wanted:
    """What somebody says of a product: facts by their names; `floor` holds amount and currency, an amount of None takes it back."""

    facts: Row
    floor: Row | None = None
    routing: tuple[Operation, ...] | None = None
    errors: list[dict[str, str]] = field(default_factory=list)


def search_columns(name: str, code: str, *more: str | None) -> Row:
    """What a search finds: names and codes, and the digits of codes with whatever stands between them."""
    return {"search_text": search_text((name, code, *more), (code, *more))}


async def known(session: AsyncSession, which: ColumnElement[bool]) -> dict[str, Known]:
    """Products as they stand, by their codes."""
    rows = (await session.execute(queries.products().where(which))).all()
    steps: dict[UUID, list[Operation]] = {}
    owned = RoutingOperation.product_id.in_(select(Product.id).where(which))
    for row in await session.scalars(queries.operations(owned).execution_options(populate_existing=True)):
        assert row.product_id is not None  # noqa: S101 - so they were asked for
        steps.setdefault(row.product_id, []).append(as_rules(row))
    return {
        row.code: Known(
            row.id,
            row.code,
            row.version,
            row.archived_at is not None,
            {name: getattr(row, name) for name in FACTS},
            {"amount": row.amount, "currency": row.currency} if row.amount is not None else None,
            tuple(steps.get(row.id, ())),
        )
        for row in rows
    }


def as_rules(row: Any) -> Operation:
    return Operation(**{name: getattr(row, name) for name in OPERATION_FIELDS})


def drafted(before: Known | None, code: str, wanted: Wanted) -> Draft | None:
    """The product as it will stand, or None when that is how it stands; what is wrong is added to `wanted.errors`."""
    facts = (before.facts if before else NOTHING_YET) | wanted.facts
    named = {error["pointer"] for error in wanted.errors}
    wanted.errors += [fault for fault in _faults(facts) if fault["pointer"] not in named]
    floor = wanted.floor
    if floor is not None and _amount(floor) == _amount(before.floor if before else None):
        floor = None
    routing = None if before is not None and wanted.routing == before.routing else wanted.routing
    if before is None:
        return Draft(new_id(), code, 1, facts, None, floor, routing)
    if facts == before.facts and floor is None and routing is None:
        return None
    return Draft(before.id, code, before.version + 1, facts, before, floor, routing)


def floor_of(said: Row | None, before: Known | None) -> Row | None:
    """What is to be written of a floor that was sent: null takes back the one that there is, and changes nothing where there is none."""
    if said is not None:
        return said
    return before.floor | {"amount": None} if before is not None and before.floor is not None else None


def _amount(floor: Row | None) -> tuple[Any, ...] | None:
    return None if floor is None or floor["amount"] is None else (floor["amount"], floor["currency"])


def _faults(facts: Row) -> Iterable[dict[str, str]]:
    for name in NEEDED:
        if facts[name] is None:
            yield field_error(f"#/{name}", "A product has a name, a family and a unit.", "missing")
    if facts["drawing_revision"] is not None and facts["drawing_no"] is None:
        yield field_error("#/drawing_no", "A revision belongs to a drawing; name it.", "missing")


def routing_errors(operations: Sequence[Operation], where: str) -> list[dict[str, str]]:
    return [field_error(f"{where}/{one.place}/{one.name}", one.detail, one.code) for one in rules.routing_faults(operations)]


def routing_of(steps: Sequence[OperationIn]) -> tuple[Operation, ...]:
    """The steps as rules see them; 422 that names each that cannot stand there."""
    routing = tuple(map(as_rules, steps))
    errors = routing_errors(routing, "#/operations")
    if errors:
        raise Invalid("invalid_input", errors[0]["detail"], errors=errors)
    return routing


def require_standing(shown: FamilyCard | ProductCard, *, is_archived: bool) -> None:
    """409 for what stands in the catalogue, or does not."""
    if (shown.archived_at is not None) is not is_archived:
        raise Refused("catalogue_state_forbids", "It is archived, or is not; look at `archived_at`.")


RESTORED: Row = {"archived_at": None, "archived_by": None, "archive_reason": None}


def archived(actor: Actor, reason: str, now: datetime) -> Row:
    return {"archived_at": now, "archived_by": actor.id, "archive_reason": reason}


async def put(session: AsyncSession, drafts: Sequence[Draft], now: datetime) -> None:
    """Writes them all, and tells of each."""
    rows = [(draft, draft.facts | {"code": draft.code} | _found(draft)) for draft in drafts]
    made = [{"id": draft.id, **row} for draft, row in rows if draft.known is None]
    changed = [{"of": draft.id, "to": draft.version, **row} for draft, row in rows if draft.known is not None]
    if made:
        await session.execute(insert(PRODUCTS), made)
    if changed:
        columns: Row = {name: bindparam(name) for name in (*FACTS, "search_text")} | {"version": bindparam("to")}
        named = [{name: value for name, value in row.items() if name != "code"} for row in changed]
        await session.execute(update(PRODUCTS).where(PRODUCTS.c.id == bindparam("of")).values(columns), named)
    floors = [{"product_id": draft.id, **draft.floor} for draft in drafts if draft.floor is not None]
    if floors:
        statement = upsert(ProductFloor).values(floors)
        news = {"amount": statement.excluded.amount, "currency": statement.excluded.currency}
        await session.execute(statement.on_conflict_do_update(index_elements=["product_id"], set_=news))
    routings = {draft.id: draft.routing for draft in drafts if draft.routing is not None}
    await put_routings(session, RoutingOperation.product_id, routings, now)
    await outbox.add_many(session, [ProductChanged(draft.id, draft.code) for draft in drafts], now)


def _found(draft: Draft) -> Row:
    facts = draft.facts
    return search_columns(facts["name"], draft.code, facts["specification"], facts["drawing_no"])


async def put_routings(
    session: AsyncSession, owner: InstrumentedAttribute[UUID | None], routings: Mapping[UUID, Sequence[Operation]], now: datetime
) -> None:
    """Each routing as a whole: a step that stays keeps its row, one that goes is kept with the moment it went."""
    if not routings:
        return
    standing: dict[tuple[UUID, int], RoutingOperation] = {}
    for row in await session.scalars(queries.operations(owner.in_(routings)).execution_options(populate_existing=True)):
        standing[getattr(row, owner.key), row.sequence] = row
    wanted = {(of, step.sequence): step for of, steps in routings.items() for step in steps}
    gone = [row.id for place, row in standing.items() if place not in wanted]
    if gone:
        await session.execute(update(OPERATIONS).where(OPERATIONS.c.id.in_(gone)).values(removed_at=now))
    changed = [
        {"of": standing[place].id, **_columns(step)}
        for place, step in wanted.items()
        if place in standing and as_rules(standing[place]) != step
    ]
    if changed:
        columns: Row = {name: bindparam(name) for name in OPERATION_FIELDS if name != "sequence"}
        await session.execute(update(OPERATIONS).where(OPERATIONS.c.id == bindparam("of")).values(columns), changed)
    new = [{"id": new_id(), owner.key: of, **asdict(step)} for (of, number), step in wanted.items() if (of, number) not in standing]
    if new:
        await session.execute(insert(OPERATIONS), new)


def _columns(step: Operation) -> Row:
    return {name: value for name, value in asdict(step).items() if name != "sequence"}
