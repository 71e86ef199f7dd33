"""Leads as what a file fills."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.hot import Hot
from backend.duplicates import service as duplicates
from backend.duplicates.keys import company_key, phone_key
from backend.duplicates.rules import exact_keys
from backend.identity.places import PROVINCES, place, split_location
from backend.imports import cells
from backend.imports.cells import Cell, Wrong
from backend.imports.mapping import Field, reads
from backend.imports.targets.base import Checked, Hit, Target, World
from backend.leads import from_files, from_files_sql, rules

COMPANY_ENDINGS = ("公司", "厂", "集团", "商行", "研究所", "研究院", "大学", "经营部", "ltd", "ltd.", "inc", "inc.", "gmbh", "llc")
NUMBER = re.compile(r"XS0*([1-9]\d{0,17})", re.IGNORECASE)


def _is_company(value: Cell) -> bool:
    return cells.text(value).casefold().endswith(COMPANY_ENDINGS)


def _is_place(value: Cell) -> bool:
    return split_location(cells.text(value))[0] in PROVINCES


FIELDS = (
    Field("number", ("线索编号", "编号", "线索号", "lead number", "lead no", "lead id")),
    Field(
        "phone",
        ("手机", "手机号", "手机号码", "联系电话", "电话", "联系方式", "移动电话", "固定电话", "座机", "mobile", "phone", "tel", "telephone", "cell", "cellphone"),
        reads(cells.phone),
        takes_many=True,
    ),
    Field("email", ("邮箱", "电子邮箱", "电子邮件", "邮件", "email", "e-mail", "mail"), reads(cells.email)),
    Field("wechat", ("微信", "微信号", "wechat", "weixin")),
    Field(
        "company",
        ("公司", "公司名称", "客户", "客户名称", "单位", "单位名称", "企业", "企业名称", "厂家", "company", "company name", "customer", "account", "organization"),
        _is_company,
    ),
    Field("contact_name", ("联系人", "联系人姓名", "姓名", "客户联系人", "称呼", "contact", "contact name", "name", "full name")),
    Field("province", ("省", "省份", "所在省", "province", "state")),
    Field("city", ("市", "城市", "所在市", "city")),
    Field("location", ("地区", "所在地", "省市", "区域", "地址", "所在地区", "location", "region", "area", "address"), _is_place),
    Field("source", ("来源", "线索来源", "客户来源", "渠道", "source", "lead source", "channel")),
    Field("campaign", ("活动", "市场活动", "展会", "推广活动", "campaign", "event")),
    Field("product_line", ("产品", "产品线", "意向产品", "感兴趣产品", "product", "product line", "products")),
    Field("language", ("语言", "language")),
    Field("need", ("需求", "需求描述", "需求内容", "备注", "说明", "留言", "询价内容", "need", "needs", "requirement", "message", "remark", "remarks", "note", "notes", "description"), takes_many=True),
    Field("expected_amount", ("预计金额", "预算", "金额", "意向金额", "预估金额", "采购金额", "amount", "budget", "expected amount", "value")),
    Field("owner", ("负责人", "业务员", "销售", "销售员", "跟进人", "归属人", "所属销售", "销售负责人", "owner", "sales rep", "rep", "sales", "assigned to", "salesperson")),
    Field("last_follow_up_at", ("最近跟进", "最近跟进时间", "最后跟进时间", "跟进时间", "跟进日期", "last contact", "last follow up", "last contacted")),
    Field("received_at", ("日期", "登记日期", "创建时间", "创建日期", "录入时间", "询价日期", "时间", "获取时间", "收到时间", "date", "created", "created at", "created on", "received")),
)  # fmt: skip
LINES = ("contact_name", "wechat", "source", "campaign", "product_line", "language")
READERS = {
    "company": cells.line,
    **dict.fromkeys(LINES, cells.line),
    "phone": cells.phone,
    "email": cells.email,
    "need": cells.paragraph,
    "expected_amount": cells.amount,
}


def check(row: dict[str, Cell], extra: dict[str, str], world: World) -> Checked:
    """The same demands as quick entry: somebody to ask for, and a way to reach them."""
    found = Checked()
    fields = found.fields
    for name, read in READERS.items():
        if name in row:
            _take(found, name, row[name], read)
    for name in ("received_at", "last_follow_up_at"):
        if name in row:
            _take(found, name, row[name], lambda value: cells.moment(value, world.zone, world.now))
    _where(found, row)
    _whose(found, row, world)
    if "number" in row:
        _number(found, row["number"])
    if extra:
        fields["custom"] = extra
    _keys(found)
    wrong = {problem["field"] for problem in found.problems}
    if "number" not in fields:
        if not (fields.get("company") or fields.get("contact_name")) and not wrong & {"company", "contact_name"}:
            found.wrong("company", "company_or_contact_missing")
        if not any(fields.get(name) for name in ("phone", "email", "wechat")) and not wrong & {"phone", "email", "wechat"}:
            found.wrong("phone", "contact_way_missing")
    return found


def _keys(found: Checked) -> None:
    """Exact keys against the register; within the file the phone decides, else the firm with its contact."""
    fields = found.fields
    fields["company_key"], fields["phone_key"] = company_key(fields.get("company")), phone_key(fields.get("phone"))
    found.keys = known_by(fields)
    names = [str(fields.get(name, "")).casefold() for name in ("contact_name", "email", "wechat")]
    found.file_key = fields.get("number") or fields["phone_key"] or "|".join([fields["company_key"], *names]).strip("|") or None


EXACT = ("phone", "email")


def known_by(fields: Mapping[str, Any]) -> dict[str, str]:
    """By kind: the number it was given, its exact keys (`duplicates.rules.exact_keys`) and the firm's name."""
    given = {"number": fields.get("number"), "company": fields["company_key"]}
    exact = exact_keys(phones=[fields.get("phone")], emails=[fields.get("email")])
    return {kind: key for kind, key in given.items() if key} | dict(exact)


def _take(found: Checked, name: str, value: Cell, read: Any) -> None:
    try:
        taken = read(value)
    except Wrong as error:
        found.wrong(name, error.code, value=cells.text(value)[:60], **error.params)
        return
    if taken is not None:
        found.fields[name] = taken.isoformat() if hasattr(taken, "isoformat") else taken if isinstance(taken, str) else str(taken)


def _where(found: Checked, row: dict[str, Cell]) -> None:
    """Province and city from their own columns, else from one that names both."""
    try:
        province, city = (cells.line(row.get(name), 60) for name in ("province", "city"))
        if not (province or city) and "location" in row:
            province, city = split_location(cells.line(row["location"]))
        else:
            province, city = place(province, city)
    except Wrong as error:
        found.wrong("location", error.code, **error.params)
        return
    found.fields |= {name: value[:60] for name, value in (("province", province), ("city", city)) if value}


def _whose(found: Checked, row: dict[str, Cell], world: World) -> None:
    """The owner by name or login; two people of one name cannot be told apart."""
    name = cells.text(row.get("owner")).split("(")[0].split("（")[0].strip()
    if not name:
        return
    people = world.people.get(name.casefold(), ())
    if len(people) == 1:
        found.fields["owner_id"], found.fields["owner_name"] = people[0]
    else:
        found.wrong("owner", "owner_ambiguous" if people else "unknown_owner", value=name[:60])


def _number(found: Checked, value: Cell) -> None:
    plain = NUMBER.fullmatch(cells.text(value))
    if plain:
        found.fields["number"] = plain[1]
    else:
        found.wrong("number", "not_a_number", value=cells.text(value)[:60])


NAMED: tuple[tuple[str, Hot], ...] = (("number", from_files_sql.BY_NUMBER), ("company", from_files_sql.BY_COMPANY))


async def find(session: AsyncSession, keys: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], Hit]:
    """Leads of these numbers and firms, leads and customers with these phones and addresses, by kind and key; the newest of several."""
    found = {}
    for kind, statement in NAMED:
        wanted = list(dict.fromkeys(keys.get(kind, ())))
        if wanted:
            values: list[Any] = [int(key) for key in wanted] if kind == "number" else wanted
            for row in await statement.rows(session, keys=values):
                number = rules.lead_number(row.number)
                found[kind, row.key] = Hit(kind, rules.SUBJECT, row.id, number, row.company, row.owner_name)
    exact = [(kind, key) for kind in EXACT for key in dict.fromkeys(keys.get(kind, ()))]
    for row in await duplicates.held(session, exact) if exact else ():
        found[row.kind, row.key] = Hit(row.kind, row.subject_type, row.subject_id, row.number, row.name, row.owner_name)
    return found


async def visible(session: AsyncSession, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these records the session's person sees."""
    return set(await duplicates.records(session, ids))


OWNERS = Hot("""
select l.owner_id, count(*) as leads from import_row r join lead l on l.id = r.subject_id
where r.run_id = :run and r.state = 'created' and l.owner_id is not null group by l.owner_id
""")


async def owners(session: AsyncSession, run_id: UUID) -> dict[UUID, int]:
    return {row.owner_id: row.leads for row in await OWNERS.rows(session, run=run_id)}


TARGET = Target(
    key="leads",
    subject_type=rules.SUBJECT,
    fields=FIELDS,
    creates="lead.create",
    check=check,
    keys=known_by,
    find=find,
    visible=visible,
    create=from_files.create_many,
    update=from_files.update_many,
    withdraw=from_files.withdraw_many,
    owners=owners,
    told="import.leads_for_you",
)
