"""What a customer is, which of its facts are protected, and who may do what with it (HAND-1, HAND-2, HAND-4; pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class CustomerState(StrEnum):
    """Nobody deletes: an administrator archives and restores (HAND-2)."""

    ACTIVE = "active"
    ARCHIVED = "archived"


class ContactRole(StrEnum):
    """What a contact has to say in a purchase: the decision chain."""

    DECIDER = "decider"
    INFLUENCER = "influencer"
    USER = "user"
    PURCHASER = "purchaser"
    TECHNICAL = "technical"
    FINANCE = "finance"
    GATEKEEPER = "gatekeeper"


CHAIN_ROLES = frozenset(ContactRole) - {ContactRole.GATEKEEPER}
"""Who has a say in the purchase: a visit of the reception is no effective one."""


class RequestState(StrEnum):
    """A change request is decided once."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Verdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


class CustomerAction(StrEnum):
    LOG_FOLLOW_UP = "log_follow_up"
    CHANGE = "change"
    ARCHIVE = "archive"
    RESTORE = "restore"
    MERGE = "merge"


SUBJECT = "customer"
CONTACT = "contact"
CHANGE_REQUEST = "change_request"
MERGES = "record.merge"

FREE_FIELDS = ("tags", "notes")
PROTECTED_FIELDS = (
    "name", "credit_code", "parent_id", "region_id", "province", "city", "address", "industry", "website", "payment_terms", "source",
    "is_key", "owner_id", "backup_owner_id",
)  # fmt: skip
FREE_CONTACT_FIELDS = ("notes",)
PROTECTED_CONTACT_FIELDS = ("name", "title", "role", "phone", "email", "wechat", "is_primary", "is_active")


@dataclass(frozen=True)
class Standing:
    """How an actor stands to one customer."""

    permissions: frozenset[str]
    is_owner: bool = False
    is_backup: bool = False
    supervises_owner: bool = False
    manages_region: bool = False
    sees_company: bool = False

    @property
    def works_with(self) -> bool:
        """Owner, backup, or who may step in for them."""
        return self.is_owner or self.is_backup or self.supervises_owner or self.manages_region


def actions_for(standing: Standing, state: CustomerState, *, is_merged: bool = False) -> list[CustomerAction]:
    """What this actor may do now; the API refuses all else. What is part of another customer is changed there."""
    if is_merged:
        return []
    is_active = state is CustomerState.ACTIVE
    allowed = {
        CustomerAction.LOG_FOLLOW_UP: is_active and standing.works_with,
        CustomerAction.CHANGE: is_active and (standing.works_with or standing.sees_company),
        CustomerAction.ARCHIVE: is_active and standing.sees_company,
        CustomerAction.RESTORE: not is_active and standing.sees_company,
        CustomerAction.MERGE: is_active and may_merge(standing),
    }
    return [action for action, fits in allowed.items() if fits and PERMISSION[action] in standing.permissions]


PERMISSION = {
    CustomerAction.LOG_FOLLOW_UP: "customer.follow_up",
    CustomerAction.CHANGE: "customer.change",
    CustomerAction.ARCHIVE: "customer.archive",
    CustomerAction.RESTORE: "customer.archive",
    CustomerAction.MERGE: MERGES,
}


def may_merge(standing: Standing) -> bool:
    """The owner's superior, the manager of the region, and administrators."""
    return MERGES in standing.permissions and (standing.supervises_owner or standing.manages_region or standing.sees_company)


def differences(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Field -> old and new, for what would really change; values as JSON holds them."""
    return {field: {"old": before[field], "new": value} for field, value in wanted.items() if before[field] != value}


def moved_since(changes: Mapping[str, Mapping[str, Any]], current: Mapping[str, Any]) -> list[str]:
    """Fields whose value is no longer the one that the request was made against: approving would undo somebody's change."""
    return [field for field, change in changes.items() if current[field] != change["old"]]


def overlap(changes: Iterable[str], pending: Iterable[Iterable[str]]) -> list[str]:
    """Fields of a new request that wait for a decision already."""
    waiting = {field for fields in pending for field in fields}
    return [field for field in changes if field in waiting]


TITLES = (
    (
        ContactRole.DECIDER,
        ("董事", "总经理", "厂长", "老板", "总裁", "法人", "ceo", "president", "owner", "general manager", "managing director"),
    ),
    (ContactRole.PURCHASER, ("采购", "供应链", "purchas", "procure", "buyer", "sourcing")),
    (ContactRole.TECHNICAL, ("工程师", "技术", "研发", "工艺", "设计", "engineer", "technical", "r&d", "cto")),
    (ContactRole.FINANCE, ("财务", "会计", "出纳", "financ", "account", "cfo")),
    (ContactRole.GATEKEEPER, ("前台", "秘书", "助理", "行政", "文员", "assistant", "secretary", "reception")),
    (ContactRole.USER, ("车间", "生产", "操作", "设备", "production", "operator", "workshop")),
)


def role_of_title(title: str | None) -> ContactRole:
    """The part in the decision chain that a job title speaks of; whom it does not tell has some influence."""
    plain = (title or "").casefold()
    return next((role for role, words in TITLES if any(word in plain for word in words)), ContactRole.INFLUENCER)


def lacks_backup(*, is_key: bool, backup_owner_id: object | None, state: str) -> bool:
    """HAND-4: a key customer in the hands of one person only (SQL twin: `queries.LACKS_BACKUP`)."""
    return is_key and backup_owner_id is None and state == CustomerState.ACTIVE


def customer_number(number: int) -> str:
    """`KH00000123`: 客户编号, as people read it to each other."""
    return f"KH{number:08d}"
