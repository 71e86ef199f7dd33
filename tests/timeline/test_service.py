"""FLOW-6: append-only, visible with its subject, in pages."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from backend.timeline import service
from tests.conftest import NOW
from tests.factories import make_lead, make_person


async def test_entries_are_paged_newest_first_with_their_actor(session: AsyncSession) -> None:
    rep = await make_person(session, name="张磊")
    lead, other = await make_lead(session, owner=rep), await make_lead(session, owner=rep)
    for age in range(5):
        at = NOW - timedelta(hours=age // 2)
        actor_id = rep.id if age else None
        await service.record(
            session,
            subject_type="lead",
            subject_id=lead.id,
            kind="call",
            now=NOW,
            at=at,
            actor_id=actor_id,
            outcome="reached",
            body={"age": age},
        )
    await service.record(session, subject_type="lead", subject_id=other.id, kind="call", now=NOW)
    seen, cursor = [], None
    while True:
        page = await service.page(session, [lead.id], cursor, 2)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len({entry.id for entry in seen}) == 5
    assert [entry.at for entry in seen] == sorted((entry.at for entry in seen), reverse=True)
    by_age = {entry.body["age"]: entry for entry in seen}
    assert by_age[0].actor is None
    assert by_age[1].actor is not None
    assert (by_age[1].actor.name, by_age[1].outcome, by_age[4].recorded_at) == ("张磊", "reached", NOW)
