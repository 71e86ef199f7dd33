"""The contract against the running product: schemathesis asks every operation, with good and bad data, as a real administrator.

`make test-contract-deep` draws many times as much, and asks as a rep and as nobody too.
"""

import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.checks import CHECKS
from schemathesis.config import SchemathesisConfig
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from backend.core.openapi import render
from tests.announced import Silence, assert_announced, silences
from tests.conftest import _admin, _clone, _point_at, device_headers
from tests.factories import make_lead, make_leave, make_person, make_region

ROOT = Path(__file__).resolve().parents[1]
CONTRACT = ROOT / "openapi" / "openapi.json"
DOCUMENT = json.loads(CONTRACT.read_text())
NEVER_ENDS = "open_live_stream"
ENDS_ITS_SESSION = {"end_session", "end_all_sessions", "change_password", "deactivate_person"}
TIMES = int(os.environ.get("CHENGDAN_CONTRACT_TIMES", "1"))
"""How many times the examples of every run are drawn."""
CALLERS = ["administrator", "rep", "nobody"] if TIMES > 1 else ["administrator"]
STATUSES = {"checks": {"missing_required_header": {"expected-statuses": [401, 428]}}}


def schema_with(*, coverage: bool) -> Any:
    """`coverage`: the fixed cases at every edge of the contract, besides drawn ones."""
    config = SchemathesisConfig.from_dict({**STATUSES, "phases": {"coverage": {"enabled": coverage}}})
    return schemathesis.openapi.from_dict(DOCUMENT, config=config).exclude(operation_id=NEVER_ENDS)


anything, real_records = schema_with(coverage=True), schema_with(coverage=False)


def examples(number: int) -> settings:
    return settings(
        max_examples=number * TIMES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def test_the_committed_contract_is_what_the_code_serves(built_app: FastAPI) -> None:
    assert CONTRACT.read_text() == render(built_app.openapi()), "run `make openapi` and commit the result"


def test_operations_are_named_once_for_their_functions() -> None:
    names = [operation["operationId"] for path in DOCUMENT["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))


def test_every_error_is_declared_as_a_problem() -> None:
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                if status[0] in "45":
                    assert list(response["content"]) == ["application/problem+json"], (method, path, status)


@dataclass
class Server:
    """The API in a process of its own, on a database with a small company."""

    url: str
    database: str
    ids: dict[str, str]
    administrator: UUID
    session: requests.Session

    def headers(self, caller: str = "administrator") -> dict[str, str]:
        """A new device of somebody, or none."""
        return {} if caller == "nobody" else asyncio.run(self._headers(caller))

    async def _headers(self, caller: str) -> dict[str, str]:
        async with _session() as session, session.begin():
            person = self.administrator if caller == "administrator" else UUID(self.ids["person_id"])
            return await device_headers(session, person)


def _session() -> AsyncSession:
    from backend.core.config import get_settings

    return AsyncSession(create_async_engine(get_settings().owner_url(), poolclass=NullPool), expire_on_commit=False)


async def _company() -> tuple[UUID, dict[str, str]]:
    async with _session() as session, session.begin():
        region = await make_region(session, "华东", areas=(("江苏", None),))
        admin = await make_person(session, "administrator", "regional_manager", region=region)
        rep = await make_person(session, region=region, supervisor_id=admin.id)
        lead = await make_lead(session, owner=rep, region=region)
        leave = await make_leave(session, rep)
        return admin.id, {"person_id": str(rep.id), "region_id": str(region.id), "lead_id": str(lead.id), "leave_id": str(leave.id)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        assert process.poll() is None, "the API ended while starting"
        try:
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the API did not become ready within 60 s")


@pytest.fixture(scope="module")
def server(database_name: str) -> Iterator[Server]:
    name = f"{database_name}_contract_{secrets.token_hex(3)}"
    asyncio.run(_clone(name))
    _point_at(name)
    administrator, ids = asyncio.run(_company())
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "backend.main:create_app", "--factory", "--port", str(port), "--log-level", "warning"],
        cwd=ROOT,
        env=os.environ,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, process)
        with requests.Session() as session:
            session.trust_env = False
            yield Server(url, name, ids, administrator, session)
    finally:
        process.terminate()
        process.wait(20)
        silent = asyncio.run(_silences())
        _point_at(database_name)
        asyncio.run(_drop(name))
        assert_announced(silent)


async def _silences() -> list[Silence]:
    async with _session() as session:
        return await silences(session)


async def _drop(name: str) -> None:
    from sqlalchemy import text

    admin = _admin()
    async with admin.connect() as connection:
        await connection.execute(text(f"drop database {name} with (force)"))
    await admin.dispose()


@pytest.fixture(scope="module", params=CALLERS)
def caller(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def device(server: Server, caller: str) -> dict[str, str]:
    return server.headers(caller)


@anything.parametrize()
@examples(2)
@pytest.mark.parametrize("skipped", [("positive_data_acceptance",)], ids=["any data"])
def test_any_data_gets_what_the_contract_says(
    case: schemathesis.Case, server: Server, caller: str, device: dict[str, str], skipped: tuple[str, ...]
) -> None:
    check(case, server, caller, device, *skipped)


@real_records.parametrize()
@examples(4)
@pytest.mark.parametrize("skipped", [("positive_data_acceptance", "negative_data_rejection")], ids=["real records"])
def test_real_records_get_what_the_contract_says(
    case: schemathesis.Case, server: Server, caller: str, device: dict[str, str], skipped: tuple[str, ...]
) -> None:
    """A real id mends a path that was meant to be wrong, so nobody expects a refusal for it."""
    case.path_parameters = {**case.path_parameters, **{key: value for key, value in server.ids.items() if key in case.path_parameters}}
    check(case, server, caller, device, *skipped)


def check(case: schemathesis.Case, server: Server, caller: str, device: dict[str, str], *skipped: str) -> None:
    """All checks but the named: whether data has the right shape does not say whether the business agrees."""
    excluded = [found for found in CHECKS.get_all() if found.__name__ in skipped]
    headers = server.headers(caller) if case.operation.definition.raw["operationId"] in ENDS_ITS_SESSION else device
    for name in [name for name in case.headers or () if name.lower() == "content-length"]:
        del case.headers[name]  # of a drawn length the server cannot even find the end of the request
    case.call_and_validate(base_url=server.url, session=server.session, headers=headers, excluded_checks=excluded, timeout=20)


def test_what_one_answer_gives_the_next_request_can_use(server: Server) -> None:
    """Walks from operation to operation by the ids of the answers (schemathesis finds the links from the contract)."""

    class Walk(real_records.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:
            del case
            return {"headers": server.headers(), "base_url": server.url, "timeout": 20}

        def validate_response(self, response: Any, case: schemathesis.Case, **kwargs: Any) -> None:
            skipped = {"positive_data_acceptance", "negative_data_rejection", "use_after_free", "ensure_resource_availability"}
            excluded = [found for found in CHECKS.get_all() if found.__name__ in skipped]
            case.validate_response(response, excluded_checks=excluded, headers=kwargs.get("headers"))

    run_state_machine_as_test(Walk, settings=settings(examples(4), stateful_step_count=6))
