"""Letters that come in: kept once, filed where they belong, or put where somebody sorts them."""

import base64
from datetime import timedelta
from email.message import EmailMessage as Written

import pytest
from sqlalchemy import insert, select, update

from backend.core.config import get_settings
from backend.core.ids import new_id
from backend.core.storage.chosen import get_store
from backend.correspondence import jobs, receiving
from backend.correspondence.models import EmailFile, EmailMessage
from backend.correspondence.routing import Envelope
from backend.documents.models import Document
from backend.duplicates.rules import Identity
from backend.duplicates.service import register
from backend.identity.models import Person
from backend.notifications import wording
from backend.notifications.models import Notification
from backend.opportunities.models import Opportunity
from tests.conftest import NOW
from tests.correspondence.conftest import API, EMAILS, Post, known_by, stored
from tests.correspondence.samples import CUSTOMER, DROPBOX, FOXMAIL, PDF, PNG, PROGRAM, RAW, letter
from tests.factories import make_contact, make_customer, make_lead, make_opportunity

OURS = "zhanglei@hengyu.example"


async def address(post: Post, person: Person, **record: str) -> str:
    desk = await post.sales.of(person)
    answer = await desk.post(f"{API}/email-address", record) if record else await desk.post(f"{API}/me/email-address", {})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["address"])


async def test_a_customers_letter_lies_with_the_deal_and_its_owner_learns(post: Post) -> None:
    came = await post.comes(FOXMAIL)
    assert (came.direction, came.state, came.reason) == ("in", "filed", "by_contact")
    assert (came.subject_type, came.subject_id, came.contact_id) == ("opportunity", post.deal.id, post.contact.id)
    assert came.raw_sha256 is not None
    assert await stored(came.raw_sha256) == FOXMAIL
    entries = await post.entries(post.deal.id)
    assert [entry.kind for entry in entries] == ["email.received", "document.added"]
    assert (entries[0].actor_id, entries[0].body["email"]["subject"], entries[0].at) == (None, "回复：㛃支架询价", NOW)
    assert entries[0].body["excerpt"].startswith("张经理： 请看附件图纸")
    document = (await post.session.scalars(select(Document))).one()
    assert (document.title, document.subject_id, document.created_by) == ("支架图纸", post.deal.id, None)
    shown = await post.shown(came.id)
    (file,) = shown["attachments"]
    assert (file["name"], file["document_id"], file["family"]) == ("支架图纸.pdf", str(document.id), "pdf")
    desk = await post.sales.of(post.house.zhang)
    got = await desk.get(f"{API}/email-files/{file['id']}/content")
    assert (got.content, got.headers["content-type"]) == (PDF, "application/pdf")
    assert (await post.sales.deal(post.deal.id)).last_activity_at == NOW
    assert await post.house.told(post.house.zhang) == ["email.received"]
    assert {"email.changed", "opportunity.changed"} <= set(await post.house.shown(post.house.zhang))
    told = (await post.session.scalars(select(Notification).where(Notification.kind == "email.received"))).one()
    said = wording.words(wording.Item(told.kind, told.params, told.subject_id, "张磊", None))
    assert said[0] == "收到邮件"
    assert said[2] == f"/opportunities/{post.deal.id}"


async def test_the_same_letter_is_taken_once_however_it_comes(post: Post) -> None:
    first, again = [await post.comes(FOXMAIL) for _ in range(2)]
    assert first.id == again.id
    nameless = [(await post.comes(RAW, mail_from="chen@wuxi.example")).id for _ in range(2)]
    assert nameless[0] == nameless[1]
    assert await post.house.told(post.house.zhang) == ["email.received"]
    assert len((await post.session.scalars(select(EmailMessage))).all()) == 2


async def test_a_message_id_given_out_twice_loses_no_letter(post: Post) -> None:
    first = await post.comes(letter("第一封", message_id="<same@erp.example>", date="Tue, 10 Mar 2026 09:30:00 +0800"))
    second = await post.comes(letter("第二封", message_id="<same@erp.example>", date="Tue, 10 Mar 2026 09:31:00 +0800"))
    assert (second.id != first.id, second.state, second.subject_id) == (True, "filed", post.deal.id)
    again = b"Received: from mx.in.example\r\n" + letter(
        "第二封\r\n", message_id="<same@erp.example>", date="Tue, 10 Mar 2026 01:31:00 +0000", x_spam="no"
    )
    assert (await post.comes(again, mail_from=None)).id == second.id, "by another way it has other headers, and is the same letter"
    made = await post.sent()
    for number, who in enumerate((CUSTOMER, "x@strange.example")):
        taken = await post.comes(message_id=f"<{made['message_id']}>", from_=who, mail_from=who, subject=f"不同的 {number}")
        assert str(taken.id) != made["id"], "nobody hides a letter behind one of ours"
    headers = letter("", message_id="<large@x.example>")
    beheaded = await receiving.take(headers, Envelope([DROPBOX], CUSTOMER), NOW, is_beheaded=True)
    whole = await post.comes(letter("全文", message_id="<large@x.example>"))
    assert whole.id == beheaded, "of a letter that was too large we know no more than its headers"


async def test_a_copy_by_a_better_address_files_what_nobody_has_sorted(post: Post) -> None:
    other = await make_opportunity(post.session, post.sales.customer, name="另一个")
    to = await address(post, post.house.zhang, subject_type="opportunity", subject_id=str(other.id))

    async def comes(number: int, *to: str) -> EmailMessage:
        return await post.comes(message_id=f"<{number}@x.example>", from_="who@strange.example", mail_from="who@strange.example", to=to)

    waiting = await comes(1, DROPBOX)
    assert waiting.state == "sorting"
    filed = await comes(1, to)
    assert (filed.id, filed.state, filed.reason, filed.subject_id) == (waiting.id, "filed", "by_address", other.id)
    assert [entry.kind for entry in await post.entries(other.id)] == ["email.received"]
    assert (await comes(1, to)).version == filed.version
    aside = await comes(2, DROPBOX)
    await post.do(post.house.manager, aside.id, "filing", subject_type="opportunity", subject_id=str(post.deal.id))
    assert (await comes(2, to)).subject_id == post.deal.id, "what a person has sorted stays"
    known = await post.comes(message_id="<3@x.example>")
    assert (known.subject_type, known.reason) == ("customer", "by_contact")
    nearer = await post.comes(message_id="<3@x.example>", to=[to])
    assert (nearer.id, nearer.subject_id, nearer.reason) == (known.id, other.id, "by_address")


async def test_our_own_letter_that_comes_back_by_a_copy_is_known(post: Post) -> None:
    made = await post.sent()
    raw = post.box.received[0][1].as_bytes()
    assert str((await post.comes(raw, mail_from="sales@hengyu.example")).id) == made["id"]


async def test_the_address_of_a_record_decides_before_all_else(post: Post) -> None:
    other = await make_opportunity(post.session, post.sales.customer, name="另一个")
    to = await address(post, post.house.zhang, subject_type="opportunity", subject_id=str(other.id))
    by_envelope = await post.comes(message_id="<1@x.example>", from_="谁 <who@strange.example>", to=[to], mail_from="who@strange.example")
    by_header = await post.comes(
        message_id="<2@x.example>", from_="who@strange.example", delivered_to=to.upper(), mail_from="who@strange.example"
    )
    assert [(one.subject_id, one.reason) for one in (by_envelope, by_header)] == [(other.id, "by_address")] * 2
    assert by_envelope.contact_id is None, "a screen may offer to add who wrote"
    renewed = await address(post, post.house.zhang, subject_type="opportunity", subject_id=str(other.id))
    assert renewed != to
    old = await post.comes(message_id="<3@x.example>", from_="who@strange.example", to=[to], mail_from="who@strange.example")
    assert (old.state, old.reason) == ("sorting", "unknown_sender")


async def test_who_only_says_to_be_a_colleague_files_nothing_and_is_nobodys_evidence(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    forged = letter(message_id="<f1@hengyu.example>", from_=f"张磊 <{OURS}>", to=CUSTOMER, cc=DROPBOX)
    came = await post.comes(forged, mail_from="evil@strange.example")
    assert (came.direction, came.state, came.reason, came.person_id) == ("in", "sorting", "not_authentic", None)
    assert await post.entries(post.deal.id) == []
    monkeypatch.setattr(get_settings(), "dropbox_authserv", "mx.in.example")
    silent = await post.comes(forged.replace(b"<f1@", b"<f2@"), mail_from=OURS)
    assert (silent.state, silent.reason) == ("sorting", "not_authentic"), "our server said nothing of it"
    sound = b"Authentication-Results: mx.in.example; dmarc=pass header.from=hengyu.example\r\n" + forged.replace(b"<f1@", b"<f3@")
    filed = await post.comes(sound, mail_from=OURS)
    assert (filed.direction, filed.state, filed.person_id) == ("out", "filed", post.house.zhang.id)


async def test_a_copy_of_ones_own_letter_is_filed_by_whom_it_is_for(post: Post) -> None:
    mine = await address(post, post.house.zhang)
    copy = await post.comes(letter(message_id="<c1@hengyu.example>", from_=f"张磊 <{OURS}>", to=CUSTOMER, cc=mine), mail_from=OURS)
    blind = await post.comes(
        letter(message_id="<c2@hengyu.example>", from_=f"张磊 <{OURS.upper()}>", to=CUSTOMER, subject="报价"), to=[mine], mail_from=OURS
    )
    for one in (copy, blind):
        assert (one.direction, one.state, one.subject_id, one.person_id) == ("out", "filed", post.deal.id, post.house.zhang.id)
    assert [(entry.kind, entry.actor_id) for entry in await post.entries(post.deal.id)] == [("email.sent", post.house.zhang.id)] * 2
    assert await post.house.told(post.house.zhang) == [], "nobody is told of their own letters"
    strange = await post.comes(message_id="<c3@x.example>", to=[mine])
    assert (strange.state, strange.reason, strange.person_id) == ("sorting", "not_own_address", post.house.zhang.id)
    assert await post.house.told(post.house.zhang) == ["email.in_tray"]
    assert await post.tray(post.house.zhang) == [str(strange.id)]


async def test_a_forwarded_letter_is_filed_by_who_wrote_it_first(post: Post) -> None:
    mine = await address(post, post.house.zhang)
    text = f"归档\n\n---------- Forwarded message ---------\n发件人: 王建国 <{CUSTOMER}>\n日期: 2026-03-09\n主题: 询价\n\n请报价"
    came = await post.comes(letter(text, message_id="<f1@hengyu.example>", from_=OURS, to=mine), to=[mine], mail_from=OURS)
    assert (came.direction, came.subject_id, came.reason, came.person_id) == ("in", post.deal.id, "by_contact", post.house.zhang.id)


async def test_without_exactly_one_open_deal_a_letter_lies_with_the_customer(post: Post) -> None:
    second = await make_opportunity(post.session, post.sales.customer)
    came = await post.comes(message_id="<1@x.example>")
    assert (came.subject_type, came.subject_id) == ("customer", post.sales.customer.id)
    lost = {"state": "lost", "loss_reason": "price", "closed_at": NOW}
    await post.session.execute(update(Opportunity).where(Opportunity.id == second.id).values(lost))
    assert (await post.comes(message_id="<2@x.example>")).subject_id == post.deal.id


async def test_a_conversation_stays_together_whatever_the_order(post: Post) -> None:
    child = await post.comes(
        message_id="<b@x.example>", references="<a@x.example>", from_="new@strange.example", mail_from="new@strange.example"
    )
    other = await post.comes(
        message_id="<c@x.example>", in_reply_to="<z@x.example>", from_="new@strange.example", mail_from="new@strange.example"
    )
    assert child.thread_id != other.thread_id
    sibling = await post.comes(
        message_id="<d@x.example>", references="<a@x.example>", from_="new@strange.example", mail_from="new@strange.example"
    )
    root = await post.comes(
        message_id="<a@x.example>", in_reply_to="<z@x.example>", from_="new@strange.example", mail_from="new@strange.example"
    )
    threads = {(await post.row(one.id)).thread_id for one in (child, other, sibling, root)}
    assert threads == {child.thread_id}
    filed = await post.do(post.house.manager, root.id, "filing", subject_type="opportunity", subject_id=str(post.deal.id))
    assert filed.status_code == 200, filed.text
    assert {(await post.row(one.id)).subject_id for one in (child, other, sibling, root)} == {post.deal.id}, "the thread follows"
    late = await post.comes(
        message_id="<e@x.example>", references="<a@x.example> <b@x.example>", from_="new@strange.example", mail_from="new@strange.example"
    )
    assert (late.subject_id, late.reason, late.thread_id) == (post.deal.id, "by_thread", child.thread_id)


async def number_of(post: Post) -> str:
    return f"SJ{(await post.sales.deal(post.deal.id)).number:08}"


async def test_who_only_names_a_letter_has_no_part_in_its_conversation(post: Post) -> None:
    made = await post.sent(cc=[{"address": "Li@hengda.example"}])
    named = f"<{made['message_id']}>"
    stranger = await post.comes(message_id="<1@evil.example>", in_reply_to=named, from_="x@evil.example", mail_from="x@evil.example")
    assert (stranger.state, stranger.reason, stranger.detail) == ("sorting", "stranger_in_thread", await number_of(post))
    assert stranger.thread_id == stranger.id
    machine = await post.comes(
        message_id="<2@evil.example>", in_reply_to=named, from_="y@evil.example", mail_from="y@evil.example", auto_submitted="auto-replied"
    )
    assert (machine.state, machine.subject_id) == ("automatic", None)
    forged = await post.comes(letter(message_id="<3@evil.example>", in_reply_to=named, from_=OURS, to=CUSTOMER), mail_from="x@evil.example")
    assert (forged.reason, forged.thread_id) == ("not_authentic", forged.id)
    got = await post.comes(message_id="<4@hengda.example>", in_reply_to=named, from_="li@hengda.example", mail_from="li@hengda.example")
    assert (got.reason, str(got.thread_id)) == ("by_thread", made["thread_id"]), "whoever got it may answer"
    to = await address(post, post.house.zhang, subject_type="opportunity", subject_id=str(post.deal.id))
    new = await post.comes(
        message_id="<5@hengda.example>", in_reply_to=named, from_="z@hengda.example", mail_from="z@hengda.example", to=[to]
    )
    assert (new.reason, str(new.thread_id)) == ("by_address", made["thread_id"]), "by the record's own address"
    mine = await address(post, post.house.zhang)
    passed = await post.comes(letter(message_id="<6@hengyu.example>", in_reply_to=named, from_=OURS, to=mine), to=[mine], mail_from=OURS)
    assert (passed.reason, str(passed.thread_id)) == ("by_thread", made["thread_id"]), "a colleague has part in all of them"


async def test_conversations_of_two_customers_stay_two(post: Post) -> None:
    other = await make_customer(post.session, owner=post.house.zhang)
    await make_contact(post.session, other, email="both@agent.example")
    await known_by(post, other, "both@agent.example")
    theirs = await post.comes(message_id="<t@agent.example>", from_="both@agent.example", mail_from="both@agent.example")
    ours = await post.sent(cc=[{"address": "both@agent.example"}])
    joins = await post.comes(
        message_id="<j@agent.example>",
        references=f"<{ours['message_id']}> <t@agent.example>",
        from_="both@agent.example",
        mail_from="both@agent.example",
    )
    assert (joins.subject_id, joins.thread_id) == (other.id, theirs.thread_id), "the nearest letter decides"
    assert (await post.row(ours["id"])).thread_id != theirs.thread_id


async def test_a_letter_finds_its_conversation_however_many_name_the_same(post: Post) -> None:
    root = await post.comes(message_id="<root@x.example>", from_="a@other.example", mail_from="a@other.example")
    columns = {one.name: getattr(root, one.name) for one in EmailMessage.__table__.columns}
    crowd = [columns | {"id": new_id(), "message_id": f"{n}@x.example", "references_ids": ["root@x.example"]} for n in range(120)]
    await post.session.execute(insert(EmailMessage), crowd)
    mine = await post.comes(message_id="<mine@hengda.example>", in_reply_to="<elsewhere@hengda.example>")
    last = await post.comes(message_id="<last@hengda.example>", references="<root@x.example> <mine@hengda.example>")
    assert (last.thread_id, last.subject_id) == (mine.thread_id, post.deal.id)


async def test_a_machine_follows_its_conversation_to_where_it_lies_now(post: Post) -> None:
    lead = await make_lead(post.session, owner=post.house.zhang, email="chen@wuxi.example")
    await register(post.session, "lead", [(lead.id, Identity(lead.company, (), (lead.email,)))])
    asked = await post.comes(message_id="<1@wuxi.example>", from_="chen@wuxi.example", mail_from="chen@wuxi.example")
    assert asked.subject_id == lead.id
    body = {"contact_role": "purchaser", "opportunity": {"name": "报价"}}
    converted = await (await post.sales.of(post.house.zhang)).post(f"{API}/leads/{lead.id}/conversion", body)
    assert converted.status_code in (200, 201), converted.text
    deal_id = (await post.session.scalars(select(Opportunity.id).where(Opportunity.lead_id == lead.id))).one()
    away = await post.comes(
        message_id="<2@wuxi.example>", in_reply_to="<1@wuxi.example>", from_="chen@wuxi.example", mail_from="chen@wuxi.example",
        auto_submitted="auto-replied",
    )  # fmt: skip
    assert (away.state, away.subject_id) == ("automatic", deal_id)


async def test_a_customers_group_address_is_no_mailing_where_it_answers_us(post: Post) -> None:
    to = await address(post, post.house.zhang, subject_type="opportunity", subject_id=str(post.deal.id))
    group = {"list_id": "<buyers.hengda.example>", "precedence": "list"}
    ours = await post.comes(message_id="<1@hengda.example>", to=[to], **group)
    assert (ours.state, ours.reason, ours.subject_id) == ("filed", "by_address", post.deal.id)
    strange = await post.comes(message_id="<2@shop.example>", from_="n@shop.example", mail_from="n@shop.example", to=[to], **group)
    mailing = await post.comes(message_id="<3@hengda.example>", **group)
    assert [(one.state, one.reason) for one in (strange, mailing)] == [("automatic", "machine")] * 2


async def test_an_answer_is_for_whom_the_sender_names_or_for_who_wrote_first(post: Post) -> None:
    sent = await post.comes(message_id="<1@hengda.example>", reply_to=f"采购部 <Buyers@hengda.example>, {DROPBOX}")
    assert (await post.shown(sent.id))["answer_to"] == [{"address": "buyers@hengda.example", "name": "采购部"}]
    plain = await post.comes(message_id="<2@hengda.example>", reply_to=CUSTOMER)
    assert (await post.shown(plain.id))["answer_to"] == []
    mine = await address(post, post.house.zhang)
    text = f"归档\n\n---------- Forwarded message ---------\n发件人: 王建国 <{CUSTOMER}>\n日期: 2026-03-09\n主题: 询价\n\n请报价"
    passed = await post.comes(letter(text, message_id="<3@hengyu.example>", from_=OURS, to=mine), to=[mine], mail_from=OURS)
    assert (await post.shown(passed.id))["answer_to"] == [{"address": CUSTOMER, "name": ""}]


async def test_strangers_and_doubts_wait_in_the_tray_with_the_reason(post: Post) -> None:
    twin = await make_customer(post.session, owner=post.house.li)
    await make_contact(post.session, twin, email="both@agent.example")
    await known_by(post, twin, "both@agent.example")
    await known_by(post, post.sales.customer, CUSTOMER, "both@agent.example")
    leads = [await make_lead(post.session, owner=post.house.zhang, email="two@leads.example") for _ in range(2)]
    for lead in leads:
        await register(post.session, "lead", [(lead.id, Identity(lead.company, (), (lead.email,)))])
    reasons = {}
    for who in ("nobody@strange.example", "both@agent.example", "two@leads.example"):
        came = await post.comes(message_id=f"<{who}>", from_=who, mail_from=who)
        assert (came.state, came.subject_id) == ("sorting", None)
        reasons[who] = came.reason
    assert reasons == {
        "nobody@strange.example": "unknown_sender", "both@agent.example": "several_customers", "two@leads.example": "several_leads",
    }  # fmt: skip
    among = await post.comes(message_id="<in@hengyu.example>", from_=OURS, mail_from=OURS)
    assert (among.state, among.reason) == ("sorting", "only_colleagues")
    assert len(await post.tray(post.house.manager)) == 4
    assert await post.tray(post.house.li) == []
    summary = await (await post.sales.of(post.house.admin)).get(f"{API}/email-tray/summary")
    assert summary.json() == {"sorting": 4}


async def test_a_lead_is_known_by_its_address_until_it_is_a_customer(post: Post) -> None:
    lead = await make_lead(post.session, owner=post.house.zhang, email="chen@wuxi.example", last_activity_at=NOW - timedelta(days=9))
    await register(post.session, "lead", [(lead.id, Identity(lead.company, (lead.phone,), (lead.email,)))])
    came = await post.comes(RAW, mail_from="chen@wuxi.example")
    assert (came.subject_type, came.subject_id, came.reason, came.subject) == ("lead", lead.id, "by_lead", "报价单")
    assert (await post.house.lead(lead.id)).last_activity_at == NOW
    assert await post.house.told(post.house.zhang) == ["email.received"]
    body = {"contact_role": "purchaser", "opportunity": {"name": "报价"}}
    converted = await (await post.sales.of(post.house.zhang)).post(f"{API}/leads/{lead.id}/conversion", body)
    assert converted.status_code in (200, 201), converted.text
    deal_id = (await post.session.scalars(select(Opportunity.id).where(Opportunity.lead_id == lead.id))).one()
    after = await post.comes(message_id="<n@wuxi.example>", from_="chen@wuxi.example", mail_from="chen@wuxi.example")
    assert (after.subject_type, after.subject_id) == ("opportunity", deal_id)


async def test_machines_and_loops_stay_out_of_the_tray(post: Post) -> None:
    made = await post.sent()
    away = await post.comes(message_id="<ooo@hengda.example>", auto_submitted="auto-replied", in_reply_to=f"<{made['message_id']}>")
    assert (away.state, away.reason, away.subject_id) == ("automatic", "machine", post.deal.id)
    news = await post.comes(message_id="<n@shop.example>", precedence="bulk", from_="news@shop.example", mail_from="news@shop.example")
    assert (news.state, news.subject_id) == ("automatic", None)
    assert await post.house.told(post.house.zhang) == []
    assert [entry.kind for entry in await post.entries(post.deal.id)] == ["email.sent"]
    assert (await post.row(made["id"])).state == "sent"
    for number in range(21):
        last = await post.comes(message_id=f"<{number}@loop.example>", from_="loop@strange.example", mail_from="loop@strange.example")
    assert (last.state, last.reason) == ("automatic", "too_many")
    assert len(await post.tray(post.house.manager)) == 20
    assert set(await post.tray(post.house.manager, "automatic")) == {str(news.id), str(last.id)}
    later = await post.comes(
        message_id="<later@loop.example>", from_="loop@strange.example", mail_from="loop@strange.example", now=NOW + timedelta(hours=3)
    )
    assert later.state == "sorting"


async def test_a_forged_sender_is_not_believed(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHENGDAN_DROPBOX_AUTHSERV", "mx.in.example")
    get_settings.cache_clear()
    forged = await post.comes(message_id="<1@x.example>", authentication_results="mx.in.example; dmarc=fail header.from=hengda.example")
    assert (forged.state, forged.reason) == ("sorting", "not_authentic")
    true = await post.comes(message_id="<2@x.example>", authentication_results="mx.in.example; dmarc=pass")
    assert true.subject_id == post.deal.id


async def test_files_of_every_sort(post: Post) -> None:
    message = Written()
    message["From"], message["To"], message["Message-ID"] = CUSTOMER, DROPBOX, "<files@hengda.example>"
    message.set_content("见附件")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="../../图纸.pdf")
    message.add_attachment(PROGRAM, maintype="application", subtype="octet-stream", filename="报价.exe")
    message.add_attachment(base64.b64encode(PNG), maintype="application", subtype="octet-stream", filename="")
    inner = Written()
    inner["Subject"], inner["Message-ID"] = "原信", "<inner@x.example>"
    inner.set_content("里面的信")
    message.add_attachment(inner)
    came = await post.comes(message.as_bytes())
    files = (await post.session.scalars(select(EmailFile).where(EmailFile.email_id == came.id).order_by(EmailFile.place))).all()
    assert [(one.name, one.refused) for one in files] == [
        ("图纸.pdf", None), ("报价.exe", "program_refused"), ("附件4", None), ("附件5.eml", None),
    ]  # fmt: skip
    assert not await get_store().holds(files[1].sha256), "it is in the source of the letter only"
    assert files[1].document_id is None
    assert {one.title for one in await post.session.scalars(select(Document))} == {"图纸", "附件4", "附件5"}
    desk = await post.sales.of(post.house.zhang)
    assert (await desk.get(f"{API}/email-files/{files[1].id}/content")).status_code == 404
    saved = (await desk.get(f"{API}/email-files/{files[3].id}/content")).content
    assert "里面的信".encode() in saved


async def test_a_logo_inside_the_text_is_no_document(post: Post) -> None:
    message = Written()
    message["From"], message["To"], message["Message-ID"] = CUSTOMER, DROPBOX, "<logo@hengda.example>"
    message.set_content("您好")
    message.add_alternative("<p>您好<img src='cid:logo'></p>", subtype="html")
    message.get_payload()[1].add_related(PNG, maintype="image", subtype="png", cid="<logo>")  # type: ignore[union-attr,index]
    came = await post.comes(message.as_bytes())
    assert came.files == 0
    ((file),) = (await post.shown(came.id))["attachments"]
    assert (file["is_inline"], file["document_id"], file["may_be_shown"]) == (True, None, True)
    assert (await post.session.scalars(select(Document))).all() == []


async def test_letters_of_nobody_in_particular_are_seen_by_nobody_else(post: Post) -> None:
    came = await post.comes(message_id="<1@strange.example>", from_="x@strange.example", mail_from="x@strange.example")
    desk = await post.sales.of(post.house.li)
    for path in (f"{EMAILS}/{came.id}", f"{EMAILS}/{came.id}/source", f"{API}/email-threads/{came.thread_id}"):
        assert (await desk.get(path)).status_code == 404
    assert (await post.do(post.house.li, came.id, "filing", subject_type="opportunity", subject_id=str(post.deal.id))).status_code == 404
    assert jobs.door().is_ours(DROPBOX)
