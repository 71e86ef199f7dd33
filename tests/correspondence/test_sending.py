"""Letters from the app: kept at once, sent once, tried again, and failures that somebody learns of."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text, update

from backend.audit.models import AuditEntry
from backend.core.config import get_settings
from backend.core.storage.chosen import get_store
from backend.correspondence import jobs
from backend.correspondence.models import EmailDelivery, EmailMessage
from backend.documents.models import Document
from backend.notifications.models import Notification
from backend.opportunities.models import Opportunity
from tests.conftest import NOW, Committed, device_headers
from tests.correspondence.conftest import API, EMAILS, Post, stored
from tests.correspondence.samples import CUSTOMER, PDF, bounce_of, letter
from tests.factories import make_customer, make_opportunity, make_person
from tests.simulators.mail import Mailbox, text_of


async def upload(post: Post, name: str = "报价单.pdf", data: bytes = PDF) -> str:
    desk = await post.sales.of(post.house.zhang)
    answer = await desk.client.post(f"{API}/uploads", params={"name": name, "kind": "quote"}, content=data, headers=desk.headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_letter_goes_out_as_the_person_and_answers_come_back_to_the_deal(post: Post) -> None:
    made = await post.written(
        cc=[{"address": "li@hengda.example"}],
        attachments=[{"upload_id": await upload(post), "kind": "quote"}],
        text="王经理：\n\n报价见附件。",
    )
    assert (made["state"], made["direction"], made["person"]["name"], made["contact"]["name"]) == ("pending", "out", "张磊", "王建国")
    assert (made["subject_type"], made["subject_id"], made["has_source"], made["actions"]) == ("opportunity", str(post.deal.id), False, [])
    (file,) = made["attachments"]
    assert (file["name"], file["media_type"], file["document_id"] is not None) == ("报价单.pdf", "application/pdf", True)
    assert await post.deliver() == 1
    ((people, message),) = post.box.received
    assert people == [CUSTOMER, "li@hengda.example"]
    assert message["From"] == "张磊（衡屿精工） <sales@hengyu.example>"
    assert (message["To"], message["Cc"], message["Subject"]) == (f"王建国 <{CUSTOMER}>", "li@hengda.example", "支架报价")
    assert message["Message-ID"] == f"<{made['message_id']}>"
    assert (message["Auto-Submitted"], message["In-Reply-To"], message["References"]) == (None, None, None)
    desk = await post.sales.of(post.house.zhang)
    address = (await desk.get(f"{API}/email-address", subject_type="opportunity", subject_id=str(post.deal.id))).json()
    assert message["Reply-To"] == f"张磊 <{address['address']}>"
    assert "王经理：\r\n\r\n报价见附件。" in text_of(message)
    (part,) = message.iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("报价单.pdf", PDF)
    shown = await post.shown(made["id"])
    assert (shown["state"], shown["has_source"], shown["delivery"]["attempts"], shown["actions"]) == ("sent", True, 1, ["reply"])
    entry = (await post.entries(post.deal.id))[-1]
    assert (entry.kind, entry.actor_id, entry.body["email"]["id"], entry.body["excerpt"]) == (
        "email.sent", post.house.zhang.id, made["id"], "王经理： 报价见附件。",
    )  # fmt: skip
    deal = await post.sales.deal(post.deal.id)
    assert deal.last_activity_at == NOW, "an e-mail is an update"
    row = await post.row(made["id"])
    assert row.raw_sha256 is not None
    raw = await stored(row.raw_sha256)
    source = await desk.get(f"{EMAILS}/{made['id']}/source")
    assert (source.content, source.headers["content-type"]) == (raw, "message/rfc822")
    assert f"<{made['message_id']}>".encode() in raw
    audited = select(AuditEntry.after).where(AuditEntry.table_name == "email_message", AuditEntry.action == "insert")
    after = (await post.session.scalars(audited)).one()
    assert after["subject"] == "支架报价"
    assert after["text"].startswith("hidden ")


async def test_an_answer_follows_the_letter_that_it_answers(post: Post) -> None:
    came = await post.comes(message_id="<q1@hengda.example>", references="<q0@hengda.example>", subject="询价")
    assert came.subject_id == post.deal.id
    made = await post.sent(reply_to=str(came.id), subject="Re: 询价")
    assert made["thread_id"] == str(came.thread_id)
    message = post.box.received[0][1]
    assert (message["In-Reply-To"], message["References"]) == ("<q1@hengda.example>", "<q0@hengda.example> <q1@hengda.example>")
    back = await post.comes(
        message_id="<q2@hengda.example>", in_reply_to=message["Message-ID"], subject="RE: Re: 询价", to=["log@in.hengyu.example"]
    )
    desk = await post.sales.of(post.house.zhang)
    thread = (await desk.get(f"{API}/email-threads/{came.thread_id}")).json()
    assert [one["id"] for one in thread["items"]] == [str(came.id), made["id"], str(back.id)]
    page = (await desk.get(EMAILS, subject_type="opportunity", subject_id=str(post.deal.id), limit=2)).json()
    rest = (await desk.get(EMAILS, subject_type="opportunity", subject_id=str(post.deal.id), limit=2, cursor=page["next_cursor"])).json()
    assert len({one["id"] for one in page["items"] + rest["items"]}) == 3
    of_customer = (await desk.get(EMAILS, subject_type="customer", subject_id=str(post.sales.customer.id))).json()["items"]
    assert {(one["id"], one["of"]) for one in of_customer} == {(str(came.id), "支架"), (made["id"], "支架"), (str(back.id), "支架")}
    other = await make_opportunity(post.session, await make_customer(post.session, owner=post.house.zhang))
    for wrong in ({"reply_to": str(uuid4())}, {"reply_to": str(came.id), "subject_id": str(other.id)}):
        refused = await post.write(**wrong)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/reply_to")


async def test_a_letter_with_the_same_key_is_written_once(post: Post) -> None:
    desk = await post.sales.of(post.house.zhang)
    body = {
        "subject_type": "opportunity",
        "subject_id": str(post.deal.id),
        "to": [{"address": CUSTOMER}],
        "subject": "一次",
        "text": "一次",
    }
    answers = [await desk.post(EMAILS, body, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert await post.deliver() == 1
    assert len(post.box.received) == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"subject": "支架\r\nBcc: evil@example.com"}, "#/subject"),
        ({"to": [{"address": "a@b.example\r\nBcc: c@d.example"}]}, "#/to/0/address"),
        ({"to": [{"address": "王@b.example"}]}, "#/to/0/address"),
        ({"to": [{"address": CUSTOMER, "name": "王\nCc: x@y.example"}]}, "#/to/0/name"),
        ({"to": []}, "#/to"),
        ({"text": " "}, "#/text"),
        ({"attachments": [{}]}, "#/attachments/0"),
        ({"attachments": [{"version_id": str(UUID(int=1))}]}, "#/attachments/0/version_id"),
    ],
)
async def test_what_is_no_letter_is_refused_whole(post: Post, body: dict[str, object], pointer: str) -> None:
    before = await post.traces()
    answer = await post.write(**body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await post.traces() == before


async def test_only_who_may_write_on_the_record_and_only_so_many_a_day(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await post.traces()
    strange = await post.write(post.house.li)
    watching = await post.write(post.house.admin)
    assert [(one.status_code, one.json()["code"]) for one in (strange, watching)] == [(404, "not_found"), (403, "not_your_opportunity")]
    assert await post.traces() == before
    monkeypatch.setenv("CHENGDAN_EMAILS_PER_DAY", "2")
    get_settings.cache_clear()
    yesterday = await post.written()
    await post.session.execute(update(EmailDelivery).values(is_open=False))
    mine = await (await post.sales.of(post.house.zhang)).get(f"{API}/mailing")
    assert (mine.json()["left_today"], mine.json()["can_send"], mine.json()["from_address"]) == (1, True, "sales@hengyu.example")
    await post.written()
    limited = await post.write()
    assert (limited.status_code, limited.json()["code"], limited.json()["params"]["limit"]) == (429, "email_limit", 2)
    assert (await post.write(post.house.manager)).status_code == 201, "each person has a limit of their own"
    assert yesterday["state"] == "pending"


async def test_letters_written_at_once_share_one_limit(
    mail_settings: Mailbox, committed: Committed, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHENGDAN_EMAILS_PER_DAY", "2")
    get_settings.cache_clear()
    async with committed.owner() as session:
        person = await make_person(session)
        customers = [await make_customer(session, owner=person, name=f"客户{place}") for place in range(6)]
        headers = await device_headers(session, person.id)
    body = {"subject_type": "customer", "to": [{"address": CUSTOMER}], "subject": "交期", "text": "下周"}
    bodies = [body | {"subject_id": str(customer.id)} for customer in customers]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answers = await asyncio.gather(*(client.post(EMAILS, json=one, headers=headers) for one in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 429, 429, 429, 429]


async def test_without_a_mail_server_nothing_is_promised(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHENGDAN_SMTP_HOST", "")
    get_settings.cache_clear()
    before = await post.traces()
    answer = await post.write()
    assert (answer.status_code, answer.json()["code"]) == (409, "no_mail_server")
    assert await post.traces() == before
    assert not await jobs.send_next()


async def test_too_large_for_one_letter(post: Post) -> None:
    uploads = [{"upload_id": await upload(post, f"{name}.pdf", PDF + name.encode() + bytes(11_000_000))} for name in ("a", "b")]
    before = await post.traces()
    answer = await post.write(attachments=uploads)
    assert (answer.status_code, answer.json()["code"]) == (413, "email_too_large")
    assert await post.traces() == before, "no document of half a letter"


async def soon(post: Post) -> None:
    """The next try has come."""
    await post.session.execute(update(EmailDelivery).values(next_at=None))


async def test_a_server_that_is_busy_gets_the_same_letter_again(post: Post) -> None:
    made = await post.written(attachments=[{"upload_id": await upload(post)}])
    post.box.data.append("451 try later")
    assert await post.deliver() == 1
    shown = await post.shown(made["id"])
    assert (shown["state"], shown["delivery"]["attempts"], shown["delivery"]["last_error"]) == ("pending", 1, "451 try later")
    assert shown["delivery"]["next_at"] is not None
    assert await post.deliver() == 0, "not before its time"
    assert [entry.kind for entry in await post.entries(post.deal.id)] == ["document.added"], "nothing is noted yet"
    await soon(post)
    assert await post.deliver() == 1
    assert post.box.message_ids == [f"<{made['message_id']}>"]
    assert (await post.shown(made["id"]))["state"] == "sent"


async def test_a_refused_letter_fails_with_the_servers_words_and_can_be_tried_again(post: Post) -> None:
    made = await post.written()
    post.box.rcpt[CUSTOMER] = "550 5.1.1 User unknown"
    await post.deliver()
    shown = await post.shown(made["id"])
    assert (shown["state"], shown["reason"], shown["detail"]) == ("failed", "refused", f"550 {CUSTOMER}: 5.1.1 User unknown")
    assert shown["actions"] == ["reply", "retry"]
    entry = (await post.entries(post.deal.id))[-1]
    assert (entry.kind, entry.body["email"]["reason"]) == ("email.failed", "refused")
    assert await post.house.told(post.house.zhang) == ["email.failed"]
    assert (await post.sales.deal(post.deal.id)).last_activity_at < NOW, "what did not go is no update"
    assert (await post.do(post.house.li, made["id"], "retry")).status_code == 404
    assert (await post.do(post.house.admin, made["id"], "retry")).status_code == 403
    post.box.rcpt.clear()
    assert (await post.do(post.house.zhang, made["id"], "retry")).json()["state"] == "pending"
    again = await post.do(post.house.zhang, made["id"], "retry")
    assert (again.status_code, again.json()["code"]) == (409, "email_state_forbids")
    await post.deliver()
    assert (await post.shown(made["id"]))["state"] == "sent"
    assert post.box.message_ids == [f"<{made['message_id']}>"]


async def test_who_has_the_letter_does_not_get_it_twice(post: Post) -> None:
    made = await post.written(cc=[{"address": "busy@hengda.example"}, {"address": "gone@hengda.example"}])
    post.box.rcpt |= {"busy@hengda.example": "450 greylisted", "gone@hengda.example": "550 no such user"}
    await post.deliver()
    assert (await post.shown(made["id"]))["state"] == "pending"
    del post.box.rcpt["busy@hengda.example"]
    await soon(post)
    await post.deliver()
    assert [people for people, _ in post.box.received] == [[CUSTOMER], ["busy@hengda.example"]]
    shown = await post.shown(made["id"])
    assert (shown["state"], shown["reason"]) == ("sent", "partly_refused")
    assert "gone@hengda.example" in shown["detail"]
    assert await post.house.told(post.house.zhang) == ["email.failed"]


async def test_a_letter_is_given_up_after_a_day_of_tries(post: Post) -> None:
    made = await post.written()
    await post.session.execute(update(EmailDelivery).values(attempts=29))
    post.box.data.append("421 closing")
    await post.deliver()
    assert (await post.row(made["id"])).reason == "gave_up"


async def test_a_letter_whose_sender_died_goes_again_when_the_lease_ends(post: Post) -> None:
    made = await post.written()
    await post.session.execute(update(EmailDelivery).values(leased_until=func.now() + timedelta(minutes=3)))
    assert await post.deliver() == 0
    await post.session.execute(update(EmailDelivery).values(leased_until=func.now() - timedelta(seconds=1)))
    assert await post.deliver() == 1
    assert (await post.shown(made["id"]))["state"] == "sent"


async def test_a_letter_that_comes_back_has_failed(post: Post) -> None:
    made = await post.sent()
    waiting = await post.comes(bounce_of(made["message_id"], "delayed"), mail_from="")
    assert (waiting.state, (await post.row(made["id"])).state) == ("automatic", "sent")
    back = await post.comes(bounce_of(made["message_id"]).replace(b"bounce-1", b"bounce-2"), mail_from="")
    assert (back.state, back.reason, back.subject_id) == ("automatic", "bounce", post.deal.id)
    row = await post.row(made["id"])
    assert (row.state, row.reason, row.detail) == ("failed", "bounced", f"{CUSTOMER}: 550 5.1.1 User unknown")
    assert await post.house.told(post.house.zhang) == ["email.failed"]
    assert [entry.kind for entry in await post.entries(post.deal.id)] == ["email.sent", "email.failed"]
    told = (await post.session.scalars(select(Notification).where(Notification.kind == "email.failed"))).one()
    assert (told.subject_id, told.params["place"], told.params["mail"]) == (post.deal.id, "opportunities", "支架报价")


async def test_who_got_a_letter_that_came_back_for_somebody_else_does_not_get_it_again(post: Post) -> None:
    made = await post.sent(cc=[{"address": "li@hengda.example"}])
    stranger = bounce_of(made["message_id"]).replace(CUSTOMER.encode(), b"nobody@else.example").replace(b"bounce-1", b"bounce-0")
    await post.comes(stranger, mail_from="")
    assert (await post.row(made["id"])).state == "sent", "it was never for them"
    await post.comes(bounce_of(made["message_id"]), mail_from="")
    assert (await post.row(made["id"])).state == "failed"
    desk = await post.sales.of(post.house.zhang)
    assert (await desk.post(f"{EMAILS}/{made['id']}/retry", {})).status_code == 200
    assert await post.deliver() == 1
    assert [people for people, _ in post.box.received] == [[CUSTOMER, "li@hengda.example"], [CUSTOMER]]


@pytest.mark.parametrize("address", ["[wang@hengda.example", "(wang@hengda.example", ")x@hengda.example", "wang@", "<w@hengda.example>"])
async def test_an_address_that_no_letter_can_have_is_refused_at_once(post: Post, address: str) -> None:
    answer = await post.write(to=[{"address": address}])
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/to/0/address")


async def test_a_letter_that_cannot_be_written_fails_and_the_others_go_out(post: Post) -> None:
    wrong, fine = await post.written(), await post.written()
    people = [{"address": "[wang@hengda.example", "name": ""}]
    await post.session.execute(text("alter table email_message disable trigger user"))
    await post.session.execute(update(EmailMessage).where(EmailMessage.id == UUID(wrong["id"])).values(to_people=people))
    await post.session.execute(text("alter table email_message enable trigger user"))
    assert await post.deliver() == 2
    assert [(await post.row(one["id"])).state for one in (wrong, fine)] == ["failed", "sent"]


async def test_a_document_of_another_record_does_not_travel(post: Post) -> None:
    other = await make_opportunity(post.session, await make_customer(post.session, owner=post.house.zhang))
    desk = await post.sales.of(post.house.zhang)
    body = {"subject_type": "opportunity", "subject_id": str(other.id), "upload_id": await upload(post), "kind": "quote"}
    document = (await desk.post(f"{API}/documents", body)).json()
    version = document["versions"][0]["id"]
    refused = await post.write(attachments=[{"version_id": version}])
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/attachments/0/version_id")
    fine = await post.write(subject_id=str(other.id), attachments=[{"version_id": version}])
    assert fine.status_code == 201
    assert await post.session.scalar(select(func.count()).select_from(Document)) == 1, "a version that is there is not filed again"


async def test_what_a_letter_says_is_never_changed(post: Post) -> None:
    made = await post.sent()
    async with post.session.begin_nested() as nested:
        with pytest.raises(Exception, match="never changed"):
            await post.session.execute(update(EmailMessage).where(EmailMessage.id == UUID(made["id"])).values(text="别的"))
        await nested.rollback()


async def test_the_source_of_a_letter_outlives_the_sweep(post: Post) -> None:
    from backend.documents import queries as documents

    came = await post.comes(letter())
    assert came.raw_sha256 is not None
    assert await get_store().holds(came.raw_sha256)
    named = {row.sha256 for row in await documents.named().rows(post.session, hashes=[came.raw_sha256, "0" * 64])}
    assert named == {came.raw_sha256}


async def test_a_deal_of_another_region_shows_nothing(post: Post) -> None:
    made = await post.sent()
    stranger = await make_person(post.session, "sales_rep", region=post.house.south)
    desk = await post.sales.of(stranger)
    paths = (f"{EMAILS}/{made['id']}", f"{EMAILS}/{made['id']}/source", f"{API}/email-threads/{made['thread_id']}")
    assert [(await desk.get(path)).status_code for path in paths] == [404, 404, 404]
    assert (await post.session.get(Opportunity, post.deal.id)) is not None
