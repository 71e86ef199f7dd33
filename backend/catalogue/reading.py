"""The catalogue as it is shown, and what it says about lines."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import queries, rules
from backend.catalogue.models import Product, ProductFamily, RoutingOperation
from backend.catalogue.rules import Flag, Line, Offer
from backend.catalogue.schemas import FamilyCard, FamilyOut, FlagsOut, OperationOut, ProductCard, ProductOut, ReasonOut
from backend.core import finding, search
from backend.core.clock import company_day
from backend.core.errors import Invalid, NotFound, field_error
from backend.core.pagination import Page, decode_cursor, page_of
from backend.deadlines import rulebook


async def families(session: AsyncSession, q: str | None, cursor: str | None, limit: int, *, is_archived: bool) -> Page[FamilyCard]:
    shape = ("families", q, is_archived)
    query = queries.page(queries.families(), ProductFamily, _needle(q), _after(cursor, shape), limit + 1, is_archived=is_archived)
    rows, following = page_of((await session.execute(query)).all(), limit, lambda row: (row.code,), shape)
    return Page(items=[FamilyCard.model_validate(_family(row)) for row in rows], next_cursor=following)


async def products(
    session: AsyncSession, q: str | None, of: Sequence[UUID], cursor: str | None, limit: int, *, is_archived: bool
) -> Page[ProductCard]:
    shape = ("products", q, sorted(map(str, of)), is_archived)
    found = queries.of_families(queries.products(), of)
    query = queries.page(found, Product, _needle(q), _after(cursor, shape), limit + 1, is_archived=is_archived)
    rows, following = page_of((await session.execute(query)).all(), limit, lambda row: (row.code,), shape)
    return Page(items=[ProductCard.model_validate(_product(row)) for row in rows], next_cursor=following)


def _needle(q: str | None) -> str:
    if finding.is_too_short(q):
        wrong = field_error("query/q", "Enter at least two characters.", "too_short")
        raise Invalid("search_too_short", wrong["detail"], errors=[wrong])
    return search.needle(q)


def _after(cursor: str | None, shape: Sequence[Any]) -> str | None:
    after = decode_cursor(cursor, (str,), shape)
    return None if after is None else str(after[0])


async def family(session: AsyncSession, family_id: UUID) -> FamilyOut:
    row = (await session.execute(queries.families().where(ProductFamily.id == family_id))).one_or_none()
    if row is None:
        raise NotFound
    return FamilyOut.model_validate(_family(row) | {"routing": await _steps(session, RoutingOperation.family_id == family_id)})


async def product(session: AsyncSession, product_id: UUID) -> ProductOut:
    """With its own routing or, where it has none, its family's."""
    row = (await session.execute(queries.products().where(Product.id == product_id))).one_or_none()
    if row is None:
        raise NotFound
    own = await _steps(session, RoutingOperation.product_id == product_id)
    steps = own or await _steps(session, RoutingOperation.family_id == row.family_id)
    whose = ("product" if own else "family") if steps else None
    return ProductOut.model_validate(_product(row) | {"routing": steps, "routing_of": whose})


async def _steps(session: AsyncSession, owner: Any) -> list[OperationOut]:
    rows = await session.scalars(queries.operations(owner).execution_options(populate_existing=True))
    return [OperationOut.model_validate(row) for row in rows]


def _family(row: Any) -> dict[str, Any]:
    return {**row._mapping, "archived_by": _archiver(row)}


def _product(row: Any) -> dict[str, Any]:
    family = {"id": row.family_id, "code": row.family_code, "name": row.family_name}
    floor = None if row.amount is None else {"amount": row.amount, "currency": row.currency}
    return {**row._mapping, "family": family, "price_floor": floor, "archived_by": _archiver(row)}


def _archiver(row: Any) -> dict[str, Any] | None:
    return {"id": row.archived_by, "name": row.archiver_name} if row.archived_by else None


async def offers(session: AsyncSession, products: Collection[UUID]) -> Mapping[UUID, Offer]:
    """What the catalogue says about these products, archived ones too; those that it does not hold are left out."""
    rows = await session.execute(queries.offers(products))
    return {row.id: Offer(row.code, row.lead_days, row.drawing_no, row.drawing_revision, row.archived_at is not None) for row in rows}


async def flags(session: AsyncSession, lines: Sequence[Line], now: datetime) -> FlagsOut:
    """Whether such lines are non-standard work or a rush order today, by the company's calendar (REVIEW-1)."""
    known = await offers(session, {line.product_id for line in lines if line.product_id is not None})
    calendar = (await rulebook.load(session)).calendar
    found = rules.flags(lines, known, company_day(now), calendar)
    raised = {reason.flag for reason in found}
    reasons = [ReasonOut.model_validate(reason) for reason in found]
    return FlagsOut(non_standard=Flag.NON_STANDARD in raised, rush=Flag.RUSH in raised, reasons=reasons)
