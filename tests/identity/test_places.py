"""Provinces and cities as people and forms write them."""

import pytest

from backend.identity import places


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
