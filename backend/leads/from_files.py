"""Many leads at once, as a file brings them: the same rules, evidence and events as for one, in a handful of statements."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.hot import as_json
from backend.deadlines import service as deadlines
from backend.deadlines.rules import FIRST_CONTACT
from backend.duplicates import service as duplicates
from backend.duplicates.rules import Identity
from backend.identity import batches
from backend.identity.batches import Author, Plan
from backend.leads import assignment, from_files_sql, rules
from backend.leads.events import LeadFieldsChanged, LeadImported, LeadImportUndone
from backend.leads.finding import search_columns
from backend.leads.rules import Candidate, Choice, LeadState, ReasonCode
from backend.timeline import service as timeline

Row = dict[str, Any]
Route = Callable[[Row], Choice]
SAME_FIRM = ("person", "subject_type", "subject_id", "match")
"""What a draft says of the customer that it is a duplicate of, beside `owner_id`: the lead goes to that owner (LEAD-4)."""


@dataclass(frozen=True)
class _Made:
    """Some leads as they are written."""

    rows: Sequence[Row]
    columns: str
    known_by: duplicates.Prepared


def derived(fields: Mapping[str, Any]) -> Row:
    """By what a lead with these fields is found: searches, and whoever looks for the same firm."""
    return {**_searched(fields), "known": duplicates.known(_identity(fields))}


async def create_many(session: AsyncSession, author: Author, plan: Plan, drafts: Sequence[Row], now: datetime) -> None:
    """Makes a lead of each draft (columns as JSON holds them, `id`, `received_at` and what is `derived`), with owner, evidence, ladder and event."""
    if not drafts:
        return
    region_of = await batches.region_finder(session)
    for draft in drafts:
        draft["region_id"] = region_of(draft.get("province"), draft.get("city"))
    choices = await _choose_all(session, author, plan, drafts, now)
    owners = await batches.regions_of(session, (choice.person_id for choice in choices if choice.person_id))

    def made() -> _Made:
        rows = [_columns(draft, choice, owners, author, plan, now) for draft, choice in zip(drafts, choices, strict=True)]
        known_by = duplicates.prepared([(UUID(draft["id"]), draft["known"]) for draft in drafts])
        return _Made(rows, as_json(rows), known_by)

    await _write(session, author, plan, await asyncio.to_thread(made), choices, now)


async def _write(session: AsyncSession, author: Author, plan: Plan, made: _Made, choices: Sequence[Choice], now: datetime) -> None:
    await from_files_sql.INSERT.rows(session, rows=made.columns, now=now, author=author.id)
    await duplicates.register_prepared(session, rules.SUBJECT, made.known_by, are_new=True)
    await _take_turns(session, made.rows, choices, now)
    if plan.needs_first_contact:
        owned = [UUID(row["id"]) for row in made.rows if row["owner_id"]]
        await deadlines.arm_many(session, FIRST_CONTACT, rules.SUBJECT, owned, {"assigned": now, "first_assigned": now})
    await _write_down(session, author, plan, made.rows, choices, now)
    events = [LeadImported(UUID(row["id"]), plan.run_id, choice.person_id) for row, choice in zip(made.rows, choices, strict=True)]
    await outbox.add_many(session, events, now)


def _identity(row: Mapping[str, Any]) -> Identity:
    return Identity(row.get("company"), (row.get("phone"),), (row.get("email"),))


async def _choose_all(session: AsyncSession, author: Author, plan: Plan, drafts: Sequence[Row], now: datetime) -> list[Choice]:
    """In the order of the drafts; regions are locked in the order of their ids, so that two imports cannot wait for each other crosswise."""
    needed = [draft for draft in drafts if _is_routed(plan, draft)]
    route = await _router(session, {draft["region_id"] for draft in needed if draft["region_id"]}, now)
    return [_choose(author, plan, draft, route) for draft in drafts]


def _is_routed(plan: Plan, draft: Row) -> bool:
    if draft.get("same_firm"):
        return False
    return plan.assignment == "route" or (plan.assignment == "keep" and not draft.get("owner_id"))


def _choose(author: Author, plan: Plan, draft: Row, route: Route) -> Choice:
    if draft.get("same_firm"):
        return Choice(UUID(draft["same_firm"]["owner_id"]), ReasonCode.DUPLICATE, {name: draft["same_firm"][name] for name in SAME_FIRM})
    if _is_routed(plan, draft):
        return route(draft)
    if plan.assignment == "keep":
        return Choice(UUID(draft["owner_id"]), ReasonCode.IMPORTED_OWNER, {"person": draft["owner_name"]})
    if plan.assignment == "me":
        return Choice(author.id, ReasonCode.OWNER_CREATES, {"person": author.name})
    return Choice(None, ReasonCode.IMPORTED_POOL, {})


async def _router(session: AsyncSession, regions: Iterable[UUID], now: datetime) -> Route:
    """Chooses as a single assignment does (`rules.choose_assignee`), counting what it has given itself."""
    names = {row.id: row.name for row in await from_files_sql.REGIONS.rows(session)}
    reps: dict[UUID, list[Candidate]] = {}
    fallback: dict[UUID, Choice] = {}
    for region in sorted(regions):
        reps[region] = await assignment.locked_candidates(session, region, now)
        fallback[region] = await assignment.nearest_manager(session, region, names[region], now)

    def route(draft: Row) -> Choice:
        region = draft["region_id"]
        if region is None:
            return Choice(None, ReasonCode.POOL_NO_REGION, {"province": draft.get("province"), "city": draft.get("city")})
        chosen = rules.choose_assignee(reps[region], product_line=draft.get("product_line"), language=draft.get("language"))
        if chosen is None:
            return fallback[region]
        held = reps[region]
        place = next(index for index, one in enumerate(held) if one.person_id == chosen.person_id)
        held[place] = replace(held[place], open_leads=held[place].open_leads + 1, last_assigned_at=now)
        return Choice(chosen.person_id, chosen.code, {**chosen.params, "region": names[region]})

    return route


def _columns(draft: Row, choice: Choice, owners: Mapping[UUID, UUID | None], author: Author, plan: Plan, now: datetime) -> Row:
    owner = choice.person_id
    own_region = owners.get(owner) if owner else None
    region = (own_region or draft["region_id"]) if choice.code is ReasonCode.DUPLICATE else (draft["region_id"] or own_region)
    if choice.code is ReasonCode.IMPORTED_POOL:
        region = None
    moment, met = now.isoformat(), draft.get("last_follow_up_at")
    state = LeadState.NEW if owner is None else LeadState.ASSIGNED if plan.needs_first_contact else LeadState.FOLLOWING
    return {
        **{name: draft.get(name) for name in from_files_sql.TEXTS},
        "id": draft["id"],
        "company": draft.get("company") or "",
        "company_key": draft.get("company_key") or "",
        "contact_name": draft.get("contact_name") or "",
        "source": draft.get("source") or "import",
        "currency": draft.get("currency") or "CNY",
        "expected_amount": draft.get("expected_amount"),
        "custom": draft.get("custom") or {},
        "region_id": str(region) if region else None,
        "owner_id": str(owner) if owner else None,
        "state": state.value,
        "received_at": draft["received_at"],
        "pooled_at": None if owner else moment,
        "assigned_at": moment if owner else None,
        "first_assigned_at": moment if owner else None,
        "first_follow_up_at": met if state is LeadState.FOLLOWING else None,
        "last_follow_up_at": met if state is LeadState.FOLLOWING else None,
        "last_activity_at": met or draft["received_at"],
        "created_by": str(author.id),
        "reason": choice.reason,
    }


def _searched(row: Mapping[str, Any]) -> dict[str, str]:
    return search_columns(row.get("company"), row.get("contact_name"), row.get("phone"), row.get("phone_key"))


async def _take_turns(session: AsyncSession, rows: Sequence[Row], choices: Sequence[Choice], now: datetime) -> None:
    """The rotation of each region goes on from here."""
    by_rules = {ReasonCode.REGION_LEAST_LOAD, ReasonCode.SKILL_MATCH}
    turns = sorted({(row["region_id"], row["owner_id"]) for row, choice in zip(rows, choices, strict=True) if choice.code in by_rules})
    if turns:
        await from_files_sql.TURNS.rows(
            session, regions=[UUID(turn[0]) for turn in turns], people=[UUID(turn[1]) for turn in turns], now=now
        )


async def _write_down(
    session: AsyncSession, author: Author, plan: Plan, rows: Sequence[Row], choices: Sequence[Choice], now: datetime
) -> None:
    """The first entries of each timeline: received at its own moment, given to its owner now."""
    by = {"entered_by": {"id": str(author.id), "name": author.name}, "file": plan.file_name}
    received = [(UUID(row["id"]), datetime.fromisoformat(row["received_at"]), {"source": row["source"], **by}) for row in rows]
    assigned = [
        (UUID(row["id"]), now, {"owner": {"id": row["owner_id"], "name": choice.params["person"]}, "reason": choice.reason})
        for row, choice in zip(rows, choices, strict=True)
        if row["owner_id"]
    ]
    for kind, entries in (("lead.received", received), ("lead.assigned", assigned)):
        await timeline.record_many(session, subject_type=rules.SUBJECT, kind=kind, entries=entries, now=now, actor_id=author.id)


async def update_many(
    session: AsyncSession, author: Author, plan: Plan, wanted: Mapping[UUID, Row], *, only_empty: bool, now: datetime
) -> dict[UUID, str]:
    """Fills in or overwrites fields as far as this session's person may change the leads; `updated` or `unchanged` for each that it could."""
    held = {row.id: row for row in await from_files_sql.LOCK_CHANGEABLE.rows(session, ids=sorted(wanted))}
    rows, entries, events = [], [], []
    outcome: dict[UUID, str] = {}
    for lead_id, row in held.items():
        if row.state in rules.CLOSED_STATES:
            continue
        before = {name: getattr(row, name) for name in from_files_sql.CHANGEABLE}
        changes = rules.field_changes(before, wanted[lead_id], only_empty=only_empty)
        outcome[lead_id] = "updated" if changes else "unchanged"
        if changes:
            written = {**before, **{name: new for name, (_, new) in changes.items()}}
            rows.append({"id": lead_id, **written, **_searched(written)})
            shown = {name: {"old": old, "new": new} for name, (old, new) in changes.items() if not name.endswith("_key")}
            entries.append((lead_id, now, {"changes": _jsonable(shown), "file": plan.file_name}))
            events.append(LeadFieldsChanged(lead_id, plan.run_id, sorted(shown)))
    if rows:
        await from_files_sql.UPDATE.rows(session, rows=as_json(rows))
        await duplicates.register(session, rules.SUBJECT, [(row["id"], _identity(row)) for row in rows])
        kind = "lead.fields_changed"
        await timeline.record_many(session, subject_type=rules.SUBJECT, kind=kind, entries=entries, now=now, actor_id=author.id)
        await outbox.add_many(session, events, now)
    return outcome


def _jsonable(value: Any) -> Any:
    return json.loads(json.dumps(value, ensure_ascii=False, default=str))


async def withdraw_many(
    session: AsyncSession, author: Author, plan: Plan, versions: Mapping[UUID, int], reason: str, now: datetime
) -> set[UUID]:
    """Disqualifies what a file made and nobody has touched since (its version stands); returns which."""
    ids = sorted(versions)
    gone = {
        row.id for row in await from_files_sql.WITHDRAW.rows(session, ids=ids, versions=[versions[lead_id] for lead_id in ids], now=now)
    }
    if gone:
        await deadlines.stop_many(session, FIRST_CONTACT, gone, now)
        entries = [(lead_id, now, {"reason": reason, "file": plan.file_name}) for lead_id in sorted(gone)]
        kind = "lead.import_undone"
        await timeline.record_many(session, subject_type=rules.SUBJECT, kind=kind, entries=entries, now=now, actor_id=author.id)
        await outbox.add_many(session, [LeadImportUndone(lead_id, plan.run_id) for lead_id in sorted(gone)], now)
    return gone
