"""`chengdan up`: the whole product on one machine, ended as one."""

import http.client
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType

from backend.core.config import LAUNCH_HEADER, get_settings
from backend.embedded import machine, ports
from backend.embedded.postgres import start_postgres
from backend.embedded.process import EmbeddedError, Running, leash, spawn, tail
from backend.embedded.supervisor import Supervisor
from backend.embedded.valkey import start_valkey

_READY_WITHIN = 60.0


class Ended(BaseException):
    """The operator asked for the end (Ctrl-C or SIGTERM)."""


@dataclass
class Gate:
    """Lets processes load themselves while the database is made ready, and begin when it is: they read their input to its end."""

    is_open: bool = False
    waiting: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def open(self) -> None:
        self.is_open = True
        for process in self.waiting:
            if process.stdin is not None:
                process.stdin.close()


def up() -> int:
    """Start everything, stay until the operator ends it, leave no process behind."""
    _listen_for_the_end()
    supervisor = Supervisor(say)
    try:
        _refuse_busy_ports()
        _start_servers(supervisor)
        gate = Gate()
        _start_processes(supervisor, gate)
        accounts = _prepare()
        gate.open()
        _await_readiness(supervisor)
        print(_welcome(accounts), flush=True)
        while True:
            supervisor.check(time.monotonic())
            time.sleep(0.2)
    except Ended:
        say("stopping")
    finally:
        supervisor.stop()
    return 0


def say(what: str) -> None:
    """One line on the console; the processes themselves write to their logs."""
    print(f"{time.strftime('%H:%M:%S')} {what}", flush=True)


def _listen_for_the_end() -> None:
    """The first signal ends the work; the ones after it must not interrupt the stopping."""

    def ended(_number: int, _frame: FrameType | None) -> None:
        for again in (signal.SIGINT, signal.SIGTERM):
            signal.signal(again, signal.SIG_IGN)
        raise Ended

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ended)


def _refuse_busy_ports() -> None:
    settings = get_settings()
    wanted = [settings.port] if settings.environment == "production" else [settings.port, settings.port + 1]
    for port in wanted:
        if not ports.is_free(port):
            raise EmbeddedError(
                f"Port {port} is in use by another program. Stop it, or choose another port, for example `PORT={settings.port + 100} make run`."
            )


def _start_servers(supervisor: Supervisor) -> None:
    settings, home = get_settings(), machine.data_dir()
    machine.share_secrets()
    if settings.database_url is None:
        machine.share(DATABASE_URL=supervisor.add("postgres", lambda: start_postgres(home)).url)
    if settings.redis_url is None:
        machine.share(REDIS_URL=supervisor.add("valkey", lambda: start_valkey(home)).url)


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "backend.cli", *words]


def _prepare() -> str:
    """Bring the schema and the demo company up to date; what the command prints are the demo accounts."""
    word = "seed" if get_settings().environment == "demo" else "migrate"
    done = subprocess.run(_command(word), stdout=subprocess.PIPE, text=True, check=False, preexec_fn=leash(signal.SIGTERM))
    if done.returncode:
        raise EmbeddedError(f"`chengdan {word}` failed with exit code {done.returncode}.")
    return done.stdout.strip()


def _start_processes(supervisor: Supervisor, gate: Gate) -> None:
    machine.share(CHENGDAN_LAUNCH=secrets.token_urlsafe(16))
    supervisor.add("api", partial(_process, "api", gate))
    supervisor.add("worker", partial(_process, "worker", gate))
    if get_settings().environment == "demo":
        supervisor.add("website", partial(_process, "website"))


def _process(word: str, gate: Gate | None = None) -> Running:
    is_held = gate is not None and not gate.is_open
    command = _command(word, "--after-setup") if is_held else _command(word)
    stdin = subprocess.PIPE if is_held else subprocess.DEVNULL
    process = spawn(command, death_signal=signal.SIGTERM, log=_log(word), cwd=Path.cwd(), stdin=stdin)
    if gate is not None and is_held:
        gate.waiting.append(process)
    return Running(process, signal.SIGTERM, 15)


def _log(name: str) -> Path:
    return machine.data_dir() / "logs" / f"{name}.log"


def _await_readiness(supervisor: Supervisor) -> None:
    settings = get_settings()
    _await_answer(supervisor, "api", f"http://127.0.0.1:{settings.port}/readyz")
    if settings.environment == "demo":
        _await_answer(supervisor, "website", f"http://127.0.0.1:{settings.port + 1}/")


def _await_answer(supervisor: Supervisor, name: str, url: str) -> None:
    """Wait for the first good answer of our own; a process that ends before it is shown with what it said."""
    child = next(child for child in supervisor.children if child.name == name)
    deadline = time.monotonic() + _READY_WITHIN
    while not _is_ours(url):
        if child.running.process.poll() is not None or time.monotonic() > deadline:
            raise EmbeddedError(f"The {name} did not become ready; {_log(name)} says:\n{tail(_log(name))}")
        time.sleep(0.05)


def _is_ours(url: str) -> bool:
    """Ready, and started by us: another program may have taken the port since we found it free."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200 and answer.headers.get(LAUNCH_HEADER) == get_settings().launch)
    except (http.client.HTTPException, urllib.error.URLError, OSError):
        return False


def _welcome(accounts: str) -> str:
    settings = get_settings()
    lines = [f"ready http://127.0.0.1:{settings.port}", accounts]
    if settings.environment == "demo":
        lines.append(f"sample website with a form: http://127.0.0.1:{settings.port + 1}")
    lines.append(f"logs: {machine.data_dir() / 'logs'}    stop: Ctrl-C")
    return "\n".join(line for line in lines if line)
