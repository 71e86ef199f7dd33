"""What a file may be, how a run goes, and who decides on an export (LEAD-8; pure)."""

from datetime import datetime, timedelta
from enum import StrEnum

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELLS = 5_000_000
MAX_CELL_TEXT = 10_000
MAX_UNPACKED = 600 * 1024 * 1024
MAX_RATIO = 150
RATIO_COUNTS_FROM = 20 * 1024 * 1024
MAX_MEMBERS = 5000
BATCH = 1000
LEASE = timedelta(seconds=15)
UNDO_WITHIN = timedelta(days=30)
KEEP_MATERIAL = timedelta(days=31)
"""Uploaded files and their rows stay a little longer than undo may need them."""

EXPORT_ROWS_AT_ONCE = 1000
"""Smaller exports are made while their person waits."""
EXPORT_APPROVAL_ABOVE = 2000
MAX_EXPORT_ROWS = 100_000
EXPORT_KEPT = timedelta(days=3)


class Refusal(StrEnum):
    """Why a file cannot be read; each has a remedy in words."""

    EMPTY_FILE = "empty_file"
    TOO_LARGE = "file_too_large"
    UNKNOWN_FORMAT = "unknown_format"
    DISGUISED = "disguised_file"
    MACROS = "macro_workbook"
    ENCRYPTED = "encrypted_workbook"
    ZIP_BOMB = "unpacks_too_large"
    BROKEN = "broken_file"
    NO_ROWS = "no_rows"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_CELLS = "too_many_cells"
    UNKNOWN_ENCODING = "unknown_encoding"


class Unreadable(Exception):
    """The file is refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class RunState(StrEnum):
    """`reading`, `checking`, `running` and `undoing` are the worker's turn; in the others a person decides or all is over."""

    READING = "reading"
    UNREADABLE = "unreadable"
    MAPPING = "mapping"
    CHECKING = "checking"
    READY = "ready"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"


WORKING = (RunState.READING, RunState.CHECKING, RunState.RUNNING, RunState.UNDOING)
HOLDS_FILE = (RunState.RUNNING, RunState.STOPPED, RunState.DONE, RunState.UNDOING)
"""A run in one of these keeps the same file with the same settings from being imported again."""


class Step(StrEnum):
    """What a person does with a run."""

    SET = "set"
    START = "start"
    STOP = "stop"
    RESUME = "resume"
    UNDO = "undo"
    DISCARD = "discard"


STEPS: dict[Step, tuple[frozenset[RunState], RunState]] = {
    Step.SET: (frozenset({RunState.MAPPING, RunState.READY}), RunState.CHECKING),
    Step.START: (frozenset({RunState.READY}), RunState.RUNNING),
    Step.STOP: (frozenset({RunState.RUNNING}), RunState.STOPPED),
    Step.RESUME: (frozenset({RunState.STOPPED}), RunState.RUNNING),
    Step.UNDO: (frozenset({RunState.DONE, RunState.STOPPED}), RunState.UNDOING),
    Step.DISCARD: (frozenset({RunState.MAPPING, RunState.READY, RunState.CHECKING, RunState.READING}), RunState.DISCARDED),
}


def steps_for(state: RunState, finished_at: datetime | None, now: datetime) -> list[Step]:
    """What may be done with a run now; the API refuses all else."""
    open_steps = [step for step, (sources, _) in STEPS.items() if state in sources]
    is_late = state is RunState.DONE and finished_at is not None and finished_at <= now - UNDO_WITHIN
    return [step for step in open_steps if not (step is Step.UNDO and is_late)]


class RowState(StrEnum):
    """`staged` is read; `ready`, `problem` and `duplicate` are checked; the others are what became of the row (`joined`: one more
    contact of a record that an earlier row has made).
    """

    STAGED = "staged"
    READY = "ready"
    PROBLEM = "problem"
    DUPLICATE = "duplicate"
    CREATED = "created"
    JOINED = "joined"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    UNDONE = "undone"


OPEN_ROWS = (RowState.READY,)
REPORTED = (RowState.PROBLEM, RowState.DUPLICATE)


class Mode(StrEnum):
    """`create` makes new records; `update` changes those that exist and makes the others when asked."""

    CREATE = "create"
    UPDATE = "update"


class Overwrite(StrEnum):
    EMPTY = "empty"
    ALL = "all"


class OnDuplicate(StrEnum):
    SKIP = "skip"
    CREATE = "create"


class Assignment(StrEnum):
    """Who gets what is new: the owner that the file names, the importer, whom the rules choose, or nobody."""

    KEEP = "keep"
    ME = "me"
    ROUTE = "route"
    POOL = "pool"


class ExportState(StrEnum):
    WAITING = "waiting"
    REJECTED = "rejected"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


class ExportFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


def needs_approval(rows: int, above: int) -> bool:
    """More rows than the setting says leave the house only with a second pair of eyes."""
    return rows > above


def may_decide(*, is_own: bool, supervises: bool, is_administrator: bool, may_approve: bool) -> bool:
    """The requester's direct supervisor or an administrator; nobody decides on their own."""
    return may_approve and not is_own and (supervises or is_administrator)
