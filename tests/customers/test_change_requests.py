"""HAND-1: what is protected waits for the owner's superior; nobody decides their own."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from backend.audit.models import AuditEntry
from backend.customers.models import ChangeRequest, Contact
from backend.customers.rules import RequestState
from backend.deadlines.models import Deadline
from backend.identity.models import Deputy
from backend.notifications.models import Notification
from tests.conftest import NOW
from tests.customers.conftest import CUSTOMERS, HUAWEI, REQUESTS, TENCENT, Shop
from tests.factories import make_contact, make_customer, make_leave, make_person

OUTDATED = "changed_meanwhile"


async def test_nothing_changes_before_the_supervisor_approves_and_then_all_fields_do(shop: Shop) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang, name="旧名")
    request = await shop.ask(
        house.zhang, customer, name="新名", is_key=True, backup_owner_id=str(house.li.id), credit_code=HUAWEI, notes="顺便记下"
    )
    assert (request["state"], request["approver"]["name"], request["moved"], request["can_decide"], request["can_withdraw"]) == (
        "pending", "王海燕", [], False, True,
    )  # fmt: skip
    assert {change["field"]: (change["old"], change["new"], change["new_name"]) for change in request["changes"]} == {
        "name": ("旧名", "新名", None), "is_key": (False, True, None), "credit_code": (None, HUAWEI, None),
        "backup_owner_id": (None, str(house.li.id), "李婷"),
    }  # fmt: skip
    waiting = await shop.customer(customer.id)
    assert (waiting.name, waiting.is_key, waiting.notes) == ("旧名", False, "顺便记下")
    await house.relay()
    assert await house.told(house.manager) == ["change.requested"]
    assert await house.told(house.zhang) == []
    decided = await shop.decide(house.manager, request)
    assert decided.status_code == 200, decided.text
    assert (decided.json()["state"], decided.json()["decided_by"]["name"], decided.json()["comment"]) == ("approved", "王海燕", "情况属实")
    changed = await shop.customer(customer.id)
    assert (changed.name, changed.name_key, changed.is_key, changed.credit_code, changed.backup_owner_id) == (
        "新名", "新名", True, HUAWEI, house.li.id,
    )  # fmt: skip
    await house.relay()
    assert await house.told(house.zhang) == ["change.approved"]
    assert await house.told(house.li) == ["customer.backup_is_you"]
    assert await house.history(customer.id) == ["customer.changed", "change.requested", "change.approved"]
    audited = await house.session.scalars(
        select(AuditEntry.actor).where(AuditEntry.table_name == "customer", AuditEntry.action == "update")
    )
    assert set(audited) == {str(house.zhang.id), str(house.manager.id)}


async def test_a_change_without_a_reason_is_refused(shop: Shop) -> None:
    customer = await make_customer(shop.house.session, owner=shop.house.zhang)
    user, before = await shop.of(shop.house.zhang), await shop.traces()
    refused = await user.edit(f"{CUSTOMERS}/{customer.id}", {"name": "新名", "notes": "x"})
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [("#/reason", "missing")]
    assert await shop.traces() == before


async def test_a_new_place_proposes_its_region(shop: Shop) -> None:
    customer = await make_customer(shop.house.session, owner=shop.house.zhang, province="江苏", city="苏州")
    request = await shop.ask(shop.house.zhang, customer, city="连云港市")
    assert {change["field"]: change["new_name"] or change["new"] for change in request["changes"]} == {
        "city": "连云港",
        "region_id": "华南",
    }


async def test_a_rejection_says_why_and_changes_nothing(shop: Shop) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang, name="旧名")
    request = await shop.ask(house.zhang, customer, name="新名")
    assert (await shop.decide(house.manager, request, "reject", "")).status_code == 422
    rejected = await shop.decide(house.manager, request, "reject", "没有工商变更通知")
    assert (rejected.status_code, rejected.json()["state"]) == (200, "rejected")
    assert (await shop.customer(customer.id)).name == "旧名"
    assert (await shop.decide(house.manager, request)).json()["code"] == "already_decided"
    await house.relay()
    assert await house.told(house.zhang) == ["change.rejected"]
    assert await house.history(customer.id) == ["change.requested", "change.rejected"]
    again = await shop.ask(house.zhang, customer, name="新名")
    assert again["state"] == "pending"


async def test_a_superior_who_comes_second_is_told_that_it_is_decided(shop: Shop) -> None:
    """Also the one who was asked, once a nearer superior has decided: this is no question of rights."""
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang, name="旧名")
    request = await shop.ask(house.zhang, customer, name="新名")
    await house.session.execute(update(ChangeRequest).values(approver_id=house.director.id))
    assert (await shop.decide(house.manager, request, "reject")).status_code == 200
    before = await shop.traces()
    for verdict in ("approve", "reject"):
        late = await shop.decide(house.director, request, verdict)
        assert (late.status_code, late.json()["code"]) == (409, "already_decided")
    assert await shop.traces() == before


async def test_nobody_decides_their_own(shop: Shop) -> None:
    """A manager who asks for a change waits for the director, also for customers of their own reports."""
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang)
    request = await shop.ask(house.manager, customer, industry="汽车")
    assert request["approver"]["name"] == "刘伟民"
    before = await shop.traces()
    for person, status in ((house.manager, 403), (house.zhang, 403), (house.admin, 403), (house.li, 404)):
        for verdict in ("approve", "reject"):
            refused = await shop.decide(person, request, verdict)
            assert refused.status_code == status, (person.name, refused.text)
    assert await shop.traces() == before
    assert (await shop.decide(house.director, request)).status_code == 200


async def test_the_deputy_of_an_absent_supervisor_decides_and_sees_the_customer_until_then(shop: Shop) -> None:
    house = shop.house
    deputy = await make_person(house.session, "regional_manager", name="代理人", region=house.south)
    house.session.add(Deputy(person_id=house.manager.id, role_code="regional_manager", deputy_id=deputy.id))
    await make_leave(house.session, house.manager)
    customer = await make_customer(house.session, owner=house.zhang, name="旧名")
    path = f"{CUSTOMERS}/{customer.id}"
    assert (await (await shop.of(deputy)).get(path)).status_code == 404
    request = await shop.ask(house.zhang, customer, name="新名")
    assert request["approver"]["name"] == "代理人"
    assert (await (await shop.of(deputy)).get(path)).status_code == 200
    assert (await shop.decide(deputy, request)).json()["state"] == "approved"
    assert (await shop.customer(customer.id)).name == "新名"
    assert (await (await shop.of(deputy)).get(path)).status_code == 404
    assert (await (await shop.of(deputy)).get(f"{REQUESTS}/{request['id']}")).json()["customer"] is None


async def test_an_absent_supervisor_without_deputy_leaves_it_to_the_next_level(shop: Shop) -> None:
    house = shop.house
    await make_leave(house.session, house.manager)
    customer = await make_customer(house.session, owner=house.zhang)
    request = await shop.ask(house.zhang, customer, address="新址")
    assert request["approver"]["name"] == "刘伟民"
    back = await shop.decide(house.manager, request)
    assert back.status_code == 200, "the direct supervisor of this moment may decide as well"


async def test_where_no_superior_is_left_an_administrator_decides(shop: Shop) -> None:
    house = shop.house
    lonely = await make_person(house.session, name="独行侠")
    customer = await make_customer(house.session, owner=lonely)
    request = await shop.ask(lonely, customer, address="新址")
    assert request["approver"] is None
    await house.relay()
    assert await house.told(house.admin) == ["change.requested"]
    desk = await shop.of(house.admin)
    assert [one["id"] for one in (await desk.get(REQUESTS)).json()["items"]] == [request["id"]]
    assert (await shop.decide(house.admin, request)).json()["state"] == "approved"


async def test_a_change_of_owner_moves_the_customer_out_of_sight_and_tells_both(shop: Shop) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang)
    request = await shop.ask(house.zhang, customer, owner_id=str(house.huang.id), region_id=str(house.south.id))
    house.huang.supervisor_id = None
    await house.session.flush()
    assert (await shop.decide(house.manager, request)).status_code == 200
    moved = await shop.customer(customer.id)
    assert (moved.owner_id, moved.region_id) == (house.huang.id, house.south.id)
    for person, status in ((house.zhang, 404), (house.manager, 404), (house.huang, 200)):
        assert (await (await shop.of(person)).get(f"{CUSTOMERS}/{customer.id}")).status_code == status
    await house.relay()
    assert await house.told(house.huang) == ["customer.given_to_you"]
    assert sorted(await house.told(house.zhang)) == ["change.approved", "customer.taken_from_you"]


async def test_a_contact_s_facts_wait_too_and_a_new_primary_replaces_the_old(shop: Shop) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang)
    old = await make_contact(house.session, customer, name="旧主", is_primary=True)
    new = await make_contact(house.session, customer, name="新主", phone="13900001111")
    user = await shop.of(house.zhang)
    asked = await user.edit(
        f"/api/v1/contacts/{new.id}", {"is_primary": True, "phone": "139-0000-2222", "role": "decider", "reason": "换了采购负责人"}
    )
    assert asked.status_code == 202, asked.text
    request = asked.json()["change_request"]
    assert (request["subject_type"], request["subject_name"], asked.json()["contact"]["is_primary"]) == ("contact", "新主", False)
    assert (await shop.decide(house.manager, request)).status_code == 200
    rows = await house.session.execute(select(Contact.name, Contact.is_primary, Contact.phone_key, Contact.role).order_by(Contact.id))
    assert rows.tuples().all() == [("旧主", False, old.phone_key, "purchaser"), ("新主", True, "+8613900002222", "decider")]
    primary = await user.edit(f"/api/v1/contacts/{new.id}", {"is_active": False, "reason": "离职"}, 2)
    assert [error["code"] for error in primary.json()["errors"]] == ["primary"]
    assert await house.history(customer.id) == ["change.requested", "change.approved"]


async def test_a_field_waits_once_and_a_moved_one_cannot_be_approved(shop: Shop) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang, name="旧名")
    user = await shop.of(house.zhang)
    first = await shop.ask(house.zhang, customer, name="新名")
    again = await user.edit(f"{CUSTOMERS}/{customer.id}", {"name": "另一名", "reason": "x"})
    assert (again.status_code, again.json()["code"], again.json()["params"]["fields"]) == (409, "change_pending", ["name"])
    other = await shop.ask(house.zhang, customer, industry="汽车")
    assert (await shop.decide(house.manager, other)).status_code == 200
    (await shop.customer(customer.id)).name = "系统改的"
    await house.session.flush()
    desk = await shop.of(house.manager)
    assert (await desk.get(f"{REQUESTS}/{first['id']}")).json()["moved"] == ["name"]
    before = await shop.traces()
    refused = await shop.decide(house.manager, first)
    assert (refused.status_code, refused.json()["code"], refused.json()["params"]["fields"]) == (409, OUTDATED, ["name"])
    assert await shop.traces() == before
    assert (await shop.decide(house.manager, first, "reject", "信息已变")).status_code == 200


async def test_what_no_longer_fits_is_found_at_the_approval(shop: Shop) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang)
    request = await shop.ask(house.zhang, customer, credit_code=TENCENT)
    await make_customer(house.session, owner=house.huang, credit_code=TENCENT)
    before = await shop.traces()
    assert (await shop.decide(house.manager, request)).json()["code"] == "credit_code_taken"
    owner = await shop.ask(house.zhang, customer, backup_owner_id=str(house.li.id))
    house.li.is_active = False
    await house.session.flush()
    assert (await shop.decide(house.manager, owner)).status_code == 422
    assert (await shop.traces())[4] == before[4], "no customer has changed"
    desk = await shop.of(house.admin)
    assert (await desk.post(f"{CUSTOMERS}/{customer.id}/archiving", {"reason": "注销"})).status_code == 200
    assert (await shop.decide(house.manager, request)).json()["code"] == "customer_state_forbids"


async def test_the_author_withdraws_and_only_the_author(shop: Shop) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang)
    request = await shop.ask(house.zhang, customer, name="新名")
    path = f"{REQUESTS}/{request['id']}/withdrawal"
    for person, status in ((house.manager, 403), (house.li, 404)):
        assert (await (await shop.of(person)).post(path, {})).status_code == status
    user = await shop.of(house.zhang)
    assert (await user.post(path, {})).json()["state"] == "withdrawn"
    assert (await user.post(path, {})).status_code == 409
    assert (await shop.decide(house.manager, request)).status_code == 409
    await house.relay()
    assert await house.told(house.zhang) == []
    assert await house.history(customer.id) == ["change.requested", "change.withdrawn"]
    states = set(await house.session.scalars(select(Deadline.state).where(Deadline.subject_id == UUID(request["id"]))))
    assert states == {"stopped"}


async def test_both_lists_show_what_concerns_one(shop: Shop) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang)
    requests = [await shop.ask(house.zhang, customer, **{name: "值"}) for name in ("address", "industry", "website")[:2]]
    ids = {request["id"] for request in requests}

    async def shown(person: Any, view: str) -> set[str]:
        answer = await (await shop.of(person)).get(REQUESTS, view=view)
        return {one["id"] for one in answer.json()["items"]}

    assert await shown(house.manager, "to_decide") == ids
    assert await shown(house.zhang, "mine") == ids
    for person, view in ((house.zhang, "to_decide"), (house.manager, "mine"), (house.li, "to_decide"), (house.admin, "to_decide")):
        assert await shown(person, view) == set(), (person.name, view)
    pages = await (await shop.of(house.manager)).get(REQUESTS, limit=1)
    assert len(pages.json()["items"]) == 1
    rest = await (await shop.of(house.manager)).get(REQUESTS, limit=1, cursor=pages.json()["next_cursor"])
    assert {pages.json()["items"][0]["id"], rest.json()["items"][0]["id"]} == ids
    assert len((await (await shop.of(house.zhang)).get(f"{CUSTOMERS}/{customer.id}")).json()["pending"]) == 2
    assert (await (await shop.of(house.li)).get(f"{REQUESTS}/{requests[0]['id']}")).status_code == 404
    assert (await (await shop.of(house.li)).get(f"{REQUESTS}/{uuid4()}")).status_code == 404


async def test_undecided_for_two_days_the_next_level_is_asked_and_after_two_weeks_it_expires(shop: Shop) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang)
    request = await shop.ask(house.zhang, customer, name="新名")
    await house.relay()
    assert await house.fire(NOW + timedelta(hours=48)) == 1
    assert await house.told(house.director) == ["change.requested"]
    found = await house.session.get(ChangeRequest, UUID(request["id"]), populate_existing=True)
    assert found is not None
    assert (found.approver_id, found.state) == (house.director.id, RequestState.PENDING)
    assert await house.fire(NOW + timedelta(days=14)) == 1
    await house.session.refresh(found)
    assert (found.state, found.decided_by) == (RequestState.EXPIRED, None)
    assert await house.told(house.zhang) == ["change.expired"]
    assert (await shop.decide(house.director, request)).status_code == 409
    assert await house.history(customer.id) == ["change.requested", "change.expired"]


@pytest.mark.parametrize("state", ["approved", "withdrawn"])
async def test_a_decided_request_presses_nobody(shop: Shop, state: str) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang)
    request = await shop.ask(house.zhang, customer, name="新名")
    if state == "approved":
        await shop.decide(house.manager, request)
    else:
        await (await shop.of(house.zhang)).post(f"{REQUESTS}/{request['id']}/withdrawal", {})
    await house.relay()
    assert await house.told(house.manager) == []
    assert await house.fire(NOW + timedelta(days=30)) == 0
    told = await house.session.scalars(select(Notification.kind).where(Notification.person_id == house.director.id))
    assert list(told) == []
