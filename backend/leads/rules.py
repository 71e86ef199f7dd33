"""What a lead is, who gets it, and who may do what with it (LEAD-3, LEAD-5; pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID


class LeadState(StrEnum):
    """`new` has no owner yet; `assigned` waits for a first contact of its owner; `following` had one; `merged` is part of another lead;
    `converted` belongs to a customer (LEAD-7).
    """

    NEW = "new"
    ASSIGNED = "assigned"
    FOLLOWING = "following"
    DISQUALIFIED = "disqualified"
    MERGED = "merged"
    CONVERTED = "converted"


OPEN_STATES = (LeadState.ASSIGNED, LeadState.FOLLOWING)
CLOSED_STATES = (LeadState.DISQUALIFIED, LeadState.MERGED, LeadState.CONVERTED)


class ReasonCode(StrEnum):
    """Why this person: stored with every assignment and shown."""

    REGION_LEAST_LOAD = "region_least_load"
    SKILL_MATCH = "skill_match"
    REGIONAL_MANAGER = "regional_manager_no_rep_present"
    POOL_NO_REGION = "pool_no_region"
    POOL_NOBODY = "pool_nobody_present"
    MANUAL = "manual"
    OWNER_CREATES = "owner_creates"
    TAKEN_OVER = "taken_over"
    DUPLICATE = "duplicate_of_owned"
    CLAIMED = "claimed"
    IMPORTED_OWNER = "imported_owner"
    IMPORTED_POOL = "imported_pool"
    RECLAIMED = "reclaimed"


class DisqualifyReason(StrEnum):
    """Why a lead will not become business; `other` needs a note."""

    NO_NEED = "no_need"
    WRONG_NUMBER = "wrong_number"
    UNREACHABLE = "unreachable"
    NOT_OUR_PRODUCT = "not_our_product"
    PRICE = "price"
    COMPETITOR = "competitor"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    OTHER = "other"


class Action(StrEnum):
    LOG_FOLLOW_UP = "log_follow_up"
    TAKE_OVER = "take_over"
    REASSIGN = "reassign"
    MERGE = "merge"
    CLAIM = "claim"
    DISQUALIFY = "disqualify"
    REOPEN = "reopen"
    CONVERT = "convert"


SUBJECT = "lead"
DUE_RUNG = "supervisor"
REPAIR_AFTER = timedelta(seconds=5)
POOL_RETRY = timedelta(hours=1)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Candidate:
    """A rep of the lead's region, as seen under the region's lock."""

    person_id: UUID
    name: str
    open_leads: int
    last_assigned_at: datetime | None
    is_present: bool
    product_lines: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Choice:
    """Who gets the lead (nobody: the pool) and the reason that people read."""

    person_id: UUID | None
    code: ReasonCode
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def reason(self) -> dict[str, Any]:
        return {"code": self.code.value, "params": self.params}


def choose_assignee(candidates: Iterable[Candidate], *, product_line: str | None, language: str | None) -> Choice | None:
    """Present, with the skills that the lead names where somebody has them, least loaded, longest without a lead; None when nobody is present."""
    present = [candidate for candidate in candidates if candidate.is_present]
    if not present:
        return None
    fitting, skills = _with_skills(present, product_line, language)
    chosen = min(fitting, key=_turn)
    params = {"person": chosen.name, "open_leads": chosen.open_leads, "present": len(present), "skills": skills}
    return Choice(chosen.person_id, ReasonCode.SKILL_MATCH if skills else ReasonCode.REGION_LEAST_LOAD, params)


def _turn(candidate: Candidate) -> tuple[int, datetime, UUID]:
    """Fewest open leads, then longest since the last assignment (never is longest), then id."""
    return candidate.open_leads, candidate.last_assigned_at or LONG_AGO, candidate.person_id


def _with_skills(present: Sequence[Candidate], product_line: str | None, language: str | None) -> tuple[Sequence[Candidate], list[str]]:
    """Narrows by each named skill that at least one of the remaining has."""
    skills: list[str] = []
    for skill in (product_line, language):
        able = [one for one in present if skill and skill in one.product_lines | one.languages]
        if able and skill:
            present = able
            skills.append(skill)
    return present, skills


def needs_repair(
    *,
    owner_id: UUID | None,
    state: LeadState,
    region_id: UUID | None,
    received_at: datetime,
    pooled_at: datetime | None,
    reclaimed_at: datetime | None,
    now: datetime,
) -> bool:
    """Without an owner and never handled; from the pool only where a region is known, once an hour at most, and never what waits there to be claimed."""
    if owner_id is not None or state is not LeadState.NEW or reclaimed_at is not None:
        return False
    if pooled_at is None:
        return received_at <= now - REPAIR_AFTER
    return region_id is not None and pooled_at <= now - POOL_RETRY


def waits_for_owner(state: LeadState, owner_id: UUID | None, pooled_at: datetime | None, reclaimed_at: datetime | None) -> bool:
    """Nobody could be given it; what went back to the pool waits for colleagues to claim it."""
    return owner_id is None and state is LeadState.NEW and pooled_at is not None and reclaimed_at is None


def hours_without_owner(received_at: datetime, now: datetime) -> int:
    """Whole hours that nobody has been responsible, as people are told."""
    return max(0, int((now - received_at) / timedelta(hours=1)))


def waits_for_contact(state: LeadState, owner_id: UUID | None) -> bool:
    """Only such a lead climbs the ladder."""
    return state is LeadState.ASSIGNED and owner_id is not None


def ladder_bases(assigned_at: datetime, first_assigned_at: datetime, first_follow_up_at: datetime | None) -> dict[str, datetime]:
    """48 h restarts with each owner; 96 h runs from the first assignment until somebody has made contact."""
    return {"assigned": assigned_at, "first_assigned": assigned_at if first_follow_up_at else first_assigned_at}


def still_climbs(state: LeadState, owner_id: UUID | None, base_at: datetime, bases: Iterable[datetime]) -> bool:
    """A rung counts only while its owner has made no contact and its clock has not been restarted."""
    return waits_for_contact(state, owner_id) and base_at in bases


@dataclass(frozen=True)
class Standing:
    """How an actor stands to one lead."""

    permissions: frozenset[str]
    is_owner: bool = False
    is_backup: bool = False
    is_escalated_to: bool = False
    supervises_owner: bool = False
    manages_region: bool = False
    sees_company: bool = False
    claims_here: bool = False

    @property
    def leads_owner(self) -> bool:
        """May step in for the owner."""
        return self.is_escalated_to or self.supervises_owner or self.manages_region


def actions_for(standing: Standing, state: LeadState) -> list[Action]:
    """What this actor may do now; the API refuses all else."""
    is_open = state not in CLOSED_STATES
    is_above = standing.leads_owner or standing.sees_company
    works_on_it = standing.is_owner or standing.is_backup or standing.leads_owner
    allowed = {
        Action.LOG_FOLLOW_UP: is_open and state is not LeadState.NEW and works_on_it,
        Action.TAKE_OVER: is_open and standing.leads_owner and not standing.is_owner,
        Action.REASSIGN: is_open and is_above,
        Action.MERGE: is_open and may_merge(standing),
        Action.CLAIM: state is LeadState.NEW and standing.claims_here,
        Action.DISQUALIFY: is_open and (works_on_it or is_above),
        Action.REOPEN: state is LeadState.DISQUALIFIED and is_above,
        Action.CONVERT: state in OPEN_STATES and (standing.is_owner or standing.supervises_owner or standing.manages_region),
    }
    return [action for action, fits in allowed.items() if fits and PERMISSION[action] in standing.permissions]


MERGES = "record.merge"
PERMISSION = {action: f"lead.{action.value.removeprefix('log_')}" for action in Action} | {
    Action.MERGE: MERGES,
    Action.CONVERT: "customer.create",
}


def carried(survivor: Any, loser: Any) -> dict[str, Any]:
    """What an open survivor of a merge counts of the other lead's work, as new values: the firm has been called whichever lead it was noted on,
    and of two promised next steps the nearer one stands.
    """
    if survivor.state not in OPEN_STATES:
        return {}
    met = [row for row in (survivor, loser) if row.first_follow_up_at is not None]
    promised = [row for row in (survivor, loser) if row.next_step_at is not None]
    new: dict[str, Any] = {}
    if met:
        new["state"] = LeadState.FOLLOWING.value
        new["first_follow_up_at"] = min(row.first_follow_up_at for row in met)
        new["last_follow_up_at"] = max(row.last_follow_up_at for row in met)
    if promised:
        nearer = min(promised, key=lambda row: row.next_step_at)
        new |= {"next_step": nearer.next_step, "next_step_at": nearer.next_step_at}
    return {name: value for name, value in new.items() if value != getattr(survivor, name)}


def may_merge(standing: Standing) -> bool:
    """The owner's superior, the manager of the region, and administrators."""
    return MERGES in standing.permissions and (standing.leads_owner or standing.sees_company)


def reopened_state(owner_id: UUID | None, first_follow_up_at: datetime | None) -> LeadState:
    """Where a lead stands that was disqualified by mistake: with its owner as before, or in the pool."""
    if owner_id is None:
        return LeadState.NEW
    return LeadState.FOLLOWING if first_follow_up_at else LeadState.ASSIGNED


def lead_number(number: int) -> str:
    """`XS00000123`: 线索编号, as people read it to each other."""
    return f"XS{number:08d}"


def field_changes(before: Mapping[str, Any], wanted: Mapping[str, Any], *, only_empty: bool) -> dict[str, tuple[Any, Any]]:
    """What a file changes, as field -> (old, new): an empty cell changes nothing; further fields (`custom`) are merged."""
    found: dict[str, tuple[Any, Any]] = {}
    for name, old in before.items():
        new = wanted.get(name)
        if name == "custom":
            kept, added = old or {}, new or {}
            new = {**added, **kept} if only_empty else {**kept, **added}
        is_empty = old is None or old == ""
        if new not in (None, "", {}) and new != old and (not only_empty or is_empty or name == "custom"):
            found[name] = (old, new)
    return found
