"""From the members of a form to the fields of a lead (LEAD-1, LEAD-2; pure)."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.core.texts import half_width
from backend.duplicates.keys import company_key, email_key, phone_key
from backend.identity.places import city_name, place, province_name, split_location
from backend.webhooks.parsing import texts
from backend.webhooks.paths import find, top_member

LONGEST = {
    "company": 200, "contact_name": 200, "phone": 50, "email": 254, "wechat": 100, "province": 50, "city": 50, "campaign": 200,
    "product_line": 100, "language": 20, "need": 5000, "currency": 3, "source": 50,
}  # fmt: skip
CONTACT_FIELDS = ("phone", "email", "wechat")
KEPT_AS = {"phone": "电话原文", "email": "邮箱原文", "expected_amount": "金额原文", "currency": "币种原文", "submitted_at": "提交时间原文"}
"""Under which name a lead keeps what its field could not take."""
PHONES = re.compile(r"[/／、,，;；|\n]|或者?|\bor\b")
TARGETS = (*LONGEST, "expected_amount", "location", "submitted_at", "is_test", "message_id")
KEPT_MEMBER = 2000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
AMOUNT = re.compile(r"(?:CNY|RMB|￥|¥)?([0-9][0-9,]*(?:\.[0-9]+)?)(万|亿|千)?(?:元|人民币|RMB|CNY)?", re.IGNORECASE)
UNITS = {"千": 1000, "万": 10_000, "亿": 100_000_000, None: 1}
LARGEST_AMOUNT = Decimal(10) ** 16
TEST_WORDS = ("true", "1", "yes", "是", "test", "测试", "广告预览")

Transform = Callable[[str], str | None]


@dataclass(frozen=True)
class Source:
    """Where a field comes from, and what is done to the text found there; a constant needs no place and always gives its text."""

    path: str
    transforms: tuple[str, ...] = ()
    constant: str = ""


@dataclass(frozen=True)
class Fault:
    """Why a submission does not fit; `field` is a target of the mapping or a member of the body."""

    code: str
    field: str = ""
    detail: str = ""

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "field": self.field, "detail": self.detail}


@dataclass
class Mapped:
    """Fields of the lead, what else came, and why it cannot become one; `unfit` values have no field that takes them."""

    fields: dict[str, Any] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unfit: list[tuple[Fault, str]] = field(default_factory=list)
    is_test: bool = False
    submitted_at: datetime | None = None


def _epoch(text: str) -> str | None:
    """Unix seconds or milliseconds as ISO time."""
    if not (text.isascii() and text.isdigit() and 9 <= len(text) <= 13):
        return None
    seconds = int(text) / (1000 if len(text) > 11 else 1)
    return datetime.fromtimestamp(seconds, UTC).isoformat()


TRANSFORMS: dict[str, Transform] = {
    "trim": str.strip,
    "phone": lambda text: half_width(text).strip(),
    "province": province_name,
    "city": city_name,
    "split_province": lambda text: split_location(text)[0],
    "split_city": lambda text: split_location(text)[1],
    "epoch": _epoch,
    "lower": str.lower,
}


def read_mapping(config: Mapping[str, Any]) -> dict[str, tuple[Source, ...]]:
    """`{"company": ["a.b", {"path": "c", "transforms": ["trim"]}, {"constant": "d"}]}` as sources, tried in order.

    ValueError names an unknown target or transform.
    """
    mapping = {}
    for target, given in config.items():
        if target not in TARGETS and not target.startswith("custom."):
            raise ValueError(f"unknown target {target!r}")
        mapping[target] = tuple(_source(item) for item in (given if isinstance(given, list) else [given]))
    return mapping


def _source(item: Any) -> Source:
    if isinstance(item, str):
        return Source(item)
    if "constant" in item:
        return Source("", constant=str(item["constant"]))
    transforms = tuple(item.get("transforms", ()))
    unknown = [name for name in transforms if name not in TRANSFORMS and name != "join"]
    if unknown:
        raise ValueError(f"unknown transform {unknown[0]!r}")
    return Source(item["path"], transforms)


def first_text(members: dict[str, Any], sources: Iterable[Source]) -> str | None:
    """The first source that gives a text; lists are joined with 、."""
    for source in sources:
        if source.constant:
            return source.constant
        text = "、".join(found for found in (one.strip() for one in texts(find(members, source.path))) if found)
        for name in source.transforms:
            text = (TRANSFORMS[name](text) or "") if text and name != "join" else text
        if text:
            return text
    return None


def map_members(
    members: dict[str, Any],
    mapping: Mapping[str, Sequence[Source]],
    *,
    hidden: Iterable[str] = (),
    corrections: Mapping[str, str] | None = None,
) -> Mapped:
    """All that a form sent, sorted into a lead; faults say why it cannot become one. `hidden` members (secrets) are not kept.

    `corrections` are texts that somebody typed in for a target; they win over what was sent, and an empty one leaves the field out.
    """
    mapped, typed = Mapped(), corrections or {}
    for target in {**mapping, **typed}:
        text = typed[target].strip() if target in typed else first_text(members, mapping[target])
        if text:
            _set(mapped, target, text)
    _keep_rest(mapped, members, mapping, hidden)
    _normalise(mapped)
    mapped.custom |= {KEPT_AS[fault.field]: text[:KEPT_MEMBER] for fault, text in mapped.unfit}
    if not any(mapped.fields.get(name) for name in CONTACT_FIELDS):
        useless = [fault for fault, _ in mapped.unfit if fault.field in CONTACT_FIELDS]
        mapped.faults += useless or _no_contact(members, mapping, hidden)
    return mapped


def _set(mapped: Mapped, target: str, text: str) -> None:
    if target.startswith("custom."):
        mapped.custom[target.removeprefix("custom.")] = text[:KEPT_MEMBER]
    elif target == "is_test":
        mapped.is_test = text.strip().lower() in TEST_WORDS
    elif target == "submitted_at":
        mapped.submitted_at = _moment(mapped, text)
    elif target == "expected_amount":
        mapped.fields[target] = _amount(mapped, text)
    elif target == "location":
        province, city = split_location(text)
        mapped.fields.setdefault("province", province)
        mapped.fields.setdefault("city", city)
    elif target in LONGEST:
        clean = CONTROL.sub("", text).strip()
        mapped.fields[target] = (clean if target in CONTACT_FIELDS else _cut(clean, LONGEST[target])) or None


def _cut(text: str, longest: int) -> str:
    """The submission keeps the whole; the lead does not wait for somebody to shorten it."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def parse_amount(text: str) -> Decimal | None:
    """`5万`, `¥50,000.00` or `50000元` as a number of yuan with two places; None when it is no amount."""
    found = AMOUNT.fullmatch("".join(half_width(text).split()))
    if found is None:
        return None
    try:
        amount = (Decimal(found[1].replace(",", "")) * UNITS[found[2]]).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return amount if amount < LARGEST_AMOUNT else None


def _amount(mapped: Mapped, text: str) -> str | None:
    amount = parse_amount(text)
    if amount is None:
        mapped.unfit.append((Fault("invalid_value", "expected_amount", "not an amount"), text))
    return None if amount is None else str(amount)


def _moment(mapped: Mapped, text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        mapped.unfit.append((Fault("invalid_value", "submitted_at", "not a time"), text))
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _normalise(mapped: Mapped) -> None:
    """Keys, places and the checks that a rep would otherwise make by calling in vain."""
    fields = mapped.fields
    fields["company"] = fields.get("company") or ""
    fields["contact_name"] = fields.get("contact_name") or ""
    fields["company_key"] = company_key(fields["company"])
    fields["province"], fields["city"] = place(fields.get("province"), fields.get("city"))
    _settle(mapped, "phone", first_phone, "not a phone number")
    fields["phone_key"] = phone_key(fields.get("phone"))
    _settle(mapped, "email", lambda text: text if email_key(text) else None, "not an e-mail address")
    _settle(mapped, "wechat", lambda text: text[: LONGEST["wechat"]], "")
    _settle(mapped, "currency", lambda text: text if re.fullmatch(r"[A-Z]{3}", text) else None, "not an ISO 4217 code")


def _settle(mapped: Mapped, target: str, read: Callable[[str], str | None], problem: str) -> None:
    """The field gets what can be used of the text; a text that cannot be used, or not whole, is kept beside it."""
    text = mapped.fields.get(target)
    if not text:
        return
    usable = read(text)
    mapped.fields[target] = usable
    if usable != text and target in KEPT_AS:
        mapped.unfit.append((Fault("invalid_value", target, problem), text))


def first_phone(text: str) -> str | None:
    """The text itself where it is one number, else the first of several; None when there is none."""
    candidates = (text, *(part.strip() for part in PHONES.split(text)))
    return next((one for one in candidates if phone_key(one) and len(one) <= LONGEST["phone"]), None)


def _read_members(members: dict[str, Any], mapping: Mapping[str, Sequence[Source]]) -> set[str]:
    return {top_member(source.path, members) for sources in mapping.values() for source in sources if not source.constant}


def _no_contact(members: Mapping[str, Any], mapping: Mapping[str, Sequence[Source]], hidden: Iterable[str]) -> list[Fault]:
    """No way to reach anybody; where nothing at all was recognised, the unknown members are named."""
    faults = [Fault("missing_contact", "", "none of phone, email and wechat")]
    known = _read_members(dict(members), mapping)
    unknown = [name for name in members if name not in known and name not in set(hidden)]
    return faults + [Fault("unknown_field", name[:100], "no mapping reads this member") for name in unknown[:20]]


def _keep_rest(mapped: Mapped, members: dict[str, Any], mapping: Mapping[str, Sequence[Source]], hidden: Iterable[str]) -> None:
    """Members that no mapping reads stay with the lead, unless they are secret or long (the submission keeps those)."""
    read = _read_members(members, mapping) | set(hidden)
    for name, value in members.items():
        if name not in read and value not in (None, "", [], {}) and len(json.dumps(value, ensure_ascii=False)) <= KEPT_MEMBER:
            mapped.custom.setdefault(name[:100], value)
