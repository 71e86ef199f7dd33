"""The catalogue over HTTP: families, products, floors, routings, upserts, and what it says about lines."""

from typing import Any

import pytest
from sqlalchemy import func, select, text

from backend.audit.models import AuditEntry
from backend.catalogue.models import Product, ProductFloor, RoutingOperation
from backend.core.outbox import Outbox
from tests.conftest import as_owner
from tests.factories import make_person
from tests.leads.conftest import House, desk, house
from tests.leads.desk import Desk, DeskOf

__all__ = ["desk", "house"]
CATALOGUE = "/api/v1/catalogue"
PRODUCTS, FAMILIES, UPSERTS = (f"{CATALOGUE}/{what}" for what in ("products", "families", "product-upserts"))
STEPS = [
    {"sequence": 10, "work_centre_code": "KL-01", "name": "开料", "set_up_hours": "0.50", "run_hours_per_unit": "0.001000"},
    {"sequence": 20, "work_centre_code": "CY-160", "name": "冲压", "set_up_hours": "1.50", "run_hours_per_unit": "0.002500"},
]


async def put(desk: Desk, path: str, steps: list[dict[str, Any]], version: int) -> Any:
    return await desk.client.put(path, json={"operations": steps}, headers=desk.headers | {"If-Match": f'"v{version}"'})


async def family(desk: Desk, code: str = "CY", **fields: Any) -> dict[str, Any]:
    made = await desk.post(FAMILIES, {"code": code, "name": "冲压件", "standard_lead_days": 15} | fields)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def product(desk: Desk, of: dict[str, Any], code: str = "ZJ-100", **fields: Any) -> dict[str, Any]:
    made = await desk.post(PRODUCTS, {"code": code, "name": "电机支架", "family_id": of["id"]} | fields)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def codes(desk: Desk, **params: Any) -> list[str]:
    answer = await desk.get(PRODUCTS, **params)
    assert answer.status_code == 200, answer.text
    return [one["code"] for one in answer.json()["items"]]


async def events(house: House) -> int:
    return int(await house.session.scalar(select(func.count()).select_from(Outbox).where(Outbox.kind == "product.changed")) or 0)


@pytest.fixture
async def admin(house: House, desk: DeskOf) -> Desk:
    return await desk(house.admin)


async def test_a_product_takes_from_its_family_what_it_does_not_say_itself(house: House, admin: Desk) -> None:
    stamped = await family(admin)
    routed = await put(admin, f"{FAMILIES}/{stamped['id']}/routing", STEPS, 1)
    assert (routed.status_code, routed.json()["version"], routed.headers["ETag"]) == (200, 2, '"v2"')
    shown = await product(admin, stamped, specification="DC01 1.5", drawing_no="HY-2101", drawing_revision="B")
    assert (shown["unit"], shown["standard_lead_days"], shown["lead_days"], shown["family"]["name"]) == ("件", None, 15, "冲压件")
    assert (shown["routing_of"], [step["name"] for step in shown["routing"]]) == ("family", ["开料", "冲压"])
    one = f"{PRODUCTS}/{shown['id']}"
    own = await put(admin, f"{one}/routing", [STEPS[1] | {"run_hours_per_unit": "0.004"}], 1)
    assert (own.json()["routing_of"], own.json()["routing"][0]["run_hours_per_unit"]) == ("product", "0.004000")
    changed = await admin.edit(one, {"standard_lead_days": 8}, 2)
    assert (changed.status_code, changed.json()["lead_days"], changed.json()["version"]) == (200, 8, 3)
    back = await put(admin, f"{one}/routing", [], 3)
    assert (back.json()["routing_of"], len(back.json()["routing"])) == ("family", 2)


async def test_a_routing_is_replaced_as_a_whole_and_what_went_is_kept(house: House, admin: Desk) -> None:
    shown = await product(admin, await family(admin))
    path = f"{PRODUCTS}/{shown['id']}/routing"
    await put(admin, path, STEPS, 1)
    written = await house.session.scalar(select(func.count()).select_from(AuditEntry))
    same = await put(admin, path, STEPS, 2)
    assert same.json()["version"] == 2
    assert await house.session.scalar(select(func.count()).select_from(AuditEntry)) == written, "nothing changed, nothing is written"
    third = {
        "sequence": 30,
        "work_centre_code": "DD-01",
        "name": "电镀",
        "set_up_hours": 0,
        "run_hours_per_unit": 0,
        "overlaps_previous": True,
    }
    other = await put(admin, path, [STEPS[0] | {"name": "剪板"}, third], 2)
    assert [(step["sequence"], step["name"], step["overlaps_previous"]) for step in other.json()["routing"]] == [
        (10, "剪板", False), (30, "电镀", True),
    ]  # fmt: skip
    rows = await house.session.execute(select(RoutingOperation.sequence, RoutingOperation.removed_at.is_not(None)))
    assert sorted(rows.tuples()) == [(10, False), (20, True), (30, False)]
    again = await put(admin, path, STEPS, 3)
    assert [step["name"] for step in again.json()["routing"]] == ["开料", "冲压"], "a number that went can come again"
    stale = await put(admin, path, [], 3)
    assert (stale.status_code, stale.json()["params"]["current"]["version"]) == (412, 4)
    wrong = await put(admin, path, [STEPS[1], STEPS[0] | {"overlaps_previous": True}], 4)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "#/operations/1/sequence")


async def test_a_floor_is_seen_and_set_by_those_who_may(house: House, admin: Desk, desk: DeskOf) -> None:
    head = await desk(await make_person(house.session, "production_head"))
    stamped = await family(head)
    floor = {"amount": "12.50", "currency": "CNY"}
    refused = await head.post(PRODUCTS, {"code": "ZJ-1", "name": "支架", "family_id": stamped["id"], "price_floor": floor})
    assert (refused.status_code, refused.json()["params"]["permission"]) == (403, "catalogue.see_floor")
    shown = await product(admin, stamped, price_floor=floor)
    one = f"{PRODUCTS}/{shown['id']}"
    for person, seen in ((house.zhang, None), (house.manager, floor), (house.director, floor), (house.marketing, None)):
        read = (await (await desk(person)).get(one)).json()
        assert (read["price_floor"], read["code"]) == (seen, "ZJ-100"), person.name
    assert (await head.get(PRODUCTS)).json()["items"][0]["price_floor"] is None
    renamed = await head.edit(one, {"name": "加强支架"}, 1)
    assert (renamed.status_code, renamed.json()["price_floor"]) == (200, None), "who does not see it leaves it alone"
    assert (await admin.get(one)).json()["price_floor"] == floor
    gone = await admin.edit(one, {"price_floor": None}, 2)
    assert (gone.json()["price_floor"], gone.json()["version"]) == (None, 3)
    assert (await admin.edit(one, {"price_floor": None}, 3)).json()["version"] == 3
    assert (await admin.edit(one, {"price_floor": floor}, 3)).json()["price_floor"] == floor
    assert await house.session.scalar(select(func.count()).select_from(ProductFloor)) == 1


async def test_what_is_wrong_is_named_and_nothing_is_written(house: House, admin: Desk) -> None:
    stamped = await family(admin)
    shown = await product(admin, stamped)
    one, written = f"{PRODUCTS}/{shown['id']}", await events(house)
    tries = (
        (await admin.post(PRODUCTS, {"code": "ZJ-100", "name": "又一个", "family_id": stamped["id"]}), "#/code"),
        (await admin.post(PRODUCTS, {"code": "ZJ-2", "name": "支架", "family_id": shown["id"]}), "#/family_id"),
        (await admin.post(PRODUCTS, {"code": "ZJ-2", "name": "支架", "family_id": stamped["id"], "drawing_revision": "A"}), "#/drawing_no"),
        (await admin.post(FAMILIES, {"code": "CY", "name": "冲压", "standard_lead_days": 1}), "#/code"),
        (await admin.edit(one, {"name": None}), "#/name"),
        (await admin.edit(f"{FAMILIES}/{stamped['id']}", {"standard_lead_days": None}), "#/standard_lead_days"),
    )
    assert [(answer.status_code, answer.json()["errors"][0]["pointer"]) for answer, _ in tries] == [(422, where) for _, where in tries]
    assert (await admin.edit(one, {"name": "电机支架"}, 7)).status_code == 412
    assert (await admin.patch(one, {"name": "x"})).status_code == 428
    assert (await admin.edit(one, {"name": "电机支架"})).json()["version"] == 1, "nothing changes"
    assert await events(house) == written


async def test_what_is_archived_is_kept_and_comes_back(house: House, admin: Desk) -> None:
    stamped = await family(admin)
    shown = await product(admin, stamped)
    one, its_family = f"{PRODUCTS}/{shown['id']}", f"{FAMILIES}/{stamped['id']}"
    in_use = await admin.post(f"{its_family}/archiving", {"reason": "不做了"})
    assert (in_use.status_code, in_use.json()["code"], in_use.json()["params"]["products"]) == (409, "family_in_use", 1)
    gone = await admin.post(f"{one}/archiving", {"reason": "客户停产"})
    assert (gone.status_code, gone.json()["archive_reason"], gone.json()["archived_by"]["name"]) == (200, "客户停产", "周敏")
    assert (await codes(admin), await codes(admin, is_archived=True)) == ([], ["ZJ-100"])
    assert (await admin.edit(one, {"name": "x"}, 2)).json()["code"] == "catalogue_state_forbids"
    assert (await admin.post(f"{one}/archiving", {"reason": "再来"})).status_code == 409
    assert (await admin.post(f"{its_family}/archiving", {"reason": "不做了"})).status_code == 200
    assert (await admin.post(f"{one}/restoration", {"reason": "又要了"})).json()["code"] == "family_archived"
    assert (await admin.post(f"{its_family}/restoration", {"reason": "又要了"})).json()["archived_at"] is None
    back = await admin.post(f"{one}/restoration", {"reason": "又要了"})
    assert (back.json()["archived_at"], back.json()["archive_reason"], back.json()["version"]) == (None, None, 3)
    assert await codes(admin) == ["ZJ-100"]
    said = select(Outbox.payload["reason"].astext).where(Outbox.kind == "product.changed").order_by(Outbox.id.desc()).limit(1)
    assert await house.session.scalar(said) == "又要了"


async def test_the_list_is_searched_by_code_name_and_pinyin_and_paged(house: House, admin: Desk, desk: DeskOf) -> None:
    stamped, turned = await family(admin), await family(admin, "CX", name="车削件")
    await product(admin, stamped, "2101-0305", name="空调支架")
    await product(admin, stamped, "ZJ-100", specification="SPCC 1.2", drawing_no="HY-77")
    await product(admin, turned, "XD-08", name="销钉")
    rep = await desk(house.zhang)
    for q, found in (
        ("支架", ["2101-0305", "ZJ-100"]), ("zhijia", ["2101-0305", "ZJ-100"]), ("2101-03", ["2101-0305"]), ("03", ["2101-0305"]),
        ("zj-1", ["ZJ-100"]), ("xd", ["XD-08"]), ("spcc", ["ZJ-100"]), ("hy-77", ["ZJ-100"]), ("螺母", []),
    ):  # fmt: skip
        assert await codes(rep, q=q) == found, q
    assert await codes(rep, family=turned["id"]) == ["XD-08"]
    assert (await rep.get(PRODUCTS, q="支")).json()["code"] == "search_too_short"
    first = (await rep.get(PRODUCTS, limit=2)).json()
    assert [one["code"] for one in first["items"]] == ["2101-0305", "XD-08"]
    assert await codes(rep, limit=2, cursor=first["next_cursor"]) == ["ZJ-100"]
    assert (await rep.get(PRODUCTS, q="支架", cursor=first["next_cursor"])).json()["code"] == "bad_cursor"
    listed = (await rep.get(FAMILIES, q="车削")).json()["items"]
    assert [(one["code"], one["products"]) for one in listed] == [("CX", 1)]


ROWS: list[dict[str, Any]] = [
    {"code": "ZJ-100", "name": "电机支架", "family": "CY", "price_floor": {"amount": "12.50"}, "routing": STEPS},
    {"code": "ZJ-200", "name": "空调支架", "family": "CY", "standard_lead_days": 10},
]


async def test_an_upsert_that_is_sent_again_writes_nothing(house: House, admin: Desk) -> None:
    await family(admin)
    first = (await admin.post(UPSERTS, {"items": ROWS})).json()
    assert [(row["code"], row["outcome"], row["version"]) for row in first["items"]] == [("ZJ-100", "created", 1), ("ZJ-200", "created", 1)]
    shown = (await admin.get(f"{PRODUCTS}/{first['items'][0]['id']}")).json()
    assert (shown["price_floor"], shown["routing_of"], len(shown["routing"])) == ({"amount": "12.50", "currency": "CNY"}, "product", 2)
    written = await house.session.scalar(select(func.count()).select_from(AuditEntry)), await events(house)
    again = (await admin.post(UPSERTS, {"items": ROWS})).json()
    assert (again["unchanged"], again["created"], again["updated"], again["refused"]) == (2, 0, 0, 0)
    assert (await house.session.scalar(select(func.count()).select_from(AuditEntry)), await events(house)) == written
    more = [{"code": "ZJ-200", "specification": "SGCC 1.0"}, {"code": "ZJ-100", "price_floor": None, "routing": STEPS[:1]}]
    changed = (await admin.post(UPSERTS, {"items": more})).json()
    assert [(row["code"], row["outcome"], row["version"]) for row in changed["items"]] == [
        ("ZJ-200", "updated", 2),
        ("ZJ-100", "updated", 2),
    ]
    other = (await admin.get(f"{PRODUCTS}/{first['items'][1]['id']}")).json()
    assert (other["name"], other["standard_lead_days"], other["specification"]) == ("空调支架", 10, "SGCC 1.0"), "what is left out stays"
    shown = (await admin.get(f"{PRODUCTS}/{first['items'][0]['id']}")).json()
    assert (shown["price_floor"], len(shown["routing"])) == (None, 1)
    assert await codes(admin, q="sgcc") == ["ZJ-200"]


async def test_each_row_of_an_upsert_stands_for_itself(house: House, admin: Desk, desk: DeskOf) -> None:
    stamped = await family(admin)
    old = await product(admin, stamped, "ZJ-090")
    await admin.post(f"{PRODUCTS}/{old['id']}/archiving", {"reason": "停产"})
    await product(admin, stamped, "ZJ-300")
    head = await desk(await make_person(house.session, "engineer"))
    sent = [
        {"code": "NEW-1", "name": "好的", "family": "CY"},
        {"code": "NEW-2", "family": "CY"},
        {"code": "NEW-3", "name": "没有产品族", "family": "??"},
        {"code": "TWICE", "name": "两行", "family": "CY"},
        {"code": "TWICE", "name": "两行", "family": "CY"},
        {"code": "ZJ-090", "name": "已归档"},
        {"code": "ZJ-300", "name": "改名", "price_floor": {"amount": "1.00"}},
        {"code": "NEW-4", "name": "工序乱", "family": "CY", "routing": STEPS[::-1]},
    ]
    answer = (await head.post(UPSERTS, {"items": sent})).json()
    assert [(row["code"], row["outcome"], [(error["pointer"], error["code"]) for error in row["errors"]]) for row in answer["items"]] == [
        ("NEW-1", "created", []),
        ("NEW-2", "refused", [("#/name", "missing")]),
        ("NEW-3", "refused", [("#/family", "unknown")]),
        ("TWICE", "refused", [("#/code", "doubled")]),
        ("TWICE", "refused", [("#/code", "doubled")]),
        ("ZJ-090", "refused", [("#/code", "archived")]),
        ("ZJ-300", "refused", [("#/price_floor", "not_allowed")]),
        ("NEW-4", "refused", [("#/routing/1/sequence", "out_of_order")]),
    ]
    assert (answer["created"], answer["refused"]) == (1, 7)
    assert await codes(admin) == ["NEW-1", "ZJ-300"]
    assert (await admin.get(PRODUCTS, q="改名")).json()["items"] == [], "nothing of a refused row is written"
    malformed = await head.post(UPSERTS, {"items": [{"code": "NEW-5", "name": "x", "family": "CY"}, {"code": ""}]})
    assert (malformed.status_code, malformed.json()["errors"][0]["pointer"]) == (422, "#/items/1/code")
    assert await codes(admin, q="new-5") == []


async def test_a_thousand_rows_go_in_one_request(house: House, admin: Desk) -> None:
    await family(admin)
    rows = [{"code": f"P{number:05}", "name": f"零件{number}", "family": "CY", "routing": STEPS} for number in range(1000)]
    answer = await admin.post(UPSERTS, {"items": rows})
    assert (answer.status_code, answer.json()["created"]) == (200, 1000)
    assert await house.session.scalar(select(func.count()).select_from(Product)) == 1000
    assert await events(house) == 1000
    assert (await admin.post(UPSERTS, {"items": [*rows, rows[0]]})).status_code == 422, "one too many"
    plan = "explain select code from product where search_grams(search_text) @> array['零件', '件9'] and strpos(search_text, '零件999') > 0"
    await as_owner(house.session)
    await house.session.execute(text("set local enable_seqscan = off"))
    await house.session.execute(text("set local role cd_person"))
    found = "\n".join(await house.session.scalars(text(plan)))
    assert "ix_product_search" in found, "everybody reads it, so the search may use its index"


async def test_lines_are_flagged_by_catalogue_and_calendar(house: House, admin: Desk, desk: DeskOf) -> None:
    shown = await product(admin, await family(admin, standard_lead_days=5), drawing_no="HY-2101")
    rep = await desk(house.zhang)
    fine = {"product_id": shown["id"], "wanted_on": "2026-03-17", "drawing_no": "HY-2101"}
    assert (await rep.post(f"{CATALOGUE}/flags", {"lines": [fine]})).json() == {"non_standard": False, "rush": False, "reasons": []}
    lines = [fine, {"wanted_on": "2026-03-11"}, fine | {"wanted_on": "2026-03-16"}]
    answer = (await rep.post(f"{CATALOGUE}/flags", {"lines": lines})).json()
    assert (answer["non_standard"], answer["rush"]) == (True, True)
    assert [(one["line"], one["flag"], one["code"], one["params"]) for one in answer["reasons"]] == [
        (1, "non_standard", "not_in_catalogue", {}),
        (
            2,
            "rush",
            "before_lead_time",
            {"product": "ZJ-100", "wanted_on": "2026-03-16", "earliest_on": "2026-03-17", "lead_days": 5},
        ),
    ]  # fmt: skip
    await admin.post(f"{PRODUCTS}/{shown['id']}/archiving", {"reason": "停产"})
    (archived,) = (await rep.post(f"{CATALOGUE}/flags", {"lines": [fine]})).json()["reasons"]
    assert (archived["code"], archived["params"]) == ("product_archived", {"product": "ZJ-100"})
