"""Today over HTTP."""

from datetime import datetime

from backend.core.schemas import Out
from backend.leads.rules import Action
from backend.leads.schemas import LeadCard, Reason, ScriptOut
from backend.today.rules import NoticeCode, TodayKind


class TodayItem(Out):
    """One thing to do: why, until when, with the words and the actions at hand."""

    kind: TodayKind
    why: Reason
    due_at: datetime | None
    lead: LeadCard
    script: ScriptOut | None
    actions: list[Action]


class TodayNotice(Out):
    """Something about the installation: `calendar_year_missing` (params: year), `dead_events` (params: count, up to 100)."""

    code: NoticeCode
    params: dict[str, int]


class Today(Out):
    """今日待办: the most urgent first, at most 200; `counts` by kind; `notices` for whoever may act on them."""

    generated_at: datetime
    notices: list[TodayNotice]
    items: list[TodayItem]
    counts: dict[TodayKind, int]
