"""Both READMEs promise the same, and name proofs that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| \*\*([A-Z]+-\d+)\*\* .*? \| (\S+) \| .* \| (.+) \|$", re.MULTILINE)
STATES = {"完成": "done", "部分": "partly"}


def promised(name: str) -> dict[str, tuple[str, list[str]]]:
    """State and tests of each requirement in the table."""
    rows = ROW.findall((ROOT / name).read_text())
    return {number: (STATES.get(state, state), re.findall(r"`(.+?)`", tests)) for number, state, tests in rows}


def test_both_languages_promise_the_same_with_the_same_tests() -> None:
    chinese, english = promised("README.md"), promised("README.en.md")
    assert len(chinese) >= 20
    assert chinese == english


def test_every_named_test_exists() -> None:
    assert [test for _, tests in promised("README.md").values() for test in tests if not (ROOT / test).is_file()] == []
