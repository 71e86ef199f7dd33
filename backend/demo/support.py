"""The demo's technical support: what was asked of the engineer while proposals were made, kept promises and missed ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Base
from backend.deadlines.models import Deadline
from backend.deadlines.rules import SUPPORT, due_at
from backend.demo.stories import DAY, daytime
from backend.demo.world import World, key, person_id
from backend.opportunities import rules as deals
from backend.opportunities.models import Opportunity, StageStay
from backend.pipelines.models import StageRow
from backend.support import rules
from backend.support.models import SupportRecord, SupportRequest, SupportRound
from backend.support.rules import Record, SupportState
from backend.timeline.models import TimelineEntry

DICE = 20260313
ENGINEER = ("wujianhua", "吴建华")
MANY, OPEN = 36, 3
NEEDS = (
    "请评估 0.8 mm 不锈钢拉深是否可行，并给出模具方案",
    "客户要把公差收到 ±0.02，请看现有设备能不能做",
    "请给一版级进模排样和大致模具费",
    "双色件的收缩怎么控制？客户下周要看方案",
    "请核算单件工时，客户要压 8% 的价",
)
ANSWERS = ("可行：三次拉深，单套模具约 6 万元，周期 35 天", "可以做，建议改用慢走丝，单价加 1.2 元", "方案附后，请客户补充表面处理要求")


async def add_support(session: AsyncSession, world: World) -> None:
    """Reads the deals as they are stored by now."""
    stays = (
        select(Opportunity.id, Opportunity.customer_id, Opportunity.owner_id, StageStay.entered_at, StageStay.left_at)
        .join(StageStay, StageStay.opportunity_id == Opportunity.id)
        .join(StageRow, StageRow.id == StageStay.stage_id)
        .where(StageRow.key == "proposal")
        .order_by(StageStay.left_at.is_(None).desc(), StageStay.entered_at.desc(), Opportunity.id)
        .limit(MANY)
    )
    rows = _rows((await session.execute(stays)).all(), world, Random(DICE))  # noqa: S311 - the same requests every time
    for table, made in rows:
        await session.execute(insert(table), made, execution_options={"render_nulls": True})


def _rows(stays: Sequence[Any], world: World, dice: Random) -> list[tuple[type[Base], list[dict[str, Any]]]]:
    """All rows, each as the product itself would have written it."""
    tables: dict[type[Base], list[dict[str, Any]]] = {
        SupportRequest: [], SupportRound: [], SupportRecord: [], Deadline: [], TimelineEntry: [],
    }  # fmt: skip
    ladder = world.book.ladders[SUPPORT]
    for number, stay in enumerate(stays):
        is_open = stay.left_at is None and number < OPEN
        asked = world.now - timedelta(hours=3 + 5 * number) if is_open else daytime(stay.entered_at + DAY / 8, dice)
        dues = {rung.key: due_at(rung, asked, world.book.calendar) for rung in ladder.rungs}
        due = dues[rules.DUE_RUNG]
        is_late = number % 4 == 1
        answered = None if is_open else due + timedelta(hours=dice.choice((17, 20, 44))) if is_late else asked + (due - asked) * 0.7
        if answered is not None and answered > world.now:
            continue
        _one(tables, number, stay, asked, dues, answered, world, dice)
    return [(table, rows) for table, rows in tables.items() if rows]


def _one(
    tables: dict[type[Base], list[dict[str, Any]]], number: int, stay: Any, asked: datetime, dues: dict[str, datetime],
    answered: datetime | None, world: World, dice: Random,
) -> None:  # fmt: skip
    request, engineer, due = key("support", number), person_id(ENGINEER[0]), dues[rules.DUE_RUNG]
    is_missed = due <= world.now if answered is None else answered > due
    state = SupportState.ASKED if answered is None else SupportState.ACCEPTED if stay.left_at else SupportState.ANSWERED
    need, answer = dice.choice(NEEDS), dice.choice(ANSWERS)
    tables[SupportRequest].append(
        {
            "id": request, "opportunity_id": stay.id, "customer_id": stay.customer_id, "asked_by": stay.owner_id, "engineer_id": engineer,
            "chosen": "least_load", "need": need, "state": state.value, "round": 1, "created_at": asked, "asked_at": asked,
            "answered_at": answered, "missed_at": due if is_missed else None, "version": 1,
            "closed_at": max(stay.left_at, answered) if answered and stay.left_at else None,
        }
    )  # fmt: skip
    said = {"due_at": due, "answered_by": engineer, "answered_at": answered, "answer": answer} if answered else {}
    nothing = dict.fromkeys(("due_at", "answered_by", "answered_at", "answer"))
    common = {"id": key("support-round", number), "request_id": request, "number": 1, "need": need}
    tables[SupportRound].append(common | {"asked_by": stay.owner_id, "asked_at": asked} | nothing | said)
    for rung, moment in dues.items():
        is_fired = moment <= (answered or world.now)
        state_now = "fired" if is_fired else "stopped" if answered else "pending"
        row = {"kind": SUPPORT, "rung": rung, "subject_type": rules.SUBJECT, "subject_id": request, "base_at": asked, "due_at": moment}
        moments = {"fired_at": moment if is_fired else None, "stopped_at": answered if state_now == "stopped" else None}
        tables[Deadline].append({"id": key("support-deadline", (number, rung)), **row, "state": state_now, **moments})
    _record(tables[SupportRecord], number, request, asked, due, answered, is_missed, world)
    told = {"support": {"id": str(request), "number": "", "round": 1}}
    person = {"id": str(engineer), "name": ENGINEER[1]}
    notes = [("support.asked", asked, stay.owner_id, {"need": need, "to": person})]
    if is_missed:
        notes.append(("support.missed", due, None, {"engineer": person}))
    if answered is not None:
        notes.append(("support.answered", answered, engineer, {"by": person, "answer": answer}))
    tables[TimelineEntry] += [
        {
            "id": key("support-entry", (number, kind)), "subject_type": deals.SUBJECT, "subject_id": stay.id, "kind": kind, "at": at,
            "recorded_at": at, "actor_id": actor, "outcome": None, "body": told | body,
        }
        for kind, at, actor, body in notes
    ]  # fmt: skip


def _record(
    ledger: list[dict[str, Any]], number: int, request: Any, asked: datetime, due: datetime, answered: datetime | None, is_missed: bool,
    world: World,
) -> None:  # fmt: skip
    promise = {"engineer_id": person_id(ENGINEER[0]), "request_id": request, "round": 1, "asked_at": asked, "due_at": due}
    if is_missed:
        missed = {"kind": Record.MISSED.value, "answered_at": None, "late_minutes": None, "recorded_at": due}
        ledger.append(promise | missed | {"id": key("support-miss", number)})
    if answered is not None:
        minutes = round(rules.late_by(due, answered, world.book.calendar).total_seconds() / 60) if is_missed else None
        kind = Record.LATE if is_missed else Record.KEPT
        came = {"kind": kind.value, "answered_at": answered, "late_minutes": minutes, "recorded_at": answered}
        ledger.append(promise | came | {"id": key("support-record", number)})
