"""Imports over HTTP."""

import tempfile
from typing import Annotated, Any, BinaryIO, cast
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from backend.core import files, workbooks
from backend.core.clock import Now
from backend.core.errors import NotFound, TooLarge
from backend.core.http import problems
from backend.core.pagination import Cursor, Limit, Page
from backend.core.schemas import Name
from backend.identity.deps import CurrentActor, PersonSession
from backend.imports import reading, rules, service, template
from backend.imports.schemas import (
    ImportSettings,
    MappingIn,
    MappingOut,
    Mappings,
    RowKind,
    RowOut,
    RunCard,
    RunOut,
    TargetOut,
    Targets,
    Undo,
)
from backend.imports.targets.registry import TARGETS

router = APIRouter(tags=["imports"])
UPLOAD = "/imports"
LARGER_BODIES = {f"/api/v1{UPLOAD}": rules.MAX_BYTES + 1024}
BINARY = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "description": "The file"}
}
STEPS = problems(409)


@router.get("/import-targets")
async def list_import_targets(session: PersonSession, actor: CurrentActor) -> Targets:
    """The registers that this person may fill from a file, with their fields and who may get what is new."""
    del session
    actor.require("import.run")
    return Targets(
        items=[TargetOut.model_validate(target, from_attributes=True) for target in TARGETS.values() if actor.may(target.creates)]
    )


@router.get("/import-targets/{key}/template", response_class=Response, responses=FILE)
async def download_import_template(session: PersonSession, actor: CurrentActor, key: str) -> Response:
    """An empty workbook with the columns that are known, for who has no table of their own."""
    name, data = await template.download(session, actor, key)
    return Response(data, media_type=workbooks.MEDIA["xlsx"], headers=attachment(name))


@router.post(UPLOAD, status_code=201, responses=problems(413), openapi_extra={"requestBody": BINARY})
async def upload_import(
    session: PersonSession,
    actor: CurrentActor,
    request: Request,
    target: Annotated[Name, Query()],
    name: Annotated[Name, Query()],
    now: Now,
) -> RunOut:
    """The file as the body; what it is is told from its bytes. Reading goes on in the background."""
    actor.require("import.run")
    with tempfile.TemporaryFile(prefix="chengdan-upload-") as file:
        size = 0
        async for piece in request.stream():
            size += len(piece)
            if size > rules.MAX_BYTES:
                raise TooLarge("file_too_large", "A file may have at most 50 MB; split it.", limit=rules.MAX_BYTES)
            file.write(piece)
        return await service.upload(session, actor, target, name, cast("BinaryIO", file), now)


@router.get("/imports")
async def list_imports(session: PersonSession, cursor: Cursor = None, limit: Limit = 50) -> Page[RunCard]:
    """One's own runs, newest first; who reads the audit sees everybody's."""
    return await reading.runs(session, cursor, limit)


@router.get("/imports/{run_id}")
async def get_import(session: PersonSession, actor: CurrentActor, run_id: UUID, now: Now) -> RunOut:
    return await reading.run(session, run_id, actor.id, now)


@router.get("/imports/{run_id}/rows")
async def list_import_rows(
    session: PersonSession, actor: CurrentActor, run_id: UUID, kind: RowKind = "all", cursor: Cursor = None, limit: Limit = 50
) -> Page[RowOut]:
    """Rows of the file in its order, as they will be or were stored."""
    return await reading.rows(session, run_id, kind, cursor, limit, await reading.locale_of(session, actor.id))


@router.put("/imports/{run_id}/settings", responses=STEPS)
async def set_import_settings(session: PersonSession, actor: CurrentActor, run_id: UUID, body: ImportSettings, now: Now) -> RunOut:
    """How the file is read; every row is then checked in the background."""
    return await service.set_settings(session, actor, run_id, body, now)


@router.post("/imports/{run_id}/start", responses=STEPS)
async def start_import(session: PersonSession, actor: CurrentActor, run_id: UUID, now: Now) -> RunOut:
    return await service.start(session, actor, run_id, now)


@router.post("/imports/{run_id}/stop", responses=STEPS)
async def stop_import(session: PersonSession, actor: CurrentActor, run_id: UUID, now: Now) -> RunOut:
    """Nothing more is written: a batch under way is not finished. What stands stays, and the run can go on."""
    return await service.stop(session, actor, run_id, now)


@router.post("/imports/{run_id}/resume", responses=STEPS)
async def resume_import(session: PersonSession, actor: CurrentActor, run_id: UUID, now: Now) -> RunOut:
    return await service.resume(session, actor, run_id, now)


@router.post("/imports/{run_id}/undo", responses=STEPS)
async def undo_import(session: PersonSession, actor: CurrentActor, run_id: UUID, body: Undo, now: Now) -> RunOut:
    """Takes back what the run made and nobody has worked on since, within 30 days."""
    return await service.undo(session, actor, run_id, body.reason, now)


@router.post("/imports/{run_id}/discard", responses=STEPS)
async def discard_import(session: PersonSession, actor: CurrentActor, run_id: UUID, now: Now) -> RunOut:
    return await service.discard(session, actor, run_id, now)


@router.get("/imports/{run_id}/problems", response_class=StreamingResponse, responses=FILE)
async def download_import_problems(session: PersonSession, actor: CurrentActor, run_id: UUID) -> StreamingResponse:
    """The rows that were left out, with row number and reason, as a workbook; for the importer."""
    run, _ = await reading.run_row(session, run_id)
    file = await session.get(files.StoredFile, run.problems_file_id) if run.problems_file_id else None
    if file is None or file.dropped_at is not None:
        raise NotFound
    return file_answer(file, actor.id)


def attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


def file_answer(file: files.StoredFile, person_id: UUID) -> StreamingResponse:
    """Sent as an attachment, a part at a time."""
    headers = attachment(file.name) | {"Content-Length": str(file.size)}
    return StreamingResponse(files.pieces(file.id, str(person_id)), media_type=file.media_type, headers=headers)


@router.get("/import-mappings")
async def list_import_mappings(session: PersonSession, actor: CurrentActor, target: Annotated[Name, Query()]) -> Mappings:
    """Kept settings: one's own, then those that colleagues share."""
    return await service.mappings(session, actor, target)


@router.post("/import-mappings", status_code=201, responses=STEPS)
async def save_import_mapping(session: PersonSession, actor: CurrentActor, body: MappingIn, now: Now) -> MappingOut:
    """Keeps the settings of a run under a name; the same name again replaces them."""
    return await service.save_mapping(session, actor, body, now)


@router.post("/import-mappings/{mapping_id}/removal", status_code=204)
async def remove_import_mapping(session: PersonSession, actor: CurrentActor, mapping_id: UUID, now: Now) -> None:
    await service.forget_mapping(session, actor, mapping_id, now)
