"""Every code that the API raises has words on the screens: nobody reads an English detail on a Chinese screen."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.core import errors

ROOT = Path(__file__).resolve().parents[1]
PROBLEMS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.Problem)}
NO_SCREEN = {
    "identity/rescue.py": "commands of the operator",
    "identity/commands.py": "commands of the operator",
    "migrate.py": "commands of the operator",
    "core/health.py": "machines that watch",
    "webhooks/intake.py": "websites that send",
}


def raised(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """`problem` or `field`, with a code that is written out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            block, place = ("problem", 0) if name in PROBLEMS else ("field", 2)
            if (name in PROBLEMS or name == "field_error") and len(node.args) > place:
                code = node.args[place]
                if isinstance(code, ast.Constant):
                    yield block, str(code.value)


def said(language: str, block: str) -> set[str]:
    copy = (ROOT / f"frontend/src/i18n/{language}/problems.ts").read_text()
    start = copy.index(f"\n  {block}: {{")
    return set(re.findall(r"^    (\w+): ", copy[start : copy.index("\n  },", start)], re.MULTILINE))


def test_a_planted_code_is_found() -> None:
    planted = "raise Refused('one', 'x')\nfield_error('#/a', 'x', 'two')\nraise errors.Invalid('three')\nother('four')"
    assert set(raised(ast.parse(planted))) == {("problem", "one"), ("field", "two"), ("problem", "three")}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_code_has_copy(language: str) -> None:
    paths = {str(path.relative_to(ROOT / "backend")): path for path in (ROOT / "backend").rglob("*.py")}
    assert set(NO_SCREEN) <= set(paths)
    codes = {found for name, path in paths.items() if name not in NO_SCREEN for found in raised(ast.parse(path.read_text()))}
    assert len(codes) > 60
    words = {block: said(language, block) for block in ("problem", "field")}
    assert {code for code in codes if code[1] not in words[code[0]]} == set()
