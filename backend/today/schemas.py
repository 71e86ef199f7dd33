"""Today over HTTP."""

from datetime import datetime

from backend.core.schemas import Out
from backend.leads.rules import Action
from backend.leads.schemas import LeadCard, Reason, ScriptOut
from backend.today.rules import TodayKind


class TodayItem(Out):
    """One thing to do: why, until when, with the words and the actions at hand."""

    kind: TodayKind
    why: Reason
    due_at: datetime | None
    lead: LeadCard
    script: ScriptOut | None
    actions: list[Action]


class Today(Out):
    """今日待办: the most urgent first, at most 200; `counts` by kind."""

    generated_at: datetime
    items: list[TodayItem]
    counts: dict[TodayKind, int]
