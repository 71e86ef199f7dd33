"""Pipelines over HTTP."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from backend.core.schemas import Out
from backend.identity.schemas import PersonRef
from backend.pipelines.conditions import Condition
from backend.pipelines.rules import NextStep, Phase, StageKind


class StageRef(Out):
    """A stage by name."""

    id: UUID
    key: str
    name_zh: str
    name_en: str
    kind: StageKind


class StageOut(StageRef):
    """A stage with what it asks for; rates are shares from 0 to 1, dwell times days."""

    phase: Phase
    baseline_rate: Decimal | None
    win_rate: Decimal
    dwell_min_days: int | None
    dwell_max_days: int | None
    may_be_skipped: bool
    may_be_returned_to: bool
    next_step: NextStep | None
    entry: list[Condition]
    exit: list[Condition]
    is_active: bool


class PipelineOut(Out):
    """A pipeline with its stages in their order."""

    id: UUID
    name_zh: str
    name_en: str
    is_default: bool
    is_active: bool
    stages: list[StageOut]
    version: int


class PipelinesOut(Out):
    items: list[PipelineOut]


class PipelineVersionOut(Out):
    """Who saved which version, and why."""

    number: int
    changed_by: PersonRef | None
    changed_at: datetime
    note: str


class PipelineVersions(Out):
    """The newest first, at most 200."""

    items: list[PipelineVersionOut]
