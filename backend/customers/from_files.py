"""Many customers at once, as a file brings them: the same rules, evidence and events as for one, in a handful of statements."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.hot import as_json
from backend.core.ids import new_id
from backend.customers import from_files_sql, rules
from backend.customers.events import ContactImported, CustomerImported, CustomerImportUndone
from backend.customers.finding import search_columns
from backend.duplicates import service as duplicates
from backend.duplicates.keys import company_key, email_key, phone_key
from backend.duplicates.rules import Identity
from backend.identity import batches
from backend.identity.batches import Author, Plan
from backend.timeline import service as timeline

Row = dict[str, Any]
TEXTS = ("credit_code", "province", "city", "address", "industry", "website", "payment_terms", "notes")
UNNAMED = ""
"""The name of whom a file names only by a phone or an address; screens say so in their own language."""


class Became(StrEnum):
    """What became of a draft."""

    MADE = "made"
    JOINED = "joined"
    KNOWN = "known"
    OTHER_CODE = "other_code"
    OTHER_OWNER = "other_owner"


@dataclass
class Firm:
    """A customer as the rows of a file make it; `draft` is None where an earlier batch has made it."""

    id: UUID
    draft: Row | None
    people: list[Row] = field(default_factory=list)
    code: str | None = None


Result = tuple[Became, UUID | None]


def person_of(draft: Row) -> Row | None:
    """The contact that a row names."""
    reached = {name: draft.get(name) for name in ("phone", "email", "wechat")}
    name = draft.get("contact_name") or draft.get("title")
    if not name and not any(reached.values()):
        return None
    role = draft.get("role") or rules.role_of_title(draft.get("title")).value
    return {"name": name or UNNAMED, "title": draft.get("title"), "role": role, **reached, "phone_key": phone_key(reached["phone"])}


def are_reached_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """The same phone or address, which several people of a firm may share."""
    pairs = ((one["phone_key"], other["phone_key"]), (email_key(one["email"]), email_key(other["email"])), (one["wechat"], other["wechat"]))
    return any(mine and mine == theirs for mine, theirs in pairs)


def is_known(person: Mapping[str, Any], there: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of these is the same person and says no less: two of one name with two phones are two entries."""

    def is_same(other: Mapping[str, Any]) -> bool:
        if UNNAMED in {person["name"], other["name"]}:
            return are_reached_alike(person, other)
        says_nothing = not any(person[name] for name in ("phone", "email", "wechat"))
        return bool(person["name"] == other["name"] and (says_nothing or are_reached_alike(person, other)))

    return any(map(is_same, there))


async def create_many(session: AsyncSession, author: Author, plan: Plan, drafts: Sequence[Row], now: datetime) -> list[Result]:
    """One customer of all rows that mean one firm, with a contact of each; `joins` in a draft names a customer of an earlier batch."""
    known = await _known(session, {draft["joins"] for draft in drafts if "joins" in draft})
    firms, results = _gathered(author, plan, drafts, known)
    made = [firm for firm in firms if firm.draft is not None]
    await _make(session, author, plan, made, now)
    await _add(session, author, plan, [firm for firm in firms if firm.draft is None and firm.people], known, now)
    return results


@dataclass
class _Known:
    """A customer that stands, with its people."""

    row: Any
    people: list[Row]


async def _known(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, _Known]:
    wanted = sorted(ids)
    if not wanted:
        return {}
    found = {row.id: _Known(row, []) for row in await from_files_sql.LOCK.rows(session, ids=wanted)}
    for person in await from_files_sql.CONTACTS.rows(session, ids=wanted):
        found[person.root].people.append(vars(person))
    return found


def _gathered(author: Author, plan: Plan, drafts: Sequence[Row], known: Mapping[UUID, _Known]) -> tuple[list[Firm], list[Result]]:
    """The rows by the firm that they mean: by its credit code, else by its name."""
    firms: list[Firm] = []
    by_code, by_name, by_id = dict[str, Firm](), dict[str, Firm](), dict[UUID, Firm]()
    owner_of_key: dict[tuple[str, str], str] = {}
    results: list[Result] = []
    for draft in drafts:
        code, name_key = draft.get("credit_code"), company_key(draft["company"])
        owner = str(author.id) if plan.assignment == "me" else draft["owner_id"]
        person = person_of(draft)
        keys = [] if person is None else Identity(None, (person["phone"],), (person["email"],)).keys
        firm = by_id.get(draft["joins"]) if "joins" in draft else (by_code.get(code) if code else None) or by_name.get(name_key)
        if firm is not None and code and firm.code and firm.code != code:
            results.append((Became.OTHER_CODE, None))
            continue
        if any(owner_of_key.get(key, owner) != owner for key in keys):
            results.append((Became.OTHER_OWNER, None))
            continue
        owner_of_key |= dict.fromkeys(keys, owner)
        is_new = firm is None and "joins" not in draft
        if firm is None:
            firm = Firm(draft["joins"], None) if "joins" in draft else Firm(UUID(draft["id"]), {**draft, "owner_id": owner})
            firms.append(firm)
            by_id[firm.id] = firm
        firm.code = firm.code or code
        if firm.draft is not None and code:
            firm.draft["credit_code"] = firm.code
        by_code |= {code: firm} if code else {}
        by_name[name_key] = firm
        there = [*(known[firm.id].people if firm.id in known else ()), *firm.people]
        is_there = person is None or is_known(person, there)
        if person is not None and not is_there:
            firm.people.append({**person, "id": str(new_id())})
        results.append((Became.MADE if is_new else Became.KNOWN if is_there else Became.JOINED, firm.id))
    return firms, results


@dataclass(frozen=True)
class _Made:
    """Some customers as they are written."""

    rows: Sequence[Row]
    columns: str
    contacts: str
    known_by: duplicates.Prepared


async def _make(session: AsyncSession, author: Author, plan: Plan, firms: Sequence[Firm], now: datetime) -> None:
    if not firms:
        return
    drafts = [firm.draft for firm in firms if firm.draft is not None]
    region_of = await batches.region_finder(session)
    own_region = await batches.regions_of(session, (UUID(draft["owner_id"]) for draft in drafts))
    for draft in drafts:
        served = region_of(draft.get("province"), draft.get("city"))
        draft["region_id"] = draft.get("region_id") or served or own_region.get(UUID(draft["owner_id"]))

    def all_made() -> _Made:
        rows = [_columns(firm, place, author, now) for place, firm in enumerate(firms)]
        contacts = [
            contact_row(person, firm.id, author, now, is_primary=place == 0) for firm in firms for place, person in enumerate(firm.people)
        ]
        known_by = duplicates.prepared(
            [(firm.id, duplicates.known(identity(row, firm.people))) for row, firm in zip(rows, firms, strict=True)]
        )
        return _Made(rows, as_json(rows), as_json(contacts), known_by)

    made = await asyncio.to_thread(all_made)
    await from_files_sql.INSERT.rows(session, rows=made.columns)
    await from_files_sql.INSERT_CONTACTS.rows(session, rows=made.contacts)
    await duplicates.register_prepared(session, rules.SUBJECT, made.known_by, are_new=True)
    await _write_down(session, author, plan, made.rows, now)
    events = [CustomerImported(UUID(row["id"]), plan.run_id, UUID(row["owner_id"])) for row in made.rows]
    await outbox.add_many(session, events, now)


def _columns(firm: Firm, place: int, author: Author, now: datetime) -> Row:
    draft = firm.draft or {}
    since = draft.get("created_at") or now.isoformat()
    names, phones = [one["name"] for one in firm.people], [one["phone"] for one in firm.people]
    backup = draft.get("backup_owner_id")
    return {
        **{name: draft.get(name) for name in TEXTS},
        **search_columns([draft["company"]], names, phones, [draft.get("credit_code")]),
        "id": str(firm.id),
        "place": place,
        "name": draft["company"],
        "name_key": company_key(draft["company"]),
        "region_id": str(draft["region_id"]) if draft.get("region_id") else None,
        "source": draft.get("source") or "import",
        "owner_id": draft["owner_id"],
        "backup_owner_id": backup if backup != draft["owner_id"] else None,
        "owner_name": draft.get("owner_name") if draft["owner_id"] != str(author.id) else author.name,
        "tags": draft.get("tags") or [],
        "custom": draft.get("custom") or {},
        "created_by": str(author.id),
        "created_at": since,
        "last_activity_at": since,
    }


def contact_row(person: Row, customer_id: UUID, author: Author, now: datetime, *, is_primary: bool) -> Row:
    by = {"created_by": str(author.id), "created_at": now.isoformat()}
    return {**person, "customer_id": str(customer_id), "is_primary": is_primary, **by}


def identity(row: Mapping[str, Any], people: Sequence[Mapping[str, Any]]) -> Identity:
    """As `same_firm` tells it of one."""
    return Identity(row["name"], tuple(one["phone"] for one in people), tuple(one["email"] for one in people), row["credit_code"])


async def _write_down(session: AsyncSession, author: Author, plan: Plan, rows: Sequence[Row], now: datetime) -> None:
    entries = [
        (
            UUID(row["id"]),
            datetime.fromisoformat(row["created_at"]),
            {"source": row["source"], "owner": {"id": row["owner_id"], "name": row["owner_name"]}, "file": plan.file_name},
        )
        for row in rows
    ]
    await timeline.record_many(session, subject_type=rules.SUBJECT, kind="customer.created", entries=entries, now=now, actor_id=author.id)


async def _add(
    session: AsyncSession, author: Author, plan: Plan, firms: Sequence[Firm], known: Mapping[UUID, _Known], now: datetime
) -> None:
    """Contacts of customers that an earlier batch of the file has made."""
    if not firms:
        return
    contacts, found, entries, events, identities = [], [], [], [], []
    for firm in firms:
        row, there = known[firm.id].row, known[firm.id].people
        has_primary = any(one["is_primary"] for one in there)
        people = [*there, *firm.people]
        for place, person in enumerate(firm.people):
            contacts.append(contact_row(person, firm.id, author, now, is_primary=place == 0 and not has_primary))
            named = {"contact": {"id": person["id"], "name": person["name"]}, "role": person["role"], "file": plan.file_name}
            entries.append((firm.id, now, named))
            events.append(ContactImported(firm.id, plan.run_id, UUID(person["id"])))
        columns = search_columns([row.name], [one["name"] for one in people], [one["phone"] for one in people], [row.credit_code])
        found.append({"id": firm.id, "search_text": columns["search_text"]})
        identities.append((firm.id, identity({"name": row.name, "credit_code": row.credit_code}, people)))
    await from_files_sql.INSERT_CONTACTS.rows(session, rows=as_json(contacts))
    await from_files_sql.FOUND_BY.rows(session, rows=as_json(found), active_at=None)
    await duplicates.register(session, rules.SUBJECT, identities)
    await timeline.record_many(session, subject_type=rules.SUBJECT, kind="contact.added", entries=entries, now=now, actor_id=author.id)
    await outbox.add_many(session, events, now)


async def withdraw_many(
    session: AsyncSession, author: Author, plan: Plan, versions: Mapping[UUID, int], reason: str, now: datetime
) -> set[UUID]:
    """Archives what a file made and nobody has touched since; returns which."""
    ids = sorted(versions)
    values: dict[str, Any] = {"ids": ids, "versions": [versions[one] for one in ids], "author": author.id, "reason": reason}
    gone = {row.id for row in await from_files_sql.WITHDRAW.rows(session, now=now, **values)}
    entries = [(customer_id, now, {"reason": reason, "file": plan.file_name}) for customer_id in sorted(gone)]
    kind = "customer.import_undone"
    await timeline.record_many(session, subject_type=rules.SUBJECT, kind=kind, entries=entries, now=now, actor_id=author.id)
    await outbox.add_many(session, [CustomerImportUndone(customer_id, plan.run_id) for customer_id in sorted(gone)], now)
    return gone
