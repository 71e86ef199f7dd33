"""A whole installation on loopback, made of real processes that a test may hold, end by signal and start again."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from backend.core.clock import write_offset
from backend.embedded import credentials, ports
from backend.embedded.postgres import start_postgres
from backend.embedded.process import Running, RunningServer, spawn, tail
from backend.embedded.valkey import start_valkey

ROOT = Path(__file__).resolve().parents[2]
Found = TypeVar("Found")


async def eventually(look: Callable[[], Awaitable[Found]], within: float, what: str) -> Found:
    """The first true answer of `look`; AssertionError that names `what` when there is none in time."""
    deadline = time.monotonic() + within
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what}")
        await asyncio.sleep(0.02)


@dataclass
class Installation:
    """Servers and processes by name; `stop` ends them all."""

    home: Path
    postgres: RunningServer
    valkey: RunningServer
    environment: dict[str, str]
    processes: dict[str, Running] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    @classmethod
    def start(cls, home: Path, **environment: str) -> "Installation":
        """Both servers, durable as in production, and the schema; no process of ours yet."""
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        postgres = start_postgres(home)
        try:
            valkey = start_valkey(home)
        except BaseException:
            postgres.stop()
            raise
        made = cls(home, postgres, valkey, _environment(home, postgres, valkey) | environment)
        try:
            made.run("migrate")
        except BaseException:
            made.stop()
            raise
        return made

    def stop(self) -> None:
        """Ends every process, the servers last."""
        for running in reversed(self.processes.values()):
            running.stop()
        self.processes.clear()
        self.valkey.stop()
        self.postgres.stop()

    # --- our processes

    def run(self, *words: str) -> None:
        """A command of `chengdan`, to its end."""
        done = subprocess.run(_command(*words), env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"chengdan {' '.join(words)} failed: {done.stderr or done.stdout}")

    def api(self, name: str = "api", *, pause: str = "", **environment: str) -> str:
        """Starts an API process and returns its address when it is ready."""
        port = ports.any_free()
        self.addresses[name] = f"http://127.0.0.1:{port}"
        running = self._spawn(name, "api", {"PORT": str(port), "CHENGDAN_PAUSE": pause, **environment})
        deadline = time.monotonic() + 60
        while not _answers(f"{self.addresses[name]}/readyz"):
            if running.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not become ready: {self.log(name)}")
            time.sleep(0.02)
        return self.addresses[name]

    def worker(self, name: str = "worker", *, pause: str = "", **environment: str) -> Running:
        """Starts a worker process; it is at work as soon as it can be."""
        return self._spawn(name, "worker", {"CHENGDAN_PAUSE": pause, **environment})

    @property
    def workers(self) -> set[str]:
        return {name for name in self.processes if name not in self.addresses}

    def _spawn(self, name: str, word: str, environment: dict[str, str]) -> Running:
        if name in self.processes:
            raise ValueError(f"{name} runs already")
        command, log = _command(word), self.home / "logs" / f"{name}.log"
        process = spawn(command, death_signal=signal.SIGKILL, log=log, cwd=ROOT, env=self.environment | environment)
        self.processes[name] = Running(process, signal.SIGTERM, 15)
        return self.processes[name]

    def end(self, name: str, number: signal.Signals = signal.SIGTERM) -> int:
        """Ends one process by a signal and returns how it ended."""
        running = self.processes.pop(name)
        running.process.send_signal(number)
        return running.process.wait(20)

    def log(self, name: str) -> str:
        return tail(self.home / "logs" / f"{name}.log", limit=6000)

    # --- servers

    def stop_postgres(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: a fast stop that cuts connections; SIGKILL: a crash."""
        self.postgres.process.send_signal(number)
        self.postgres.process.wait(60)
        self.postgres.lock.close()

    def start_postgres(self) -> None:
        self.postgres = start_postgres(self.home)

    def stop_valkey(self, number: signal.Signals = signal.SIGKILL) -> None:
        self.valkey.process.send_signal(number)
        self.valkey.process.wait(60)
        self.valkey.lock.close()

    def start_valkey(self) -> None:
        self.valkey = start_valkey(self.home)

    # --- looking and moving time

    @asynccontextmanager
    async def database(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """The owner's connection: sees every row."""
        connection = await asyncpg.connect(self.postgres.url)
        try:
            yield connection
        finally:
            await connection.close()

    async def value(self, sql: str, *values: Any) -> Any:
        async with self.database() as connection:
            return await connection.fetchval(sql, *values)

    async def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        async with self.database() as connection:
            return [dict(row) for row in await connection.fetch(sql, *values)]

    def move_clock(self, **by: float) -> None:
        """The product clock of all processes, from now on."""
        from datetime import timedelta

        write_offset(Path(self.environment["CHENGDAN_CLOCK_FILE"]), timedelta(**by))


def _environment(home: Path, postgres: RunningServer, valkey: RunningServer) -> dict[str, str]:
    made = credentials.load(home)
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("CHENGDAN_", "DATABASE_URL", "REDIS_URL", "PORT"))
    }
    return inherited | {
        "DATABASE_URL": postgres.url,
        "REDIS_URL": valkey.url,
        "CHENGDAN_DATA_DIR": str(home),
        "CHENGDAN_APP_DB_PASSWORD": made.app_db_password,
        "CHENGDAN_WORKER_DB_PASSWORD": made.worker_db_password,
        "CHENGDAN_JWT_SECRET": made.jwt_secret,
        "CHENGDAN_CLOCK_FILE": str(home / "clock"),
        "CHENGDAN_LOG_LEVEL": "WARNING",
    }


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "backend.cli", *words]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
