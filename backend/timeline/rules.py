"""What a real follow-up is: one of these kinds with one of these outcomes; opening or editing a lead is none (pure)."""

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
