"""What a group reads."""

from uuid import UUID

import pytest

from backend.integrations.dingtalk import wire
from backend.notifications import wording
from backend.notifications.wording import Item, Style, Wording

LEAD = UUID("01900000-0000-7000-8000-000000000001")
STYLE = Style("https://crm.example.com/")


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        wording, "WORDINGS", {"lead.assigned": Wording("新线索", "{company} · {contact_name} · {city}", "/leads/{subject_id}")}
    )


def item(company: str = "苏州精工机械", mobile: str | None = "13800000000", **params: object) -> Item:
    return Item("lead.assigned", {"company": company, "contact_name": "王先生", **params}, LEAD, "张磊", mobile)


def test_a_single_message_names_mentions_and_links() -> None:
    body = wording.single(item(), STYLE)
    assert body["markdown"] == {
        "title": "新线索",
        "text": f"#### 新线索\n> 苏州精工机械 · 王先生\n\n张磊 [查看](https://crm.example.com/leads/{LEAD}) @13800000000",
    }
    assert body["at"] == {"atMobiles": ["13800000000"], "isAtAll": False}


def test_without_an_address_or_a_mobile_there_is_no_link_and_no_mention() -> None:
    assert wording.single(item(mobile=None), Style())["markdown"]["text"] == "#### 新线索\n> 苏州精工机械 · 王先生\n\n张磊"


def test_a_digest_has_a_line_each_and_mentions_everybody_once() -> None:
    count, body = wording.compose([item("甲厂"), item("乙厂", city="苏州"), item("丙厂", mobile="13900000000")], Style())
    assert count == 3
    assert body["markdown"]["title"] == "3 条提醒"
    assert body["markdown"]["text"] == (
        "#### 3 条提醒\n- 新线索：甲厂 · 王先生 → 张磊\n- 新线索：乙厂 · 王先生 · 苏州 → 张磊\n- 新线索：丙厂 · 王先生 → 张磊\n @13800000000 @13900000000"
    )


def test_a_digest_takes_as_many_as_fit_whole() -> None:
    items = [item("机" * 80, city="城" * 80, number=n) for n in range(100)]
    count, body = wording.compose(items, STYLE)
    assert 30 < count < 100
    assert wire.fits(body)
    assert body["markdown"]["text"].count("\n- ") == count
    assert not wire.fits(wording.digest(items[: count + 1], STYLE))


def test_the_keyword_of_the_robot_is_in_every_message() -> None:
    style = Style(keyword="成单")
    assert "成单" in wording.single(item(), style)["markdown"]["text"]
    assert "成单" in wording.digest([item(), item()], style)["markdown"]["text"]


def test_names_from_strangers_cannot_become_links_mentions_or_new_lines() -> None:
    text = wording.single(item("[点我](http://evil) @13911112222\n# 大字"), Style())["markdown"]["text"]
    assert text.startswith("#### 新线索\n> ［点我］(http://evil) ＠13911112222 ＃ 大字 · 王先生\n")


def test_a_kind_without_words_still_names_its_subject() -> None:
    plain = Item("other.kind", {"company": "甲厂", "deep": {"x": 1}, "number": "L-1", "none": None}, None, "张磊", None)
    assert wording.words(plain) == ("提醒", "甲厂 · L-1", "")


def test_braces_in_values_are_left_alone() -> None:
    assert wording.words(item("{company} {0}"))[1] == "{company} {0} · 王先生"
