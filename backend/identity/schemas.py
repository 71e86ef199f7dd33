"""Identity over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from backend.core.schemas import Flag, In, Line, Name, Out, Text, When
from backend.identity.rules import MIN_PASSWORD, ScopeName

Locale = Literal["zh-CN", "en"]
Login = Annotated[str, StringConstraints(pattern=r"^[a-z0-9._-]{2,40}$")]
Password = Annotated[str, Field(min_length=1, max_length=200)]
NewPassword = Annotated[str, Field(min_length=MIN_PASSWORD, max_length=200)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Mobile = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 -]{5,24}$")]
Tags = Annotated[list[Name], Field(max_length=50)]


class SignInIn(In):
    login: Annotated[str, Field(min_length=1, max_length=100)]
    password: Password


class PersonRef(Out):
    """A person by name."""

    id: UUID
    name: str


class RegionRef(Out):
    """A region by name."""

    id: UUID
    name: str


class RoleName(Out):
    code: str
    name_zh: str
    name_en: str


class RoleOut(RoleName):
    reaches: list[str]
    permissions: list[str]
    version: int


class Roles(Out):
    """`permissions`: every one that there is, held or not."""

    items: list[RoleOut]
    permissions: list[str]


class RolePatch(In):
    """Only the fields that are sent; `permissions` and `reaches` are given whole."""

    name_zh: Name | None = None
    name_en: Name | None = None
    reaches: Annotated[list[ScopeName], Field(max_length=4)] | None = None
    permissions: Annotated[list[Name], Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def refuse_null(self) -> "RolePatch":
        for field in self.model_fields_set:
            if getattr(self, field) is None:
                raise ValueError(f"{field} must not be null; leave it out to keep it")
        return self


class Me(Out):
    """Who is signed in, and what the screens may offer."""

    id: UUID
    name: str
    login: str
    email: str | None
    mobile: str | None
    locale: str
    roles: list[RoleName]
    permissions: list[str]
    scopes: list[str]
    region: RegionRef | None
    on_leave: bool


class SignedInOut(Out):
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int
    me: Me


class MePatch(In):
    locale: Locale


class PasswordChange(In):
    current_password: Password
    new_password: NewPassword


class PersonFields(In):
    """What an administrator enters about a person."""

    name: Name
    email: Email | None = None
    mobile: Mobile | None = None
    region_id: UUID | None = None
    supervisor_id: UUID | None = None
    takes_leads: Flag = True
    product_lines: Tags = []
    languages: Tags = []
    dingtalk_mobile: Mobile | None = None
    access_ends_at: When | None = None
    roles: Annotated[list[Name], Field(max_length=20)] = []


class PersonCreate(PersonFields):
    login: Login
    password: NewPassword


class PersonPatch(In):
    """Only what is sent is changed."""

    name: Name | None = None
    email: Email | None = None
    mobile: Mobile | None = None
    region_id: UUID | None = None
    supervisor_id: UUID | None = None
    takes_leads: Flag | None = None
    product_lines: Tags | None = None
    languages: Tags | None = None
    dingtalk_mobile: Mobile | None = None
    access_ends_at: When | None = None
    roles: Annotated[list[Name], Field(max_length=20)] | None = None

    @model_validator(mode="after")
    def refuse_null_where_a_value_is_needed(self) -> "PersonPatch":
        for field in ("name", "takes_leads", "product_lines", "languages", "roles"):
            if field in self.model_fields_set and getattr(self, field) is None:
                raise ValueError(f"{field} must not be null; leave it out to keep it")
        return self


class PersonOut(Out):
    id: UUID
    name: str
    login: str
    email: str | None
    mobile: str | None
    region: RegionRef | None
    supervisor: PersonRef | None
    is_active: bool
    takes_leads: bool
    product_lines: list[str]
    languages: list[str]
    locale: str
    dingtalk_mobile: str | None
    access_ends_at: datetime | None
    roles: list[str]
    on_leave: bool
    version: int


class LeaveIn(In):
    starts_at: When
    ends_at: When
    kind: Literal["annual", "sick", "business_trip", "other"]
    note: Line = ""

    @model_validator(mode="after")
    def check_order(self) -> "LeaveIn":
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at must be after starts_at")
        return self


class LeaveOut(Out):
    id: UUID
    person_id: UUID
    starts_at: datetime
    ends_at: datetime
    kind: str
    note: str
    cancelled_at: datetime | None


class Leaves(Out):
    items: list[LeaveOut]


class DeputyIn(In):
    role_code: Name
    deputy_id: UUID | None


class DeputyOut(Out):
    role_code: str
    deputy: PersonRef | None


class Deputies(Out):
    items: list[DeputyOut]


class Area(In):
    """A province (city null) or one city of it; kept in their short forms: 江苏省 as 江苏, 苏州市 as 苏州."""

    province: Name
    city: Name | None = None


class AreaOut(Out):
    province: str
    city: str | None


class RegionFields(In):
    name: Name
    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,30}$")]
    parent_id: UUID | None = None


class RegionPatch(In):
    name: Name | None = None
    parent_id: UUID | None = None


class Areas(In):
    areas: Annotated[list[Area], Field(max_length=1000)]


class RegionOut(Out):
    id: UUID
    parent_id: UUID | None
    name: str
    code: str
    areas: list[AreaOut]
    version: int


class Regions(Out):
    items: list[RegionOut]


class UsageEventIn(In):
    feature: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,80}$")]


class UsageEvents(In):
    events: Annotated[list[UsageEventIn], Field(max_length=100)]


class Reason(In):
    reason: Text = ""
