"""首次联系话术 as marketing keeps them: words, for whom, in which order, tried on a real lead."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, NotFound, Refused, field_error
from backend.core.locking import require_version
from backend.identity.deps import Actor
from backend.leads import queries, reading
from backend.leads.cards import script_values
from backend.leads.events import ScriptsChanged
from backend.leads.models import ScriptTemplate
from backend.leads.schemas import ScriptFields, ScriptPatch, ScriptPreview, ScriptTemplateOut, ScriptTemplates, ScriptTrial
from backend.leads.scripts import VARIABLES, render, unknown_variables

PERMISSION = "scripts.manage"


async def list_scripts(session: AsyncSession, actor: Actor) -> ScriptTemplates:
    actor.require(PERMISSION)
    rows = (await session.scalars(queries.script_templates())).all()
    return ScriptTemplates(items=[ScriptTemplateOut.model_validate(row) for row in rows], variables=[*VARIABLES])


async def create_script(session: AsyncSession, actor: Actor, body: ScriptFields, now: datetime) -> ScriptTemplate:
    """The new one comes last."""
    actor.require(PERMISSION)
    _check_body(body.body)
    last = await session.scalar(queries.last_script_place())
    script = ScriptTemplate(**_columns(body.model_dump()), sort=0 if last is None else last + 1)
    session.add(script)
    await session.flush()
    await outbox.add(session, ScriptsChanged(script.id), now)
    return script


async def change_script(
    session: AsyncSession, actor: Actor, script_id: UUID, body: ScriptPatch, version: int, now: datetime
) -> ScriptTemplate:
    """Only the fields that are sent."""
    actor.require(PERMISSION)
    script = await session.scalar(select(ScriptTemplate).where(ScriptTemplate.id == script_id).with_for_update())
    if script is None:
        raise NotFound
    require_version(version, script.version, ScriptTemplateOut.model_validate(script))
    changes = _columns(body.model_dump(exclude_unset=True))
    _check_body(changes.get("body", ""))
    for name, value in changes.items():
        setattr(script, name, value)
    await session.flush()
    await outbox.add(session, ScriptsChanged(script_id), now)
    return script


async def order_scripts(session: AsyncSession, actor: Actor, ids: list[UUID], now: datetime) -> ScriptTemplates:
    """All scripts in their new order; refused when one came or went meanwhile."""
    actor.require(PERMISSION)
    rows = (await session.scalars(select(ScriptTemplate).order_by(ScriptTemplate.id).with_for_update())).all()
    by_id = {row.id: row for row in rows}
    if len(ids) != len(rows) or set(ids) != set(by_id):
        raise Refused("scripts_changed", "The list of scripts has changed; read it again and order it then.")
    for place, script_id in enumerate(ids):
        by_id[script_id].sort = place
    await session.flush()
    for script_id in ids[:1]:
        await outbox.add(session, ScriptsChanged(script_id), now)
    return await list_scripts(session, actor)


async def try_script(session: AsyncSession, actor: Actor, body: ScriptTrial) -> ScriptPreview:
    """The text for one lead that the actor sees; nothing is stored."""
    row = await reading.detail_row(session, actor, body.lead_id)
    actor.require(PERMISSION)
    filled = render(body.body, script_values(row, row.owner_name or actor.name))
    return ScriptPreview(body=filled, unknown=unknown_variables(body.body))


def _columns(fields: dict[str, object]) -> dict[str, object]:
    """An empty source or product line fits all."""
    return {name: (value or None) if name in {"source", "product_line"} else value for name, value in fields.items()}


def _check_body(text: object) -> None:
    unknown = unknown_variables(str(text))
    if unknown:
        wrong = field_error("#/body", f"Unknown variables {unknown}; known are {list(VARIABLES)}.", "unknown_variable")
        raise Invalid("unknown_variable", wrong["detail"], errors=[wrong], variables=unknown)
