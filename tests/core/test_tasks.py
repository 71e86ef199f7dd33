"""Loops that outlive errors, and must not outlive their process."""

import asyncio

import pytest

from backend.core.tasks import end, recover


async def connection_that_breaks(steps: list[str]) -> None:
    """What is under way when the task is cancelled ends with an error of its own."""
    steps.append("step")
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        raise OSError("the connection broke") from None


async def carries_on(steps: list[str]) -> None:
    while True:
        try:
            await connection_that_breaks(steps)
        except OSError:
            await recover(0)


async def test_a_loop_whose_cancellation_was_replaced_by_an_error_ends_all_the_same() -> None:
    steps: list[str] = []
    loop = asyncio.create_task(carries_on(steps))
    await asyncio.sleep(0)
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop
    assert steps == ["step"]


async def test_after_a_mere_error_the_loop_goes_on() -> None:
    steps = 0
    for _ in range(2):
        await recover(0)
        steps += 1
    assert steps == 2


async def loses_cancellations(rounds: int, lost: list[int]) -> None:
    """As a library does that swallows them."""
    for number in range(rounds):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            lost.append(number)
    raise OSError("the connection broke")


async def test_the_end_comes_although_cancellations_are_lost() -> None:
    lost: list[int] = []
    tasks = [asyncio.create_task(loses_cancellations(2, lost)), asyncio.create_task(asyncio.sleep(3600))]
    await asyncio.sleep(0)
    await end(*tasks)
    assert [task.done() for task in tasks] == [True, True]
    assert lost == [0, 1]
