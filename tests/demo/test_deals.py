"""The demo's opportunities tell the story of the firm that the product comes from."""

from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.contracts.models import Contract, DeliveryMilestone
from backend.contracts.queries import is_late
from backend.core.storage.chosen import get_store
from backend.deadlines.models import Deadline
from backend.deadlines.rules import SUPPORT
from backend.demo import seed
from backend.demo.contracts import LATE
from backend.demo.world import person_id
from backend.documents.models import Document, DocumentPreview, DocumentVersion
from backend.identity.models import Person
from backend.leads.models import Lead
from backend.leads.rules import LeadState
from backend.opportunities.models import Opportunity, StageStay
from backend.pipelines.models import StageRow
from backend.support.models import SupportRecord, SupportRequest
from backend.timeline.models import TimelineEntry
from tests.conftest import NOW

MEAN_DAYS = func.round(func.avg(func.extract("epoch", StageStay.left_at - StageStay.entered_at)) / 86400, 1)


async def test_who_is_beyond_the_needs_has_them_in_writing(session: AsyncSession) -> None:
    assert await seed.fill(session, NOW)
    left_needs = select(StageStay.opportunity_id).join(StageRow, StageRow.id == StageStay.stage_id)
    beyond = set(await session.scalars(left_needs.where(StageRow.key == "needs", StageStay.left_at.is_not(None))))
    filed = select(Document.subject_id, Document.created_at).where(Document.kind == "requirement")
    assert {row.subject_id for row in await session.execute(filed)} == beyond
    assert len(beyond) >= 30
    versions = (await session.scalars(select(DocumentVersion))).all()
    assert {one.family for one in versions} == {"office", "pdf", "picture", "audio"}
    assert [one.name for one in versions if not await get_store().holds(one.sha256)] == []
    pictures = {one.sha256 for one in versions if one.family == "picture"}
    assert set(await session.scalars(select(DocumentPreview.sha256).where(DocumentPreview.is_made))) == pictures
    assert max(one.size for one in versions) < 200_000


async def test_the_engineer_has_requests_to_answer_and_a_ledger(session: AsyncSession) -> None:
    assert await seed.fill(session, NOW)
    states = dict((await session.execute(select(SupportRequest.state, func.count()).group_by(SupportRequest.state))).tuples().all())
    assert (states["asked"] >= 3, states["accepted"] >= 5) == (True, True)
    kinds = dict((await session.execute(select(SupportRecord.kind, func.count()).group_by(SupportRecord.kind))).tuples().all())
    assert kinds["kept"] > kinds["missed"] >= kinds["late"] >= 2
    waits = select(func.count()).where(Deadline.kind == SUPPORT, Deadline.state == "pending", Deadline.due_at <= NOW)
    assert await session.scalar(waits) == 0, "what is due has fired"


async def test_deals_that_came_of_leads_tell_how_good_the_sources_are(session: AsyncSession, client: Any, sign_in: Any) -> None:
    assert await seed.fill(session, NOW)
    came = (await session.execute(select(Opportunity, Lead).join(Lead, Lead.id == Opportunity.lead_id))).tuples().all()
    for deal, lead in came:
        assert (deal.lead_received_at, deal.source, deal.customer_id) == (lead.received_at, lead.source, lead.customer_id)
        assert (deal.owner_id, deal.region_id, deal.created_at) == (lead.owner_id, lead.region_id, lead.last_activity_at)
    told = select(TimelineEntry.subject_id).where(TimelineEntry.kind == "lead.converted")
    converted = set(await session.scalars(select(Lead.id).where(Lead.state == LeadState.CONVERTED)))
    assert set(await session.scalars(told)) == converted == {lead.id for _, lead in came}
    assert 25 <= len(came) <= 60, "one lead in five to twelve"
    headers = await sign_in(await session.get_one(Person, person_id("liuweimin")))
    shown = (await client.get("/api/v1/dashboard", params={"scope": "region"}, headers=headers)).json()
    sources = {one["source"]: one for one in shown["sources"]}
    assert all(one["won"] <= one["deals"] < one["leads"] for one in sources.values())
    assert min(sources[name]["deals"] for name in ("website", "exhibition", "1688", "referral")) >= 1
    assert sum(one["won"] for one in sources.values()) >= 8


async def test_a_proposal_took_eleven_days_and_a_third_where_five_to_seven_are_usual(session: AsyncSession) -> None:
    assert await seed.fill(session, NOW)
    await session.execute(text("set constraints all immediate"))
    means = select(StageRow.key, MEAN_DAYS).join(StageRow, StageRow.id == StageStay.stage_id).where(StageStay.left_at.is_not(None))
    found = {key: float(days) for key, days in await session.execute(means.group_by(StageRow.key))}
    assert found == {"first_contact": 2.1, "needs": 5.4, "proposal": 11.3, "negotiation": 9.2}
    states = select(Opportunity.state, func.count()).group_by(Opportunity.state)
    counted = dict((await session.execute(states)).tuples().all())
    assert set(counted) == {"open", "won", "lost"}
    assert min(counted.values()) >= 10
    flagged = select(func.count()).where(
        Opportunity.state == "open", Opportunity.last_activity_at <= text("cast('2026-03-03T02:00Z' as timestamptz)")
    )
    assert await session.scalar(flagged) >= 5, "some of them are red"
    contracts = dict((await session.execute(select(Contract.state, func.count()).group_by(Contract.state))).tuples().all())
    assert sum(contracts.values()) == counted["won"]
    assert set(contracts) == {"signing", "delivering", "completed"}
    overdue = await session.scalar(select(func.count(func.distinct(DeliveryMilestone.contract_id))).where(is_late(NOW.date())))
    assert overdue == LATE
    late = select(func.count()).where((Opportunity.last_activity_at > NOW) | (Opportunity.stage_entered_at > NOW))
    assert await session.scalar(late) == 0
