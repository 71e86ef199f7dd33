"""LEAD-4's near names: what is one firm and what stays apart."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.duplicates.names import CANDIDATE, index_keys, rate, signature
from tests.duplicates.register import make_register, plant

TOGETHER = [
    ("浙江精工有限公司", "浙江精功有限公司"), ("苏州精工五金有限公司", "蘇州精功五金公司"), ("苏州恒力机械有限公司上海分公司", "恒力机械（苏州）"),
    ("恒力(苏州)机械", "江苏省苏州市恒力机械股份有限公司"), ("恒力机械有限公司苏州办事处", "恒力机械"), ("恒力机械", "恒力机械制造"),
    ("恒力精密机械", "恒力机械制造有限公司"), ("恒力力机械", "恒力机械"), ("力恒机械", "恒力机械"), ("恒力机械制造", "恒力机诫制造"), ("苏州恒力", "苏州恒力机械"),
    ("ＡＢＣ Tools Co., Ltd.", "abc tool limited"), ("昆山恒力机械厂", "苏州昆山恒力机械厂"), ("江苏恒力机械", "苏州恒力机械"), ("捷凯电子公司", "捷凯电子集团有限公司"),
    ("深圳市 华 鑫 模具 有限公司", "深圳华鑫模具"), ("博世力士乐液压", "博世力土乐液压"), ("苏州工业园区恒力机械有限公司", "苏州恒力机械有限公司"),
]  # fmt: skip
APART = [
    ("浙江精工", "精工模具"), ("苏州恒力机械有限公司", "无锡恒力机械有限公司"), ("恒力机械", "恒力机电"), ("恒力机械", "恒力泰机械"), ("恒力机械", "宏达机械"),
    ("恒力机械", "新恒力机械"), ("第一机床厂", "第二机床厂"), ("苏州精工1号有限公司", "苏州精工2号有限公司"), ("苏州精密机械有限公司", "精密机械有限公司"),
    ("苏州恒力", "恒力机械"), ("恒力弹簧", "恒力轴承"), ("上海电气", "上海电器科技"), ("庆士电咨", "海士电子"), ("abctools", "xyztools"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_one_firm_under_two_names(one: str, other: str) -> None:
    first, second = signature(one), signature(other)
    assert first is not None
    assert second is not None
    assert rate(first, second) >= CANDIDATE
    assert set(index_keys(first)) & set(index_keys(second))


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_firms_stay_apart(one: str, other: str) -> None:
    first, second = signature(one), signature(other)
    assert first is not None
    assert second is not None
    assert rate(first, second) < CANDIDATE


@pytest.mark.parametrize(("name", "core", "places", "brand", "trade"), [
    ("江苏省苏州市工业园区恒力精密机械制造股份有限公司", "恒力精密机械制造", {"江苏", "苏州"}, "恒力", {"精密", "机械"}),
    ("恒力（昆山）模具有限公司", "恒力模具", {"昆山", "苏州", "江苏"}, "恒力", {"模具"}), ("鹤壁市永达食品", "永达食品", {"鹤壁"}, "永达", {"食品"}),
    ("上海第二分公司", "上海", set(), "上海", set()),
])  # fmt: skip
def test_a_name_is_place_brand_and_trade(name: str, core: str, places: set[str], brand: str, trade: set[str]) -> None:
    found = signature(name)
    assert found is not None
    assert (found.core, set(found.places), found.brand, set(found.trade)) == (core, places, brand, trade)


@pytest.mark.parametrize("name", [None, "", "公", "　", "（）"])
def test_nothing_to_compare(name: str | None) -> None:
    assert signature(name) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_taken_and_rating_knows_no_order(one: str, other: str) -> None:
    first, second = signature(one), signature(other)
    if first is None or second is None:
        return
    assert rate(first, second) == rate(second, first)
    assert 0 <= rate(first, second) <= 100
    assert rate(first, first) == 100 or not first.brand


def test_whatever_rating_takes_for_one_firm_shares_a_key() -> None:
    dice = random.Random(7)
    firms = make_register(dice, 400)
    signatures = [signature(name) for name in [*(firm.name for firm in firms), *(name for _, name, _ in plant(dice, firms, 600))]]
    found = [(one, set(index_keys(one))) for one in signatures if one is not None]
    pairs = [(one, other, keys & others) for index, (one, keys) in enumerate(found) for other, others in found[index:]]
    assert [(one.core, other.core) for one, other, shared in pairs if not shared and rate(one, other) >= CANDIDATE] == []
    assert sum(1 for one, other, _ in pairs if one is not other and rate(one, other) >= CANDIDATE) > 600
