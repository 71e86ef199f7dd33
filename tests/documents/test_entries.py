"""Files that come with what people log: filed in the same act, shown with their entry, kept by its correction."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from backend.audit.models import AuditEntry
from backend.core.outbox import Outbox
from backend.documents.models import DocumentKind, DocumentUpload
from tests.documents.conftest import API, Cabinet
from tests.documents.samples import JPEG, PDF, WAV
from tests.factories import make_opportunity

MEETING = {"kind": "meeting", "outcome": "interested", "note": "样件尺寸定了"}


async def given(cabinet: Cabinet, name: str = "纪要0310.pdf", data: bytes = PDF, kind: str = "minutes") -> dict[str, Any]:
    """An upload of the rep's, as a follow-up names it."""
    uploaded = await cabinet.upload(cabinet.sales.house.zhang, name, data, kind)
    assert uploaded.status_code == 201, uploaded.text
    return {"upload_id": uploaded.json()["id"], "kind": kind}


async def record(cabinet: Cabinet, subject: str) -> tuple[str, UUID]:
    """The path of a record of the rep's, and its id."""
    house = cabinet.sales.house
    if subject == "lead":
        lead = await house.owned(house.zhang)
        return f"{API}/leads/{lead.id}", lead.id
    if subject == "customer":
        return f"{API}/customers/{cabinet.sales.customer.id}", cabinet.sales.customer.id
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    return f"{API}/opportunities/{deal.id}", deal.id


@pytest.mark.parametrize("subject", ["lead", "customer", "opportunity"])
async def test_files_of_an_entry_are_documents_of_its_record_and_make_no_entry_of_their_own(cabinet: Cabinet, subject: str) -> None:
    house = cabinet.sales.house
    path, key = await record(cabinet, subject)
    desk = await cabinet.sales.of(house.zhang)
    files = [await given(cabinet), await given(cabinet, "白板.jpg", JPEG, "photo")]
    logged = await desk.post(f"{path}/follow-ups", {**MEETING, "files": files}, **{"Idempotency-Key": "m1"})
    assert logged.status_code == 201, logged.text
    again = await desk.post(f"{path}/follow-ups", {**MEETING, "files": files}, **{"Idempotency-Key": "m1"})
    assert again.json() == logged.json()
    shown = logged.json()["body"]["files"]
    assert [(one["title"], one["name"], one["media_type"], one["family"]) for one in shown] == [
        ("纪要0310", "纪要0310.pdf", "application/pdf", "pdf"), ("白板", "白板.jpg", "image/jpeg", "picture"),
    ]  # fmt: skip
    noted = await desk.post(f"{path}/notes", {"note": "客户来电录音", "files": [await given(cabinet, "录音.wav", WAV, "recording")]})
    assert (noted.status_code, [one["title"] for one in noted.json()["body"]["files"]]) == (201, ["录音"])
    listed = await cabinet.listed(house.manager, subject, key)
    assert {(one["title"], one["kind"]["key"], one["created_by"]["name"]) for one in listed} == {
        ("纪要0310", "minutes", house.zhang.name), ("白板", "photo", house.zhang.name), ("录音", "recording", house.zhang.name),
    }  # fmt: skip
    by_title = {one["title"]: (one["id"], one["versions"][0]["id"]) for one in listed}
    assert {one["title"]: (one["document_id"], one["version_id"]) for one in shown} == {
        title: by_title[title] for title in ("纪要0310", "白板")
    }
    entries = (await desk.get(f"{path}/timeline")).json()["items"]
    assert [one["kind"] for one in entries if one["kind"] in ("meeting", "note", "document.added")] == ["note", "meeting"]
    events = (await house.session.scalars(select(Outbox).where(Outbox.kind == "document.added"))).all()
    assert {event.subject_id for event in events} == {key}
    assert len(events) == 3
    audited = set(await house.session.scalars(select(AuditEntry.table_name).where(AuditEntry.actor == str(house.zhang.id))))
    assert {"document", "document_version"} <= audited
    assert (await cabinet.content(house.manager, shown[0]["version_id"])).content == PDF


@pytest.mark.parametrize("subject", ["lead", "customer", "opportunity"])
async def test_a_file_that_cannot_be_filed_is_named_and_nothing_is_left_of_the_entry(cabinet: Cabinet, subject: str) -> None:
    house = cabinet.sales.house
    path, key = await record(cabinet, subject)
    good, large = await given(cabinet), await given(cabinet, "大.pdf", PDF.ljust(1024 * 1024 + 1), "other")
    other = await given(cabinet, "纪要B.pdf")
    theirs = (await cabinet.upload(house.li)).json()["id"]
    swept = await given(cabinet, "旧.pdf", PDF + b"old")
    await cabinet.session.execute(update(DocumentKind).where(DocumentKind.key == "minutes").values(max_megabytes=1))
    await cabinet.session.execute(update(DocumentKind).where(DocumentKind.key == "quote").values(is_active=False))
    upload = await cabinet.session.get(DocumentUpload, UUID(swept["upload_id"]))
    assert upload is not None
    await cabinet.session.delete(upload)
    await cabinet.session.flush()
    before = await cabinet.traces()
    desk = await cabinet.sales.of(house.zhang)
    for wrong, status, pointer, code in (
        ({**good, "upload_id": theirs}, 422, "#/files/1/upload_id", "unknown"),
        ({**good, "upload_id": str(uuid4())}, 422, "#/files/1/upload_id", "unknown"),
        (swept, 422, "#/files/1/upload_id", "unknown"),
        (good, 422, "#/files/1/upload_id", "doubled"),
        ({**other, "kind": "nothing"}, 422, "#/files/1/kind", "unknown"),
        ({**other, "kind": "quote"}, 422, "#/files/1/kind", "unknown"),
        ({**large, "kind": "minutes"}, 413, "#/files/1/upload_id", "upload_too_large"),
    ):
        for where, body in (("follow-ups", MEETING), ("notes", {"note": "记一下"})):
            refused = await desk.post(f"{path}/{where}", {**body, "files": [good, wrong]})
            said = [(one["pointer"], one["code"]) for one in refused.json()["errors"]]
            assert (refused.status_code, said) == (status, [(pointer, code)]), refused.text
    many = await desk.post(f"{path}/follow-ups", {**MEETING, "files": [good] * 11})
    assert (many.status_code, many.json()["errors"][0]["pointer"]) == (422, "#/files")
    assert await cabinet.traces() == before
    assert await cabinet.listed(house.zhang, subject, key) == []


async def test_who_may_not_log_files_nothing(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    path, _ = await record(cabinet, "opportunity")
    uploaded = {"upload_id": (await cabinet.upload(house.huang)).json()["id"], "kind": "minutes"}
    before = await cabinet.traces()
    stranger = await cabinet.sales.of(house.huang)
    assert (await stranger.post(f"{path}/follow-ups", {**MEETING, "files": [uploaded]})).status_code == 404
    assert await cabinet.traces() == before


async def test_a_correction_keeps_the_files_of_its_entry_but_those_taken_off(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    path, key = await record(cabinet, "opportunity")
    desk = await cabinet.sales.of(house.zhang)
    files = [await given(cabinet), await given(cabinet, "白板.jpg", JPEG, "photo")]
    first = (await desk.post(f"{path}/follow-ups", {**MEETING, "files": files})).json()
    minutes, board = first["body"]["files"]
    kept = (await desk.post(f"{path}/follow-ups", {**MEETING, "note": "尺寸和公差定了", "corrects": first["id"]})).json()
    assert kept["body"]["files"] == [minutes, board]
    change = {**MEETING, "corrects": kept["id"], "without": [board["document_id"]], "files": [await given(cabinet, "纪要终稿.pdf")]}
    changed = (await desk.post(f"{path}/follow-ups", change)).json()
    assert [one["title"] for one in changed["body"]["files"]] == ["纪要0310", "纪要终稿"]
    assert changed["body"]["files"][0] == minutes
    assert {one["title"] for one in await cabinet.listed(house.zhang, "opportunity", key)} == {"纪要0310", "白板", "纪要终稿"}
    before = await cabinet.traces()
    for body, pointer in (
        ({**MEETING, "corrects": changed["id"], "without": [board["document_id"]]}, "#/without/0"),
        ({**MEETING, "without": [minutes["document_id"]]}, "#/without/0"),
    ):
        refused = await desk.post(f"{path}/follow-ups", body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert await cabinet.traces() == before
    note = (await desk.post(f"{path}/notes", {"note": "附图", "files": [await given(cabinet, "图.jpg", JPEG, "photo")]})).json()
    corrected = (await desk.post(f"{path}/notes", {"note": "附图纸", "corrects": note["id"]})).json()
    assert corrected["body"]["files"] == note["body"]["files"]
