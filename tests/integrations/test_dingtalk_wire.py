"""Signature, bodies and answers of the group robot, against the vendor's test vector."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.integrations.answers import Answer, Outcome
from backend.integrations.dingtalk import wire

SECRET = "SEC0123456789abcdef0123456789abcdef"
STAMP = 1_700_000_000_000


def test_sign_matches_the_vector() -> None:
    assert wire.sign(STAMP, SECRET) == "hJ95/XWePTzrSwXDHEJJY1Ta0B6qiG/YMxNzB4v4U2w="


def test_url_keeps_the_token_and_encodes_the_sign_once() -> None:
    url = wire.robot_url("https://oapi.dingtalk.com/", "a+b&c", SECRET, STAMP)
    assert url == (
        "https://oapi.dingtalk.com/robot/send?access_token=a%2Bb%26c"
        "&timestamp=1700000000000&sign=hJ95%2FXWePTzrSwXDHEJJY1Ta0B6qiG%2FYMxNzB4v4U2w%3D"
    )


def test_url_of_a_robot_without_signature() -> None:
    assert wire.robot_url("http://localhost", "t", None, STAMP) == "http://localhost/robot/send?access_token=t"


def test_a_mention_stands_in_the_text_and_in_at() -> None:
    body = wire.markdown_body("新线索", "#### 新线索", ["13800000000"])
    assert body == {
        "msgtype": "markdown",
        "markdown": {"title": "新线索", "text": "#### 新线索 @13800000000"},
        "at": {"atMobiles": ["13800000000"], "isAtAll": False},
    }


def test_a_mention_already_in_the_text_is_not_repeated() -> None:
    assert wire.text_body("请 @13800000000 跟进", ["13800000000"])["text"]["content"] == "请 @13800000000 跟进"


def test_action_card() -> None:
    assert wire.action_card_body("T", "text", "查看", "https://crm.example.com/d/1")["actionCard"] == {
        "title": "T",
        "text": "text",
        "btnOrientation": "0",
        "singleTitle": "查看",
        "singleURL": "https://crm.example.com/d/1",
    }


def test_a_body_at_the_limit_is_left_whole() -> None:
    room = wire.MAX_BODY_BYTES - len(wire.encode(wire.text_body("")))
    assert wire.cut_to_fit(wire.text_body, "x" * room) == wire.text_body("x" * room)
    assert wire.cut_to_fit(wire.text_body, "x" * (room + 1)) == wire.text_body("x" * (room - 3) + wire.CUT)


@given(text=st.text(alphabet=st.sampled_from('a线\n"🏭\\'), max_size=400), limit=st.integers(150, 900))
def test_a_cut_body_fits_is_whole_utf8_and_is_as_long_as_possible(text: str, limit: int) -> None:
    def make(part: str) -> wire.Body:
        return wire.text_body(part, ["13800000000"])

    body = wire.cut_to_fit(make, text, limit)
    content = wire.encode(body)
    assert len(content) <= limit
    assert json.loads(content.decode()) == body
    assert "@13800000000" in body["text"]["content"]
    kept = body["text"]["content"].removesuffix(" @13800000000")
    if kept != text:
        assert text.startswith(kept.removesuffix(wire.CUT))
        longer = text[: len(kept.removesuffix(wire.CUT)) + 1] + wire.CUT
        assert len(wire.encode(make(longer))) > limit


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b'{"errcode":0,"errmsg":"ok"}', Answer(Outcome.OK, 0, "ok")),
        (b'{"errcode":-1,"errmsg":"busy"}', Answer(Outcome.RETRY, -1, "busy")),
        (b'{"errcode":130101,"errmsg":"x"}', Answer(Outcome.THROTTLED, 130101, "x")),
        (b'{"errcode":410100,"errmsg":"x"}', Answer(Outcome.THROTTLED, 410100, "x")),
        (b'{"status":1111,"wait":5,"punish":"deny"}', Answer(Outcome.THROTTLED, None, "anti-flood layer", 5)),
        (b'{"errcode":310000,"errmsg":"k"}', Answer(Outcome.PERMANENT, 310000, "k", is_configuration=True)),
        (b'{"errcode":300005,"errmsg":"k"}', Answer(Outcome.PERMANENT, 300005, "k", is_configuration=True)),
        (b'{"errcode":400102,"errmsg":"k"}', Answer(Outcome.PERMANENT, 400102, "k", is_configuration=True)),
        (b'{"errcode":460101,"errmsg":"k"}', Answer(Outcome.PERMANENT, 460101, "k")),
        (b'{"errcode":999999,"errmsg":"new"}', Answer(Outcome.RETRY, 999999, "new")),
        (b'{"errcode":true}', Answer(Outcome.RETRY, None, "HTTP 200 without errcode")),
        (b"[]", Answer(Outcome.RETRY, None, "HTTP 200 with an unexpected body")),
        (b"<html>", Answer(Outcome.RETRY, None, "HTTP 200 with an unreadable body")),
        (b"\xff\xfe", Answer(Outcome.RETRY, None, "HTTP 200 with an unreadable body")),
    ],
)
def test_classify(content: bytes, wanted: Answer) -> None:
    assert wire.classify(200, content) == wanted


def test_the_body_decides_even_when_the_status_is_an_error() -> None:
    assert wire.classify(500, b'{"errcode":0,"errmsg":"ok"}').outcome is Outcome.OK
    assert wire.classify(502, b"").outcome is Outcome.RETRY
