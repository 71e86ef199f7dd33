"""A backup, restored into an empty database, is the same company with the same evidence."""

from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text

from backend.audit import service as audit
from backend.core.config import get_settings
from backend.demo import seed
from tests.conftest import NOW, Committed
from tests.ops.conftest import chengdan

TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"
SECURITY = "select tablename, policyname, roles::text, cmd, qual, with_check from pg_policies order by 1, 2"
GRANTS = "select table_name, grantee, privilege_type from information_schema.table_privileges where grantee like 'cd\\_%' order by 1, 2, 3"


async def contents(url: str) -> dict[str, object]:
    """Row counts, row security and rights of a database."""
    connection = await asyncpg.connect(url)
    tables = [row["tablename"] for row in await connection.fetch(TABLES)]
    counts = {table: await connection.fetchval(f'select count(*) from "{table}"') for table in tables}
    found = {"counts": counts, "policies": await connection.fetch(SECURITY), "grants": await connection.fetch(GRANTS)}
    await connection.close()
    return found


async def files_of(url: str) -> list[str]:
    """The hashes that a database names."""
    connection = await asyncpg.connect(url)
    found = await connection.fetch("select distinct sha256 from document_version order by 1")
    await connection.close()
    return [row["sha256"] for row in found]


@pytest.fixture
async def company(committed: Committed) -> str:
    """The address of a database with the demo company, its audit sealed."""
    async with committed.owner() as session:
        await seed.fill(session, NOW)
    async with committed.owner() as session:
        assert await audit.seal(session) > 0
    return url_of(committed.name)


def url_of(database: str) -> str:
    return get_settings().owner_url().set(database=database, drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
async def empty(committed: Committed):
    """The address of a new database."""
    name = f"restored_{uuid4().hex[:8]}"
    connection = await asyncpg.connect(url_of(committed.name))
    await connection.execute(f"create database {name} template template0")
    yield url_of(name)
    await connection.execute(f"drop database {name} with (force)")
    await connection.close()


async def test_a_restored_backup_has_every_row_every_file_and_an_intact_audit(company: str, empty: str, tmp_path: Path) -> None:
    elsewhere = {"CHENGDAN_DATA_DIR": str(tmp_path / "data")}
    own = get_settings().data_dir / "files"
    for _ in range(2):
        made = chengdan("backup", tmp_path / "company.backup", DATABASE_URL=company, CHENGDAN_DATA_DIR=str(own.parent))
        assert (made.returncode, made.stderr) == (0, "")
    assert "; 0 files copied of " in made.stdout, "bytes that never change are copied once"
    assert (tmp_path / "company.backup").stat().st_mode & 0o077 == 0

    restored = chengdan("restore", tmp_path / "company.backup", DATABASE_URL=empty, **elsewhere)
    assert (restored.returncode, restored.stderr) == (0, "")
    before = await contents(company)
    assert before["counts"]["lead"] == 300  # type: ignore[index]
    assert await contents(empty) == before
    named = await files_of(empty)
    assert len(named) >= 30
    for name in named:
        path = tmp_path / "data" / "files" / name[:2] / name
        assert path.read_bytes() == (own / name[:2] / name).read_bytes()
        assert path.stat().st_mode & 0o077 == 0

    proofs = [chengdan("audit", "verify", DATABASE_URL=url, **elsewhere) for url in (company, empty)]
    assert [proof.returncode for proof in proofs] == [0, 0]
    assert proofs[0].stdout == proofs[1].stdout
    assert "intact" in proofs[0].stdout


async def test_a_backup_whose_files_are_lost_or_damaged_says_which(company: str, empty: str, tmp_path: Path) -> None:
    chengdan("backup", tmp_path / "company.backup", DATABASE_URL=company, CHENGDAN_DATA_DIR=str(get_settings().data_dir))
    name = (await files_of(company))[0]
    (tmp_path / "chengdan-files" / name[:2] / name).write_bytes(b"other")
    refused = chengdan("restore", tmp_path / "company.backup", DATABASE_URL=empty, CHENGDAN_DATA_DIR=str(tmp_path / "data"))
    assert refused.returncode == 1
    assert name in refused.stderr
    assert "damaged" in refused.stderr


async def test_a_database_with_tables_is_not_overwritten(company: str, tmp_path: Path) -> None:
    before = await contents(company)
    (tmp_path / "company.backup").touch()
    refused = chengdan("restore", tmp_path / "company.backup", DATABASE_URL=company, CHENGDAN_DATA_DIR=str(tmp_path / "data"))
    assert refused.returncode == 1
    assert "empty one only" in refused.stderr
    assert await contents(company) == before


async def test_a_changed_audit_entry_is_found(committed: Committed, company: str, tmp_path: Path) -> None:
    async with committed.owner() as session:
        await session.execute(text("update audit_entry set actor = 'nobody' where id = (select min(id) from audit_entry)"))
    proof = chengdan("audit", "verify", DATABASE_URL=company, CHENGDAN_DATA_DIR=str(tmp_path / "data"))
    assert proof.returncode == 2
    assert "BROKEN at batch 1" in proof.stdout


def test_a_file_that_is_no_backup_leaves_the_database_empty(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a backup")
    settings = {"CHENGDAN_DATA_DIR": str(tmp_path / "data")}
    refused = chengdan("restore", tmp_path / "notes.txt", **settings)
    assert refused.returncode == 1
    assert "pg_restore failed" in refused.stderr
    assert "Traceback" not in refused.stderr
