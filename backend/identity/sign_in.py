"""Signing in and out: passwords, lock-out, rotating refresh tokens with reuse detection."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.config import get_settings
from backend.core.db import Lens, bind, change_lens, let_go, trace_var
from backend.core.errors import NotSignedIn, Problem, Refused
from backend.identity import guessing, queries, rules, tokens
from backend.identity.events import SessionsEnded
from backend.identity.models import AuthSession, Credential, Person

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class SignedIn:
    """A live session and the refresh token that its browser shall hold."""

    person_id: UUID
    session_id: UUID
    refresh_token: str
    access_ends_at: datetime | None


async def sign_in(session: AsyncSession, login: str, password: str, user_agent: str, now: datetime) -> SignedIn | Problem:
    """A new session, or the problem to answer with: a failure must be committed, so it is returned, not raised."""
    actor, wrong = f"login:{login}", NotSignedIn("sign_in_failed", "Login or password is wrong.")
    await bind(session, Lens.AUTH, actor)
    login_hash = tokens.login_hash(login)
    person = (await session.execute(queries.to_sign_in(login))).first()
    unknown_until = await session.scalar(queries.unknown_lock(login_hash))  # asked always: the answer takes as long either way
    until = person.locked_until if person else unknown_until
    if until and until > now:
        return guessing.locked(until, now)
    await let_go(session)
    matches = await tokens.password_matches(password, person.password_hash if person else None)
    await bind(session, Lens.AUTH, actor)
    if person is None:
        return await guessing.count_unknown(session, login_hash, now, wrong)
    doubt = await _doubt(session, person, matches, now, wrong)
    if doubt is not None:
        return doubt
    if not rules.has_access(person.is_active, person.access_ends_at, now):
        return wrong
    await bind(session, Lens.AUTH, str(person.id))
    await session.execute(
        update(Credential)
        .where(Credential.person_id == person.id, (Credential.failed_count > 0) | Credential.locked_until.is_not(None))
        .values(failed_count=0, locked_until=None)
        .execution_options(synchronize_session=False)
    )
    return _open_session(session, person, user_agent, now)


async def _doubt(session: AsyncSession, held: Any, matches: bool, now: datetime, wrong: Problem) -> Problem | None:
    """Why a password that was compared with `held` proves nobody: it is `wrong` (which counts), or the account is locked. None when it is right."""
    if not matches:
        return await guessing.count(session, held.person_id, now, wrong)
    return await _changed_meanwhile(session, held, now, wrong)


async def _changed_meanwhile(session: AsyncSession, held: Any, now: datetime, wrong: Problem) -> Problem | None:
    """A right guess among many parallel ones does not count once the others have locked the account, nor does a password that has just been replaced."""
    looked = select(Credential.locked_until, Credential.password_hash).where(Credential.person_id == held.person_id)
    until, password_hash = (await session.execute(looked.with_for_update())).one()
    if until and until > now:
        return guessing.locked(until, now)
    return None if password_hash == held.password_hash else wrong


def _open_session(session: AsyncSession, person: Any, user_agent: str, now: datetime) -> SignedIn:
    opened = AuthSession(
        person_id=person.id,
        created_at=now,
        rotated_at=now,
        expires_at=now + timedelta(days=get_settings().refresh_token_days),
        user_agent=user_agent[:300],
        ip=trace_var.get().ip,
    )
    opened.id = tokens.new_session_id()
    token = tokens.new_refresh_token(opened.id)
    opened.token_hash = tokens.token_hash(token)
    session.add(opened)
    return SignedIn(person.id, opened.id, token, person.access_ends_at)


async def refresh(session: AsyncSession, token: str | None, now: datetime) -> SignedIn | Problem:
    """Rotates the token. An old one again (stolen, or a copied cookie) ends the session; one that we never gave does not.

    For ten seconds the one before gets the same successor again: a parallel tab, or a phone that lost the answer.
    """
    await bind(session, Lens.AUTH, "system:refresh")
    ended = NotSignedIn("session_ended", "This session has ended; sign in again.")
    session_id = tokens.session_of(token) if token else None
    if token is None or session_id is None:
        return ended
    row = (
        await session.execute(
            select(AuthSession, Person)
            .join(Person, Person.id == AuthSession.person_id)
            .where(AuthSession.id == session_id)
            .with_for_update(of=AuthSession)
        )
    ).first()
    if row is None:
        return ended
    held, person = row
    await bind(session, Lens.AUTH, str(person.id))
    if held.revoked_at or held.expires_at <= now or not rules.has_access(person.is_active, person.access_ends_at, now):
        return ended
    given = tokens.token_hash(token)
    if given == held.token_hash:
        fresh = tokens.next_refresh_token(token)
        held.previous_token_hash, held.token_hash, held.rotated_at = given, tokens.token_hash(fresh), now
        return SignedIn(person.id, held.id, fresh, person.access_ends_at)
    if given == held.previous_token_hash and now - held.rotated_at <= rules.REUSE_GRACE:
        return SignedIn(person.id, held.id, tokens.next_refresh_token(token), person.access_ends_at)
    if tokens.is_ours(token):
        await end_sessions(session, person.id, now, reason="refresh_token_reused", only=held.id)
    return ended


async def end_sessions(session: AsyncSession, person_id: UUID, now: datetime, *, reason: str, only: UUID | None = None) -> None:
    """Signs out one device or all of them, and says so, so that open streams close. The transaction looks through `auth` afterwards."""
    await change_lens(session, Lens.AUTH)
    wanted = AuthSession.id == only if only else AuthSession.person_id == person_id
    ended = await session.scalars(
        update(AuthSession)
        .where(wanted, AuthSession.person_id == person_id, AuthSession.revoked_at.is_(None))
        .values(revoked_at=now, revoked_reason=reason)
        .returning(AuthSession.id)
        .execution_options(synchronize_session=False)
    )
    session_ids = list(ended)
    if session_ids:
        await outbox.add(session, SessionsEnded(person_id, session_ids), now)


async def change_password(session: AsyncSession, person_id: UUID, current: str, new: str, now: datetime) -> Problem | None:
    """Checks the old password and signs out every device. A wrong one counts as at sign-in, so the problem is returned, not raised."""
    await change_lens(session, Lens.AUTH)
    wrong = Refused("password_wrong", "The current password is not right; nothing was changed.")
    held = (await session.execute(queries.credential(person_id))).first()
    if held is None:
        return wrong
    if held.locked_until and held.locked_until > now:
        return guessing.locked(held.locked_until, now)
    await let_go(session)
    matches = await tokens.password_matches(current, held.password_hash)
    password_hash = await tokens.hash_password(new) if matches else ""
    await bind(session, Lens.AUTH, str(person_id))
    doubt = await _doubt(session, held, matches, now, wrong)
    if doubt is None:
        await set_password(session, person_id, password_hash, now, reason="password_changed")
    return doubt


async def set_password(session: AsyncSession, person_id: UUID, password_hash: str, now: datetime, *, reason: str) -> None:
    """In force at once: it opens the lock of too many failures, and every device must sign in again."""
    await change_lens(session, Lens.AUTH)
    await session.execute(
        update(Credential)
        .where(Credential.person_id == person_id)
        .values(password_hash=password_hash, changed_at=now, failed_count=0, locked_until=None)
        .execution_options(synchronize_session=False)
    )
    await end_sessions(session, person_id, now, reason=reason)


async def end_ended_access(session: AsyncSession, now: datetime) -> int:
    """Signs out those whose access came to its agreed end meanwhile; returns how many people that were."""
    people = (await session.scalars(queries.signed_in_without_access(now, MOST_AT_ONCE))).all()
    for person_id in people:
        await end_sessions(session, person_id, now, reason="access_ended")
    return len(people)
