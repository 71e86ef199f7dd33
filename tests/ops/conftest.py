"""The `chengdan` command as an operator runs it: real processes, none of the test run's own settings."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.embedded import ports
from tests.ops.processes import until

ROOT = Path(__file__).resolve().parents[2]
Chengdan = Callable[..., subprocess.CompletedProcess[str]]


def environment(**settings: str) -> dict[str, str]:
    """The environment without the addresses of the test servers, and with these settings."""
    ours = ("CHENGDAN_", "DATABASE_URL", "REDIS_URL", "PORT", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | settings


def chengdan(*words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    command = [sys.executable, "-m", "backend.cli", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, env=environment(**settings), capture_output=True, text=True, timeout=120, check=False)


def two_free_ports() -> int:
    """The first of two neighbouring free ports."""
    while not ports.is_free(1 + (port := ports.any_free())):
        pass
    return port


class Up:
    """A running `chengdan up` and what it printed."""

    def __init__(self, home: Path, port: int) -> None:
        self.port, self.console = port, home.with_suffix(".console")
        settings = environment(CHENGDAN_DATA_DIR=str(home), PORT=str(port))
        with self.console.open("w") as console:
            command = [sys.executable, "-m", "backend.cli", "up"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=console, stderr=console)

    def said(self) -> str:
        return self.console.read_text()

    def await_ready(self) -> None:
        until(lambda: "ready " in self.said() or self.process.poll() is not None, 120)
        assert f"ready http://127.0.0.1:{self.port}\n" in self.said()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[int], Up]]:
    """Start the product on this test's data directory; it is killed should the test fail."""
    started: list[Up] = []

    def up(port: int) -> Up:
        started.append(Up(tmp_path / "data", port))
        return started[-1]

    yield up
    for one in started:
        one.process.kill()
        one.process.wait()
