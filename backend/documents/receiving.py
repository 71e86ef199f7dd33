"""A file comes in: its bytes are safe before anything names them, and no connection to the database waits for a slow phone."""

import asyncio
from collections.abc import AsyncIterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Lens, bind, let_go
from backend.core.errors import Invalid
from backend.core.ids import new_id
from backend.core.pausepoints import pause
from backend.core.storage.base import Draft, away, receiving
from backend.core.storage.chosen import get_store
from backend.documents import kinds, queries, reading, sniffing
from backend.documents.models import DocumentUpload
from backend.documents.policies import FILED
from backend.documents.schemas import UploadOut
from backend.documents.sniffing import Dangerous, Kind, Refused
from backend.identity.deps import Actor, permission_missing

REMEDIES = {
    Refused.EMPTY: "The file is empty.",
    Refused.PROGRAM: "This is a program or a script, which could do harm to whoever opens it. Send the document itself, or an archive of it.",
    Refused.MARKUP: "Web pages and SVG pictures can hold scripts. Print the page to a PDF, or save the picture as PNG.",
}


async def receive(session: AsyncSession, actor: Actor, name: str, kind_key: str, pieces: AsyncIterable[bytes], now: datetime) -> UploadOut:
    """Keeps the bytes, then the row that names them; 413 beyond what files of this kind may have."""
    if not any(actor.may(permission) for permission in FILED.values()):
        raise permission_missing(next(iter(FILED.values())))
    most = kinds.most_bytes(await kinds.usable(session, kind_key, "query/kind"))
    await let_go(session)
    store = get_store()
    async with receiving(store, pieces, most) as draft:
        found = await asyncio.to_thread(_look, draft, name)
        await store.keep(draft.path, draft.sha256)
    await pause("documents.kept")
    await bind(session, Lens.PERSON, str(actor.id))
    await queries.HOLD.rows(session, wanted=draft.sha256)
    if not await store.holds(draft.sha256):
        raise away(FileNotFoundError(f"{draft.sha256} was swept while it was being named"))
    upload = DocumentUpload(
        id=new_id(), name=name, media_type=found.media_type, family=found.family.value, size=draft.size, sha256=draft.sha256,
        person_id=actor.id, at=now,
    )  # fmt: skip
    session.add(upload)
    await session.flush()
    return UploadOut.model_validate({**reading.file_fields(upload), "is_mismatched": sniffing.is_mismatched(found, name)})


def _look(draft: Draft, name: str) -> Kind:
    """422 with the remedy for what nobody should open."""
    try:
        with draft.path.open("rb") as file:
            return sniffing.kind_of(file, draft.head, name)
    except Dangerous as error:
        raise Invalid(error.why.value, REMEDIES[error.why]) from error
