"""Every code that the API sends has words on the screens: nobody reads an English detail, or the code itself, on a Chinese screen."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import schema, subscriptions
from backend.core import errors, outbox
from backend.identity.rules import PERMISSIONS

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
            if (name in PROBLEMS or name in {"field_error", "invalid"}) and len(node.args) > place:
                code = node.args[place]
                if isinstance(code, ast.Constant):
                    yield block, str(code.value)


def said(file: str, *path: str, language: str = "zh-CN") -> set[str]:
    """The keys of a block of the copy, named from the outside in."""
    text = (ROOT / f"frontend/src/i18n/{language}/{file}.ts").read_text()
    for name in path:
        found = re.search(rf"^( +){name}: {{\n(.*?)^\1}}", text, re.MULTILINE | re.DOTALL)
        assert found, f"no {name} in {file}"
        text = found[2]
    inner = re.match(" +", text)
    assert inner
    return set(re.findall(rf"^{inner[0]}'?([\w.]+)'?: ", text, re.MULTILINE))


def test_a_planted_code_is_found() -> None:
    planted = "raise Refused('one', 'x')\nfield_error('#/a', 'x', 'two')\nraise errors.Invalid('three')\nraise invalid('#/b', 'x', 'five')\nother('four')"
    assert set(raised(ast.parse(planted))) == {("problem", "one"), ("field", "two"), ("problem", "three"), ("field", "five")}


PROBLEM_FILES = ("problems", "fileProblems", "recordProblems", "settingsProblems")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_code_has_copy(language: str) -> None:
    paths = {str(path.relative_to(ROOT / "backend")): path for path in (ROOT / "backend").rglob("*.py")}
    assert set(NO_SCREEN) <= set(paths)
    codes = {found for name, path in paths.items() if name not in NO_SCREEN for found in raised(ast.parse(path.read_text()))}
    assert len(codes) > 60
    problems = [said(file, "problem", language=language) for file in PROBLEM_FILES]
    words = {"problem": set().union(*problems), "field": said("fieldProblems", "field", language=language)}
    assert len(words["problem"]) == sum(map(len, problems)), "each code is said in one file"
    assert {code for code in codes if code[1] not in words[code[0]]} == set()


def test_every_permission_and_every_event_that_can_fail_has_a_name() -> None:
    """English has the same keys as Chinese; the frontend's own test sees to that."""
    assert said("admin", "roles", "permissions") == set(PERMISSIONS)
    modules = {module.__name__ for module in subscriptions.HANDLERS}
    handled = {kind for kind, handlers in outbox.HANDLERS.items() if {name.rpartition(".")[0] for name in handlers} & modules}
    assert said("operations", "deadEvents", "kinds") == handled


def test_every_field_of_a_history_has_a_name() -> None:
    sheets = "\n".join(path.read_text() for path in (ROOT / "frontend/src").rglob("*.tsx"))
    tables = {
        name for named in re.findall(r"^const TABLES = \[(.+)\] as const$", sheets, re.MULTILINE) for name in re.findall(r"'(\w+)'", named)
    }
    assert {"form", "role_permission", "channel_secret", "pool_rule"} <= tables
    quiet = set(
        re.findall(r"'(\w+)'", re.findall(r"QUIET = new Set\((.+)\)", (ROOT / "frontend/src/components/changeLines.ts").read_text())[0])
    )
    columns = {column.name for table in tables for column in schema.metadata.tables[table].columns}
    assert columns - quiet - said("admin", "changes", "fields") == set()
