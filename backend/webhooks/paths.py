"""The path language of form mappings: `a.b`, `a[0].b`, `list[name=公司].value` (pure)."""

import re
from functools import lru_cache
from typing import Any

SEGMENT = re.compile(r"(?P<name>[^.\[\]]+)(?P<selectors>(\[[^\[\]]*\])*)(\.|$)")
SELECTOR = re.compile(r"\[([^\[\]]*)\]")

Step = tuple[str, str | int, str]


@lru_cache(maxsize=4096)
def compile_path(path: str) -> tuple[Step, ...]:
    """Steps of a path: ("member", name, ""), ("index", 0, "") or ("where", key, value). ValueError names the fault."""
    steps: list[Step] = []
    place = 0
    while place < len(path):
        found = SEGMENT.match(path, place)
        if found is None:
            raise ValueError(f"{path!r} is not a path; write for example a.b, a[0].b or list[name=公司].value")
        steps.append(("member", found["name"], ""))
        steps += [_selector(text) for text in SELECTOR.findall(found["selectors"])]
        place = found.end()
    if not steps or path.endswith("."):
        raise ValueError(f"{path!r} is not a path")
    return tuple(steps)


def _selector(text: str) -> Step:
    key, equals, value = text.partition("=")
    if equals:
        return ("where", key, value)
    return ("index", int(text), "") if text.isascii() and text.isdigit() and len(text) < 6 else ("member", text, "")


def find(members: dict[str, Any], path: str) -> Any:
    """The value at a path, None when there is none; a member whose very name is the path wins."""
    if path in members:
        return members[path]
    current: Any = members
    for kind, key, value in compile_path(path):
        current = _step(current, kind, key, value)
        if current is None:
            return None
    return current


def _step(current: Any, kind: str, key: str | int, value: str) -> Any:
    if kind == "where":
        items = current.values() if isinstance(current, dict) else current if isinstance(current, list) else ()
        return next((item for item in items if isinstance(item, dict) and str(item.get(str(key))) == value), None)
    if isinstance(current, dict):
        return current.get(str(key))
    if isinstance(current, list) and isinstance(key, int) and key < len(current):
        return current[key]
    return None


def top_member(path: str, members: dict[str, Any]) -> str:
    """The member of the body that a path reads from."""
    return path if path in members else str(compile_path(path)[0][1])
