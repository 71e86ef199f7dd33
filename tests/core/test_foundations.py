"""Small foundations: keys, clock, settings, cursors, row security as text."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.core import clock
from backend.core.config import Settings
from backend.core.db import Lens
from backend.core.errors import BadRequest
from backend.core.ids import new_id
from backend.core.pagination import decode_cursor, encode_cursor, page_of
from backend.core.rowsecurity import SqlFunction, TableSecurity, fingerprint, for_lenses, function_statements, table_statements


def test_keys_are_uuid_version_7_of_this_moment_and_never_repeat() -> None:
    before = datetime.now(UTC)
    keys = [new_id() for _ in range(2000)]
    assert {(key.version, key.variant) for key in keys} == {(7, "specified in RFC 4122")}
    assert len(set(keys)) == 2000
    stamps = [key.int >> 80 for key in keys]
    assert stamps == sorted(stamps)
    assert abs(stamps[0] / 1000 - before.timestamp()) < 60


@pytest.mark.parametrize(
    ("said", "meant"),
    [("48h", timedelta(hours=48)), ("2d6h", timedelta(days=2, hours=6)), ("-30m", timedelta(minutes=-30)), (" 90s ", timedelta(seconds=90)), ("0h", timedelta()),
     ("-1d12h", timedelta(days=-1, hours=-12))],
)  # fmt: skip
def test_durations_are_read(said: str, meant: timedelta) -> None:
    assert clock.parse_offset(said) == meant


@pytest.mark.parametrize("wrong", ["", "-", "48", "h", "4.5h", "1w", "48h ago", "--1h", "+1h", "9" * 30 + "d"])
def test_what_is_no_duration_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a duration|calendar"):
        clock.parse_offset(wrong)


def test_the_clock_s_shift_is_kept_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    assert clock.read_offset(None) == clock.read_offset(path) == timedelta()
    clock.write_offset(path, timedelta(hours=-48, seconds=0.5))
    assert clock.read_offset(path) == timedelta(hours=-48, seconds=0.5)
    assert [file.name for file in tmp_path.iterdir()] == ["clock"]


GOOD = "f3a9c1d27b608e45" * 4


def settings(**fields: Any) -> Settings:
    return Settings(_env_file=None, **({"environment": "production", "jwt_secret": GOOD} | fields))


def test_production_starts_on_a_good_secret() -> None:
    assert settings().jwt_key() == GOOD


@pytest.mark.parametrize(
    "secret", ["", "changeme", GOOD[:31], "a" * 64, "ab" * 32, "changeme" * 8, "My-Secret-" * 5, "password1234567890qwertyuiopasdfg"]
)
def test_production_refuses_a_guessable_secret(secret: str) -> None:
    with pytest.raises(ValidationError, match="CHENGDAN_JWT_SECRET"):
        settings(jwt_secret=secret)


@pytest.mark.parametrize("switch", [{"clock_file": "/tmp/clock"}, {"pause": "relay.lead.received.claimed"}])
def test_production_refuses_development_switches(switch: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="development"):
        settings(**switch)
    settings(environment="demo", **switch)


def test_settings_never_show_their_secrets() -> None:
    shown = repr(settings(app_db_password="hush-hush", DATABASE_URL="postgresql://u:hush-hush@h/d"))
    assert "hush" not in shown
    assert GOOD not in shown


def test_a_missing_setting_says_what_sets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(RuntimeError, match="DATABASE_URL"):
        settings().owner_url()


AWARE = st.datetimes(
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]), min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)
)


@given(AWARE, st.uuids(), st.integers(-(2**63) + 1, 2**63 - 1), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_cursor_gives_back_what_went_in(moment: datetime, key: UUID, number: int, name: str) -> None:
    cursor = encode_cursor((moment, key, number, name), ("list", 1))
    assert decode_cursor(cursor, (datetime, UUID, int, str), ("list", 1)) == (moment, key, number, name)


@pytest.mark.parametrize(
    ("value", "kind"),
    [("0001-01-01T00:00:00+14:00", datetime), ("9999-12-31T23:00:00-10:00", datetime), ("2026-03-10T10:00:00", datetime), ("x", datetime),
     ("9" * 20, int), ("1.5", int), ("x", int), ("x", UUID), ("a\0b", str), ("\ud800", str)],
)  # fmt: skip
def test_a_cursor_with_a_value_that_no_list_gave_is_refused(value: str, kind: type) -> None:
    with pytest.raises(BadRequest):
        decode_cursor(encode_cursor([value]), (kind,))


@given(st.text(max_size=80))
def test_no_text_makes_a_cursor_fail_otherwise(text: str) -> None:
    with pytest.raises(BadRequest):
        decode_cursor(text, (str, UUID))


def test_a_page_is_cut_and_its_cursor_names_the_last_row() -> None:
    key = uuid4()
    items, following = page_of([("a", uuid4()), ("b", key), ("c", uuid4())], 2, lambda row: row)
    assert len(items) == 2
    assert decode_cursor(following, (str, UUID)) == ("b", key)
    assert page_of([("a", key)], 2, lambda row: row)[1] is None
    assert page_of([], 2, lambda row: row) == ([], None)


def test_what_is_not_named_is_not_granted() -> None:
    statements = table_statements(TableSecurity("thing", select=for_lenses([Lens.OWN, Lens.REGION], "owner_id = 1"), system="select"))
    granted = [statement for statement in statements if statement.startswith("grant")]
    assert granted == ['grant select on "thing" to cd_own', 'grant select on "thing" to cd_region', 'grant select on "thing" to cd_system']
    assert 'alter table "thing" enable row level security' in statements
    assert any(statement.startswith('revoke all on "thing" from public') for statement in statements)
    assert [" after update or delete on " in one for one in statements if "create trigger audit_row" in one] == [True]
    assert [" after insert on " in one for one in statements if "create trigger audit_made" in one] == [True]


def test_an_insert_rule_checks_what_is_written() -> None:
    (policy,) = [
        text for text in table_statements(TableSecurity("thing", insert={Lens.OWN: "x"}, system="")) if text.startswith("create policy")
    ]
    assert policy == 'create policy insert_cd_own on "thing" for insert to cd_own with check (x)'


def test_a_table_without_audit_says_why_and_a_business_table_is_never_deleted_from() -> None:
    with pytest.raises(ValueError, match="unaudited_because"):
        TableSecurity("thing", audited=False)
    with pytest.raises(ValueError, match="nobody deletes"):
        TableSecurity("thing", delete={Lens.SYSTEM: "true"})


def test_a_function_is_taken_from_the_public_before_it_is_given_to_anybody() -> None:
    function = SqlFunction("f()", "create or replace function f()", ("cd_own",))
    made, revoked, granted = function_statements(function)
    assert (made, granted) == ("create or replace function f()", "grant execute on function f() to cd_own")
    assert revoked.startswith("revoke all on function f() from public, chengdan_app")


def test_the_fingerprint_changes_with_any_rule() -> None:
    function, table = SqlFunction("f()", "x", ()), TableSecurity("thing", select={Lens.OWN: "a"})
    whole = fingerprint([function], [table])
    assert whole == fingerprint([function], [table])
    assert whole != fingerprint([function], [TableSecurity("thing", select={Lens.OWN: "b"})])
    assert whole != fingerprint([SqlFunction("f()", "y", ())], [table])
