"""Who may post to a form, and when two posts are the same (LEAD-2, OPEN-1; pure)."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

TOLERANCE = timedelta(minutes=5)
SAME_BODY_WINDOW = timedelta(minutes=10)
PREFIX = "whsec_"
MESSAGE_ID = re.compile(r"[\x21-\x7e]{1,200}")
TIMESTAMP = re.compile(r"[0-9]{1,12}")
ANNOUNCE_EVERY = timedelta(minutes=5)


class SubmissionState(StrEnum):
    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    DISMISSED = "dismissed"


class DecisionKind(StrEnum):
    """What somebody did with a quarantined submission."""

    REPLAYED = "replayed"
    DISMISSED = "dismissed"


class SecretKind(StrEnum):
    """`signature`: a Standard Webhooks secret (`whsec_…`); `token`: a text sent along."""

    SIGNATURE = "signature"
    TOKEN = "token"  # noqa: S105 - the name of a kind


class AnswerStyle(StrEnum):
    """What a sender takes for success: 202 as the contract says; exactly 200 (Elementor); 200 with `code` 0 (基木鱼, 飞鱼)."""

    ACCEPTED = "accepted"
    OK = "ok"
    CODE_ZERO = "code_zero"

    @property
    def status(self) -> int:
        return 202 if self is AnswerStyle.ACCEPTED else 200


@dataclass(frozen=True)
class Verification:
    """How a form proves itself: by signature, or by a token in a header or a member of the body."""

    by: SecretKind = SecretKind.SIGNATURE
    header: str = "x-form-token"
    member: str = ""

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "Verification":
        return cls(
            SecretKind(config.get("by", "signature")), str(config.get("header", "x-form-token")).lower(), str(config.get("member", ""))
        )


class Refusal(StrEnum):
    """Why a post is not believed; the codes of the 401."""

    MISSING_HEADERS = "missing_webhook_headers"
    STALE_TIMESTAMP = "stale_timestamp"
    BAD_SIGNATURE = "bad_signature"
    BAD_TOKEN = "bad_form_token"  # noqa: S105 - a code
    BAD_ORIGIN = "origin_not_allowed"


def signature(secret: str, message_id: str, timestamp: str, raw: bytes) -> str:
    """Standard Webhooks 1.0: `v1,` and the base64 of HMAC-SHA256 over id, timestamp and raw body."""
    key = base64.b64decode(secret.removeprefix(PREFIX) + "==")
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + raw, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def is_secret(text: str) -> bool:
    """A usable `whsec_` secret: 24 to 64 bytes."""
    try:
        given = text.removeprefix(PREFIX).rstrip("=")
        key = base64.b64decode(given + "=" * (-len(given) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return text.startswith(PREFIX) and 24 <= len(key) <= 64


def check_signature(headers: Mapping[str, str], raw: bytes, secrets: Iterable[str], real_now: datetime) -> Refusal | None:
    """None when one of the live secrets signed exactly these bytes within five minutes of now."""
    message_id, timestamp, given = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not (message_id and timestamp and given):
        return Refusal.MISSING_HEADERS
    if not TIMESTAMP.fullmatch(timestamp) or abs(real_now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return Refusal.STALE_TIMESTAMP
    if not MESSAGE_ID.fullmatch(message_id):
        return Refusal.BAD_SIGNATURE
    offered = [part.encode() for part in given.split(" ")[:10]]
    wanted = [signature(secret, message_id, timestamp, raw).encode() for secret in secrets]
    matches = [hmac.compare_digest(one, other) for one in wanted for other in offered]
    return None if any(matches) else Refusal.BAD_SIGNATURE


def check_token(given: str | None, tokens: Iterable[str]) -> Refusal | None:
    """None when the text is one of the live tokens; compared in constant time."""
    offered = (given or "").encode()
    matches = [hmac.compare_digest(token.encode(), offered) for token in tokens]
    return None if given and any(matches) else Refusal.BAD_TOKEN


def check_origin(given: str | None, allowed: Iterable[str]) -> Refusal | None:
    """None when the form names no origins, when no browser names one, or when it is one of them."""
    known = {origin.lower() for origin in allowed}
    return Refusal.BAD_ORIGIN if known and given and given.lower() not in known else None


def body_key(raw: bytes) -> str:
    """The id of a post that brings none: the same bytes are the same post, for ten minutes."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def header_id(headers: Mapping[str, str]) -> str | None:
    """`webhook-id`, where it is a printable text of at most 200 characters."""
    given = headers.get("webhook-id", "")
    return given if MESSAGE_ID.fullmatch(given) else None
