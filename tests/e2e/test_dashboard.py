"""The dashboard: its figures and the bottleneck in words, the list behind each figure, and tiles that stay where a person put them."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.checks import healthy
from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import enter, eventually, heading

SHOWN = {"phone": ("wanghaiyan", "region"), "pc": ("liuweimin", "region")}
USUAL = ["funnel", "dwell", "conversion", "sources"]


def figures(api: httpx.Client, scope: str) -> dict[str, Any]:
    shown: dict[str, Any] = api.get("/dashboard", params={"scope": scope, "months": 12}).raise_for_status().json()
    return shown


def tile(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True).and_(page.locator("[data-tile]"))


def as_table(page: Page, name: str) -> Locator:
    """The figures of a tile in rows; a tile that was just loaded shows its picture."""
    tile(page, name).get_by_role("button", name=f"以表格查看“{name}”").click()
    return tile(page, name).get_by_role("table")


def opens(page: Page, figure: Locator, title: str, count: int) -> None:
    """The figure says this number, and the list behind it holds as many."""
    expect(figure).to_have_text(str(count))
    figure.click()
    expect(heading(page, title)).to_be_visible()
    expect(page.get_by_role("main").get_by_text(f"共 {count} 条", exact=True)).to_be_visible()
    page.go_back()


def kept_of(api: httpx.Client) -> list[dict[str, Any]]:
    """The tiles as a person has them arranged; none where they are as they come."""
    items = api.get("/views", params={"subject": "dashboard"}).raise_for_status().json()["items"]
    return [tile for view in items for tile in view["settings"]["tiles"]]


def order(page: Page) -> list[str | None]:
    return [one.get_attribute("data-tile") for one in page.locator("[data-tile]").all()]


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_figures_open_their_lists_and_tiles_stay_where_they_were_put(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    login, scope = SHOWN[device]
    shown = figures(api_of(login), scope)
    stages = {one["stage"]["name_zh"]: one for one in shown["stages"]}
    slowest = next(one for one in shown["stages"] if one["stage"]["key"] == shown["bottleneck"])
    page = open_page(device, of=login)
    enter(page, login, f"/dashboard?scope={scope}")
    # In words first, then in figures.
    name = slowest["stage"]["name_zh"]
    assert name == "方案制定"
    expect(page.get_by_text(f"瓶颈在“{name}”：平均停留 {slowest['average_days']} 天，标准是 5–7 天。")).to_be_visible()
    assert healthy(page, f"{device}-dashboard") == []
    standing = sum(one["count"] for one in shown["stages"])
    opens(page, page.get_by_role("link", name="进行中的商机："), "商机列表", standing)
    opens(page, page.get_by_role("link", name="期内成交："), "商机列表", shown["won"]["count"])
    rows = as_table(page, "各阶段数量与金额")
    opens(page, rows.get_by_role("link", name=f"{name}："), "商机列表", stages[name]["count"])
    rows = as_table(page, "各阶段停留时长（天）")
    expect(rows.get_by_role("row", name=name)).to_contain_text(f"{slowest['average_days']} 天（超标准）")
    opens(page, rows.get_by_role("link", name=f"{name} 已结束："), "阶段停留明细", slowest["finished"])
    website = next(one for one in shown["sources"] if one["source"] == "website")
    assert 0 < website["deals"] < website["leads"]
    rows = as_table(page, "来源质量")
    assert healthy(page, f"{device}-dashboard-table") == []
    opens(page, rows.get_by_role("link", name="官网表单 线索："), "线索", website["leads"])
    rows = as_table(page, "来源质量")
    opens(page, rows.get_by_role("link", name="官网表单 转商机："), "商机列表", website["deals"])
    # Everybody arranges their own.
    assert order(page) == USUAL
    arrange(page, device)
    first = {"name": "sources", "width": 3 if device == "pc" else 2, "height": 2}
    eventually(lambda: kept_of(api_of(login))[:1] == [first], "the tiles are kept")
    page.reload()
    expect(page.locator("[data-tile]").first).to_have_attribute("data-tile", "sources")
    assert order(page) == ["sources", *USUAL[:-1]]
    if device == "pc":
        expect(tile(page, "来源质量")).to_have_css("grid-column-start", "span 3")
    assert kept_of(api_of("zhanglei")) == []
    with page.expect_response("**/views/*/removal"):
        page.get_by_role("button", name="恢复默认布局").click()
    expect(page.locator("[data-tile]").first).to_have_attribute("data-tile", "funnel")


def arrange(page: Page, device: str) -> None:
    """The last tile comes first: by its grip and wider by its corner, or by its menu."""
    if device == "pc":
        tile(page, "来源质量").locator("header > span").drag_to(tile(page, "各阶段数量与金额"))
        expect(page.locator("[data-tile]").first).to_have_attribute("data-tile", "sources")
        tile(page, "来源质量").get_by_role("button", name="改变“来源质量”的大小").press("ArrowRight")
        return
    for _ in USUAL[:-1]:
        tile(page, "来源质量").get_by_role("button", name="调整“来源质量”").click()
        page.get_by_role("menuitem", name="前移").click()
