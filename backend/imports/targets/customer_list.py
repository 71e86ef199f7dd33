"""The list of customers as it is taken out, each with its first contact."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import lists, rules
from backend.customers.finding import CustomerFilter
from backend.customers.models import Customer
from backend.customers.view_settings import CustomerFilterSettings
from backend.imports import sources
from backend.imports.targets.leaving import Column, Leaving, ago, local, refuse_short

STATES = {"active": ("在用", "Active"), "archived": ("已归档", "Archived")}
YES, NO = ("是", "Yes"), ("否", "No")
MORE = tuple(getattr(Customer, name) for name in ("address", "website", "payment_terms", "notes"))


async def filters(_session: AsyncSession, given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The filter of the list route, as the list looks it up at this moment."""
    wanted = CustomerFilterSettings.model_validate(given)
    narrowed = CustomerFilter(
        q=wanted.q,
        states=[state.value for state in wanted.state or [rules.CustomerState.ACTIVE]],
        owners=wanted.owner or [],
        regions=wanted.region or [],
        industries=wanted.industry or [],
        sources=wanted.source or [],
        tags=wanted.tag or [],
        created_from=ago(now, wanted.created_days) or wanted.created_from,
        created_before=wanted.created_before,
        active_since=ago(now, wanted.active_days),
        quiet_since=ago(now, wanted.quiet_days),
        **wanted.model_dump(include={"is_key", "has_backup", "lacks_backup"}),
    )
    refuse_short(narrowed.q)
    return lists.CUSTOMERS.conditions(narrowed)


COLUMNS = (
    Column("客户编号", "Customer number", lambda row: rules.customer_number(row.number)),
    Column("公司名称", "Company", lambda row: row.name),
    Column("统一社会信用代码", "Credit code", lambda row: row.credit_code),
    Column("联系人", "Contact", lambda row: row.contact),
    Column("手机", "Phone", lambda row: row.phone),
    Column("省份", "Province", lambda row: row.province),
    Column("城市", "City", lambda row: row.city),
    Column("地址", "Address", lambda row: row.address),
    Column("行业", "Industry", lambda row: row.industry),
    Column("网站", "Website", lambda row: row.website),
    Column("付款条件", "Payment terms", lambda row: row.payment_terms),
    Column("来源", "Source", lambda row: sources.words(row.source)),
    Column("重点客户", "Key customer", lambda row: YES if row.is_key else NO),
    Column("标签", "Tags", lambda row: "、".join(row.tags)),
    Column("备注", "Notes", lambda row: row.notes),
    Column("负责人", "Owner", lambda row: row.owner_name),
    Column("备份负责人", "Backup owner", lambda row: row.backup_name),
    Column("辖区", "Region", lambda row: row.region_name),
    Column("状态", "State", lambda row: STATES[row.state]),
    Column("建立时间", "Added on", lambda row: local(row.created_at)),
    Column("最近动态", "Last activity", lambda row: local(row.last_activity_at)),
)

LEAVING = Leaving(("客户", "Customers"), lists.CUSTOMERS, COLUMNS, MORE, filters)
