"""People, roles, regions, presence, sign-in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned


class Region(Keyed, Versioned, Base):
    """A sales territory 辖区; regions form a tree."""

    __tablename__ = "region"
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"), index=True)
    name: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    sort_key: Mapped[str]


class RegionArea(Keyed, Base):
    """A province, or one city of it, and the region that serves it (none: taken off); the city wins over its province."""

    __tablename__ = "region_area"
    __table_args__ = (UniqueConstraint("province", "city", postgresql_nulls_not_distinct=True),)
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"), index=True)
    province: Mapped[str]
    city: Mapped[str | None]


class Role(Versioned, Base):
    """A role and how far its holders see (own, region, company, pool)."""

    __tablename__ = "role"
    code: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    reaches: Mapped[list[str]] = mapped_column(ARRAY(String))


class RolePermission(Base):
    """What the holders of a role may do: the one permission table. `is_active` takes it away without losing the trace."""

    __tablename__ = "role_permission"
    role_code: Mapped[str] = mapped_column(ForeignKey("role.code"), primary_key=True)
    permission: Mapped[str] = mapped_column(primary_key=True)
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())


class Person(Keyed, Versioned, Base):
    """Somebody who works here; never deleted, only deactivated."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("supervisor_id <> id", name="not_own_supervisor"),
        Index("ix_person_region", "region_id", postgresql_where=text("is_active")),
        Index("ix_person_sort", "name_key", "id"),
    )
    name: Mapped[str]
    name_key: Mapped[str]
    login: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str | None]
    mobile: Mapped[str | None]
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"))
    supervisor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    takes_leads: Mapped[bool] = mapped_column(default=True)
    product_lines: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    languages: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    locale: Mapped[str] = mapped_column(default="zh-CN")
    dingtalk_mobile: Mapped[str | None]
    access_ends_at: Mapped[datetime | None] = mapped_column(Moment)


class PersonRole(Base):
    """A person holds a role; `is_active` ends it without losing the trace."""

    __tablename__ = "person_role"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role_code: Mapped[str] = mapped_column(ForeignKey("role.code"), primary_key=True)
    is_active: Mapped[bool] = mapped_column(default=True)


class PersonLeave(Keyed, Base):
    """Away from `starts_at` until before `ends_at`; nights and weekends count as present."""

    __tablename__ = "person_leave"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="order"), Index("ix_person_leave_span", "person_id", "ends_at"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str]
    note: Mapped[str]
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)


class Deputy(Base):
    """Who stands in for a person in one role while that person is away."""

    __tablename__ = "deputy"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role_code: Mapped[str] = mapped_column(ForeignKey("role.code"), primary_key=True)
    deputy_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Credential(Base):
    """An Argon2id password hash and the count of failures in a row."""

    __tablename__ = "credential"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str]
    failed_count: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class UnknownLogin(Base):
    """Failures in a row of a login that nobody has, under a keyed hash: it may be a password typed in the wrong field."""

    __tablename__ = "unknown_login"
    __table_args__ = (Index("ix_unknown_login_failed", "failed_at"),)
    login_hash: Mapped[str] = mapped_column(primary_key=True)
    failed_count: Mapped[int]
    failed_at: Mapped[datetime] = mapped_column(Moment)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)


class AuthSession(Keyed, Base):
    """One signed-in device: the hash of its refresh token, and of the one before it to notice reuse."""

    __tablename__ = "auth_session"
    __table_args__ = (Index("ix_auth_session_live", "person_id", postgresql_where=text("revoked_at is null")),)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str]
    previous_token_hash: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    rotated_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_reason: Mapped[str | None]
    user_agent: Mapped[str]
    ip: Mapped[str]


class UsageEvent(Keyed, Base):
    """Who used what when: the ground of the proficiency score (VIEW-5)."""

    __tablename__ = "usage_event"
    __table_args__ = (Index("ix_usage_event_person", "person_id", "at"),)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    feature: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)
