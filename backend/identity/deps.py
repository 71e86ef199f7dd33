"""Who asks: every route but the few public ones takes its session from here, bound to a person and a lens."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import Now, RealNow
from backend.core.db import Lens, bind, get_database, trace_var
from backend.core.errors import Forbidden, NotSignedIn
from backend.core.ids import new_id
from backend.identity.models import UsageEvent
from backend.identity.rules import OwnedScope, ScopeName
from backend.identity.tokens import BEARER, Claims, read_access_token

LENS_OF_SCOPE = {"own": Lens.OWN, "region": Lens.REGION, "company": Lens.COMPANY, "pool": Lens.POOL}
bearer = HTTPBearer(auto_error=False, description="The access token of POST /auth/sign-in")


@dataclass(frozen=True)
class Actor:
    """The person who asks, as of this transaction."""

    id: UUID
    name: str
    region_id: UUID | None
    roles: frozenset[str]
    reaches: frozenset[str]
    permissions: frozenset[str]

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """403 that names the permission."""
        if not self.may(permission):
            raise permission_missing(permission)


def permission_missing(permission: str) -> Forbidden:
    """What somebody is told whose roles lack a permission."""
    return Forbidden("permission_missing", f"Your roles do not allow this ({permission}); ask an administrator.", permission=permission)


async def claims_of(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Claims:
    if credentials is None:
        raise NotSignedIn("not_signed_in", "Send an access token: Authorization: Bearer …", headers=BEARER)
    return read_access_token(credentials.credentials)


CurrentClaims = Annotated[Claims, Depends(claims_of)]

BIND_PERSON = text(
    "select app_actor_card(:person, :session, :now), set_config('role', :role, true), set_config('app.actor', cast(:person as text), true),"
    " set_config('app.request', :request, true), set_config('app.ip', :ip, true)"
)


async def bind_person(session: AsyncSession, lens: Lens, claims: Claims, now: datetime) -> Actor:
    """Checks the session and binds person and lens in one round trip; 401 when the access has ended."""
    trace = trace_var.get()
    values = {
        "person": str(claims.person_id),
        "session": str(claims.session_id),
        "now": now,
        "role": lens.value,
        "request": trace.request_id,
        "ip": trace.ip,
    }
    card = (await session.execute(BIND_PERSON, values)).scalar_one()
    if card is None:
        raise NotSignedIn("session_ended", "This session has ended; sign in again.", headers=BEARER)
    actor = _from_card(card)
    session.info["actor"] = actor
    return actor


def _from_card(card: Mapping[str, Any]) -> Actor:
    return Actor(
        UUID(card["id"]),
        card["name"],
        UUID(card["region_id"]) if card["region_id"] else None,
        frozenset(card["roles"]),
        frozenset(card["reaches"]),
        frozenset(card["permissions"]),
    )


async def act_for(session: AsyncSession, person_id: UUID, real_now: datetime) -> Actor | None:
    """A job goes on with the reach that this person has at this moment; None when their access has ended."""
    card = await session.scalar(text("select app_person_card(:person, :now)"), {"person": person_id, "now": real_now})
    if card is None:
        return None
    await bind(session, Lens.PERSON, str(person_id))
    return _from_card(card)


async def _count_use(session: AsyncSession, request: Request, actor: Actor, now: datetime) -> None:
    """Every change that a person makes is a use of its feature, kept in the same transaction."""
    if request.method == "GET":
        return
    feature = request.scope["route"].name
    await session.execute(insert(UsageEvent).values(id=new_id(), person_id=actor.id, feature=feature, at=now).inline())


async def person_session(request: Request, claims: CurrentClaims, now: Now, real_now: RealNow) -> AsyncIterator[AsyncSession]:
    """Reads and writes of single records: all that this person can reach."""
    async with get_database().session() as session:
        actor = await bind_person(session, Lens.PERSON, claims, real_now)
        yield session
        await _count_use(session, request, actor, now)


@asynccontextmanager
async def _through(scope: ScopeName, claims: Claims, real_now: datetime) -> AsyncIterator[AsyncSession]:
    """A session that sees as far as this scope; 403 where the person's roles do not reach it."""
    async with get_database().session() as session:
        actor = await bind_person(session, LENS_OF_SCOPE[scope], claims, real_now)
        if scope not in actor.reaches:
            raise Forbidden("scope_not_allowed", f"Your roles do not reach {scope!r}; choose one of {sorted(actor.reaches)}.", scope=scope)
        yield session


async def list_session(
    claims: CurrentClaims,
    real_now: RealNow,
    scope: Annotated[ScopeName, Query(description="How far to look: own, region, company, or the pool of one's region")] = "own",
) -> AsyncIterator[AsyncSession]:
    """Lists and figures: one lens, as the screen says."""
    async with _through(scope, claims, real_now) as session:
        yield session


async def owned_list_session(
    claims: CurrentClaims,
    real_now: RealNow,
    scope: Annotated[OwnedScope, Query(description="How far to look: own, region or company")] = "own",
) -> AsyncIterator[AsyncSession]:
    """The same for records that always have an owner."""
    async with _through(scope, claims, real_now) as session:
        yield session


PersonSession = Annotated[AsyncSession, Depends(person_session, scope="function")]
ListSession = Annotated[AsyncSession, Depends(list_session, scope="function")]
OwnedListSession = Annotated[AsyncSession, Depends(owned_list_session, scope="function")]


async def _actor(session: PersonSession) -> Actor:
    actor: Actor = session.info["actor"]
    return actor


CurrentActor = Annotated[Actor, Depends(_actor)]
