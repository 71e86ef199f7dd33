"""The sorting tray: filing, putting aside, and taking back."""

from sqlalchemy import func, select

from backend.core.outbox import Outbox
from backend.correspondence.models import EmailMessage
from backend.documents.models import Document
from tests.correspondence.conftest import Post
from tests.correspondence.samples import FOXMAIL
from tests.factories import make_customer, make_opportunity, make_person

STRANGE = {"from_": "x@strange.example", "mail_from": "x@strange.example"}


async def waiting(post: Post, message_id: str = "<1@strange.example>") -> EmailMessage:
    return await post.comes(message_id=message_id, **STRANGE)


def deal(post: Post) -> dict[str, str]:
    return {"subject_type": "opportunity", "subject_id": str(post.deal.id)}


async def test_a_letter_is_filed_by_hand_once(post: Post) -> None:
    came = await waiting(post)
    filed = await post.do(post.house.manager, came.id, "filing", **deal(post))
    assert filed.status_code == 200, filed.text
    shown = filed.json()
    assert (shown["state"], shown["reason"], shown["filed_by"]["name"], shown["contact"]) == ("filed", "by_person", "王海燕", None)
    assert [entry.kind for entry in await post.entries(post.deal.id)] == ["email.received"]
    assert await post.house.told(post.house.zhang) == ["email.received"]
    assert await post.house.told(post.house.manager) == []
    again = await post.do(post.house.manager, came.id, "filing", **deal(post))
    assert (again.status_code, again.json()["code"]) == (409, "filed_there")
    assert await post.tray(post.house.manager) == []


async def test_who_sorts_files_with_what_they_see_and_nothing_else(post: Post) -> None:
    stranger = await make_person(post.session, region=post.house.south)
    south = await make_opportunity(post.session, await make_customer(post.session, owner=stranger))
    came = await waiting(post)
    before = await post.traces()
    far = await post.do(post.house.manager, came.id, "filing", subject_type="opportunity", subject_id=str(south.id))
    assert far.status_code == 404
    assert (await post.do(post.house.marketing, came.id, "filing", **deal(post))).status_code == 404
    assert (await post.do(post.house.marketing, came.id, "discarding", reason="广告")).status_code == 404
    assert await post.traces() == before
    near = await post.do(post.house.admin, came.id, "filing", subject_type="opportunity", subject_id=str(south.id))
    assert near.status_code == 200, "the administrator sees the whole company, and works with none of its deals"


async def test_a_letter_in_the_wrong_place_leaves_it_with_its_files(post: Post) -> None:
    came = await post.comes(FOXMAIL)
    other = await make_opportunity(post.session, post.sales.customer, name="正确的")
    moved = await post.do(post.house.zhang, came.id, "filing", subject_type="opportunity", subject_id=str(other.id))
    assert moved.status_code == 200, moved.text
    assert [entry.kind for entry in await post.entries(post.deal.id)] == [
        "email.received", "document.added", "email.taken_out", "document.withdrawn",
    ]  # fmt: skip
    assert [entry.kind for entry in await post.entries(other.id)] == ["email.received", "document.added"]
    table = Document
    where = {
        row.subject_id: row.withdrawn_at is not None for row in await post.session.execute(select(table.subject_id, table.withdrawn_at))
    }
    assert where == {post.deal.id: True, other.id: False}
    assert (await post.do(post.house.zhang, came.id, "restoring")).status_code == 403, "into the tray only who sorts it puts something back"
    back = await post.do(post.house.manager, came.id, "restoring")
    assert (back.json()["state"], back.json()["reason"], back.json()["subject_id"]) == ("sorting", "taken_out", None)
    assert [entry.kind for entry in await post.entries(other.id)][2:] == ["email.taken_out", "document.withdrawn"]
    assert (await (await post.sales.of(post.house.zhang)).get(f"/api/v1/emails/{came.id}")).status_code == 404


async def test_what_is_put_aside_keeps_its_reason_and_comes_back(post: Post) -> None:
    came = await waiting(post)
    aside = await post.do(post.house.director, came.id, "discarding", reason="推销")
    assert (aside.json()["state"], aside.json()["detail"], aside.json()["filed_by"]["name"]) == ("discarded", "推销", "刘伟民")
    assert await post.tray(post.house.manager, "discarded") == [str(came.id)]
    twice = await post.do(post.house.director, came.id, "discarding", reason="推销")
    assert (twice.status_code, twice.json()["code"]) == (409, "email_state_forbids")
    back = await post.do(post.house.manager, came.id, "restoring")
    assert back.json()["state"] == "sorting"
    assert await post.tray(post.house.manager) == [str(came.id)]
    kinds = select(func.count()).select_from(Outbox).where(Outbox.kind == "email.sorted")
    assert await post.session.scalar(kinds) == 2


async def test_the_tray_is_read_page_by_page(post: Post) -> None:
    ids = {str((await waiting(post, f"<{number}@strange.example>")).id) for number in range(3)}
    desk = await post.sales.of(post.house.manager)
    first = (await desk.get("/api/v1/email-tray", limit=2)).json()
    second = (await desk.get("/api/v1/email-tray", limit=2, cursor=first["next_cursor"])).json()
    assert {one["id"] for one in first["items"] + second["items"]} == ids
    assert second["next_cursor"] is None
