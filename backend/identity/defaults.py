"""Roles and their permissions as shipped; a company may change them."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity.models import Role, RolePermission
from backend.identity.rules import ROLE_DEFAULTS


async def install(session: AsyncSession) -> None:
    roles = [{"code": role.code, "name_zh": role.name_zh, "name_en": role.name_en, "reaches": list(role.reaches)} for role in ROLE_DEFAULTS]
    permissions = [{"role_code": role.code, "permission": permission} for role in ROLE_DEFAULTS for permission in role.permissions]
    await session.execute(insert(Role).on_conflict_do_nothing(), roles)
    await session.execute(insert(RolePermission).on_conflict_do_nothing(), permissions)
