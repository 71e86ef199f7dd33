"""Python and the database side by side: what comes next is made while what is ready is written."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import TypeVar

Part = TypeVar("Part")
Made = TypeVar("Made")


async def ahead(make: Callable[[Part], Made], parts: Sequence[Part]) -> AsyncGenerator[Made, None]:
    """What is made of each part, in their order, the next one already in the making while this one is used."""
    if not parts:
        return
    coming = asyncio.create_task(asyncio.to_thread(make, parts[0]))
    try:
        for following in (*parts[1:], None):
            made = await coming
            if following is not None:
                coming = asyncio.create_task(asyncio.to_thread(make, following))
            yield made
    finally:
        coming.cancel()


def slices(total: int, at_once: int) -> list[slice]:
    return [slice(start, start + at_once) for start in range(0, total, at_once)]
