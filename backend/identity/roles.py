"""Roles as data: who of a role may do what. Nobody can lock the company out of its own settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, NotFound, field_error
from backend.core.locking import require_version
from backend.identity import administrators, queries
from backend.identity.deps import Actor, permission_missing
from backend.identity.events import RoleChanged
from backend.identity.models import Role, RolePermission
from backend.identity.rules import PERMISSIONS
from backend.identity.schemas import RoleOut, RolePatch, Roles


async def list_roles(session: AsyncSession, actor: Actor) -> Roles:
    """Roles with their reach and permissions, and every permission that there is."""
    actor.require("people.read")
    rows = await session.execute(queries.role_list())
    return Roles(items=[_out(row) for row in rows], permissions=[*PERMISSIONS])


def _out(row: Any) -> RoleOut:
    role, permissions = row
    plain = {name: getattr(role, name) for name in ("code", "name_zh", "name_en", "reaches", "version")}
    return RoleOut.model_validate({**plain, "permissions": sorted(permissions)})


async def _read(session: AsyncSession, code: str) -> RoleOut:
    row = (await session.execute(queries.role(code))).first()
    if row is None:
        raise NotFound
    return _out(row)


async def change_role(session: AsyncSession, actor: Actor, code: str, body: RolePatch, version: int, now: datetime) -> RoleOut:
    """Names, reach and permissions; refused where nobody would be left to undo it."""
    actor.require("people.manage")
    await administrators.lock(session)
    before = await _read(session, code)
    role = (await session.scalars(select(Role).where(Role.code == code).with_for_update())).one_or_none()
    if role is None:  # row security knows of a right that was taken while this one waited for its turn
        raise permission_missing("people.manage")
    require_version(version, role.version, before)
    changes = body.model_dump(exclude_unset=True, exclude={"permissions"})
    for name, value in changes.items():
        setattr(role, name, value)
    if not session.is_modified(role):
        role.version = role.version + 1
    await session.flush()
    if body.permissions is not None:
        await _set_permissions(session, code, body.permissions)
    await administrators.keep_in_good_hands(session, now)
    await outbox.add(session, RoleChanged.of(code, sorted(body.model_fields_set)), now)
    return await _read(session, code)


async def _set_permissions(session: AsyncSession, code: str, wanted: list[str]) -> None:
    """Gives first and takes last: whoever takes the right to do this from oneself may do nothing afterwards."""
    unknown = sorted(set(wanted) - set(PERMISSIONS))
    if unknown:
        wrong = field_error("#/permissions", f"Unknown permissions {unknown}; known are {list(PERMISSIONS)}.", "unknown")
        raise Invalid("unknown_permission", wrong["detail"], errors=[wrong])
    if wanted:
        statement = insert(RolePermission).values(
            [{"role_code": code, "permission": name, "is_active": True} for name in sorted(set(wanted))]
        )
        given = statement.on_conflict_do_update(
            index_elements=["role_code", "permission"], set_={"is_active": True}, where=RolePermission.is_active.is_(False)
        )
        await session.execute(given)
    held = RolePermission.role_code == code
    taken = update(RolePermission).where(held, RolePermission.permission.not_in(wanted), RolePermission.is_active).values(is_active=False)
    await session.execute(taken.execution_options(synchronize_session=False))
