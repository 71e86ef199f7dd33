"""What did not fit is corrected and replayed into exactly one lead, or dismissed; a trial stores nothing."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.models import AuditEntry
from backend.core.db import Lens, bind, transaction
from backend.core.ids import new_id
from backend.core.outbox import Outbox
from backend.identity.deps import Actor
from backend.leads.models import Lead
from backend.timeline.models import TimelineEntry
from backend.webhooks import quarantine
from backend.webhooks.models import Form, Submission, SubmissionDecision
from tests.conftest import NOW, Committed, SignIn, as_owner
from tests.factories import make_person, make_region
from tests.relaying import drain
from tests.webhooks.conftest import GOOD, Sender, make_form

API = "/api/v1/submissions"
UNFIT = GOOD | {"phone": "见微信"}
HOURS_AGO = NOW - timedelta(hours=7)


async def counts(session: AsyncSession) -> tuple[int, ...]:
    tables = (Submission, Lead, TimelineEntry, Outbox, SubmissionDecision)
    return tuple([await session.scalar(select(func.count()).select_from(table)) or 0 for table in tables])


@pytest.fixture
async def marketing(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "marketing", name="林悦"))


async def quarantined(session: AsyncSession, sender: Sender, body: dict[str, Any] = UNFIT) -> str:
    """A submission that came hours ago and waits."""
    answer = await sender.post(body)
    assert answer.json()["state"] == "quarantined", answer.text
    await session.execute(update(Submission).values(received_at=HOURS_AGO))
    found: str = answer.json()["submission_id"]
    return found


async def test_a_corrected_submission_becomes_a_lead_of_its_own_time(
    client: httpx.AsyncClient, session: AsyncSession, sender: Sender, marketing: dict[str, str]
) -> None:
    form = await make_form(session)
    rep = await make_person(session, region=await make_region(session, "华东", (("江苏", None),)))
    waiting = await quarantined(session, sender)
    seen = (await client.get(f"{API}/{waiting}", headers=marketing)).json()
    assert (seen["state"], [fault["code"] for fault in seen["reasons"]], seen["payload"]["phone"]) == (
        "quarantined",
        ["invalid_value"],
        "见微信",
    )
    assert (await client.get(f"{API}/summary", headers=marketing)).json() == {"quarantined": 1}
    before = await counts(session)
    body = {"corrections": {"phone": "13812345678", "wechat": "wf_2026"}}
    tried = (await client.post(f"{API}/{waiting}/preview", json=body, headers=marketing)).json()
    assert (tried["fits"], tried["fields"]["wechat"], tried["faults"]) == (True, "wf_2026", [])
    assert await counts(session) == before, "a preview stores nothing"
    answer = await client.post(f"{API}/{waiting}/replay", json=body, headers=marketing)
    assert (answer.status_code, answer.json()["state"], answer.json()["decision"]["by"]["name"]) == (200, "accepted", "林悦")
    assert answer.json()["decision"]["corrections"] == body["corrections"]
    lead = (await session.scalars(select(Lead))).one()
    assert (str(lead.id), lead.received_at, lead.phone_key, lead.wechat) == (
        answer.json()["lead_id"],
        HOURS_AGO,
        "+8613812345678",
        "wf_2026",
    )
    assert (lead.form_id, lead.form_name, lead.source, str(lead.submission_id)) == (form.id, "官网询盘", "website", waiting)
    entry = (await session.scalars(select(TimelineEntry))).one()
    assert (entry.kind, entry.at, entry.recorded_at) == ("lead.received", HOURS_AGO, NOW)
    assert (entry.body["replayed"], entry.body["corrected"]) == (True, ["phone", "wechat"])
    assert (await client.get(f"{API}/summary", headers=marketing)).json() == {"quarantined": 0}
    await bind(session, Lens.SYSTEM, "system:relay")
    await drain(session, NOW)
    await as_owner(session)
    await session.refresh(lead)
    assert (lead.owner_id, lead.state) == (rep.id, "assigned"), "routed like any other"


async def test_what_still_does_not_fit_stays_and_says_why(
    client: httpx.AsyncClient, session: AsyncSession, sender: Sender, marketing: dict[str, str]
) -> None:
    await make_form(session)
    waiting = await quarantined(session, sender)
    before = await counts(session)
    refused = await client.post(f"{API}/{waiting}/replay", json={"corrections": {"phone": "又错了"}}, headers=marketing)
    assert (refused.status_code, refused.json()["code"]) == (422, "still_does_not_fit")
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [("#/corrections/phone", "invalid_value")]
    typed = {"corrections": {"phone": "13812345678", "expected_amount": "很多"}}
    wrong = await client.post(f"{API}/{waiting}/replay", json=typed, headers=marketing)
    assert [error["pointer"] for error in wrong.json()["errors"]] == ["#/corrections/expected_amount"], "what is typed in must be right"
    unknown = await client.post(f"{API}/{waiting}/replay", json={"corrections": {"owner_id": "x"}}, headers=marketing)
    assert unknown.status_code == 422
    assert await counts(session) == before


async def test_a_repaired_mapping_is_enough(
    client: httpx.AsyncClient, session: AsyncSession, sender: Sender, marketing: dict[str, str]
) -> None:
    form = await make_form(session)
    waiting = await quarantined(session, sender, {"company": "苏州精工", "mobile_no": "13812345678"})
    assert (await client.post(f"{API}/{waiting}/replay", json={}, headers=marketing)).status_code == 422
    form.mapping = {**form.mapping, "phone": "mobile_no"}
    await session.flush()
    answer = await client.post(f"{API}/{waiting}/replay", json={}, headers=marketing)
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    again = await client.post(f"{API}/{waiting}/replay", json={}, headers=marketing)
    assert again.json()["lead_id"] == answer.json()["lead_id"]
    assert await session.scalar(select(func.count()).select_from(Lead)) == 1


async def test_a_dismissal_has_a_reason_and_can_be_overruled(
    client: httpx.AsyncClient, session: AsyncSession, sender: Sender, marketing: dict[str, str]
) -> None:
    await make_form(session)
    waiting = await quarantined(session, sender)
    assert (await client.post(f"{API}/{waiting}/dismissal", json={"reason": " "}, headers=marketing)).status_code == 422
    gone = await client.post(f"{API}/{waiting}/dismissal", json={"reason": "广告"}, headers=marketing)
    assert (gone.json()["state"], gone.json()["decision"]["reason"], gone.json()["lead_id"]) == ("dismissed", "广告", None)
    twice = await client.post(f"{API}/{waiting}/dismissal", json={"reason": "广告"}, headers=marketing)
    assert (twice.status_code, twice.json()["code"]) == (409, "submission_decided")
    kinds = (await session.scalars(select(Outbox.kind).where(Outbox.kind.like("submission.%")))).all()
    assert sorted(kinds) == ["submission.dismissed", "submission.quarantined"]
    body = {"corrections": {"phone": "13812345678"}}
    back = await client.post(f"{API}/{waiting}/replay", json=body, headers=marketing)
    assert (back.status_code, back.json()["state"]) == (200, "accepted")
    late = await client.post(f"{API}/{waiting}/dismissal", json={"reason": "广告"}, headers=marketing)
    assert (late.status_code, late.json()["code"]) == (409, "submission_decided")
    audited = (await session.scalars(select(AuditEntry.row_id).where(AuditEntry.table_name == "submission_decision"))).all()
    assert audited == [waiting, waiting]


async def test_who_may_only_look_decides_nothing(client: httpx.AsyncClient, session: AsyncSession, sender: Sender, sign_in: SignIn) -> None:
    await make_form(session)
    waiting = await quarantined(session, sender)
    rep = await sign_in(await make_person(session))
    before = await counts(session)
    for call, body in (("replay", {}), ("dismissal", {"reason": "x"}), ("preview", {})):
        answer = await client.post(f"{API}/{waiting}/{call}", json=body, headers=rep)
        assert answer.status_code in {403, 404}
    assert await counts(session) == before


async def test_two_people_who_replay_at_once_make_one_lead(committed: Committed) -> None:
    submission_id = new_id()
    async with committed.owner() as session:
        form = Form(key="site", name="官网", source="website", mapping={"phone": "phone"}, verification={})
        session.add(form)
        await session.flush()
        sent = {
            "form_id": form.id,
            "message_id": "m1",
            "received_at": HOURS_AGO,
            "state": "quarantined",
            "payload": {"phone": "13812345678"},
        }
        session.add(Submission(id=submission_id, **sent, raw=b"", content_type="", remote_ip=""))
        people = [await make_person(session, "marketing") for _ in range(6)]

    async def replay(person_id: Any) -> Any:
        permissions = frozenset({"submissions.read", "forms.manage"})
        actor = Actor(person_id, "", None, frozenset(), frozenset(), permissions)
        async with transaction(Lens.PERSON, str(person_id)) as session:
            return await quarantine.replay(session, actor, submission_id, {}, NOW)

    answers = await asyncio.gather(*(replay(person.id) for person in people))
    assert len({answer.lead_id for answer in answers}) == 1
    async with committed.owner() as session:
        assert await session.scalar(select(func.count()).select_from(Lead)) == 1
        assert await session.scalar(select(func.count()).select_from(SubmissionDecision)) == 1
        assert await session.scalar(select(func.count()).select_from(Outbox).where(Outbox.kind == "lead.received")) == 1
