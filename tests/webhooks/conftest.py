"""A form of the company's website, and a sender that signs like one."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from backend import subscriptions
from backend.core.clock import real_now
from backend.core.config import APP_LOGIN
from backend.core.ids import new_id
from backend.core.limiting import Limiter, get_limiter
from backend.webhooks.models import Form, FormSecret
from backend.webhooks.rules import signature
from backend.webhooks.store import IntakeStore, get_store
from tests.conftest import as_owner

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MAPPING: dict[str, Any] = {
    "company": ["company", "formDetail[name=公司].value"],
    "contact_name": ["name"],
    "phone": [{"path": "phone", "transforms": ["phone"]}, "telphone"],
    "email": "email",
    "location": "area",
    "province": "province",
    "city": "city",
    "product_line": "product",
    "need": ["message"],
    "expected_amount": "budget",
    "is_test": "clue_convert_status",
    "custom.材质": "material",
}
GOOD = {
    "company": "苏州精工五金有限公司",
    "name": "王芳",
    "phone": "138 1234 5678",
    "area": "江苏省苏州市",
    "message": "要报价",
    "utm": "baidu",
}
assert subscriptions.HANDLERS


class SessionRunner:
    """The intake's statement on the test's own connection, with the rights of the application's login."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    async def fetchval(self, query: str, *args: Any) -> Any:
        await self.connection.execute(text(f"select set_config('role', '{APP_LOGIN}', true)"))
        async with self.connection.begin_nested():
            raw = await self.connection.get_raw_connection()
            result = await raw.driver_connection.fetchval(query, *args)  # type: ignore[union-attr]
        await as_owner(self.connection)
        return result


@dataclass
class Sender:
    """Posts to one form as its website does."""

    client: httpx.AsyncClient
    key: str = "site"
    secret: str = SECRET
    sent: int = field(default=0)

    async def post(
        self, body: Any, *, message_id: str | None = None, secret: str | None = None, headers: dict[str, str] | None = None, age: float = 0
    ) -> httpx.Response:
        """Signed now (or `age` seconds ago); `body` is sent as it is when it is bytes, else as JSON."""
        self.sent += 1
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        message_id = message_id or f"msg_{self.sent}_{new_id()}"
        stamp = str(int(real_now().timestamp() - age))
        signed = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(secret or self.secret, message_id, stamp, raw),
        }
        return await self.client.post(f"/api/v1/inbound/forms/{self.key}", content=raw, headers=signed | (headers or {}))


async def make_form(session: AsyncSession, key: str = "site", *secrets: tuple[str, str, Any], **fields: Any) -> Form:
    """A form with the secrets (kind, text, valid until)."""
    values = {
        "name": "官网询盘",
        "source": "website",
        "mapping": MAPPING,
        "verification": {"by": "signature"},
        "rate_per_minute": 600,
    } | fields
    form = Form(key=key, **values)
    session.add(form)
    await session.flush()
    for kind, secret, until in secrets or (("signature", SECRET, None),):
        session.add(FormSecret(form_id=form.id, kind=kind, secret=secret, valid_until=until))
    await session.flush()
    return form


@pytest.fixture
async def store(connection: AsyncConnection) -> IntakeStore:
    return IntakeStore(SessionRunner(connection), patience=0.5)


@pytest.fixture
async def sender(client: httpx.AsyncClient, store: IntakeStore) -> AsyncIterator[Sender]:
    app: Any = client.app  # type: ignore[attr-defined]
    limiter = Limiter(None)
    app.dependency_overrides |= {get_store: lambda: store, get_limiter: lambda: limiter}
    yield Sender(client)
