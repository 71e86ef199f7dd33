"""LEAD-8: a workbook of 100,000 leads, from the upload to the last lead, with duplicates looked for; as a ratio to bare COPY of the same rows."""

import random
from collections.abc import Iterable
from uuid import UUID

from backend.duplicates.names import RULES_VERSION
from bench.figures import show
from bench.importing import Row, bare_copy, imported, shown, workbook
from tests.simulators.company import PLACES, Company
from tests.simulators.installation import Installation

ROWS, KNOWN_SHARE = 100_000, 0.02
HEADER = ("公司名称", "联系人", "手机", "邮箱", "省份", "城市", "产品", "需求", "预计金额", "登记日期", "负责人")


def rows(count: int, owners: list[str]) -> Iterable[Row]:
    """Believable and all different, but for the few that are in the register already; phones as numbers, days as text."""
    dice = random.Random(7)
    for number in range(count):
        province, city = PLACES[number % len(PLACES)]
        yield [
            f"{city}精工{number}号机械有限公司", "王经理", 13_800_000_000 + number, f"buyer{number}@example.com", province, city, "伺服电机",
            "三台非标设备，需要现场勘测后报价", dice.randrange(10_000, 900_000), f"2025/{number % 12 + 1}/{number % 28 + 1}", owners[number % len(owners)],
        ]  # fmt: skip


async def run(installation: Installation, company: Company, scale: float) -> bool:
    """One administrator imports; every fiftieth row is known already."""
    count = max(1000, round(ROWS * scale))
    logins = [row["login"] for row in await installation.rows("select login from person where id = any($1::uuid[])", company.everybody)]
    book = workbook("线索", HEADER, rows(count, logins))
    await installation.value("update person set name = login where id = any($1::uuid[]) returning 1", company.everybody)
    known = max(1, round(count * KNOWN_SHARE))
    await _know(installation, known, count, company.everybody[0])
    found = await imported(installation, company, "leads", book)
    bare = await bare_copy(installation, rows(count, logins), len(HEADER))
    wrong = await _wrong(installation, count, known, found.counts)
    return show("import_100k", **shown(found, rows=count, wrong=wrong, book=book, bare=bare, seconds=60, memory_mib=500))


async def _know(installation: Installation, known: int, count: int, owner: UUID) -> None:
    """Some of the phones are in the register before, as leads that somebody has and whose firms are registered."""
    await installation.value(
        "with made as (insert into lead (id, company, company_key, contact_name, phone, phone_key, source, received_at, last_activity_at,"
        " owner_id, state, assigned_at) select uuidv7(), '旧客户' || n, '旧客户' || n, '旧', (13800000000 + n * ($2::int / $1::int))::text,"
        " '+86' || (13800000000 + n * ($2::int / $1::int)), 'phone', now(), now(), $3::uuid, 'following', now() from generate_series(0, $1::int - 1) n returning id, phone_key), registered as ("
        " insert into identity_key (subject_type, subject_id, kind, key) select 'lead', id, 'phone', phone_key from made returning 1), settled as ("
        " insert into identity_progress (subject_type, rules_version, done_at) values ('lead', $4, now()) returning 1)"
        " select count(*) from registered",
        known,
        count,
        owner,
        RULES_VERSION,
    )


async def _wrong(installation: Installation, count: int, known: int, outcome: dict[str, int]) -> int:
    """Rows that are neither made once with all their evidence nor known before."""
    async with installation.database() as connection:
        await connection.execute("set enable_nestloop = off")
        made = await connection.fetchval(
            "select count(*) from lead l"
            " join (select lead_id as id from lead_assignment group by 1 having count(*) = 1) a using (id)"
            " join (select subject_id as id from timeline_entry group by 1 having count(*) = 2) t using (id)"
            " join (select subject_id as id from outbox where kind = 'lead.imported' group by 1 having count(*) = 1) o using (id)"
            " join (select row_id from audit_entry where table_name = 'lead' group by 1 having count(*) = 1) e on e.row_id = l.id::text"
            " where source = 'import' and owner_id is not null"
        )
    return abs(count - known - int(made)) + abs(count - known - outcome["created"]) + abs(known - outcome["duplicates"])
