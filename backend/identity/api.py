"""Sign-in, oneself, people, roles and regions over HTTP."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Cookie, Depends, Header, Path, Query, Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import Now, RealNow
from backend.core.config import get_settings
from backend.core.db import Lens, bind, change_lens, get_database, trace_var
from backend.core.errors import Problem
from backend.core.http import problem_response, problems
from backend.core.idempotency import OnceDep
from backend.core.limiting import Limiter, Rate, get_limiter
from backend.core.locking import IfMatch, set_etag
from backend.core.pagination import Cursor, Limit, Page, decode_cursor, page_of
from backend.identity import queries, regions, roles, rules, service, sign_in, tokens
from backend.identity.deps import CurrentActor, CurrentClaims, PersonSession
from backend.identity.models import Person
from backend.identity.schemas import (
    Areas,
    Deputies,
    DeputyIn,
    DeputyOut,
    LeaveIn,
    LeaveOut,
    Leaves,
    Me,
    MePatch,
    PasswordChange,
    PersonCreate,
    PersonOut,
    PersonPatch,
    RegionFields,
    RegionOut,
    RegionPatch,
    Regions,
    RoleOut,
    RolePatch,
    Roles,
    SignedInOut,
    SignInIn,
    UsageEvents,
)

router = APIRouter(tags=["identity"])
COOKIE = "cd_refresh"
COOKIE_PATH = "/api/v1/auth"
EDITS = problems(412, 428, 409)


async def _open() -> AsyncIterator[AsyncSession]:
    """An unbound session for the routes that establish who asks."""
    async with get_database().session() as session:
        yield session


OpenSession = Annotated[AsyncSession, Depends(_open, scope="function")]
RefreshCookie = Annotated[str | None, Cookie(alias=COOKIE, description="Set by sign-in, rotated by every refresh")]


async def _signed_in(
    session: AsyncSession, outcome: sign_in.SignedIn | Problem, request: Request, response: Response, now: datetime, product_time: datetime
) -> Any:
    if isinstance(outcome, Problem):
        answer = problem_response(outcome, request.url.path)
        if outcome.code == "session_ended":
            answer.delete_cookie(COOKIE, path=COOKIE_PATH)
        return answer
    token, seconds = tokens.issue_access_token(outcome.person_id, outcome.session_id, now, outcome.access_ends_at)
    secure = get_settings().public_url.startswith("https")
    life = get_settings().refresh_token_days * 86400
    response.set_cookie(COOKIE, outcome.refresh_token, max_age=life, path=COOKIE_PATH, httponly=True, samesite="strict", secure=secure)
    await session.flush()
    await bind(session, Lens.PERSON, str(outcome.person_id))
    me = await service.me(session, outcome.person_id, product_time)
    return SignedInOut(access_token=token, token_type="bearer", expires_in=seconds, me=me)  # noqa: S106 - the scheme's name


async def _not_too_often(limiter: Annotated[Limiter, Depends(get_limiter)]) -> None:
    """Bounds guessing over many logins, and the work that each hash costs, by the client's address."""
    most = get_settings().sign_ins_per_minute
    detail = f"Your address may try to sign in {most} times a minute; try again after Retry-After seconds."
    await limiter.check(Rate("sign_in", most, "sign_in_rate_exceeded", detail), rules.address_block(trace_var.get().ip))


@router.post("/auth/sign-in", response_model=SignedInOut, responses=problems(429), dependencies=[Depends(_not_too_often)])
async def create_session(
    request: Request,
    response: Response,
    body: SignInIn,
    session: OpenSession,
    now: RealNow,
    product_time: Now,
    user_agent: Annotated[str, Header()] = "",
) -> Any:
    """Opens a session: a short access token, and a refresh token in an HttpOnly cookie."""
    outcome = await sign_in.sign_in(session, body.login.strip().lower(), body.password, user_agent, now)
    return await _signed_in(session, outcome, request, response, now, product_time)


@router.post("/auth/refresh", response_model=SignedInOut)
async def refresh_session(
    request: Request, response: Response, session: OpenSession, now: RealNow, product_time: Now, cd_refresh: RefreshCookie = None
) -> Any:
    """A new access token; the refresh token is rotated, and using an old one ends the session."""
    return await _signed_in(session, await sign_in.refresh(session, cd_refresh, now), request, response, now, product_time)


@router.post("/auth/sign-out", status_code=204)
async def end_session(response: Response, claims: CurrentClaims, session: PersonSession, now: RealNow) -> None:
    """Signs this device out."""
    await sign_in.end_sessions(session, claims.person_id, now, reason="signed_out", only=claims.session_id)
    await change_lens(session, Lens.PERSON)
    response.delete_cookie(COOKIE, path=COOKIE_PATH)


@router.post("/auth/sign-out-everywhere", status_code=204)
async def end_all_sessions(response: Response, claims: CurrentClaims, session: PersonSession, now: RealNow) -> None:
    """Signs every device of this person out, at once."""
    await sign_in.end_sessions(session, claims.person_id, now, reason="signed_out_everywhere")
    await change_lens(session, Lens.PERSON)
    response.delete_cookie(COOKIE, path=COOKIE_PATH)


@router.get("/me")
async def get_me(session: PersonSession, actor: CurrentActor, now: Now) -> Me:
    """The signed-in person."""
    return await service.me(session, actor.id, now)


@router.patch("/me")
async def change_me(body: MePatch, session: PersonSession, actor: CurrentActor, now: Now) -> Me:
    """One's own language."""
    await service.set_locale(session, actor, body.locale)
    return await service.me(session, actor.id, now)


@router.put("/me/password", status_code=204, response_model=None, responses=problems(409, 429))
async def change_password(
    request: Request, body: PasswordChange, session: PersonSession, actor: CurrentActor, now: RealNow
) -> Response | None:
    """Signs out every device, this one included. A wrong current password counts, and locks, as at sign-in."""
    refusal = await sign_in.change_password(session, actor.id, body.current_password, body.new_password, now)
    await change_lens(session, Lens.PERSON)
    return problem_response(refusal, request.url.path) if refusal else None


@router.get("/people")
async def list_people(
    session: PersonSession,
    actor: CurrentActor,
    now: Now,
    q: Annotated[str | None, Query(max_length=50)] = None,
    region_id: UUID | None = None,
    role: Annotated[str | None, Query(max_length=50)] = None,
    is_active: bool | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[PersonOut]:
    """Colleagues, sorted by pinyin."""
    actor.require("people.read")
    shape = ("people", q, region_id, role, is_active)
    after = decode_cursor(cursor, (str, UUID), shape)
    found = await session.execute(
        queries.people_page(now, q=q, region_id=region_id, role=role, is_active=is_active, after=after, limit=limit)
    )
    rows, following = page_of(found.all(), limit, lambda row: (row[0].name_key, row[0].id), shape)
    return Page(items=[service.person_out(row) for row in rows], next_cursor=following)


@router.post("/people", status_code=201, response_model=PersonOut, responses=problems(409))
async def create_person(body: PersonCreate, session: PersonSession, actor: CurrentActor, now: Now, once: OnceDep) -> Any:
    """A new colleague with a first password."""
    password_hash = await service.hash_first_password(session, actor, body.password)
    return await once(session, lambda: service.create_person(session, actor, body, password_hash, now))


@router.get("/people/{person_id}")
async def get_person(person_id: UUID, response: Response, session: PersonSession, actor: CurrentActor, now: Now) -> PersonOut:
    actor.require("people.read")
    person = await service.person_by_id(session, person_id, now)
    set_etag(response, person.version)
    return person


@router.patch("/people/{person_id}", responses=EDITS)
async def change_person(
    person_id: UUID,
    body: PersonPatch,
    response: Response,
    session: PersonSession,
    actor: CurrentActor,
    version: IfMatch,
    now: Now,
    real_now: RealNow,
) -> PersonOut:
    """Only the fields that are sent. An end of access that has come signs the person out at once."""
    person = await service.change_person(session, actor, person_id, body, version, now, real_now)
    set_etag(response, person.version)
    return person


@router.post("/people/{person_id}/deactivation", responses=problems(409))
async def deactivate_person(person_id: UUID, session: PersonSession, actor: CurrentActor, now: Now, real_now: RealNow) -> PersonOut:
    """Ends the person's access; nothing is deleted."""
    return await service.deactivate_person(session, actor, person_id, now, real_now)


@router.get("/people/{person_id}/leaves")
async def list_leaves(person_id: UUID, session: PersonSession, actor: CurrentActor, now: Now) -> Leaves:
    actor.require("people.read")
    await service.person_by_id(session, person_id, now)
    return Leaves(items=[LeaveOut.model_validate(row) for row in await session.scalars(queries.leaves(person_id))])


@router.post("/people/{person_id}/leaves", status_code=201, response_model=LeaveOut, responses=problems(409))
async def add_leave(person_id: UUID, body: LeaveIn, session: PersonSession, actor: CurrentActor, now: Now, once: OnceDep) -> Any:
    """While on leave nobody receives leads."""
    return await once(session, lambda: service.add_leave(session, actor, person_id, body, now))


@router.post("/leaves/{leave_id}/cancellation")
async def cancel_leave(leave_id: UUID, session: PersonSession, actor: CurrentActor, now: Now) -> LeaveOut:
    return LeaveOut.model_validate(await service.cancel_leave(session, actor, leave_id, now))


@router.get("/people/{person_id}/deputies")
async def list_deputies(person_id: UUID, session: PersonSession, actor: CurrentActor, now: Now) -> Deputies:
    actor.require("people.read")
    await service.person_by_id(session, person_id, now)
    return await _deputies(session, person_id)


@router.put("/people/{person_id}/deputies", responses=problems(409))
async def set_deputies(
    person_id: UUID, body: Annotated[list[DeputyIn], Field(max_length=20)], session: PersonSession, actor: CurrentActor, now: Now
) -> Deputies:
    await service.set_deputies(session, actor, person_id, body, now)
    return await _deputies(session, person_id)


async def _deputies(session: AsyncSession, person_id: UUID) -> Deputies:
    rows: list[tuple[str, Person | None]] = [(row[0], row[1]) for row in await session.execute(queries.deputies(person_id))]
    return Deputies(items=[DeputyOut.model_validate({"role_code": code, "deputy": person}) for code, person in rows])


@router.get("/roles")
async def list_roles(session: PersonSession, actor: CurrentActor) -> Roles:
    """Roles with their reach and permissions, and every permission that there is."""
    return await roles.list_roles(session, actor)


@router.patch("/roles/{code}", responses=EDITS)
async def change_role(
    code: Annotated[str, Path(max_length=50)],
    body: RolePatch,
    response: Response,
    session: PersonSession,
    actor: CurrentActor,
    version: IfMatch,
    now: Now,
) -> RoleOut:
    """Names, reach and permissions of one role; refused where nobody would be left to undo it."""
    role = await roles.change_role(session, actor, code, body, version, now)
    set_etag(response, role.version)
    return role


@router.get("/regions")
async def list_regions(session: PersonSession, actor: CurrentActor) -> Regions:
    """The tree as a flat list, with the provinces and cities of each."""
    actor.require("people.read")
    return Regions(items=await regions.all_regions(session))


@router.post("/regions", status_code=201, response_model=RegionOut, responses=problems(409))
async def create_region(body: RegionFields, session: PersonSession, actor: CurrentActor, now: Now, once: OnceDep) -> Any:
    return await once(session, lambda: regions.create_region(session, actor, body, now))


@router.patch("/regions/{region_id}", responses=EDITS)
async def change_region(
    region_id: UUID, body: RegionPatch, response: Response, session: PersonSession, actor: CurrentActor, version: IfMatch, now: Now
) -> RegionOut:
    region = await regions.change_region(session, actor, region_id, body, version, now)
    set_etag(response, region.version)
    return region


@router.put("/regions/{region_id}/areas", responses=problems(409))
async def set_areas(region_id: UUID, body: Areas, session: PersonSession, actor: CurrentActor, now: Now) -> RegionOut:
    """Provinces and cities of the region, all of them."""
    return await regions.set_areas(session, actor, region_id, body.areas, now)


@router.post("/usage-events", status_code=204)
async def record_usage(body: UsageEvents, session: PersonSession, actor: CurrentActor, now: Now) -> None:
    """Screens that were opened."""
    await service.record_usage(session, actor, body.events, now)
