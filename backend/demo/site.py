"""What connects the demo company with the outside: its website form, what its reps say first, and a robot that is switched off."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.config import get_settings
from backend.demo.company import FASTENERS, MACHINING, MOULDS, SHORT_NAME
from backend.demo.world import key, person_id, region_id
from backend.leads.models import ScriptTemplate
from backend.notifications.models import Channel, ChannelSecret, Notification
from backend.webhooks.models import Form, FormSecret, Submission
from backend.webhooks.rules import SecretKind, SubmissionState

SHIPPED_NAME = "成单五金"
"""The company that the shipped scripts speak for, until somebody makes them their own."""
FORM_KEY, FORM_NAME = "website", "官网询价表单"
MAPPING = {
    "company": ["company", "公司"],
    "contact_name": ["contact_name", "name", "姓名"],
    "phone": [{"path": path, "transforms": ["phone"]} for path in ("phone", "mobile", "电话")],
    "email": [{"path": path, "transforms": ["trim", "lower"]} for path in ("email", "邮箱")],
    "wechat": ["wechat", "微信"],
    "province": [{"path": path, "transforms": ["province"]} for path in ("province", "省份")],
    "city": [{"path": path, "transforms": ["city"]} for path in ("city", "城市")],
    "location": ["location", "所在地"],
    "product_line": ["product_line", "product", "产品"],
    "need": ["need", "message", "需求"],
    "expected_amount": ["expected_amount", "budget", "预算"],
    "campaign": ["campaign", "utm_campaign"],
    "language": ["language"],
    "submitted_at": ["submitted_at"],
    "is_test": ["is_test"],
}

SCRIPT_MOULDS = """{contact}您好，我是衡屿精工的{rep}，负责模具。
想先了解：产品图纸（3D 最好）、材料、年用量，以及期望的模具寿命和 T1 时间。
{company}这套模具是新开还是转模？我们可以先免费做一次可制造性分析，两个工作日内给您。"""

SCRIPT_FASTENERS = """{contact}您好，我是衡屿精工的{rep}，负责汽车紧固件。
请您确认图号或标准号、强度等级、表面处理和盐雾要求，以及要不要 PPAP。
我们有 IATF 16949，{company}如果急用，可以先从库存规格里发样。您方便把图纸发我吗？"""

SCRIPT_MACHINING = """{contact}您好，我是衡屿精工的{rep}，负责 CNC 精密加工。
方便发一下图纸和数量吗？关键公差、材料和表面处理标出来，我今天就排工艺评估。
打样一般 5 到 7 天；{company}如果比较急，我去协调插单，行不行都当天答复您。"""

SCRIPTS = (
    ("模具首次联系", MOULDS, SCRIPT_MOULDS),
    ("汽车紧固件首次联系", FASTENERS, SCRIPT_FASTENERS),
    ("CNC 加工首次联系", MACHINING, SCRIPT_MACHINING),
)


async def add_form(session: AsyncSession) -> tuple[UUID, str]:
    """The form of the sample website."""
    form_id = key("form", FORM_KEY)
    fields = {"id": form_id, "key": FORM_KEY, "name": FORM_NAME, "source": "website", "mapping": MAPPING}
    await session.execute(insert(Form).values(**fields, verification={"by": SecretKind.SIGNATURE.value}))
    return form_id, FORM_NAME


async def share_secret(session: AsyncSession) -> None:
    """The sample website signs with the secret of this data directory; a database that was restored into a new one learns it."""
    secret, form_id = get_settings().demo_form_secret.get_secret_value(), key("form", FORM_KEY)
    known = await session.scalars(select(FormSecret.secret).where(FormSecret.form_id == form_id))
    if secret and secret not in known.all():
        row = {"id": key("form_secret", secret), "form_id": form_id, "kind": SecretKind.SIGNATURE.value, "secret": secret}
        await session.execute(insert(FormSecret).values(row))


async def add_scripts(session: AsyncSession) -> None:
    """The shipped scripts in this company's name, and more for the product lines that they do not know."""
    renamed = func.replace(ScriptTemplate.body, SHIPPED_NAME, SHORT_NAME)
    await session.execute(update(ScriptTemplate).values(body=renamed, version=ScriptTemplate.version + 1))
    rows = [
        {"id": key("script", title), "title": title, "product_line": line, "body": body, "sort": 20 + place}
        for place, (title, line, body) in enumerate(SCRIPTS)
    ]
    await session.execute(insert(ScriptTemplate), rows)


async def add_channel(session: AsyncSession) -> None:
    """Off until an administrator enters a robot of their own: a demo talks to nobody outside."""
    channel_id = key("channel", "east")
    fields = {"kind": "dingtalk_robot", "name": "华东销售群（钉钉）", "is_active": False, "config": {}, "region_id": region_id("east")}
    await session.execute(insert(Channel).values(id=channel_id, **fields))
    await session.execute(insert(ChannelSecret).values(channel_id=channel_id, access_token="", secret=None))


SENT = ("company", "contact_name", "phone", "email", "wechat", "province", "city", "product_line", "need", "campaign")
UNFIT = (
    ({"company": "绍兴天和机电有限公司", "contact_name": "沈工", "need": "想要一份冲压件目录"}, "missing_contact", "", "none of phone, email and wechat"),
    ({"company": "宁波佳和塑业", "name": "周小姐", "phone": "见微信", "message": "注塑模具开模报价"}, "invalid_value", "phone", "not a phone number"),
)  # fmt: skip


async def add_submissions(session: AsyncSession, leads: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """What the form sent: one for each of its leads, and two in quarantine that marketing and the administrator know of."""
    rows = [
        _submission(str(lead["submission_id"]), lead["received_at"], _sent(lead), lead["id"]) for lead in leads if lead["submission_id"]
    ]
    moments = [now - timedelta(hours=hours) for hours in (7, 31)]
    for place, (sent, code, field, detail) in enumerate(UNFIT):
        row = _submission(f"unfit-{place}", moments[place], sent, None)
        row |= {"reason": {"faults": [{"code": code, "field": field, "detail": detail}]}, "announced_at": moments[place]}
        rows.append(row)
    await session.execute(insert(Submission), rows)
    told = [_bell(login, place, code, moments[place]) for login in ("linyue", "admin") for place, (_, code, _, _) in enumerate(UNFIT)]
    await session.execute(insert(Notification), told)


def _sent(lead: Mapping[str, Any]) -> dict[str, Any]:
    return {name: lead[name] for name in SENT if lead[name]}


def _submission(message: str, at: datetime, sent: dict[str, Any], lead_id: UUID | None) -> dict[str, Any]:
    state = SubmissionState.ACCEPTED if lead_id else SubmissionState.QUARANTINED
    return {
        "id": UUID(message) if lead_id else key("submission", message),
        "form_id": key("form", FORM_KEY),
        "message_id": f"msg_{message}",
        "received_at": at,
        "state": state.value,
        "reason": None,
        "payload": sent,
        "raw": json.dumps(sent, ensure_ascii=False).encode(),
        "content_type": "application/json",
        "remote_ip": "127.0.0.1",
        "lead_id": lead_id,
        "announced_at": None,
    }


def _bell(login: str, place: int, code: str, at: datetime) -> dict[str, Any]:
    params = {"form": FORM_NAME, "count": 1, "codes": [code]}
    row = {"id": key("bell", f"unfit/{login}/{place}"), "person_id": person_id(login), "kind": "submission.quarantined", "params": params}
    return row | {"subject_type": "form", "subject_id": key("form", FORM_KEY), "is_urgent": False, "created_at": at, "read_at": None}
