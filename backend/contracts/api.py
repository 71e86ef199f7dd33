"""Contracts over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from backend.contracts import reading, service
from backend.contracts.rules import ContractState
from backend.contracts.schemas import (
    Completion,
    ContractCard,
    ContractOut,
    ContractPatch,
    CustomerContracts,
    MilestoneIn,
    MilestonePatch,
    OpportunityContract,
    Signature,
)
from backend.core.clock import Now
from backend.core.http import problems
from backend.core.locking import IfMatch, set_etag
from backend.core.pagination import Cursor, Limit, Page, Several
from backend.identity.deps import CurrentActor, OwnedListSession, PersonSession
from backend.identity.rules import OwnedScope

router = APIRouter(tags=["contracts"])
EDITS = problems(409, 412, 428)


@router.get("/contracts")
async def list_contracts(
    session: OwnedListSession,
    now: Now,
    state: Annotated[list[ContractState] | None, Query(max_length=4, description="All but void ones unless said otherwise")] = None,
    owner: Annotated[list[UUID] | None, Several] = None,
    is_late: Annotated[bool, Query(description="Only those of which a milestone is late")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
    scope: OwnedScope = "own",
) -> Page[ContractCard]:
    """The newest first, as far as the scope reaches."""
    return await reading.page(session, scope, state or [], owner or [], cursor, limit, now, is_late=is_late)


@router.get("/contracts/{contract_id}")
async def get_contract(session: PersonSession, actor: CurrentActor, contract_id: UUID, response: Response, now: Now) -> ContractOut:
    """With its milestones and what is missing before the next step."""
    found = await reading.contract(session, actor, contract_id, now)
    set_etag(response, found.version)
    return found


@router.patch("/contracts/{contract_id}", responses=EDITS)
async def change_contract(
    session: PersonSession, actor: CurrentActor, contract_id: UUID, body: ContractPatch, response: Response, version: IfMatch, now: Now
) -> ContractOut:
    """Facts of a contract that is not signed yet."""
    changed = await service.change(session, actor, contract_id, body, version, now)
    set_etag(response, changed.version)
    return changed


@router.post("/contracts/{contract_id}/signature", responses=EDITS)
async def sign_contract(
    session: PersonSession, actor: CurrentActor, contract_id: UUID, body: Signature, response: Response, version: IfMatch, now: Now
) -> ContractOut:
    """Signed: milestones are promised and the deal cannot be taken up again; 409 `conditions_missing` says what is missing."""
    signed = await service.sign(session, actor, contract_id, body, version, now)
    set_etag(response, signed.version)
    return signed


@router.post("/contracts/{contract_id}/milestones", status_code=201, responses=EDITS)
async def add_milestone(
    session: PersonSession, actor: CurrentActor, contract_id: UUID, body: MilestoneIn, response: Response, version: IfMatch, now: Now
) -> ContractOut:
    """One more step of the delivery."""
    changed = await service.add_milestone(session, actor, contract_id, body, version, now)
    set_etag(response, changed.version)
    return changed


@router.patch("/contracts/{contract_id}/milestones/{milestone_id}", responses=EDITS)
async def change_milestone(
    session: PersonSession,
    actor: CurrentActor,
    contract_id: UUID,
    milestone_id: UUID,
    body: MilestonePatch,
    response: Response,
    version: IfMatch,
    now: Now,
) -> ContractOut:
    """Done, put off, renamed or cancelled; If-Match is the contract's."""
    changed = await service.change_milestone(session, actor, contract_id, milestone_id, body, version, now)
    set_etag(response, changed.version)
    return changed


@router.post("/contracts/{contract_id}/completion", responses=EDITS)
async def complete_contract(
    session: PersonSession, actor: CurrentActor, contract_id: UUID, body: Completion, response: Response, version: IfMatch, now: Now
) -> ContractOut:
    """Delivered and accepted; 409 `milestones_open` names what is not."""
    done = await service.complete(session, actor, contract_id, body, version, now)
    set_etag(response, done.version)
    return done


@router.get("/opportunities/{opportunity_id}/contract")
async def get_opportunity_contract(session: PersonSession, actor: CurrentActor, opportunity_id: UUID, now: Now) -> OpportunityContract:
    """The contract that winning it has opened, if it has."""
    return await reading.of_opportunity(session, actor, opportunity_id, now)


@router.get("/customers/{customer_id}/contracts")
async def list_customer_contracts(session: PersonSession, actor: CurrentActor, customer_id: UUID, now: Now) -> CustomerContracts:
    """The contracts of a customer that one may see."""
    return await reading.of_customer(session, actor, customer_id, now)
