"""LEAD-4's exact keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.duplicates.keys import company_key, email_key, phone_key


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
