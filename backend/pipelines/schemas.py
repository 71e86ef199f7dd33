"""Pipelines over HTTP."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import PlainSerializer

from backend.core.schemas import Flag, In, Name, Out
from backend.identity.schemas import PersonRef
from backend.pipelines.conditions import Condition
from backend.pipelines.rules import NextStep, Phase, Pipeline, PlannedMilestone, StageKind

Share = Annotated[Decimal, PlainSerializer(lambda share: f"{share:.4f}", return_type=str, when_used="json")]
"""With the places that are kept of it, however it was written."""


class StageRef(Out):
    """A stage by name."""

    id: UUID
    key: str
    name_zh: str
    name_en: str
    kind: StageKind


class StageContent(Out):
    """A stage as somebody saved it: what it asks for; rates are shares from 0 to 1, dwell times days."""

    key: str
    name_zh: str
    name_en: str
    kind: StageKind
    phase: Phase
    baseline_rate: Share | None
    dwell_min_days: int | None
    dwell_max_days: int | None
    may_be_skipped: bool
    may_be_returned_to: bool
    next_step: NextStep | None
    entry: list[Condition]
    exit: list[Condition]
    milestones: list[PlannedMilestone]
    is_active: bool


class StageOut(StageRef, StageContent):
    """A stage as it now stands; `win_rate` follows from the baseline rates."""

    win_rate: Decimal


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


class PipelineChange(Pipeline):
    """A pipeline as it shall be from now on; `note` tells later readers why."""

    note: Name


class PipelineUse(In):
    """Out of use, a pipeline takes no new opportunities; those in it go on."""

    is_active: Flag


class PipelineVersionOut(Out):
    """Who saved which version, and why."""

    number: int
    changed_by: PersonRef | None
    changed_at: datetime
    note: str


class PipelineContent(Out):
    """A pipeline as somebody saved it."""

    name_zh: str
    name_en: str
    stages: list[StageContent]


class PipelineVersionDetail(PipelineVersionOut):
    """With the pipeline as it was saved then."""

    content: PipelineContent


class PipelineVersions(Out):
    """The newest first, at most 200."""

    items: list[PipelineVersionOut]
