"""The registers that files can fill and lists can leave."""

from backend.core.errors import NotFound
from backend.imports.targets import leads
from backend.imports.targets.base import Target

TARGETS: dict[str, Target] = {target.key: target for target in (leads.TARGET,)}


def target_named(key: str) -> Target:
    """404 for a register that there is not."""
    if key not in TARGETS:
        raise NotFound("unknown_target", f"There is no such register; known are {', '.join(TARGETS)}.")
    return TARGETS[key]
