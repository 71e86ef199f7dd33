"""LEAD-2: verify, parse, map, keep. The hot path: one round trip to PostgreSQL before the 202."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.core.errors import Invalid, NotFound, NotSignedIn, field_error
from backend.core.ids import new_id
from backend.core.limiting import Limiter, Rate
from backend.core.outbox import ring
from backend.core.pausepoints import pause
from backend.webhooks import rules
from backend.webhooks.forms import FormConfig
from backend.webhooks.mapping import Fault, Mapped, first_text, map_members
from backend.webhooks.parsing import Parsed, Unreadable, parse_body
from backend.webhooks.rules import AnswerStyle, Refusal, SecretKind
from backend.webhooks.schemas import CodeZero, Received
from backend.webhooks.store import Arrival, IntakeStore

DETAILS = {
    Refusal.MISSING_HEADERS: "Send webhook-id, webhook-timestamp and webhook-signature (Standard Webhooks).",
    Refusal.STALE_TIMESTAMP: "webhook-timestamp must be Unix seconds within five minutes of now; check the sender's clock.",
    Refusal.BAD_SIGNATURE: "No live secret of this form gives this signature over id, timestamp and the raw body.",
    Refusal.BAD_TOKEN: "The form token is missing or not one of this form's live tokens.",
    Refusal.BAD_ORIGIN: "The page that sent this is not one of the form's allowed origins; add it to the form.",
}


@dataclass(frozen=True)
class Post:
    """What came over the wire; header names in lower case."""

    headers: Mapping[str, str]
    raw: bytes
    remote_ip: str
    request_id: str

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")[:200]


@dataclass(frozen=True)
class Taken:
    """A post that is kept, and how its sender wants to hear of it."""

    style: AnswerStyle
    answer: dict[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        shown = CodeZero() if self.style is AnswerStyle.CODE_ZERO else Received.model_validate(self.answer)
        return shown.model_dump(mode="json")


async def receive(store: IntakeStore, limiter: Limiter, form_key: str, post: Post, now: datetime, real_now: datetime) -> Taken:
    """Keeps one authentic post for good and rings the relay; 404, 401, 422 and 429 keep nothing."""
    form = await store.form(form_key) if form_key.isprintable() else None
    if form is None:
        raise NotFound("unknown_form", "There is no form with this key.")
    _refuse(rules.check_origin(post.headers.get("origin"), form.allowed_origins))
    _refuse(_check_headers(form, post, real_now))
    await limiter.check(_rate(form), form.key)
    members, flaws = _parse(post)
    _refuse(_check_member(form, members, real_now))
    mapped = map_members(members, form.mapping, hidden=form.hidden)
    mapped.faults[:0] = [*form.faults, *(Fault(*flaw) for flaw in flaws)]
    answer = await store.receive(_arrival(form, post, members, mapped, now))
    await pause("webhooks.received.committed")
    await ring()
    return Taken(form.answer_style, answer)


def _rate(form: FormConfig) -> Rate:
    most = form.rate_per_minute
    detail = f"This form takes {most} posts a minute; send it again after Retry-After seconds with the same webhook-id."
    return Rate("form", most, "form_rate_exceeded", detail)


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise NotSignedIn(refusal.value, DETAILS[refusal])


def _check_headers(form: FormConfig, post: Post, real_now: datetime) -> Refusal | None:
    """A signature, or a token in a header; a token in the body is looked at after parsing."""
    proof = form.verification
    if proof.by is SecretKind.SIGNATURE:
        return rules.check_signature(post.headers, post.raw, form.live_secrets(SecretKind.SIGNATURE, real_now), real_now)
    if proof.member:
        return None
    return rules.check_token(post.headers.get(proof.header), form.live_secrets(SecretKind.TOKEN, real_now))


def _check_member(form: FormConfig, members: dict[str, Any], real_now: datetime) -> Refusal | None:
    proof = form.verification
    if proof.by is SecretKind.SIGNATURE or not proof.member:
        return None
    given = members.get(proof.member)
    return rules.check_token(given if isinstance(given, str) else None, form.live_secrets(SecretKind.TOKEN, real_now))


def _parse(post: Post) -> Parsed:
    try:
        return parse_body(post.raw, post.content_type)
    except Unreadable as error:
        wrong = field_error(f"#/{error.field}", str(error), "unreadable")
        raise Invalid("unreadable_body", str(error), errors=[wrong]) from error


def _arrival(form: FormConfig, post: Post, members: dict[str, Any], mapped: Mapped, now: datetime) -> Arrival:
    given_id = rules.header_id(post.headers) or (first_text(members, form.id_sources) or "")[:200]
    reason = {"faults": [fault.as_json() for fault in mapped.faults]} if mapped.faults else None
    fields = {**mapped.fields, "custom": mapped.custom, "is_test": mapped.is_test}
    shown = {name: value for name, value in members.items() if name not in form.hidden}
    return Arrival(
        form_id=form.id,
        message_id=given_id or rules.body_key(post.raw),
        same_since=None if given_id else now - rules.SAME_BODY_WINDOW,
        now=now,
        submission_id=new_id(),
        lead_id=new_id(),
        reason=json.dumps(reason) if reason else None,
        payload=json.dumps(shown),
        raw=post.raw,
        content_type=post.content_type,
        remote_ip=post.remote_ip,
        submitted_at=mapped.submitted_at,
        fields=json.dumps(fields),
        request_id=post.request_id,
    )
