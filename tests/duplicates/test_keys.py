"""LEAD-4's exact keys, places and scripts."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.duplicates.keys import company_key, email_key, phone_key
from backend.identity import places
from backend.leads import scripts


@pytest.mark.parametrize(("text", "key"), [
    ("138 1234 5678", "+8613812345678"), ("+86-138-1234-5678", "+8613812345678"), ("86 13812345678", "+8613812345678"),
    ("0086 138.1234.5678", "+8613812345678"), ("１３８１２３４５６７８", "+8613812345678"), ("（0512）6677-8899", "+8651266778899"),
    ("0512-66778899", "+8651266778899"), ("+86 512 66778899", "+8651266778899"), ("021-62345678转801", "+862162345678"),
    ("0512-66778899-801", "+8651266778899"), ("400-820-1234", "+864008201234"), ("66778899", "66778899"), ("+49 30 901820", "+4930901820"),
    ("0049 30 901820", "+4930901820"), ("123", None), ("", None), (None, None), ("call me", None), ("12812345678", None), ("+8613", None),
])  # fmt: skip
def test_phone_key(text: str | None, key: str | None) -> None:
    assert phone_key(text) == key


@given(st.text(max_size=60))
def test_keys_take_any_text_and_are_stable(text: str) -> None:
    key = phone_key(text)
    assert key is None or phone_key(key) == key
    assert company_key(company_key(text)) == company_key(text)
    assert email_key(text) is None or email_key(email_key(text)) == email_key(text)


@pytest.mark.parametrize("name", [
    "苏州精工五金有限公司", "苏州精工五金有限责任公司", "苏州精工五金股份有限公司", "（苏州）精工五金有限公司", "(苏州)精工五金公司", " 苏州 精工五金 ",
    "苏州精工五金集团有限公司",
])  # fmt: skip
def test_one_firm_one_key(name: str) -> None:
    assert company_key(name) == "苏州精工五金"


def test_company_key_of_latin_names_branches_and_nothing() -> None:
    assert company_key("ＡＢＣ Tools Co., Ltd.") == company_key("abc tools ltd") == "abctools"
    assert company_key("精工五金有限公司上海分公司") == "精工五金有限公司上海分公司"
    assert company_key("公司") == "公司"
    assert company_key(None) == ""


@pytest.mark.parametrize(("text", "found"), [
    ("江苏省苏州市", ("江苏", "苏州")), ("江苏+苏州", ("江苏", "苏州")), ("广东 深圳 南山区", ("广东", "深圳")), ("苏州市", ("江苏", "苏州")),
    ("上海市", ("上海", "上海")), ("上海市浦东新区", ("上海", "浦东新区")), ("内蒙古自治区包头市", ("内蒙古", "包头")), ("广东省", ("广东", None)),
    ("浙江省/杭州市", ("浙江", "杭州")), ("", (None, None)), (None, (None, None)), ("火星", (None, "火星")),
])  # fmt: skip
def test_split_location(text: str | None, found: tuple[str | None, str | None]) -> None:
    assert places.split_location(text) == found


@pytest.mark.parametrize(("province", "city", "found"), [
    ("广东省", "广州市", ("广东", "广州")), ("广西壮族自治区", None, ("广西", None)), ("新疆维吾尔自治区", " 乌鲁木齐市 ", ("新疆", "乌鲁木齐")),
    ("香港特别行政区", None, ("香港", None)), (None, "昆山", ("江苏", "昆山")), ("北京市", None, ("北京", "北京")), (None, "沙市", (None, "沙市")),
    ("Bayern", "München", ("Bayern", "München")),
])  # fmt: skip
def test_place(province: str | None, city: str | None, found: tuple[str | None, str | None]) -> None:
    assert places.place(province, city) == found


def script(number: int, source: str | None = None, product_line: str | None = None, sort: int = 0) -> scripts.Script:
    return scripts.Script(UUID(int=number), "", "", source, product_line, sort)


def test_the_most_specific_script_fits() -> None:
    found = [
        script(1),
        script(2, source="官网"),
        script(3, product_line="紧固件"),
        script(4, "官网", "紧固件"),
        script(5, "展会", "紧固件"),
    ]
    wanted = {("官网", "紧固件"): 4, ("展会", "紧固件"): 5, ("电话", "紧固件"): 3, ("官网", "弹簧"): 2, (None, None): 1}
    for (source, line), number in wanted.items():
        best = scripts.best_script(found, source=source, product_line=line)
        assert best is not None
        assert best.id.int == number
    assert scripts.best_script([script(4, "官网", "紧固件")], source="展会", product_line=None) is None


def test_rendering_is_one_safe_pass() -> None:
    values = {"company": "{rep}", "contact": None, "rep": "张磊"}
    text = scripts.render("您好{contact}，我是{rep}。{company} {unknown} {0} {rep.__class__} {{rep}} {", values)
    assert text == "您好____，我是张磊。{rep} {unknown} {0} {rep.__class__} {张磊} {"
