"""Products of the catalogue as what a file fills: a row is a product, known by its code."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import from_files
from backend.catalogue.rules import LONGEST_LEAD_DAYS
from backend.catalogue.schemas import Outcome as Upserted
from backend.catalogue.schemas import UpsertedRow
from backend.core.db import Lens, bind
from backend.identity.batches import Author, Plan
from backend.imports import cells
from backend.imports.cells import Cell, Wrong
from backend.imports.mapping import Field
from backend.imports.rules import Assignment, Mode, RowState
from backend.imports.targets import rows
from backend.imports.targets.base import Checked, Hit, Outcome, Problem, Required, Target, Told, World, problem

SUBJECT, CODE = "product", "product_code"
LONGEST_CODE = 60


def lead_days(value: Cell) -> str | None:
    plain = cells.text(value).removesuffix("个工作日").removesuffix("工作日").removesuffix("天").strip()
    if plain and not (plain.isascii() and plain.isdecimal() and int(plain[:9]) <= LONGEST_LEAD_DAYS and len(plain) <= 4):
        raise Wrong("not_a_lead_time", limit=str(LONGEST_LEAD_DAYS))
    return plain or None


def currency(value: Cell) -> str | None:
    plain = cells.text(value).upper()
    plain = {"人民币": "CNY", "RMB": "CNY", "美元": "USD", "欧元": "EUR"}.get(plain, plain)
    if plain and not (len(plain) == 3 and plain.isascii() and plain.isalpha()):
        raise Wrong("not_a_currency")
    return plain or None


FIELDS = (
    Field(CODE, ("产品编码", "编码", "物料编码", "料号", "产品代码", "品号", "product code", "item code", "material code", "part number", "code", "sku")),
    Field("product_name", ("产品名称", "名称", "品名", "物料名称", "product name", "item name", "name", "description")),
    Field("product_family", ("产品族编码", "产品族", "产品族代码", "物料分组", "family code", "family", "product family", "group")),
    Field("specification", ("规格", "规格型号", "型号", "specification", "spec", "model")),
    Field("unit", ("单位", "计量单位", "基本单位", "unit", "uom")),
    Field("standard_lead_days", ("标准交期（工作日）", "标准交期", "交期", "提前期", "standard lead time (working days)", "standard lead time", "lead time", "lead days")),
    Field("price_floor", ("最低价", "底价", "最低售价", "price floor", "floor", "minimum price")),
    Field("currency", ("币种", "币别", "currency")),
    Field("drawing_no", ("图号", "图纸号", "drawing", "drawing no", "drawing number")),
    Field("drawing_revision", ("图纸版本", "版本", "图纸版次", "drawing revision", "revision", "rev")),
)  # fmt: skip
short = partial(cells.line, limit=LONGEST_CODE)
READERS: dict[str, Callable[[Cell], Any]] = {
    CODE: short,
    "product_name": cells.line,
    "product_family": short,
    "specification": cells.line,
    "unit": partial(cells.line, limit=20),
    "standard_lead_days": lead_days,
    "price_floor": cells.amount,
    "currency": currency,
    "drawing_no": short,
    "drawing_revision": short,
}
SAME_NAME = ("specification", "unit", "drawing_no", "drawing_revision")


def check(row: dict[str, Cell], extra: dict[str, str], world: World) -> Checked:
    """A product is known by its code; what a catalogue has no place for is left out."""
    del extra, world
    found = Checked()
    for name, read in READERS.items():
        if name in row:
            rows.take(found, name, row[name], read)
    if not found.fields.get(CODE) and not found.problems:
        found.wrong(CODE, "product_code_missing")
    found.keys, found.file_key = keys(found.fields), found.fields.get(CODE)
    return found


def keys(fields: Mapping[str, Any]) -> dict[str, str]:
    return {CODE: fields[CODE]} if fields.get(CODE) else {}


def lacks(fields: Mapping[str, Any], assignment: Assignment) -> Problem | None:
    """A new product has a name and a family."""
    del assignment
    missing = next((name for name in ("product_name", "product_family") if not fields.get(name)), None)
    return problem(missing, "product_lacks") if missing else None


def derived(fields: Mapping[str, Any]) -> dict[str, Any]:
    del fields
    return {}


async def find(session: AsyncSession, keys: Mapping[str, Sequence[str]], now: datetime) -> dict[tuple[str, str], Hit]:
    del now
    found = await from_files.named(session, keys.get(CODE, ()))
    return {(CODE, row.code): Hit(CODE, SUBJECT, row.id, row.code, row.name, None, None) for row in found}


def stands_against(hit: Hit, owner_id: UUID | None) -> bool:
    del hit, owner_id
    return True


def goes_to_owner(hit: Hit) -> bool:
    """Products belong to nobody."""
    del hit
    return False


async def visible(session: AsyncSession, ids: Sequence[UUID]) -> set[UUID]:
    """Everybody reads the catalogue."""
    del session
    return set(ids)


STATES = {
    Upserted.CREATED: RowState.CREATED,
    Upserted.UPDATED: RowState.UPDATED,
    Upserted.UNCHANGED: RowState.UNCHANGED,
    Upserted.REFUSED: RowState.PROBLEM,
}
PROBLEMS = {
    ("#/family", "unknown"): problem("product_family", "unknown_family"),
    ("#/family", "missing"): problem("product_family", "product_lacks"),
    ("#/name", "missing"): problem("product_name", "product_lacks"),
    ("#/code", "archived"): problem(CODE, "product_archived"),
    ("#/price_floor", "not_allowed"): problem("price_floor", "floor_not_allowed"),
    ("#/drawing_no", "missing"): problem("drawing_no", "revision_without_drawing"),
}


def _sent(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The row as an upsert says it; an empty cell says nothing."""
    said = {name: fields[name] for name in SAME_NAME if name in fields}
    renamed = {"code": CODE, "name": "product_name", "family": "product_family"}
    said |= {name: fields[column] for name, column in renamed.items() if column in fields}
    if "standard_lead_days" in fields:
        said["standard_lead_days"] = int(fields["standard_lead_days"])
    if "price_floor" in fields:
        said["price_floor"] = {"amount": fields["price_floor"], "currency": fields.get("currency") or "CNY"}
    return said


def _outcome(row: UpsertedRow) -> Outcome:
    found: Outcome = {"state": STATES[row.outcome]}
    if row.outcome is Upserted.REFUSED:
        return found | {"problems": [PROBLEMS[error.pointer, error.code] for error in row.errors]}
    return found | {"subject_id": row.id, "version": row.version}


async def create(session: AsyncSession, author: Author, plan: Plan, drafts: Sequence[dict[str, Any]], now: datetime) -> list[Outcome]:
    """In the name of whoever imports."""
    del plan
    await session.flush()
    await bind(session, Lens.PERSON, str(author.id))
    made = await from_files.put_many(session, [_sent(draft) for draft in drafts], now, only_empty=False) if drafts else []
    await bind(session, Lens.SYSTEM, str(author.id))
    refused: Outcome = {"state": RowState.PROBLEM, "problems": [problem(CODE, "not_allowed_to_change")]}
    return [refused for _ in drafts] if made is None else [_outcome(row) for row in made]


async def update(
    session: AsyncSession, author: Author, plan: Plan, wanted: Sequence[Any], *, only_empty: bool, now: datetime
) -> dict[int, Outcome]:
    """Each row by itself."""
    del author, plan
    became = await from_files.put_many(session, [_sent(row.fields) for row in wanted], now, only_empty=only_empty)
    return {row.number: _outcome(one) for row, one in zip(wanted, became or (), strict=became is not None)}


async def withdraw(session: AsyncSession, author: Author, plan: Plan, made: Mapping[UUID, int], reason: str, now: datetime) -> set[UUID]:
    del plan
    return await from_files.withdraw_many(session, author, made, reason, now)


async def told(session: AsyncSession, run_id: UUID) -> list[Told]:
    """Products are given to nobody."""
    del session, run_id
    return []


CODE_COLUMN = Required("A column must hold the product code.", "product_code_column_missing", frozenset({CODE}))

TARGET = Target(
    key="products",
    subject_type=SUBJECT,
    fields=FIELDS,
    needs={Mode.CREATE: (CODE_COLUMN,), Mode.UPDATE: (CODE_COLUMN,)},
    assignments=(Assignment.ME,),
    may_double=False,
    creates="catalogue.edit",
    check=check,
    lacks=lacks,
    kinds=(CODE,),
    identifies=frozenset({CODE}),
    keys=keys,
    derived=derived,
    find=find,
    stands_against=stands_against,
    goes_to_owner=goes_to_owner,
    own_joined=frozenset(),
    own_apart=frozenset(),
    visible=visible,
    create=create,
    update=update,
    withdraw=withdraw,
    told=told,
)
