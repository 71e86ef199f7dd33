"""The list of leads as it is taken out: the same rows, in the same order, as the list route shows them."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import finding
from backend.core.config import get_settings
from backend.imports.targets.base import ExportColumn
from backend.leads import lists, rules
from backend.leads.finding import LeadFilter
from backend.leads.models import Lead
from backend.leads.view_settings import LeadFilterSettings

PAGE = 1000
STATES = {"new": "待分配", "assigned": "待联系", "following": "跟进中", "disqualified": "无效", "converted": "已建客户"}
MORE = tuple(getattr(Lead, name) for name in ("email", "wechat", "expected_amount", "currency", "last_follow_up_at"))


def filters(given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The filter of the list route, as the list looks it up at this moment."""
    wanted = LeadFilterSettings.model_validate(given)
    quiet, received = (timedelta(days=days) if days else None for days in (wanted.quiet_days, wanted.received_days))
    narrowed = LeadFilter(
        q=wanted.q,
        states=[*(wanted.state or ())],
        sources=wanted.source or [],
        regions=wanted.region or [],
        owners=wanted.owner or [],
        product_lines=wanted.product_line or [],
        received_from=now - received if received else wanted.received_from,
        received_before=wanted.received_before,
        quiet_since=now - quiet if quiet else None,
        **wanted.model_dump(include={"is_overdue", "is_escalated", "has_phone", "has_owner"}),
    )
    if finding.is_too_short(narrowed.q):
        raise ValueError("enter at least two characters")
    return lists.conditions(narrowed, now)


async def pages(session: AsyncSession, given: dict[str, Any]) -> AsyncIterator[Sequence[Any]]:
    """The rows in the order of the list, a page at a time."""
    after = None
    while True:
        rows = await lists.LEADS.batch(session, given, after, PAGE + 1, *MORE)
        yield rows[:PAGE]
        if len(rows) <= PAGE:
            return
        after = rows[PAGE - 1].sort_value, rows[PAGE - 1].id


def local(moment: datetime | None) -> datetime | None:
    """As the company's clock shows it; spreadsheets know no zones."""
    return moment.astimezone(ZoneInfo(get_settings().company_zone)).replace(tzinfo=None, microsecond=0) if moment else None


COLUMNS = (
    ExportColumn("线索编号", "Lead number", lambda row: rules.lead_number(row.number)),
    ExportColumn("公司", "Company", lambda row: row.company),
    ExportColumn("联系人", "Contact", lambda row: row.contact_name),
    ExportColumn("手机", "Phone", lambda row: row.phone),
    ExportColumn("邮箱", "Email", lambda row: row.email),
    ExportColumn("微信", "WeChat", lambda row: row.wechat),
    ExportColumn("省份", "Province", lambda row: row.province),
    ExportColumn("城市", "City", lambda row: row.city),
    ExportColumn("来源", "Source", lambda row: row.source),
    ExportColumn("活动", "Campaign", lambda row: row.campaign),
    ExportColumn("产品线", "Product line", lambda row: row.product_line),
    ExportColumn("需求", "Need", lambda row: row.need),
    ExportColumn("预计金额", "Expected amount", lambda row: row.expected_amount),
    ExportColumn("币种", "Currency", lambda row: row.currency),
    ExportColumn("状态", "State", lambda row: STATES[row.state]),
    ExportColumn("负责人", "Owner", lambda row: row.owner_name),
    ExportColumn("辖区", "Region", lambda row: row.region_name),
    ExportColumn("创建时间", "Received", lambda row: local(row.received_at)),
    ExportColumn("最近跟进", "Last follow-up", lambda row: local(row.last_follow_up_at)),
)
