"""The sweep over files that came in and became nothing."""

import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from arq import cron

from backend.core.clock import real_now
from backend.core.db import Lens, transaction
from backend.core.pruning import prune
from backend.core.storage.base import Store, forget_drafts
from backend.core.storage.chosen import get_store
from backend.documents import queries, thumbnails
from backend.documents.models import DocumentUpload

log = structlog.get_logger()
ACTOR = "system:documents"
KEPT = timedelta(days=1)
BATCH = 500
HASH = re.compile(r"[0-9a-f]{64}")


async def sweep_files(ctx: dict[Any, Any]) -> int:
    """Forgets uploads that were left for a day, and then bytes older than a day that nothing names; returns how many of these."""
    del ctx
    before, store = real_now() - KEPT, get_store()
    await prune(DocumentUpload, DocumentUpload.at < before)
    await forget_drafts(store, before)
    total = 0
    async for hashes in _old(store, before):
        total += await _sweep(store, hashes)
    if total:
        log.info("files_swept", count=total)
    return total


async def _old(store: Store, before: datetime) -> AsyncIterator[list[str]]:
    """Hashes of originals that were last kept before this moment."""
    found: list[str] = []
    async for key, at in store.stored():
        if at < before and HASH.fullmatch(key):
            found.append(key)
        if len(found) == BATCH:
            yield found
            found = []
    if found:
        yield found


async def _sweep(store: Store, hashes: Sequence[str]) -> int:
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        named = {row.sha256 for row in await queries.named().rows(session, hashes=list(hashes))}
    removed = 0
    for sha256 in hashes:
        if sha256 not in named:
            removed += await _remove(store, sha256)
    return removed


async def _remove(store: Store, sha256: str) -> bool:
    """Unless somebody is naming these bytes right now, or has done so since."""
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        taken = await queries.TRY_TAKE.row(session, wanted=sha256)
        if not taken.is_free or await queries.named().rows(session, hashes=[sha256]):
            return False
        await store.remove(sha256)
        await store.remove(thumbnails.key_of(sha256))
        return True


SWEEP_HOURLY = cron(sweep_files, minute={37}, timeout=3600, keep_result=0, unique=True)
