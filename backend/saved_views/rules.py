"""What a saved view is: a list's filter, sort and columns under a name (VIEW-6; pure)."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

MOST_VIEWS = 50
"""Of one person on one subject."""
MOST_COLUMNS = 30


class Sharing(StrEnum):
    """Who finds a view in the list: its owner, the owner's region, the company."""

    OWN = "own"
    REGION = "region"
    COMPANY = "company"


Check = Callable[[dict[str, Any]], dict[str, Any]]
SUBJECTS: dict[str, Check] = {}


def register(subject: str, check: Check) -> None:
    """A module that has a list says what a view of it may hold; `check` answers the settings as they are kept or raises ValueError."""
    SUBJECTS[subject] = check
