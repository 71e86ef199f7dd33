"""The small commands: what they say, and how they fail."""

from pathlib import Path

import pytest

from tests.ops.conftest import chengdan


def test_help_explains_every_command() -> None:
    text = chengdan("--help").stdout
    for word in ("up", "api", "worker", "migrate", "seed", "openapi", "backup", "restore", "doctor", "clock", "admin", "audit"):
        assert f"\n    {word} " in text


def test_the_clock_of_a_demo_is_moved_shown_and_reset(tmp_path: Path) -> None:
    home = {"CHENGDAN_DATA_DIR": str(tmp_path / "data")}
    assert "moved by 2 days, 0:00:00" in chengdan("clock", "advance", "48h", **home).stdout
    assert "moved by 2 days, 6:30:00" in chengdan("clock", "advance", "6h30m", **home).stdout
    assert "moved by 2 days, 6:30:00" in chengdan("clock", "show", **home).stdout
    assert "moved by 0:00:00" in chengdan("clock", "reset", **home).stdout


def test_a_duration_that_is_none_is_explained(tmp_path: Path) -> None:
    done = chengdan("clock", "advance", "two days", CHENGDAN_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 2
    assert "write for example 48h" in done.stderr


def test_production_needs_a_key_and_no_secret_is_printed(tmp_path: Path) -> None:
    settings = {"CHENGDAN_DATA_DIR": str(tmp_path / "data"), "CHENGDAN_ENVIRONMENT": "production"}
    done = chengdan("up", CHENGDAN_JWT_SECRET="abc-short-xyz", **settings)
    assert done.returncode == 1
    assert "CHENGDAN_JWT_SECRET must be at least 32" in done.stderr
    assert "abc-short-xyz" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("word", ["api", "worker"])
def test_a_process_without_servers_names_the_remedy(tmp_path: Path, word: str) -> None:
    done = chengdan(word, CHENGDAN_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 1
    assert "Start `chengdan up`, or set DATABASE_URL" in done.stderr


def test_doctor_finds_what_is_there_and_what_is_missing(tmp_path: Path) -> None:
    done = chengdan("doctor", CHENGDAN_DATA_DIR=str(tmp_path / "data"), REDIS_URL="redis://:secret@127.0.0.1:1/0")
    assert done.returncode == 1
    assert "ok   embedded PostgreSQL" in done.stdout
    assert "BAD  [Errno 111] Connection refused" in done.stdout
    assert "secret" not in done.stdout
