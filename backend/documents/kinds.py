"""Sorts of documents, as an administrator keeps them."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, NotFound, Refused, TooLarge, field_error
from backend.core.locking import require_version
from backend.documents import queries, rules
from backend.documents.events import DocumentKindChanged
from backend.documents.models import DocumentKind
from backend.documents.schemas import DocumentKindFields, DocumentKindOut, DocumentKindPatch, DocumentKinds
from backend.identity.deps import Actor

MANAGES = "settings.manage"


async def list_kinds(session: AsyncSession) -> DocumentKinds:
    """All of them, in their order."""
    rows = (await session.scalars(queries.all_kinds())).all()
    return DocumentKinds(items=[DocumentKindOut.model_validate(row) for row in rows])


async def create(session: AsyncSession, actor: Actor, body: DocumentKindFields, now: datetime) -> DocumentKind:
    """The new one comes last."""
    actor.require(MANAGES)
    if await session.get(DocumentKind, body.key):
        said = "This key exists; choose another."
        raise Invalid("invalid_input", said, errors=[field_error("#/key", said, "taken")])
    last = await session.scalar(select(func.max(DocumentKind.sort)))
    kind = DocumentKind(**body.model_dump(), sort=0 if last is None else last + 1, is_active=True)
    session.add(kind)
    await session.flush()
    await outbox.add(session, DocumentKindChanged.of(kind.key), now)
    return kind


async def change(session: AsyncSession, actor: Actor, key: str, body: DocumentKindPatch, version: int, now: datetime) -> DocumentKind:
    """Only the fields that are sent."""
    actor.require(MANAGES)
    kind = await session.scalar(select(DocumentKind).where(DocumentKind.key == key).with_for_update())
    if kind is None:
        raise NotFound
    require_version(version, kind.version, DocumentKindOut.model_validate(kind))
    for name, value in body.model_dump(exclude_unset=True).items():
        setattr(kind, name, value)
    await session.flush()
    await outbox.add(session, DocumentKindChanged.of(key), now)
    return kind


async def order(session: AsyncSession, actor: Actor, keys: list[str], now: datetime) -> DocumentKinds:
    """All kinds in their new order; refused when one came meanwhile."""
    actor.require(MANAGES)
    rows = (await session.scalars(select(DocumentKind).order_by(DocumentKind.key).with_for_update())).all()
    by_key = {row.key: row for row in rows}
    if len(keys) != len(rows) or set(keys) != set(by_key):
        raise Refused("kinds_changed", "The list of document kinds has changed; read it again and order it then.")
    for place, key in enumerate(keys):
        by_key[key].sort = place
    await session.flush()
    for key in keys[:1]:
        await outbox.add(session, DocumentKindChanged.of(key), now)
    return await list_kinds(session)


async def usable(session: AsyncSession, key: str, pointer: str = "#/kind") -> DocumentKind:
    """422 where there is no such kind in use."""
    kind = await session.get(DocumentKind, key)
    if kind is None or not kind.is_active:
        said = "Choose a kind of document that is in use."
        raise Invalid("invalid_input", said, errors=[field_error(pointer, said, "unknown")])
    return kind


def most_bytes(kind: DocumentKind) -> int:
    return kind.max_megabytes * rules.MEGABYTE


def refuse_larger(kind: DocumentKind, size: int, pointer: str = "#/upload_id") -> None:
    if size > most_bytes(kind):
        said = f"A file of the kind {kind.name_en} may have at most {kind.max_megabytes} MB."
        wrong = field_error(pointer, said, "upload_too_large")
        raise TooLarge("upload_too_large", said, errors=[wrong], limit=most_bytes(kind), kind=kind.key)
