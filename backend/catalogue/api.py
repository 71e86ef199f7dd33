"""The catalogue over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from backend.catalogue import families, reading, service, upserting
from backend.catalogue.rules import Line
from backend.catalogue.schemas import (
    FamilyCard,
    FamilyIn,
    FamilyOut,
    FamilyPatch,
    FlagsOut,
    LinesIn,
    ProductCard,
    ProductIn,
    ProductOut,
    ProductPatch,
    ProductUpserts,
    Reasoned,
    RoutingIn,
    UpsertedProducts,
)
from backend.core.clock import Now
from backend.core.http import problems
from backend.core.locking import IfMatch, set_etag
from backend.core.pagination import Cursor, Limit, Page, Several
from backend.identity.deps import CurrentActor, PersonSession

router = APIRouter(tags=["catalogue"])
EDITS = problems(409, 412, 428)
REFUSED = problems(409)
Search = Annotated[str | None, Query(max_length=200, description="Parts of a code or name, Chinese or its pinyin")]
Archived = Annotated[bool, Query(description="Only what is archived, instead of what is not")]


@router.get("/catalogue/products")
async def list_products(
    session: PersonSession,
    q: Search = None,
    family: Annotated[list[UUID] | None, Several] = None,
    is_archived: Archived = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ProductCard]:
    """In the order of their codes."""
    return await reading.products(session, q, family or [], cursor, limit, is_archived=is_archived)


@router.post("/catalogue/products", status_code=201)
async def create_product(session: PersonSession, actor: CurrentActor, body: ProductIn, response: Response, now: Now) -> ProductOut:
    """A product that the house makes to its own standard."""
    made = await service.create(session, actor, body, now)
    set_etag(response, made.version)
    return made


@router.post("/catalogue/product-upserts")
async def upsert_products(session: PersonSession, actor: CurrentActor, body: ProductUpserts, now: Now) -> UpsertedProducts:
    """Makes or changes up to 1000 products by their codes. Sent again it changes nothing; a row that cannot stand is refused by itself."""
    return await upserting.upsert(session, actor, body.items, now)


@router.get("/catalogue/products/{product_id}")
async def get_product(session: PersonSession, product_id: UUID, response: Response) -> ProductOut:
    """With how it is made."""
    found = await reading.product(session, product_id)
    set_etag(response, found.version)
    return found


@router.patch("/catalogue/products/{product_id}", responses=EDITS)
async def change_product(
    session: PersonSession, actor: CurrentActor, product_id: UUID, body: ProductPatch, response: Response, version: IfMatch, now: Now
) -> ProductOut:
    changed = await service.change(session, actor, product_id, body, version, now)
    set_etag(response, changed.version)
    return changed


@router.put("/catalogue/products/{product_id}/routing", responses=EDITS)
async def set_product_routing(
    session: PersonSession, actor: CurrentActor, product_id: UUID, body: RoutingIn, response: Response, version: IfMatch, now: Now
) -> ProductOut:
    """Replaces all its steps; If-Match is the product's."""
    changed = await service.put_routing(session, actor, product_id, body.operations, version, now)
    set_etag(response, changed.version)
    return changed


@router.post("/catalogue/products/{product_id}/archiving", responses=REFUSED)
async def archive_product(session: PersonSession, actor: CurrentActor, product_id: UUID, body: Reasoned, now: Now) -> ProductOut:
    """Takes it out of the catalogue; nothing is deleted."""
    return await service.archive(session, actor, product_id, body.reason, now)


@router.post("/catalogue/products/{product_id}/restoration", responses=REFUSED)
async def restore_product(session: PersonSession, actor: CurrentActor, product_id: UUID, body: Reasoned, now: Now) -> ProductOut:
    return await service.restore(session, actor, product_id, body.reason, now)


@router.get("/catalogue/families")
async def list_product_families(
    session: PersonSession, q: Search = None, is_archived: Archived = False, cursor: Cursor = None, limit: Limit = 50
) -> Page[FamilyCard]:
    """In the order of their codes."""
    return await reading.families(session, q, cursor, limit, is_archived=is_archived)


@router.post("/catalogue/families", status_code=201)
async def create_product_family(session: PersonSession, actor: CurrentActor, body: FamilyIn, response: Response, now: Now) -> FamilyOut:
    """Products that are made alike."""
    made = await families.create(session, actor, body, now)
    set_etag(response, made.version)
    return made


@router.get("/catalogue/families/{family_id}")
async def get_product_family(session: PersonSession, family_id: UUID, response: Response) -> FamilyOut:
    found = await reading.family(session, family_id)
    set_etag(response, found.version)
    return found


@router.patch("/catalogue/families/{family_id}", responses=EDITS)
async def change_product_family(
    session: PersonSession, actor: CurrentActor, family_id: UUID, body: FamilyPatch, response: Response, version: IfMatch, now: Now
) -> FamilyOut:
    changed = await families.change(session, actor, family_id, body, version, now)
    set_etag(response, changed.version)
    return changed


@router.put("/catalogue/families/{family_id}/routing", responses=EDITS)
async def set_family_routing(
    session: PersonSession, actor: CurrentActor, family_id: UUID, body: RoutingIn, response: Response, version: IfMatch, now: Now
) -> FamilyOut:
    """How its products are made that have no routing of their own; If-Match is the family's."""
    changed = await families.put_routing(session, actor, family_id, body.operations, version, now)
    set_etag(response, changed.version)
    return changed


@router.post("/catalogue/families/{family_id}/archiving", responses=REFUSED)
async def archive_product_family(session: PersonSession, actor: CurrentActor, family_id: UUID, body: Reasoned, now: Now) -> FamilyOut:
    """409 `family_in_use` while products of it are in the catalogue."""
    return await families.archive(session, actor, family_id, body.reason, now)


@router.post("/catalogue/families/{family_id}/restoration", responses=REFUSED)
async def restore_product_family(session: PersonSession, actor: CurrentActor, family_id: UUID, body: Reasoned, now: Now) -> FamilyOut:
    return await families.restore(session, actor, family_id, body.reason, now)


@router.post("/catalogue/flags")
async def check_lines(session: PersonSession, body: LinesIn, now: Now) -> FlagsOut:
    """Whether such lines are non-standard work (非标) or a rush order (紧急插单) today, and why. Nothing is kept."""
    return await reading.flags(session, [Line(**line.model_dump()) for line in body.lines], now)
