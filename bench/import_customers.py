"""A workbook of 20,000 rows that name customers with one to three contacts each, as `import_100k` measures leads."""

import random
from collections.abc import Iterable
from uuid import UUID

from backend.customers.credit_code import check_digit
from bench.figures import show
from bench.importing import Row, bare_copy, imported, shown, workbook
from tests.simulators.company import PLACES, Company
from tests.simulators.installation import Installation

ROWS, KNOWN_EVERY = 20_000, 50
HEADER = (
    "公司名称", "统一社会信用代码", "联系人", "职务", "手机", "邮箱", "省份", "城市", "详细地址", "行业", "付款条件", "标签", "建档日期", "负责人",
)  # fmt: skip
FIRM = 0
TITLES = ("采购经理", "设备部长", "总经理")


def rows(count: int, owners: list[str]) -> Iterable[Row]:
    """Firms with their contacts one below the other, every other firm with its credit code."""
    dice, number, firm = random.Random(8), 0, 0
    while number < count:
        province, city = PLACES[firm % len(PLACES)]
        name, code = f"{city}恒力{firm}号机械有限公司", _code(firm) if firm % 2 else ""
        for title in TITLES[: min(dice.randint(1, 3), count - number)]:
            yield [
                name, code, f"王{number}", title, 13_900_000_000 + number, f"person{number}@example.com", province, city,
                f"科技路{firm}号", "汽车零部件", "月结30天", "老客户,华东", f"2024/{firm % 12 + 1}/{firm % 28 + 1}", owners[firm % len(owners)],
            ]  # fmt: skip
            number += 1
        firm += 1


def _code(firm: int) -> str:
    start = f"91320500MA1{firm:06}"
    return start + check_digit(start)


async def run(installation: Installation, company: Company, scale: float) -> bool:
    """One administrator imports; every fiftieth firm is a customer already."""
    count = max(1000, round(ROWS * scale))
    await installation.value("update person set name = login where id = any($1::uuid[]) returning 1", company.everybody)
    logins = [row["login"] for row in await installation.rows("select login from person where id = any($1::uuid[])", company.everybody)]
    given = list(rows(count, logins))
    firms = list(dict.fromkeys(row[FIRM] for row in given))
    known = set(firms[::KNOWN_EVERY])
    await _know(installation, sorted(known), company.everybody[0])
    book = workbook("客户", HEADER, given)
    found = await imported(installation, company, "customers", book)
    bare = await bare_copy(installation, given, len(HEADER))
    wrong = await _wrong(installation, [row for row in given if row[FIRM] not in known], len(firms) - len(known), found.counts, count)
    return show("import_customers", **shown(found, rows=count, wrong=wrong, book=book, bare=bare, seconds=30, memory_mib=500))


async def _know(installation: Installation, names: list[str], owner: UUID) -> None:
    """Some of the firms are customers before."""
    await installation.value(
        "with made as (insert into customer (id, name, name_key, source, owner_id, created_by, created_at, last_activity_at)"
        " select uuidv7(), n, replace(n, '有限公司', ''), 'manual', $2, $2, now(), now() from unnest($1::text[]) n returning 1) select count(*) from made",
        names,
        owner,
    )


async def _wrong(installation: Installation, new: list[Row], firms: int, counts: dict[str, int], total: int) -> int:
    """Customers that are not made once with all their evidence and contacts, and rows that are counted as what they are not."""
    async with installation.database() as connection:
        await connection.execute("set enable_nestloop = off")
        [(made, contacts)] = await connection.fetch(
            "select count(*), sum(p.people) from customer c"
            " join (select customer_id as id, count(*) as people from contact group by 1 having count(*) filter (where is_primary) = 1) p using (id)"
            " join (select subject_id as id from timeline_entry where kind = 'customer.created' group by 1 having count(*) = 1) t using (id)"
            " join (select subject_id as id from outbox where kind = 'customer.imported' group by 1 having count(*) = 1) o using (id)"
            " join (select row_id from audit_entry where table_name = 'customer' and action = 'insert' group by 1 having count(*) = 1) e"
            "   on e.row_id = c.id::text"
            " join (select subject_id as id, count(*) filter (where kind = 'phone') as phones from identity_key group by 1) k using (id)"
            " where c.source = 'import' and k.phones = p.people"
        )
        reached = await connection.fetchval("select count(distinct phone_key) from contact")
    expected = {"created": firms, "joined": len(new) - firms, "duplicates": total - len(new)}
    miscounted = sum(abs(counts[name] - expected[name]) for name in expected)
    return abs(firms - int(made)) + abs(len(new) - int(contacts)) + abs(len(new) - int(reached)) + miscounted
