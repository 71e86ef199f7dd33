"""A deal stands still: red on the board, the robot's message, the superior's report by e-mail, and an update that clears it."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage

import pytest
from arq import create_pool
from arq.connections import RedisSettings
from playwright.sync_api import expect

from backend.core.calendar import WorkingCalendar
from backend.core.clock import real_now
from backend.deadlines.statutory import statutory_days
from backend.embedded import valkey
from tests.e2e.checks import healthy
from tests.e2e.conftest import ApiOf, Installation, OpenPage
from tests.e2e.steps import enter, eventually, go, heading, new_customer, said, sheet
from tests.simulators.dingtalk import serving_dingtalk
from tests.simulators.mail import Mailbox, html_of, serving_mail, workbook_of

KNOWN = """
insert into opportunity_notice (opportunity_id, kind, base_at, told_at, times)
select id, 'stall', last_activity_at, now() + interval '{ahead} s', 1 from opportunity where state = 'open'
on conflict (opportunity_id, kind) do update set base_at = excluded.base_at, told_at = excluded.told_at
"""
"""Of the demo's other deals everybody knows: more than three at once would be told together."""
STILL = """
update opportunity set last_activity_at = now() + interval '{ahead} s' - interval '193 hours',
    advanced_at = now() + interval '{ahead} s' - interval '385 hours' where id = '{id}'
"""
"""Eight days without an update, sixteen without an advance, and an hour."""


def ask_for(installation: Installation, *jobs: str) -> None:
    """These jobs at once, before their minute comes."""

    async def ask() -> None:
        async with await create_pool(RedisSettings.from_dsn(valkey.url(installation.data_dir))) as arq:
            for job in jobs:
                await arq.enqueue_job(job)

    with ThreadPoolExecutor(1) as apart:  # the browser's own loop runs in this thread
        apart.submit(asyncio.run, ask()).result(20)


def ahead() -> timedelta:
    """How far it is to nine o'clock of a working day to come."""
    calendar = WorkingCalendar({entry.day: entry.is_workday for entry in statutory_days()})
    return calendar.next_opening(calendar.close_of_working_day(real_now(), 1)) + timedelta(minutes=30) - real_now()


def reports(box: Mailbox) -> list[EmailMessage]:
    """What the superior got, beside the morning digest."""
    return [message for message in box.to("wanghaiyan@chengdan.example") if "商机异常报告" in message["Subject"]]


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_a_deal_that_stands_still_turns_red_and_everybody_concerned_learns_of_it(
    open_page: OpenPage, api_of: ApiOf, installation: Installation, moved_clock: Callable[[str], str], device: str
) -> None:
    rep, admin, key = api_of("zhanglei"), api_of("admin"), secrets.token_hex(8)
    name = f"停滞{key[:6]}"
    customer = new_customer(rep, "久停")
    deal = (
        rep.post("/opportunities", json={"name": name, "customer_id": customer["id"], "expected_amount": "68000.00"})
        .raise_for_status()
        .json()
    )
    robot = admin.post("/channels", json={"name": f"停滞群{name}"}, headers={"Idempotency-Key": key}).raise_for_status().json()
    admin.put(f"/channels/{robot['id']}/credentials", json={"access_token": key}).raise_for_status()
    away = round(ahead().total_seconds())
    moved_clock(f"{away}s")
    installation.sql(KNOWN.format(ahead=away))
    installation.sql(STILL.format(ahead=away, id=deal["id"]))
    installation.sql("delete from daily_run; delete from daily_receipt")
    with serving_mail(Mailbox(port=installation.mail_port)) as box, serving_dingtalk(installation.mail_port + 1) as dingtalk:
        dingtalk.add_robot(key)
        ask_for(installation, "sweep_stalls", "report_exceptions")
        eventually(lambda: any(name in text for text in dingtalk.shown), "the robot says that the deal stands still")
        eventually(lambda: reports(box), "the superior's report")
        (report,) = reports(box)
        assert any(row[1] == name and row[7] == 16 for row in workbook_of(report)[1])
        assert customer["name"] in html_of(report)
        page = open_page(device, of="zhanglei")
        enter(page, "zhanglei", "/board?flagged=yes")
        card = page.get_by_role("article").filter(has_text=name)
        expect(card).to_contain_text("8 天没有更新")
        expect(card).to_contain_text("16 天没有推进")
        assert healthy(page, f"{device}-stalled-board") == []
        go(page, "/notifications")
        notice = page.get_by_role("listitem").filter(has_text=name).filter(has_text="没有更新")  # beside it: its next step is due
        expect(notice).to_contain_text("已 8 天没有更新")
        notice.get_by_role("link").first.click()
        expect(heading(page, name)).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text("已列入给主管的异常报告")
        assert healthy(page, f"{device}-stalled-deal") == []
        boss = open_page(device, of="wanghaiyan")
        enter(boss, "wanghaiyan", "/notifications")
        boss.get_by_role("link", name="异常报告").first.click()
        expect(boss.get_by_role("article").filter(has_text=name)).to_be_visible()
        page.get_by_role("button", name="记录跟进").first.click()
        sheet(page).get_by_role("radio", name="有意向", exact=True).check()
        sheet(page).get_by_role("button", name="保存跟进").click()
        said(page, "跟进已记录")
        go(page, "/board")
        expect(page.get_by_role("article").filter(has_text=name)).not_to_contain_text("没有更新")
    admin.patch(f"/channels/{robot['id']}", json={"is_active": False}, headers={"If-Match": f'"v{robot["version"]}"'}).raise_for_status()


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_an_administrator_sets_how_long_deals_may_stand_still_and_when_the_morning_goes_out(
    open_page: OpenPage, api_of: ApiOf, device: str
) -> None:
    admin = api_of("admin")
    page = open_page(device, of="admin")
    enter(page, "admin", "/admin/ladders")
    stall = page.get_by_role("region", name="商机停滞")
    days = "8" if device == "phone" else "7"
    stall.get_by_label("数值").first.fill(days)
    expect(stall.get_by_role("status")).to_contain_text("标红并提醒负责人")
    expect(stall.get_by_role("button", name="添加一级")).to_have_count(0)
    assert healthy(page, f"{device}-stall-ladder") == []
    stall.get_by_role("button", name="保存并生效").click()
    said(page, "已生效")
    daily = page.get_by_role("group", name="今日待办晨报")
    at = "08:40" if device == "phone" else "08:30"
    daily.get_by_label("时间").fill(at)
    daily.get_by_role("button", name="保存").click()
    said(page, "已保存")
    rungs = next(one["rungs"] for one in admin.get("/ladders").json()["items"] if one["kind"] == "opportunity.stall")
    assert rungs[0]["amount"] == int(days)
    assert next(one["at"] for one in admin.get("/dailies").json()["items"] if one["kind"] == "today.digest") == at
