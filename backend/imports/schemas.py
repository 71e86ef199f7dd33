"""Imports and exports over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from backend.core.schemas import Flag, In, Line, Name, Out
from backend.identity.schemas import PersonRef
from backend.imports.rules import Assignment, ExportFormat, ExportState, Mode, OnDuplicate, Overwrite, RowState, RunState, Step


class ImportSettings(In):
    """How a file is read: `columns` names the field of each column ("" leaves it out, "extra" keeps it under its own name)."""

    header_row: Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
    header_rows: Annotated[int, Field(ge=0, le=2, strict=True)]
    columns: Annotated[list[Line], Field(max_length=200)]
    mode: Mode = Mode.CREATE
    overwrite: Overwrite = Overwrite.EMPTY
    create_missing: Flag = False
    on_duplicate: OnDuplicate = OnDuplicate.SKIP
    assignment: Assignment = Assignment.KEEP
    needs_first_contact: Flag = False


class TargetField(Out):
    key: str
    takes_many: bool


class TargetOut(Out):
    """A register that a file can fill."""

    key: str
    fields: list[TargetField]
    assignments: list[Assignment]
    may_double: bool


class Targets(Out):
    items: list[TargetOut]


class Counts(Out):
    """`done` of `total` rows in the present phase, and what came of them."""

    total: int
    done: int
    problems: int
    duplicates: int
    created: int
    updated: int
    unchanged: int
    joined: int
    undone: int


class Earlier(Out):
    """The same file was imported before."""

    id: UUID
    at: datetime
    created: int


class RunCard(Out):
    """A run as lists and live events show it."""

    id: UUID
    target: str
    person: PersonRef
    file_name: str
    state: RunState
    refusal: str | None
    counts: Counts
    created_at: datetime
    finished_at: datetime | None


class RunOut(RunCard):
    header_row: int
    header_rows: int
    labels: list[str]
    settings: dict[str, Any]
    has_problems_file: bool
    undo_reason: str | None
    steps: list[Step]
    earlier: Earlier | None
    samples: list[list[str]]


class RowOut(Out):
    """A row of the file: its cells, what will be or was stored, and why it was left out (in `locale` of the reader)."""

    number: int
    state: RowState
    cells: list[str]
    fields: dict[str, Any]
    problems: list[dict[str, Any]]
    match: dict[str, Any] | None
    reason: str
    subject_id: UUID | None


RowKind = Literal["all", "ready", "problem", "duplicate", "created", "joined", "updated", "kept"]


class Undo(In):
    reason: Name


class MappingIn(In):
    target: Name
    name: Name
    run_id: UUID
    is_shared: Flag = False


class MappingOut(Out):
    id: UUID
    target: str
    name: str
    signature: str
    settings: dict[str, Any]
    is_shared: bool
    is_own: bool


class Mappings(Out):
    items: list[MappingOut]


class ExportCreate(In):
    """The list as its route takes it; `reason` is read by whoever approves."""

    target: Name
    scope: Literal["own", "region", "company"]
    filters: Annotated[dict[str, Any], Field(max_length=20)] = {}
    format: ExportFormat = ExportFormat.XLSX
    reason: Line = ""


class ExportOut(Out):
    id: UUID
    target: str
    person: PersonRef
    scope: str
    filters: dict[str, Any]
    format: ExportFormat
    state: ExportState
    rows: int
    reason: str
    created_at: datetime
    decided_by: PersonRef | None
    decided_at: datetime | None
    comment: str | None
    expires_at: datetime | None
    may_decide: bool
    is_own: bool


class Decision(In):
    comment: Line = ""


class ExportPolicyOut(Out):
    """Exports of more rows wait for approval."""

    approval_above: int


class ExportPolicyIn(In):
    approval_above: Annotated[int, Field(ge=0, le=100_000, strict=True)]
