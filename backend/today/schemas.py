"""Today over HTTP."""

from datetime import datetime
from uuid import UUID

from backend.contracts.schemas import ContractCard
from backend.core.schemas import Out
from backend.customers.schemas import ChangeRequestOut, CustomerCard
from backend.leads.rules import Action
from backend.leads.schemas import LeadCard, Reason
from backend.opportunities.schemas import OpportunityCard
from backend.support.schemas import SupportCard
from backend.today.rules import NoticeCode, TodayKind


class TodayScript(Out):
    """Words for several leads: `{company}` and the like stand for the values of each."""

    id: UUID
    title: str
    body: str


class TodayItem(Out):
    """One thing to do with a lead, a customer, an opportunity, a contract, a change that waits or a request for support: why, until when, which of the
    scripts fits, and the actions at hand.
    """

    kind: TodayKind
    why: Reason
    due_at: datetime | None
    lead: LeadCard | None = None
    customer: CustomerCard | None = None
    opportunity: OpportunityCard | None = None
    contract: ContractCard | None = None
    change_request: ChangeRequestOut | None = None
    support_request: SupportCard | None = None
    script_id: UUID | None
    script_values: dict[str, str | None]
    actions: list[Action]


class TodayNotice(Out):
    """Something about the installation: `calendar_year_missing` (params: year), `dead_events` (params: count, up to 100)."""

    code: NoticeCode
    params: dict[str, int]


class Today(Out):
    """今日待办: the most urgent first, at most 200; `counts` of all there are, by kind; `notices` for whoever may act on them."""

    generated_at: datetime
    notices: list[TodayNotice]
    items: list[TodayItem]
    counts: dict[TodayKind, int]
    scripts: list[TodayScript]
