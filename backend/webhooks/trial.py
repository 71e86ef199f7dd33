"""What a payload would become: the mapping of the intake, tried without storing anything (pure)."""

from collections.abc import Mapping
from typing import Any

from backend.webhooks.forms import ID_TARGET, compile_mapping
from backend.webhooks.mapping import LONGEST, Fault, Mapped, map_members
from backend.webhooks.parsing import Unreadable, parse_body
from backend.webhooks.rules import Verification
from backend.webhooks.schemas import LeadPreview

SHOWN = (*LONGEST, "expected_amount")


def map_again(
    payload: dict[str, Any], mapping: Mapping[str, Any], verification: Mapping[str, Any], corrections: Mapping[str, str]
) -> Mapped:
    """A kept payload through a form's present mapping, with what somebody typed in; a correction also mends a broken line of the mapping."""
    hidden = Verification.of(verification).member
    sources, faults = compile_mapping(mapping)
    fields = {target: found for target, found in sources.items() if target != ID_TARGET}
    mapped = map_members(payload, fields, hidden=(hidden,) if hidden else (), corrections=corrections)
    mapped.faults[:0] = [fault for fault in faults if fault.field not in corrections]
    # The intake keeps what a field cannot take; what somebody types in must be right.
    mapped.faults += [fault for fault, _ in mapped.unfit if fault.field in corrections and fault not in mapped.faults]
    return mapped


def preview(mapped: Mapped) -> LeadPreview:
    return LeadPreview.model_validate(
        {
            "fits": not mapped.faults,
            "fields": {name: str(mapped.fields[name]) for name in SHOWN if mapped.fields.get(name)},
            "custom": mapped.custom,
            "is_test": mapped.is_test,
            "submitted_at": mapped.submitted_at,
            "faults": mapped.faults,
            "kept_beside": [fault for fault, _ in mapped.unfit if fault not in mapped.faults],
        }
    )


def try_payload(raw: bytes, content_type: str, mapping: Mapping[str, Any], token_member: str) -> LeadPreview:
    """The bytes of a post as the intake would read them; what cannot be parsed is a fault like any other."""
    try:
        members, flaws = parse_body(raw, content_type)
    except Unreadable as error:
        return preview(Mapped(faults=[Fault("unreadable", error.field, str(error))]))
    mapped = map_again(members, mapping, {"by": "token", "member": token_member}, {})
    mapped.faults[:0] = [Fault(*flaw) for flaw in flaws]
    return preview(mapped)
