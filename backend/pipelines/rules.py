"""A pipeline: its stages in order, what each asks for, and which way a move between two of them goes (FLOW-1, FLOW-3; pure)."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from backend.core.schemas import Flag, Line, Name
from backend.pipelines.conditions import Condition, Conditions, documents_of

MOST_STAGES = 12
FEWEST_OPEN = 2
MOST_MILESTONES = 20
RATE_PLACES = Decimal("0.00001")


class Phase(StrEnum):
    """Phases of the whole process: 线索获取, 需求确认, 方案报价, 合同签订, 交付跟进."""

    CAPTURE = "capture"
    NEEDS = "needs"
    PROPOSAL = "proposal"
    CONTRACT = "contract"
    DELIVERY = "delivery"


class StageKind(StrEnum):
    """`open` stages and the one `closed` stage are the board; `contract` and `delivery` follow when a deal is won."""

    OPEN = "open"
    CLOSED = "closed"
    CONTRACT = "contract"
    DELIVERY = "delivery"


class Move(StrEnum):
    """How an opportunity came into a stage."""

    CREATED = "created"
    FORWARD = "forward"
    SKIP = "skip"
    BACK = "back"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"


ADVANCES = (Move.CREATED, Move.FORWARD, Move.SKIP, Move.WON)
"""Moves that start the 15-day clock anew: a later stage than ever before is not asked for, a later one than the last is."""

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Rate = Annotated[Decimal, Field(gt=0, le=1, max_digits=5, decimal_places=4)]
Dwell = Annotated[int, Field(ge=0, le=3650, strict=True)]


class NextStep(BaseModel):
    """FLOW-2: the to-do that entering a stage makes, due so many working days later at the close of the day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Name
    within_working_days: Annotated[int, Field(ge=1, le=365, strict=True)]


class PlannedMilestone(BaseModel):
    """FLOW-8: a milestone that signing a contract makes, due at the end of so many working days after it was signed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Name
    within_working_days: Annotated[int, Field(ge=1, le=730, strict=True)]


class Stage(BaseModel):
    """One stage; `key` stays the same for good, whatever it is called later."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Word
    name_zh: Name
    name_en: Name
    kind: StageKind
    phase: Phase
    baseline_rate: Rate | None = None
    """Share of stays that advance, as the house expects it; of open stages only."""
    dwell_min_days: Dwell | None = None
    dwell_max_days: Dwell | None = None
    may_be_skipped: Flag = False
    may_be_returned_to: Flag = False
    next_step: NextStep | None = None
    entry: Conditions = ()
    exit: Conditions = ()
    milestones: Annotated[tuple[PlannedMilestone, ...], Field(max_length=MOST_MILESTONES)] = ()
    """What a signed contract promises unless it says otherwise; of the delivery stage only."""
    is_active: Flag = True
    """A stage out of use takes no more opportunities; those in it go on from there."""


class Pipeline(BaseModel):
    """The whole process of one kind of business."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name_zh: Name
    name_en: Name
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=MOST_STAGES)]
    note: Line = ""

    def stage(self, key: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.key == key), None)

    def board(self) -> tuple[Stage, ...]:
        """The columns in their order."""
        return tuple(stage for stage in self.stages if stage.kind in (StageKind.OPEN, StageKind.CLOSED))

    def opening(self) -> Stage:
        """Where a new opportunity stands unless it is said otherwise."""
        return next(stage for stage in self.stages if stage.kind is StageKind.OPEN and stage.is_active)

    def closed(self) -> Stage:
        return next(stage for stage in self.stages if stage.kind is StageKind.CLOSED)


@dataclass(frozen=True)
class Fault:
    """Why a pipeline cannot be used: the place in it, a stable code, a sentence with the remedy."""

    pointer: str
    code: str
    detail: str


ORDER = {kind: place for place, kind in enumerate(StageKind)}


def faults(pipeline: Pipeline) -> list[Fault]:
    """What the types cannot say: order and number of the stages, ranges, rates."""
    found = list(_faults_of_whole(pipeline))
    seen: set[str] = set()
    for place, stage in enumerate(pipeline.stages):
        here = f"#/stages/{place}"
        if stage.key in seen:
            found.append(Fault(f"{here}/key", "doubled", f"Two stages have the key {stage.key}; choose another one."))
        seen.add(stage.key)
        found += _faults_of_stage(stage, here)
    return found


def _faults_of_whole(pipeline: Pipeline) -> Sequence[Fault]:
    kinds = [stage.kind for stage in pipeline.stages]
    active = sum(stage.kind is StageKind.OPEN and stage.is_active for stage in pipeline.stages)
    found = []
    if kinds != sorted(kinds, key=ORDER.__getitem__):
        found.append(Fault("#/stages", "wrong_order", "Open stages come first, then the closed one, then contract and delivery."))
    if kinds.count(StageKind.CLOSED) != 1:
        found.append(Fault("#/stages", "one_closed_stage", "A pipeline has exactly one stage for what is won or lost."))
    if active < FEWEST_OPEN:
        found.append(Fault("#/stages", "too_few_stages", f"Keep at least {FEWEST_OPEN} open stages in use."))
    found += [
        Fault("#/stages", f"one_{kind.value}_stage", f"A pipeline has at most one {kind.value} stage.")
        for kind in (StageKind.CONTRACT, StageKind.DELIVERY)
        if kinds.count(kind) > 1
    ]
    return found


def _faults_of_stage(stage: Stage, here: str) -> Sequence[Fault]:
    found = []
    if stage.kind is StageKind.OPEN and stage.baseline_rate is None:
        found.append(Fault(f"{here}/baseline_rate", "missing", "Say which share of stays is expected to advance, such as 0.6."))
    if stage.kind is not StageKind.OPEN and not stage.is_active:
        found.append(Fault(f"{here}/is_active", "always_in_use", "Only open stages can be taken out of use."))
    if stage.kind is not StageKind.DELIVERY and stage.milestones:
        found.append(Fault(f"{here}/milestones", "only_of_delivery", "Only the delivery stage has milestones; move them there."))
    if stage.dwell_min_days is not None and stage.dwell_max_days is not None and stage.dwell_min_days > stage.dwell_max_days:
        found.append(Fault(f"{here}/dwell_max_days", "less_than_minimum", "The longest standard time is shorter than the shortest."))
    return found


def faults_of_documents(pipeline: Pipeline, usable: Container[str]) -> list[Fault]:
    """Conditions that ask for a kind of document which nobody can file."""
    return [
        Fault(f"#/stages/{place}/{side}/{row}", "unknown_document", f"There is no kind of document {kind} in use; choose one that is.")
        for place, stage in enumerate(pipeline.stages)
        for side, asked in (("entry", stage.entry), ("exit", stage.exit))
        for row, condition in enumerate(asked)
        for kind in documents_of(condition)
        if kind not in usable
    ]


def win_rates(stages: Sequence[Stage]) -> dict[str, Decimal]:
    """Share of what stands in a stage that is expected to be won: the product of the baseline rates from there on."""
    rates: dict[str, Decimal] = {}
    rate = Decimal(1)
    for stage in reversed(stages):
        if stage.kind is StageKind.OPEN:
            if stage.is_active:
                rate *= stage.baseline_rate or Decimal(1)
            rates[stage.key] = rate.quantize(RATE_PLACES, ROUND_HALF_UP)
        else:
            rates[stage.key] = Decimal(1)
    return rates


@dataclass(frozen=True)
class Way:
    """A move between two stages of the board, and what it asks for."""

    move: Move
    passed: tuple[str, ...] = ()
    """Stages in use between the two, which a skip leaves out."""
    exit: tuple[Condition, ...] = ()
    entry: tuple[Condition, ...] = ()

    @property
    def needs_reason(self) -> bool:
        return bool(self.passed) or self.move in (Move.BACK, Move.REOPENED)


class WayRefused(StrEnum):
    """Why there is no way between two stages."""

    SAME_STAGE = "same_stage"
    NOT_ON_BOARD = "stage_not_on_board"
    OUT_OF_USE = "stage_out_of_use"
    NO_RETURN = "no_return"
    NO_SKIP = "no_skip"


def way(pipeline: Pipeline, source: str, target: str) -> Way | WayRefused:
    """How one gets from stage to stage. Forward asks for what the last stage ends with and the new one begins with; a skip leaves out the
    conditions of what it passes, which must be stages that may be skipped; a return asks for nothing.
    """
    board = {stage.key: place for place, stage in enumerate(pipeline.board())}
    if target not in board or source not in board:
        return WayRefused.NOT_ON_BOARD
    if source == target:
        return WayRefused.SAME_STAGE
    stages, start, end = pipeline.board(), board[source], board[target]
    if not stages[end].is_active:
        return WayRefused.OUT_OF_USE
    return _forward(stages, start, end) if start < end else _back(stages[start], stages[end])


def _back(old: Stage, new: Stage) -> Way | WayRefused:
    if not new.may_be_returned_to:
        return WayRefused.NO_RETURN
    return Way(Move.REOPENED if old.kind is StageKind.CLOSED else Move.BACK)


def _forward(stages: Sequence[Stage], start: int, end: int) -> Way | WayRefused:
    old, new = stages[start], stages[end]
    between = [stage for stage in stages[start + 1 : end] if stage.is_active]
    if not all(stage.may_be_skipped for stage in between):
        return WayRefused.NO_SKIP
    move = Move.WON if new.kind is StageKind.CLOSED else Move.SKIP if between else Move.FORWARD
    return Way(move, tuple(stage.key for stage in between), old.exit, new.entry)
