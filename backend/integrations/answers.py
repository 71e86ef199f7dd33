"""What a system outside says to a message, whatever it speaks (pure)."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What to do next with a message."""

    OK = "ok"
    RETRY = "retry"
    THROTTLED = "throttled"
    PERMANENT = "permanent"


@dataclass(frozen=True)
class Answer:
    """An answer, read. `is_configuration`: no message can pass until somebody repairs the way out. `is_about_message`: the way is fine, it is
    this message or its reader that was not taken.
    """

    outcome: Outcome
    code: int | None
    message: str
    wait_seconds: int = 0
    is_configuration: bool = False
    is_about_message: bool = False
