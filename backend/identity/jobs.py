"""The sweep that ends what an agreed end of access has overtaken; what guesses leave behind."""

from typing import Any

from backend.core.clock import real_now
from backend.core.db import Lens, transaction
from backend.core.pruning import prune
from backend.identity import rules, sign_in
from backend.identity.models import UnknownLogin


async def end_ended_access(ctx: dict[Any, Any]) -> int:
    """Batch by batch: an end in the future has no request of its own when it comes."""
    del ctx
    total = 0
    while True:
        async with transaction(Lens.SYSTEM, "system:access") as session:
            ended = await sign_in.end_ended_access(session, real_now())
        total += ended
        if ended < sign_in.MOST_AT_ONCE:
            return total


async def prune_unknown_logins(ctx: dict[Any, Any]) -> int:
    """What is forgotten by rule goes; until then the hashing of each guess bounds how many there can be."""
    del ctx
    return await prune(UnknownLogin, UnknownLogin.failed_at <= rules.forgotten_before(real_now()))
