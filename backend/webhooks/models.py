"""Forms, their secrets, and what was posted to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned
from backend.webhooks.rules import AnswerStyle, DecisionKind, SecretKind, SubmissionState


class Form(Keyed, Versioned, Base):
    """A website form: how its posts prove themselves and which member becomes which field."""

    __tablename__ = "form"
    __table_args__ = (CheckConstraint(f"answer_style in ({', '.join(repr(style.value) for style in AnswerStyle)})", name="answer_style"),)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    source: Mapped[str]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    mapping: Mapped[dict[str, Any]]
    rate_per_minute: Mapped[int] = mapped_column(server_default="600")
    verification: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    allowed_origins: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default=text("'{}'::text[]"))
    answer_style: Mapped[str] = mapped_column(server_default=AnswerStyle.ACCEPTED.value)


class FormMapping(Base):
    """A mapping that a later one has replaced; `version` is the form's at that time."""

    __tablename__ = "form_mapping"
    form_id: Mapped[UUID] = mapped_column(ForeignKey("form.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    mapping: Mapped[dict[str, Any]]
    replaced_at: Mapped[datetime] = mapped_column(Moment)
    replaced_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class FormSecret(Keyed, Base):
    """One live secret of a form; several live at once while a key is rotated."""

    __tablename__ = "form_secret"
    __table_args__ = (
        CheckConstraint(f"kind in ({', '.join(repr(kind.value) for kind in SecretKind)})", name="kind"),
        Index("ix_form_secret_form", "form_id"),
    )
    form_id: Mapped[UUID] = mapped_column(ForeignKey("form.id"))
    kind: Mapped[str]
    secret: Mapped[str]
    valid_until: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())


class Submission(Keyed, Base):
    """One authentic post: it became a lead, or it waits in quarantine with the reasons. `raw` is what came."""

    __tablename__ = "submission"
    __table_args__ = (
        CheckConstraint(f"state in ({', '.join(repr(state.value) for state in SubmissionState)})", name="state"),
        CheckConstraint("(state = 'accepted') = (lead_id is not null)", name="accepted_has_lead"),
        UniqueConstraint("form_id", "message_id"),
        Index("ix_submission_newest", text("received_at desc"), text("id desc")),
        Index("ix_submission_quarantined", text("received_at desc"), text("id desc"), postgresql_where=text("state = 'quarantined'")),
        Index("ix_submission_announced", "form_id", "announced_at", postgresql_where=text("state = 'quarantined'")),
    )
    form_id: Mapped[UUID] = mapped_column(ForeignKey("form.id"))
    message_id: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str]
    reason: Mapped[dict[str, Any] | None]
    payload: Mapped[dict[str, Any]]
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    content_type: Mapped[str]
    remote_ip: Mapped[str]
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("lead.id", deferrable=True, initially="DEFERRED"))
    announced_at: Mapped[datetime | None] = mapped_column(Moment)


class SubmissionDecision(Keyed, Base):
    """Somebody replayed or dismissed a quarantined submission; at most one replay, with the corrections that made it fit."""

    __tablename__ = "submission_decision"
    __table_args__ = (
        CheckConstraint(f"kind in ({', '.join(repr(kind.value) for kind in DecisionKind)})", name="kind"),
        Index("ix_submission_decision_submission", "submission_id", "at"),
        Index("uq_submission_decision_replayed", "submission_id", unique=True, postgresql_where=text("kind = 'replayed'")),
    )
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"))
    kind: Mapped[str]
    reason: Mapped[str]
    corrections: Mapped[dict[str, Any]]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
