import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jose import jwt
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.config import get_settings
from backend.core.errors import NotSignedIn
from backend.identity import tokens
from tests.conftest import SignIn
from tests.factories import make_person
from tests.identity.conftest import Desk

NOW = datetime.now(UTC)


def claims(**changes: Any) -> dict[str, Any]:
    full = {"sub": str(uuid4()), "sid": str(uuid4()), "iat": int(NOW.timestamp()), "exp": int((NOW + timedelta(hours=1)).timestamp())}
    return {key: value for key, value in (full | changes).items() if value is not None}


def sign(body: dict[str, Any], key: str | None = None, algorithm: str = "HS256") -> str:
    return str(jwt.encode(body, key or get_settings().jwt_key(), algorithm=algorithm))


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def forged(header: dict[str, Any], key: bytes) -> str:
    """A token with any header, signed by hand with HMAC-SHA256 (libraries refuse to make these)."""
    head = f"{part(header)}.{part(claims())}"
    signature = hmac.digest(key, head.encode(), hashlib.sha256)
    return f"{head}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def test_what_is_issued_is_read_back() -> None:
    person, device = uuid4(), uuid4()
    now = datetime.now(UTC)
    token, seconds = tokens.issue_access_token(person, device, now)
    read = tokens.read_access_token(token)
    assert (read.person_id, read.session_id, seconds) == (person, device, 600)
    assert read.expires_at == int(now.timestamp()) + 600


def public_keys() -> list[bytes]:
    public = rsa.generate_private_key(65537, 2048).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return [public.public_bytes(encoding, form) for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER)]


def attacks() -> dict[str, str]:
    key = get_settings().jwt_key().encode()
    good = sign(claims())
    head, body, signature = good.split(".")
    return {
        "algorithm none": f"{part({'alg': 'none', 'typ': 'JWT'})}.{body}.",
        "algorithm NoNe with the old signature": f"{part({'alg': 'NoNe', 'typ': 'JWT'})}.{body}.{signature}",
        "no signature": f"{head}.{body}.",
        "other key": sign(claims(), "x" * 64),
        "empty key": forged({"alg": "HS256"}, b""),
        "other HMAC": sign(claims(), algorithm="HS512"),
        "asymmetric name, our secret": forged({"alg": "RS256"}, key),
        "PEM public key as secret": forged({"alg": "HS256"}, public_keys()[0]),
        "DER public key as secret": forged({"alg": "HS256"}, public_keys()[1]),
        "encrypted form": f"{part({'alg': 'dir', 'enc': 'A256GCM', 'zip': 'DEF'})}....",
        "changed body": f"{head}.{part(claims())}.{signature}",
        "expired": sign(claims(exp=int((NOW - timedelta(seconds=1)).timestamp()))),
        "not valid yet": sign(claims(nbf=int((NOW + timedelta(hours=1)).timestamp()))),
        "no expiry": sign(claims(exp=None)),
        "no person": sign(claims(sub=None)),
        "no session": sign(claims(sid=None)),
        "person is no uuid": sign(claims(sub="admin")),
        "session is a list": sign(claims(sid=[1])),
        "expiry is text": sign(claims(exp="tomorrow")),
        "not a token": "abc",
        "three dots": "...",
        "a list for a body": f"{head}.{part([1])}.{signature}",
        "beyond ASCII": "\u00e9.\u00e9.\u00e9",
        "nothing": "",
    }


def test_forged_tokens_are_refused() -> None:
    accepted = []
    for name, token in attacks().items():
        try:
            tokens.read_access_token(token)
        except NotSignedIn:
            continue
        accepted.append(name)
    assert accepted == []
    tokens.read_access_token(sign(claims()))


async def test_a_good_token_of_another_person_or_session_opens_nothing(desk: Desk, session: AsyncSession, sign_in: SignIn) -> None:
    person, other = await make_person(session), await make_person(session)
    own = (await sign_in(person))["Authorization"].removeprefix("Bearer ")
    device = tokens.read_access_token(own).session_id
    for body in (claims(sub=str(other.id), sid=str(device)), claims(sub=str(person.id)), claims(sub=str(uuid4()), sid=str(device))):
        answer = await desk.client.get("/api/v1/me", headers={"Authorization": f"Bearer {sign(body)}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YWRtaW46YWRtaW4=", "bearer x y", "Token abc"])
async def test_without_a_bearer_token_the_answer_says_how_to_sign_in(desk: Desk, header: str) -> None:
    answer = await desk.client.get("/api/v1/me", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] in {"not_signed_in", "token_invalid"}


def test_refresh_tokens_are_long_and_their_successors_need_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    device = uuid4()
    first, second = tokens.new_refresh_token(device), tokens.new_refresh_token(device)
    assert first != second
    assert len(first.partition(".")[2]) >= 43
    following = tokens.next_refresh_token(first)
    assert following == tokens.next_refresh_token(first)
    assert tokens.session_of(following) == device
    assert len({first, following, tokens.next_refresh_token(following), tokens.next_refresh_token(second)}) == 4
    monkeypatch.setattr(get_settings(), "jwt_secret", SecretStr("y" * 64))
    assert tokens.next_refresh_token(first) != following


async def test_passwords_are_kept_as_argon2id_at_the_product_s_cost() -> None:
    from pwdlib.hashers.argon2 import Argon2Hasher

    product = Argon2Hasher().hash("a password")
    assert product.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    stored = await tokens.hash_password("汉字 password")
    assert stored.startswith("$argon2id$")
    assert await tokens.password_matches("汉字 password", stored)
    assert not await tokens.password_matches("汉字 passwore", stored)
