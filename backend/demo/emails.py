"""The demo's e-mail: a conversation about a deal, and two letters that wait to be sorted."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.storage.base import put
from backend.core.storage.chosen import get_store
from backend.correspondence import bodies
from backend.correspondence.models import EmailMessage
from backend.correspondence.rules import EmailDirection, EmailReason, EmailState
from backend.customers.models import Contact
from backend.demo.world import World, key, person_id
from backend.identity.models import Person
from backend.integrations.smtp import wire
from backend.integrations.smtp.wire import Letter
from backend.opportunities.models import Opportunity
from backend.opportunities.rules import SUBJECT, OpportunityState
from backend.timeline.models import TimelineEntry

REP = "zhanglei"
COMPANY = "衡屿精工 <sales@hengyu.example>"
DROPBOX = "log@in.hengyu.example"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Said:
    """One letter of the conversation; `days` before the last word on the deal."""

    is_ours: bool
    days: float
    text: str


TALK = (
    _Said(
        False,
        3.6,
        "张经理：\n\n{deal}的图纸已更新到 B 版，料厚改为 1.2 mm，请按新图重新核价。月用量约 2 万件，希望下周能给到报价。\n\n{contact}",
    ),
    _Said(
        True,
        3.1,
        "{contact}：\n\n收到。B 版图我们看过了，料厚改动后要加一道整形，模具费会多一些。样品 10 天，批量 25 天，报价这两天发您。\n\n张磊\n衡屿精工",
    ),
    _Said(False, 1.4, "张经理：\n\n交期可以。另外孔距 ±0.05 能不能保证？检测报告每批都要。\n\n{contact}"),
    _Said(True, 0.9, "{contact}：\n\n孔距 ±0.05 可以保证，检测报告随货。报价按这个条件做，明天电话跟您过一遍。\n\n张磊\n衡屿精工"),
)
STRANGERS = (
    ("顾工", "gu@yuhang-power.example", "不锈钢端子打样", "你好，在展会上看到你们，想打样一款不锈钢端子，图纸下周给，先问下交期。", 0.8),
    ("周小姐", "zhou@lanting.example", "转发：冲压件供应商调查表", "请在本周内填写附件调查表并盖章回传，谢谢。", 0.2),
)


async def add_emails(session: AsyncSession, world: World) -> None:
    """Reads the deals as they are stored by now."""
    columns = (
        Opportunity.id, Opportunity.name, Opportunity.last_activity_at, Contact.id.label("contact_id"), Contact.name.label("contact"),
        Contact.email, Person.name.label("rep"),
    )  # fmt: skip
    deal = (
        select(*columns)
        .join(Contact, Contact.id == Opportunity.contact_id)
        .join(Person, Person.id == Opportunity.owner_id)
        .where(
            Opportunity.owner_id == person_id(REP),
            Opportunity.state == OpportunityState.OPEN,
            Opportunity.created_at <= Opportunity.last_activity_at - 5 * DAY,
        )
        .order_by(Opportunity.created_at, Opportunity.id)
        .limit(1)
    )
    row = (await session.execute(deal)).one()
    made = _Rows()
    _talk(made, row)
    for place, (name, address, subject, text, days) in enumerate(STRANGERS):
        _stranger(made, place, f"{name} <{address}>", subject, text, world.now - days * DAY)
    for sha256, data in made.data.items():
        if not await get_store().holds(sha256):
            await put(get_store(), data, sha256)
    await session.execute(insert(EmailMessage), made.email_message, execution_options={"render_nulls": True})
    await session.execute(insert(TimelineEntry), made.timeline_entry, execution_options={"render_nulls": True})


class _Rows:
    def __init__(self) -> None:
        self.email_message: list[dict[str, Any]] = []
        self.timeline_entry: list[dict[str, Any]] = []
        self.data: dict[str, bytes] = {}

    def add(self, letter: Letter, at: datetime, thread_id: Any, **more: Any) -> dict[str, Any]:
        """A letter as the product would have kept it, with its source."""
        raw = wire.compose(letter).as_bytes()
        sha256, sender = hashlib.sha256(raw).hexdigest(), wire.address(letter.sender)
        self.data[sha256] = raw
        to = [{"address": one.addr_spec, "name": one.display_name} for one in map(wire.address, letter.to)]
        row = {
            "id": key("email", len(self.email_message)), "thread_id": thread_id, "message_id": letter.message_id.strip("<>"),
            "in_reply_to": letter.in_reply_to, "references_ids": list(letter.references), "from_address": sender.addr_spec,
            "from_name": sender.display_name, "to_people": to, "cc_people": [], "subject": letter.subject, "text": letter.text,
            "excerpt": bodies.excerpt(letter.text), "is_cut": False, "files": 0, "raw_sha256": sha256, "raw_size": len(raw), "at": at,
            "sent_at": at, "detail": None, "person_id": None, "contact_id": None, "subject_type": None, "subject_id": None,
            "filed_by": None, "filed_at": None, "received_at": None, **more,
        }  # fmt: skip
        self.email_message.append(row)
        return row


def _talk(made: _Rows, deal: Any) -> None:
    customer = wire.named(deal.contact, deal.email or "purchasing@customer.example")
    thread_id, before = key("email-thread", 0), list[str]()
    for place, said in enumerate(TALK):
        at = deal.last_activity_at - said.days * DAY
        sender, to = (wire.named(deal.rep, wire.address(COMPANY).addr_spec), customer) if said.is_ours else (customer, DROPBOX)
        letter = Letter(
            sender=sender, to=[to], subject=f"{'Re: ' if place else ''}{deal.name} B 版图纸", at=at, is_automatic=False,
            text=said.text.format(deal=deal.name, contact=deal.contact) + "\n", message_id=f"<demo-{place}@hengyu.example>",
            in_reply_to=before[-1] if before else None, references=list(before), boundary=f"demo{place}",
        )  # fmt: skip
        with_deal = {"subject_type": SUBJECT, "subject_id": deal.id, "contact_id": deal.contact_id}
        ours = {"direction": EmailDirection.OUT.value, "state": EmailState.SENT.value, "reason": None, "person_id": person_id(REP)}
        theirs = {
            "direction": EmailDirection.IN.value, "state": EmailState.FILED.value, "reason": EmailReason.BY_CONTACT.value,
            "received_at": at, "filed_at": at,
        }  # fmt: skip
        row = made.add(letter, at, thread_id, **with_deal, **(ours if said.is_ours else theirs))
        before.append(row["message_id"])
        _note(made, row, at)


def _note(made: _Rows, row: dict[str, Any], at: datetime) -> None:
    told = {name: row[name] for name in ("subject", "direction", "files")} | {"id": str(row["id"]), "thread_id": str(row["thread_id"])}
    told |= {"sender": {"address": row["from_address"], "name": row["from_name"]}, "to": row["to_people"], "cc": []}
    entry = {"id": key("email-entry", len(made.timeline_entry)), "subject_type": row["subject_type"], "subject_id": row["subject_id"]}
    kind = "email.sent" if row["direction"] == EmailDirection.OUT else "email.received"
    entry |= {"kind": kind, "at": at, "recorded_at": at, "actor_id": row["person_id"], "outcome": None}
    made.timeline_entry.append(entry | {"body": {"email": told, "excerpt": row["excerpt"]}})


def _stranger(made: _Rows, place: int, sender: str, subject: str, text: str, at: datetime) -> None:
    letter = Letter(
        sender=sender, to=[DROPBOX], subject=subject, text=text + "\n", message_id=f"<demo-tray-{place}@hengyu.example>", at=at,
        is_automatic=False, boundary=f"tray{place}",
    )  # fmt: skip
    waits = {"direction": EmailDirection.IN.value, "state": EmailState.SORTING.value, "reason": EmailReason.UNKNOWN_SENDER.value}
    made.add(letter, at, key("email-thread", place + 1), **waits, received_at=at)
