"""Row security as data: modules describe their tables, `statements` turns that into SQL, `backend.migrate` applies it.

Policies are repeatable: they are dropped and made anew whenever the fingerprint of what modules describe changes.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from backend.core.config import APP_LOGIN, WORKER_LOGIN
from backend.core.db import Lens

OWNED_SCOPES = (Lens.OWN, Lens.REGION, Lens.COMPANY)
SCOPES = (*OWNED_SCOPES, Lens.POOL)
PEOPLE = (*SCOPES, Lens.PERSON)
HOLDERS = (*OWNED_SCOPES, Lens.PERSON)
"""All of a person's lenses but the pool: what belongs to a record is not read before somebody holds it."""
LENS_ROLES = tuple(Lens)
APP_ROLES = tuple(lens for lens in Lens if lens is not Lens.SYSTEM)

Rules = Mapping[Lens, str]


def for_lenses(lenses: Iterable[Lens], sql: str) -> dict[Lens, str]:
    """The same condition for several lenses."""
    return dict.fromkeys(lenses, sql)


@dataclass(frozen=True)
class TableSecurity:
    """Who sees and writes which rows of one table. What is not named is refused.

    Deletion exists only for tables that are not business records (`delete`).
    """

    table: str
    select: Rules = field(default_factory=dict)
    insert: Rules = field(default_factory=dict)
    update: Rules = field(default_factory=dict)
    delete: Rules = field(default_factory=dict)
    audited: bool = True
    unaudited_because: str = ""
    audit_key: str = "id"
    audit_names: tuple[str, ...] = ()
    """Columns that tell apart the rows of one `audit_key`: every entry holds them, changed or not."""
    audit_hides: tuple[str, ...] = ()
    system: str = "select, insert, update"
    history_for: str = ""
    """A permission whose holders read what was changed in this table, beside those who read the whole audit."""
    triggers: Mapping[str, str] = field(default_factory=dict)
    """What the table holds to beyond its constraints: name -> the CREATE TRIGGER statement, of a function of the module."""

    def __post_init__(self) -> None:
        if not self.audited and not self.unaudited_because:
            raise ValueError(f"{self.table} leaves no audit entries; say why in unaudited_because")
        if self.audited and self.delete:
            raise ValueError(f"{self.table} is a business record: nobody deletes (HAND-2)")


def _policies(table: TableSecurity) -> Iterable[str]:
    for command, rules in (("select", table.select), ("insert", table.insert), ("update", table.update), ("delete", table.delete)):
        for lens, condition in rules.items():
            clause = f"with check ({condition})" if command == "insert" else f"using ({condition})"
            yield f'create policy {command}_{lens.value} on "{table.table}" for {command} to {lens.value} {clause}'
            yield f'grant {command} on "{table.table}" to {lens.value}'


def table_statements(table: TableSecurity) -> list[str]:
    """SQL that secures one table from scratch."""
    name = table.table
    found = [
        f'alter table "{name}" enable row level security',
        f'revoke all on "{name}" from public, {", ".join((*LENS_ROLES, APP_LOGIN, WORKER_LOGIN))}',
        *_policies(table),
        *(f'drop trigger if exists {trigger} on "{name}"' for trigger in ("audit_row", "audit_made")),
    ]
    if table.system:
        commands = table.system.split(", ")
        found += [
            f'create policy {command}_system on "{name}" for {command} to {Lens.SYSTEM.value}'
            + (" with check (true)" if command == "insert" else " using (true)")
            for command in commands
        ]
        found.append(f'grant {table.system} on "{name}" to {Lens.SYSTEM.value}')
    for trigger, statement in table.triggers.items():
        found += [f'drop trigger if exists {trigger} on "{name}"', statement]
    if table.audited:
        arguments = ", ".join(f"'{column}'" for column in (table.audit_key, ",".join(table.audit_names), *table.audit_hides))
        found += [
            f'create trigger audit_row after update or delete on "{name}" for each row execute function audit_write({arguments})',
            (
                f'create trigger audit_made after insert on "{name}" referencing new table as made'
                f" for each statement execute function audit_write_made({arguments})"
            ),
        ]
    return found


@dataclass(frozen=True)
class SqlFunction:
    """A function of the schema: `signature` such as `app_may(text)`, its CREATE OR REPLACE text, and who may execute it."""

    signature: str
    sql: str
    granted: tuple[str, ...]


EVERYBODY = (APP_LOGIN, WORKER_LOGIN, *(lens.value for lens in Lens))


def function_statements(function: SqlFunction) -> list[str]:
    """SQL that makes one function and nobody else's."""
    found = [function.sql, f"revoke all on function {function.signature} from public, {', '.join(EVERYBODY)}"]
    if function.granted:
        found.append(f"grant execute on function {function.signature} to {', '.join(function.granted)}")
    return found


def fingerprint(functions: Iterable[SqlFunction], tables: Iterable[TableSecurity]) -> str:
    """Changes exactly when the statements do."""
    whole = [
        *(statement for function in functions for statement in function_statements(function)),
        *(statement for table in tables for statement in table_statements(table)),
    ]
    return hashlib.sha256("\n".join(whole).encode()).hexdigest()
