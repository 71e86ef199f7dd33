"""One machine: which servers are ours, and the settings that every process of the installation shares."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.core.config import get_settings
from backend.embedded import credentials, postgres, valkey
from backend.embedded.process import EmbeddedError, is_held

_SHARED = ("app_db_password", "worker_db_password", "jwt_secret", "demo_form_secret")


def data_dir() -> Path:
    """The data directory, absolute, so that children may run anywhere."""
    return get_settings().data_dir.resolve()


def share(**values: str) -> None:
    """Set environment variables for this process and its children."""
    os.environ.update(values)
    get_settings.cache_clear()


def share_secrets() -> None:
    """The secrets of the data directory, where the operator has set none."""
    settings, home = get_settings(), data_dir()
    made = credentials.load(home)
    share(
        CHENGDAN_DATA_DIR=str(home),
        **{f"CHENGDAN_{name.upper()}": getattr(made, name) for name in _SHARED if not getattr(settings, name).get_secret_value()},
    )
    if settings.environment == "demo" and settings.clock_file is None:
        share(CHENGDAN_CLOCK_FILE=str(home / "clock"))


@contextmanager
def database() -> Iterator[None]:
    """The database for one command: the given one, the running embedded one, or the embedded one started for this command."""
    home = data_dir()
    if get_settings().database_url is None or (home / "secrets.json").exists():
        share_secrets()
    if get_settings().database_url is not None:
        yield
    elif is_held(home, "postgres"):
        share(DATABASE_URL=postgres.url(home))
        yield
    else:
        server = postgres.start_postgres(home)
        share(DATABASE_URL=server.url)
        try:
            yield
        finally:
            server.stop()


def join() -> None:
    """The servers for a long-running process: the given ones, or those of a running `chengdan up`."""
    home, settings = data_dir(), get_settings()
    if (home / "secrets.json").exists():
        share_secrets()
    for name, given, url in (("postgres", settings.database_url, postgres.url), ("valkey", settings.redis_url, valkey.url)):
        variable = "DATABASE_URL" if name == "postgres" else "REDIS_URL"
        if given is None and not is_held(home, name):
            raise EmbeddedError(f"No {name} server runs on {home}. Start `chengdan up`, or set {variable}.")
        if given is None:
            share(**{variable: url(home)})
