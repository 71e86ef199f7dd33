"""What rows of all registers have in common: how a cell, a place and a person are read (pure)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from backend.identity.places import PROVINCES, place, split_location
from backend.imports import cells, sources
from backend.imports.cells import Cell, Wrong
from backend.imports.mapping import Field, reads
from backend.imports.targets.base import Checked, World

COMPANY_ENDINGS = ("公司", "厂", "集团", "商行", "研究所", "研究院", "大学", "经营部", "ltd", "ltd.", "inc", "inc.", "gmbh", "llc")
SHOWN = 60
"""So much of a wrong cell is repeated in the reason."""


def _is_company(value: Cell) -> bool:
    return cells.text(value).casefold().endswith(COMPANY_ENDINGS)


def is_place(value: Cell) -> bool:
    return split_location(cells.text(value))[0] in PROVINCES


def source(value: Cell) -> str | None:
    """A known source by its word, or what the company calls it."""
    return sources.code(cells.line(value))


PHONE = Field(
    "phone",
    ("手机", "手机号", "手机号码", "联系电话", "电话", "联系方式", "移动电话", "固定电话", "座机", "mobile", "phone", "tel", "telephone", "cell", "cellphone"),
    reads(cells.phone),
    takes_many=True,
)  # fmt: skip
EMAIL = Field("email", ("邮箱", "电子邮箱", "电子邮件", "邮件", "email", "e-mail", "mail"), reads(cells.email))
WECHAT = Field("wechat", ("微信", "微信号", "wechat", "weixin"))
COMPANY = Field(
    "company",
    ("公司", "公司名称", "客户", "客户名称", "单位", "单位名称", "企业", "企业名称", "厂家", "company", "company name", "customer", "account", "organization"),
    _is_company,
)  # fmt: skip
CONTACT = Field("contact_name", ("联系人", "联系人姓名", "姓名", "客户联系人", "称呼", "contact", "contact name", "name", "full name"))
PROVINCE = Field("province", ("省", "省份", "所在省", "province", "state"))
CITY = Field("city", ("市", "城市", "所在市", "city"))
OWNERS = (
    "负责人", "业务员", "销售", "销售员", "跟进人", "归属人", "所属销售", "销售负责人", "owner", "sales rep", "rep", "sales", "assigned to", "salesperson",
)  # fmt: skip


def take(found: Checked, name: str, value: Cell, read: Callable[[Cell], Any]) -> None:
    """The cell in its stored form, or what is wrong with it."""
    try:
        taken = read(value)
    except Wrong as error:
        found.wrong(name, error.code, value=cells.text(value)[:SHOWN], **error.params)
        return
    if taken is not None:
        found.fields[name] = taken.isoformat() if isinstance(taken, date) else taken if isinstance(taken, str | list) else str(taken)


def where(found: Checked, row: dict[str, Cell]) -> None:
    """Province and city from their own columns, else from one that names both."""
    try:
        province, city = (cells.line(row.get(name), SHOWN) for name in ("province", "city"))
        if not (province or city) and "location" in row:
            province, city = split_location(cells.line(row["location"]))
        else:
            province, city = place(province, city)
    except Wrong as error:
        found.wrong("location", error.code, **error.params)
        return
    found.fields |= {name: value[:SHOWN] for name, value in (("province", province), ("city", city)) if value}


def whose(found: Checked, row: dict[str, Cell], world: World, column: str = "owner") -> None:
    """A colleague by name or login; two people of one name cannot be told apart."""
    name = cells.text(row.get(column)).split("(")[0].split("（")[0].strip()
    if not name:
        return
    people = world.people.get(name.casefold(), ())
    if len(people) == 1:
        found.fields[f"{column}_id"], found.fields[f"{column}_name"] = people[0]
    else:
        found.wrong(column, "owner_ambiguous" if people else "unknown_owner", value=name[:SHOWN])
