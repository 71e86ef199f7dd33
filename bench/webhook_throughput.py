"""LEAD-2: durable answers a second, against the same rows inserted bare."""

import asyncio
import time
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from bench.figures import milliseconds, percentile, show
from bench.machine import generate
from tests.simulators.installation import Installation

CONCURRENCY, SECONDS = 32, 10.0
LIMIT = 0.25
ROWS_OF_ONE_LEAD = (
    ("submission", "select * from submission where lead_id = $1"),
    ("lead", "select * from lead where id = $1"),
    ("timeline_entry", "select * from timeline_entry where subject_id = $1"),
    ("outbox", "select * from outbox where subject_id = $1"),
    ("audit_entry", "select * from audit_entry where table_name = 'lead' and row_id = $1::uuid::text"),
)
WRITABLE = "select column_name from information_schema.columns where table_name = $1 and is_identity = 'NO' and is_generated = 'NEVER' order by ordinal_position"
Row = tuple[str, dict[str, Any]]


async def run(installation: Installation, scale: float) -> bool:
    """32 connections post without a pause; then 32 connections insert without a pause."""
    seconds = max(3.0, SECONDS * scale)
    generate(installation, concurrency=CONCURRENCY, seconds=1.0)
    seen = generate(installation, concurrency=CONCURRENCY, seconds=seconds)
    kept = await installation.value("select count(*) from lead where id = any($1::uuid[])", [UUID(lead) for lead, _, _ in seen.posts])
    per_second = len(seen.posts) / seen.seconds
    bare = await _bare(installation, seen.posts[0][0], seconds)
    answers = sorted(answered - sent for _, sent, answered in seen.posts)
    ratio = round(per_second / bare, 3)
    others = sum(number for status, number in seen.statuses.items() if str(status) != "202")
    return show(
        "webhook_throughput",
        per_second=round(per_second),
        bare_per_second=round(bare),
        concurrency=CONCURRENCY,
        p50_ms=milliseconds(percentile(answers, 0.5)),
        p99_ms=milliseconds(percentile(answers, 0.99)),
        answered=len(seen.posts),
        refused=others,
        lost=len(seen.posts) - kept,
        limit=LIMIT,
        ratio=ratio,
        **{"pass": ratio >= LIMIT and kept == len(seen.posts) and not others},
    )


async def _bare(installation: Installation, lead: str, seconds: float) -> float:
    """Transactions a second: the rows of one lead again and again under new ids, one prepared statement each, one commit a lead.

    Triggers are off and the audit row is written directly, so that nothing but the rows is paid for.
    """
    async with asyncpg.create_pool(installation.postgres.url, min_size=CONCURRENCY, max_size=CONCURRENCY) as pool:
        rows = await _rows_of(pool, UUID(lead))
        start, done = time.perf_counter(), 0

        async def work() -> int:
            count = 0
            async with pool.acquire() as connection:
                await connection.execute("set session_replication_role = replica")
                statements = [(await connection.prepare(sql), row) for sql, row in rows]
                while time.perf_counter() - start < seconds:
                    new = _renamed([row for _, row in statements])
                    async with connection.transaction():
                        for (statement, _), row in zip(statements, new, strict=True):
                            await statement.fetch(*row.values())
                    count += 1
                await connection.execute("reset session_replication_role")
            return count

        done = sum(await asyncio.gather(*(work() for _ in range(CONCURRENCY))))
        return done / (time.perf_counter() - start)


async def _rows_of(pool: "asyncpg.Pool[asyncpg.Record]", lead: UUID) -> list[Row]:
    found: list[Row] = []
    for table, query in ROWS_OF_ONE_LEAD:
        columns = [row["column_name"] for row in await pool.fetch(WRITABLE, table)]
        for row in await pool.fetch(query, lead):
            places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
            found.append((f"insert into {table} ({', '.join(columns)}) values ({places})", {column: row[column] for column in columns}))
    return found


def _renamed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same rows with fresh keys: each id that names one of them becomes a new one everywhere."""
    new: dict[Any, Any] = {row["id"]: uuid4() for row in rows if isinstance(row.get("id"), UUID)}
    new |= {str(old): str(fresh) for old, fresh in new.items()} | {rows[0]["message_id"]: f"msg_{uuid4().hex}"}
    return [{name: new.get(value, value) if isinstance(value, str | UUID) else value for name, value in row.items()} for row in rows]
