"""Backup and restore: the whole database by PostgreSQL's own programs, and the files of this machine beside it."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from backend.core.config import get_settings
from backend.embedded.postgres import binary
from backend.embedded.process import EmbeddedError

FILES = "chengdan-files"
"""Beside the backups: one folder for all of them, in which a file lies once."""
_QUERY = ("psql", "--no-psqlrc", "--tuples-only", "--no-align", "--command")
_NAMED = (
    ("document_version", "select sha256 from document_version"),
    ("email_message", "select raw_sha256 from email_message where raw_sha256 is not null"),
    ("email_file", "select sha256 from email_file where refused is null"),
)
"""Files that the rows of a table name; an older backup may lack the table."""
_COUNT_TABLES = "select count(*) from pg_tables where schemaname = 'public'"


def backup(file: Path) -> str:
    """Write a consistent copy to `file` (readable by its owner alone) while the product keeps running; says how large it is."""
    if not file.parent.is_dir():
        raise EmbeddedError(f"There is no directory {file.parent}.")
    draft = file.with_name(f"{file.name}.part")
    try:
        _run("pg_dump", "--format=custom", f"--file={draft}")
        said = _copy_files(_own_files(), file.parent / FILES) if get_settings().s3_bucket == "" else "files stay in their bucket"
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return f"{file}: {file.stat().st_size / 1024 / 1024:.1f} MiB; {said}"


def refuse_unless_empty() -> None:
    """A restore never mixes two companies or overwrites one."""
    if tables := int(_run(*_QUERY, _COUNT_TABLES)):
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
    if get_settings().s3_bucket:
        return f"restored {file}; files stay in their bucket"
    said = _copy_files(file.parent / FILES, _own_files(), wanted=_named())
    return f"restored {file}; {said}"


def _named() -> set[str]:
    there = set(_run(*_QUERY, "select tablename from pg_tables where schemaname = 'public'").split())
    return {one for table, query in _NAMED if table in there for one in _run(*_QUERY, query).split()}


def _own_files() -> Path:
    return get_settings().data_dir.resolve() / "files"


def _copy_files(source: Path, target: Path, wanted: set[str] | None = None) -> str:
    """What the other side lacks, each whole under its name or not at all; bytes never change, so that one folder serves many backups.
    `wanted`: the hashes that must be there, each compared with its bytes.
    """
    names = [path.name for path in source.glob("??/*")] if wanted is None else sorted(wanted)
    copied = 0
    for name in names:
        there = target / name[:2] / name
        copied += not there.exists() and _copy(source / name[:2] / name, there, is_compared=wanted is not None)
    return f"{copied} files copied of {len(names)} ({target})"


def _copy(source: Path, target: Path, *, is_compared: bool) -> bool:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.part")
    try:
        shutil.copyfile(source, draft)
        if is_compared and _sha256(draft) != target.name:
            raise EmbeddedError(f"{source} is damaged: its bytes are not those that the backup names.")
        draft.chmod(0o600)
        draft.replace(target)
    except FileNotFoundError:
        if is_compared:
            raise EmbeddedError(f"{source} is missing: keep the folder {FILES} beside the backup.") from None
        return False  # swept while the backup ran: nothing names it
    finally:
        draft.unlink(missing_ok=True)
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
