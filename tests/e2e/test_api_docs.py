"""The contract as a page: it works under our content policy and without the internet."""

from playwright.sync_api import expect

from tests.e2e.conftest import Installation, OpenPage


def test_the_api_is_described_by_our_own_files(open_page: OpenPage, installation: Installation) -> None:
    page = open_page("pc")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/docs")
    # The page draws every operation of the contract, which takes a busy machine its time.
    expect(page.get_by_role("heading", name="Chengdan 成单")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("/api/v1/forms", exact=True).first).to_be_visible(timeout=30_000)
    page.get_by_text("/api/v1/forms", exact=True).first.click()
    expect(page.get_by_role("heading", name="Responses").first).to_be_visible(timeout=30_000)
    assert page.request.get("/robots.txt").text() == "User-agent: *\nDisallow: /\n", "search engines keep out"
    assert len(asked) >= 4
    assert [url for url in asked if not url.startswith((f"{installation.url}/", "data:"))] == []
