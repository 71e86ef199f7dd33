"""A form's configuration as the intake uses it: compiled once, kept a few seconds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.webhooks.mapping import Fault, Source, read_mapping
from backend.webhooks.paths import compile_path
from backend.webhooks.rules import AnswerStyle, SecretKind, Verification

ID_TARGET = "message_id"


@dataclass(frozen=True)
class FormConfig:
    """What the intake needs to know about a form."""

    id: UUID
    key: str
    rate_per_minute: int
    verification: Verification
    secrets: tuple[tuple[SecretKind, str, datetime | None], ...]
    mapping: Mapping[str, tuple[Source, ...]]
    id_sources: tuple[Source, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    answer_style: AnswerStyle = AnswerStyle.ACCEPTED
    faults: tuple[Fault, ...] = field(default=())

    def live_secrets(self, kind: SecretKind, real_now: datetime) -> list[str]:
        """Secrets of a kind that still count; several while one is rotated."""
        return [text for one, text, until in self.secrets if one is kind and (until is None or until > real_now)]

    @property
    def hidden(self) -> tuple[str, ...]:
        """Members that are secret and stay out of what people read."""
        return (self.verification.member,) if self.verification.member else ()


def read_form(text: str) -> FormConfig:
    """The answer of `intake_form`; a line of the mapping that makes no sense becomes a fault of every submission, not a loss."""
    row = json.loads(text)
    mapping, faults = compile_mapping(row["mapping"])
    return FormConfig(
        id=UUID(row["id"]),
        key=row["key"],
        rate_per_minute=row["rate_per_minute"],
        verification=Verification.of(row["verification"]),
        secrets=tuple((SecretKind(one["kind"]), one["secret"], _moment(one["valid_until"])) for one in row["secrets"]),
        mapping={target: sources for target, sources in mapping.items() if target != ID_TARGET},
        id_sources=mapping.get(ID_TARGET, ()),
        allowed_origins=tuple(row["allowed_origins"]),
        answer_style=AnswerStyle(row["answer_style"]),
        faults=faults,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def compile_mapping(config: Mapping[str, Any]) -> tuple[dict[str, tuple[Source, ...]], tuple[Fault, ...]]:
    """The sources of each target, and a fault for each line that makes no sense."""
    mapping: dict[str, tuple[Source, ...]] = {}
    faults = []
    for target, given in config.items():
        try:
            read = read_mapping({target: given})
            for source in read[target]:
                if not source.constant:
                    compile_path(source.path)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            faults.append(Fault("unknown_mapping", target[:100], str(error)[:200]))
            continue
        mapping |= read
    return mapping, tuple(faults)
