"""What was kept long enough goes, in bounded batches, each a transaction of its own. Business records stay: no role may delete them."""

from typing import Any

from sqlalchemy import ColumnElement, delete, inspect, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from backend.core.db import Base, Lens, transaction

BATCH = 5000
ACTOR = "system:prune"


async def prune(table: type[Base], old: ColumnElement[bool], *, reference: InstrumentedAttribute[Any] | None = None) -> int:
    """Deletes the rows that are `old`, and with them the rows whose `reference` names their key; returns how many of the former."""
    key = inspect(table).primary_key
    total = 0
    while True:
        async with transaction(Lens.SYSTEM, ACTOR) as session:
            some = select(*key).where(old).limit(BATCH)
            gone = (await session.execute(delete(table).where(tuple_(*key).in_(some)).returning(*key))).all()
            if reference is not None and gone:
                await session.execute(delete(reference.class_).where(reference.in_([row[0] for row in gone])))
        total += len(gone)
        if len(gone) < BATCH:
            return total
