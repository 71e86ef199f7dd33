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
    examined = chengdan("doctor", CHENGDAN_JWT_SECRET="abc-short-xyz", **settings)
    assert (examined.returncode, examined.stdout, "at least 32" in examined.stderr, "abc-short-xyz" in examined.stderr) == (
        1,
        "",
        True,
        False,
    )


@pytest.mark.parametrize("word", ["api", "worker"])
def test_a_process_without_servers_names_the_remedy(tmp_path: Path, word: str) -> None:
    done = chengdan(word, CHENGDAN_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 1
    assert "Start `chengdan up`, or set DATABASE_URL" in done.stderr


@pytest.mark.parametrize(
    ("words", "url", "said"),
    [
        (("migrate",), "postgresql://x:s3cret-word@127.0.0.1:1/x", "The database did not do this ([Errno 111] Connect call failed"),
        (("audit", "verify"), "postgresql://x:s3cret-word@127.0.0.1:1/x", "Check DATABASE_URL and the passwords"),
        (("seed",), "mysql://x:s3cret-word@127.0.0.1/x", "DATABASE_URL Value error, must look like postgresql://user:password@host"),
        (("doctor",), "s3cret-word", "DATABASE_URL Value error, must look like"),
    ],
)
def test_a_database_out_of_reach_is_one_sentence(tmp_path: Path, words: tuple[str, ...], url: str, said: str) -> None:
    done = chengdan(*words, CHENGDAN_DATA_DIR=str(tmp_path / "data"), DATABASE_URL=url)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert said in done.stderr
    assert "s3cret-word" not in done.stderr


@pytest.mark.parametrize("port", ["0", "65535", "abc"])
def test_a_port_that_is_none_is_said(tmp_path: Path, port: str) -> None:
    done = chengdan("up", CHENGDAN_DATA_DIR=str(tmp_path / "data"), PORT=port)
    assert (done.returncode, done.stderr.startswith("chengdan: PORT Input should be "), done.stderr.count("\n")) == (1, True, 1)


def test_doctor_finds_what_is_there_and_what_is_missing(tmp_path: Path) -> None:
    done = chengdan("doctor", CHENGDAN_DATA_DIR=str(tmp_path / "data"), REDIS_URL="redis://:secret@127.0.0.1:1/0")
    assert done.returncode == 1
    assert "ok   embedded PostgreSQL" in done.stdout
    assert "BAD  [Errno 111] Connection refused" in done.stdout
    assert "secret" not in done.stdout
    away = chengdan("doctor", CHENGDAN_DATA_DIR=str(tmp_path / "data"), DATABASE_URL="postgresql://x:s3cret-word@127.0.0.1:1/x")
    assert away.returncode == 1
    assert "BAD  PostgreSQL at 127.0.0.1:1: [Errno 111]" in away.stdout
    assert "s3cret-word" not in away.stdout
