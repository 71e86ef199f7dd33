"""An event that was given up is seen by the administrator and handled after all."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Installation, OpenPage
from tests.e2e.steps import enter, heading, said
from tests.e2e.test_screens import inspect

DEAD = """
insert into outbox (kind, subject_id, payload, actor, occurred_at, attempts, dead_at, last_error)
select 'ladder.changed', uuidv7(), '{"ladder": "lead.first_contact"}', 'system:test', now() - interval '3 hours', 12, now() - n * interval '1 minute',
    'deadlines.handlers.recompute_ladder: ConnectionDoesNotExistError(''connection was closed in the middle of operation'')'
from generate_series(1, %d) n
"""
WAITING = "select count(*) from outbox where kind = 'ladder.changed' and actor = 'system:test' and done_at is null"


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_dead_events_are_tried_again_one_or_all(open_page: OpenPage, installation: Installation, device: str) -> None:
    installation.sql(DEAD % 3)
    page = open_page(device, of="admin")
    enter(page, "admin", "/me")
    page.get_by_role("link", name="失败事件").click()
    expect(heading(page, "失败事件")).to_be_visible()
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("时限规则变更后的重算")
    expect(rows.first).to_contain_text("connection was closed in the middle of operation")
    expect(rows.first).to_contain_text("尝试 12 次")
    assert inspect(page, f"{device}-dead-events-full") == []
    rows.first.get_by_role("button", name="重试").click()
    said(page, "已重新排队")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="全部重试").click()
    page.get_by_role("dialog", name="重试所有失败事件？").get_by_role("button", name="全部重试").click()
    said(page, "已重新排队 2 个事件")
    expect(page.get_by_text("没有失败的事件")).to_be_visible()
    for _ in range(100):
        if installation.sql(WAITING) == "0":
            return
        page.wait_for_timeout(100)
    pytest.fail("the worker did not handle the revived events")
