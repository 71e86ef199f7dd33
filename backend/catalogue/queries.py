"""SELECTs over the catalogue; row security hides price floors."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import aliased
from sqlalchemy.sql.expression import cast

from backend.catalogue.models import Product, ProductFamily, ProductFloor, RoutingOperation
from backend.core import search
from backend.identity.models import Person

Archiver = aliased(Person, name="archiver")
SHARED_FIELDS = ("id", "code", "name", "standard_lead_days", "archived_at", "archived_by", "archive_reason", "version")
PRODUCT_FIELDS = (*SHARED_FIELDS, "family_id", "specification", "unit", "drawing_no", "drawing_revision")
LEAD_DAYS = func.coalesce(Product.standard_lead_days, ProductFamily.standard_lead_days)
"""A product takes as long as its family unless it says otherwise."""


def found_by(table: type[Product | ProductFamily], wanted: str) -> ColumnElement[bool]:
    """Rows that a search for `wanted` (a needle) finds (`search.contains`)."""
    where = table.search_text if search.looks_everywhere(wanted) else func.split_part(table.search_text, search.ZONE, 1)
    grams = func.search_grams(table.search_text).op("@>")(cast(search.grams_of_needle(wanted), ARRAY(TEXT)))
    return (func.strpos(where, wanted) > 0) & grams


def families() -> Select[Any]:
    """Rows for `FamilyOut`, without the routing."""
    used = (
        select(func.count()).where(Product.family_id == ProductFamily.id, Product.archived_at.is_(None)).correlate(ProductFamily)
    ).scalar_subquery()
    fields = (getattr(ProductFamily, name) for name in SHARED_FIELDS)
    return (
        select(*fields, used.label("products"), Archiver.name.label("archiver_name"))
        .select_from(ProductFamily)
        .outerjoin(Archiver, Archiver.id == ProductFamily.archived_by)
    )


def products() -> Select[Any]:
    """Rows for `ProductOut`, without the routing; a floor that is null is not set or out of sight."""
    fields = (getattr(Product, name) for name in PRODUCT_FIELDS)
    family = (ProductFamily.code.label("family_code"), ProductFamily.name.label("family_name"))
    return (
        select(
            *fields, *family, LEAD_DAYS.label("lead_days"), ProductFloor.amount, ProductFloor.currency, Archiver.name.label("archiver_name")
        )
        .select_from(Product)
        .join(ProductFamily, ProductFamily.id == Product.family_id)
        .outerjoin(ProductFloor, ProductFloor.product_id == Product.id)
        .outerjoin(Archiver, Archiver.id == Product.archived_by)
    )


def page(
    rows: Select[Any], table: type[Product | ProductFamily], wanted: str, after: str | None, limit: int, *, is_archived: bool
) -> Select[Any]:
    """In the order of their codes; what is archived only by itself."""
    rows = rows.where(table.archived_at.is_not(None) if is_archived else table.archived_at.is_(None))
    if wanted:
        rows = rows.where(found_by(table, wanted))
    if after is not None:
        rows = rows.where(table.code > after)
    return rows.order_by(table.code).limit(limit)


def of_families(rows: Select[Any], families: Sequence[UUID]) -> Select[Any]:
    return rows.where(Product.family_id.in_(families)) if families else rows


def operations(*owners: ColumnElement[bool]) -> Select[RoutingOperation]:
    """The steps that stand, in their order."""
    return select(RoutingOperation).where(*owners, RoutingOperation.removed_at.is_(None)).order_by(RoutingOperation.sequence)


def offers(products: Collection[UUID]) -> Select[Any]:
    """Rows for `rules.Offer`, with ids."""
    fields: tuple[Any, ...] = (Product.id, Product.code, Product.drawing_no, Product.drawing_revision, Product.archived_at)
    return (
        select(*fields, LEAD_DAYS.label("lead_days"))
        .join(ProductFamily, ProductFamily.id == Product.family_id)
        .where(Product.id.in_(products))
    )
