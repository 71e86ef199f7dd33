"""Access tokens (JWT, HS256), refresh tokens and password hashes."""

import asyncio
import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from jose import JWTError, jwt
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from backend.core.config import get_settings
from backend.core.errors import NotSignedIn

ALGORITHM = "HS256"
BEARER = {"WWW-Authenticate": "Bearer"}
_HASH = PasswordHash((Argon2Hasher(),))


class Claims(NamedTuple):
    """What a valid access token says."""

    person_id: UUID
    session_id: UUID
    expires_at: int


def issue_access_token(person_id: UUID, session_id: UUID, now: datetime, access_ends_at: datetime | None = None) -> tuple[str, int]:
    """A signed token and its life in seconds; it does not outlive the person's access."""
    ends_at = now + timedelta(minutes=get_settings().access_token_minutes)
    if access_ends_at is not None:
        ends_at = min(ends_at, access_ends_at)
    claims = {"sub": str(person_id), "sid": str(session_id), "iat": int(now.timestamp()), "exp": int(ends_at.timestamp())}
    return jwt.encode(claims, get_settings().jwt_key(), algorithm=ALGORITHM), max(int((ends_at - now).total_seconds()), 0)


def read_access_token(token: str) -> Claims:
    """The claims, or 401."""
    try:
        claims = jwt.decode(token, get_settings().jwt_key(), algorithms=[ALGORITHM], options={"require_exp": True, "require_sub": True})
        return Claims(UUID(claims["sub"]), UUID(claims["sid"]), int(claims["exp"]))
    except (JWTError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise NotSignedIn(
            "token_invalid", "The access token is not valid or has expired; refresh it or sign in.", headers=BEARER
        ) from error


def new_refresh_token(session_id: UUID) -> str:
    return _sealed(f"{session_id}.{secrets.token_urlsafe(32)}")


def next_refresh_token(token: str) -> str:
    """The one successor of a refresh token; only the holder of the key can work it out."""
    return _sealed(f"{token.partition('.')[0]}.{_mac('refresh', token)}")


def is_ours(refresh_token: str) -> bool:
    """Whether we gave this token to somebody, whenever that was: the session in it can be read in every access token."""
    body, _, seal = refresh_token.rpartition(".")
    return hmac.compare_digest(seal.encode(), _mac("seal", body).encode())


def _sealed(body: str) -> str:
    return f"{body}.{_mac('seal', body)}"


def _mac(purpose: str, text: str) -> str:
    digest = hmac.digest(get_settings().jwt_key().encode(), f"{purpose}:{text}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def session_of(refresh_token: str) -> UUID | None:
    try:
        return UUID(refresh_token.partition(".")[0])
    except ValueError:
        return None


def token_hash(refresh_token: str) -> str:
    """SHA-256 is enough: the token holds 256 random bits."""
    return hashlib.sha256(refresh_token.encode()).hexdigest()


def login_hash(login: str) -> str:
    """Under which a login that nobody has is counted."""
    return _mac("login", login)


async def hash_password(password: str) -> str:
    """Argon2id, in a thread: it takes a quarter of a second of one core."""
    return await asyncio.to_thread(_HASH.hash, password)


@lru_cache
def _dummy_hash() -> str:
    return _HASH.hash(secrets.token_hex(16))


async def password_matches(password: str, stored: str | None) -> bool:
    """Takes as long for an unknown login as for a known one."""
    if stored is None:
        await asyncio.to_thread(lambda: _HASH.verify(password, _dummy_hash()))
        return False
    return await asyncio.to_thread(_HASH.verify, password, stored)


def new_session_id() -> UUID:
    """Random, not time-ordered: it stands in a token."""
    return UUID(bytes=secrets.token_bytes(16), version=4)


def issue_link(claims: Claims, purpose: str, now: datetime, life: timedelta) -> tuple[str, datetime]:
    """A signature that stands for this session in a link, for one purpose only; it is no access token. Also when it ends."""
    ends_at = (now + life).replace(microsecond=0)
    said = {"sub": str(claims.person_id), "sid": str(claims.session_id), "aud": purpose, "exp": int(ends_at.timestamp())}
    return jwt.encode(said, get_settings().jwt_key(), algorithm=ALGORITHM), ends_at


def read_link(signature: str, purpose: str) -> Claims:
    """Who follows the link, or 401."""
    try:
        options = {"require_exp": True, "require_sub": True, "require_aud": True}
        claims = jwt.decode(signature, get_settings().jwt_key(), algorithms=[ALGORITHM], audience=purpose, options=options)
        return Claims(UUID(claims["sub"]), UUID(claims["sid"]), int(claims["exp"]))
    except (JWTError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise NotSignedIn("link_invalid", "The link has expired or is not for this file; open the file again.", headers=BEARER) from error
