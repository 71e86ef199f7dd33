"""Roles, permissions, lock-out: pure."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Literal, NamedTuple

from pypinyin import Style, lazy_pinyin

MAX_FAILURES = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=15)
FAILURES_FORGOTTEN = timedelta(days=1)
REUSE_GRACE = timedelta(seconds=10)
MIN_PASSWORD = 10
SURNAMES = {  # read otherwise as a surname than as a word
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao", "乐": "yue", "盖": "ge", "缪": "miao",
    "覃": "qin", "翟": "zhai",
}  # fmt: skip
OwnedScope = Literal["own", "region", "company"]
ScopeName = Literal[OwnedScope, "pool"]
"""How far a role reaches; what is in the pool has no owner."""
SALES_ROLES = ("sales_rep", "senior_consultant")
ADMINISTRATOR = "administrator"
MANAGER_ROLES = ("regional_manager", "area_director")

PERMISSIONS = (
    "lead.create",
    "lead.follow_up",
    "lead.take_over",
    "lead.reassign",
    "customer.create",
    "customer.change",
    "customer.follow_up",
    "customer.approve",
    "customer.archive",
    "record.merge",
    "lead.claim",
    "lead.disqualify",
    "lead.reopen",
    "opportunity.read",
    "opportunity.create",
    "opportunity.change",
    "opportunity.reopen",
    "contract.change",
    "contract.amount",
    "catalogue.edit",
    "catalogue.see_floor",
    "support.ask",
    "support.answer",
    "email.sort",
    "pipelines.manage",
    "view.share",
    "import.run",
    "export.run",
    "export.approve",
    "people.read",
    "people.manage",
    "regions.manage",
    "forms.read",
    "forms.manage",
    "scripts.manage",
    "submissions.read",
    "channels.read",
    "channels.manage",
    "deliveries.replay",
    "events.manage",
    "settings.manage",
    "audit.read",
)


LAST_HELD = ("people.manage", "settings.manage")
"""Somebody who works here always has these: without them nobody could give them back."""


class RoleDefault(NamedTuple):
    code: str
    name_zh: str
    name_en: str
    reaches: tuple[str, ...]
    permissions: tuple[str, ...]


_REP = (
    "lead.create", "lead.follow_up", "lead.claim", "lead.disqualify", "customer.create", "customer.change", "customer.follow_up",
    "opportunity.read", "opportunity.create", "opportunity.change", "contract.change", "contract.amount", "support.ask", "people.read", "export.run",
)  # fmt: skip
_MANAGER = (
    *_REP,
    "lead.take_over",
    "lead.reassign",
    "lead.reopen",
    "record.merge",
    "opportunity.reopen",
    "catalogue.see_floor",
    "email.sort",
    "view.share",
    "import.run",
    "export.approve",
)
ROLE_DEFAULTS = (
    RoleDefault("sales_rep", "销售员", "Sales rep", ("own", "pool"), _REP),
    RoleDefault("senior_consultant", "高级销售顾问", "Senior consultant", ("own", "pool"), _REP),
    RoleDefault("regional_manager", "区域经理", "Regional manager", ("own", "region", "pool"), _MANAGER),
    RoleDefault("area_director", "大区总监", "Area director", ("own", "region", "pool"), _MANAGER),
    RoleDefault(
        "marketing",
        "市场部",
        "Marketing",
        ("company",),
        (
            "lead.create",
            "view.share",
            "people.read",
            "forms.read",
            "forms.manage",
            "scripts.manage",
            "submissions.read",
            "channels.read",
            "import.run",
            "export.run",
        ),
    ),
    RoleDefault("engineer", "研发工程师", "R&D engineer", (), ("support.answer", "catalogue.edit", "people.read")),
    RoleDefault("production_head", "生产主管", "Production head", (), ("catalogue.edit", "people.read")),
    RoleDefault(
        "operations_director",
        "运营总监",
        "Operations director",
        ("company",),
        ("opportunity.read", "contract.amount", "catalogue.edit", "catalogue.see_floor", "view.share", "people.read", "export.run"),
    ),
    RoleDefault("hr", "人事", "HR", (), ("people.read",)),
    RoleDefault(ADMINISTRATOR, "管理员", "Administrator", ("company",), PERMISSIONS),
)


def has_access(is_active: bool, access_ends_at: datetime | None, now: datetime) -> bool:
    """May sign in: active, and an agreed end has not come (SQL twin: `queries.has_access`)."""
    return is_active and (access_ends_at is None or access_ends_at > now)


def locked_until(failures: int, now: datetime) -> datetime | None:
    """After five failures in a row each further one locks, for one minute and then twice as long, up to fifteen."""
    if failures < MAX_FAILURES:
        return None
    return now + min(FIRST_LOCK * 2.0 ** min(failures - MAX_FAILURES, 10), LONGEST_LOCK)


def forgotten_before(now: datetime) -> datetime:
    """Failures in a row begin anew where the last one is not younger than this."""
    return now - FAILURES_FORGOTTEN


def address_block(ip: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 that an IPv6 client can take any address of."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or (IPv6Network((address, 64), strict=False) if isinstance(address, IPv6Address) else address))


def region_sort_key(name: str) -> str:
    """Chinese names in the order of their pinyin."""
    return "".join(lazy_pinyin(name))


def name_key(name: str) -> str:
    """Pinyin and its initials, for search and for sorting Chinese names: 张磊 -> `zhanglei zl`."""
    syllables = lazy_pinyin(name.lower())
    initials = lazy_pinyin(name.lower(), style=Style.FIRST_LETTER)
    surname = SURNAMES.get(name[:1])
    if surname:
        syllables[0], initials[0] = surname, surname[0]
    return f"{''.join(syllables)} {''.join(initials)}"


def makes_circle(person: object, supervisor: object, supervisor_of: dict[object, object | None]) -> bool:
    """Whether naming `supervisor` would make somebody their own superior."""
    current: object | None = supervisor
    seen: set[object] = set()
    while current is not None and current not in seen:
        if current == person:
            return True
        seen.add(current)
        current = supervisor_of.get(current)
    return False
