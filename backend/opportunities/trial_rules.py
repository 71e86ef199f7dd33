"""What a changed pipeline would mean for the opportunities in flight: what their next move asks for, before and after (FLOW-1; pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from backend.pipelines import rules
from backend.pipelines.conditions import Condition
from backend.pipelines.rules import Pipeline, Stage, StageKind, Way

CHECKED_A_STAGE = 2000
"""Opportunities of a stage whose conditions are looked at one by one; of more, an even part of about so many."""
EXAMPLES = 5


@dataclass(frozen=True)
class Onward:
    """The next move out of a stage: where to, and what it asks for."""

    stage: Stage | None = None
    asked: tuple[Condition, ...] = ()


def onward(pipeline: Pipeline, key: str) -> Onward:
    """To the next stage in use, which skips nothing; nowhere from a stage that is not there or is closed."""
    here = pipeline.stage(key)
    board = pipeline.board()
    if here is None or here.kind is not StageKind.OPEN:
        return Onward()
    ahead = next((stage for stage in board[board.index(here) + 1 :] if stage.is_active), None)
    way = rules.way(pipeline, key, ahead.key) if ahead else None
    return Onward(ahead, tuple(dict.fromkeys((*way.exit, *way.entry)))) if isinstance(way, Way) else Onward()


@dataclass(frozen=True)
class Lacking:
    """So many opportunities lack the same conditions; `examples` stand there longest."""

    unmet: Sequence[bool]
    count: int
    examples: Sequence[UUID] = ()


@dataclass(frozen=True)
class Verdict:
    """How many of those looked at could not move on, before and after; `lacking` counts by condition, in the order of `asked`; `examples`
    lack what only the change asks for, those first that were free before.
    """

    checked: int
    blocked_before: int
    blocked_after: int
    newly_blocked: int
    lacking: list[int]
    examples: list[UUID]


def asked(before: Onward, after: Onward) -> list[Condition]:
    """Each condition once: those of before first."""
    return list(dict.fromkeys((*before.asked, *after.asked)))


def judge(before: Onward, after: Onward, groups: Iterable[Lacking]) -> Verdict:
    """Adds up groups whose `unmet` follow the order of `asked`."""
    found = list(groups)
    conditions = asked(before, after)
    was, will = ([one in side.asked for one in conditions] for side in (before, after))
    held_before = [group for group in found if _holds(group, was)]
    held_after = [group for group in found if _holds(group, will)]
    new = [group for group in held_after if group not in held_before]
    added = [after_only and not before_too for after_only, before_too in zip(will, was, strict=True)]
    also = [group for group in found if _holds(group, added) and group not in new]
    return Verdict(
        checked=_count(found),
        blocked_before=_count(held_before),
        blocked_after=_count(held_after),
        newly_blocked=_count(new),
        lacking=[_count([group for group in found if group.unmet[place]]) for place in range(len(conditions))],
        examples=[example for group in (*new, *also) for example in group.examples][:EXAMPLES],
    )


def _holds(group: Lacking, counts: Sequence[bool]) -> bool:
    return any(unmet and does for unmet, does in zip(group.unmet, counts, strict=True))


def _count(groups: Sequence[Lacking]) -> int:
    return sum(group.count for group in groups)


def one_in(standing: int) -> int:
    """Of so many, every how manieth is looked at."""
    return max(1, -(-standing // CHECKED_A_STAGE))


def entered_before(dwell_max_days: int | None, now: datetime) -> datetime | None:
    """Whoever came into the stage before this moment stands there longer than its standard time; None where there is none."""
    return None if dwell_max_days is None else now - timedelta(days=dwell_max_days)
