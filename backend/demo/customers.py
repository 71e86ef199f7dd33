"""The demo's customers: who looks after them, who decides there, what was said, and the changes that wait for a superior."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Base
from backend.customers import rules
from backend.customers.credit_code import ALPHABET, check_digit
from backend.customers.finding import search_columns
from backend.customers.models import ChangeRequest, Contact, Customer
from backend.customers.rules import ContactRole, CustomerState
from backend.deadlines.models import Deadline
from backend.deadlines.rules import CHANGE_REQUEST, due_at
from backend.demo import texts
from backend.demo.company import PRODUCT_LINES, SELLERS, mobile
from backend.demo.stories import DAY, HOUR, daytime
from backend.demo.world import LOGIN_OF, World, key, person_id, ref, region_id, superiors
from backend.duplicates.keys import company_key, phone_key
from backend.timeline.models import TimelineEntry

DICE = 20260311
BY_REGION = {"east": 27, "south": 18, "north": 9, "southwest": 6}
BRANDS = ("海纳", "铭川", "拓扬", "骏驰", "景泰", "冠瑞", "世恒", "昊天", "博瑞", "精研", "华阳", "盛源", "中孚", "凌云", "恒基")
TERMS = ("月结 30 天", "月结 60 天", "款到发货", "预付 30%，发货前付清", "月结 90 天，承兑")
TAGS = ("老客户", "年框", "出口", "汽配", "家电", "医疗", "新能源", "比价")
NOTES = ("验货严，发货前先寄样确认。", "每年 3 月定年度框架。", "财务只收电子承兑。", "门卫严，拜访提前一天预约。", "")
KEYS = {"zhanglei": "sunxiaodong", "liting": "sunxiaodong", "huanglihua": "hejunjie", "zhaoming": None, "yangfan": None}
"""The first customer of each is a key customer, with the backup owner that is named."""
CHANGES = (
    ("zhanglei", 1, {"payment_terms": "月结 45 天"}, "客户要求和集团账期一致，采购总监已发函", 3),
    ("liting", 2, {"address": "工业园区星湖街 218 号 3 幢"}, "新厂房已投产，送货地址变更", 20),
    ("huanglihua", 1, {"name": "{stem}科技股份有限公司"}, "客户完成股改，工商已更名", 7),
    ("yangfan", 1, {"industry": "轨道交通制动系统"}, "主营业务转向轨交，原行业不准", 30),
)
"""Author, which of the author's customers, what to change, why, and how many hours ago."""


@dataclass
class Register:
    """Rows of the customers, in the order of their foreign keys."""

    customer: list[dict[str, Any]] = field(default_factory=list)
    contact: list[dict[str, Any]] = field(default_factory=list)
    change_request: list[dict[str, Any]] = field(default_factory=list)
    timeline_entry: list[dict[str, Any]] = field(default_factory=list)
    deadline: list[dict[str, Any]] = field(default_factory=list)

    def note(self, customer: dict[str, Any], kind: str, at: datetime, by: str, body: dict[str, Any], outcome: str | None = None) -> None:
        entry = {"id": key("customer-entry", len(self.timeline_entry)), "subject_type": rules.SUBJECT, "subject_id": customer["id"]}
        entry |= {"kind": kind, "at": at, "recorded_at": at, "actor_id": person_id(by), "outcome": outcome, "body": body}
        self.timeline_entry.append(entry)


async def add_customers(session: AsyncSession, world: World) -> None:
    register = build(world, Random(DICE))  # noqa: S311 - the same customers every time
    tables: list[tuple[type[Base], list[dict[str, Any]]]] = [
        (Customer, register.customer),
        (Contact, register.contact),
        (ChangeRequest, register.change_request),
        (TimelineEntry, register.timeline_entry),
        (Deadline, register.deadline),
    ]
    for table, rows in tables:
        await session.execute(insert(table), rows, execution_options={"render_nulls": True})


def build(world: World, dice: Random) -> Register:
    """All rows; each customer as the product itself would have written it."""
    register, held = Register(), dict[str, list[dict[str, Any]]]()
    for number, (region, owner) in enumerate(_owners(), 1):
        customer = _customer(world.now, dice, number, region, owner, is_key=owner in KEYS and owner not in held)
        held.setdefault(owner, []).append(customer)
        register.customer.append(customer)
        people = _contacts(dice, number, customer)
        register.contact += people
        customer |= search_columns(
            [customer["name"]], [one["name"] for one in people], [one["phone"] for one in people], [customer["credit_code"]]
        )
        register.note(customer, "customer.created", customer["created_at"], owner, {"source": customer["source"], "owner": ref(owner)})
        _talk(register, world.now, dice, customer, owner)
    _make_group(held["zhanglei"])
    _archive(register, held["hejunjie"][-1], world.now)
    for author, place, wanted, reason, hours in CHANGES:
        _ask(register, world, held[author][place], author, wanted, reason, hours)
    for lead in world.rows.lead:
        if lead["customer_id"] is not None:
            _of_lead(register, lead)
    return register


def _of_lead(register: Register, lead: dict[str, Any]) -> None:
    """As `leads.conversion` makes a customer and its contact of what the lead says."""
    at, owner = lead["last_activity_at"], LOGIN_OF[lead["owner_id"]]
    phone, contact = lead["phone"], lead["contact_name"]
    kept = {name: lead[name] for name in ("region_id", "province", "city", "source", "owner_id")}
    customer = dict.fromkeys(register.customer[0]) | kept
    customer |= {"id": lead["customer_id"], "name": lead["company"], "name_key": lead["company_key"], "is_key": False, "version": 1}
    customer |= {"state": CustomerState.ACTIVE.value, "tags": [], "created_by": lead["owner_id"], "created_at": at, "last_activity_at": at}
    customer |= search_columns([customer["name"]], [contact], [phone], [None])
    register.customer.append(customer)
    person = {"id": key("contact", lead["customer_id"]), "customer_id": customer["id"], "role": ContactRole.PURCHASER.value, "title": None}
    person |= {"name": contact, "phone": phone, "phone_key": lead["phone_key"], "email": lead["email"], "wechat": lead["wechat"]}
    register.contact.append(person | {"is_primary": True, "created_by": lead["owner_id"], "created_at": at})
    register.note(customer, "customer.created", at, owner, {"source": lead["source"], "owner": ref(owner)})


def _owners() -> Iterator[tuple[str, str]]:
    """Region and owner of each customer, in turn."""
    for region, many in BY_REGION.items():
        sellers = [one.login for one in SELLERS if one.region == region]
        for place in range(many):
            yield region, sellers[place % len(sellers)]


def _customer(now: datetime, dice: Random, number: int, region: str, owner: str, *, is_key: bool) -> dict[str, Any]:
    line = dice.choice(PRODUCT_LINES)
    province, city = dice.choice(texts.PLACES[region])
    trade = dice.choice(texts.TRADES[line])
    name = f"{city}{BRANDS[number % len(BRANDS)]}{trade}{dice.choice(texts.FORMS)}"
    created_at = daytime(now - timedelta(days=dice.uniform(20, 900)), dice)
    backup = KEYS[owner] if is_key else None
    body = f"91{dice.randrange(110000, 659000)}MA{''.join(dice.choice(ALPHABET) for _ in range(7))}"
    return {
        "id": key("customer", number),
        "name": name,
        "name_key": company_key(name),
        "credit_code": body + check_digit(body) if dice.random() < 0.85 else None,
        "parent_id": None,
        "region_id": region_id(region),
        "province": province,
        "city": city,
        "address": f"{dice.choice(('经开区', '高新区', '工业园'))}{dice.choice(('创新路', '兴业路', '纬三路', '科技大道'))} {dice.randrange(1, 400)} 号",
        "industry": trade,
        "website": None,
        "payment_terms": dice.choice(TERMS),
        "source": dice.choice(("website", "exhibition", "referral", "phone", "manual")),
        "is_key": is_key,
        "owner_id": person_id(owner),
        "backup_owner_id": person_id(backup) if backup else None,
        "state": CustomerState.ACTIVE.value,
        "archived_at": None,
        "archived_by": None,
        "archive_reason": None,
        "tags": sorted(dice.sample(TAGS, dice.choice((0, 1, 1, 2)))),
        "notes": dice.choice(NOTES) or None,
        "created_by": person_id(owner),
        "created_at": created_at,
        "last_activity_at": created_at,
        "next_step": None,
        "next_step_at": None,
        "version": 1,
    }


def _contacts(dice: Random, number: int, customer: dict[str, Any]) -> list[dict[str, Any]]:
    """One to three people, the buyer or the boss first."""
    roles = [dice.choice((ContactRole.PURCHASER, ContactRole.DECIDER))]
    roles += dice.sample([ContactRole.TECHNICAL, ContactRole.USER, ContactRole.FINANCE, ContactRole.INFLUENCER], dice.choice((0, 1, 2)))
    rows = []
    for place, role in enumerate(roles):
        phone = mobile(70_000_000 + number * 10 + place)
        row = {
            "id": key("contact", f"{number}/{place}"),
            "customer_id": customer["id"],
            "role": role.value,
            "title": dice.choice(texts.TITLES),
        }
        row |= {"name": f"{dice.choice(texts.SURNAMES)}{dice.choice(texts.GIVEN)}", "phone": phone, "phone_key": phone_key(phone)}
        row |= {"email": f"buyer{place}@customer-{number}.example", "wechat": None}
        row |= {"is_primary": place == 0, "created_by": customer["created_by"], "created_at": customer["created_at"]}
        rows.append(row)
    return rows


def _talk(register: Register, now: datetime, dice: Random, customer: dict[str, Any], owner: str) -> None:
    """A few follow-ups since it was entered, the newest in the last weeks."""
    span = now - customer["created_at"] - DAY
    for moment in sorted(now - DAY - span * dice.random() ** 2 for _ in range(dice.choice((1, 2, 3, 4)))):
        at = min(daytime(moment, dice), now - HOUR)
        kind = dice.choice(tuple(texts.LATER_NOTES))
        outcome, note = dice.choice(texts.LATER_NOTES[kind])
        register.note(customer, kind, at, owner, {"note": note}, outcome)
        customer["last_activity_at"] = max(customer["last_activity_at"], at)


def _make_group(customers: list[dict[str, Any]]) -> None:
    """The first has two companies below it, and something agreed for today."""
    top, *others = customers
    for one in others[3:5]:
        one["parent_id"] = top["id"]
    top |= {"next_step": "确认季度用量，约下周拜访", "next_step_at": top["last_activity_at"] + 3 * DAY}


def _archive(register: Register, customer: dict[str, Any], now: datetime) -> None:
    at, reason = now - 12 * DAY, "公司已注销，业务并入同集团"
    customer |= {"state": CustomerState.ARCHIVED.value, "archived_at": at, "archived_by": person_id("admin"), "archive_reason": reason}
    customer |= {"last_activity_at": max(at, customer["last_activity_at"]), "version": 2}
    register.note(customer, "customer.archived", at, "admin", {"reason": reason})


def _ask(register: Register, world: World, customer: dict[str, Any], author: str, wanted: dict[str, Any], reason: str, hours: int) -> None:
    """A change request on the desk of the author's superior, with its deadlines running."""
    at, approver = world.now - hours * HOUR, superiors(author)[0]
    told = {name: value.format(stem=customer["name"].split("（")[0].removesuffix("有限公司")) for name, value in wanted.items()}
    request, changes = key("change", customer["id"]), rules.differences(customer, told)
    row = {"id": request, "customer_id": customer["id"], "subject_type": rules.SUBJECT, "subject_id": customer["id"], "subject_version": 1}
    row |= {"changes": changes, "reason": reason, "requested_by": person_id(author), "requested_at": at, "approver_id": person_id(approver)}
    register.change_request.append(row)
    body = {"request_id": str(request), "changes": changes, "reason": reason, "to": ref(approver), "contact": None}
    register.note(customer, "change.requested", at, author, body)
    for rung in world.book.ladders[CHANGE_REQUEST].rungs:
        due = {"id": key("change-deadline", f"{request}/{rung.key}"), "kind": CHANGE_REQUEST, "rung": rung.key, "base_at": at}
        due |= {"subject_type": rules.CHANGE_REQUEST, "subject_id": request, "due_at": due_at(rung, at, world.book.calendar)}
        register.deadline.append(due)
