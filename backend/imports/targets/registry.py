"""The registers that files can fill and lists can leave."""

from collections.abc import Iterable

from backend.core.errors import NotFound
from backend.imports.targets import customer_list, customers, lead_list, leads, opportunity_list, products
from backend.imports.targets.base import Target
from backend.imports.targets.leaving import Leaving

TARGETS: dict[str, Target] = {target.key: target for target in (leads.TARGET, customers.TARGET, products.TARGET)}


LEAVING: dict[str, Leaving] = {"leads": lead_list.LEAVING, "customers": customer_list.LEAVING, "opportunities": opportunity_list.LEAVING}


def target_named(key: str) -> Target:
    """404 for a register that no file fills."""
    if key not in TARGETS:
        raise _unknown(key, TARGETS)
    return TARGETS[key]


def list_named(key: str) -> Leaving:
    """404 for a list that does not leave."""
    if key not in LEAVING:
        raise _unknown(key, LEAVING)
    return LEAVING[key]


def _unknown(key: str, known: Iterable[str]) -> NotFound:
    return NotFound("unknown_target", f"There is no such register as {key!r}; known are {', '.join(known)}.")
