"""The first administrator of a production installation, and the way back in: real commands against servers of their own."""

import asyncio
import os
import pty
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import pytest

from backend.embedded import ports
from backend.embedded.postgres import start_postgres
from backend.embedded.valkey import start_valkey
from tests.ops.conftest import ROOT, environment
from tests.ops.processes import until

FIRST, SECOND = "correct horse battery", "staple correct horse"


@dataclass
class Machines:
    """What README asks for: servers, an owner that may create roles, the same settings everywhere."""

    settings: dict[str, str]
    superuser: str

    def chengdan(self, *words: str, password: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "backend.cli", *words]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=environment(**self.settings),
            input=f"{password}\n",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    async def rows(self, query: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.superuser)
        found = await connection.fetch(query)
        await connection.close()
        return found


OWNER, OWNER_PASSWORD = "dba", secrets.token_hex(8)
SECRETS = {
    "CHENGDAN_JWT_SECRET": secrets.token_urlsafe(36),
    "CHENGDAN_APP_DB_PASSWORD": secrets.token_urlsafe(18),
    "CHENGDAN_WORKER_DB_PASSWORD": secrets.token_urlsafe(18),
}


async def execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Addresses of PostgreSQL (as a superuser) and Valkey; the owner of databases has no superuser rights."""
    home = tmp_path_factory.mktemp("servers")
    running = [start_postgres(home, durable=False), start_valkey(home, durable=False)]
    asyncio.run(execute(running[0].url, f"create role {OWNER} login createrole password '{OWNER_PASSWORD}'"))
    yield running[0].url, running[1].url
    for server in running:
        server.stop()


def machines_on(servers: tuple[str, str], home: Path, template: str) -> Machines:
    """A database of their own, copied from a template."""
    postgres, redis = servers
    name = f"firm_{secrets.token_hex(4)}"
    asyncio.run(execute(postgres, f"create database {name} owner {OWNER} template {template}"))
    settings = {
        "DATABASE_URL": f"postgresql://{OWNER}:{OWNER_PASSWORD}@{postgres.rpartition('@')[2].partition('/')[0]}/{name}",
        "REDIS_URL": redis,
        "CHENGDAN_ENVIRONMENT": "production",
        "CHENGDAN_DATA_DIR": str(home),
        "PORT": str(ports.any_free()),
    }
    return Machines(settings | SECRETS, f"{postgres.rpartition('/')[0]}/{name}")


@pytest.fixture
def empty(servers: tuple[str, str], tmp_path: Path) -> Machines:
    return machines_on(servers, tmp_path / "data", "template0")


@pytest.fixture(scope="module")
def migrated(servers: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database that `chengdan migrate` has filled."""
    machines = machines_on(servers, tmp_path_factory.mktemp("migrated"), "template0")
    done = machines.chengdan("migrate")
    assert (done.returncode, done.stderr) == (0, "")
    return machines.superuser.rpartition("/")[2]


@pytest.fixture
def machines(servers: tuple[str, str], migrated: str, tmp_path: Path) -> Machines:
    return machines_on(servers, tmp_path / "data", migrated)


@pytest.fixture
def sign_in(tmp_path: Path):
    """Signs in at a real API process, started with the first attempt."""
    processes: list[subprocess.Popen[bytes]] = []

    def is_ready(address: str) -> bool:
        try:
            return httpx.get(f"{address}/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def attempt(machines: Machines, login: str, password: str) -> httpx.Response:
        address = f"http://127.0.0.1:{machines.settings['PORT']}"
        if not processes:
            with (tmp_path / "api.log").open("wb") as log:
                command = [sys.executable, "-m", "backend.cli", "api"]
                processes.append(subprocess.Popen(command, cwd=ROOT, env=environment(**machines.settings), stdout=log, stderr=log))
            until(lambda: is_ready(address), 60)
        return httpx.post(f"{address}/api/v1/auth/sign-in", json={"login": login, "password": password}, timeout=30)

    yield attempt
    for process in processes:
        process.terminate()
        process.wait()


async def test_a_production_installation_gets_its_first_administrator_and_lets_a_locked_out_one_in_again(empty: Machines, sign_in) -> None:
    early = empty.chengdan("admin", "create", "zhoumin", "周敏", password=FIRST)
    assert (early.returncode, early.stdout) == (1, "")
    assert "run `chengdan migrate`" in early.stderr
    assert "Traceback" not in early.stderr
    assert "SELECT" not in early.stderr, "a statement has parameters"
    without = Machines(empty.settings | {"CHENGDAN_WORKER_DB_PASSWORD": ""}, empty.superuser).chengdan("migrate")
    assert (without.returncode, "CHENGDAN_WORKER_DB_PASSWORD, the same on every machine" in without.stderr) == (1, True)
    migrated = empty.chengdan("migrate")
    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert await empty.rows("select 1 from person") == [], "production begins without anybody"

    made = empty.chengdan("admin", "create", "zhoumin", "周敏", password=FIRST)
    assert (made.returncode, made.stdout, made.stderr) == (0, "zhoumin is an administrator and can sign in.\n", "")
    signed = sign_in(empty, "zhoumin", FIRST)
    assert signed.status_code == 200, signed.text
    me = signed.json()["me"]
    assert (me["name"], [role["code"] for role in me["roles"]]) == ("周敏", ["administrator"])
    audited = await empty.rows("select distinct actor, table_name from audit_entry where actor like 'operator:%' order by 2")
    assert [row["table_name"] for row in audited] == ["credential", "person", "person_role"]

    refused = empty.chengdan("admin", "create", "lihua", "李华", password=SECOND)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "zhoumin can administer this installation" in refused.stderr
    further = empty.chengdan("admin", "create", "lihua", "李华", "--again", password=SECOND)
    assert (further.returncode, further.stderr) == (0, "")

    assert [sign_in(empty, "zhoumin", "wrong").status_code for _ in range(5)] == [401, 401, 401, 401, 429]
    short = empty.chengdan("admin", "reset-password", "zhoumin", password="short")
    assert (short.returncode, short.stderr) == (1, "chengdan: password String should have at least 10 characters\n")
    reset = empty.chengdan("admin", "reset-password", "zhoumin", password=SECOND)
    assert (reset.returncode, reset.stderr) == (0, "")
    assert sign_in(empty, "zhoumin", SECOND).status_code == 200, "the lock of the failures is open"


def typed(settings: dict[str, str], *answers: str) -> tuple[int, str]:
    """The command at a terminal: what it asks is answered in turn; its exit code and all that the terminal showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execve(sys.executable, [sys.executable, "-m", "backend.cli", "admin", "create", "zhoumin", "周敏"], environment(**settings))
    shown = b""
    for answer in answers:
        while not shown.endswith(b": "):
            shown += os.read(terminal, 1000)
        os.write(terminal, f"{answer}\n".encode())
        shown += b"|"
    try:
        while part := os.read(terminal, 1000):
            shown += part
    except OSError:  # the other end has closed
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


async def test_at_a_terminal_the_password_is_asked_for_twice_and_never_shown(machines: Machines, sign_in) -> None:
    code, shown = typed(machines.settings, FIRST, SECOND)
    assert code == 1
    assert "The two passwords differ" in shown
    assert await machines.rows("select 1 from person") == []
    code, shown = typed(machines.settings, FIRST, FIRST)
    assert code == 0
    assert FIRST not in shown
    assert sign_in(machines, "zhoumin", FIRST).status_code == 200


async def test_an_owner_that_may_not_make_the_roles_is_told_so_without_a_secret(machines: Machines) -> None:
    await execute(machines.superuser, f"alter role {OWNER} nocreaterole", "alter role chengdan_app rename to somebody_elses")
    try:
        refused = machines.chengdan("migrate")
    finally:
        await execute(machines.superuser, f"alter role {OWNER} createrole", "alter role somebody_elses rename to chengdan_app")
    assert refused.returncode == 1
    assert "permission denied to create role" in refused.stderr
    assert "needs CREATEROLE" in refused.stderr
    assert machines.settings["CHENGDAN_APP_DB_PASSWORD"] not in refused.stderr
    assert "Traceback" not in refused.stderr


async def test_a_login_that_was_given_too_much_is_not_accepted_by_a_common_owner_and_mended_by_a_superuser(machines: Machines) -> None:
    await execute(machines.superuser, "alter role chengdan_app bypassrls")
    assert machines.chengdan("migrate").returncode == 1
    machines.settings["DATABASE_URL"] = machines.superuser
    assert machines.chengdan("migrate").returncode == 0
    (role,) = await machines.rows("select rolsuper, rolbypassrls, rolinherit from pg_roles where rolname = 'chengdan_app'")
    assert tuple(role) == (False, False, False)
