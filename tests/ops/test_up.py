"""`chengdan up`: one command starts everything, and ends everything."""

import json
import os
import signal
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from backend.core.config import LAUNCH_HEADER
from tests.ops.conftest import Up, chengdan, environment, two_free_ports
from tests.ops.processes import command, descendants, is_alive, until

Start = Callable[[int], Up]
PARTS = ("postgres -D", "valkey-server", "backend.cli api", "backend.cli worker", "backend.cli website")


def part(up: Up, name: str) -> int:
    """The process of one part; 0 when it does not run."""
    return next((pid for pid in descendants(up.process.pid) if name in command(pid)), 0)


def stopped(up: Up, number: signal.Signals) -> list[int]:
    """The processes that live on after the signal has done its work."""
    everything = descendants(up.process.pid)
    assert len(everything) >= len(PARTS)
    up.process.send_signal(number)
    up.process.wait(60)
    if number == signal.SIGKILL:
        until(lambda: not any(is_alive(pid) for pid in everything))
    return [pid for pid in everything if is_alive(pid)]


def send_inquiry(port: int) -> httpx.Response:
    sent = {"inquiry_id": str(uuid.uuid4()), "company": "苏州示例机电有限公司", "contact_name": "周先生", "phone": "0512-6688 1234"}
    return httpx.post(f"http://127.0.0.1:{port + 1}/inquiries", json=sent, timeout=30)


def test_an_installation_from_its_first_start_to_its_end(start: Start, tmp_path: Path) -> None:
    port = two_free_ports()
    up = start(port)
    up.await_ready()
    assert all(part(up, name) for name in PARTS)
    assert "zhanglei" in up.said()
    assert f"http://127.0.0.1:{port + 1}" in up.said()
    assert httpx.get(f"http://127.0.0.1:{port}/readyz").json()["checks"] == {"database": "ok", "schema": "ok", "redis": "ok"}
    answer = send_inquiry(port)
    assert (answer.status_code, answer.json()["state"]) == (202, "accepted")

    second = chengdan("up", CHENGDAN_DATA_DIR=str(tmp_path / "data"), PORT=str(two_free_ports()))
    assert second.returncode == 1
    assert "in use" in second.stderr
    assert "CHENGDAN_DATA_DIR" in second.stderr

    worker = part(up, PARTS[3])
    os.kill(worker, signal.SIGKILL)
    until(lambda: part(up, PARTS[3]) not in {0, worker})
    assert "worker ended (signal 9); starting it again in 0.5 s" in up.said()

    assert stopped(up, signal.SIGTERM) == []
    assert up.process.returncode == 0
    assert "Traceback" not in up.said()
    said = [json.loads(line)["event"] for line in (tmp_path / "data" / "logs" / "worker.log").read_text().splitlines()]
    assert "worker_started" in said
    assert [event for event in said if "cron:" in event] == [], "what finds nothing says nothing"

    again = start(port)
    again.await_ready()
    assert send_inquiry(port).status_code == 202
    assert stopped(again, signal.SIGKILL) == []


def test_a_busy_port_is_said_with_its_remedy(tmp_path: Path) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        done = chengdan("up", CHENGDAN_DATA_DIR=str(tmp_path / "data"), PORT=str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert f"PORT={port + 100} make run" in done.stderr
    assert not (tmp_path / "data").exists()


@contextmanager
def stranger(port: int) -> Iterator[None]:
    """Another program that answers everything with 200, and with a guess of the header."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header(LAUNCH_HEADER, "")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", port), Answer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("offset", "name"), [(0, "api"), (1, "website")])
def test_a_stranger_that_takes_a_port_meanwhile_is_not_mistaken_for_ours(start: Start, tmp_path: Path, offset: int, name: str) -> None:
    port = two_free_ports()
    up = start(port)
    until((tmp_path / "data" / "postgres.lock").exists)  # the ports were found free
    with stranger(port + offset):
        assert up.process.wait(120) == 1
    assert "ready http" not in up.said()
    assert f"The {name} did not become ready" in up.said()
    assert "address already in use" in up.said()
    assert descendants(up.process.pid) == []


def test_the_settings_of_the_test_run_do_not_reach_the_command() -> None:
    assert not {"DATABASE_URL", "REDIS_URL", "CHENGDAN_DATA_DIR"} & set(environment())
