"""Conditions of a stage: typed expressions over an opportunity, and what of them is not met (FLOW-1; pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from backend.core.schemas import MONEY_DIGITS, MONEY_PLACES
from backend.customers.rules import ContactRole
from backend.timeline.rules import FollowUpKind

MOST_CONDITIONS = 20
MOST_ALTERNATIVES = 5


class RequiredField(StrEnum):
    """Facts of an opportunity that a stage may ask for."""

    EXPECTED_AMOUNT = "expected_amount"
    EXPECTED_CLOSE_ON = "expected_close_on"
    PRODUCT_LINE = "product_line"
    NEED = "need"
    PRIMARY_CONTACT = "primary_contact"
    NEXT_STEP = "next_step"


class Counted(StrEnum):
    """From when on activities count."""

    EVER = "ever"
    IN_STAGE = "in_stage"


Threshold = Annotated[
    Decimal,
    Field(gt=0, max_digits=MONEY_DIGITS, decimal_places=MONEY_PLACES),
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str, when_used="json"),
]
DocumentKind = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


@dataclass(frozen=True)
class Facts:
    """What conditions look at: one opportunity at one moment."""

    fields: frozenset[RequiredField] = frozenset()
    amount: Decimal | None = None
    documents: frozenset[str] = frozenset()
    activities: Mapping[str, int] = field(default_factory=dict)
    activities_in_stage: Mapping[str, int] = field(default_factory=dict)
    effective_visits: int = 0
    effective_visits_in_stage: int = 0
    contact_roles: frozenset[str] = frozenset()
    needs_review: bool = False
    is_review_approved: bool = False


class _Condition(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def is_met(self, facts: Facts) -> bool:
        """Whether the opportunity fulfils it."""
        raise NotImplementedError


class FieldPresent(_Condition):
    """The opportunity says this."""

    kind: Literal["field_present"] = "field_present"
    field: RequiredField

    def is_met(self, facts: Facts) -> bool:
        return self.field in facts.fields


class AmountAtLeast(_Condition):
    """The expected amount is known and not smaller; in the currency of the opportunity."""

    kind: Literal["amount_at_least"] = "amount_at_least"
    amount: Threshold

    def is_met(self, facts: Facts) -> bool:
        return facts.amount is not None and facts.amount >= self.amount


class DocumentAttached(_Condition):
    """A file of this kind hangs on the opportunity."""

    kind: Literal["document_attached"] = "document_attached"
    document: DocumentKind

    def is_met(self, facts: Facts) -> bool:
        return self.document in facts.documents


class ActivityLogged(_Condition):
    """So many follow-ups of this kind are on the timeline."""

    kind: Literal["activity_logged"] = "activity_logged"
    activity: FollowUpKind
    times: Annotated[int, Field(ge=1, le=20, strict=True)] = 1
    counted: Counted = Counted.EVER

    def is_met(self, facts: Facts) -> bool:
        counted = facts.activities if self.counted is Counted.EVER else facts.activities_in_stage
        return counted.get(self.activity.value, 0) >= self.times


class EffectiveVisit(_Condition):
    """So many effective visits 有效拜访 are on the timeline."""

    kind: Literal["effective_visit"] = "effective_visit"
    times: Annotated[int, Field(ge=1, le=20, strict=True)] = 1
    counted: Counted = Counted.EVER

    def is_met(self, facts: Facts) -> bool:
        counted = facts.effective_visits if self.counted is Counted.EVER else facts.effective_visits_in_stage
        return counted >= self.times


class ContactKnown(_Condition):
    """The customer has an active contact with this part in the decision chain."""

    kind: Literal["contact_known"] = "contact_known"
    role: ContactRole

    def is_met(self, facts: Facts) -> bool:
        return self.role.value in facts.contact_roles


class ReviewApproved(_Condition):
    """The pre-sales review has been passed, where one is required (REVIEW-1); met where none is."""

    kind: Literal["review_approved"] = "review_approved"

    def is_met(self, facts: Facts) -> bool:
        return facts.is_review_approved or not facts.needs_review


Leaf = Annotated[
    FieldPresent | AmountAtLeast | DocumentAttached | ActivityLogged | EffectiveVisit | ContactKnown | ReviewApproved,
    Field(discriminator="kind"),
]


class AnyOf(_Condition):
    """One of these is enough."""

    kind: Literal["any_of"] = "any_of"
    conditions: Annotated[tuple[Leaf, ...], Field(min_length=2, max_length=MOST_ALTERNATIVES)]

    def is_met(self, facts: Facts) -> bool:
        return any(one.is_met(facts) for one in self.conditions)


Condition = Annotated[
    FieldPresent | AmountAtLeast | DocumentAttached | ActivityLogged | EffectiveVisit | ContactKnown | ReviewApproved | AnyOf,
    Field(discriminator="kind"),
]
Conditions = Annotated[tuple[Condition, ...], Field(max_length=MOST_CONDITIONS)]


def documents_of(condition: Condition) -> list[str]:
    """Kinds of documents that it asks for, also as one of several ways."""
    if isinstance(condition, AnyOf):
        return [kind for one in condition.conditions for kind in documents_of(one)]
    return [condition.document] if isinstance(condition, DocumentAttached) else []


def missing(conditions: Iterable[Condition], facts: Facts) -> list[Condition]:
    """Those that are not met, in their order."""
    return [one for one in conditions if not one.is_met(facts)]
