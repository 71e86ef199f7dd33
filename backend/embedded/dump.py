"""Backup and restore of the whole database, by PostgreSQL's own programs."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from backend.core.config import get_settings
from backend.embedded.postgres import binary
from backend.embedded.process import EmbeddedError

_COUNT_TABLES = "select count(*) from pg_tables where schemaname = 'public'"


def backup(file: Path) -> str:
    """Write a consistent copy to `file` (readable by its owner alone) while the product keeps running; says how large it is."""
    if not file.parent.is_dir():
        raise EmbeddedError(f"There is no directory {file.parent}.")
    draft = file.with_name(f"{file.name}.part")
    try:
        _run("pg_dump", "--format=custom", f"--file={draft}")
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return f"{file}: {file.stat().st_size / 1024 / 1024:.1f} MiB"


def refuse_unless_empty() -> None:
    """A restore never mixes two companies or overwrites one."""
    if tables := int(_run("psql", "--no-psqlrc", "--tuples-only", "--no-align", f"--command={_COUNT_TABLES}")):
        raise EmbeddedError(
            f"The database has {tables} tables already; a backup is restored into an empty one only. "
            "Choose a new directory with CHENGDAN_DATA_DIR, or a new database with DATABASE_URL."
        )


def restore(file: Path) -> str:
    """Fill the empty database from `file`, all or nothing; the roles that the backup names must exist."""
    if not file.is_file():
        raise EmbeddedError(f"There is no file {file}.")
    refuse_unless_empty()
    options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-comments")
    _run("pg_restore", *options, f"--dbname={get_settings().owner_url().database}", str(file))
    _run("psql", "--no-psqlrc", "--quiet", "--command=analyze")
    return f"restored {file}"


def _run(program: str, *options: str) -> str:
    url = get_settings().owner_url()
    command = [str(_program(program, url)), *options]
    done = subprocess.run(command, env=_environment(url), capture_output=True, text=True, umask=0o077, check=False)
    if done.returncode:
        raise EmbeddedError(f"{program} failed: {done.stderr.strip()}")
    return done.stdout


def _program(name: str, url: URL) -> Path:
    """The packaged program, or where the connection asks for TLS, which that one lacks, the installed one."""
    if "sslmode" not in url.query and "ssl" not in url.query:
        return binary(name)
    installed = shutil.which(name)
    if installed is None:
        raise EmbeddedError(f"DATABASE_URL asks for TLS: install PostgreSQL's client programs ({name} is missing).")
    return Path(installed)


def _environment(url: URL) -> dict[str, str]:
    """How libpq is told where to connect; a password on a command line could be read by everyone."""
    told = {
        "PGHOST": url.host,
        "PGPORT": str(url.port or 5432),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("sslmode") or url.query.get("ssl"),
    }
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **{name: str(value) for name, value in told.items() if value}}
