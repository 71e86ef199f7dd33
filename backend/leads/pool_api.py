"""The pool's rules over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from backend.core.clock import Now
from backend.core.http import problems
from backend.core.locking import MaybeIfMatch, set_etag
from backend.identity.deps import CurrentActor, PersonSession
from backend.leads import pool
from backend.leads.pool_schemas import PoolPreview, PoolPreviewIn, PoolRuleFields, PoolRuleOut, PoolRules, Protection
from backend.leads.schemas import LeadOut

router = APIRouter(tags=["pool"])
RACES = problems(409, 412)


@router.get("/pool/rules")
async def list_pool_rules(session: PersonSession) -> PoolRules:
    """The company's rule, then those of single regions."""
    return await pool.list_rules(session)


@router.put("/pool/rules/company", responses=problems(412, 428))
async def change_company_pool_rule(
    session: PersonSession, actor: CurrentActor, body: PoolRuleFields, response: Response, version: MaybeIfMatch, now: Now
) -> PoolRuleOut:
    """The rule for regions that have none of their own."""
    rule = await pool.change_rule(session, actor, None, body, version, now)
    set_etag(response, rule.version)
    return rule


@router.put("/pool/rules/regions/{region_id}", responses=problems(409, 412, 428))
async def change_region_pool_rule(
    session: PersonSession, actor: CurrentActor, region_id: UUID, body: PoolRuleFields, response: Response, version: MaybeIfMatch, now: Now
) -> PoolRuleOut:
    """A region's own rule; the first needs no If-Match."""
    rule = await pool.change_rule(session, actor, region_id, body, version, now)
    set_etag(response, rule.version)
    return rule


@router.post("/pool/preview")
async def preview_pool_rule(session: PersonSession, actor: CurrentActor, body: PoolPreviewIn, now: Now) -> PoolPreview:
    """Dry run of a rule on the leads as they are."""
    return await pool.preview(session, actor, body, now)


@router.post("/leads/{lead_id}/protection", responses=RACES)
async def protect_lead(
    session: PersonSession, actor: CurrentActor, lead_id: UUID, body: Protection, response: Response, version: MaybeIfMatch, now: Now
) -> LeadOut:
    """Keeps a lead out of the pool, or ends that; with If-Match only if nobody changed it since."""
    lead = await pool.protect(session, actor, lead_id, body, version, now)
    set_etag(response, lead.version)
    return lead
