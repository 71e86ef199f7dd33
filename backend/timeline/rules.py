"""What a real follow-up is (pure)."""

from enum import StrEnum


class FollowUpKind(StrEnum):
    CALL = "call"
    VISIT = "visit"
    MEETING = "meeting"
    MESSAGE = "message"
    EMAIL = "email"


class Outcome(StrEnum):
    REACHED = "reached"
    INTERESTED = "interested"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    NOT_INTERESTED = "not_interested"
    CALLBACK = "callback"


def is_follow_up(kind: str, outcome: str | None) -> bool:
    """A logged call, visit, meeting, message or e-mail with an outcome; opening or editing a lead is none."""
    return kind in set(FollowUpKind) and outcome in set(Outcome)
