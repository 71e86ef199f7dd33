"""The demo's opportunities: what each customer may order, how it went through the stages, and where it stands now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Base
from backend.customers.models import Contact, Customer
from backend.customers.rules import CustomerState
from backend.demo import documents, texts
from backend.demo.company import FASTENERS, MACHINING, MOULDS, PRODUCT_LINES, STAMPING
from backend.demo.documents import Files
from backend.demo.stories import DAY, daytime
from backend.demo.world import World, key
from backend.opportunities import rules
from backend.opportunities.finding import search_columns
from backend.opportunities.models import Opportunity, StageStay
from backend.opportunities.rules import LossReason, OpportunityState
from backend.pipelines import service as pipelines
from backend.pipelines.defaults import SHIPPED
from backend.pipelines.rules import Move, NextStep, StageKind
from backend.pipelines.schemas import PipelineOut
from backend.timeline.models import TimelineEntry

DICE = 20260312
MANY = 96
USUAL_DAYS = {"first_contact": 2.1, "needs": 5.4, "proposal": 11.3, "negotiation": 9.2}
"""Mean of the finished stays; the proposal takes far longer than its five to seven days, as it did in the firm that this is about."""
PROPOSAL = "proposal"
ENDINGS = (("open", 50), ("won", 26), ("lost", 20))
WORKS = {
    STAMPING: ("电机支架", "散热片", "屏蔽罩", "接线端子", "门锁板"),
    MOULDS: ("连接器注塑模", "仪表壳双色模", "级进模", "灯罩模具", "外壳模具"),
    FASTENERS: ("不锈钢异形螺栓", "法兰螺母", "轨交紧固件", "风电螺栓", "自锁螺母"),
    MACHINING: ("阀体加工", "减速器壳体", "主轴套", "液压块", "夹具底座"),
}
FRAMES = ("年度框架", "首批试制", "二期扩产", "替代进口", "打样转量产")
LOST = ((LossReason.PRICE, "同行报价低 8%"), (LossReason.DELIVERY_TIME, "客户要 15 天，排产最快 24 天"), (LossReason.NO_ANSWER, ""),
        (LossReason.COMPETITOR, "沿用原供应商"), (LossReason.CANCELLED, "终端项目取消"))  # fmt: skip
WON_IN_THE_END, LOST_ON_THE_WAY = 0.65, 0.1
"""Of deals that began as leads, and of each of their stages."""
KNOWN_FOR = 230 * DAY
"""No deal is older than its customer."""
QUIET = (8, 9, 12, 17)
"""Days since the last word on some of the open ones: these are red."""


@dataclass
class Deals:
    """Rows of the opportunities, in the order of their foreign keys."""

    opportunity: list[dict[str, Any]] = field(default_factory=list)
    stage_stay: list[dict[str, Any]] = field(default_factory=list)
    timeline_entry: list[dict[str, Any]] = field(default_factory=list)
    files: Files = field(default_factory=Files)

    def note(self, deal: dict[str, Any], kind: str, at: datetime, body: dict[str, Any], outcome: str | None = None) -> None:
        entry = {"id": key("deal-entry", len(self.timeline_entry)), "subject_type": rules.SUBJECT, "subject_id": deal["id"]}
        entry |= {"kind": kind, "at": at, "recorded_at": at, "actor_id": deal["owner_id"], "outcome": outcome, "body": body}
        self.timeline_entry.append(entry)


async def add_deals(session: AsyncSession, world: World) -> None:
    """Reads the demo's customers as they are stored by now."""
    known = Customer.created_at <= world.now - KNOWN_FOR
    standing = select(Customer).where(Customer.state == CustomerState.ACTIVE, known).order_by(Customer.number)
    customers = (await session.scalars(standing)).all()
    primary = dict((await session.execute(select(Contact.customer_id, Contact.id).where(Contact.is_primary))).tuples().all())
    shown = await pipelines.pipeline(session, SHIPPED)
    came = [(lead, _firm(lead)) for lead in world.rows.lead if lead["customer_id"] is not None]
    deals = build(world.now, customers, came, primary, shown, Random(DICE))  # noqa: S311 - the same deals every time
    tables: list[tuple[type[Base], list[dict[str, Any]]]] = [
        (Opportunity, deals.opportunity),
        (StageStay, deals.stage_stay),
        (TimelineEntry, deals.timeline_entry),
    ]
    for table, rows in tables:
        await session.execute(insert(table), rows, execution_options={"render_nulls": True})
    await documents.store(session, deals.files)
    await session.execute(TOLD, {"now": world.now})


TOLD = text("""
insert into opportunity_notice (opportunity_id, kind, base_at, told_at, times)
select id, 'stall', last_activity_at, last_activity_at + weeks * interval '7 days', weeks
from (select *, floor(extract(epoch from cast(:now as timestamptz) - last_activity_at) / 604800)::int as weeks from opportunity where state = 'open') open
where weeks > 0
union all select id, 'next_step', next_step_at, next_step_at, 1 from opportunity where state = 'open' and next_step_at <= :now
""")
"""What owners were told in the time that the demo plays."""


def build(
    now: datetime, customers: Sequence[Customer], came: Sequence[tuple[dict[str, Any], Customer]], primary: dict[UUID, UUID],
    shown: PipelineOut, dice: Random,
) -> Deals:  # fmt: skip
    """All rows; each opportunity as the product itself would have written it; `came` are leads with the customers that they became."""
    opening = [stage.key for stage in shown.stages if stage.kind is StageKind.OPEN]
    deals, plans = Deals(), [_diced(number, dice, opening) for number in range(MANY)]
    further = [_since(MANY + place, lead["last_activity_at"], now, opening) for place, (lead, _) in enumerate(came)]
    _keep_means(plans, further)
    for number, plan in enumerate(plans):
        customer = customers[number % len(customers)]
        _play(deals, plan, now, customer, primary.get(customer.id), shown, dice)
    for plan, (lead, customer) in zip(further, came, strict=True):
        _play(deals, plan, now, customer, primary.get(customer.id), shown, Random(DICE + plan.number), lead)  # noqa: S311 - its own
    return deals


def _firm(lead: dict[str, Any]) -> Customer:
    """The customer that a lead became, as far as a deal asks."""
    kept = {name: lead[name] for name in ("owner_id", "region_id", "source")}
    return Customer(id=lead["customer_id"], name=lead["company"], backup_owner_id=None, **kept)


@dataclass
class _Plan:
    """How far one opportunity went, how it ended, and how many days each stay took."""

    number: int
    ending: str
    keys: list[str]
    days: dict[str, float]
    age: float
    closed_days_ago: float
    began_at: datetime | None = None
    """Where the beginning is given and the rest follows from it."""

    def finished(self) -> list[str]:
        """Stays that have ended; of an open one the last goes on."""
        return self.keys[:-1] if self.ending == "open" else self.keys


def _diced(number: int, dice: Random, opening: list[str]) -> _Plan:
    ending = dice.choices([name for name, _ in ENDINGS], [weight for _, weight in ENDINGS])[0]
    keys = opening[: len(opening) if ending == "won" else dice.randint(1, len(opening))]
    days = {name: round(USUAL_DAYS[name] * dice.uniform(0.4, 1.6), 1) for name in keys}
    age = dice.choice(QUIET) if ending == "open" and dice.random() < 0.3 else dice.uniform(0.2, 6)
    return _Plan(number, ending, keys, days, age, dice.uniform(0.5, 170))


def _since(number: int, began_at: datetime, now: datetime, opening: list[str]) -> _Plan:
    """As far as a deal came that began then: it is in the stage where its time ends, unless it was lost on the way or is through."""
    dice, room = Random(DICE + number), (now - began_at) / DAY  # noqa: S311 - its own, so that the other deals stay as they are
    plan = _Plan(number, "won" if dice.random() < WON_IN_THE_END else "lost", [], {}, 0, 0, began_at)
    for name in opening:
        plan.keys.append(name)
        plan.days[name] = round(USUAL_DAYS[name] * dice.uniform(0.4, 1.6), 1)
        room -= plan.days[name]
        if room <= 0:
            plan.ending = "open"
            break
        if dice.random() < LOST_ON_THE_WAY:
            plan.ending = "lost"
            break
    plan.age, plan.closed_days_ago = min(dice.uniform(0.2, 6), room + plan.days[plan.keys[-1]]), room
    return plan


def _keep_means(plans: Sequence[_Plan], further: Sequence[_Plan]) -> None:
    """The finished stays of each stage last as long in the mean as `USUAL_DAYS` says; only those of `plans` are stretched for it."""
    for name, mean in USUAL_DAYS.items():
        ended = [plan for plan in plans if name in plan.finished()]
        given = [plan.days[name] for plan in further if name in plan.finished()]
        whole = mean * (len(ended) + len(given)) - sum(given)
        left = round(whole - sum(plan.days[name] for plan in ended), 1)
        for plan in ended:
            share = round(left / len(ended), 1)
            plan.days[name] = max(0.1, round(plan.days[name] + share, 1))
        tenths = round(10 * (whole - sum(plan.days[name] for plan in ended)))
        for plan in sorted(ended, key=lambda plan: -plan.days[name])[: abs(tenths)]:
            plan.days[name] = round(plan.days[name] + (0.1 if tenths > 0 else -0.1), 1)


def _play(
    deals: Deals, plan: _Plan, now: datetime, customer: Customer, contact_id: UUID | None, shown: PipelineOut, dice: Random,
    lead: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    stages = {stage.key: stage for stage in shown.stages}
    is_open = plan.ending == "open"
    whole = timedelta(days=sum(plan.days[name] for name in plan.finished()))
    ended_at = now - timedelta(days=plan.age if is_open else plan.closed_days_ago)
    started_at = plan.began_at or ended_at - whole
    line = lead["product_line"] if lead else dice.choice(PRODUCT_LINES)
    name = f"{dice.choice(WORKS[line])}{dice.choice(FRAMES)}"
    knows = "needs" in plan.finished()
    deal = _deal(plan, customer, contact_id, shown, name, line, started_at, dice, knows=knows)
    if lead:
        deal |= {"lead_id": lead["id"], "lead_received_at": lead["received_at"], "need": lead["need"]}
        deal["expected_amount"] = lead["expected_amount"] or deal["expected_amount"]
    deals.note(deal, "opportunity.created", started_at, {"name": name, "stage": _named(stages[plan.keys[0]])})
    at = started_at
    for place, stage_key in enumerate(plan.keys):
        stage = stages[stage_key]
        goes_on = is_open and place == len(plan.keys) - 1
        left_at = None if goes_on else at + timedelta(days=plan.days[stage_key])
        following = stages[plan.keys[place + 1]] if place + 1 < len(plan.keys) else stages["closed"]
        _stay(deals, deal, stage, Move.CREATED if place == 0 else Move.FORWARD, at, left_at, following if left_at else None, plan.ending)
        kind = "call" if place % 2 == 0 else "visit"
        outcome, note = dice.choice(texts.LATER_NOTES[kind])
        talked = min(daytime(at + DAY / 2, dice), (left_at or now) - DAY / 24, now - DAY / 24)
        if talked > at:
            deals.note(deal, kind, talked, {"note": note}, outcome)
            deal["last_activity_at"] = max(deal["last_activity_at"], talked) if not goes_on else deal["last_activity_at"]
        deal |= {"stage_id": stage.id, "stage_entered_at": at, "advanced_at": at, "last_activity_at": max(deal["last_activity_at"], at)}
        if stage_key == "needs" and left_at is not None:
            _file(deals, deal, customer.name, at, left_at, plan)
        if left_at is not None:
            _move(deals, deal, stage, following, plan, left_at, dice)
            at = left_at
    heard_at = now - timedelta(days=plan.age)
    if is_open and lead and heard_at > deal["stage_entered_at"]:
        outcome, note = dice.choice(texts.LATER_NOTES["message"])
        deals.note(deal, "message", heard_at, {"note": note}, outcome)
        deal["last_activity_at"] = heard_at
    if is_open:
        _agree(deal, stages[plan.keys[-1]], plan, now, dice)
    deals.opportunity.append(deal)


def _deal(
    plan: _Plan, customer: Customer, contact_id: UUID | None, shown: PipelineOut, name: str, line: str, started_at: datetime, dice: Random,
    *, knows: bool,
) -> dict[str, Any]:  # fmt: skip
    amount = Decimal(dice.choice((18, 26, 35, 48, 62, 88, 120, 165, 240, 380))) * 1000
    return {
        "id": key("deal", plan.number),
        "name": name,
        "customer_id": customer.id,
        "contact_id": contact_id,
        "lead_id": None,
        "lead_received_at": None,
        "owner_id": customer.owner_id,
        "backup_owner_id": customer.backup_owner_id,
        "region_id": customer.region_id,
        "pipeline_id": shown.id,
        "state": OpportunityState.OPEN.value,
        "expected_amount": amount if knows or dice.random() < 0.6 else None,
        "currency": "CNY",
        "expected_close_on": (started_at + timedelta(days=dice.randint(30, 75))).date() if knows or dice.random() < 0.4 else None,
        "product_line": line if knows or dice.random() < 0.7 else None,
        "need": f"{name}，年用量约 {dice.choice((1, 2, 5, 8, 12))} 万件",
        "source": customer.source,
        "created_by": customer.owner_id,
        "created_at": started_at,
        "last_activity_at": started_at,
        "closed_at": None,
        "loss_reason": None,
        "closing_note": None,
        "next_step": None,
        "next_step_at": None,
        "version": 1,
        **search_columns(name, [customer.name]),
    }


def _file(deals: Deals, deal: dict[str, Any], customer: str, entered_at: datetime, left_at: datetime, plan: _Plan) -> None:
    """What the customer wants is written down before a proposal is made (FLOW-1); of some there are drawings, a photo and a call too."""
    dice, files = Random(DICE + plan.number), deals.files  # noqa: S311 - its own, so that the story of the deals stays as it is
    early, middle, late = documents.moments(entered_at, left_at, (0.3, 0.6, 0.9))
    told = [(late, documents.requirement(files, deal, rules.SUBJECT, customer, late, dice))]
    if plan.number % 3 == 0:
        told.append((middle, documents.drawing(files, deal, rules.SUBJECT, middle, dice)))
    if plan.number % 24 == 0:
        told.append((early, documents.call(files, deal, rules.SUBJECT, early)))
        told.append((middle, documents.photo(files, deal, rules.SUBJECT, middle, dice.randint(0, 40))))
    for at, body in sorted(told, key=lambda one: one[0]):
        deals.note(deal, "document.added", at, body)


def _named(stage: Any) -> dict[str, str]:
    return {"key": stage.key, "name_zh": stage.name_zh, "name_en": stage.name_en}


def _stay(
    deals: Deals, deal: dict[str, Any], stage: Any, move: Move, at: datetime, left_at: datetime | None, following: Any, ending: str,
    reason: str = "",
) -> None:  # fmt: skip
    row = {
        "id": key("stay", len(deals.stage_stay)),
        "opportunity_id": deal["id"],
        "stage_id": stage.id,
        "move": move.value,
        "reason": reason or None,
    }
    row |= {"pipeline_version": 1, "entered_at": at, "entered_by": deal["owner_id"], "left_at": left_at}
    row |= {"left_by": deal["owner_id"] if left_at else None, "left_to": following.id if left_at else None}
    row["left_move"] = _leaves(following, ending).value if left_at else None
    deals.stage_stay.append(row)


def _leaves(following: Any, ending: str) -> Move:
    return Move.FORWARD if following.kind is StageKind.OPEN else Move.WON if ending == "won" else Move.LOST


def _move(deals: Deals, deal: dict[str, Any], stage: Any, following: Any, plan: _Plan, at: datetime, dice: Random) -> None:
    """The end of a stay: the next stage, or the end of it all."""
    deal |= {"last_activity_at": at, "version": deal["version"] + 1}
    if following.kind is StageKind.OPEN:
        body = {"move": Move.FORWARD.value, "from_stage": _named(stage), "to_stage": _named(following), "reason": "", "loss_reason": None}
        deals.note(deal, "opportunity.moved", at, body)
        return
    is_won = plan.ending == "won"
    reason, said = (None, "") if is_won else dice.choice(LOST)
    move = Move.WON if is_won else Move.LOST
    deal |= {"state": plan.ending, "stage_id": following.id, "stage_entered_at": at, "closed_at": at}
    deal |= {"loss_reason": reason.value if reason else None, "closing_note": said or None}
    if is_won:
        deal |= {"advanced_at": at, "expected_close_on": at.date()}
    _stay(deals, deal, following, move, at, None, None, plan.ending, said)
    told = {
        "move": move.value,
        "from_stage": _named(stage),
        "to_stage": _named(following),
        "reason": said,
        "loss_reason": deal["loss_reason"],
    }
    deals.note(deal, "opportunity.moved", at, told)


def _agree(deal: dict[str, Any], stage: Any, plan: _Plan, now: datetime, dice: Random) -> None:
    """What is next on the desk: overdue for those that nobody has touched."""
    step: NextStep | None = stage.next_step
    if step is None:
        return
    due = deal["stage_entered_at"] + step.within_working_days * DAY if plan.age >= min(QUIET) else now + dice.uniform(0.3, 5) * DAY
    deal |= {"next_step": step.title, "next_step_at": daytime(due, dice)}
