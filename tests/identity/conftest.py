"""A device at the sign-in page: passwords that hash fast, and a clock that the test moves."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import real_moment
from backend.identity import tokens
from backend.identity.models import Credential, Person

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True, scope="session")
def fast_hashes() -> Iterator[None]:
    """The same Argon2id with the least work: a test of the product's own cost stands in test_tokens."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "_HASH", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))
        yield


async def give_password(session: AsyncSession, person: Person, password: str = PASSWORD) -> None:
    session.add(Credential(person_id=person.id, password_hash=tokens._HASH.hash(password), changed_at=datetime(2026, 1, 1, tzinfo=UTC)))
    await session.flush()


class Desk:
    """Signs in over HTTP at a moment of the test's choice."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.now = datetime.now(UTC)
        client.app.dependency_overrides[real_moment] = lambda: self.now  # type: ignore[attr-defined]

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    async def sign_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        return await self.client.post("/api/v1/auth/sign-in", json={"login": login, "password": password})

    async def refresh(self, token: str | None = None) -> httpx.Response:
        """With the browser's own cookie, or with a token that somebody kept."""
        if token is None:
            return await self.client.post("/api/v1/auth/refresh")
        kept, self.client.cookies = self.client.cookies, httpx.Cookies()
        try:
            return await self.client.post("/api/v1/auth/refresh", headers={"Cookie": f"cd_refresh={token}"})
        finally:
            self.client.cookies = kept

    def cookie(self) -> str:
        value = self.client.cookies.get("cd_refresh", path="/api/v1/auth")
        assert value
        return value


@pytest.fixture
def desk(client: httpx.AsyncClient) -> Desk:
    return Desk(client)


def bearer(signed: httpx.Response) -> dict[str, str]:
    body: dict[str, Any] = signed.json()
    return {"Authorization": f"Bearer {body['access_token']}"}
