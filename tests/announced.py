"""The proof that no business write skips the outbox: the database itself notes each audited change whose transaction announced nothing.

Triggers of the test databases keep watch, so whatever writes is seen: mapped objects, statements, functions of the database, other processes.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

WATCH = [
    "create schema watch",
    "create table watch.silent (table_name text, action text, columns text[], actor text)",
    """
    create function watch.heard() returns trigger language plpgsql security definer as $$
    begin
        perform set_config('watch.announced', 'yes', true);
        return null;
    end $$
    """,
    """
    create function watch.changed() returns trigger language plpgsql security definer as $$
    begin
        if coalesce(current_setting('watch.announced', true), '') = '' then
            insert into watch.silent values (
                new.table_name, new.action, array(select jsonb_object_keys(new.after) except select 'version' order by 1), new.actor);
        end if;
        return null;
    end $$
    """,
    "create trigger watch_heard after insert on outbox for each row when (new.actor <> 'test') execute function watch.heard()",
    """
    create constraint trigger watch_changed after insert on audit_entry deferrable initially deferred for each row
    when (new.actor not in ('test', 'system:seed') and new.actor not like 'database:%') execute function watch.changed()
    """,
    """
    create function watch.next_unit() returns void language plpgsql security definer as $$
    begin
        set constraints public.watch_changed immediate;
        set constraints public.watch_changed deferred;
        perform set_config('watch.announced', '', true);
    end $$
    """,
    "grant usage on schema watch to public",
]
"""What the owner does for a test (`test`, or a login without an actor) and the demo's data are preparation, not business code."""

NEXT_UNIT = text("select watch.next_unit()")
"""Ends a request or job inside a transaction that holds several of them; a commit does the same by itself."""
SILENT = "select distinct table_name, action, columns, actor from watch.silent order by 1, 2, 3, 4"


class Exemption(NamedTuple):
    """A change that may be silent; `columns` narrows an update to those that nobody else depends on."""

    because: str
    columns: frozenset[str] | None = None


EXEMPT: dict[tuple[str, str], Exemption] = {
    ("auth_session", "insert"): Exemption("signing in changes nothing for others"),
    ("auth_session", "update"): Exemption(
        "a device that goes on changes nothing for others; one that ends announces itself",
        frozenset({"token_hash", "previous_token_hash", "rotated_at"}),
    ),
    ("credential", "update"): Exemption(
        "guesses are counted, which concerns nobody else", frozenset({"failed_count", "failed_at", "locked_until"})
    ),
    ("delivery_replay", "insert"): Exemption("the end of the line: it is itself the log of what somebody did to a delivery"),
    ("import_run", "update"): Exemption(
        "a lease says which worker has the run in hand, which concerns nobody else", frozenset({"leased_until", "lease"})
    ),
    ("lead", "update"): Exemption("a later look at a lead that waits in the pool only notes that it looked", frozenset({"pooled_at"})),
    ("opportunity", "update"): Exemption("what a search finds follows the customer's name", frozenset({"search_text"})),
    ("stored_file", "insert"): Exemption("a file means nothing until a run names it, which announces itself"),
    ("person", "update"): Exemption("one's own language concerns nobody else", frozenset({"locale"})),
}


class Silence(NamedTuple):
    table: str
    action: str
    columns: tuple[str, ...]
    actor: str


def not_exempt(rows: Iterable[Sequence[object]]) -> list[Silence]:
    """What was changed in silence and has no reason to be."""
    found = [Silence(str(table), str(action), tuple(columns), str(actor)) for table, action, columns, actor in rows]  # type: ignore[call-overload]
    return [silence for silence in found if not _is_exempt(silence)]


def _is_exempt(silence: Silence) -> bool:
    exemption = EXEMPT.get((silence.table, silence.action))
    return exemption is not None and (exemption.columns is None or set(silence.columns) <= exemption.columns)


async def silences(connection: AsyncConnection | AsyncSession) -> list[Silence]:
    """What this transaction or database has seen changed without an event and without a reason."""
    return not_exempt((await connection.execute(text(SILENT))).all())


def assert_announced(silent: list[Silence]) -> None:
    assert silent == [], f"changed without an event: {silent}; add outbox.add(...), or a written reason to EXEMPT in tests/announced.py"
