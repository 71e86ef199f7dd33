"""What an e-mail is to a record, and what may be done with it (FLOW-6; pure)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SORTS = "email.sort"
SUBJECT = "email"
MOST_RECIPIENTS = 20
MOST_FILES = 20
MOST_ATTACHED_BYTES = 20 * 1024 * 1024
"""Of one letter; many servers refuse more, once it is written in text."""
MOST_OF_THREAD = 100
MOST_THREADS = 20
"""So many conversations one letter can speak of."""
LOOP_WITHIN = timedelta(minutes=120)
LOOP_MOST = 20
"""More letters of one sender in that time are a machine that answers machines."""
TOKEN = re.compile(r"[a-z2-7]{16}")


class EmailDirection(StrEnum):
    IN = "in"
    OUT = "out"


class EmailState(StrEnum):
    """`pending`, `sent` and `failed` are letters of ours; the others came in: `filed` with a record, waiting in the tray (`sorting`), put aside
    by a person (`discarded`) or told to be a machine's (`automatic`).
    """

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    FILED = "filed"
    SORTING = "sorting"
    DISCARDED = "discarded"
    AUTOMATIC = "automatic"


class EmailReason(StrEnum):
    """Why an e-mail lies where it lies, or was not delivered."""

    BY_ADDRESS = "by_address"
    BY_THREAD = "by_thread"
    BY_CONTACT = "by_contact"
    BY_LEAD = "by_lead"
    BY_PERSON = "by_person"
    UNKNOWN_SENDER = "unknown_sender"
    STRANGER_IN_THREAD = "stranger_in_thread"
    SEVERAL_CUSTOMERS = "several_customers"
    SEVERAL_LEADS = "several_leads"
    ONLY_COLLEAGUES = "only_colleagues"
    NOT_OWN_ADDRESS = "not_own_address"
    NOT_AUTHENTIC = "not_authentic"
    TAKEN_OUT = "taken_out"
    DISCARDED = "discarded"
    MACHINE = "machine"
    BOUNCE = "bounce"
    TOO_MANY = "too_many"
    REFUSED = "refused"
    PARTLY_REFUSED = "partly_refused"
    GAVE_UP = "gave_up"
    BOUNCED = "bounced"
    UNWRITABLE = "unwritable"


class EmailAction(StrEnum):
    REPLY = "reply"
    RETRY = "retry"
    FILE = "file"
    DISCARD = "discard"
    RESTORE = "restore"


class TrayView(StrEnum):
    """What a sorter looks at."""

    SORTING = "sorting"
    AUTOMATIC = "automatic"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class Standing:
    """How somebody stands to an e-mail: whether they may write on its record, sort the tray, or had it sent to their own address."""

    writes: bool
    sorts: bool
    is_own: bool


def actions_for(standing: Standing, state: EmailState, *, has_record: bool) -> frozenset[EmailAction]:
    """What this person may do with an e-mail in this state."""
    sorts = standing.sorts or standing.is_own
    found: set[EmailAction] = set()
    if has_record and standing.writes and state in (EmailState.SENT, EmailState.FILED, EmailState.FAILED):
        found.add(EmailAction.REPLY)
    if state is EmailState.FAILED and standing.writes:
        found.add(EmailAction.RETRY)
    if state in (EmailState.SORTING, EmailState.AUTOMATIC) and sorts:
        found.add(EmailAction.FILE)
    if state is EmailState.FILED and (sorts or standing.writes):
        found.add(EmailAction.FILE)
    if state is EmailState.SORTING and sorts:
        found.add(EmailAction.DISCARD)
    if state in (EmailState.DISCARDED, EmailState.FILED) and sorts:
        found.add(EmailAction.RESTORE)
    return frozenset(found)


def tagged(dropbox: str, token: str) -> str:
    """`log@in.example.com` for one token: `log+token@in.example.com`."""
    local, _, domain = dropbox.partition("@")
    return f"{local}+{token}@{domain}"


def is_dropbox(address: str, dropbox: str) -> bool:
    """Whether it is our drop-box, with or without a token."""
    return token_of(address, dropbox) is not None


def token_of(address: str, dropbox: str) -> str | None:
    """What stands after the plus sign, in lower case; empty where nothing does, None where it is another address."""
    local, _, domain = address.strip().lower().rpartition("@")
    own, _, own_domain = dropbox.lower().rpartition("@")
    if not own or domain != own_domain:
        return None
    name, plus, token = local.partition("+")
    return token if name == own and (plus or not token) else None


def tokens_of(addresses: Iterable[str], dropbox: str) -> list[str]:
    """The tokens among these addresses that could be ours, in their order, each once."""
    found = [token_of(address, dropbox) for address in addresses]
    return list(dict.fromkeys(token for token in found if token and TOKEN.fullmatch(token)))


def chain(references: Iterable[str], parent: str | None) -> list[str]:
    """`References` of an answer: the ancestors, oldest first, the parent last; of very long ones the oldest and the newest."""
    found = list(dict.fromkeys([*references, *([parent] if parent else [])]))
    return found if len(found) <= MOST_REFERENCES else [found[0], *found[-(MOST_REFERENCES - 1) :]]


MOST_REFERENCES = 50


def is_loop(earlier: int) -> bool:
    """Whether one more letter of a sender is too many within `LOOP_WITHIN`."""
    return earlier >= LOOP_MOST


def left_of(limit: int, sent: int) -> int:
    return max(0, limit - sent)


def counted_since(now: datetime) -> datetime:
    return now - LOOP_WITHIN
