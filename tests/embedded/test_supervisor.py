"""What dies is started again, ever more slowly; everything ends together."""

import signal
from pathlib import Path

import pytest

from backend.embedded.process import EmbeddedError, Running, spawn
from backend.embedded.supervisor import Supervisor
from tests.ops.processes import is_alive, until


class Service:
    """A process that runs until it is ended, and how often it was started."""

    def __init__(self, log: Path) -> None:
        self.log, self.starts, self.fails = log, 0, False

    def __call__(self) -> Running:
        self.starts += 1
        if self.fails:
            raise EmbeddedError("no room")
        process = spawn(["sleep", "600"], death_signal=signal.SIGTERM, log=self.log)
        return Running(process, signal.SIGTERM, 10)


@pytest.fixture
def said() -> list[str]:
    return []


def die(running: Running) -> None:
    running.process.kill()
    until(lambda: running.process.poll() is not None)


def test_a_child_that_dies_is_started_again_and_that_is_said(tmp_path: Path, said: list[str]) -> None:
    supervisor, service = Supervisor(said.append), Service(tmp_path / "log")
    die(supervisor.add("worker", service))
    started = supervisor.children[0].started_at
    supervisor.check(started + 1)
    assert said == ["worker ended (signal 9); starting it again in 0.5 s"]
    supervisor.check(started + 1.4)
    assert service.starts == 1
    supervisor.check(started + 1.6)
    running = supervisor.children[0].running
    assert said[1:] == [f"worker runs again (process {running.process.pid})"]
    assert is_alive(running.process.pid)
    supervisor.stop()
    assert not is_alive(running.process.pid)


def test_the_pause_grows_up_to_a_bound_and_starts_anew_after_good_health(tmp_path: Path, said: list[str]) -> None:
    supervisor, service = Supervisor(said.append), Service(tmp_path / "log")
    die(supervisor.add("worker", service))
    child, now = supervisor.children[0], supervisor.children[0].started_at
    service.fails = True
    pauses = []
    for _ in range(9):
        supervisor.check(now)
        pauses.append(float(said[-1].rsplit(" in ")[-1].removesuffix(" s")))
        now += pauses[-1]
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert said[-1] == "worker did not start (no room); starting it again in 30 s"
    service.fails = False
    supervisor.check(now)
    die(child.running)
    supervisor.check(now + 61)
    assert said[-1].endswith("in 0.5 s")
    supervisor.stop()


def test_all_are_stopped_last_started_first(tmp_path: Path, said: list[str]) -> None:
    supervisor, order = Supervisor(said.append), []

    class Noted(Running):
        def stop(self) -> None:
            order.append(self.process.pid)
            super().stop()

    def start() -> Noted:
        return Noted(spawn(["sleep", "600"], death_signal=signal.SIGTERM, log=tmp_path / "log"), signal.SIGTERM, 10)

    pids = [supervisor.add(name, start).process.pid for name in ("postgres", "api", "worker")]
    supervisor.stop()
    assert order == pids[::-1]
    assert not any(is_alive(pid) for pid in pids)


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    deaf = spawn(["sh", "-c", "trap '' TERM; echo up; sleep 600"], death_signal=signal.SIGKILL, log=tmp_path / "log")
    until(lambda: (tmp_path / "log").read_text() == "up\n")
    Running(deaf, signal.SIGTERM, 0.1).stop()
    assert deaf.returncode == -signal.SIGKILL
