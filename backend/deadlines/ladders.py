"""Ladders as settings: read and changed by an administrator."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, NotFound, field_error
from backend.core.locking import require_version
from backend.deadlines import queries, rulebook
from backend.deadlines.events import LadderChanged
from backend.deadlines.models import LadderRow
from backend.deadlines.rules import DEFAULT_LADDERS, FIXED, RECIPIENTS, Ladder, RungTrial, due_at, same_steps
from backend.deadlines.schemas import LadderOut, LadderTrial
from backend.identity.deps import Actor

Trial = Callable[[AsyncSession, Ladder, datetime], Awaitable[Sequence[RungTrial]]]
TRIALS: dict[str, Trial] = {}
"""Ladders whose subjects keep their moments themselves: the module that owns these says what other rungs would do."""


async def ladders(session: AsyncSession) -> list[LadderRow]:
    return list(await session.scalars(queries.ladders()))


async def change_ladder(session: AsyncSession, actor: Actor, ladder: Ladder, version: int, now: datetime) -> LadderRow:
    """Puts new rungs in place; pending deadlines follow, what has fired stays fired."""
    actor.require("settings.manage")
    row = await session.scalar(select(LadderRow).where(LadderRow.kind == ladder.kind).with_for_update())
    if row is None:
        raise NotFound
    require_version(version, row.version, LadderOut.model_validate(row).model_dump(mode="json"))
    _check(ladder)
    row.rungs = [rung.model_dump(mode="json") for rung in ladder.rungs]
    row.spares_planned = ladder.spares_planned
    await session.flush()
    rulebook.forget()
    await outbox.add(session, LadderChanged.of(ladder.kind), now)
    return row


async def try_ladder(session: AsyncSession, actor: Actor, ladder: Ladder, now: datetime) -> LadderTrial:
    """What new rungs would do to the deadlines that run now; nothing is stored."""
    actor.require("settings.manage")
    if await session.get(LadderRow, ladder.kind) is None:
        raise NotFound
    _check(ladder)
    if ladder.kind in TRIALS:
        return LadderTrial.model_validate({"rungs": await TRIALS[ladder.kind](session, ladder, now), "stopped": 0})
    calendar = (await rulebook.read(session)).calendar
    trials = {rung.key: RungTrial(rung.key) for rung in ladder.rungs}
    stopped = 0
    for row in await session.execute(queries.pending_groups(ladder.kind)):
        rung = ladder.rung(row.rung)
        if rung is None:
            stopped += row.many
        else:
            trials[rung.key].count(row.many, was_due=row.due_at, due=due_at(rung, row.base_at, calendar), now=now)
    return LadderTrial.model_validate({"rungs": list(trials.values()), "stopped": stopped})


def _check(ladder: Ladder) -> None:
    """A base that nothing provides would never start its clock; a recipient that the subject does not have would hear nothing."""
    provided = DEFAULT_LADDERS[ladder.kind].bases()
    errors = [
        field_error(f"#/rungs/{number}/base", f"Choose one of {sorted(provided)}.", "unknown_base")
        for number, rung in enumerate(ladder.rungs)
        if rung.base not in provided
    ]
    errors += [
        field_error(f"#/rungs/{number}/who", f"Choose one of {sorted(RECIPIENTS[ladder.kind])}.", "unknown_recipient")
        for number, rung in enumerate(ladder.rungs)
        if rung.who not in RECIPIENTS[ladder.kind]
    ]
    if ladder.spares_planned and ladder.kind not in FIXED:
        errors.append(field_error("#/spares_planned", "This ladder has nothing that a planned next step could suspend.", "unexpected"))
    if ladder.kind in FIXED and not same_steps(ladder, DEFAULT_LADDERS[ladder.kind]):
        errors.append(
            field_error("#/rungs", "Of this ladder only the waiting times can be changed, in elapsed hours or days.", "fixed_ladder")
        )
    if errors:
        raise Invalid("invalid_input", "A rung counts from a moment, or asks somebody, that this ladder does not have.", errors=errors)
