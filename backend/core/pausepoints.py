"""Named places where a fault test can hold a process before it ends it (never active in production)."""

import asyncio
import os

from backend.core.config import get_settings


async def pause(name: str) -> None:
    """Holds for ever at the point that CHENGDAN_PAUSE names (`point` or `point:file`, touching the file first)."""
    wanted = get_settings().pause
    if not wanted or wanted.partition(":")[0] != name:
        return
    marker = wanted.partition(":")[2]
    if marker:
        os.close(os.open(marker, os.O_CREAT))
    await asyncio.Event().wait()
