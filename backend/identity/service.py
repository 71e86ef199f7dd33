"""Use cases over people, roles and regions. Administration here; signing in is in sign_in.py."""

from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.db import Lens, bind, change_lens, let_go
from backend.core.errors import Forbidden, Invalid, NotFound, Refused, field_error
from backend.core.ids import new_id
from backend.core.locking import require_version, take_turns
from backend.identity import administrators, queries, rules, sign_in, tokens
from backend.identity.deps import Actor
from backend.identity.events import PersonChanged, PresenceChanged
from backend.identity.models import Credential, Deputy, Person, PersonLeave, PersonRole, Role, RolePermission, UsageEvent
from backend.identity.schemas import DeputyIn, LeaveIn, Me, PersonCreate, PersonOut, PersonPatch, UsageEventIn


def person_out(row: Any) -> PersonOut:
    person, region, supervisor, codes, on_leave = row
    plain = {column: getattr(person, column) for column in PersonOut.model_fields if hasattr(person, column)}
    return PersonOut.model_validate({**plain, "region": region, "supervisor": supervisor, "roles": sorted(codes), "on_leave": on_leave})


async def person_by_id(session: AsyncSession, person_id: UUID, now: datetime) -> PersonOut:
    row = (await session.execute(queries.people(now).where(Person.id == person_id))).first()
    if row is None:
        raise NotFound
    return person_out(row)


async def me(session: AsyncSession, person_id: UUID, now: datetime) -> Me:
    """The signed-in person with the roles' names, permissions and scopes."""
    person = await person_by_id(session, person_id, now)
    held = (await session.scalars(select(Role).where(Role.code.in_(person.roles)).order_by(Role.code))).all()
    permissions = await session.scalars(
        select(RolePermission.permission)
        .where(RolePermission.role_code.in_(person.roles), RolePermission.is_active)
        .distinct()
        .order_by(RolePermission.permission)
    )
    reaches = {reach for role in held for reach in role.reaches}
    scopes = [scope for scope in get_args(rules.ScopeName) if scope in reaches]
    return Me.model_validate({**person.model_dump(), "roles": held, "permissions": permissions.all(), "scopes": scopes})


async def hash_first_password(session: AsyncSession, actor: Actor, password: str) -> str:
    """For `create_person`, before anything is written: no connection is held meanwhile."""
    actor.require("people.manage")
    await let_go(session)
    password_hash = await tokens.hash_password(password)
    await bind(session, Lens.PERSON, str(actor.id))
    return password_hash


async def create_person(session: AsyncSession, actor: Actor, body: PersonCreate, password_hash: str, now: datetime) -> PersonOut:
    actor.require("people.manage")
    return await add_person(session, body, password_hash, now)


async def add_person(session: AsyncSession, body: PersonCreate, password_hash: str, now: datetime) -> PersonOut:
    """With the hash of a first password, and roles; the caller has made sure that this is allowed."""
    if await session.scalar(select(Person.id).where(Person.login == body.login)):
        raise Invalid("login_taken", "This login exists.", errors=[field_error("#/login", "This login exists; choose another.", "taken")])
    await _check_supervisor(session, None, body.supervisor_id)
    fields = body.model_dump(exclude={"roles", "password"})
    person = Person(**fields, name_key=rules.name_key(body.name))
    session.add(person)
    await session.flush()
    await session.execute(
        insert(Credential).values(person_id=person.id, password_hash=password_hash, failed_count=0, changed_at=now).inline()
    )
    await _set_roles(session, person.id, body.roles)
    await outbox.add(session, PersonChanged(person.id, ["created"]), now)
    return await person_by_id(session, person.id, now)


async def change_person(
    session: AsyncSession, actor: Actor, person_id: UUID, body: PersonPatch, version: int, now: datetime, real_now: datetime
) -> PersonOut:
    actor.require("people.manage")
    person = await _locked(session, person_id)
    require_version(version, person.version, await person_by_id(session, person_id, now))
    changes = body.model_dump(exclude_unset=True, exclude={"roles"})
    if _gives_up_administration(body):
        await administrators.require_another(session, person_id)
    if "supervisor_id" in changes:
        await _check_supervisor(session, person_id, body.supervisor_id)
    for field, value in changes.items():
        setattr(person, field, value)
    person.name_key = rules.name_key(person.name)
    if body.roles is not None:
        await _set_roles(session, person_id, body.roles)
        await administrators.keep_in_good_hands(session, real_now)
        person.version = person.version + 1 if not session.is_modified(person) else person.version
    await session.flush()
    await outbox.add(session, PersonChanged(person_id, sorted(body.model_fields_set)), now)
    if not rules.has_access(person.is_active, person.access_ends_at, real_now):
        await sign_in.end_sessions(session, person_id, real_now, reason="access_ended")
        await change_lens(session, Lens.PERSON)
    return await person_by_id(session, person_id, now)


async def deactivate_person(session: AsyncSession, actor: Actor, person_id: UUID, now: datetime, real_now: datetime) -> PersonOut:
    """Ends all access at once; the person's records stay."""
    actor.require("people.manage")
    if person_id == actor.id:
        raise Refused("not_yourself", "You cannot deactivate yourself; ask another administrator.")
    person = await _locked(session, person_id)
    await administrators.require_another(session, person_id)
    person.is_active, person.access_ends_at = False, real_now
    await session.flush()
    await administrators.keep_in_good_hands(session, real_now)
    await outbox.add(session, PersonChanged(person_id, ["is_active"]), now)
    await sign_in.end_sessions(session, person_id, real_now, reason="deactivated")
    await change_lens(session, Lens.PERSON)
    return await person_by_id(session, person_id, now)


def _gives_up_administration(body: PersonPatch) -> bool:
    return (body.roles is not None and rules.ADMINISTRATOR not in body.roles) or body.access_ends_at is not None


async def _locked(session: AsyncSession, person_id: UUID) -> Person:
    person = await session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    if person is None:
        raise NotFound
    return person


async def _check_supervisor(session: AsyncSession, person_id: UUID | None, supervisor_id: UUID | None) -> None:
    if supervisor_id is None:
        return
    await take_turns(session, "set a supervisor")
    chain: dict[object, object | None] = {row.id: row.supervisor_id for row in await session.execute(queries.supervisors())}
    if supervisor_id not in chain:
        raise Invalid(
            "unknown_person", "There is no such person.", errors=[field_error("#/supervisor_id", "There is no such person.", "unknown")]
        )
    if person_id and rules.makes_circle(person_id, supervisor_id, chain):
        wrong = field_error("#/supervisor_id", "This would make the person their own superior.", "circle")
        raise Invalid("supervisor_circle", wrong["detail"], errors=[wrong])


async def _set_roles(session: AsyncSession, person_id: UUID, codes: list[str]) -> None:
    known = set(await session.scalars(select(Role.code)))
    unknown = sorted(set(codes) - known)
    if unknown:
        wrong = field_error("#/roles", f"Unknown roles {unknown}; known are {sorted(known)}.", "unknown")
        raise Invalid("unknown_role", wrong["detail"], errors=[wrong])
    rows = [{"person_id": person_id, "role_code": code, "is_active": True} for code in sorted(set(codes))]
    if rows:
        statement = insert(PersonRole).values(rows)
        await session.execute(statement.on_conflict_do_update(index_elements=["person_id", "role_code"], set_={"is_active": True}))
    # Last: whoever takes the right to do this from oneself may do nothing afterwards.
    await session.execute(
        update(PersonRole).where(PersonRole.person_id == person_id, PersonRole.role_code.not_in(codes)).values(is_active=False)
    )


async def _may_plan_leave(session: AsyncSession, actor: Actor, person_id: UUID) -> None:
    """Oneself, the direct supervisor, or who manages people."""
    person = await session.get(Person, person_id)
    if person is None:
        raise NotFound
    if not (actor.id in {person_id, person.supervisor_id} or actor.may("people.manage")):
        raise Forbidden("not_your_report", "Only the person, the direct supervisor or an administrator may do this.")


async def add_leave(session: AsyncSession, actor: Actor, person_id: UUID, body: LeaveIn, now: datetime) -> PersonLeave:
    """409 that names the other leave where the person is away already for a part of the time."""
    await _may_plan_leave(session, actor, person_id)
    await take_turns(session, f"leave {person_id}")
    other = await session.scalar(queries.leave_within(person_id, body.starts_at, body.ends_at))
    if other:
        raise Refused(
            "leaves_overlap",
            f"From {other.starts_at.isoformat()} to {other.ends_at.isoformat()} this person is away already; cancel that leave first, or choose another time.",
            leave_id=str(other.id),
            starts_at=other.starts_at.isoformat(),
            ends_at=other.ends_at.isoformat(),
            kind=other.kind,
        )
    leave = PersonLeave(person_id=person_id, **body.model_dump())
    session.add(leave)
    await session.flush()
    await outbox.add(session, PresenceChanged(person_id), now)
    return leave


async def cancel_leave(session: AsyncSession, actor: Actor, leave_id: UUID, now: datetime) -> PersonLeave:
    person_id = await session.scalar(select(PersonLeave.person_id).where(PersonLeave.id == leave_id))
    if person_id is None:
        raise NotFound
    await _may_plan_leave(session, actor, person_id)
    leave = (await session.scalars(select(PersonLeave).where(PersonLeave.id == leave_id).with_for_update())).one()
    if leave.cancelled_at is None:
        leave.cancelled_at = now
        await outbox.add(session, PresenceChanged(leave.person_id), now)
    await session.flush()
    return leave


async def set_deputies(session: AsyncSession, actor: Actor, person_id: UUID, wanted: list[DeputyIn], now: datetime) -> None:
    """Who stands in, per role; a role that is not named keeps its deputy."""
    await _may_plan_leave(session, actor, person_id)
    known = set(await session.scalars(select(Role.code)))
    # Whoever was named before stays, even where that person has left meanwhile: the other roles can still be changed.
    chosen = {item.deputy_id for item in wanted} - {
        None,
        *await session.scalars(select(Deputy.deputy_id).where(Deputy.person_id == person_id)),
    }
    able = set(await session.scalars(select(Person.id).where(Person.id.in_(chosen), queries.has_access(Person, now))))
    errors = [
        field_error(f"#/{index}/{field}", detail, "invalid")
        for index, item in enumerate(wanted)
        for field, detail, bad in (
            ("role_code", "There is no such role.", item.role_code not in known),
            ("deputy_id", "Nobody is their own deputy.", item.deputy_id == person_id),
            ("deputy_id", "There is no such person with access.", item.deputy_id in chosen - able),
        )
        if bad
    ]
    if errors:
        raise Invalid("invalid_deputy", "Some deputies cannot be set.", errors=errors)
    rows = {item.role_code: {"person_id": person_id, "role_code": item.role_code, "deputy_id": item.deputy_id} for item in wanted}
    if rows:
        statement = insert(Deputy).values(list(rows.values()))
        changed = {"deputy_id": statement.excluded.deputy_id}
        await session.execute(statement.on_conflict_do_update(index_elements=["person_id", "role_code"], set_=changed))
        await outbox.add(session, PresenceChanged(person_id), now)


async def record_usage(session: AsyncSession, actor: Actor, events: list[UsageEventIn], now: datetime) -> None:
    """Screens that were opened, as the SPA reports them."""
    rows = [{"id": new_id(), "person_id": actor.id, "feature": event.feature, "at": now} for event in events]
    if rows:
        await session.execute(insert(UsageEvent).values(rows).inline())


async def set_locale(session: AsyncSession, actor: Actor, locale: str) -> None:
    await session.execute(update(Person).where(Person.id == actor.id).values(locale=locale))
