"""LEAD-4: which hit decides, and when a merge may be made and undone (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from backend.duplicates.keys import email_key, phone_key


class KeyKind(StrEnum):
    """Keys that only one firm has; a near name is none of them."""

    CREDIT_CODE = "credit_code"
    PHONE = "phone"
    EMAIL = "email"


PHONE, EMAIL, CREDIT_CODE = KeyKind.PHONE.value, KeyKind.EMAIL.value, KeyKind.CREDIT_CODE.value
NAME = "name"
"""How a hit by the firm's name is called beside the kinds of keys."""

UNDO_WITHIN = timedelta(days=30)
CERTAIN = 100
MOST_HITS = 20


def exact_keys(
    *, phones: Iterable[str | None] = (), emails: Iterable[str | None] = (), credit_code: str | None = None
) -> list[tuple[str, str]]:
    """(kind, key) of what identifies a firm, sorted; a local number without its area code identifies nobody."""
    found = {(PHONE, key) for phone in phones if (key := phone_key(phone)) and key.startswith("+")}
    found |= {(EMAIL, key) for email in emails if (key := email_key(email))}
    if credit_code and credit_code.strip():
        found.add((CREDIT_CODE, credit_code.strip().upper()))
    return sorted(found)


@dataclass(frozen=True)
class Identity:
    """What a record says about which firm it is."""

    name: str | None = None
    phones: tuple[str | None, ...] = ()
    emails: tuple[str | None, ...] = ()
    credit_code: str | None = None

    @property
    def keys(self) -> list[tuple[str, str]]:
        return exact_keys(phones=self.phones, emails=self.emails, credit_code=self.credit_code)


def may_undo(merged_at: datetime, now: datetime) -> bool:
    return now - merged_at <= UNDO_WITHIN


def changed_since(after: Mapping[str, Any], current: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields that somebody has changed since the merge, as {field, then, now}: undoing would throw that away."""
    return [{"field": name, "then": then, "now": current.get(name)} for name, then in after.items() if current.get(name) != then]


def merge_refusal(
    *, survivor_id: UUID, loser_id: UUID, merged: Iterable[UUID], survivor_owner: UUID | None, loser_owner: UUID | None
) -> str | None:
    """Why these two cannot become one now."""
    if survivor_id == loser_id:
        return "same_record"
    if set(merged) & {survivor_id, loser_id}:
        return "already_merged"
    if survivor_owner is None and loser_owner is not None:
        return "survivor_has_no_owner"
    return None
