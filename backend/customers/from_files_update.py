"""Many customers changed by a file: what is free at once, what is protected by an administrator only (HAND-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.hot import as_json
from backend.core.ids import new_id
from backend.customers import from_files_sql, rules, same_firm
from backend.customers.events import ContactAdded, CustomerChanged
from backend.customers.finding import search_columns
from backend.customers.from_files import UNNAMED, are_reached_alike, contact_row, identity, person_of
from backend.duplicates import service as duplicates
from backend.duplicates.keys import company_key
from backend.identity import batches
from backend.identity.batches import Author, Plan
from backend.timeline import service as timeline

Row = dict[str, Any]
COLUMN_OF = {"company": "name"} | {
    name: name
    for name in (
        "credit_code", "region_id", "province", "city", "address", "industry", "website", "payment_terms", "source", "owner_id",
        "backup_owner_id", "custom", *rules.FREE_FIELDS,
    )
}  # fmt: skip
OF_CONTACT = ("name", "title", "role", "phone", "email", "wechat")
DERIVED = ("name_key", "search_text", "name_sort", "phone_key")
Changes = dict[str, dict[str, Any]]
HANDS = ("owner_id", "backup_owner_id")
"""Who looks after a customer."""


class Became(StrEnum):
    """What became of a row."""

    UPDATED = "updated"
    UNCHANGED = "unchanged"
    NEEDS_APPROVAL = "needs_approval"
    SAME_PERSON = "same_person"
    CODE_TAKEN = "credit_code_taken"


@dataclass
class Held:
    """A customer on its way from what it was to what the rows of the file make of it."""

    id: UUID
    before: Row
    now: Row
    people: list[Row]
    people_before: dict[UUID, Row]
    merged: list[Any] = field(default_factory=list)
    added: list[Row] = field(default_factory=list)

    @property
    def changes(self) -> Changes:
        return rules.differences(self.before, self.now)


@dataclass(frozen=True)
class Wish:
    """What one row would change."""

    values: Row
    contact: Row | None
    contact_values: Row
    newcomer: Row | None

    @property
    def is_protected(self) -> bool:
        return bool(self.contact_values or self.values.keys() - set(rules.FREE_FIELDS))

    @property
    def is_empty(self) -> bool:
        return not (self.values or self.contact_values or self.newcomer)


async def update_many(
    session: AsyncSession, author: Author, plan: Plan, rows: Sequence[Any], *, only_empty: bool, now: datetime
) -> dict[int, tuple[Became, Changes]]:
    """What became of each row (number, record, fields), the last one of a customer with the hands into which it passed; those of customers
    that the session's person may not change are not here.
    """
    held = await _held(session, sorted({row.subject_id for row in rows}))
    region_of = await batches.region_finder(session)
    codes = sorted({row.fields["credit_code"] for row in rows if row.fields.get("credit_code")})
    taken = {row.key: row.id for row in await from_files_sql.BY_CODE.rows(session, keys=codes, now=now)} if codes else {}
    became: dict[int, Became] = {}
    for row in rows:
        one = held.get(row.subject_id)
        if one is None:
            continue
        wish = _wish(one, row.fields, only_empty=only_empty)
        if "region_id" not in wish.values and {"province", "city"} & wish.values.keys():
            place = {**one.now, **wish.values}
            served = region_of(place["province"], place["city"])
            if served and str(served) != one.now["region_id"]:
                wish.values["region_id"] = str(served)
        became[row.number] = _judged(author, one, wish, taken)
        if became[row.number] is Became.UPDATED:
            _grant(one, wish, taken)
    await _write(session, author, plan, list(held.values()), now)
    last = {row.subject_id: row.number for row in rows}
    passed = {last[one.id]: {name: change for name, change in one.changes.items() if name in HANDS} for one in held.values()}
    return {number: (what, passed.get(number, {})) for number, what in became.items()}


async def _held(session: AsyncSession, ids: list[UUID]) -> dict[UUID, Held]:
    found = {}
    for row in await from_files_sql.LOCK.rows(session, ids=ids):
        if row.may:
            facts = {name: _plain(getattr(row, name)) for name in from_files_sql.CHANGEABLE}
            found[row.id] = Held(row.id, facts, dict(facts), [], {})
    for person in await from_files_sql.CONTACTS.rows(session, ids=ids):
        if person.root in found:
            facts = {"id": person.id, "customer_id": person.customer_id, "is_primary": person.is_primary, "is_active": person.is_active}
            facts |= {name: getattr(person, name) for name in from_files_sql.CONTACT_CHANGEABLE}
            found[person.root].people.append(facts)
            found[person.root].people_before[person.id] = dict(facts)
    for firm in await from_files_sql.FIRMS.rows(session, ids=ids):
        if firm.root in found:
            found[firm.root].merged.append(firm)
    return found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _wish(held: Held, fields: Mapping[str, Any], *, only_empty: bool) -> Wish:
    wanted = {column: fields[name] for name, column in COLUMN_OF.items() if fields.get(name)}
    if "custom" in wanted:
        wanted["custom"] = wanted["custom"] | held.now["custom"] if only_empty else held.now["custom"] | wanted["custom"]
    kept = {name for name, value in held.now.items() if only_empty and value and name != "custom"}
    values = {name: value for name, value in wanted.items() if held.now[name] != value and name not in kept}
    person = person_of(dict(fields))
    if person is None:
        return Wish(values, None, {}, None)
    same = _same(held.people, person)
    if same is None:
        return Wish(values, None, {}, person)
    said = {name: person[name] for name in OF_CONTACT if person[name] and (name != "role" or fields.get("role"))}
    contact_values = {name: value for name, value in said.items() if same[name] != value and not (only_empty and same[name])}
    if "phone" in contact_values:
        contact_values["phone_key"] = person["phone_key"]
    return Wish(values, same, contact_values, None)


def _same(people: Sequence[Row], person: Row) -> Row | None:
    """Of those who are there: who is called so, first who is reached so too; without a name, who is reached so."""
    alike = [one for one in people if one["is_active"] and are_reached_alike(one, person)]
    named = [one for one in people if one["is_active"] and one["name"] == person["name"] != UNNAMED]
    both = [one for one in named if one in alike]
    if person["name"] == UNNAMED:
        return alike[0] if alike else None
    unnamed = [one for one in alike if one["name"] == UNNAMED]
    return next(iter([*both, *named, *unnamed]), None)


def _judged(author: Author, held: Held, wish: Wish, taken: Mapping[str, UUID]) -> Became:
    after = {**held.now, **wish.values}
    if wish.is_empty:
        return Became.UNCHANGED
    if wish.is_protected and not author.is_administrator:
        return Became.NEEDS_APPROVAL
    if after["owner_id"] == after["backup_owner_id"]:
        return Became.SAME_PERSON
    code = wish.values.get("credit_code")
    if code and taken.get(code, held.id) != held.id:
        return Became.CODE_TAKEN
    return Became.UPDATED


def _grant(held: Held, wish: Wish, taken: dict[str, UUID]) -> None:
    held.now |= wish.values
    if "name" in wish.values:
        held.now["name_key"] = company_key(held.now["name"])
    if wish.values.get("credit_code"):
        taken[wish.values["credit_code"]] = held.id
    if wish.contact is not None:
        wish.contact.update(wish.contact_values)
    if wish.newcomer is not None:
        newcomer = {
            **wish.newcomer,
            "id": new_id(),
            "customer_id": held.id,
            "is_primary": not any(one["is_primary"] for one in held.people),
            "is_active": True,
        }
        held.people.append(newcomer)
        held.added.append(newcomer)


def _contact_changes(held: Held) -> dict[UUID, Changes]:
    found = {
        person["id"]: rules.differences(held.people_before[person["id"]], person)
        for person in held.people
        if person["id"] in held.people_before
    }
    return {contact_id: changes for contact_id, changes in found.items() if changes}


def _search(held: Held) -> dict[str, str]:
    return search_columns(
        [held.now["name"], *(one.name for one in held.merged)],
        [one["name"] for one in held.people],
        [one["phone"] for one in held.people],
        [held.now["credit_code"], *(one.credit_code for one in held.merged)],
    )


async def _write(session: AsyncSession, author: Author, plan: Plan, all_held: Sequence[Held], now: datetime) -> None:
    """Facts and contacts, what they are found by, and the evidence, each in one statement."""
    changes = {one.id: {name: change for name, change in one.changes.items() if name not in DERIVED} for one in all_held}
    of_people = {one.id: _contact_changes(one) for one in all_held}
    moved = [one for one in all_held if changes[one.id]]
    touched = [one for one in all_held if changes[one.id] or of_people[one.id] or one.added]
    if not touched:
        return
    newcomers = [
        contact_row(
            {name: person[name] for name in ("id", *from_files_sql.CONTACT_CHANGEABLE)},
            one.id,
            author,
            now,
            is_primary=person["is_primary"],
        )
        for one in touched
        for person in one.added
    ]
    await from_files_sql.INSERT_CONTACTS.rows(session, rows=as_json(newcomers))
    altered = [person for one in touched for person in one.people if person["id"] in of_people[one.id]]
    await from_files_sql.UPDATE_CONTACTS.rows(session, rows=as_json(altered))
    found = [{"id": one.id, "search_text": _search(one)["search_text"]} for one in touched]
    await from_files_sql.FOUND_BY.rows(session, rows=as_json(found), active_at=now)
    await from_files_sql.UPDATE.rows(session, rows=as_json([{"id": one.id, **one.now, **_search(one)} for one in moved]), now=now)
    await duplicates.register(session, rules.SUBJECT, [(one.id, _identity_of(one)) for one in touched])
    for holder in sorted({person["customer_id"] for person in altered} - {one.id for one in touched}):
        await same_firm.register(session, holder)
    await _write_down(session, author, plan, touched, changes, of_people, now)


def _identity_of(held: Held) -> Any:
    """Its own people; those of what was merged into it are known under that."""
    return identity(held.now, [one for one in held.people if one["is_active"] and one["customer_id"] == held.id])


async def _write_down(
    session: AsyncSession,
    author: Author,
    plan: Plan,
    touched: Sequence[Held],
    changes: Mapping[UUID, Changes],
    of_people: Mapping[UUID, Mapping[UUID, Changes]],
    now: datetime,
) -> None:
    names = await _names(session, changes.values())
    changed, added, altered = [], [], []
    events: list[CustomerChanged] = []
    for one in touched:
        if changes[one.id]:
            changed.append((one.id, now, {"changes": _with_names(changes[one.id], names), "file": plan.file_name}))
            previous = changes[one.id].get("owner_id")
            events.append(CustomerChanged(one.id, list(changes[one.id]), None, UUID(previous["old"]) if previous else None, plan.run_id))
        for person in one.people:
            theirs = of_people[one.id].get(person["id"])
            if theirs:
                shown = {name: change for name, change in theirs.items() if name not in DERIVED}
                altered.append((one.id, now, {"contact": _named(person), "changes": shown, "file": plan.file_name}))
                events.append(CustomerChanged(one.id, list(shown), person["id"], None, plan.run_id))
        added += [(one.id, now, {"contact": _named(person), "role": person["role"], "file": plan.file_name}) for person in one.added]
    for kind, entries in (("customer.changed", changed), ("contact.changed", altered), ("contact.added", added)):
        await timeline.record_many(session, subject_type=rules.SUBJECT, kind=kind, entries=entries, now=now, actor_id=author.id)
    await outbox.add_many(session, events, now)
    await outbox.add_many(session, [ContactAdded(one.id, person["id"]) for one in touched for person in one.added], now)


def _named(person: Row) -> dict[str, str]:
    return {"id": str(person["id"]), "name": person["name"]}


WITH_NAMES = ("region_id", *HANDS)


async def _names(session: AsyncSession, changes: Any) -> dict[str, str]:
    ids = {change[side] for one in changes for name, change in one.items() if name in WITH_NAMES for side in ("old", "new") if change[side]}
    rows = await from_files_sql.NAMES.rows(session, ids=[UUID(one) for one in sorted(ids)]) if ids else ()
    return {str(row.id): row.name for row in rows}


def _with_names(changes: Changes, names: Mapping[str, str]) -> Changes:
    return {
        name: {**change, **{f"{side}_name": names.get(change[side]) for side in ("old", "new")}} if name in WITH_NAMES else change
        for name, change in changes.items()
    }
