"""Why a row was left out, in the language of the person who imports; screens have words of their own (pure)."""

from collections.abc import Mapping, Sequence
from typing import Any

FIELDS = {
    "number": ("线索编号", "Lead number"), "phone": ("手机 / 电话", "Phone"), "email": ("邮箱", "Email"), "wechat": ("微信", "WeChat"),
    "company": ("公司", "Company"), "contact_name": ("联系人", "Contact"), "province": ("省份", "Province"), "city": ("城市", "City"),
    "location": ("地区", "Location"), "source": ("来源", "Source"), "campaign": ("市场活动", "Campaign"), "product_line": ("产品线", "Product line"),
    "language": ("语言", "Language"), "need": ("需求", "Need"), "expected_amount": ("预计金额", "Expected amount"), "owner": ("负责人", "Owner"),
    "last_follow_up_at": ("最近跟进", "Last follow-up"), "received_at": ("创建时间", "Received"),
}  # fmt: skip
REASONS = {
    "too_long": ("{field}超过 {limit} 个字", "{field} is longer than {limit} characters"),
    "not_a_phone": ("{field}“{value}”不是电话号码", "{field} “{value}” is no phone number"),
    "phone_digits_lost": (
        "{field}“{value}”被表格软件改成了科学计数，后几位已丢失；请把该列设为“文本”后重新填写",
        "{field} “{value}” was cut by the spreadsheet; set the column to Text and enter it again",
    ),
    "not_an_email": ("{field}“{value}”不是邮箱地址", "{field} “{value}” is no e-mail address"),
    "not_an_amount": ("{field}“{value}”不是金额", "{field} “{value}” is no amount"),
    "not_a_date": ("{field}“{value}”不是日期", "{field} “{value}” is no date"),
    "date_in_future": ("{field}“{value}”在将来", "{field} “{value}” lies in the future"),
    "company_or_contact_missing": ("公司和联系人都没有填", "Neither company nor contact is given"),
    "contact_way_missing": ("电话、邮箱、微信都没有填，无法联系", "No phone, e-mail or WeChat is given"),
    "unknown_owner": ("没有叫“{value}”的在职同事", "No colleague is called “{value}”"),
    "owner_ambiguous": ("有多位同事叫“{value}”，请改填账号", "Several colleagues are called “{value}”; give the login"),
    "not_a_number": ("“{value}”不是线索编号（例如 XS00000123）", "“{value}” is no lead number (such as XS00000123)"),
    "not_found": ("没有可更新的记录", "There is no record to update"),
    "not_allowed_to_change": ("你没有权限修改这条记录", "You may not change this record"),
    "changed_since": ("导入后已有人处理，未撤销", "Somebody has worked on it since; not undone"),
}
MATCHES = {
    "file": ("与第 {row} 行重复", "Same as row {row}"),
    "phone": (
        "电话与现有{what}重复：{company}（{number}），{whose}",
        "Phone of an existing {what}: {company} ({number}), {whose}",
    ),
    "email": (
        "邮箱与现有{what}重复：{company}（{number}），{whose}",
        "E-mail of an existing {what}: {company} ({number}), {whose}",
    ),
    "company": (
        "公司与现有{what}重复：{company}（{number}），{whose}",
        "Company of an existing {what}: {company} ({number}), {whose}",
    ),
    "changed": ("对应现有{what}：{company}（{number}），{whose}", "Existing {what}: {company} ({number}), {whose}"),
    "number": ("编号对应的线索不在你的可见范围，请联系 {owner}", "The lead of this number is outside your reach; ask {owner}"),
    "masked": ("已有同一电话、邮箱或公司的记录，请联系 {owner}", "A record with this phone, e-mail or company exists; ask {owner}"),
}
SUBJECTS = {"lead": ("线索", "lead"), "customer": ("客户", "customer")}
ASK_INSTEAD = ("管理员", "an administrator")
"""Whom to ask about a record out of sight that nobody has."""
WHOSE = (("负责人 {owner}", "暂无负责人"), ("owner {owner}", "no owner yet"))
HEADINGS = (("行号", "原因"), ("Row", "Reason"))


def _side(locale: str) -> int:
    return int(locale.startswith("en"))


def field_name(key: str, locale: str) -> str:
    return FIELDS.get(key, (key, key))[_side(locale)]


def reason(problem: Mapping[str, Any], locale: str) -> str:
    """One problem of a row as a sentence."""
    code = str(problem["code"])
    words = REASONS.get(code, (code, code))[_side(locale)]
    values = {"field": field_name(str(problem.get("field", "")), locale), "value": "", "limit": "", **problem.get("params", {})}
    return str(words.format_map(values))


def match(found: Mapping[str, Any], locale: str) -> str:
    """What a row is a duplicate of; what the importer may not see is only said to exist."""
    side = _side(locale)
    kind = "masked" if found["kind"] in {"phone", "email", "company"} and not found.get("id") else found["kind"]
    what = SUBJECTS[found.get("subject_type", "lead")][side]
    owner, (owned, ownerless) = found.get("owner"), WHOSE[side]
    whose = owned.format(owner=owner) if owner else ownerless
    said = {"what": what, "row": "", "company": "", "number": "", **found, "owner": owner or ASK_INSTEAD[side], "whose": whose}
    return MATCHES[kind][side].format_map(said)


def reasons(problems: Sequence[Mapping[str, Any]] | None, matched: Mapping[str, Any] | None, locale: str) -> str:
    """All that is to be said about a row that was left out."""
    said = [reason(problem, locale) for problem in problems or ()]
    if matched is not None and not said:
        said.append(match(matched, locale))
    return ("; " if _side(locale) else "；").join(said)
