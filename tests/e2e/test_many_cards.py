"""Ten thousand cards in one column: only those in sight are drawn, and the next ones come as fast from far down as from the top."""

from playwright.sync_api import Response, expect

from tests.e2e.conftest import ApiOf, Installation, OpenPage
from tests.e2e.steps import enter, eventually, new_customer
from tests.e2e.test_board import board_card, column
from tests.e2e.test_pipelines import new_pipeline

CARDS, DRAWN, FAR, PAGE = 10_000, 100, 400, 50
PAGE_MS = 1_000
"""What a page of cards may take here, where tests run side by side; alone it takes a tenth of it."""
TO_THE_END = """column => {
    const box = column.querySelector('ul').parentElement
    box.scrollTop = box.scrollHeight
    return [...column.querySelectorAll('li')].map(item => ({ place: item.ariaPosInSet, words: item.innerText }))
}"""
FILL = """
set session_replication_role = replica;
with deal as (
    insert into opportunity (id, name, customer_id, owner_id, region_id, pipeline_id, stage_id, source, created_at, last_activity_at,
        stage_entered_at, advanced_at)
    select uuidv7(), '万卡' || lpad(n::text, 5, '0'), c.id, c.owner_id, c.region_id, s.pipeline_id, s.id, 'manual', now(), now(),
        now() - n * interval '1 minute', now()
    from generate_series(1, {cards}) n, customer c, pipeline_stage s
    where c.id = '{customer}' and s.pipeline_id = '{pipeline}' and s.key = 'first_contact'
    returning id, stage_id, stage_entered_at
)
insert into stage_stay (id, opportunity_id, stage_id, move, pipeline_version, entered_at)
select uuidv7(), id, stage_id, 'created', 1, stage_entered_at from deal
"""


def test_a_column_of_ten_thousand_cards_draws_those_in_sight(open_page: OpenPage, api_of: ApiOf, installation: Installation) -> None:
    pipeline, _ = new_pipeline(api_of("admin"))
    customer = new_customer(api_of("yangfan"), "万卡", province="四川", city="成都")["id"]
    installation.sql(FILL.format(cards=CARDS, customer=customer, pipeline=pipeline))
    page = open_page("pc", of="yangfan")
    pages: list[Response] = []
    page.on("response", lambda answer: pages.append(answer) if "/api/v1/opportunities?" in answer.url else None)
    enter(page, "yangfan", f"/board?pipeline={pipeline}")
    first = column(page, "初步接触")
    expect(board_card(page, "万卡00001")).to_be_visible()
    expect(first.get_by_role("heading", level=2)).to_contain_text(str(CARDS))
    item = first.get_by_role("listitem").first
    expect(item).to_have_attribute("aria-setsize", str(CARDS))
    expect(item).to_have_attribute("aria-posinset", "1")
    deepest = 0

    def is_far_down() -> bool:
        nonlocal deepest
        drawn = first.evaluate(TO_THE_END)
        assert len(drawn) < DRAWN
        deepest = int(drawn[-1]["place"])
        assert f"万卡{deepest:05}" in drawn[-1]["words"], "each card in its place"
        return deepest >= FAR

    eventually(is_far_down, "the cards further down do not come")
    took = [answer.request.timing["responseEnd"] for answer in pages]
    assert len(took) >= FAR // PAGE - 1
    assert max(took) < PAGE_MS, took
