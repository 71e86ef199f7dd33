"""Signatures, bodies, paths and mappings, without a database."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import process_time
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from backend.leads.models import Lead
from backend.webhooks import mapping, rules
from backend.webhooks.mapping import map_members, parse_amount, read_mapping
from backend.webhooks.parsing import MAX_MEMBERS, Unreadable, parse_body
from backend.webhooks.paths import compile_path, find
from backend.webhooks.policies import INSERT_LEAD
from tests.webhooks.conftest import MAPPING, SECRET

VECTORS = [
    (SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}', "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    (
        "whsec_AAECAwABAgMAAQIDAAECAwABAgMAAQID",
        "msg_demo1",
        1767600000,
        '{"type":"lead.created","timestamp":"2026-01-05T08:00:00Z","data":{"name":"张三"}}',
        "v1,1vi1gslaFgiWeXg0Z1VkadadrxH0n5nAhJm9VFwkZ/E=",
    ),
]


@pytest.mark.parametrize(("secret", "message_id", "stamp", "body", "expected"), VECTORS)
def test_signature_is_standard_webhooks(secret: str, message_id: str, stamp: int, body: str, expected: str) -> None:
    assert rules.signature(secret, message_id, str(stamp), body.encode()) == expected
    assert Webhook(secret).sign(message_id, datetime.fromtimestamp(stamp, UTC), body) == expected


def signed(**changes: str) -> dict[str, str]:
    secret, message_id, stamp, _, mark = VECTORS[0]
    assert secret == SECRET
    return {"webhook-id": message_id, "webhook-timestamp": str(stamp), "webhook-signature": mark} | changes


RAW = VECTORS[0][3].encode()
THEN = datetime.fromtimestamp(VECTORS[0][2], UTC)
OTHER = VECTORS[1][0]


@pytest.mark.parametrize(("headers", "secrets", "now", "refusal"), [
    (signed(), [SECRET], THEN, None),
    (signed(), [OTHER, SECRET], THEN, None),
    ({**signed(), "webhook-signature": "v1,AAAA v1a,xx " + VECTORS[0][4]}, [SECRET], THEN, None),
    (signed(), [SECRET], THEN + timedelta(minutes=5), None),
    (signed(), [SECRET], THEN + timedelta(minutes=5, seconds=1), "stale_timestamp"),
    (signed(), [SECRET], THEN - timedelta(minutes=5, seconds=1), "stale_timestamp"),
    (signed(**{"webhook-timestamp": "yesterday"}), [SECRET], THEN, "stale_timestamp"),
    (signed(**{"webhook-timestamp": "-1"}), [SECRET], THEN, "stale_timestamp"),
    (signed(), [OTHER], THEN, "bad_signature"),
    (signed(), [], THEN, "bad_signature"),
    (signed(**{"webhook-id": "msg_other"}), [SECRET], THEN, "bad_signature"),
    (signed(**{"webhook-id": "with space"}), [SECRET], THEN, "bad_signature"),
    (signed(**{"webhook-signature": "v1"}), [SECRET], THEN, "bad_signature"),
    (signed(**{"webhook-signature": "é,é"}), [SECRET], THEN, "bad_signature"),
    ({}, [SECRET], THEN, "missing_webhook_headers"),
    ({**signed(), "webhook-signature": ""}, [SECRET], THEN, "missing_webhook_headers"),
])  # fmt: skip
def test_check_signature(headers: dict[str, str], secrets: list[str], now: datetime, refusal: str | None) -> None:
    assert rules.check_signature(headers, RAW, secrets, now) == refusal


def test_the_raw_bytes_are_what_is_signed() -> None:
    assert rules.check_signature(signed(), RAW + b" ", [SECRET], THEN) == "bad_signature"


def test_check_token() -> None:
    assert rules.check_token("token-a", ["token-b", "token-a"]) is None
    for given_token in (None, "", "token-c", "token-ä"):
        assert rules.check_token(given_token, ["token-a", "token-b"]) == "bad_form_token"
    assert rules.check_token("token-a", []) == "bad_form_token"
    assert [rules.is_secret(text) for text in (SECRET, "whsec_AAAA", "token", "whsec_!!")] == [True, False, False, False]


CHINESE = {"公司": "精工", "n": 1, "ok": True}
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(("raw", "content_type"), [
    (json.dumps(CHINESE).encode(), "application/json"),
    (json.dumps(CHINESE, ensure_ascii=False).encode(), "application/json; charset=UTF-8"),
    (json.dumps(CHINESE, ensure_ascii=False).encode("utf-8-sig"), "text/plain"),
    (json.dumps(CHINESE, ensure_ascii=False).encode("gb18030"), "application/json"),
    (json.dumps(CHINESE, ensure_ascii=False).encode("gbk"), "text/plain; charset=GBK"),
    (json.dumps(CHINESE).encode(), ""),
])  # fmt: skip
def test_json_bodies(raw: bytes, content_type: str) -> None:
    assert parse_body(raw, content_type) == (CHINESE, [])


@pytest.mark.parametrize(("raw", "members"), [
    (b"a=1&b=2+3%20", {"a": "1", "b": "2 3 "}),
    (b"fields%5Bname%5D%5Bvalue%5D=x&fields[name][title]=y", {"fields": {"name": {"value": "x", "title": "y"}}}),
    (b"d[]=1&d[]=2&e=1&e=2", {"d": ["1", "2"], "e": ["1", "2"]}),
    (b"f[0][g]=1&f[1][g]=2", {"f": {"0": {"g": "1"}, "1": {"g": "2"}}}),
    (b"a[b=1&[x]=2&=3&c", {"a[b": "1", "[x]": "2", "": "3", "c": ""}),
    (f"名={quote_from_bytes('精工'.encode())}".encode(), {"名": "精工"}),
    (f"{quote_from_bytes('名'.encode('gbk'))}={quote_from_bytes('精工'.encode('gbk'))}".encode(), {"名": "精工"}),
    (b"a=1&a[b]=2", {"a": {"": "1", "b": "2"}}),
    (b"", {}),
])  # fmt: skip
def test_form_bodies(raw: bytes, members: dict[str, Any]) -> None:
    assert parse_body(raw, FORM) == (members, [])


MULTIPART = "multipart/form-data; boundary=X"


def part(name: str, value: bytes, more: str = "", encoding: str = "utf-8") -> bytes:
    return f'--X\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode(encoding) + value + b"\r\n"


@pytest.mark.parametrize(("raw", "members"), [
    (part("a", b"1") + part("fields[name][value]", "精工".encode()) + b"--X--\r\n", {"a": "1", "fields": {"name": {"value": "精工"}}}),
    (part("公司", "精工".encode("gbk"), encoding="gbk") + part("d[]", b"1") + part("d[]", b"2") + b"--X--\r\n", {"公司": "精工", "d": ["1", "2"]}),
    (part("图纸", b"\x00\xff\xfe", '; filename="法兰.dwg"') + part("a", b"") + b"--X--\r\n", {"图纸": "法兰.dwg", "a": ""}),
    (part("f", b"\x00\xff", "; filename*=UTF-8''%E6%B3%95%E5%85%B0.dwg") + part("a", b"1") + b"--X--", {"f": "法兰.dwg", "a": "1"}),
    (part("f", b"\x00\xff", "; filename=\"x\"; FileName*=utf-8'zh'a%22b%0D%0A.dwg") + b"--X--", {"f": "a_b__.dwg"}),
    (part("f", b"\x00\x01", "; filename*=GBK''%B7%A8%C0%BC.dwg\r\nContent-Type: image/x") + b"--X--", {"f": "法兰.dwg"}),
    (part("a", b"Content-Disposition: x; filename*=UTF-8''b") + b"--X--", {"a": "Content-Disposition: x; filename*=UTF-8''b"}),
])  # fmt: skip
def test_multipart_bodies(raw: bytes, members: dict[str, Any]) -> None:
    assert parse_body(raw, MULTIPART) == (members, [])


def coded(value: bytes, encoding: str) -> bytes:
    return part("need", value, f"\r\nContent-Transfer-Encoding: {encoding}")


@pytest.mark.parametrize(("raw", "members", "flaws"), [
    (coded(b"5rOV5YWw\r\n", "BASE64"), {"need": "法兰"}, []),
    (coded(b"=E6=B3=95=\r\n=E5=85=B0", "quoted-printable"), {"need": "法兰"}, []),
    (coded(b"5rOV5Y", "base64"), {"need": "5rOV5Y"}, [("undecodable_part", "need")]),
    (coded(b"!!?!", "base64"), {"need": "!!?!"}, [("undecodable_part", "need")]),
    (coded(b"/////w==", "base64"), {"need": "����"}, [("undecodable_part", "need")]),
    (part("need", b"\xff\xff"), {"need": "��"}, [("undecodable_part", "need")]),
    (b"--X\r\nContent-Disposition: form-data\r\n\r\nx\r\n", {"part_2": "x"}, [("unnamed_part", "part_2")]),
    (b"--X\r\nContent-Type: text/plain\r\n\r\nx\r\n", {"part_2": "x"}, [("unnamed_part", "part_2")]),
    (b'--X\r\nContent-Disposition: form-data; filename="y.dwg"\r\n\r\nx\r\n', {"part_2": "y.dwg"}, [("unnamed_part", "part_2")]),
])  # fmt: skip
def test_one_part_made_wrongly_leaves_the_others_whole(raw: bytes, members: dict[str, Any], flaws: list[tuple[str, str]]) -> None:
    whole = part("公司", "精工".encode()) + raw + part("tel", b"138") + b"--X--\r\n"
    assert parse_body(whole, MULTIPART) == ({"公司": "精工", "tel": "138"} | members, flaws)


@pytest.mark.parametrize(("raw", "content_type"), [
    (part("a", b"1") + part("b", b"2"), MULTIPART), (part("a", b"1") + part("b", b"2") + b"--X", MULTIPART), (b"", MULTIPART),
    (part("a", b"1") + b"--X--", 'multipart/form-data; boundary=""'),
    (b"a=1", MULTIPART), (b"--Y\r\n", MULTIPART), (part("a", b"1"), "multipart/form-data"),
    (b"".join(part(f"a{n}", b"1") for n in range(MAX_MEMBERS + 1)) + b"--X--", MULTIPART),
    (b"{", "application/json"), (b"", "application/json"), (b"5", "application/json"), (b'"x"', "text/plain"), (b"hello=1", "text/plain"),
    (b'{"a": NaN}', "application/json"), (b'{"a": Infinity}', ""), (b"[" * 5000, "application/json"), (b'{"a":' * 40 + b"1" + b"}" * 40, ""),
    (b"\xff\xfe\xfa", "application/json"), (b"a=%ff%ff", FORM), (b"&".join(b"a%d=1" % n for n in range(MAX_MEMBERS + 1)), FORM),
])  # fmt: skip
def test_what_cannot_be_parsed(raw: bytes, content_type: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Unreadable):
        parse_body(raw, content_type)
    assert caplog.records == []


def test_a_body_of_boundaries_alone_is_refused_at_once() -> None:
    started = process_time()
    for head in (b"--X\r\n", b"--X\r\ncontent-disposition:;", b"--X\r\ncontent-disposition:" + b";" * 50_000 + b"filename*=a'"):
        with pytest.raises(Unreadable):
            parse_body(head * (1024 * 1024 // len(head)), MULTIPART)
    assert process_time() - started < 5


def test_odd_members_are_made_storable() -> None:
    raw = rb'{"a":"x\u0000y\ud800","n":1e999,"big":' + b"9" * 5000 + rb',"list":[{"\u0000":1}]}'
    found = parse_body(raw, "application/json").members
    assert found["a"] == "x�y?"
    assert found["n"] == "1e999"
    assert found["big"] == "9" * 5000
    assert found["list"] == [{"�": 1}]
    assert parse_body(b"[1]", "application/json") == ({"items": [1]}, [])


@given(st.binary(max_size=200), st.sampled_from(["application/json", FORM, "text/plain", "", MULTIPART]))
def test_any_bytes_parse_or_are_refused(raw: bytes, content_type: str) -> None:
    try:
        members, _ = parse_body(raw, content_type)
    except Unreadable:
        return
    assert "\x00" not in json.dumps(members, ensure_ascii=False)
    json.dumps(members, ensure_ascii=False, allow_nan=False).encode()


MEMBERS: dict[str, Any] = {
    "a": {"b": 1},
    "list": [{"name": "公司", "value": "精工"}, {"name": "电话", "value": "138"}],
    "f": {"0": {"b": "x"}},
    "a.c": "dotted",
    "nested": [[1, 2]],
}


@pytest.mark.parametrize(("path", "value"), [
    ("a.b", 1), ("a.c", "dotted"), ("list[0].value", "精工"), ("list[name=电话].value", "138"), ("list[name=无].value", None), ("f[0].b", "x"),
    ("nested[0][1]", 2), ("a[b]", 1), ("list[7]", None), ("a.b.c", None), ("missing", None), ("list.name", None),
])  # fmt: skip
def test_paths(path: str, value: Any) -> None:
    assert find(MEMBERS, path) == value


@pytest.mark.parametrize("path", ["", ".", "a.", "a..b", "[0]", "a[", "a]b"])
def test_bad_paths(path: str) -> None:
    with pytest.raises(ValueError, match="is not a path"):
        compile_path(path)


SITE = read_mapping(MAPPING)


def test_a_full_submission_becomes_a_lead() -> None:
    members = {
        "formDetail": [{"name": "公司", "value": " 苏州精工五金有限公司 "}], "telphone": "138-1234-5678", "area": "江苏+苏州", "budget": "5万",
        "material": ["304", "316"], "utm": "baidu", "empty": "", "clue_convert_status": "广告预览",
    }  # fmt: skip
    found = map_members(members, SITE)
    assert found.faults == []
    assert found.is_test
    assert found.fields["company"] == "苏州精工五金有限公司"
    assert found.fields["company_key"] == "苏州精工五金"
    assert (found.fields["phone"], found.fields["phone_key"]) == ("138-1234-5678", "+8613812345678")
    assert (found.fields["province"], found.fields["city"]) == ("江苏", "苏州")
    assert found.fields["expected_amount"] == "50000.00"
    assert found.custom == {"材质": "304、316", "utm": "baidu"}


@pytest.mark.parametrize(("changes", "faults"), [
    ({"phone": ""}, {("missing_contact", ""), ("unknown_field", "utm")}),
    ({"phone": "123"}, {("invalid_value", "phone")}),
    ({"phone": "", "email": "nobody"}, {("invalid_value", "email")}),
    ({"phone": "", "email": "qian@example.com"}, set()),
    ({"budget": "很多"}, set()),
])  # fmt: skip
def test_what_does_not_fit(changes: dict[str, Any], faults: set[tuple[str, str]]) -> None:
    members = {"company": "精工", "phone": "13812345678", "utm": "x"} | changes
    assert {(fault.code, fault.field) for fault in map_members(members, SITE).faults} == faults


@pytest.mark.parametrize(("changes", "fields", "custom"), [
    ({"email": "wang@"}, {"email": None, "phone": "13812345678"}, {"邮箱原文": "wang@"}),
    ({"budget": "面议"}, {"expected_amount": None}, {"金额原文": "面议"}),
    ({"phone": "13812345678/13900000000"}, {"phone": "13812345678", "phone_key": "+8613812345678"}, {"电话原文": "13812345678/13900000000"}),
    ({"phone": "总机 123 或 0512-66778899"}, {"phone": "0512-66778899", "phone_key": "+8651266778899"}, {"电话原文": "总机 123 或 0512-66778899"}),
    ({"phone": "明天再说", "email": "qian@example.com"}, {"phone": None, "email": "qian@example.com"}, {"电话原文": "明天再说"}),
    ({"company": "长" * 201}, {"company": "长" * 199 + "…"}, {}),
    ({"message": "长" * 6000}, {"need": "长" * 4999 + "…"}, {}),
    ({"message": "长" * 5000}, {"need": "长" * 5000}, {}),
])  # fmt: skip
def test_whoever_can_be_reached_is_a_lead_and_keeps_what_no_field_takes(
    changes: dict[str, Any], fields: dict[str, Any], custom: dict[str, str]
) -> None:
    found = map_members({"company": "精工", "phone": "13812345678"} | changes, SITE)
    assert found.faults == []
    assert {name: found.fields.get(name) for name in fields} == fields
    assert found.custom == custom


def test_secrets_and_long_members_stay_out_of_the_lead() -> None:
    found = map_members({"phone": "13812345678", "token": "secret", "essay": "长" * 3000}, SITE, hidden=("token",))
    assert found.custom == {}


@pytest.mark.parametrize(("text", "amount"), [
    ("50000", "50000.00"), ("¥50,000.5", "50000.50"), ("5万", "50000.00"), ("1.2亿元", "120000000.00"), ("５万元", "50000.00"), ("3-5万", None),
    ("-5", None), ("", None), ("9" * 40, None), ("9999999999999999.99", "9999999999999999.99"), ("10000000000000000", None), ("9" * 30 + "亿", None),
])  # fmt: skip
def test_amounts(text: str, amount: str | None) -> None:
    assert parse_amount(text) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("config", [{"shoe_size": "a"}, {"phone": [{"path": "a", "transforms": ["explode"]}]}])
def test_a_mapping_names_only_known_targets_and_transforms(config: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="unknown"):
        read_mapping(config)


def test_transforms() -> None:
    sources = read_mapping({"submitted_at": [{"path": "t", "transforms": ["epoch"]}]})
    for stamp in ("1773108000", 1773108000, "1773108000000"):
        assert map_members({"t": stamp, "phone": "1"}, sources).submitted_at == datetime(2026, 3, 10, 2, tzinfo=UTC)
    split = read_mapping({name: [{"path": "l", "transforms": [f"split_{name}"]}] for name in ("province", "city")})
    found = map_members({"l": "江苏省苏州市"}, split)
    assert (found.fields["province"], found.fields["city"]) == ("江苏", "苏州")


@given(st.dictionaries(st.sampled_from([*MAPPING, "telphone", "formDetail", "area", "budget"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6)))  # fmt: skip
def test_any_members_map_without_an_error(members: dict[str, Any]) -> None:
    found = map_members(members, SITE)
    assert set(found.fields) <= {*mapping.LONGEST, "company_key", "phone_key", "expected_amount"}


def test_a_posted_lead_fills_every_column_that_has_no_default_and_loses_no_mapped_field() -> None:
    """The statement is written out for speed: a column added to the model must not be forgotten in it."""
    columns, _, values = INSERT_LEAD.partition(")")
    named = set(re.findall(r"\w+", columns.partition("(")[2]))
    read = set(re.findall(r"\bl\.(\w+)", values))
    known = {column.name for column in Lead.__table__.columns}
    needed = {column.name for column in Lead.__table__.columns if not column.nullable and column.server_default is None}
    assert (needed - named, named - known, read - named) == (set(), set(), set())
    assert read == {*mapping.LONGEST, "expected_amount", "is_test", "custom", "company_key", "phone_key"}
