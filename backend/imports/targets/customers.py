"""Customers as what a file fills: a row is a customer with one of its contacts."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.hot import Hot
from backend.customers import from_files, from_files_sql, from_files_update, rules
from backend.customers.credit_code import is_credit_code, plain_code
from backend.customers.facts import WEBSITE
from backend.customers.from_files import Became
from backend.customers.rules import ContactRole
from backend.duplicates.keys import company_key
from backend.duplicates.rules import exact_keys
from backend.identity.batches import Author, Plan
from backend.imports import cells
from backend.imports.cells import Cell, Wrong
from backend.imports.mapping import Field, reads
from backend.imports.rules import Assignment, Mode, RowState
from backend.imports.targets import rows
from backend.imports.targets.base import Checked, Hit, Outcome, Problem, Required, Target, Told, World, problem
from backend.imports.targets.known import customer_hit, customers_named, exact_hits, hit_of, visible

NUMBER = re.compile(r"KH0*([1-9]\d{0,17})", re.IGNORECASE)
TAGS = re.compile(r"[,，;；、|/\n]")
MOST_TAGS = 30
ROLES = {
    ContactRole.DECIDER: ("决策人", "决策者", "拍板人", "decider", "decision maker"),
    ContactRole.INFLUENCER: ("影响人", "影响者", "influencer"),
    ContactRole.USER: ("使用人", "使用者", "用户", "user"),
    ContactRole.PURCHASER: ("采购", "采购人", "采购员", "purchaser", "buyer"),
    ContactRole.TECHNICAL: ("技术", "技术人员", "技术负责人", "technical", "engineer"),
    ContactRole.FINANCE: ("财务", "财务人员", "finance"),
    ContactRole.GATEKEEPER: ("把关人", "守门人", "门卫", "gatekeeper"),
}
ROLE_CALLED = {word: role.value for role, words in ROLES.items() for word in (*words, role.value)}


def credit_code(value: Cell) -> str | None:
    code = plain_code(cells.text(value))
    if code and not is_credit_code(code):
        raise Wrong("bad_code")
    return code


def website(value: Cell) -> str | None:
    plain = cells.line(value)
    if plain and not WEBSITE.fullmatch(plain):
        raise Wrong("not_a_website")
    return plain


def role(value: Cell) -> str | None:
    plain = cells.text(value).casefold()
    if plain and plain not in ROLE_CALLED:
        raise Wrong("unknown_role")
    return ROLE_CALLED.get(plain)


def tags(value: Cell) -> list[str] | None:
    found = list(dict.fromkeys(tag.strip() for tag in TAGS.split(cells.text(value)) if tag.strip()))
    if len(found) > MOST_TAGS:
        raise Wrong("too_many_tags", limit=str(MOST_TAGS))
    return found or None


def number(value: Cell) -> str | None:
    plain = NUMBER.fullmatch(cells.text(value))
    if plain is None:
        raise Wrong("not_a_customer_number")
    return plain[1]


FIELDS = (
    Field("number", ("客户编号", "编号", "客户号", "customer number", "customer no", "customer id"), reads(number)),
    rows.COMPANY,
    Field("credit_code", ("统一社会信用代码", "社会信用代码", "信用代码", "税号", "纳税人识别号", "credit code", "uscc", "tax id", "tax number"), reads(credit_code)),
    Field("owner", rows.OWNERS),
    Field("backup_owner", ("备份负责人", "备份", "协作人", "副负责人", "第二负责人", "backup owner", "backup", "second owner")),
    rows.CONTACT,
    Field("title", ("职务", "职位", "联系人职务", "岗位", "title", "job title", "position")),
    Field("role", ("决策角色", "角色", "决策链角色", "采购角色", "role", "buying role")),
    rows.PHONE,
    rows.EMAIL,
    rows.WECHAT,
    Field("region", ("辖区", "销售区域", "大区", "所属区域", "sales region", "territory")),
    rows.PROVINCE,
    rows.CITY,
    Field("location", ("地区", "所在地", "省市", "所在地区", "区域", "location", "region", "area"), rows.is_place),
    Field("address", ("地址", "详细地址", "公司地址", "通讯地址", "注册地址", "address", "street")),
    Field("industry", ("行业", "所属行业", "客户行业", "industry", "sector")),
    Field("website", ("网站", "网址", "官网", "主页", "website", "web", "url", "homepage")),
    Field("payment_terms", ("付款条件", "付款方式", "账期", "结算方式", "payment terms", "terms", "payment")),
    Field("source", ("来源", "客户来源", "渠道", "source", "channel")),
    Field("tags", ("标签", "客户标签", "tags", "labels")),
    Field("notes", ("备注", "说明", "note", "notes", "remark", "remarks", "description", "comment")),
    Field("created_at", ("建立时间", "建档日期", "建档时间", "创建时间", "创建日期", "登记日期", "录入时间", "日期", "成为客户日期", "created", "created at", "created on", "added on", "customer since", "date")),
)  # fmt: skip
LINES = ("contact_name", "title", "wechat", "address", "industry", "payment_terms", "source")
READERS = {
    "number": number,
    "company": cells.line,
    "credit_code": credit_code,
    **dict.fromkeys(LINES, cells.line),
    "source": rows.source,
    "role": role,
    "phone": cells.phone,
    "email": cells.email,
    "website": website,
    "tags": tags,
    "notes": cells.paragraph,
}


def check(row: dict[str, Cell], extra: dict[str, str], world: World) -> Checked:
    """What a customer needs, and whom it names as owner and backup."""
    found = Checked()
    for name, read in READERS.items():
        if name in row:
            rows.take(found, name, row[name], read)
    if "created_at" in row:
        rows.take(found, "created_at", row["created_at"], partial(cells.moment, zone=world.zone, now=world.now))
    rows.where(found, row)
    for column in ("owner", "backup_owner"):
        rows.whose(found, row, world, column)
        keeper = found.fields.get(f"{column}_id")
        if keeper and keeper not in world.keepers:
            found.wrong(column, "cannot_own_customers", value=found.fields[f"{column}_name"])
    _region(found, row, world)
    if found.fields.get("owner_id") and found.fields.get("owner_id") == found.fields.get("backup_owner_id"):
        found.wrong("backup_owner", "same_person")
    if extra:
        found.fields["custom"] = extra
    if not any(found.fields.get(name) for name in ("number", "company", "credit_code")) and not found.problems:
        found.wrong("company", "company_missing")
    found.fields["company_key"] = company_key(found.fields.get("company"))
    found.keys = known_by(found.fields)
    found.file_key = _file_key(found)
    return found


def _region(found: Checked, row: dict[str, Cell], world: World) -> None:
    name = cells.text(row.get("region"))
    if not name:
        return
    regions = world.regions.get(name.casefold(), ())
    if len(regions) == 1:
        found.fields |= {"region_id": regions[0], "region": name}
    else:
        found.wrong("region", "unknown_region", value=name[: rows.SHOWN])


def _file_key(found: Checked) -> str | None:
    """Two rows say the same when they name one person of one firm."""
    firm = next((found.keys[kind] for kind in ("number", "credit_code", "company") if kind in found.keys), None)
    if firm is None:
        return None
    person = from_files.person_of(found.fields) or {}
    return "|".join([firm, *(str(person.get(name) or "").casefold() for name in ("name", "phone_key", "email", "wechat"))])


def known_by(fields: Mapping[str, Any]) -> dict[str, str]:
    """By kind: its number, its credit code, its name, and how its contact is reached."""
    named = {"number": fields.get("number"), "credit_code": fields.get("credit_code"), "company": fields["company_key"]}
    exact = exact_keys(phones=[fields.get("phone")], emails=[fields.get("email")])
    return {kind: key for kind, key in named.items() if key} | dict(exact)


def derived(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing: how a customer is found, all of its rows say together."""
    del fields
    return {}


def lacks(fields: Mapping[str, Any], assignment: Assignment) -> Problem | None:
    """A new customer has a name and an owner."""
    if not fields.get("company"):
        return problem("company", "company_missing")
    return problem("owner", "owner_missing") if assignment is Assignment.KEEP and not fields.get("owner_id") else None


NAMED: tuple[tuple[str, Hot], ...] = (("number", from_files_sql.BY_NUMBER), ("credit_code", from_files_sql.BY_CODE))


async def find(session: AsyncSession, keys: Mapping[str, Sequence[str]], now: datetime) -> dict[tuple[str, str], Hit]:
    """By kind and key: the customer, else an open lead with this phone or address."""
    found: dict[tuple[str, str], Hit] = {}
    for kind, statement in NAMED:
        wanted = list(dict.fromkeys(keys.get(kind, ())))
        if wanted:
            values: list[Any] = [int(key) for key in wanted] if kind == "number" else wanted
            found |= {(kind, row.key): customer_hit(kind, row) for row in await statement.rows(session, keys=values, now=now)}
    found |= {("company", key): hit for key, hit in (await customers_named(session, keys.get("company", ()), now)).items()}
    for row in await exact_hits(session, keys, now):
        if row.subject_type == rules.SUBJECT or not row.is_over:
            found.setdefault((row.kind, row.key), hit_of(row))
    return found


def stands_against(hit: Hit, owner_id: UUID | None) -> bool:
    """An existing customer always; a lead where its owner would not be the customer's: a firm never gets a second owner."""
    return hit.subject_type == rules.SUBJECT or (hit.owner_id is not None and hit.owner_id != owner_id)


def goes_to_owner(hit: Hit) -> bool:
    """What a file brings again of a customer is left out, or changes it."""
    del hit
    return False


OUTCOMES: dict[str, Outcome] = {
    Became.MADE: {"state": RowState.CREATED, "version": 1},
    Became.JOINED: {"state": RowState.JOINED},
    Became.KNOWN: {"state": RowState.UNCHANGED},
    Became.OTHER_CODE: {"state": RowState.PROBLEM, "problems": [problem("credit_code", "other_code_in_file")]},
    Became.OTHER_OWNER: {"state": RowState.PROBLEM, "problems": [problem("owner", "other_owner_in_file")]},
    from_files_update.Became.UPDATED: {"state": RowState.UPDATED},
    from_files_update.Became.UNCHANGED: {"state": RowState.UNCHANGED},
    from_files_update.Became.NEEDS_APPROVAL: {"state": RowState.PROBLEM, "problems": [problem("", "needs_approval")]},
    from_files_update.Became.SAME_PERSON: {"state": RowState.PROBLEM, "problems": [problem("backup_owner", "same_person")]},
    from_files_update.Became.CODE_TAKEN: {"state": RowState.PROBLEM, "problems": [problem("credit_code", "credit_code_taken")]},
}


async def create(session: AsyncSession, author: Author, plan: Plan, drafts: Sequence[dict[str, Any]], now: datetime) -> list[Outcome]:
    """A customer of all rows that mean one firm."""
    made = await from_files.create_many(session, author, plan, drafts, now)
    return [{**OUTCOMES[became], "subject_id": customer_id} for became, customer_id in made]


async def update(
    session: AsyncSession, author: Author, plan: Plan, wanted: Sequence[Any], *, only_empty: bool, now: datetime
) -> dict[int, Outcome]:
    """Each row by itself: what needs an approval is left out whole."""
    became = await from_files_update.update_many(session, author, plan, wanted, only_empty=only_empty, now=now)
    return {number: OUTCOMES[what] | ({"hands": hands} if hands else {}) for number, (what, hands) in became.items()}


TOLD = Hot("""
with made as materialized (
    select c.owner_id, c.backup_owner_id from import_row r join customer c on c.id = r.subject_id
    where r.run_id = :run and r.state = 'created'
), passed as materialized (
    select h.key as as_what, (array_agg(h.value ->> 'old' order by r.number))[1] as old,
        (array_agg(h.value ->> 'new' order by r.number desc))[1] as new
    from import_row r, jsonb_each(r.hands) h where r.run_id = :run and r.hands is not null group by r.subject_id, h.key
), given (kind, person_id) as (
    select 'import.customers_for_you', owner_id from made
    union all select 'import.backup_for_you', backup_owner_id from made
    union all select case as_what when 'owner_id' then 'import.customers_for_you' else 'import.backup_for_you' end, new::uuid
        from passed where new is distinct from old
    union all select 'import.customers_taken', old::uuid from passed where as_what = 'owner_id' and new is distinct from old
)
select kind, person_id, count(*) as customers from given where person_id is not null group by kind, person_id order by kind, person_id
""")
"""A customer that the rows of a file pass on several times has passed from its first hands into the last ones."""


async def told(session: AsyncSession, run_id: UUID) -> list[Told]:
    return [(row.kind, row.person_id, row.customers) for row in await TOLD.rows(session, run=run_id)]


NAME = Required("A column must name the company.", "company_column_missing", frozenset({"company"}))
WHICH = Required("A column must hold the number, the credit code or the name.", "which_missing", frozenset({"company", "credit_code"}))

TARGET = Target(
    key="customers",
    subject_type=rules.SUBJECT,
    fields=FIELDS,
    needs={Mode.CREATE: (NAME,), Mode.UPDATE: (WHICH,)},
    assignments=(Assignment.ME, Assignment.KEEP),
    may_double=False,
    creates="customer.create",
    check=check,
    lacks=lacks,
    kinds=("number", "credit_code", "company", "phone", "email"),
    identifies=frozenset({"number", "credit_code", "company"}),
    keys=known_by,
    derived=derived,
    find=find,
    stands_against=stands_against,
    goes_to_owner=goes_to_owner,
    own_joined=frozenset({"credit_code", "company"}),
    own_apart=frozenset({"phone", "email"}),
    visible=visible,
    create=create,
    update=update,
    withdraw=from_files.withdraw_many,
    told=told,
)
