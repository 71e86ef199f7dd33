"""Browser tests: the whole product as `make run` starts it, on a data directory of its own, driven in a real Chromium."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from backend.embedded import ports, postgres

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 390, "height": 844}
PC = {"width": 1440, "height": 900}
PASSWORD = "chengdan2026"
READY_WITHIN = 90
DROPBOX = "log@in.chengdan.example"
PATIENCE_MS = 15_000
"""What a screen may take on a machine that runs everything at once; only a failure waits so long."""
expect.set_options(timeout=PATIENCE_MS)
LAUNCHER = """
import { launchOptions } from './e2e/browser.mjs'
console.log(JSON.stringify(await launchOptions()))
"""


@dataclass(frozen=True)
class Installation:
    """A running product with its demo company."""

    url: str
    website: str
    data_dir: Path
    mail_port: int
    """Where it expects its mail server, and DingTalk one further; both are away unless a test brings them."""

    @property
    def dropbox(self) -> tuple[str, int]:
        """Where it takes in letters itself."""
        return "127.0.0.1", self.mail_port + 2

    def run(self, *words: str) -> str:
        """One `chengdan` command against this installation."""
        done = subprocess.run(
            [sys.executable, "-m", "backend.cli", *words],
            env=_environment(self.data_dir),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def sql(self, statement: str) -> str:
        """One statement as the owner of the database; the first value of its answer."""
        command = [postgres.binary("psql"), postgres.url(self.data_dir), "-qtAc", statement]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    @contextmanager
    def worker_held(self) -> Iterator[None]:
        """The worker stands still meanwhile: what waits for it waits."""
        (pid,) = (int(found.name) for found in Path("/proc").iterdir() if found.name.isdigit() and self._is_worker(found))
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def _is_worker(self, process: Path) -> bool:
        try:
            words, variables = ((process / name).read_bytes().split(b"\0") for name in ("cmdline", "environ"))
        except OSError:
            return False
        return b"worker" in words and f"CHENGDAN_DATA_DIR={self.data_dir}".encode() in variables


def _environment(data_dir: Path, port: int | None = None, mail_port: int | None = None) -> dict[str, str]:
    """Nothing of the other tests' servers may leak in; all people of these tests sign in from one address."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("CHENGDAN_") and name not in {"DATABASE_URL", "REDIS_URL"}
    }
    ours = {"CHENGDAN_DATA_DIR": str(data_dir), "CHENGDAN_SIGN_INS_PER_MINUTE": "1000"}
    return kept | ours | ({"PORT": str(port)} if port else {}) | (_outside(mail_port) if mail_port else {})


def _outside(mail_port: int) -> dict[str, str]:
    given = {"HOST": "127.0.0.1", "PORT": str(mail_port), "SECURITY": "none", "FROM": "成单 <sales@chengdan.example>"}
    mail = {f"CHENGDAN_SMTP_{name}": value for name, value in given.items()}
    dropbox = {"CHENGDAN_DROPBOX_ADDRESS": DROPBOX, "CHENGDAN_DROPBOX_LISTEN": f"127.0.0.1:{mail_port + 2}"}
    return mail | dropbox | {"CHENGDAN_DINGTALK_BASE_URL": f"http://127.0.0.1:{mail_port + 1}"}


def _free_ports(many: int) -> int:
    """The first of so many in a row."""
    while True:
        port = ports.any_free()
        if all(ports.is_free(port + further) for further in range(1, many)):
            return port


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """`chengdan up`, ended with SIGTERM."""
    home, port = Path(tempfile.mkdtemp(prefix="chengdan-e2e-")), _free_ports(2)
    mail_port = next(found for found in iter(lambda: _free_ports(3), None) if abs(found - port) > 2)
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.cli", "up"],
        env=_environment(home, port, mail_port),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        _await_ready(process)
        yield Installation(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}", home, mail_port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        process.stdout.close()
        shutil.rmtree(home, ignore_errors=True)


def _await_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    seen, deadline = "", time.monotonic() + READY_WITHIN
    while "ready http://" not in seen:
        readable, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        line = process.stdout.readline() if readable else ""
        if not line:
            pytest.fail(f"the product did not become ready:\n{seen}")
        seen += line


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium from the packages, with fonts that render Chinese."""
    told = subprocess.run(
        ["node", "--input-type=module", "-e", LAUNCHER], cwd=ROOT / "frontend", capture_output=True, text=True, check=True
    )
    options = json.loads(told.stdout)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=options["executablePath"], args=options["args"], env={**os.environ, **options["env"]}
        )
        yield opened
        opened.close()


OpenPage = Callable[..., Page]


class Profiles:
    """Profiles of this process: a person who is signed in stays so from test to test, as people do; everybody else gets a fresh one."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser = browser
        self.base_url = base_url
        self.errors: list[str] = []
        self.idle: dict[tuple[str, str, str], list[BrowserContext]] = {}

    def fresh(self, device: str, locale: str, *, service_workers: bool = False, is_still: bool = True) -> BrowserContext:
        """A profile that nobody has used."""
        phone = device == "phone"
        context = self.browser.new_context(
            viewport=PHONE if phone else PC,
            is_mobile=phone,
            has_touch=phone,
            locale=locale,
            timezone_id="Asia/Shanghai",
            base_url=self.base_url,
            reduced_motion="reduce" if is_still else "no-preference",
            service_workers="allow" if service_workers else "block",
        )
        context.set_default_timeout(15_000)
        context.on("weberror", lambda thrown: self.errors.append(str(thrown.error)))
        return context

    def take(self, device: str, locale: str, login: str) -> BrowserContext:
        """A profile of this person that no page uses now."""
        kept = self.idle.setdefault((device, locale, login), [])
        return kept.pop() if kept else self.fresh(device, locale)

    def give_back(self, context: BrowserContext, device: str, locale: str, login: str) -> None:
        """Kept without its pages; `enter` sees whether its session still stands."""
        for page in context.pages:
            page.close()
        self.idle[device, locale, login].append(context)


@pytest.fixture(scope="session")
def profiles(browser: Browser, installation: Installation) -> Profiles:
    return Profiles(browser, installation.url)


@pytest.fixture
def open_page(profiles: Profiles) -> Iterator[OpenPage]:
    """Pages of their own, `of` one person or of a fresh profile; a test fails on any error that one of its tabs throws."""
    profiles.errors.clear()
    with ExitStack() as ends:

        def opened(device: str = "phone", locale: str = "zh-CN", *, of: str | None = None, **options: bool) -> Page:
            if of is None:
                context = profiles.fresh(device, locale, **options)
                ends.callback(context.close)
            else:
                context = profiles.take(device, locale, of)
                ends.callback(profiles.give_back, context, device, locale, of)
            return context.new_page()

        yield opened
    assert profiles.errors == []


ApiOf = Callable[[str], httpx.Client]


@pytest.fixture(scope="session")
def api_of(installation: Installation) -> Iterator[ApiOf]:
    """The API as seen by one person, signed in once."""
    clients: dict[str, httpx.Client] = {}
    with ExitStack() as opened:

        def client(login: str) -> httpx.Client:
            if login not in clients:
                clients[login] = opened.enter_context(httpx.Client(base_url=f"{installation.url}/api/v1", timeout=10, trust_env=False))
                _sign_in(clients[login], login)
            return clients[login]

        yield client


def _sign_in(client: httpx.Client, login: str) -> None:
    answer = client.post("/auth/sign-in", json={"login": login, "password": PASSWORD}).raise_for_status()
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


@pytest.fixture
def moved_clock(installation: Installation) -> Iterator[Callable[[str], str]]:
    """Moves the product clock; afterwards it shows the real time again."""
    yield lambda by: installation.run("clock", "advance", by)
    installation.run("clock", "reset")
