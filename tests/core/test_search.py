"""What a search finds, and that the database cuts texts into the same grams."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import search
from backend.core.search import contains, grams_of_needle, grams_of_text, needle, normalised, search_text, sort_key
from backend.core.texts import half_width

FIRM = search_text(["浙江精工精密机械有限公司", "王海燕", None], ["138-1234 5678", "+8613812345678", None])
NAMES = st.text(alphabet="精密工机械王李北京重庆ABCabc12 ()（）é", max_size=12)
PHONES = st.text(alphabet="0123456789-+ ", max_size=14)


@pytest.mark.parametrize("query", [
    "精密", "精工精", "浙江精工精密机械有限公司", "王海", "海燕", "jgjm", "zj", "zjjg", "jinggong", "zhejiang", "wanghaiyan", "why",
    "5678", "138-1234", "+86 138 1234", "（138）1234", "  精 密 ", "ＪＩＮＧ", "JingMi",
])  # fmt: skip
def test_a_part_of_name_pinyin_initials_or_phone_finds(query: str) -> None:
    assert contains(FIRM, needle(query))


@pytest.mark.parametrize("query", ["精机", "工密", "jgmj", "gongjig", "1381235", "王燕", "54", "公司王", "yanwang", "why5"])
def test_what_is_not_there_is_not_found(query: str) -> None:
    assert not contains(FIRM, needle(query))


def test_two_digits_look_at_names_only_and_three_at_phones() -> None:
    assert contains(search_text(["58同城"], []), needle("58"))
    assert not contains(search_text(["同城"], ["13800005800"]), needle("58"))
    assert contains(search_text(["同城"], ["13800005800"]), needle("580"))


@given(st.text(max_size=6))
def test_blanks_and_control_characters_are_no_part_of_a_text(written: str) -> None:
    plain = half_width(half_width(written).lower())
    assert normalised(written) == "".join(one for one in plain if not (one.isspace() or unicodedata.category(one).startswith("C")))


def test_a_number_that_is_part_of_another_stands_there_once() -> None:
    written = search_text(["A厂"], ["138-1234 5678", "+8613812345678", "0512-5555"])
    assert written == "a厂\nac\tachang\n8613812345678\n05125555"
    assert contains(written, needle("138 1234"))


def test_nothing_to_find_is_an_empty_text() -> None:
    assert search_text(["", None, "  "], [None, ""]) == ""
    assert grams_of_text("") == set()


def test_names_sort_by_pinyin() -> None:
    assert sorted(["上海", "北京", "ABC", "重庆"], key=sort_key) == ["ABC", "北京", "重庆", "上海"]


@given(
    st.lists(
        st.sampled_from(["重庆", "银行", "行长", "长城", "朝阳", "乐清", "厦门", "单", "仇", "ABC", "1é", "精工机械有限公司"]), max_size=5
    )
)
def test_a_name_is_spelt_as_its_words_are(words: list[str]) -> None:
    name = normalised("".join(words))
    assert "".join(lazy_pinyin(name))[: search.SORT_LENGTH] == sort_key(name)


@given(st.lists(NAMES, max_size=3), st.lists(PHONES, max_size=2), st.text(alphabet="精密工机械王李北京重庆abc12é", min_size=2, max_size=5))
def test_every_text_that_contains_a_needle_has_its_grams(names: list[str], phones: list[str], query: str) -> None:
    haystack, wanted = search_text(names, phones), needle(query)
    parts = {haystack[start : start + len(wanted)] for start in range(len(haystack))} | {wanted}
    for part in (one for one in parts if len(one) > 1 and not set(one) & {search.ZONE, search.LINE}):
        assert not contains(haystack, part) or set(grams_of_needle(part)) <= grams_of_text(haystack), part


async def test_sql_and_python_cut_the_same_grams(session: AsyncSession) -> None:
    texts: list[str] = [FIRM, "", search_text(["é", "ab", "精"], ["12"]), search_text(["A精b密"], ["1"])]

    @settings(max_examples=60, database=None)
    @given(st.lists(NAMES, max_size=3), st.lists(PHONES, max_size=2))
    def gather(names: list[str], phones: list[str]) -> None:
        texts.append(search_text(names, phones))

    gather()
    rows = await session.execute(text("select t, search_grams(t) from unnest(cast(:texts as text[])) t"), {"texts": texts})
    wrong = [(one, grams) for one, grams in rows if set(grams) != grams_of_text(one)]
    assert wrong == []
