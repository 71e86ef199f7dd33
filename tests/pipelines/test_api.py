"""Pipelines over HTTP: reading, a new version, and deals in flight."""

from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from backend.opportunities.models import Opportunity
from backend.pipelines.defaults import SHIPPED
from backend.pipelines.models import PipelineRow, PipelineVersion
from tests.factories import make_customer, make_opportunity
from tests.leads.conftest import House, desk, house
from tests.leads.desk import Desk, DeskOf

__all__ = ["desk", "house"]
PIPELINES = "/api/v1/pipelines"
ONE = f"{PIPELINES}/{SHIPPED}"
DERIVED = {"id", "win_rate"}


async def document(desk: Desk) -> dict[str, Any]:
    """The shipped pipeline as it is sent back."""
    shown = (await desk.get(ONE)).json()
    stages = [{name: value for name, value in stage.items() if name not in DERIVED} for stage in shown["stages"]]
    return {"name_zh": shown["name_zh"], "name_en": shown["name_en"], "stages": stages}


async def put(desk: Desk, body: dict[str, Any], version: int) -> Any:
    return await desk.client.put(ONE, json={"note": "试一试", **body}, headers=desk.headers | {"If-Match": f'"v{version}"'})


async def made_of(desk: Desk, name: str) -> str:
    """A further pipeline with the stages of the shipped one."""
    made = await desk.post(PIPELINES, {**await document(desk), "name_zh": name, "name_en": name})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def switch(desk: Desk, pipeline_id: str, what: str, **body: Any) -> Any:
    return await desk.client.put(f"{PIPELINES}/{pipeline_id}/{what}", json=body or None, headers=desk.headers)


async def standing(desk: Desk) -> list[tuple[str, bool, bool]]:
    """Name, default, in use; in the order of the list."""
    items = (await desk.get(PIPELINES)).json()["items"]
    return [(one["name_zh"], one["is_default"], one["is_active"]) for one in items]


async def test_everybody_reads_what_each_stage_asks_for(house: House, desk: DeskOf) -> None:
    (shown,) = (await (await desk(house.zhang)).get(PIPELINES)).json()["items"]
    assert (shown["name_zh"], shown["is_default"], shown["version"]) == ("标准销售流程", True, 1)
    proposal = next(stage for stage in shown["stages"] if stage["key"] == "proposal")
    assert (proposal["baseline_rate"], proposal["win_rate"], proposal["dwell_min_days"], proposal["dwell_max_days"]) == (
        "0.6500",
        "0.32500",
        5,
        7,
    )
    assert proposal["next_step"] == {"title": "请技术部出初步方案", "within_working_days": 2}
    assert proposal["exit"] == [{"kind": "contact_known", "role": "decider"}]


async def test_a_new_version_counts_for_the_next_move_and_leaves_deals_where_they_are(house: House, desk: DeskOf) -> None:
    customer = await make_customer(house.session, owner=house.zhang)
    deal = await make_opportunity(house.session, customer, "needs", product_line="冲压件")
    admin, rep = await desk(house.admin), await desk(house.zhang)
    body = await document(admin)
    for stage in body["stages"]:
        if stage["key"] == "needs":
            stage |= {
                "name_zh": "需求确认",
                "is_active": False,
                "exit": [{"kind": "activity_logged", "activity": "visit", "times": 1, "counted": "in_stage"}],
            }
    changed = await put(admin, {**body, "note": "需求并入初步接触"}, 1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"v2"'), changed.text
    board = (await rep.get("/api/v1/board")).json()["columns"]
    assert [(column["stage"]["name_zh"], column["count"]) for column in board][1] == ("需求确认", 1), "shown while something stands in it"
    path = f"/api/v1/opportunities/{deal.id}"
    refused = await rep.post(f"{path}/moves", {"stage": "proposal"}, **{"If-Match": '"v1"'})
    assert [one["condition"]["activity"] for one in refused.json()["params"]["missing"]] == ["visit"]
    assert (await rep.post(f"{path}/follow-ups", {"kind": "visit", "outcome": "interested"})).status_code == 201
    moved = await rep.post(f"{path}/moves", {"stage": "proposal"}, **{"If-Match": '"v1"'})
    assert moved.status_code == 200, moved.text
    assert len((await rep.get("/api/v1/board")).json()["columns"]) == 4
    versions = (await admin.get(f"{ONE}/versions")).json()["items"]
    assert [(one["number"], one["note"], one["changed_by"] and one["changed_by"]["name"]) for one in versions] == [
        (2, "需求并入初步接触", "周敏"), (1, "", None),
    ]  # fmt: skip
    history = (await admin.get("/api/v1/changes", table="pipeline", row_id=str(SHIPPED))).json()["items"]
    assert history, "who changed it can be seen"


async def test_what_would_lose_history_or_could_not_work_is_refused_and_nothing_changes(house: House, desk: DeskOf) -> None:
    admin = await desk(house.admin)
    body = await document(admin)
    without = {**body, "stages": [stage for stage in body["stages"] if stage["key"] != "needs"]}
    unrated = {**body, "stages": [{**stage, "baseline_rate": None} for stage in body["stages"]]}
    unsaid = {**body, "note": " "}
    for wrong, code in ((without, "stage_missing"), (unrated, "missing"), (unsaid, "string_too_short")):
        refused = await put(admin, wrong, 1)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code)
    assert (await put(admin, body, 7)).status_code == 412
    assert (await put(await desk(house.manager), body, 1)).status_code == 403
    assert await house.session.scalar(select(func.count()).select_from(PipelineVersion)) == 1
    assert (await admin.get(ONE)).json()["version"] == 1


async def test_a_second_pipeline_has_a_board_of_its_own(house: House, desk: DeskOf) -> None:
    admin, rep = await desk(house.admin), await desk(house.zhang)
    made = await admin.post(PIPELINES, {**await document(admin), "name_zh": "外贸流程", "name_en": "Export process"})
    assert made.status_code == 201, made.text
    pipeline_id = made.json()["id"]
    customer = await make_customer(house.session, owner=house.zhang)
    created = await rep.post("/api/v1/opportunities", {"name": "出口支架", "customer_id": str(customer.id), "pipeline_id": pipeline_id})
    assert created.json()["pipeline_id"] == pipeline_id
    counts = {
        key: sum(column["count"] for column in (await rep.get("/api/v1/board", **params)).json()["columns"])
        for key, params in (("default", {}), ("export", {"pipeline": pipeline_id}))
    }
    assert counts == {"default": 0, "export": 1}
    assert await house.session.scalar(select(func.count()).select_from(Opportunity)) == 1


async def test_one_pipeline_is_the_default_one_and_it_stays_in_use(house: House, desk: DeskOf) -> None:
    admin, rep = await desk(house.admin), await desk(house.zhang)
    export = await made_of(admin, "外贸流程")
    customer = await make_customer(house.session, owner=house.zhang)
    old = await make_opportunity(house.session, customer, "proposal")
    assert (await switch(await desk(house.manager), export, "default")).status_code == 403
    for _ in range(2):
        made = await switch(admin, export, "default")
        assert (made.status_code, made.json()["is_default"], made.json()["version"]) == (200, True, 1), made.text
    assert await standing(rep) == [("外贸流程", True, True), ("标准销售流程", False, True)]
    created = await rep.post("/api/v1/opportunities", {"name": "出口支架", "customer_id": str(customer.id)})
    assert created.json()["pipeline_id"] == export
    refused = await switch(admin, export, "use", is_active=False)
    assert (refused.status_code, refused.json()["code"]) == (409, "default_stays_in_use")
    assert (await switch(admin, str(SHIPPED), "use", is_active=False)).status_code == 200
    refused = await switch(admin, str(SHIPPED), "default")
    assert (refused.status_code, refused.json()["code"]) == (409, "pipeline_out_of_use")
    assert await standing(rep) == [("外贸流程", True, True), ("标准销售流程", False, False)]
    denied = await rep.post("/api/v1/opportunities", {"name": "支架", "customer_id": str(customer.id), "pipeline_id": str(SHIPPED)})
    assert [error["pointer"] for error in denied.json()["errors"]] == ["#/pipeline_id"]
    board = (await rep.get("/api/v1/board", pipeline=str(SHIPPED))).json()["columns"]
    assert [column["count"] for column in board] == [0, 0, 1, 0, 0], "what is in flight is seen"
    back = await rep.post(f"/api/v1/opportunities/{old.id}/moves", {"stage": "needs", "reason": "改图"}, **{"If-Match": "*"})
    assert back.status_code == 200, "and goes on"
    assert (await switch(admin, str(SHIPPED), "use", is_active=True)).status_code == 200
    assert (await switch(admin, str(SHIPPED), "default")).status_code == 200
    assert await standing(rep) == [("标准销售流程", True, True), ("外贸流程", False, True)]


async def test_the_default_pipeline_is_in_use_whatever_writes_it(house: House) -> None:
    with pytest.raises(DBAPIError, match="ck_pipeline_default_in_use"):
        await house.session.execute(update(PipelineRow).values(is_active=False))


async def test_a_version_can_be_read_as_it_was_saved(house: House, desk: DeskOf) -> None:
    admin = await desk(house.admin)
    body = await document(admin)
    renamed = {**body, "stages": [{**stage, "name_zh": f"新{stage['name_zh']}"} for stage in body["stages"]]}
    assert (await put(admin, {**renamed, "note": "改名"}, 1)).status_code == 200
    first, second = [(await admin.get(f"{ONE}/versions/{number}")).json() for number in (1, 2)]
    assert first["content"] == body, "what it was can be sent back"
    assert (second["note"], second["changed_by"]["name"], second["content"]["stages"][0]["name_zh"]) == ("改名", "周敏", "新初步接触")
    assert (await admin.get(f"{ONE}/versions/3")).status_code == 404
    assert (await admin.get(f"{ONE}/versions/0")).status_code == 422
    restored = await put(admin, {**first["content"], "note": "恢复"}, 2)
    assert (restored.status_code, restored.json()["version"]) == (200, 3)
    assert await document(admin) == body
