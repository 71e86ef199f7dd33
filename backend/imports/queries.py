"""SELECTs and statements over runs and their rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from backend.core.hot import Hot
from backend.identity.models import Person
from backend.imports.models import ExportPolicy, ExportRun, ImportMapping, ImportRow, ImportRun
from backend.imports.rules import HOLDS_FILE, REPORTED, WORKING, ExportState, RowState, RunState

Decider = aliased(Person, name="decider")


def runs(after: tuple[datetime, UUID] | None, limit: int) -> Select[Any, Any]:
    """Newest first with the person's name, one row more than the page."""
    query = select(ImportRun, Person.name).join(Person, Person.id == ImportRun.person_id)
    query = query.order_by(ImportRun.created_at.desc(), ImportRun.id.desc()).limit(limit + 1)
    return query if after is None else query.where(tuple_(ImportRun.created_at, ImportRun.id) < after)


def run(run_id: UUID) -> Select[Any, Any]:
    return select(ImportRun, Person.name).join(Person, Person.id == ImportRun.person_id).where(ImportRun.id == run_id)


def earlier(sha256: str, target: str, but: UUID) -> Select[Any]:
    """The last time that this person's reach saw the same file imported."""
    same = (ImportRun.sha256 == sha256, ImportRun.target == target, ImportRun.id != but, ImportRun.state.in_(HOLDS_FILE))
    return select(ImportRun).where(*same).order_by(ImportRun.created_at.desc()).limit(1)


KINDS: dict[str, Any] = {
    "ready": ImportRow.state == RowState.READY,
    "problem": ImportRow.state == RowState.PROBLEM,
    "duplicate": ImportRow.state == RowState.DUPLICATE,
    "created": ImportRow.state == RowState.CREATED,
    "joined": ImportRow.state == RowState.JOINED,
    "updated": ImportRow.state.in_([RowState.UPDATED, RowState.UNCHANGED]),
    "kept": (ImportRow.state == RowState.CREATED) & ImportRow.problems.is_not(None),
}


def rows(run: ImportRun, kind: str, after: int | None, limit: int) -> Select[Any]:
    """In the order of the file, one row more than the page."""
    query = select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.number > max(after or 0, run.header_row))
    query = query.order_by(ImportRow.number).limit(limit + 1)
    return query if kind == "all" else query.where(KINDS[kind])


def first_rows(run_id: UUID, limit: int) -> Select[Any]:
    return select(ImportRow.number, ImportRow.cells).where(ImportRow.run_id == run_id).order_by(ImportRow.number).limit(limit)


def reported(run_id: UUID, after: int, limit: int) -> Select[Any]:
    """Rows that were left out, with the reason."""
    query = select(ImportRow).where(ImportRow.run_id == run_id, ImportRow.number > after, ImportRow.state.in_(REPORTED))
    return query.order_by(ImportRow.number).limit(limit)


def mappings(person_id: UUID, target: str) -> Select[Any]:
    """One's own first, then the shared ones."""
    query = select(ImportMapping).where(ImportMapping.target == target, ImportMapping.is_active)
    return query.order_by((ImportMapping.person_id != person_id), ImportMapping.created_at.desc()).limit(200)


def exports(after: tuple[datetime, UUID] | None, limit: int) -> Select[Any, Any, Any, Any]:
    query = _exports().order_by(ExportRun.created_at.desc(), ExportRun.id.desc()).limit(limit + 1)
    return query if after is None else query.where(tuple_(ExportRun.created_at, ExportRun.id) < after)


def export(export_id: UUID) -> Select[Any, Any, Any, Any]:
    return _exports().where(ExportRun.id == export_id)


def _exports() -> Select[Any, Any, Any, Any]:
    supervises = func.coalesce(Person.supervisor_id == func.app_actor(), False)
    return (
        select(ExportRun, Person.name.label("person_name"), Decider.name.label("decider_name"), supervises.label("supervises"))
        .join(Person, Person.id == ExportRun.person_id)
        .outerjoin(Decider, Decider.id == ExportRun.decided_by)
    )


APPROVAL_ABOVE = select(ExportPolicy.approval_above)


def working(now: datetime) -> Select[Any]:
    """The run whose turn it is: nobody has it in hand, the one that waits longest; of one register one is written at a time."""
    free = or_(ImportRun.leased_until.is_(None), ImportRun.leased_until <= now)
    other = aliased(ImportRun)
    busy = exists().where(other.target == ImportRun.target, other.state == RunState.RUNNING, other.leased_until > now)
    query = select(ImportRun).where(ImportRun.state.in_(WORKING), free, ~and_(ImportRun.state == RunState.RUNNING, busy))
    return query.order_by(ImportRun.leased_until.asc().nulls_first(), ImportRun.created_at).limit(1).with_for_update(skip_locked=True)


def making(now: datetime) -> Select[Any]:
    free = or_(ExportRun.leased_until.is_(None), ExportRun.leased_until <= now)
    query = select(ExportRun).where(ExportRun.state == ExportState.MAKING, free)
    return query.order_by(ExportRun.created_at).limit(1).with_for_update(skip_locked=True)


def next_rows(run_id: UUID, after: int, limit: int, states: Sequence[RowState] = ()) -> Select[Any]:
    """The rows in these states as they will be stored; all rows, as the file has them, when no state is given."""
    said = [ImportRow.fields, ImportRow.subject_id, ImportRow.subject_version] if states else [ImportRow.cells]
    query = select(ImportRow.number, *said).where(ImportRow.run_id == run_id, ImportRow.number > after)
    query = query.order_by(ImportRow.number).limit(limit)
    return query.where(ImportRow.state.in_(states)) if states else query


STAGE = Hot("""
insert into import_row (run_id, number, cells)
select :run, r.number, r.cells from unnest(cast(:numbers as int[]), cast(:cells as jsonb[])) as r(number, cells)
on conflict (run_id, number) do nothing returning number
""")
CHECKED = Hot("""
update import_row set fields = r.fields, problems = r.problems, match = r.match, subject_id = r.subject_id, file_key = r.file_key, state = r.state
from jsonb_to_recordset(cast(:rows as jsonb))
    as r(number int, fields jsonb, problems jsonb, match jsonb, subject_id uuid, file_key text, state text)
where import_row.run_id = :run and import_row.number = r.number
""")
SETTLED = Hot("""
update import_row set state = r.state, problems = coalesce(r.problems, import_row.problems), match = coalesce(r.match, import_row.match),
    subject_id = coalesce(r.subject_id, import_row.subject_id), subject_version = coalesce(r.version, subject_version),
    hands = coalesce(r.hands, import_row.hands)
from jsonb_to_recordset(cast(:rows as jsonb))
    as r(number int, state text, problems jsonb, match jsonb, subject_id uuid, version int, hands jsonb)
where import_row.run_id = :run and import_row.number = r.number
""")
SAME_IN_FILE = Hot("""
select file_key, min(number) as number from import_row
where run_id = :run and number < :before and file_key = any(cast(:keys as text[])) and state in ('ready', 'duplicate') group by file_key
""")
MADE = Hot("select subject_id from import_row where run_id = :run and state = 'created' and subject_id = any(cast(:ids as uuid[]))")
FRESH_PLANS = Hot("select set_config('plan_cache_mode', 'force_custom_plan', true)")
"""For looking up: a table grows a thousandfold while a file is written, and a plan made when it was empty must not be kept."""
USUAL_PLANS = Hot("select set_config('plan_cache_mode', 'auto', true)")
"""For writing: the statements of triggers must not be planned anew for each row."""
WHOLE_TABLES = Hot("select set_config('enable_nestloop', 'off', true)")
"""For what reads all rows of a run: the statistics are from before the file, and a loop over what they take for few rows never ends."""
TAKE_OVER = Hot("update import_run set lease = null where target = :target and state = 'running' and id <> :run and lease is not null")
"""Whoever let the lease of another file of this register end commits nothing more: two files never bring the same record at the same moment."""
PEOPLE = Hot("""
select p.id, p.name, p.login, exists (
    select 1 from person_role h join role_permission m on m.role_code = h.role_code and m.is_active
    where h.person_id = p.id and h.is_active and m.permission = 'customer.follow_up') as keeps_customers
from person p where p.is_active and (p.access_ends_at is null or p.access_ends_at > :now)
""")
REGIONS = Hot("select id, name from region")
IMPORTER = Hot("""
select p.id, p.name, p.region_id, p.locale, (p.is_active and (p.access_ends_at is null or p.access_ends_at > :now) and exists (
    select 1 from person_role h join role_permission m on m.role_code = h.role_code
    where h.person_id = p.id and h.is_active and m.permission = :permission)) as may,
    exists (select 1 from person_role h where h.person_id = p.id and h.is_active and h.role_code = 'administrator') as is_administrator
from person p where p.id = :id
""")
SCOPED = Hot("""
select exists (select 1 from person_role h join role r on r.code = h.role_code
    where h.person_id = :id and h.is_active and :scope = any(r.reaches)) as may
""")
CLEAR_ROWS = Hot("delete from import_row where run_id = any(cast(:runs as uuid[]))")


def locale(person_id: UUID) -> Select[str]:
    return select(Person.locale).where(Person.id == person_id)
