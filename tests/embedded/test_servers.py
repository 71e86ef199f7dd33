"""The embedded servers: their data outlives a kill, they do not outlive their launcher, and two never share a directory."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from backend.embedded import credentials, ports, postgres
from backend.embedded.postgres import start_postgres
from backend.embedded.process import EmbeddedError, RunningServer, is_held
from backend.embedded.unprivileged import Unprivileged, _nobody, unprivileged
from backend.embedded.valkey import start_valkey
from tests.ops.processes import descendants, is_alive, until

Start = Callable[..., RunningServer]
LAUNCHER = """
import sys, time
from pathlib import Path
from backend.embedded.postgres import start_postgres
from backend.embedded.valkey import start_valkey
home = Path(sys.argv[1])
servers = [start_postgres(home), start_valkey(home)]
print(*[server.process.pid for server in servers], flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory after its first start."""
    home = tmp_path_factory.mktemp("made")
    start_postgres(home, durable=False).stop()
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "home")


@pytest.fixture
def launch(home: Path) -> Iterator[Start]:
    """Start a server in this test's directory; what still runs at the end is stopped."""
    started: list[RunningServer] = []

    def start(kind: Start, at: Path = home, **options: bool) -> RunningServer:
        started.append(kind(at, **options))
        return started[-1]

    yield start
    for server in started:
        server.stop()


async def execute(url: str, *statements: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return list(await connection.fetch(statements[-1]))
    finally:
        await connection.close()


async def test_postgres_is_what_the_product_needs(launch: Start) -> None:
    url = launch(start_postgres).url
    rows = await execute(url, "select name, setting from pg_settings")
    settings = {row["name"]: row["setting"] for row in rows}
    assert settings["server_version"].startswith("18.")
    assert (settings["server_encoding"], settings["fsync"], settings["max_connections"]) == ("UTF8", "on", "200")
    (compares,) = await execute(url, "select datlocprovider, datlocale from pg_database where datname = current_database()")
    assert tuple(compares) == (b"b", "C.UTF-8"), "by its own comparison of bytes, not by the C library's"
    trigrams = await execute(url, "create extension pg_trgm", "select similarity('昆山精工五金', '精工五金') > 0.3 as near")
    assert trigrams[0]["near"]


async def test_acknowledged_rows_survive_a_kill_of_postgres(launch: Start) -> None:
    server = launch(start_postgres)
    await execute(server.url, "create table kept (id int)", "insert into kept values (7)", "select 1")
    server.process.kill()
    server.stop()
    rows = await execute(launch(start_postgres).url, "select id from kept")
    assert [row["id"] for row in rows] == [7]


async def test_valkey_keeps_its_data_and_asks_for_the_password(launch: Start) -> None:
    server = launch(start_valkey)
    async with Redis.from_url(server.url) as redis:
        await redis.set("kept", "7")
    server.stop()
    again = launch(start_valkey)
    assert again.url == server.url
    async with Redis.from_url(again.url) as redis:
        assert await redis.get("kept") == b"7"
    async with Redis.from_url("redis://127.0.0.1:" + again.url.rsplit(":", 1)[1]) as stranger:
        with pytest.raises(Exception, match="Authentication required"):
            await stranger.get("kept")


async def test_postgres_refuses_a_wrong_password(launch: Start) -> None:
    url = launch(start_postgres, durable=False).url
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url, password="guessed")


@pytest.mark.parametrize("kind", [start_postgres, start_valkey])
def test_a_second_start_on_the_same_directory_is_refused(launch: Start, home: Path, kind: Start) -> None:
    server = launch(kind)
    with pytest.raises(EmbeddedError, match=f"in use: process {os.getpid()} .*CHENGDAN_DATA_DIR"):
        kind(home)
    assert server.process.poll() is None
    server.stop()
    assert not is_held(home, kind.__name__.removeprefix("start_"))
    launch(kind)


def test_nothing_stays_after_the_launcher_is_killed(launch: Start, home: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", LAUNCHER, home], stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        servers = [int(pid) for pid in launcher.stdout.readline().split()]
        everything = [*servers, *descendants(servers[0])]
        assert len(servers) == 2
        assert all(is_alive(pid) for pid in everything)
        launcher.send_signal(signal.SIGKILL)
        launcher.wait()
        # At once, without waiting for the orphans: the next start does that.
        launch(start_postgres)
        launch(start_valkey)
        until(lambda: not any(is_alive(pid) for pid in everything))


def test_a_lock_file_with_the_number_of_a_living_stranger_is_stale(launch: Start, home: Path) -> None:
    server = launch(start_postgres, durable=False)
    lock = (home / "postgres" / "postmaster.pid").read_text()
    server.process.kill()
    server.stop()
    until(lambda: not descendants(server.process.pid))
    (home / "postgres" / "postmaster.pid").write_text(lock.replace(str(server.process.pid), str(os.getpid()), 1))
    assert launch(start_postgres, durable=False).process.poll() is None


@pytest.mark.parametrize("kind", [start_postgres, start_valkey])
def test_a_port_that_was_taken_meanwhile_is_given_up(launch: Start, home: Path, kind: Start) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        taken = stranger.getsockname()[1]
        name = kind.__name__.removeprefix("start_")
        (home / f"{name}.port").write_text(str(taken))
        server = launch(kind, durable=False)
        assert ports.known(home, name) != taken
        assert f":{ports.known(home, name)}/" in server.url


def test_secrets_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    first = credentials.load(tmp_path)
    assert credentials.load(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    values = list(vars(first).values())
    assert len(set(values)) == len(values)
    assert min(len(value) for value in values) >= 32


def test_passwords_are_on_no_command_line(launch: Start, home: Path) -> None:
    for kind in (start_postgres, start_valkey):
        told = Path(f"/proc/{launch(kind, durable=False).process.pid}/cmdline").read_text()
        assert not any(secret in told for secret in vars(credentials.load(home)).values())


def ways() -> list[Unprivileged]:
    """Each way in which this user can run PostgreSQL."""
    return [unprivileged(), _nobody()] if os.geteuid() == 0 else [unprivileged()]


async def test_root_can_change_between_the_ways_and_keeps_the_data(launch: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "private").mkdir(mode=0o700)
    home = tmp_path / "private" / "data"
    for turn, way in enumerate([*ways(), *ways()]):
        monkeypatch.setattr(postgres, "unprivileged", lambda way=way: way)
        server = launch(start_postgres, home, durable=False)
        await execute(server.url, "create table if not exists turns (turn int)", f"insert into turns values ({turn})", "select 1")
        rows = await execute(server.url, "select count(*) as turns from turns")
        assert rows[0]["turns"] == turn + 1
        server.stop()
