"""A trusted business user shapes a pipeline in the browser: conditions, order, a dry run on real deals, versions and the way back."""

import re
import secrets
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.checks import healthy
from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import choose, enter, heading, new_customer, said, sheet

DEVICES = ("phone", "pc")


def stage(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("button", name=re.compile(f"^{name}"), expanded=None))


def opened(page: Page, name: str) -> Locator:
    """The line of a stage with its form."""
    stage(page, name).get_by_role("button", name=re.compile(f"^{name}")).click()
    return stage(page, name)


def order(page: Page) -> list[str]:
    return page.get_by_role("list", name="阶段", exact=True).locator("button[aria-expanded] strong").all_inner_texts()


def stages_of(shown: dict[str, Any]) -> list[dict[str, Any]]:
    """As they are sent back."""
    return [{key: value for key, value in one.items() if key not in {"id", "win_rate"}} for one in shown["stages"]]


def new_pipeline(admin: httpx.Client) -> tuple[str, str]:
    """A copy of the default one, for this test alone."""
    name = f"外贸{secrets.randbelow(10**6):06}"
    (usual, *_) = admin.get("/pipelines").raise_for_status().json()["items"]
    body = {"name_zh": name, "name_en": f"Export {name[2:]}", "stages": stages_of(usual)}
    return admin.post("/pipelines", json=body).raise_for_status().json()["id"], name


def plan_the_delivery(stage: Locator, device: str) -> None:
    """What a contract will promise: named, timed, ordered."""
    stage.get_by_role("button", name="增加节点").click()
    customs = stage.get_by_role("group", name="节点 5")
    customs.get_by_label("节点名称").fill("报关")
    customs.get_by_role("spinbutton", name="签约后几个工作日内").fill("35")
    stage.get_by_role("button", name="上移“报关”").click()
    stage.get_by_role("group", name="节点 1").get_by_label("节点名称").fill("首件封样")
    stage.get_by_role("button", name="去掉节点“批量生产完成”").click()
    assert healthy(stage.page, f"{device}-pipeline-milestones") == []


def promised(admin: httpx.Client, pipeline_id: str) -> list[str]:
    return [one["title"] for one in admin.get(f"/pipelines/{pipeline_id}").json()["stages"][-1]["milestones"]]


def a_colleague_is_first(admin: httpx.Client, pipeline_id: str) -> None:
    shown = admin.get(f"/pipelines/{pipeline_id}").json()
    body = {"name_zh": shown["name_zh"], "name_en": shown["name_en"], "stages": stages_of(shown), "note": "同事先改"}
    admin.put(f"/pipelines/{pipeline_id}", json=body, headers={"If-Match": "*"}).raise_for_status()


def publish(page: Page, note: str) -> None:
    sheet(page).get_by_label("版本说明").fill(note)
    sheet(page).get_by_role("button", name="保存并生效").click()
    said(page, "新版本已生效")
    expect(sheet(page)).to_have_count(0)


@pytest.mark.parametrize("device", DEVICES)
def test_a_pipeline_is_changed_tried_on_real_deals_and_taken_back(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    admin, rep = api_of("admin"), api_of("zhanglei")
    pipeline_id, name = new_pipeline(admin)
    customer = new_customer(rep, "流程")
    deal = {
        "name": f"支架{secrets.randbelow(10**6):06}",
        "customer_id": customer["id"],
        "pipeline_id": pipeline_id,
        "expected_amount": "20000",
    }
    rep.post("/opportunities", json=deal | {"need": "支架"}).raise_for_status()
    page = open_page(device, of="admin")
    enter(page, "admin", "/admin/pipelines")
    page.get_by_role("link", name=f"编辑 {name}").click()
    expect(heading(page, name)).to_be_visible()
    assert healthy(page, f"{device}-pipeline") == []
    # A condition is built from choices, and what is wrong with it is said beside it.
    first = opened(page, "初步接触")
    leaving = first.get_by_role("group", name="离开条件", exact=True)
    leaving.get_by_role("button", name="增加条件").click()
    page.get_by_role("menuitem", name="预计金额至少").click()
    leaving.get_by_label("金额", exact=True).fill("很多")
    page.get_by_role("button", name="试算并保存").click()
    expect(leaving.get_by_role("alert")).to_be_visible()
    leaving.get_by_label("金额", exact=True).fill("50000")
    first.get_by_role("spinbutton", name="基准转化率").fill("55")
    assert healthy(page, f"{device}-pipeline-stage") == []
    # Nobody loses the draft by a tap on something else.
    page.get_by_role("link", name="看板").first.click()
    sheet(page).get_by_role("button", name="继续编辑").click()
    plan_the_delivery(opened(page, "交付跟进"), device)
    # The order, without dragging.
    page.get_by_role("button", name="下移“初步接触”").click()
    assert order(page) == ["需求调研", "初步接触", "方案制定", "报价谈判", "成交/关闭"]
    page.get_by_role("button", name="上移“初步接触”").click()
    page.get_by_role("button", name="试算并保存").click()
    expect(sheet(page)).to_contain_text(re.compile("基准转化率：60% → 55%.*交付节点增加：报关（35 个工作日内）"))
    report = sheet(page).get_by_role("region", name="初步接触")
    expect(report).to_contain_text("新增：预计金额至少 ¥50,000，1 笔还没有")
    expect(report.get_by_role("link", name=deal["name"])).to_be_visible()
    assert healthy(page, f"{device}-pipeline-trial") == []
    sheet(page).get_by_role("button", name="保存并生效").click()
    expect(sheet(page).get_by_role("alert")).to_contain_text("请写版本说明")
    publish(page, "大单先报备")
    assert promised(admin, pipeline_id) == ["首件封样", "发货", "报关", "客户验收"]
    # What differs, in words; and back.
    page.get_by_role("tab", name="版本记录").click()
    expect(page.get_by_role("region", name="比较")).to_contain_text("离开条件增加：预计金额至少 ¥50,000")
    expect(page.get_by_role("list", name="版本记录")).to_contain_text("大单先报备")
    assert healthy(page, f"{device}-pipeline-versions") == []
    page.get_by_role("button", name="采用第 1 版").click()
    expect(page.get_by_text("处改动还没生效")).to_be_visible()
    a_colleague_is_first(admin, pipeline_id)
    page.get_by_role("button", name="试算并保存").click()
    expect(sheet(page).get_by_label("版本说明")).to_have_value("恢复第 1 版")
    sheet(page).get_by_role("button", name="保存并生效").click()
    page.get_by_role("button", name="用我的覆盖").click()
    publish(page, "恢复第 1 版")
    shown = admin.get(f"/pipelines/{pipeline_id}").json()
    assert (shown["version"], shown["stages"][0]["baseline_rate"], len(shown["stages"][0]["exit"])) == (4, "0.6000", 2)


@pytest.mark.parametrize("device", DEVICES)
def test_a_further_pipeline_is_made_used_and_taken_out_of_use(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    name = f"备件{secrets.randbelow(10**6):06}"
    page = open_page(device, of="admin")
    enter(page, "admin", "/admin/pipelines")
    page.get_by_role("button", name="新建流程").click()
    sheet(page).get_by_label("中文名").fill(name)
    sheet(page).get_by_label("英文名").fill("Spare parts")
    assert healthy(page, f"{device}-pipeline-new") == []
    sheet(page).get_by_role("button", name="建立流程").click()
    expect(heading(page, name)).to_be_visible()
    # A stage of its own, whose key nobody has to think of.
    page.get_by_role("button", name="增加阶段").click()
    added = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="去掉这个新阶段"))
    added.get_by_label("中文名").fill("打样确认")
    added.get_by_label("英文名").fill("Sample")
    if device == "pc":
        page.get_by_title("拖动“打样确认”调整顺序").drag_to(stage(page, "需求调研"))
        assert order(page)[:3] == ["初步接触", "打样确认", "需求调研"]
    page.get_by_role("button", name="试算并保存").click()
    expect(sheet(page)).to_contain_text("新增阶段“打样确认”")
    expect(sheet(page)).to_contain_text("没有进行中的商机")
    publish(page, "备件要打样")
    rep_page = open_page(device, of="zhanglei")
    customer = new_customer(api_of("zhanglei"), "备件")
    enter(rep_page, "zhanglei", f"/customers/{customer['id']}")
    rep_page.get_by_role("button", name="新建商机").first.click()
    choose(rep_page, "销售流程", name)
    sheet(rep_page).get_by_label("商机名称").fill("轴承备件")
    sheet(rep_page).get_by_role("button", name="新建商机").click()
    said(rep_page, "商机已建立")
    enter(rep_page, "zhanglei", "/board")
    choose(rep_page, "销售流程", name)
    expect(rep_page.get_by_role("article").filter(has_text="轴承备件")).to_be_visible()
    enter(rep_page, "zhanglei", "/board")
    expect(rep_page.get_by_role("article").filter(has_text="轴承备件")).to_be_visible()
    page.get_by_role("button", name="返回").click()
    row = page.get_by_role("listitem").filter(has_text=name)
    row.get_by_role("button", name="停用").click()
    sheet(page).get_by_role("button", name="停用").click()
    expect(row).to_contain_text("已停用")
    assert healthy(page, f"{device}-pipelines") == []
