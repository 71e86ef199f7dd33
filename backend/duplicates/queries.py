"""Statements over keys, hits and merges; the functions behind them stand in `policies.py`."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, TextClause, func, or_, select, text

from backend.core.hot import Hot
from backend.duplicates.models import RecordMerge
from backend.duplicates.policies import SUBJECTS
from backend.identity.models import Person

REGISTER = Hot("select identity_register(:type, cast(:ids as uuid[]), cast(:keys as jsonb), cast(:names as jsonb))")
SETTLE = Hot("""
select * from identity_settle(:type, :id, cast(:keys as jsonb), cast(:names as jsonb), :region, :now)
""")
HITS = Hot("select * from identity_hits(cast(:keys as jsonb), cast(:grams as int[]))")
HELD = Hot("select * from identity_held(cast(:keys as jsonb), :now)")

PROGRESS = text("""
insert into identity_progress (subject_type, rules_version) values (:type, :version)
on conflict (subject_type, rules_version) do update set rules_version = excluded.rules_version
returning last_id, done_at
""")
"""How far the registration has come; whoever asks holds the row until the end of the transaction."""

ADVANCE = text(
    "update identity_progress set last_id = coalesce(:last_id, last_id), done_at = :done_at where subject_type = :type and rules_version = :version"
)


def _refs(table: str, name: str, contact: str, prefix: str) -> str:
    return (
        f"select '{table}' as subject_type, s.id, '{prefix}' || lpad(s.number::text, 8, '0') as number, s.{name} as name, {contact} as contact_name,"
        f" s.state from {table} s where s.id = any(:ids)"
    )


RECORDS: TextClause = text(" union all ".join(_refs(one.table, one.name, one.contact, one.prefix) for one in SUBJECTS))
"""Of these ids the records that row security lets the session see."""


def family(record_id: UUID) -> Select[Any]:
    """The record and all that was merged into it."""
    return select(func.merge_family(record_id))


def firm(record_id: UUID) -> Select[Any]:
    """The record that stands for this one now, and all that was merged into it."""
    return select(func.merge_family(func.merge_survivor(record_id)))


def history(record_id: UUID) -> Select[Any]:
    """The family, and the leads that belong to a customer."""
    return select(func.record_history(record_id))


def survivor(record_id: UUID) -> Select[Any]:
    """The record that stands for this one now; mostly itself."""
    return select(func.merge_survivor(record_id))


def merges_of(record_id: UUID) -> Select[RecordMerge, str]:
    """Newest first, undone ones too."""
    mine = or_(RecordMerge.survivor_id == record_id, RecordMerge.loser_id == record_id)
    return (
        select(RecordMerge, Person.name.label("merged_by_name"))
        .join(Person, Person.id == RecordMerge.merged_by)
        .where(mine)
        .order_by(RecordMerge.merged_at.desc(), RecordMerge.id.desc())
        .limit(50)
    )
