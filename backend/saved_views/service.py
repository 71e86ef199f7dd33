"""Making, sharing and removing saved views."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Forbidden, Invalid, NotFound, Refused, field_error
from backend.core.ids import new_id
from backend.core.locking import require_version
from backend.identity.deps import Actor
from backend.identity.models import Person
from backend.saved_views import rules
from backend.saved_views.events import ViewChanged
from backend.saved_views.models import SavedView
from backend.saved_views.rules import Sharing
from backend.saved_views.schemas import ViewCreate, ViewOut, ViewPatch, Views


def _views() -> Select[SavedView, str]:
    return (
        select(SavedView, Person.name.label("owner_name"))
        .join(Person, Person.id == SavedView.owner_id)
        .where(SavedView.removed_at.is_(None))
    )


def _out(row: Any, actor: Actor) -> ViewOut:
    view, owner_name = row
    is_mine = view.owner_id == actor.id
    fields = {name: getattr(view, name) for name in ("id", "subject", "name", "sharing", "settings", "version")}
    owner = {"id": view.owner_id, "name": owner_name}
    return ViewOut.model_validate({**fields, "owner": owner, "is_mine": is_mine, "is_default": view.is_default and is_mine})


async def listed(session: AsyncSession, actor: Actor, subject: str) -> Views:
    """One's own first, then what others share, by name."""
    order = ((SavedView.owner_id != actor.id), SavedView.name, SavedView.id)
    rows = await session.execute(_views().where(SavedView.subject == subject).order_by(*order).limit(200))
    return Views(items=[_out(row, actor) for row in rows])


async def one(session: AsyncSession, actor: Actor, view_id: UUID) -> ViewOut:
    row = (await session.execute(_views().where(SavedView.id == view_id).execution_options(populate_existing=True))).first()
    if row is None:
        raise NotFound
    return _out(row, actor)


async def create(session: AsyncSession, actor: Actor, body: ViewCreate, now: datetime) -> ViewOut:
    settings = _checked(body.subject, body.settings)
    _require_sharing(actor, body.sharing)
    mine = (SavedView.owner_id == actor.id, SavedView.subject == body.subject, SavedView.removed_at.is_(None))
    if (await session.scalar(select(func.count()).where(*mine)) or 0) >= rules.MOST_VIEWS:
        raise Refused("too_many_views", "Remove a view before you save another one.", most=rules.MOST_VIEWS)
    if body.is_default:
        await _no_other_default(session, actor, body.subject)
    fields = body.model_dump(exclude={"settings"}, mode="json")
    view = SavedView(**fields, id=new_id(), settings=settings, owner_id=actor.id, region_id=actor.region_id, created_at=now)
    session.add(view)
    await session.flush()
    await outbox.add(session, ViewChanged(view.id), now)
    return await one(session, actor, view.id)


async def change(session: AsyncSession, actor: Actor, view_id: UUID, body: ViewPatch, version: int, now: datetime) -> ViewOut:
    view = await _mine_locked(session, actor, view_id)
    require_version(version, view.version, await one(session, actor, view_id))
    changes = body.model_dump(exclude_none=True, mode="json")
    if "settings" in changes:
        changes["settings"] = _checked(view.subject, changes["settings"])
    if body.sharing is not None:
        _require_sharing(actor, body.sharing)
        changes["region_id"] = actor.region_id
    if body.is_default:
        await _no_other_default(session, actor, view.subject)
    for name, value in changes.items():
        setattr(view, name, value)
    await session.flush()
    await outbox.add(session, ViewChanged(view_id), now)
    return await one(session, actor, view_id)


async def remove(session: AsyncSession, actor: Actor, view_id: UUID, now: datetime) -> None:
    """The view leaves every list; its row stays for the audit."""
    view = await _mine_locked(session, actor, view_id)
    view.removed_at, view.is_default = now, False
    await session.flush()
    await outbox.add(session, ViewChanged(view_id), now)


async def _mine_locked(session: AsyncSession, actor: Actor, view_id: UUID) -> SavedView:
    if not (await one(session, actor, view_id)).is_mine:
        raise Forbidden("not_your_view", "Only its owner changes a view; save a copy of your own.")
    view = await session.scalar(select(SavedView).where(SavedView.id == view_id, SavedView.removed_at.is_(None)).with_for_update())
    if view is None:
        raise NotFound
    return view


async def _no_other_default(session: AsyncSession, actor: Actor, subject: str) -> None:
    old = (SavedView.owner_id == actor.id, SavedView.subject == subject, SavedView.is_default)
    values = {"is_default": False, "version": SavedView.version + 1}
    await session.execute(update(SavedView).where(*old).values(values).execution_options(synchronize_session="fetch"))


def _require_sharing(actor: Actor, sharing: Sharing) -> None:
    if sharing is Sharing.OWN:
        return
    actor.require("view.share")
    if sharing is Sharing.REGION and actor.region_id is None:
        wrong = field_error("#/sharing", "You belong to no region; share it with the company.", "no_region")
        raise Invalid("no_region", wrong["detail"], errors=[wrong])


def _checked(subject: str, settings: dict[str, Any]) -> dict[str, Any]:
    """The settings as the list of this subject keeps them."""
    check = rules.SUBJECTS.get(subject)
    if check is None:
        wrong = field_error("#/subject", f"Choose one of {sorted(rules.SUBJECTS)}.", "unknown")
        raise Invalid("unknown_subject", wrong["detail"], errors=[wrong])
    try:
        return check(settings)
    except ValueError as error:
        wrong = field_error("#/settings", "These are no settings of this list.", "invalid")
        raise Invalid("bad_view_settings", wrong["detail"], errors=[wrong]) from error
