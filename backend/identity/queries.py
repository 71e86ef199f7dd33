"""SELECTs over people and regions; built here, run by the services."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select, text, tuple_
from sqlalchemy.orm import aliased

from backend.identity.models import (
    AuthSession,
    Credential,
    Deputy,
    Person,
    PersonLeave,
    PersonRole,
    Region,
    RegionArea,
    Role,
    RolePermission,
    UnknownLogin,
)
from backend.identity.rules import ADMINISTRATOR, SALES_ROLES


def is_on_leave(person_id: Any, now: datetime) -> ColumnElement[bool]:
    """On leave at this moment; nights and weekends count as present."""
    return exists().where(
        PersonLeave.person_id == person_id, PersonLeave.cancelled_at.is_(None), PersonLeave.starts_at <= now, PersonLeave.ends_at > now
    )


def has_access(person: Any, now: datetime) -> ColumnElement[bool]:
    """`rules.has_access`."""
    return and_(person.is_active, person.access_ends_at.is_(None) | (person.access_ends_at > now))


def works_at(person: Any, now: datetime) -> ColumnElement[bool]:
    """With access, and not on leave: may receive work now."""
    return and_(has_access(person, now), ~is_on_leave(person.id, now))


def people(now: datetime) -> Select[Any]:
    """Rows of (Person, region, supervisor name, roles, on_leave)."""
    supervisor = aliased(Person)
    roles = (
        select(func.coalesce(func.array_agg(PersonRole.role_code), literal_column("'{}'::text[]")))
        .where(PersonRole.person_id == Person.id, PersonRole.is_active)
        .scalar_subquery()
    )
    return (
        select(Person, Region, supervisor, roles.label("roles"), is_on_leave(Person.id, now).label("on_leave"))
        .outerjoin(Region, Region.id == Person.region_id)
        .outerjoin(supervisor, supervisor.id == Person.supervisor_id)
    )


def people_page(
    now: datetime,
    *,
    q: str | None,
    region_id: UUID | None,
    role: str | None,
    is_active: bool | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Select[Any]:
    """Sorted by pinyin; `q` matches name, pinyin, initials or login."""
    query = people(now).order_by(Person.name_key, Person.id).limit(limit + 1)
    if q:
        wanted = q.strip().lower()
        query = query.where(
            Person.name.contains(wanted, autoescape=True)
            | Person.name_key.contains(wanted, autoescape=True)
            | Person.login.startswith(wanted, autoescape=True)
        )
    if region_id:
        query = query.where(Person.region_id == region_id)
    if role:
        query = query.where(exists().where(PersonRole.person_id == Person.id, PersonRole.is_active, PersonRole.role_code == role))
    if is_active is not None:
        query = query.where(Person.is_active.is_(is_active))
    if after:
        query = query.where(tuple_(Person.name_key, Person.id) > after)
    return query


def role_list() -> Select[Any]:
    permissions = (
        select(func.coalesce(func.array_agg(RolePermission.permission), literal_column("'{}'::text[]")))
        .where(RolePermission.role_code == Role.code, RolePermission.is_active)
        .scalar_subquery()
    )
    return select(Role, permissions.label("permissions")).order_by(Role.code)


def role(code: str) -> Select[Any]:
    return role_list().where(Role.code == code)


def is_held(permission: str, now: datetime) -> Select[bool]:
    """Whether somebody with access has a permission."""
    return select(
        exists().where(
            has_access(Person, now),
            PersonRole.person_id == Person.id,
            PersonRole.is_active,
            RolePermission.role_code == PersonRole.role_code,
            RolePermission.is_active,
            RolePermission.permission == permission,
        )
    )


def regions() -> Select[Any]:
    """All regions with their areas as JSON (a company has tens, not thousands)."""
    areas = (
        select(
            func.coalesce(
                func.jsonb_agg(func.jsonb_build_object("province", RegionArea.province, "city", RegionArea.city)),
                literal_column("'[]'::jsonb"),
            )
        )
        .where(RegionArea.region_id == Region.id)
        .scalar_subquery()
    )
    return select(Region, areas.label("areas")).order_by(Region.sort_key, Region.id)


def leave_within(person_id: UUID, starts_at: datetime, ends_at: datetime) -> Select[PersonLeave]:
    """The earliest leave that shares a moment with this span; one may begin as the other ends."""
    overlaps = (PersonLeave.starts_at < ends_at, PersonLeave.ends_at > starts_at)
    return (
        select(PersonLeave)
        .where(PersonLeave.person_id == person_id, PersonLeave.cancelled_at.is_(None), *overlaps)
        .order_by(PersonLeave.starts_at)
        .limit(1)
    )


def leaves(person_id: UUID) -> Select[Any]:
    return select(PersonLeave).where(PersonLeave.person_id == person_id).order_by(PersonLeave.starts_at.desc()).limit(200)


def deputies(person_id: UUID) -> Select[str, Person]:
    return (
        select(Deputy.role_code, Person)
        .outerjoin(Person, Person.id == Deputy.deputy_id)
        .where(Deputy.person_id == person_id)
        .order_by(Deputy.role_code)
    )


def stand_ins(person_id: UUID, now: datetime) -> Select[UUID | None, str | None]:
    """While the person is on leave one row: a deputy who works now, the one for sales first, or nulls. None while they are here."""
    other = aliased(Person)
    return (
        select(other.id, other.name)
        .select_from(Person)
        .outerjoin(Deputy, Deputy.person_id == Person.id)
        .outerjoin(other, and_(other.id == Deputy.deputy_id, works_at(other, now)))
        .where(Person.id == person_id, is_on_leave(Person.id, now))
        .order_by(other.id.is_(None), Deputy.role_code.not_in(SALES_ROLES), Deputy.role_code)
        .limit(1)
    )


def holders(role_code: str) -> Select[Person]:
    """Active people who hold a role."""
    return (
        select(Person)
        .join(PersonRole, (PersonRole.person_id == Person.id) & PersonRole.is_active & (PersonRole.role_code == role_code))
        .where(Person.is_active)
        .order_by(Person.id)
    )


def administrators(now: datetime) -> Select[UUID]:
    """Whom to ask where no superior is: the administrators with access."""
    return holders(ADMINISTRATOR).where(has_access(Person, now)).with_only_columns(Person.id)


def to_sign_in(login: str) -> Select[UUID, bool, datetime | None, UUID, str, datetime | None]:
    """Who has this login, and what proves it."""
    return (
        select(Person.id, Person.is_active, Person.access_ends_at, Credential.person_id, Credential.password_hash, Credential.locked_until)
        .join(Credential, Credential.person_id == Person.id)
        .where(Person.login == login)
    )


def credential(person_id: UUID) -> Select[UUID, str, datetime | None]:
    return select(Credential.person_id, Credential.password_hash, Credential.locked_until).where(Credential.person_id == person_id)


def unknown_lock(login_hash: str) -> Select[datetime | None]:
    """Until when a login that nobody has is locked."""
    return select(UnknownLogin.locked_until).where(UnknownLogin.login_hash == login_hash)


def signed_in_without_access(now: datetime, limit: int) -> Select[UUID]:
    """People with a session that still counts, though they have no access anymore."""
    live = exists().where(AuthSession.person_id == Person.id, AuthSession.revoked_at.is_(None), AuthSession.expires_at > now)
    return select(Person.id).where(~has_access(Person, now), live).order_by(Person.id).limit(limit)


def supervisors() -> Select[UUID, UUID | None]:
    return select(Person.id, Person.supervisor_id)


def region_serving(province: str | None, city: str | None) -> Select[Any]:
    """`places.region_of` over the region table: the city wins over its province."""
    area = RegionArea
    of_province = and_(area.province == province, or_(area.city == city, area.city.is_(None)))
    fits = and_(area.city == city, area.city.is_not(None)) if province is None else of_province
    return select(area.region_id).where(area.region_id.is_not(None), fits).order_by(area.city.nulls_last(), area.region_id).limit(1)


def active_with(permission: str, person_ids: Collection[UUID], now: datetime) -> Select[UUID, str]:
    """Those of these people who have access and hold a permission."""
    holds = (
        exists()
        .where(PersonRole.person_id == Person.id, PersonRole.is_active, RolePermission.role_code == PersonRole.role_code)
        .where(RolePermission.permission == permission, RolePermission.is_active)
    )
    return select(Person.id, Person.name).where(Person.id.in_(person_ids), has_access(Person, now), holds)


MANAGERS_UP_THE_TREE = text("""
with recursive up as (
    select id, parent_id, 0 as depth from region where id = :region
    union all select r.id, r.parent_id, up.depth + 1 from region r join up on r.id = up.parent_id where up.depth < 20
)
select p.id, p.name from up join person p on p.region_id = up.id cross join lateral (
    select min(array_position(cast(:roles as varchar[]), h.role_code)) as place from person_role h where h.person_id = p.id and h.is_active
) rank
where p.is_active and (p.access_ends_at is null or p.access_ends_at > :now) and rank.place is not null
  and not exists (select 1 from person_leave v where v.person_id = p.id and v.cancelled_at is null and v.starts_at <= :now and v.ends_at > :now)
order by up.depth, rank.place, p.id limit 1
""")

CHAIN = text("""
with recursive chain as (
    select p.supervisor_id as id, 1 as depth from person p where p.id = :owner
    union all select p.supervisor_id, chain.depth + 1 from person p join chain on p.id = chain.id where chain.depth < 10
), away as (
    select person_id from person_leave where cancelled_at is null and starts_at <= :now and ends_at > :now
), working as (
    select id, name from person where is_active and (access_ends_at is null or access_ends_at > :now) and id not in (select person_id from away)
)
select p.id, p.name, exists (select 1 from working w where w.id = p.id) as is_present, stand_in.id as deputy_id, stand_in.name as deputy_name
from chain join person p on p.id = chain.id
left join lateral (
    select w.id, w.name from deputy d join working w on w.id = d.deputy_id where d.person_id = p.id
    order by d.role_code not in ('regional_manager', 'area_director'), d.role_code limit 1
) stand_in on true
order by chain.depth
""")
"""The superiors of an owner from the direct one up, with presence and a present deputy."""
