"""FLOW-6: what WeChat's clients put on the clipboard, in Chinese and English, on PC and phone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.timeline.chat import parse, speakers

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 10, 10, 0, tzinfo=ZONE)
Line = tuple[str | None, str | None, str]


def said(text: str) -> list[Line]:
    return [(one.who, one.at.strftime("%m-%d %H:%M") if one.at else None, one.text) for one in parse(text, NOW, ZONE)]


TALK = [("王总", "03-09 15:20", "图纸看了"), ("张磊", "03-09 15:21", "好的，\n明天报价")]


@pytest.mark.parametrize("pasted", [
    "王总 2026/3/9 15:20:11\n图纸看了\n\n张磊 2026/3/9 15:21:40\n好的，\n明天报价\n",
    "王总  2026-03-09 15:20\r\n图纸看了\r\n\r\n张磊  2026-03-09 15:21\r\n好的，\r\n明天报价",
    "王总 2026年3月9日 15:20\n图纸看了\n\n张磊 2026年3月9日 下午3:21\n好的，\n明天报价",
    "王总 3月9日 15:20\n图纸看了\n张磊 3月9日 15:21\n好的，\n明天报价",
    "王总 昨天 15:20\n图纸看了\n\n张磊 昨天 下午 3:21\n好的，\n明天报价",
    "王总 星期一 15:20\n图纸看了\n\n张磊 周一 15:21\n好的，\n明天报价",
    "王总 Yesterday 3:20 PM\n图纸看了\n\n张磊 Yesterday 3:21 PM\n好的，\n明天报价",
    "王总 3/9/2026 3:20 PM\n图纸看了\n\n张磊 3/9/2026 3:21 PM\n好的，\n明天报价",
    "王总 Monday 15:20\n图纸看了\n\n张磊 Mon 15:21\n好的，\n明天报价",
    "王总 Mar 9, 2026 15:20\n图纸看了\n\n张磊 Mar 9 15:21\n好的，\n明天报价",
    "王总(2026-03-09 15:20:11)\n图纸看了\n\n张磊（2026-03-09 15:21:40）\n好的，\n明天报价",
    "2026-03-09 15:20:11 王总\n图纸看了\n\n2026-03-09 15:21:40 张磊\n好的，\n明天报价",
    "[2026/3/9 15:20] 王总: 图纸看了\n[2026/3/9 15:21] 张磊: 好的，\n明天报价",
    "—————  2026-03-09  —————\n\n\n王总  15:20\n\n图纸看了\n\n\n张磊  15:21\n\n好的，\n明天报价\n",
    "3月9日 15:20\n王总：图纸看了\n3月9日 15:21\n张磊: 好的，\n明天报价\n王总：行",
])  # fmt: skip
def test_each_client_writes_it_in_its_own_way(pasted: str) -> None:
    assert said(pasted)[:2] == TALK


def test_the_mac_and_the_phone_leave_the_moment_out() -> None:
    talk = [("王总", None, "在吗"), ("张磊", None, "在的"), ("王总", None, "报价: 发我")]
    assert said("王总:\n在吗\n\n张磊:\n在的\n\n王总:\n报价: 发我") == talk
    assert said("王总: 在吗\n张磊：在的\n王总: 报价: 发我") == talk
    assert speakers(parse("王总: 在吗\n张磊：在的\n王总: 嗯", NOW, ZONE)) == ["王总", "张磊"]


@pytest.mark.parametrize("pasted", [
    "地址: 苏州\n电话: 138\n交期: 30天",
    "会议改到 2026/3/12 10:30",
    "客户说: 先打样",
    "随便写几句，\n没有格式 10:30 左右",
])  # fmt: skip
def test_what_is_no_talk_stays_as_text(pasted: str) -> None:
    assert said(pasted) == [(None, None, pasted)]


def test_a_message_may_end_with_a_moment_and_what_stands_before_the_first_is_kept() -> None:
    pasted = "转发：\n\n王总 2026/3/9 15:20:11\n会议改到 2026/3/12 10:30\n好吗\n\n张磊 2026/3/9 15:21:40\n好"
    assert said(pasted) == [
        (None, None, "转发："),
        ("王总", "03-09 15:20", "会议改到 2026/3/12 10:30\n好吗"),
        ("张磊", "03-09 15:21", "好"),
    ]


def test_a_day_without_a_year_lies_in_the_past_and_an_impossible_moment_is_none() -> None:
    found = parse("王总 12月31日 09:00\n年底见\n\n王总 2月30日 25:61\n？", NOW, ZONE)
    assert [one.at.isoformat() if one.at else None for one in found] == ["2025-12-31T09:00:00+08:00", None]
    assert found[1].when == "2月30日 25:61"


@given(st.text(alphabet="王张总磊 :：\n/-2026年3月9日15昨天[]()AMP 图纸，", max_size=120))
def test_no_word_is_lost_whatever_is_pasted(pasted: str) -> None:
    """Every message holds a piece of the text in its order; headings may take lines, never parts of a sentence."""
    place = 0
    flat = "\n".join(line.strip(" \t\r　") for line in pasted.split("\n"))
    for one in parse(pasted, NOW, ZONE):
        for line in (line for line in one.text.split("\n") if line):
            place = flat.index(line, place) + len(line)
