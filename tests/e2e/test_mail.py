"""E-mail with a customer: written from the deal, the answer comes back to it by itself, and a stranger's letter is filed from the tray."""

import secrets
import smtplib
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.checks import healthy
from tests.e2e.conftest import DROPBOX, ApiOf, Installation, OpenPage
from tests.e2e.steps import PDF, enter, eventually, heading, new_customer, said, sheet
from tests.simulators.mail import Mailbox, serving_mail, text_of

DEVICES = ("phone", "pc")


def deliver(installation: Installation, letter: EmailMessage, to: str) -> None:
    """As the customer's mail server brings it."""
    with smtplib.SMTP(*installation.dropbox) as way:
        way.send_message(letter, from_addr=letter["From"], to_addrs=[to])


def answer_to(sent: EmailMessage, said: str) -> EmailMessage:
    """The customer's answer, with what their mail program repeats."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = str(sent["To"]), str(sent["Reply-To"]), f"回复: {sent['Subject']}"
    letter["Message-ID"], letter["In-Reply-To"] = f"<{secrets.token_hex(8)}@buyer.example>", str(sent["Message-ID"])
    letter["References"] = str(sent["Message-ID"])
    letter.set_content(f"{said}\n\n在 2026-03-10，张磊 写道：\n> {text_of(sent).splitlines()[0]}\n")
    letter.add_attachment(PDF["buffer"], maintype="application", subtype="pdf", filename="签字图纸.pdf")
    return letter


def new_deal(rep: httpx.Client, buyer: str) -> dict[str, Any]:
    """With a customer whose buyer has this address."""
    customer = new_customer(rep, "来信", contacts=[{"name": "钱总", "role": "decider", "email": buyer}])
    body = {"name": f"支架{secrets.randbelow(10**6):06}", "customer_id": customer["id"]}
    deal: dict[str, Any] = rep.post("/opportunities", json=body).raise_for_status().json()
    return deal


def mail_card(page: Page) -> Locator:
    return page.get_by_role("region", name="邮件", exact=True)


def compose(page: Page) -> Locator:
    """The sheet that a letter is written in, also above another one."""
    return sheet(page).filter(has=page.get_by_label("主题", exact=True))


def write(page: Page, buyer: str, device: str) -> None:
    """A letter with a file to a contact; what is begun waits on the device."""
    mail_card(page).get_by_role("button", name="写邮件").click()
    compose(page).get_by_label("主题", exact=True).fill("支架报价")
    page.keyboard.press("Escape")
    expect(sheet(page)).to_have_count(0)
    mail_card(page).get_by_role("button", name="写邮件").click()
    expect(compose(page).get_by_label("主题", exact=True)).to_have_value("支架报价")
    compose(page).get_by_label("收件人", exact=True).fill("钱")
    page.locator(".ant-select-dropdown:visible").get_by_text(f"钱总 · 决策人 · {buyer}").click()
    compose(page).get_by_label("正文", exact=True).fill("钱总您好，报价见附件。")
    compose(page).get_by_test_id("enclosed").set_input_files([PDF])
    expect(compose(page).get_by_role("button", name=f"去掉附件 {PDF['name']}")).to_be_visible()
    assert healthy(page, f"{device}-mail-write") == []
    compose(page).get_by_role("button", name="发送", exact=True).click()
    said(page, "已交付发送")


def read(page: Page, device: str) -> None:
    """What the customer wrote, without what they repeat; their file opens inside the page."""
    newest = sheet(page).get_by_role("list", name="邮件往来").locator("> li").last
    expect(newest).to_contain_text("可以，请按附件生产。")
    expect(newest).not_to_contain_text("张磊 写道")
    newest.get_by_role("button", name="显示引用的原文").click()
    expect(newest).to_contain_text("张磊 写道")
    assert healthy(page, f"{device}-mail-thread") == []
    newest.get_by_role("button", name="签字图纸.pdf").click()
    expect(page.locator("canvas").first).to_be_visible()
    page.keyboard.press("Escape")


@pytest.mark.parametrize("device", DEVICES)
def test_a_customers_answer_comes_back_to_the_deal_by_itself(
    open_page: OpenPage, api_of: ApiOf, installation: Installation, device: str
) -> None:
    buyer = f"qian{secrets.token_hex(4)}@buyer.example"
    deal = new_deal(api_of("zhanglei"), buyer)
    page = open_page(device, of="zhanglei")
    with serving_mail(Mailbox(port=installation.mail_port)) as box:
        enter(page, "zhanglei", f"/opportunities/{deal['id']}")
        expect(mail_card(page)).to_contain_text("还没有邮件往来")
        write(page, buyer, device)
        eventually(lambda: box.to(buyer), "the letter is sent")
        (sent,) = box.to(buyer)
        assert [part.get_filename() for part in sent.iter_attachments()] == [PDF["name"]]
        thread = mail_card(page).get_by_role("button", name="支架报价")
        expect(thread).not_to_contain_text("发送中")
        # Nobody reloads: the answer is there.
        deliver(installation, answer_to(sent, "可以，请按附件生产。"), str(sent["Reply-To"]))
        expect(thread).to_contain_text("2 封")
        expect(thread).to_contain_text("可以，请按附件生产。")
        assert healthy(page, f"{device}-mail-card") == []
        thread.click()
        read(page, device)
        sheet(page).get_by_role("button", name="回复", exact=True).click()
        expect(compose(page)).to_contain_text(buyer)
        expect(compose(page).get_by_label("主题", exact=True)).to_have_value("Re: 支架报价")
        compose(page).get_by_label("正文", exact=True).fill("好的，本周开模。")
        compose(page).get_by_role("button", name="发送", exact=True).click()
        eventually(lambda: len(box.to(buyer)) == 2, "the answer to the answer is sent")
        assert str(sent["Message-ID"]) in str(box.to(buyer)[1]["References"])
    expect(compose(page)).to_have_count(0)
    sheet(page).get_by_role("button", name="关闭").click()
    expect(sheet(page)).to_have_count(0)
    entries = page.get_by_role("region", name="动态", exact=True).get_by_role("button", name="支架报价")
    expect(entries).to_have_count(3)
    entries.last.click()
    expect(sheet(page)).to_contain_text("可以，请按附件生产。")


@pytest.mark.parametrize("device", DEVICES)
def test_a_strangers_letter_is_filed_from_the_tray(open_page: OpenPage, api_of: ApiOf, installation: Installation, device: str) -> None:
    mark = secrets.token_hex(4)
    stranger, customer = f"sun{mark}@buyer.example", new_customer(api_of("zhanglei"), "分拣")
    page = open_page(device, of="admin")
    enter(page, "admin", "/mail/tray")
    for subject in (f"询价 {mark}", f"广告 {mark}"):
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = f"孙工 <{stranger}>", DROPBOX, subject
        letter["Message-ID"] = f"<{secrets.token_hex(8)}@buyer.example>"
        letter.set_content("法兰 2000 件，图纸随后。")
        deliver(installation, letter, DROPBOX)
    asked, junk = (page.get_by_role("listitem").filter(has_text=f"{what} {mark}") for what in ("询价", "广告"))
    expect(asked).to_contain_text("发件人不是任何客户或线索的联系人")
    assert healthy(page, f"{device}-mail-tray") == []
    junk.get_by_role("button", name="搁置").click()
    sheet(page).get_by_label("为什么搁置").fill("广告")
    sheet(page).get_by_role("button", name="搁置").click()
    expect(junk).to_have_count(0)
    page.locator(".ant-notification-notice").filter(has_text="已搁置").get_by_role("button", name="撤销").click()
    expect(junk).to_be_visible()
    asked.get_by_role("button", name="归档").click()
    sheet(page).get_by_role("combobox", name="找客户、商机或线索").fill(customer["name"])
    sheet(page).get_by_role("option", name=customer["name"]).click()
    new_contact = sheet(page).get_by_role("checkbox")
    expect(new_contact).not_to_be_checked()
    new_contact.check()
    expect(sheet(page).get_by_label("姓名")).to_have_value("孙工")
    assert healthy(page, f"{device}-mail-file") == []
    sheet(page).get_by_role("button", name=f"归到“{customer['name']}”").click()
    expect(asked).to_have_count(0)
    known = api_of("zhanglei").get(f"/customers/{customer['id']}").raise_for_status().json()["contacts"]
    assert stranger in [contact["email"] for contact in known]
    rep = open_page(device, of="zhanglei")
    enter(rep, "zhanglei", f"/customers/{customer['id']}")
    expect(heading(rep, customer["name"])).to_be_visible()
    expect(mail_card(rep).get_by_role("button", name=f"询价 {mark}")).to_be_visible()
