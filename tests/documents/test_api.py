"""Files of leads, customers and opportunities: filed, versioned, taken back, never lost; seen by who sees the record."""

import hashlib
import json
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from backend.audit.models import AuditEntry
from backend.core.outbox import Outbox
from backend.customers.models import Customer
from backend.documents.models import DocumentKind
from backend.leads.models import Lead
from backend.opportunities.models import Opportunity
from tests.conftest import NOW
from tests.documents.conftest import API, Cabinet
from tests.documents.samples import DOCX, JPEG, PDF
from tests.factories import make_customer, make_opportunity, make_person

OLD = NOW - timedelta(days=8)


async def test_a_file_becomes_a_document_with_a_trace_an_event_and_an_audit(cabinet: Cabinet) -> None:
    house, customer = cabinet.sales.house, cabinet.sales.customer
    deal = await make_opportunity(house.session, customer, last_activity_at=OLD)
    attached = await cabinet.attach(house.zhang, "opportunity", deal.id, title="电机支架需求", note="客户邮件发来")
    assert attached.status_code == 201, attached.text
    document = attached.json()
    (version,) = document["versions"]
    assert (document["title"], document["kind"]["name_zh"], document["created_by"]["name"], document["withdrawn"]) == (
        "电机支架需求", "需求文档", house.zhang.name, None,
    )  # fmt: skip
    assert (version["number"], version["name"], version["media_type"], version["size"], version["note"], version["may_be_shown"]) == (
        1, "需求说明.pdf", "application/pdf", len(PDF), "客户邮件发来", True,
    )  # fmt: skip
    assert version["sha256"] == hashlib.sha256(PDF).hexdigest()
    desk = await cabinet.sales.of(house.zhang)
    entry = (await desk.get(f"{API}/opportunities/{deal.id}/timeline")).json()["items"][0]
    assert (entry["kind"], entry["body"]["document"]["title"], entry["body"]["version"]["name"]) == (
        "document.added", "电机支架需求", "需求说明.pdf",
    )  # fmt: skip
    event = (await house.session.scalars(select(Outbox).where(Outbox.kind == "document.added"))).one()
    assert (event.subject_id, event.payload["subject_type"], event.payload["document_kind"]) == (deal.id, "opportunity", "requirement")
    audited = set(await house.session.scalars(select(AuditEntry.table_name).where(AuditEntry.actor == str(house.zhang.id))))
    assert {"document", "document_version"} <= audited
    await house.relay()
    card = (await desk.get(f"{API}/opportunities/{deal.id}")).json()
    assert (card["is_flagged"], card["version"]) == (False, 1), "a file is an update, and changes no fact that a form holds"
    assert "opportunity.changed" in await house.shown(house.zhang)


async def test_a_file_stirs_the_lead_or_the_customer_that_it_hangs_on(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    lead = await house.owned(house.zhang, last_activity_at=OLD)
    customer = await make_customer(house.session, owner=house.zhang, last_activity_at=OLD)
    for subject, record, table in (("lead", lead, Lead), ("customer", customer, Customer)):
        assert (await cabinet.attach(house.zhang, subject, record.id)).status_code == 201
        found = await house.session.get(table, record.id, populate_existing=True)
        assert found is not None
        assert found.last_activity_at == NOW
        assert [one["title"] for one in await cabinet.listed(house.manager, subject, record.id)] == ["需求说明"]
    await house.relay()
    assert {"lead.changed", "customer.changed"} <= set(await house.shown(house.zhang))


async def test_a_new_version_leaves_the_old_one_as_it_was(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    document = (await cabinet.attach(house.zhang, "opportunity", deal.id)).json()
    newer = (await cabinet.upload(house.manager, "需求说明 B 版.docx", DOCX)).json()
    added = await (await cabinet.sales.of(house.manager)).post(
        f"{API}/documents/{document['id']}/versions", {"upload_id": newer["id"], "note": "改了公差"}
    )
    assert added.status_code == 201, added.text
    versions = added.json()["versions"]
    assert [(one["number"], one["name"], one["uploaded_by"]["name"]) for one in versions] == [
        (2, "需求说明 B 版.docx", house.manager.name), (1, "需求说明.pdf", house.zhang.name),
    ]  # fmt: skip
    for one, data in zip(versions, (DOCX, PDF), strict=True):
        assert (await cabinet.content(house.zhang, one["id"])).content == data
    await house.relay()


async def test_a_withdrawn_document_stays_to_be_seen_and_counts_no_more(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    document = (await cabinet.attach(house.zhang, "opportunity", deal.id)).json()
    desk, path = await cabinet.sales.of(house.zhang), f"{API}/documents/{document['id']}"
    assert (await desk.post(f"{path}/withdrawal", {"reason": " "})).status_code == 422
    gone = await desk.post(f"{path}/withdrawal", {"reason": "传错了客户"})
    assert (gone.status_code, gone.json()["withdrawn"]["reason"], gone.json()["withdrawn"]["by"]["name"]) == (
        200, "传错了客户", house.zhang.name,
    )  # fmt: skip
    before = await cabinet.traces()
    again = await desk.post(f"{path}/withdrawal", {"reason": "再来"})
    assert (again.status_code, again.json()["code"]) == (409, "document_withdrawn")
    assert (await desk.edit(path, {"title": "新名"}, 2)).status_code == 409
    assert await cabinet.traces() == before
    (shown,) = await cabinet.listed(house.zhang, "opportunity", deal.id)
    assert shown["withdrawn"]["reason"] == "传错了客户"
    assert (await cabinet.content(house.zhang, shown["versions"][0]["id"])).status_code == 200
    kinds = [one["kind"] for one in (await desk.get(f"{API}/opportunities/{deal.id}/timeline")).json()["items"]]
    assert kinds == ["document.withdrawn", "document.added"]


async def test_a_wrong_kind_is_corrected_on_top_of_what_was_seen(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    document = (await cabinet.attach(house.zhang, "opportunity", deal.id, kind="other")).json()
    desk, path = await cabinet.sales.of(house.zhang), f"{API}/documents/{document['id']}"
    assert (await desk.patch(path, {"kind": "drawing"})).status_code == 428
    changed = await desk.edit(path, {"kind": "drawing", "title": "图纸"}, 1)
    assert (changed.status_code, changed.json()["kind"]["key"], changed.headers["ETag"]) == (200, "drawing", '"v2"')
    assert (await desk.edit(path, {"title": "旧"}, 1)).status_code == 412
    unknown = await desk.edit(path, {"kind": "nothing"}, 2)
    assert [error["pointer"] for error in unknown.json()["errors"]] == ["#/kind"]
    same = await desk.edit(path, {"title": "图纸"}, 2)
    assert same.json()["version"] == 2, "nothing changed"


async def test_the_page_of_a_customer_shows_the_files_of_its_deals_and_leads_marked(cabinet: Cabinet) -> None:
    house, customer = cabinet.sales.house, cabinet.sales.customer
    lead = await house.owned(house.zhang, customer_id=customer.id)
    deal = await make_opportunity(house.session, customer, name="支架框架", lead_id=lead.id)
    for subject, record, title in (("lead", lead, "询价图"), ("opportunity", deal, "需求"), ("customer", customer, "营业执照")):
        assert (await cabinet.attach(house.zhang, subject, record.id, title=title)).status_code == 201
    of_customer = {one["title"]: one["of"] for one in await cabinet.listed(house.zhang, "customer", customer.id)}
    assert of_customer == {"询价图": f"XS{lead.number:08d}", "需求": "支架框架", "营业执照": None}
    of_deal = {one["title"]: one["of"] for one in await cabinet.listed(house.zhang, "opportunity", deal.id)}
    assert of_deal == {"询价图": f"XS{lead.number:08d}", "需求": None}
    seen = {one["title"] for one in await cabinet.listed(house.marketing, "customer", customer.id)}
    assert seen == {"询价图", "营业执照"}, "marketing sees no deals, and so none of their files"
    desk = await cabinet.sales.of(house.zhang)
    first = (await desk.get(f"{API}/documents", subject_type="customer", subject_id=str(customer.id), limit=2)).json()
    rest = (
        await desk.get(f"{API}/documents", subject_type="customer", subject_id=str(customer.id), limit=2, cursor=first["next_cursor"])
    ).json()
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)


async def test_who_does_not_see_the_record_does_not_see_its_files(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    document = (await cabinet.attach(house.zhang, "opportunity", deal.id)).json()
    version = document["versions"][0]["id"]
    uploaded = (await cabinet.upload(house.huang)).json()["id"]
    before = await cabinet.traces()
    stranger = await cabinet.sales.of(house.huang)
    body = {"subject_type": "opportunity", "subject_id": str(deal.id), "upload_id": uploaded, "kind": "other"}
    answers = [
        await stranger.get(f"{API}/documents", subject_type="opportunity", subject_id=str(deal.id)),
        await stranger.get(f"{API}/documents/{document['id']}"),
        await stranger.post(f"{API}/documents", body),
        await stranger.post(f"{API}/documents/{document['id']}/versions", {"upload_id": uploaded}),
        await stranger.post(f"{API}/documents/{document['id']}/withdrawal", {"reason": "x"}),
        await stranger.edit(f"{API}/documents/{document['id']}", {"title": "x"}, 1),
        await stranger.post(f"{API}/document-versions/{version}/links", {}),
        await stranger.get(f"{API}/document-versions/{version}/thumbnail"),
        await cabinet.content(house.huang, version),
    ]
    assert [answer.status_code for answer in answers] == [404] * 9
    theirs = await (await cabinet.sales.of(house.zhang)).post(f"{API}/documents", body)
    assert [error["pointer"] for error in theirs.json()["errors"]] == ["#/upload_id"], "an upload is its author's alone"
    assert await cabinet.traces() == before


async def test_a_request_that_is_repeated_files_once(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    uploaded = (await cabinet.upload(house.zhang)).json()["id"]
    body = {"subject_type": "opportunity", "subject_id": str(deal.id), "upload_id": uploaded, "kind": "other"}
    desk = await cabinet.sales.of(house.zhang)
    answers = [await desk.post(f"{API}/documents", body, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(await cabinet.listed(house.zhang, "opportunity", deal.id)) == 1


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [("setup.exe", b"MZ\x90\0", 422, "program_refused"), ("图.svg", b"<svg/>", 422, "markup_refused"), ("空.pdf", b"", 422, "empty_file"),
     ("大.pdf", PDF.ljust(1024 * 1024 + 1), 413, "upload_too_large")],
)  # fmt: skip
async def test_what_is_refused_says_why_and_leaves_nothing(cabinet: Cabinet, name: str, data: bytes, status: int, code: str) -> None:
    await cabinet.session.execute(update(DocumentKind).where(DocumentKind.key == "requirement").values(max_megabytes=1))
    before = await cabinet.traces()
    refused = await cabinet.upload(cabinet.sales.house.zhang, name, data)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    if status == 413:
        assert refused.json()["params"]["limit"] == 1024 * 1024
    assert await cabinet.traces() == before


async def test_a_mismatch_is_told_and_the_bytes_decide(cabinet: Cabinet) -> None:
    told = (await cabinet.upload(cabinet.sales.house.zhang, "扫描.pdf", JPEG)).json()
    assert (told["is_mismatched"], told["media_type"], told["family"]) == (True, "image/jpeg", "picture")
    assert not (await cabinet.upload(cabinet.sales.house.zhang)).json()["is_mismatched"]


async def test_a_file_too_large_for_the_kind_that_it_gets_is_refused(cabinet: Cabinet) -> None:
    """An upload for a kind with a high limit is no way around a low one."""
    house = cabinet.sales.house
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    await cabinet.session.execute(update(DocumentKind).where(DocumentKind.key == "minutes").values(max_megabytes=1))
    uploaded = (await cabinet.upload(house.zhang, data=PDF.ljust(1024 * 1024 + 1))).json()["id"]
    body = {"subject_type": "opportunity", "subject_id": str(deal.id), "upload_id": uploaded, "kind": "minutes"}
    refused = await (await cabinet.sales.of(house.zhang)).post(f"{API}/documents", body)
    assert (refused.status_code, refused.json()["params"]) == (413, {"limit": 1024 * 1024, "kind": "minutes"})


async def test_download_says_what_the_file_is_and_how_it_may_be_kept(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    version = (await cabinet.attach(house.zhang, "opportunity", deal.id)).json()["versions"][0]
    answer = await cabinet.content(house.zhang, version["id"])
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PDF, "application/pdf")
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote('需求说明.pdf')}"
    assert (answer.headers["x-content-type-options"], answer.headers["cache-control"], answer.headers["etag"]) == (
        "nosniff", "private, no-cache", f'"{version["sha256"]}"',
    )  # fmt: skip
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script" not in answer.headers["content-security-policy"]
    known = await cabinet.content(house.zhang, version["id"], **{"If-None-Match": answer.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "status", "body", "told"),
    [("bytes=0-3", 206, PDF[:4], f"bytes 0-3/{len(PDF)}"), ("bytes=5-", 206, PDF[5:], f"bytes 5-{len(PDF) - 1}/{len(PDF)}"),
     ("bytes=-6", 206, PDF[-6:], f"bytes {len(PDF) - 6}-{len(PDF) - 1}/{len(PDF)}"), ("bytes=0-9999", 206, PDF, f"bytes 0-{len(PDF) - 1}/{len(PDF)}"),
     ("bytes=9999-", 416, None, f"bytes */{len(PDF)}"), ("bytes=-0", 416, None, f"bytes */{len(PDF)}"),
     ("bytes=0-1,3-4", 200, PDF, None), ("lines=1-2", 200, PDF, None), ("bytes=4-2", 200, PDF, None)],
)  # fmt: skip
async def test_a_player_may_ask_for_a_part(cabinet: Cabinet, asked: str, status: int, body: bytes | None, told: str | None) -> None:
    house = cabinet.sales.house
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    version = (await cabinet.attach(house.zhang, "opportunity", deal.id)).json()["versions"][0]
    answer = await cabinet.content(house.zhang, version["id"], Range=asked)
    assert (answer.status_code, answer.headers.get("content-range")) == (status, told)
    if body is not None:
        assert (answer.content, answer.headers["content-length"]) == (body, str(len(body)))
    changed = await cabinet.content(house.zhang, version["id"], Range=asked, **{"If-Range": '"another"'})
    assert (changed.status_code, changed.content) == (200, PDF)


async def test_a_link_opens_one_file_for_one_session_and_some_minutes(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    house = cabinet.sales.house
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    first, second = [
        (await cabinet.attach(house.zhang, "opportunity", deal.id, name, data)).json()["versions"][0]["id"]
        for name, data in (("a.pdf", PDF), ("b.docx", DOCX))
    ]
    desk = await cabinet.sales.of(house.zhang)
    url = (await desk.post(f"{API}/document-versions/{first}/links?disposition=inline", {})).json()["url"]
    opened = await desk.client.get(url)
    assert (opened.status_code, opened.content) == (200, PDF)
    assert opened.headers["content-disposition"].startswith("inline;")
    assert (await desk.client.get(url.replace(first, second))).status_code == 401
    signature = url.partition("signature=")[2]
    assert (await desk.client.get(f"{API}/me", headers={"Authorization": f"Bearer {signature}"})).status_code == 401, (
        "it is no access token"
    )
    assert (await desk.client.get(f"{API}/document-versions/{first}/content")).status_code == 401
    shown = (await desk.post(f"{API}/document-versions/{second}/links?disposition=inline", {})).json()["url"]
    assert (await desk.client.get(shown)).headers["content-disposition"].startswith("attachment;"), "a browser cannot show a Word file"
    other = await make_person(house.session, region=house.south)
    await house.session.execute(update(Opportunity).where(Opportunity.id == deal.id).values(owner_id=other.id, region_id=house.south.id))
    assert (await desk.client.get(url)).status_code == 404, "who no longer sees the record, no longer sees its files"
    await house.session.execute(update(Opportunity).where(Opportunity.id == deal.id).values(owner_id=house.zhang.id))
    assert (await desk.client.get(url)).status_code == 200
    await desk.post(f"{API}/auth/sign-out", {})
    assert (await desk.client.get(url)).status_code == 401, "the session is over"


async def test_an_expired_link_is_refused(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    house = cabinet.sales.house
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    version = (await cabinet.attach(house.zhang, "opportunity", deal.id)).json()["versions"][0]["id"]
    monkeypatch.setattr("backend.documents.links.LIFE", timedelta(seconds=-1))
    desk = await cabinet.sales.of(house.zhang)
    url = (await desk.post(f"{API}/document-versions/{version}/links", {})).json()["url"]
    refused = await desk.client.get(url)
    assert (refused.status_code, refused.json()["code"]) == (401, "link_invalid")


async def test_a_stage_asks_for_a_document_and_is_content_with_it(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    facts = {"expected_amount": 88000, "expected_close_on": (NOW + timedelta(days=40)).date(), "product_line": "冲压件"}
    deal = await make_opportunity(house.session, cabinet.sales.customer, "needs", **facts)
    refused = await cabinet.sales.move(house.zhang, deal, "proposal")
    assert [one["condition"] for one in refused.json()["params"]["missing"]] == [{"kind": "document_attached", "document": "requirement"}]
    await cabinet.attach(house.zhang, "opportunity", deal.id, kind="drawing")
    assert (await cabinet.sales.move(house.zhang, deal, "proposal")).status_code == 409
    filed = (await cabinet.attach(house.zhang, "opportunity", deal.id)).json()
    desk = await cabinet.sales.of(house.zhang)
    assert (await desk.post(f"{API}/documents/{filed['id']}/withdrawal", {"reason": "版本不对"})).status_code == 200
    assert (await cabinet.sales.move(house.zhang, deal, "proposal")).status_code == 409
    await cabinet.attach(house.zhang, "opportunity", deal.id)
    assert (await cabinet.sales.move(house.zhang, deal, "proposal")).status_code == 200


async def test_what_was_filed_with_the_lead_counts_for_the_deal(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    lead = await house.owned(house.zhang)
    assert (await cabinet.attach(house.zhang, "lead", lead.id)).status_code == 201
    facts = {"expected_amount": 88000, "expected_close_on": NOW.date(), "product_line": "冲压件"}
    deal = await make_opportunity(house.session, cabinet.sales.customer, "needs", lead_id=lead.id, **facts)
    assert (await cabinet.sales.move(house.zhang, deal, "proposal")).status_code == 200


async def test_an_upload_that_was_swept_files_nothing(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    body = {"subject_type": "opportunity", "subject_id": str(deal.id), "upload_id": str(uuid4()), "kind": "other"}
    refused = await (await cabinet.sales.of(house.zhang)).post(f"{API}/documents", body)
    assert (refused.status_code, json.loads(refused.text)["errors"][0]["pointer"]) == (422, "#/upload_id")
    assert UUID(body["upload_id"])
