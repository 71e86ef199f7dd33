"""First-contact scripts 首次联系话术: which one fits, and its text for one lead (pure)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

VARIABLE = re.compile(r"\{([a-z_]{1,40})\}")
GAP = "____"
VARIABLES = ("company", "contact", "rep", "product", "need", "city", "source", "campaign")


@dataclass(frozen=True)
class Script:
    id: UUID
    title: str
    body: str
    source: str | None
    product_line: str | None
    sort: int


def unknown_variables(body: str) -> list[str]:
    """Variables that no lead can fill."""
    return [name for name in dict.fromkeys(VARIABLE.findall(body)) if name not in VARIABLES]


def best_script(scripts: Iterable[Script], *, source: str | None, product_line: str | None) -> Script | None:
    """The most specific that fits: source and product, then product, then source, then the general one; then by its order."""
    fitting = [one for one in scripts if one.source in (None, source) and one.product_line in (None, product_line)]
    return min(fitting, key=lambda one: (one.product_line is None, one.source is None, one.sort, one.id), default=None)


def used_values(body: str, values: Mapping[str, str | None]) -> dict[str, str | None]:
    """Those of the values that this template asks for; `render` needs no others."""
    return {name: values[name] for name in VARIABLE.findall(body) if name in values}


def render(body: str, values: Mapping[str, str | None]) -> str:
    """Fills `{company}` and the like; an unknown variable stays as it is written, a known one without a value becomes a gap to fill in.

    One pass over the template only: braces inside a value are never read as variables.
    """
    return VARIABLE.sub(lambda found: (values[found[1]] or GAP) if found[1] in values else found[0], body)
