"""Starting a server as a child that cannot outlive its parent, and stopping it."""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 20 * 1024 * 1024
_LIBC = ctypes.CDLL(None)


class EmbeddedError(RuntimeError):
    """The embedded server cannot start; the message names the remedy."""


@dataclass
class Running:
    """A child of this process; it ends with this process at the latest."""

    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    patience: float

    def stop(self) -> None:
        """Ask the child to end and reap it; one that does not end in time is killed."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class RunningServer(Running):
    """A database server and the exclusive right to its data directory."""

    url: str
    lock: IO[str]

    def stop(self) -> None:
        super().stop()
        self.lock.close()


def leash(death_signal: signal.Signals) -> Callable[[], None]:
    """For Popen's preexec_fn: the kernel sends `death_signal` when the thread that started the child is gone."""
    parent = os.getpid()

    def tie() -> None:
        if sys.platform == "linux":
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return tie


def spawn(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals,
    log: Path,
    cwd: str | Path = "/",
    env: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a leashed child in a session of its own: a Ctrl-C of the terminal reaches the parent only."""
    with open_log(log) as output:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=env,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=leash(death_signal),
        )


def open_log(path: Path) -> IO[bytes]:
    """Append to a log; the previous one is kept as `.1` once it has grown large."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.replace(path.with_suffix(path.suffix + ".1"))
    return path.open("ab")


def tail(log: Path, start: int = 0, limit: int = 2000) -> str:
    """The end of what was logged since byte `start`."""
    if not log.exists():
        return ""
    with log.open("rb") as text:
        text.seek(max(start, log.stat().st_size - limit))
        return text.read().decode(errors="replace").strip()


def hold(data_dir: Path, name: str) -> IO[str]:
    """The exclusive right to run one server on this data directory, freed by the kernel when its holder dies."""
    lock = (data_dir / f"{name}.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise EmbeddedError(
            f"{data_dir} is in use: process {holder} runs its {name} server. Stop that process, or choose another directory with CHENGDAN_DATA_DIR."
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def is_held(data_dir: Path, name: str) -> bool:
    """Whether some process runs this server on this data directory now."""
    path = data_dir / f"{name}.lock"
    if not path.exists():
        return False
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def running_in(directory: Path, executable: str) -> list[int]:
    """Processes of that program whose working directory is `directory`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == directory and (process / "exe").readlink().name.startswith(executable):
                found.append(int(process.name))
    return found


def await_orphans(directory: Path, executable: str, timeout: float = 30) -> None:
    """Wait for servers whose launcher was killed: they are ending, and two must never share one directory."""
    deadline = time.monotonic() + timeout
    while left := running_in(directory, executable):
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"{executable} of an earlier run still works in {directory} (processes {left}). End them with `kill {left[0]}`."
            )
        time.sleep(0.05)


def await_ready(process: subprocess.Popen[bytes], is_ready: Callable[[], bool], timeout: float) -> bool:
    """True when the server is ready; False when it ended or did not become ready in time."""
    deadline = time.monotonic() + timeout
    while process.poll() is None and time.monotonic() < deadline:
        if is_ready():
            return True
        time.sleep(0.02)
    return False
