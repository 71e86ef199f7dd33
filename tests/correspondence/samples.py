"""Letters as Chinese mail programs write them, byte for byte."""

import base64
from email.message import EmailMessage
from typing import Any

CUSTOMER = "wang.jianguo@hengda.example"
DROPBOX = "log@in.hengyu.example"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PROGRAM = b"MZ\x90\x00" + bytes(200)


def b64(text: str, charset: str) -> str:
    return base64.b64encode(text.encode(charset)).decode()


FOXMAIL = (
    f"From: =?gb2312?B?{b64('王建国, 采购部', 'gb18030')}?= <Wang.Jianguo@Hengda.example>\r\n"
    f"To: =?gb2312?B?{b64('张磊', 'gb18030')}?= <zhanglei@hengyu.example>, log@in.hengyu.example\r\n"
    f"Subject: =?gb2312?B?{base64.b64encode('回复：㛃'.encode('gb18030')[:7]).decode()}?=\r\n"
    f"\t=?gb2312?B?{base64.b64encode('回复：㛃支架询价'.encode('gb18030')[7:]).decode()}?=\r\n"
    "Date: Tue, 10 Mar 2026 09:30:00 +0800\r\n"
    "Message-ID: <2026031009300012345@hengda.example>\r\n"
    "MIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="=====001"\r\n\r\n'
    "This is a multi-part message in MIME format.\r\n\r\n--=====001\r\n"
    'Content-Type: multipart/alternative; boundary="=====002"\r\n\r\n--=====002\r\n'
    'Content-Type: text/plain; charset="gb2312"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    + b64(
        "张经理：\r\n\r\n请看附件图纸，䶮字牌号 0.8 mm 月供两万件，本周五前报价。\r\n\r\n\r\n王建国\r\n\r\n发件人： 张磊\r\n发送时间： 2026-03-09 16:00\r\n主题： 支架询价\r\n您好，请发图纸。",
        "gb18030",
    )
    + "\r\n--=====002\r\n"
    'Content-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    + b64("<html><body><p>请看附件图纸</p></body></html>", "gb18030")
    + "\r\n--=====002--\r\n\r\n--=====001\r\n"
    f'Content-Type: application/octet-stream; name="=?gb2312?B?{b64("支架图纸.pdf", "gb18030")}?="\r\n'
    "Content-Transfer-Encoding: base64\r\n"
    f'Content-Disposition: attachment; filename="=?gb2312?B?{b64("支架图纸.pdf", "gb18030")}?="\r\n\r\n'
    + base64.b64encode(PDF).decode()
    + "\r\n--=====001--\r\n"
).encode()
"""Foxmail: GB18030 called gb2312, a character cut between two encoded words, a name with a comma, the name of a file as RFC 2047."""

RAW = (
    (
        'From: "陈工" <chen@wuxi.example>\r\nTo: log@in.hengyu.example\r\nSubject: 报价单\r\nDate: 10 Mar 2026\r\n'
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n你好，见附件。\r\n--b\r\n"
        "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=现场照片.png\r\n\r\n"
    ).encode("gb18030")
    + base64.b64encode(PNG)
    + b"\r\n--b--\r\n"
)
"""A program of a machine tool: bytes of GBK in the headers and in the body, no character set, no Message-ID."""

HTML_ONLY = (
    "From: a@b.example\r\nTo: log@in.hengyu.example\r\nSubject: html\r\nMessage-ID: <h@b.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    "<html><head><title>x</title><style>p {color: red}</style></head><body><script>alert(1)</script>"
    "<div>第一行&nbsp;&lt;甲&gt;<br>第二行</div><table><tr><td>数量</td><td>2万</td></tr></table>"
    '<p>网址 <a href="javascript:alert(1)">点这里</a></p><img src="http://track.example/x.gif"></body></html>'
).encode()

BOUNCE = (
    "From: Mail Delivery System <MAILER-DAEMON@mx.hengda.example>\r\nTo: sales@hengyu.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
    "Auto-Submitted: auto-replied\r\nMessage-ID: <bounce-1@mx.hengda.example>\r\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n--r\r\nContent-Type: text/plain\r\n\r\n'
    "I'm sorry to have to inform you that your message could not be delivered.\r\n--r\r\n"
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.hengda.example\r\n\r\n"
    f"Final-Recipient: rfc822; {CUSTOMER}\r\nAction: ACTION\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
    "--r\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ORIGINAL>\r\nSubject: x\r\n\r\n--r--\r\n"
)
"""RFC 3464, as Postfix writes it; ORIGINAL and ACTION are to be filled in."""


def bounce_of(message_id: str, action: str = "failed") -> bytes:
    return BOUNCE.replace("ORIGINAL", message_id).replace("ACTION", action).encode()


def letter(text: str = "请报价", **headers: Any) -> bytes:
    """A plain letter; `from_`, `to`, `message_id` and so on, with underscores for what headers have as hyphens."""
    message = EmailMessage()
    given = {"from_": f"王建国 <{CUSTOMER}>", "to": DROPBOX, "subject": "询价"} | headers
    for name, value in given.items():
        if value is not None:
            message[name.strip("_").replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()
