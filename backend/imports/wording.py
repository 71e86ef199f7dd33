"""Why a row was left out, in the language of the person who imports; screens have words of their own (pure)."""

from collections.abc import Mapping, Sequence
from typing import Any

FIELDS = {
    "number": ("编号", "Number"), "phone": ("手机 / 电话", "Phone"), "email": ("邮箱", "Email"), "wechat": ("微信", "WeChat"),
    "company": ("公司", "Company"), "contact_name": ("联系人", "Contact"), "province": ("省份", "Province"), "city": ("城市", "City"),
    "location": ("地区", "Location"), "source": ("来源", "Source"), "campaign": ("市场活动", "Campaign"), "product_line": ("产品线", "Product line"),
    "language": ("语言", "Language"), "need": ("需求", "Need"), "expected_amount": ("预计金额", "Expected amount"), "owner": ("负责人", "Owner"),
    "last_follow_up_at": ("最近跟进", "Last follow-up"), "received_at": ("创建时间", "Received"), "credit_code": ("信用代码", "Credit code"),
    "backup_owner": ("备份负责人", "Backup owner"), "title": ("职务", "Title"), "role": ("决策角色", "Role"), "region": ("辖区", "Sales region"),
    "address": ("地址", "Address"), "industry": ("行业", "Industry"), "website": ("网站", "Website"), "payment_terms": ("付款条件", "Payment terms"),
    "tags": ("标签", "Tags"), "notes": ("备注", "Notes"), "created_at": ("建档日期", "Customer since"),
    "product_code": ("产品编码", "Product code"), "product_name": ("产品名称", "Product name"), "product_family": ("产品族编码", "Family code"),
    "specification": ("规格", "Specification"), "unit": ("单位", "Unit"), "standard_lead_days": ("标准交期（工作日）", "Standard lead time (working days)"),
    "price_floor": ("最低价", "Price floor"), "currency": ("币种", "Currency"), "drawing_no": ("图号", "Drawing"), "drawing_revision": ("图纸版本", "Drawing revision"),
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
    "not_a_customer_number": ("“{value}”不是客户编号（例如 KH00000123）", "“{value}” is no customer number (such as KH00000123)"),
    "bad_code": (
        "{field}“{value}”不正确：应为 18 位，且校验位要对得上",
        "{field} “{value}” is wrong: it has 18 characters, the last of which checks the others",
    ),
    "not_a_website": ("{field}“{value}”不是网址", "{field} “{value}” is no web address"),
    "unknown_role": (
        "{field}“{value}”无法识别，可填：决策人、影响人、使用人、采购、技术、财务、把关人",
        "{field} “{value}” is unknown; use decider, influencer, user, purchaser, technical, finance or gatekeeper",
    ),
    "too_many_tags": ("{field}超过 {limit} 个", "More than {limit} {field}"),
    "unknown_region": ("没有叫“{value}”的辖区", "There is no sales region called “{value}”"),
    "company_missing": ("没有填公司名称", "The company is not given"),
    "owner_missing": ("没有填负责人", "No owner is given"),
    "cannot_own_customers": ("“{value}”没有负责客户的权限", "“{value}” may not look after customers"),
    "same_person": ("备份负责人不能与负责人是同一人", "Owner and backup must be two people"),
    "other_code_in_file": ("同一公司在文件里有两个不同的信用代码", "The file gives this company two different credit codes"),
    "other_owner_in_file": (
        "电话或邮箱在文件里已属于另一位同事的客户",
        "The file gives this phone or e-mail to a customer of another colleague",
    ),
    "needs_approval": ("需主管审批：请在客户页提交变更", "Needs the approval of a superior: ask for the change on the customer's page"),
    "credit_code_taken": ("信用代码属于另一家客户", "The credit code belongs to another customer"),
    "not_a_lead_time": ("{field}“{value}”不是 0 到 {limit} 的整数", "{field} “{value}” is no whole number from 0 to {limit}"),
    "not_a_currency": ("{field}“{value}”不是三个字母的币种代码", "{field} “{value}” is no currency code of three letters"),
    "product_code_missing": ("没有填产品编码", "The product code is not given"),
    "product_lacks": ("新产品要填{field}", "A new product needs its {field}"),
    "unknown_family": ("产品目录里没有这个产品族", "There is no such family in the catalogue"),
    "product_archived": ("产品已归档，请先恢复", "The product is archived; restore it first"),
    "floor_not_allowed": ("你的角色不能填写最低价", "Your roles do not allow you to set price floors"),
    "revision_without_drawing": ("有图纸版本，但没有图号", "A revision is given, but no drawing"),
    "not_found": ("没有可更新的记录", "There is no record to update"),
    "not_allowed_to_change": ("你没有权限修改这条记录", "You may not change this record"),
    "changed_since": ("导入后已有人处理，未撤销", "Somebody has worked on it since; not undone"),
}
MATCHES = {
    "file": ("与第 {row} 行重复", "Same as row {row}"),
    "file_changes": ("与第 {row} 行更新同一条，以第 {row} 行为准", "Changes the same as row {row}, which counts"),
    "product_code": ("目录里已有这个编码：{company}（{number}）", "The catalogue has this code: {company} ({number})"),
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
    "credit_code": (
        "信用代码与现有{what}重复：{company}（{number}），{whose}",
        "Credit code of an existing {what}: {company} ({number}), {whose}",
    ),
    "number": ("编号对应的记录不在你的可见范围，请联系 {owner}", "The record of this number is outside your reach; ask {owner}"),
    "masked": ("已有同一电话、邮箱或公司的记录，请联系 {owner}", "A record with this phone, e-mail or company exists; ask {owner}"),
    "to_owner": (
        "已是客户：{company}（{number}），这条线索归其负责人 {owner}",
        "A customer already: {company} ({number}); the lead goes to its owner {owner}",
    ),
    "to_owner_masked": ("已是 {owner} 的客户，这条线索归 {owner}", "A customer of {owner} already; the lead goes to {owner}"),
}
OUT_OF_SIGHT = {**dict.fromkeys(("phone", "email", "company", "credit_code"), "masked"), "to_owner": "to_owner_masked"}
SUBJECTS = {"lead": ("线索", "lead"), "customer": ("客户", "customer"), "product": ("产品", "product")}
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
    kind = found["kind"] if found.get("id") else OUT_OF_SIGHT.get(found["kind"], found["kind"])
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
