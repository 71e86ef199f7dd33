"""The product without a network, and as an installed app."""

from playwright.sync_api import Request, Route, expect

from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import LIVE, card, enter, go, heading, new_lead, notice

INSTALLED = """
() => Promise.race([
  navigator.serviceWorker.ready.then(() => true),
  new Promise((_, refuse) => setTimeout(() => refuse(new Error('no service worker')), 10000)),
])
"""
CACHED = """
async () => {
  const urls = []
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) urls.push(new URL(request.url).pathname)
  }
  return urls
}
"""


def test_a_lost_connection_is_said_and_what_was_missed_comes_with_the_next(open_page: OpenPage, api_of: ApiOf) -> None:
    page = open_page("phone")
    enter(page, "yangfan")
    expect(heading(page, "今日待办")).to_be_visible()
    page.context.set_offline(True)
    banner = page.get_by_role("status").filter(has_text="网络已断开")
    expect(banner).to_be_visible()
    lead = new_lead(api_of("linyue"), "断线期间", assign_to_me=False)
    expect(card(page, lead["company"])).to_have_count(0)
    with page.expect_response(LIVE):
        page.context.set_offline(False)
    expect(banner).to_have_count(0)
    expect(card(page, lead["company"])).to_be_visible()


def test_a_live_stream_that_the_server_refuses_is_said_and_can_be_tried_again(open_page: OpenPage) -> None:
    page = open_page("pc", of="zhanglei")
    page.route(LIVE, lambda route: route.fulfill(status=503))
    enter(page, "zhanglei")
    banner = page.get_by_role("status").filter(has_text="实时提醒暂时中断")
    expect(banner).to_be_visible()
    page.unroute(LIVE)
    banner.get_by_role("button", name="立即重连").click()
    expect(banner).to_have_count(0)


def test_all_tabs_of_a_person_hear_through_one_live_stream(open_page: OpenPage, api_of: ApiOf) -> None:
    """The first tab reads it and passes it on; when that tab is closed, the next one reads."""
    first = open_page("pc")
    enter(first, "yangfan")
    second, streams = first.context.new_page(), list[Request]()
    second.on("request", lambda request: streams.append(request) if request.url.endswith("/api/v1/live") else None)
    second.goto("/notifications")
    expect(second.get_by_role("main").get_by_role("listitem").first).to_be_visible()

    lead = new_lead(api_of("linyue"), "两个窗口", assign_to_me=False)
    expect(notice(second, lead["company"])).to_be_visible()
    expect(card(first, lead["company"])).to_be_visible()
    assert streams == []

    with second.expect_response(LIVE):
        first.close()
    later = new_lead(api_of("linyue"), "剩下的窗口", assign_to_me=False)
    expect(notice(second, later["company"])).to_be_visible()
    assert len(streams) == 1


def test_it_can_be_installed_and_never_keeps_an_answer_of_the_server(open_page: OpenPage, installation) -> None:
    page = open_page("phone", service_workers=True)
    enter(page, "zhanglei")
    expect(page.get_by_role("article").first).to_be_visible()
    manifest = page.request.get(page.evaluate("document.querySelector('link[rel=manifest]').href")).json()
    assert (manifest["short_name"], manifest["start_url"], manifest["display"]) == ("成单", "/today", "standalone")
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])
    for icon in manifest["icons"]:
        assert page.request.get(f"/{icon['src']}").ok
    page.evaluate(INSTALLED)
    page.reload()
    expect(page.get_by_role("article").first).to_be_visible()
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)")
    cached = page.evaluate(CACHED)
    assert "/index.html" in cached
    assert [path for path in cached if path.startswith("/api")] == []
    answer = page.request.get("/api/v1/today")
    assert answer.status == 401
    assert answer.headers["cache-control"] == "no-store"


def test_without_a_network_the_installed_app_still_opens_and_says_so(open_page: OpenPage) -> None:
    page = open_page("phone", service_workers=True)
    enter(page, "zhanglei")
    page.evaluate(INSTALLED)
    page.reload()
    page.context.set_offline(True)
    page.goto("/today")
    expect(page.get_by_role("alert").get_by_text("连不上服务器")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="重试").tap()
    expect(heading(page, "今日待办")).to_be_visible()


def test_a_tab_that_is_older_than_the_server_fetches_the_new_version_by_itself(open_page: OpenPage) -> None:
    """Each time: the parts of the version that it has are gone from the server."""
    page = open_page("phone", of="yangfan")
    enter(page, "yangfan")
    expect(heading(page, "今日待办")).to_be_visible()
    page.wait_for_load_state("load")
    missing = list[str]()

    def gone_once(route: Route) -> None:
        if missing:
            route.continue_()
        else:
            missing.append(route.request.url)
            route.fulfill(status=404)

    page.route("**/assets/*.css", gone_once)
    with page.expect_event("load"):
        go(page, "/leads")
    expect(heading(page, "线索")).to_be_visible()
    assert len(missing) == 1
