"""Technical support over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from backend.core.clock import Now
from backend.core.http import problems
from backend.core.idempotency import OnceDep
from backend.core.pagination import Cursor, Limit, Page
from backend.identity.deps import CurrentActor, PersonSession
from backend.support import reading, service
from backend.support.reading import View
from backend.support.schemas import (
    Engineers,
    Performance,
    SupportAgain,
    SupportAnswer,
    SupportCard,
    SupportClosing,
    SupportCreate,
    SupportHandover,
    SupportRequestOut,
    SupportRequests,
)

router = APIRouter(tags=["support"])
REFUSED = problems(409)


@router.get("/support-engineers")
async def list_support_engineers(session: PersonSession, actor: CurrentActor, now: Now) -> Engineers:
    """Whom one can ask, the least loaded first, and by when an answer is promised."""
    return await reading.engineers(session, actor, now)


@router.get("/support-performance")
async def get_support_performance(session: PersonSession, actor: CurrentActor, now: Now) -> Performance:
    """The performance ledger of oneself and of the engineers whom one supervises."""
    return await reading.performance(session, actor, now)


@router.get("/support-requests")
async def list_support_requests(
    session: PersonSession, actor: CurrentActor, view: View = "to_answer", cursor: Cursor = None, limit: Limit = 50
) -> Page[SupportCard]:
    """What one was asked, what one has asked, or what the engineers were asked whom one supervises; the last asked first."""
    return await reading.requests(session, actor, view, cursor, limit)


@router.post("/support-requests", status_code=201, response_model=SupportRequestOut, responses=REFUSED)
async def ask_for_support(session: PersonSession, actor: CurrentActor, body: SupportCreate, once: OnceDep, now: Now) -> Any:
    """Asks an engineer: of one's choice or the least loaded, the deputy of who is away. The promise runs from now on."""
    return await once(session, lambda: service.ask(session, actor, body, now))


@router.get("/support-requests/{request_id}")
async def get_support_request(session: PersonSession, actor: CurrentActor, request_id: UUID) -> SupportRequestOut:
    """With all rounds; an engineer reads of the record behind it what the work needs."""
    return await reading.request(session, actor, request_id)


@router.post("/support-requests/{request_id}/answer", response_model=SupportRequestOut, responses=REFUSED)
async def answer_support_request(
    session: PersonSession, actor: CurrentActor, request_id: UUID, body: SupportAnswer, once: OnceDep, now: Now
) -> Any:
    """The initial proposal: it stops the clock."""
    return await once(session, lambda: service.answer(session, actor, request_id, body, now))


@router.post("/support-requests/{request_id}/acceptance", responses=REFUSED)
async def accept_support_answer(
    session: PersonSession, actor: CurrentActor, request_id: UUID, body: SupportClosing, now: Now
) -> SupportRequestOut:
    return await service.accept(session, actor, request_id, body, now)


@router.post("/support-requests/{request_id}/rounds", response_model=SupportRequestOut, responses=REFUSED)
async def ask_support_again(
    session: PersonSession, actor: CurrentActor, request_id: UUID, body: SupportAgain, once: OnceDep, now: Now
) -> Any:
    """Something is still missing: a new round with a promise of its own."""
    return await once(session, lambda: service.ask_again(session, actor, request_id, body, now))


@router.post("/support-requests/{request_id}/withdrawal", responses=REFUSED)
async def withdraw_support_request(
    session: PersonSession, actor: CurrentActor, request_id: UUID, body: SupportClosing, now: Now
) -> SupportRequestOut:
    return await service.withdraw(session, actor, request_id, body, now)


@router.post("/support-requests/{request_id}/handover", responses=REFUSED)
async def hand_over_support_request(
    session: PersonSession, actor: CurrentActor, request_id: UUID, body: SupportHandover, now: Now
) -> SupportRequestOut:
    """The engineer or the superior gives it to another engineer; the promise stays."""
    return await service.hand_over(session, actor, request_id, body, now)


@router.get("/opportunities/{opportunity_id}/support-requests")
async def list_opportunity_support(session: PersonSession, actor: CurrentActor, opportunity_id: UUID) -> SupportRequests:
    return await reading.of_opportunity(session, actor, opportunity_id)


@router.get("/customers/{customer_id}/support-requests")
async def list_customer_support(session: PersonSession, actor: CurrentActor, customer_id: UUID) -> SupportRequests:
    """Those of the customer and of its opportunities that one may see."""
    return await reading.of_customer(session, actor, customer_id)
