"""The sweep that makes customers from before findable as duplicates."""

from typing import Any

from backend.core.clock import product_now
from backend.customers import rules, same_firm
from backend.duplicates import service as duplicates

ACTOR = "system:customers"


async def register_customers(ctx: dict[Any, Any]) -> int:
    """Some batches at a time; returns how many."""
    del ctx
    return await duplicates.backfill_some(rules.SUBJECT, same_firm.unregistered, ACTOR, product_now())
