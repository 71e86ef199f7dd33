"""What every module keeps to. Each checker is tried on a planted violation, so that it can fail."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend import schema
from backend.core import health, outbox
from backend.core.config import APP_LOGIN, WORKER_LOGIN
from backend.core.db import Lens
from backend.core.rowsecurity import EVERYBODY
from backend.main import ROUTERS

ROOT = Path(__file__).resolve().parents[1] / "backend"
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in sorted(ROOT.rglob("*.py"))}
MODULES = sorted(path.name for path in ROOT.iterdir() if (path / "__init__.py").exists())
ROLES = (*(lens.value for lens in Lens), APP_LOGIN, WORKER_LOGIN)
BUSINESS = sorted(table.table for table in schema.TABLES if not table.delete)


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """What is called, as it is written, and where."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def called(tree: ast.AST, names: re.Pattern[str]) -> list[str]:
    return [f"{name} in line {line}" for name, line in calls(tree) if names.fullmatch(name)]


# --- one transaction, one clock, one direction of imports ---------------------------------------------------------------------------

COMMIT = re.compile(r".*\.commit")
MAY_COMMIT = {"core/db.py", "migrate.py"}
CLOCK = re.compile(r"(.*\.)?(now|utcnow|today|time|time_ns|monotonic|perf_counter)")
MAY_READ_THE_CLOCK = {"core/clock.py", "core/ids.py"}


def clock_readings(tree: ast.AST) -> list[str]:
    """Calls of the standard library's clocks, under whatever name they were imported."""
    clocks = {"time", "datetime", "date"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and (isinstance(node, ast.Import) or node.module in {"time", "datetime"}):
            clocks |= {alias.asname for alias in node.names if alias.asname and alias.name.split(".")[0] in {"time", "datetime", "date"}}
    bare = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
    }
    found = []
    for name, line in calls(tree):
        owner, _, function = name.rpartition(".")
        if (owner.split(".")[0] in clocks and CLOCK.fullmatch(function)) or (not owner and function in bare - {"sleep"}):
            found.append(f"{name} in line {line}")
    return found


def imports_inside_functions(tree: ast.AST) -> list[str]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [f"line {inner.lineno}" for node in functions for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]


def test_nobody_commits_but_the_session() -> None:
    assert called(ast.parse("async def f(s):\n await s.commit()"), COMMIT)
    assert {path: found for path, tree in TREES.items() if path not in MAY_COMMIT and (found := called(tree, COMMIT))} == {}


STOPWATCHES = re.compile(r".*(monotonic|perf_counter)\b.*")
CLOCK_EXEMPT = {
    "demo/website.py": "it is somebody else's website: it signs with its own clock, as theirs would",
    "core/limiting.py": "the rate limiter's library counts windows on the wall clock; Retry-After must speak of the same",
}


@pytest.mark.parametrize(
    "planted",
    ["from datetime import datetime\ndatetime.now()", "import datetime\ndatetime.datetime.utcnow()", "import time\ntime.time()",
     "from time import time\ntime()", "import time as t\nt.time()", "from datetime import datetime as dt\ndt.now()", "import datetime as d\nd.date.today()",
     "from time import monotonic as m\nm()"],
)  # fmt: skip
def test_a_planted_clock_is_found(planted: str) -> None:
    assert clock_readings(ast.parse(planted))


def test_nobody_reads_the_clock_but_the_clock() -> None:
    assert not clock_readings(ast.parse("import time\ntime.sleep(1)\nnow()\nfunc.now()\nservice.time()"))
    wall = {
        path: found
        for path, tree in TREES.items()
        if path not in MAY_READ_THE_CLOCK and (found := [call for call in clock_readings(tree) if not STOPWATCHES.fullmatch(call)])
    }
    assert set(wall) == set(CLOCK_EXEMPT), "a stopwatch (monotonic, perf_counter) may stand anywhere, the wall clock only in core/clock.py"


def test_no_import_hides_inside_a_function() -> None:
    assert imports_inside_functions(ast.parse("def f():\n import os"))
    assert {path: found for path, tree in TREES.items() if path != "cli.py" and (found := imports_inside_functions(tree))} == {}


def handed_to_threads(dependant: Dependant) -> Iterator[str]:
    """What FastAPI would run in a thread: under load each hop waits for the interpreter's lock."""
    call = dependant.call
    runs_here = inspect.iscoroutinefunction(call) or inspect.isasyncgenfunction(call) or inspect.iscoroutinefunction(type(call).__call__)
    if call is not None and not runs_here:
        yield getattr(call, "__qualname__", repr(call))
    for inner in dependant.dependencies:
        yield from handed_to_threads(inner)


def test_no_request_waits_for_a_thread() -> None:
    assert list(handed_to_threads(get_dependant(path="/", call=lambda: None))) == ["test_no_request_waits_for_a_thread.<locals>.<lambda>"]
    assert {name for router in (*ROUTERS, health.router) for route in router.routes for name in handed_to_threads(route.dependant)} == set()


# --- everything is plugged in -------------------------------------------------------------------------------------------------------


def imported_by(path: str) -> set[str]:
    """Dotted names that a file imports."""
    found = set()
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize(
    ("part", "where"), [("handlers", "subscriptions.py"), ("models", "schema.py"), ("policies", "schema.py"), ("api", "main.py")]
)
def test_every_module_is_plugged_in(part: str, where: str) -> None:
    parts = [
        f"backend.{path.removesuffix('.py').replace('/', '.')}" for path in TREES if path.count("/") == 1 and path.endswith(f"/{part}.py")
    ]
    assert len(parts) >= 3
    assert [name for name in parts if name not in imported_by(where)] == []


def _texts(node: ast.AST) -> Iterable[str]:
    return (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant) and isinstance(inner.value, str))


def test_every_handler_is_named_for_an_event_that_exists() -> None:
    importlib.import_module("backend.subscriptions")

    def kinds(base: type[outbox.DomainEvent]) -> set[str]:
        return {kind.kind for kind in base.__subclasses__()} | {name for kind in base.__subclasses__() for name in kinds(kind)}

    written_by_sql = {
        name for tree in TREES.values() for sql in _texts(tree) if "insert into outbox" in sql for name in re.findall(r"'(\w+\.\w+)'", sql)
    }
    assert set(outbox.HANDLERS) - kinds(outbox.DomainEvent) - written_by_sql == set()


# --- the database is as the modules describe it -------------------------------------------------------------------------------------


def test_every_table_has_exactly_one_security() -> None:
    described = [table.table for table in schema.TABLES]
    assert sorted(described) == sorted(set(described))
    assert set(described) == set(schema.metadata.tables)


async def catalogue(session: AsyncSession, sql: str, **values: object) -> list[str]:
    return list(await session.scalars(text(sql), values))


async def test_row_security_is_on_for_every_table(session: AsyncSession) -> None:
    off = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity"
    assert set(await catalogue(session, off)) <= {"alembic_version", "schema_security"}
    await session.execute(text("create table planted (id int)"))
    assert "planted" in await catalogue(session, off)


ROW, INSERT, DELETE, UPDATE = 1, 4, 8, 16
"""What `pg_trigger.tgtype` is made of."""


async def test_every_audited_table_has_its_triggers(session: AsyncSession) -> None:
    audited = sorted(table.table for table in schema.TABLES if table.audited)
    written = """select tgrelid::regclass::text from pg_trigger where tgfoid = cast(:writes as regproc) and tgenabled = 'O' and tgqual is null
        and tgattr = '' and tgtype & 31 = :kind order by 1"""
    kinds = {"audit_write": ROW | DELETE | UPDATE, "audit_write_made": INSERT}
    for writes, kind in kinds.items():
        assert sorted(await catalogue(session, written, writes=writes, kind=kind)) == audited
    assert len(await catalogue(session, "select tgname from pg_trigger where tgname like 'audit%'")) == 2 * len(audited)


async def test_no_role_deletes_or_truncates(session: AsyncSession) -> None:
    held = """select r || ' ' || p || ' ' || t from unnest(cast(:tables as text[])) t, unnest(cast(:roles as text[])) r,
        unnest(array['delete', 'truncate', 'references', 'trigger', 'maintain']) p where has_table_privilege(r, t, p)"""
    assert await catalogue(session, held, tables=BUSINESS, roles=list(ROLES)) == []
    truncates = held.replace("'delete', ", "")
    assert await catalogue(session, truncates, tables=[table.table for table in schema.TABLES], roles=list(ROLES)) == []
    await session.execute(text("grant delete on lead to cd_person"))
    assert await catalogue(session, held, tables=BUSINESS, roles=list(ROLES)) == ["cd_person delete lead"]


async def test_no_role_has_more_than_its_policies(session: AsyncSession) -> None:
    """A grant without a policy is a mistake waiting for one; and the public has nothing."""
    granted = set(
        await catalogue(
            session,
            "select lower(grantee || ' ' || privilege_type || ' ' || table_name) from information_schema.table_privileges"
            " where table_schema = 'public' and (grantee like 'cd\\_%' or grantee like 'chengdan\\_%' or grantee = 'PUBLIC')",
        )
    )
    ruled = set(
        await catalogue(
            session,
            "select lower(r.rolname || ' ' || p.cmd || ' ' || p.tablename) from pg_policies p, pg_roles r"
            " where p.schemaname = 'public' and r.rolname = any(p.roles)",
        )
    )
    assert granted == ruled


async def test_the_logins_own_nothing_inherit_nothing_and_bypass_nothing(session: AsyncSession) -> None:
    special = """select rolname from pg_roles where rolname = any(cast(:roles as text[])) and
        (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)"""
    assert await catalogue(session, special, roles=list(ROLES)) == []
    assert (
        await catalogue(session, "select rolname from pg_roles where rolname = any(:names) and rolinherit", names=[APP_LOGIN, WORKER_LOGIN])
        == []
    )
    assert sorted(
        await catalogue(session, "select rolname from pg_roles where rolname = any(:names) and rolcanlogin", names=list(ROLES))
    ) == sorted([APP_LOGIN, WORKER_LOGIN])
    owned = "select relname from pg_class where relowner = any(select oid from pg_roles where rolname = any(:names))"
    assert await catalogue(session, owned, names=list(ROLES)) == []
    creates = "select r from unnest(cast(:names as text[])) r where has_schema_privilege(r, 'public', 'create')"
    assert await catalogue(session, creates, names=list(ROLES)) == []


async def test_only_the_worker_may_become_the_system(session: AsyncSession) -> None:
    members = "select m.rolname from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles r on r.oid = a.roleid where r.rolname = :role and m.rolname like 'c%\\_%'"
    assert await catalogue(session, members, role="cd_system") == [WORKER_LOGIN]
    for lens in Lens:
        if lens is not Lens.SYSTEM:
            assert sorted(await catalogue(session, members, role=lens.value)) == [APP_LOGIN, WORKER_LOGIN]
    inherited = "select r.rolname from pg_auth_members a join pg_roles r on r.oid = a.roleid where a.inherit_option and r.rolname like 'cd\\_%' and a.member::regrole::text like 'c%\\_%'"
    assert await catalogue(session, inherited) == []
    own = "select r.rolname from pg_auth_members a join pg_roles r on r.oid = a.member where r.rolname like 'cd\\_%'"
    assert await catalogue(session, own) == [], "a lens is a member of nothing"


DEFINERS = """select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef"""


def plain(signature: str) -> str:
    """`f(int, timestamptz)` as PostgreSQL prints it."""
    long = {"int": "integer", "timestamptz": "timestamp with time zone", "bool": "boolean"}
    name, _, arguments = signature.rstrip(")").partition("(")
    kinds = [long.get(kind.strip(), kind.strip()) for kind in arguments.split(",") if kind.strip()]
    return f"{name}({','.join(kinds)})"


async def test_every_definer_function_is_described_pins_its_path_and_is_closed_to_the_public(session: AsyncSession) -> None:
    described = {plain(function.signature) for function in schema.FUNCTIONS}
    loose = f"{DEFINERS} and not exists (select 1 from unnest(p.proconfig) c where c = 'search_path=public, pg_temp')"
    public = f"{DEFINERS} and has_function_privilege('public', p.oid, 'execute')"
    assert set(await catalogue(session, DEFINERS)) - described == set()
    assert await catalogue(session, loose) == []
    assert await catalogue(session, public) == []
    await session.execute(text("create function planted() returns int language sql security definer as 'select 1'"))
    for check in (DEFINERS, loose, public):
        assert "planted()" in await catalogue(session, check)


async def test_functions_are_open_exactly_to_those_who_are_named(session: AsyncSession) -> None:
    wrong = []
    for function in schema.FUNCTIONS:
        may = await catalogue(
            session, "select r from unnest(cast(:roles as text[])) r where has_function_privilege(r, cast(:f as regprocedure), 'execute')",
            roles=list(ROLES), f=function.signature,
        )  # fmt: skip
        if set(may) != set(function.granted):
            wrong.append((function.signature, sorted(may)))
    assert wrong == []
    assert set(EVERYBODY) == set(ROLES)


async def test_the_audit_functions_are_as_described(session: AsyncSession) -> None:
    """The trigger function that runs is the one in the source: nobody put an empty one in its place."""
    for name in ("audit_write", "audit_write_made", "audit_hide"):
        body = str(await session.scalar(text("select prosrc from pg_proc where proname = :name"), {"name": name}))
        (described,) = [function.sql for function in schema.FUNCTIONS if function.signature.startswith(f"{name}(")]
        assert body.strip()
        assert body.strip() in described
