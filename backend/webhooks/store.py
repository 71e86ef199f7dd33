"""The intake's own way to PostgreSQL: raw asyncpg, one round trip a submission, patient while the server restarts."""

import asyncio
import json
import time
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import stamina

from backend.core.config import APP_LOGIN, get_settings
from backend.core.errors import Unavailable
from backend.webhooks.forms import FormConfig, read_form

FORM = "select intake_form($1)::text"
RECEIVE = "select intake_receive($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8::text::jsonb, $9, $10, $11, $12, $13::text::jsonb, $14)::text"
FRESH_SECONDS = 5.0
MOST_KEPT = 1000
PATIENCE_SECONDS = 8.0
POOL_SIZE = 8
AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)


@dataclass(frozen=True)
class Arrival:
    """The arguments of `intake_receive`, in its order."""

    form_id: UUID
    message_id: str
    same_since: datetime | None
    now: datetime
    submission_id: UUID
    lead_id: UUID
    reason: str | None
    payload: str
    raw: bytes
    content_type: str
    remote_ip: str
    submitted_at: datetime | None
    fields: str
    request_id: str


class Runner(Protocol):
    """Runs one statement in a transaction of its own and returns its only value."""

    async def fetchval(self, query: str, *args: Any) -> Any: ...


async def _keep(_: "asyncpg.Connection[asyncpg.Record]") -> None:
    """The statements leave nothing behind in the session: cleaning it would cost a second round trip."""


class PoolRunner:
    """A pool that is opened by the first submission and follows the settings of the process."""

    def __init__(self) -> None:
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    async def fetchval(self, query: str, *args: Any) -> Any:
        pool = self._pool or await self._open()
        return await pool.fetchval(query, *args, timeout=10)

    async def _open(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                dsn = get_settings().login_url(APP_LOGIN).set(drivername="postgresql").render_as_string(hide_password=False)
                options = {"application_name": f"{APP_LOGIN} intake", "jit": "off"}
                self._pool = await asyncpg.create_pool(dsn, min_size=1, max_size=POOL_SIZE, timeout=5, server_settings=options, reset=_keep)
            return self._pool

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None


class IntakeStore:
    """Forms by key, kept for a few seconds, and the one call that keeps a submission."""

    def __init__(self, runner: Runner, patience: float = PATIENCE_SECONDS) -> None:
        self.runner = runner
        self.patience = patience
        self._forms: dict[str, tuple[float, FormConfig | None]] = {}

    async def form(self, key: str) -> FormConfig | None:
        """The active form of this key; changes are seen within five seconds."""
        kept = self._forms.get(key)
        if kept is not None and time.monotonic() - kept[0] < FRESH_SECONDS:
            return kept[1]
        text = await self._patiently(FORM, key)
        form = read_form(text) if text is not None else None
        if len(self._forms) >= MOST_KEPT:
            self._forms.clear()
        self._forms[key] = (time.monotonic(), form)
        return form

    def forget(self) -> None:
        self._forms.clear()

    async def receive(self, arrival: Arrival) -> dict[str, Any]:
        """Keeps a submission once, with its lead; the answer of the first one for a replay."""
        answer: dict[str, Any] = json.loads(await self._patiently(RECEIVE, *astuple(arrival)))
        return answer

    async def _patiently(self, query: str, *args: Any) -> Any:
        """Tries again while PostgreSQL is away: the message id makes a repeat harmless. Then 503 with Retry-After."""
        try:
            async for attempt in stamina.retry_context(
                on=AWAY, attempts=None, timeout=self.patience, wait_initial=0.05, wait_max=0.5, wait_jitter=0.1
            ):
                with attempt:
                    return await self.runner.fetchval(query, *args)
        except AWAY as error:
            raise Unavailable(
                "database_away", "The submission could not be kept; send it again with the same webhook-id.", headers={"Retry-After": "5"}
            ) from error


_store: IntakeStore | None = None


async def get_store() -> IntakeStore:
    """The store of this process."""
    global _store  # noqa: PLW0603
    if _store is None:
        _store = IntakeStore(PoolRunner())
    return _store


async def close_store() -> None:
    """Called by the application when it stops."""
    global _store  # noqa: PLW0603
    if _store is not None and isinstance(_store.runner, PoolRunner):
        await _store.runner.close()
    _store = None
