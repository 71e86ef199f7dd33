"""Leads as what a file fills."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.hot import Hot
from backend.duplicates.keys import company_key, phone_key
from backend.duplicates.rules import exact_keys
from backend.identity.batches import Author, Plan
from backend.imports import cells
from backend.imports.cells import Cell
from backend.imports.mapping import Field
from backend.imports.rules import Assignment, Mode, RowState
from backend.imports.targets import rows
from backend.imports.targets.base import Checked, Hit, Outcome, Required, Target, Told, World
from backend.imports.targets.known import customers_named, exact_hits, hit_of, visible
from backend.leads import from_files, from_files_sql, rules

NUMBER = re.compile(r"XS0*([1-9]\d{0,17})", re.IGNORECASE)


FIELDS = (
    Field("number", ("线索编号", "编号", "线索号", "lead number", "lead no", "lead id")),
    rows.PHONE,
    rows.EMAIL,
    rows.WECHAT,
    rows.COMPANY,
    rows.CONTACT,
    rows.PROVINCE,
    rows.CITY,
    Field("location", ("地区", "所在地", "省市", "区域", "地址", "所在地区", "location", "region", "area", "address"), rows.is_place),
    Field("source", ("来源", "线索来源", "客户来源", "渠道", "source", "lead source", "channel")),
    Field("campaign", ("活动", "市场活动", "展会", "推广活动", "campaign", "event")),
    Field("product_line", ("产品", "产品线", "意向产品", "感兴趣产品", "product", "product line", "products")),
    Field("language", ("语言", "language")),
    Field("need", ("需求", "需求描述", "需求内容", "备注", "说明", "留言", "询价内容", "need", "needs", "requirement", "message", "remark", "remarks", "note", "notes", "description"), takes_many=True),
    Field("expected_amount", ("预计金额", "预算", "金额", "意向金额", "预估金额", "采购金额", "amount", "budget", "expected amount", "value")),
    Field("owner", rows.OWNERS),
    Field("last_follow_up_at", ("最近跟进", "最近跟进时间", "最后跟进时间", "跟进时间", "跟进日期", "last contact", "last follow up", "last contacted")),
    Field("received_at", ("日期", "登记日期", "创建时间", "创建日期", "录入时间", "询价日期", "时间", "获取时间", "收到时间", "date", "created", "created at", "created on", "received")),
)  # fmt: skip
LINES = ("contact_name", "wechat", "source", "campaign", "product_line", "language")
READERS = {
    "company": cells.line,
    **dict.fromkeys(LINES, cells.line),
    "source": rows.source,
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
            rows.take(found, name, row[name], read)
    for name in ("received_at", "last_follow_up_at"):
        if name in row:
            rows.take(found, name, row[name], lambda value: cells.moment(value, world.zone, world.now))
    rows.where(found, row)
    rows.whose(found, row, world)
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


def known_by(fields: Mapping[str, Any]) -> dict[str, str]:
    """By kind: the number it was given, its exact keys (`duplicates.rules.exact_keys`) and the firm's name."""
    given = {"number": fields.get("number"), "company": fields["company_key"]}
    exact = exact_keys(phones=[fields.get("phone")], emails=[fields.get("email")])
    return {kind: key for kind, key in given.items() if key} | dict(exact)


def _number(found: Checked, value: Cell) -> None:
    plain = NUMBER.fullmatch(cells.text(value))
    if plain:
        found.fields["number"] = plain[1]
    else:
        found.wrong("number", "not_a_number", value=cells.text(value)[:60])


NAMED: tuple[tuple[str, Hot], ...] = (("number", from_files_sql.BY_NUMBER), ("company", from_files_sql.BY_COMPANY))
Ranked = dict[tuple[str, str], tuple[int, Hit]]


async def find(session: AsyncSession, keys: Mapping[str, Sequence[str]], now: datetime) -> dict[tuple[str, str], Hit]:
    """By kind and key: an open lead, else the customer, else a lead that became one; the newest of several."""
    found: Ranked = {}

    def meet(kind: str, key: str, rank: int, hit: Hit) -> None:
        if (kind, key) not in found or rank < found[kind, key][0]:
            found[kind, key] = rank, hit

    for kind, statement in NAMED:
        wanted = list(dict.fromkeys(keys.get(kind, ())))
        if wanted:
            values: list[Any] = [int(key) for key in wanted] if kind == "number" else wanted
            for row in await statement.rows(session, keys=values):
                number = rules.lead_number(row.number)
                meet(kind, row.key, 2 * row.is_over, Hit(kind, rules.SUBJECT, row.id, number, row.company, row.owner_id, row.owner_name))
    for key, hit in (await customers_named(session, keys.get("company", ()), now)).items():
        meet("company", key, 1, hit)
    for row in await exact_hits(session, keys, now):
        meet(row.kind, row.key, 2 * row.is_over if row.subject_type == rules.SUBJECT else 1, hit_of(row))
    return {place: hit for place, (_, hit) in found.items()}


def stands_against(hit: Hit, owner_id: UUID | None) -> bool:
    """Somebody works on it, whoever that is."""
    del hit, owner_id
    return True


def goes_to_owner(hit: Hit) -> bool:
    """LEAD-4: what asks for a customer goes to its owner."""
    return hit.subject_type != rules.SUBJECT and hit.owner_id is not None and hit.owner_works


OWNERS = Hot("""
select l.owner_id, count(*) as leads from import_row r join lead l on l.id = r.subject_id
where r.run_id = :run and r.state = 'created' and l.owner_id is not null group by l.owner_id
""")


async def told(session: AsyncSession, run_id: UUID) -> list[Told]:
    return [("import.leads_for_you", row.owner_id, row.leads) for row in await OWNERS.rows(session, run=run_id)]


async def create(session: AsyncSession, author: Author, plan: Plan, drafts: Sequence[dict[str, Any]], now: datetime) -> list[Outcome]:
    """A lead of each draft."""
    await from_files.create_many(session, author, plan, drafts, now)
    return [{"state": RowState.CREATED, "subject_id": draft["id"], "version": 1} for draft in drafts]


async def update(
    session: AsyncSession, author: Author, plan: Plan, wanted: Sequence[Any], *, only_empty: bool, now: datetime
) -> dict[int, Outcome]:
    """Of several rows that mean one lead the last one counts."""
    by_lead = {row.subject_id: row.fields for row in wanted}
    done = await from_files.update_many(session, author, plan, by_lead, only_empty=only_empty, now=now)
    return {row.number: {"state": done[row.subject_id]} for row in wanted if row.subject_id in done}


def lacks(fields: Mapping[str, Any], assignment: Assignment) -> None:
    """A lead may come without an owner: the rules choose one."""
    del fields, assignment


NEEDED = (
    Required("A column must name the company or the contact.", "who_missing", frozenset({"company", "contact_name"})),
    Required("A column must hold the phone, e-mail or WeChat.", "reach_missing", frozenset({"phone", "email", "wechat"})),
)

TARGET = Target(
    key="leads",
    subject_type=rules.SUBJECT,
    fields=FIELDS,
    needs={Mode.CREATE: NEEDED, Mode.UPDATE: NEEDED},
    assignments=(Assignment.ROUTE, Assignment.KEEP, Assignment.ME, Assignment.POOL),
    may_double=True,
    creates="lead.create",
    check=check,
    lacks=lacks,
    kinds=("number", "phone", "email", "company"),
    identifies=frozenset({"number", "phone", "email", "company"}),
    keys=known_by,
    derived=from_files.derived,
    find=find,
    stands_against=stands_against,
    goes_to_owner=goes_to_owner,
    own_joined=frozenset(),
    own_apart=frozenset({"company"}),
    visible=visible,
    create=create,
    update=update,
    withdraw=from_files.withdraw_many,
    told=told,
)
