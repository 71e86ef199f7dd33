"""What is logged with a customer, and what of it counts: follow-ups, effective visits, deep contacts (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LOGGED_LATE = timedelta(days=30)
"""How long ago something may have happened that is logged now."""
SKEW = timedelta(minutes=1)
"""How far the clock of a phone may run ahead of ours."""
DEEP_MINUTES = 15
MOST_FILES = 10
"""How many files one entry has at most."""


class FollowUpKind(StrEnum):
    """What a real follow-up is; opening or editing a record is none."""

    CALL = "call"
    VISIT = "visit"
    MEETING = "meeting"
    MESSAGE = "message"
    EMAIL = "email"


NOTE = "note"
"""What somebody wants to remember; no follow-up."""
CORRECTABLE = frozenset({*(kind.value for kind in FollowUpKind), NOTE})


class Outcome(StrEnum):
    REACHED = "reached"
    INTERESTED = "interested"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    NOT_INTERESTED = "not_interested"
    CALLBACK = "callback"


SPOKEN = frozenset({Outcome.REACHED, Outcome.INTERESTED, Outcome.NOT_INTERESTED, Outcome.CALLBACK})
"""Outcomes of having talked with somebody."""


class Direction(StrEnum):
    """Who called whom."""

    OUT = "out"
    IN = "in"


class VisitPart(StrEnum):
    """What an effective visit 有效拜访 has, in the order of the form."""

    PLACE = "place"
    DATE = "date"
    CHAIN_CONTACT = "chain_contact"
    SAID = "said"
    NEXT_STEP = "next_step"


@dataclass(frozen=True)
class Visit:
    """What decides about a visit; `chain_contacts` counts those who took part and have a say in the purchase."""

    place: str
    at: datetime | None
    chain_contacts: int
    said: str
    next_step: str


def missing_parts(visit: Visit) -> list[VisitPart]:
    """What a visit still lacks to be effective."""
    there = {
        VisitPart.PLACE: bool(visit.place.strip()),
        VisitPart.DATE: visit.at is not None,
        VisitPart.CHAIN_CONTACT: visit.chain_contacts > 0,
        VisitPart.SAID: bool(visit.said.strip()),
        VisitPart.NEXT_STEP: bool(visit.next_step.strip()),
    }
    return [part for part, is_there in there.items() if not is_there]


def is_effective(visit: Visit) -> bool:
    return not missing_parts(visit)


def is_deep(kind: FollowUpKind, outcome: Outcome, minutes: int | None, *, is_effective_visit: bool) -> bool:
    """Deep contact: an effective visit, or a call or meeting of 15 minutes or more in which somebody was spoken to."""
    if kind is FollowUpKind.VISIT:
        return is_effective_visit
    return kind in (FollowUpKind.CALL, FollowUpKind.MEETING) and outcome in SPOKEN and (minutes or 0) >= DEEP_MINUTES


class WrongMoment(StrEnum):
    """Why something cannot have happened then."""

    AHEAD = "in_the_future"
    TOO_LONG_AGO = "too_long_ago"


def wrong_moment(at: datetime, now: datetime) -> WrongMoment | None:
    """What is logged has happened, within the last 30 days."""
    if at > now + SKEW:
        return WrongMoment.AHEAD
    return WrongMoment.TOO_LONG_AGO if at < now - LOGGED_LATE else None
