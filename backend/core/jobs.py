"""What the machinery forgets: answers that nobody will ask for again, events that are long done."""

from datetime import timedelta
from typing import Any

from backend.core.clock import real_now
from backend.core.idempotency import KEPT, IdempotencyKey
from backend.core.outbox import Outbox, OutboxReceipt
from backend.core.pruning import prune

KEEP_DONE_EVENTS = timedelta(days=30)


async def prune_idempotency_keys(ctx: dict[Any, Any]) -> int:
    """A key may be used anew afterwards (ADR 0003)."""
    del ctx
    return await prune(IdempotencyKey, IdempotencyKey.created_at < real_now() - KEPT)


async def prune_outbox(ctx: dict[Any, Any]) -> int:
    """Done events and their receipts; open and dead ones stay."""
    del ctx
    return await prune(Outbox, Outbox.done_at < real_now() - KEEP_DONE_EVENTS, reference=OutboxReceipt.outbox_id)
