"""Technical support over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from backend.core.schemas import In, Out, Text
from backend.identity.schemas import PersonRef
from backend.support.rules import Chosen, SupportAction, SupportState

Said = Annotated[Text, Field(min_length=1)]


class SupportCreate(In):
    """What is needed, for an opportunity or for a customer; without an engineer it goes to the least loaded one."""

    opportunity_id: UUID | None = None
    customer_id: UUID | None = None
    need: Said
    engineer_id: UUID | None = None

    @model_validator(mode="after")
    def _of_one(self) -> "SupportCreate":
        if (self.opportunity_id is None) == (self.customer_id is None):
            raise ValueError("name either the opportunity or the customer")
        return self


class SupportAnswer(In):
    """The initial proposal."""

    answer: Said


class SupportAgain(In):
    """What is still needed: a new round, with a new promise."""

    need: Said


class SupportClosing(In):
    note: Annotated[Text, Field(max_length=500)] = ""


class SupportHandover(In):
    engineer_id: UUID


class RecordRef(Out):
    id: UUID
    number: str
    name: str


class SupportCard(Out):
    """A request as lists and Today show it. `can_open` says whether the record behind it can be opened; an engineer reads its name only."""

    id: UUID
    number: str
    opportunity: RecordRef | None
    customer: RecordRef | None
    can_open: bool
    asked_by: PersonRef
    engineer: PersonRef
    chosen: Chosen
    need: str
    state: SupportState
    round: int
    created_at: datetime
    asked_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    missed_at: datetime | None
    closed_at: datetime | None
    version: int


class RoundOut(Out):
    """A question and its answer."""

    number: int
    need: str
    asked_by: PersonRef
    asked_at: datetime
    due_at: datetime | None
    answered_by: PersonRef | None
    answered_at: datetime | None
    answer: str | None


class SupportFacts(Out):
    """What the engineer needs to know of the record; null where the reader has no business with it."""

    product_line: str | None
    need: str | None
    expected_close_on: date | None
    owner: str


class SupportRequestOut(SupportCard):
    facts: SupportFacts | None
    rounds: list[RoundOut]
    closing_note: str | None
    actions: list[SupportAction]


class SupportRequests(Out):
    """Those of one opportunity or customer, the newest first; at most 50."""

    items: list[SupportCard]


class EngineerOut(Out):
    """Who can be asked; while they are away the deputy is asked, if there is one."""

    id: UUID
    name: str
    is_present: bool
    deputy: PersonRef | None
    open_requests: int


class Engineers(Out):
    """The first one is who would be asked if nobody is named; `due_at` is by when a proposal is promised if one asks now."""

    items: list[EngineerOut]
    due_at: datetime | None


class MonthOut(Out):
    """Promises that were due in a month ("2026-03"); `hit_rate` is the share that was kept, `late_minutes` working time of late answers."""

    month: str
    kept: int
    missed: int
    hit_rate: float | None
    late_minutes: int


class EngineerRecord(Out):
    engineer: PersonRef
    open_requests: int
    months: list[MonthOut]


class Miss(Out):
    """A promise that was not kept; `late_minutes` are working time, null while there is no answer."""

    id: UUID
    request_id: UUID
    number: str
    round: int
    engineer: PersonRef
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    late_minutes: int | None


class Performance(Out):
    """The ledger of the engineers whom one may see: oneself and those whom one supervises; misses of the last twelve months, at most 200."""

    engineers: list[EngineerRecord]
    misses: list[Miss]
