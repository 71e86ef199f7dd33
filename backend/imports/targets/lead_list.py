"""The list of leads as it is taken out."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.imports import sources
from backend.imports.targets.leaving import Column, Leaving, ago, local, refuse_short
from backend.leads import lists, rules
from backend.leads.finding import LeadFilter
from backend.leads.models import Lead
from backend.leads.view_settings import LeadFilterSettings

STATES = {
    "new": ("待分配", "Unassigned"),
    "assigned": ("待联系", "To contact"),
    "following": ("跟进中", "In progress"),
    "disqualified": ("无效", "Disqualified"),
    "converted": ("已建客户", "Now a customer"),
}
MORE = tuple(getattr(Lead, name) for name in ("email", "wechat", "expected_amount", "currency", "last_follow_up_at"))


async def filters(_session: AsyncSession, given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The filter of the list route, as the list looks it up at this moment."""
    wanted = LeadFilterSettings.model_validate(given)
    narrowed = LeadFilter(
        q=wanted.q,
        states=[*(wanted.state or ())],
        sources=wanted.source or [],
        regions=wanted.region or [],
        owners=wanted.owner or [],
        product_lines=wanted.product_line or [],
        received_from=ago(now, wanted.received_days) or wanted.received_from,
        received_before=wanted.received_before,
        quiet_since=ago(now, wanted.quiet_days),
        **wanted.model_dump(include={"is_overdue", "is_escalated", "has_phone", "has_owner"}),
    )
    refuse_short(narrowed.q)
    return lists.conditions(narrowed, now)


COLUMNS = (
    Column("线索编号", "Lead number", lambda row: rules.lead_number(row.number)),
    Column("公司", "Company", lambda row: row.company),
    Column("联系人", "Contact", lambda row: row.contact_name),
    Column("手机", "Phone", lambda row: row.phone),
    Column("邮箱", "Email", lambda row: row.email),
    Column("微信", "WeChat", lambda row: row.wechat),
    Column("省份", "Province", lambda row: row.province),
    Column("城市", "City", lambda row: row.city),
    Column("来源", "Source", lambda row: sources.words(row.source)),
    Column("活动", "Campaign", lambda row: row.campaign),
    Column("产品线", "Product line", lambda row: row.product_line),
    Column("需求", "Need", lambda row: row.need),
    Column("预计金额", "Expected amount", lambda row: row.expected_amount),
    Column("币种", "Currency", lambda row: row.currency),
    Column("状态", "State", lambda row: STATES[row.state]),
    Column("负责人", "Owner", lambda row: row.owner_name),
    Column("辖区", "Region", lambda row: row.region_name),
    Column("创建时间", "Received", lambda row: local(row.received_at)),
    Column("最近跟进", "Last follow-up", lambda row: local(row.last_follow_up_at)),
)

LEAVING = Leaving(("线索", "Leads"), lists.LEADS, COLUMNS, MORE, filters)
