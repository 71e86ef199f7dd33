"""Forms and submissions over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from backend.core.schemas import Flag, In, Line, Name, Out, Text
from backend.identity.schemas import PersonRef
from backend.leads.schemas import FormRef
from backend.webhooks.mapping import TARGETS
from backend.webhooks.rules import AnswerStyle, DecisionKind, SecretKind, SubmissionState


class Received(Out):
    """Kept for good: as a lead, or in quarantine, where marketing looks at it."""

    submission_id: UUID
    state: SubmissionState
    lead_id: UUID | None


class CodeZero(Out):
    """What 基木鱼 and 飞鱼 take for success, of a form whose `answer_style` is `code_zero`."""

    code: int = 0
    message: str = "success"


class VerificationIn(In):
    """How posts prove themselves: signed, or with a token in a header or in a member of the body."""

    by: SecretKind
    header: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,60}$")] = "x-form-token"
    member: Line = ""


FormKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}$")]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$", max_length=200)]
Origins = Annotated[list[Origin], Field(max_length=50)]
MappingIn = Annotated[dict[str, Any], Field(max_length=100, description="Field of the lead to its sources, as the form keeps them")]
Rate = Annotated[int, Field(ge=1, le=100_000, strict=True)]
SourceName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]


class FormCreate(In):
    key: FormKey
    name: Name
    source: SourceName
    mapping: MappingIn
    verification: VerificationIn
    rate_per_minute: Rate = 600
    allowed_origins: Origins = []
    answer_style: AnswerStyle = AnswerStyle.ACCEPTED
    is_active: Flag = True


class FormPatch(In):
    """Only the fields that are sent."""

    key: FormKey | None = None
    name: Name | None = None
    source: SourceName | None = None
    mapping: MappingIn | None = None
    verification: VerificationIn | None = None
    rate_per_minute: Rate | None = None
    allowed_origins: Origins | None = None
    answer_style: AnswerStyle | None = None
    is_active: Flag | None = None


class FormOut(Out):
    """A form without its secrets; posts go to `path`."""

    id: UUID
    key: str
    path: str
    name: str
    source: str
    is_active: bool
    mapping: dict[str, Any]
    rate_per_minute: int
    verification: dict[str, Any]
    allowed_origins: list[str]
    answer_style: AnswerStyle
    version: int


class Forms(Out):
    """`targets` and `transforms` are what a mapping may name."""

    items: list[FormOut]
    targets: list[str]
    transforms: list[str]


class FormMappingOut(Out):
    """A mapping that was replaced; `version` is the form's at that time."""

    version: int
    mapping: dict[str, Any]
    replaced_at: datetime
    replaced_by: PersonRef


class FormMappings(Out):
    items: list[FormMappingOut]


class SecretCreate(In):
    """The secrets of this kind that are live now stay so for `overlap_hours`."""

    kind: SecretKind
    overlap_hours: Annotated[int, Field(ge=0, le=720, strict=True)] = 24


class SecretOut(Out):
    """`hint`: its last four characters."""

    id: UUID
    kind: SecretKind
    hint: str
    created_at: datetime
    valid_until: datetime | None
    is_live: bool


class Secrets(Out):
    items: list[SecretOut]


class NewSecret(Out):
    """The only time that the secret itself is shown."""

    id: UUID
    kind: SecretKind
    secret: str


class FaultOut(Out):
    """Why a submission does not fit; `field` is a field of the lead or a member of the body."""

    code: str
    field: str
    detail: str


class LeadPreview(Out):
    """The lead that a payload would become; nothing was stored. `kept_beside`: what a field could not take, but the lead keeps."""

    fits: bool
    fields: dict[str, str]
    custom: dict[str, Any]
    is_test: bool
    submitted_at: datetime | None
    faults: list[FaultOut]
    kept_beside: list[FaultOut]


class DryRun(In):
    """A payload as the site sends it, and the mapping to try on it."""

    mapping: MappingIn
    payload: Annotated[str, StringConstraints(max_length=100_000)]
    content_type: Line = "application/json"
    token_member: Line = ""


def _known_targets(corrections: dict[str, str]) -> dict[str, str]:
    unknown = sorted(name for name in corrections if name not in TARGETS and not name.startswith("custom."))
    if unknown:
        raise ValueError(f"unknown fields {unknown}; known are {list(TARGETS)} and custom.*")
    return corrections


class Corrections(In):
    """Texts typed in for fields of the lead; an empty one leaves the field out."""

    corrections: Annotated[dict[str, Text], Field(max_length=100), AfterValidator(_known_targets)] = {}


class Dismissal(In):
    reason: Name


class DecisionOut(Out):
    """What somebody did with it last."""

    kind: DecisionKind
    reason: str
    corrections: dict[str, str]
    by: PersonRef
    at: datetime


class SubmissionOut(Out):
    id: UUID
    form: FormRef
    message_id: str
    received_at: datetime
    state: SubmissionState
    reasons: list[FaultOut]
    payload: dict[str, Any]
    content_type: str
    remote_ip: str
    lead_id: UUID | None
    decision: DecisionOut | None


class SubmissionSummary(Out):
    """How many wait in quarantine, counted up to 1000."""

    quarantined: int
