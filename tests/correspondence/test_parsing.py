"""What letters say, whoever wrote them and however."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.correspondence import bodies, machines, parsing
from backend.correspondence.charsets import codec_of, decode, decode_words
from backend.correspondence.machines import Author
from tests.correspondence.samples import BOUNCE, CUSTOMER, FOXMAIL, HTML_ONLY, PDF, PNG, RAW, bounce_of, letter

SAMPLES = Path(__file__).parents[2] / "frontend/src/components/email/quoted.samples.json"
"""Letters with what they say themselves; the screens are held to the same."""


def test_a_letter_of_foxmail_is_read_as_it_was_written() -> None:
    read = parsing.parse(FOXMAIL)
    assert (read.sender.address, read.sender.name) == (CUSTOMER, "王建国, 采购部")
    assert [(one.name, one.address) for one in read.to] == [("张磊", "zhanglei@hengyu.example"), ("", "log@in.hengyu.example")]
    assert read.subject == "回复：㛃支架询价", "a character was cut between two encoded words, and GB2312 does not have it"
    assert (read.message_id, read.sent_at) == ("2026031009300012345@hengda.example", datetime(2026, 3, 10, 1, 30, tzinfo=UTC))
    assert "䶮字牌号 0.8 mm 月供两万件" in read.text
    assert bodies.excerpt(read.text) == "张经理： 请看附件图纸，䶮字牌号 0.8 mm 月供两万件，本周五前报价。 王建国"
    ((file),) = read.files
    assert (file.name, file.data, file.is_inline) == ("支架图纸.pdf", PDF, False)


def test_raw_bytes_and_missing_headers_are_no_obstacle() -> None:
    read = parsing.parse(RAW)
    assert (read.sender.name, read.subject, read.text) == ("陈工", "报价单", "你好，见附件。")
    ((file),) = read.files
    assert (file.name, file.data) == ("现场照片.png", PNG)
    assert read.message_id.endswith("@unnamed")
    assert read.message_id == parsing.parse(RAW).message_id != parsing.parse(RAW + b"\r\n").message_id


def test_html_becomes_text_and_nothing_else() -> None:
    read = parsing.parse(HTML_ONLY)
    assert read.text == "第一行 <甲>\n第二行\n\n数量 2万\n\n网址 点这里"
    assert read.files == []


def test_ids_and_ancestors() -> None:
    read = parsing.parse(letter(message_id="<B@x.example>", in_reply_to="<A@x.example> (王)", references="<0@x.example> <A@x.example>"))
    assert (read.message_id, read.in_reply_to, read.named) == ("B@x.example", "A@x.example", ["0@x.example", "A@x.example"])
    many = " ".join(f"<{number}@x.example>" for number in range(300))
    assert parsing.parse(letter(references=many)).named == ["0@x.example", *(f"{number}@x.example" for number in range(251, 300))]


@pytest.mark.parametrize(("text", "own"), [*json.loads(SAMPLES.read_text()), ("收到\n-- \n王建国\n采购部", "收到")])
def test_what_is_quoted_is_not_the_senders_own(text: str, own: str) -> None:
    assert [line for line in bodies.own_part(text).split("\n") if line] == [line for line in own.split("\n") if line]


def test_a_forwarded_letter_names_who_wrote_it() -> None:
    text = "转给系统\n\n-----原始邮件-----\n发件人: 王建国 <Wang.Jianguo@hengda.example>\n发送时间: 2026-03-09\n收件人: 张磊 <z@hengyu.example>"
    assert bodies.forwarded_from(text) == [CUSTOMER]


def test_who_wrote_it() -> None:
    def author(mail_from: str | None = "x@y.example", **headers: str) -> Author:
        return machines.author_of(parsing.parse(letter(**headers)), mail_from)

    assert author() is Author.PERSON
    assert author(auto_submitted="no") is Author.PERSON
    assert author(precedence="first-class") is Author.PERSON
    assert {
        author(auto_submitted="auto-replied"),
        author(precedence="bulk"),
        author(x_autoreply="yes"),
        author(""),
        author(list_id="<l>", auto_submitted="auto-generated"),
    } == {Author.MACHINE}
    assert {author(list_id="<l>"), author(precedence="list")} == {Author.LIST}
    assert author(None, return_path="<>") is Author.MACHINE
    assert author(None, return_path="<a@b.example>") is Author.PERSON
    assert machines.author_of(parsing.parse(BOUNCE.encode()), "") is Author.SERVER


def test_a_bounce_names_the_letter_and_the_reason() -> None:
    bounce = machines.bounce_of(parsing.parse(bounce_of("one@hengyu.example")))
    assert bounce is not None
    assert (bounce.message_ids, bounce.recipients) == (["one@hengyu.example"], [CUSTOMER])
    assert bounce.said == f"{CUSTOMER}: 550 5.1.1 User unknown"
    assert machines.bounce_of(parsing.parse(bounce_of("one@hengyu.example", "delayed"))) is None, "it is still on its way"


def test_only_our_own_server_says_that_a_sender_is_forged() -> None:
    def forged(*results: str) -> bool:
        raw = "".join(f"Authentication-Results: {one}\r\n" for one in results).encode() + letter()
        return machines.is_forged(parsing.parse(raw), "mx.in.example")

    assert forged("mx.in.example; spf=fail smtp.mailfrom=a@b; dmarc=fail header.from=b")
    assert forged("mx.in.example; spf=fail smtp.mailfrom=a@b; dkim=none")
    assert not forged("mx.in.example; spf=fail; dkim=pass; dmarc=pass")
    assert not forged("evil.example; dmarc=fail")
    assert not forged("mx.in.example; dmarc=pass", "mx.in.example; dmarc=fail"), "what the sender wrote below does not count"
    assert not machines.is_forged(parsing.parse(b"Authentication-Results: x; dmarc=fail\r\n" + letter()), "")


def test_character_sets_by_their_many_names() -> None:
    assert [codec_of(name) for name in ("GB2312", "gbk*zh", '"utf8"', "x-gbk", "punycode", "zip", "nonsense", None)] == [
        "gb18030", "gb18030", "utf-8", "gb18030", None, None, None, None,
    ]  # fmt: skip
    assert decode("㛃".encode("gb18030"), "us-ascii") == "㛃"
    assert decode_words("=?utf-8?Q?=E4=BD=A0?= =?UTF-8?B?5aW9?= and =?x?B?***?=") == "你好 and "


def nested(depth: int) -> bytes:
    return b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (one, one) for one in range(depth))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 50,
        b"Subject: a\x00b\r\n\r\n\x00",
        nested(3000),
        b"Content-Type: message/rfc822\r\n\r\n" * 400,
        b"From: " + b"a@b.example, " * 5000,
        b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a" * 300_000,
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nx",
        b"From: a@b.example\r\nContent-Disposition: attachment; filename*=utf-8''a.pdf; filename*0=b.pdf\r\n\r\nx",
        b"From: a@b.example\r\nContent-Type: text/plain; charset*=utf-8''x; charset*0=y\r\n\r\nx",
        b"From: a@b.example\r\nContent-Type: multipart/report; report-type*=utf-8''x; report-type*0=y; boundary=z\r\n\r\n--z--",
        b"From: a@b.example\r\nContent-Type: application/pdf; name*" + b"9" * 5000 + b"=a.pdf\r\n\r\nx",
        b"From: " + b"(" * 3000 + b"\r\nTo: " + b"(" * 3000 + b"\r\n\r\nx",
        b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n<![foo[ x <![ ]> &#" + b"9" * 9000 + b"; y",
        b"Message-ID: <" + b"x" * 5000 + b">\r\nDate: Tue, 99 Foo 9999999 99:99:99 +9999\r\n\r\n",
    ],
)
def test_what_is_written_to_do_harm_is_read_all_the_same(raw: bytes) -> None:
    read = parsing.parse(raw)
    machines.author_of(read, None)
    machines.bounce_of(read)
    for text in (read.subject, read.text, read.message_id, read.sender.name):
        assert "\0" not in text
        text.encode()
    assert len(read.message_id) <= 500
    assert len(read.to) <= 100


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: text/html\r\n\r\n" + b"<a " * 300_000,
        b"Content-Type: text/html\r\n\r\n" + b"<!--" * 300_000,
        b"Content-Type: text/plain\r\n\r\n" + b"@" * 1_000_000,
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(300)) + b"x\r\n" * 300_000,
    ],
    ids=["open tags", "open comments", "a long line", "parts in parts"],
)
def test_a_megabyte_that_is_written_to_keep_its_reader_busy_is_read_at_once(raw: bytes) -> None:
    before = time.process_time()
    read = parsing.parse(b"From: a@b.example\r\n" + raw)
    bodies.excerpt(read.text)
    assert time.process_time() - before < 3
    assert read.sender.address == "a@b.example"


def test_a_letter_of_which_nothing_could_be_read_is_one_for_people_to_look_at() -> None:
    read = parsing.unread(b"whatever it is")
    assert (machines.author_of(read, None), read.named, read.is_cut) == (Author.PERSON, [], True)
    assert read.message_id == parsing.parse(b"whatever it is").message_id, "read again by a better reader it is the same letter"


@given(st.binary(max_size=600))
def test_any_bytes_are_a_letter(raw: bytes) -> None:
    read = parsing.parse(b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n" + raw)
    "".join([read.subject, read.text, read.sender.name, *(one.name for one in read.files)]).encode()
