"""Duplicates over HTTP."""

from fastapi import APIRouter

from backend.duplicates import service
from backend.duplicates.rules import Identity
from backend.duplicates.schemas import DuplicateCheck, DuplicateHits
from backend.identity.deps import CurrentActor, PersonSession

router = APIRouter(tags=["duplicates"])


@router.post("/duplicates/check")
async def check_duplicates(session: PersonSession, actor: CurrentActor, body: DuplicateCheck) -> DuplicateHits:
    """Whether a firm is known already, asked while it is being typed; changes nothing."""
    actor.require("lead.create")
    identity = Identity(body.company, (body.phone,), (body.email,), body.credit_code)
    return DuplicateHits(items=await service.find(session, identity, but=(body.except_id,)))
