"""Reading and changing pipelines."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, NotFound, field_error
from backend.core.ids import new_id
from backend.core.locking import require_version
from backend.documents.models import DocumentKind
from backend.identity.deps import Actor
from backend.identity.models import Person
from backend.pipelines import rules
from backend.pipelines.events import PipelineChanged
from backend.pipelines.models import PipelineRow, PipelineVersion, StageRow
from backend.pipelines.rules import Pipeline
from backend.pipelines.schemas import PipelineOut, PipelinesOut, PipelineVersionOut, PipelineVersions, StageOut

MANAGES = "pipelines.manage"
MOST_VERSIONS = 200


async def pipelines(session: AsyncSession) -> PipelinesOut:
    """All that are in use, the default one first."""
    in_use = select(PipelineRow).where(PipelineRow.is_active).order_by(PipelineRow.is_default.desc(), PipelineRow.id)
    rows = (await session.scalars(in_use)).all()
    stages = await _stages(session, [row.id for row in rows])
    return PipelinesOut(items=[_out(row, stages[row.id]) for row in rows])


async def pipeline(session: AsyncSession, pipeline_id: UUID) -> PipelineOut:
    row = await session.get(PipelineRow, pipeline_id)
    if row is None:
        raise NotFound
    return _out(row, (await _stages(session, [pipeline_id]))[pipeline_id])


async def _stages(session: AsyncSession, pipeline_ids: list[UUID]) -> dict[UUID, list[StageRow]]:
    found: dict[UUID, list[StageRow]] = {pipeline_id: [] for pipeline_id in pipeline_ids}
    query = select(StageRow).where(StageRow.pipeline_id.in_(pipeline_ids)).order_by(StageRow.position)
    for stage in await session.scalars(query.execution_options(populate_existing=True)):
        found[stage.pipeline_id].append(stage)
    return found


def _out(row: PipelineRow, stages: list[StageRow]) -> PipelineOut:
    fields = {name: getattr(row, name) for name in ("id", "name_zh", "name_en", "is_default", "is_active", "version")}
    return PipelineOut.model_validate({**fields, "stages": [StageOut.model_validate(stage) for stage in stages]})


def as_rules(shown: PipelineOut) -> Pipeline:
    """A pipeline as `rules` reasons about it."""
    derived = {"id", "win_rate"}
    stages = [rules.Stage.model_validate(stage.model_dump(exclude=derived)) for stage in shown.stages]
    return Pipeline(name_zh=shown.name_zh, name_en=shown.name_en, stages=tuple(stages))


async def create(session: AsyncSession, actor: Actor, wanted: Pipeline, now: datetime) -> PipelineOut:
    """A further kind of business, which opportunities can be given from now on."""
    actor.require(MANAGES)
    await _refuse_faults(session, wanted)
    row = PipelineRow(id=new_id(), name_zh=wanted.name_zh, name_en=wanted.name_en)
    session.add(row)
    await session.flush()
    await _save(session, row.id, row.version, wanted, actor.id, now)
    return await pipeline(session, row.id)


async def change(session: AsyncSession, actor: Actor, pipeline_id: UUID, wanted: Pipeline, version: int, now: datetime) -> PipelineOut:
    """Other stages from now on; opportunities stay where they are, and their next move goes by the new ones."""
    actor.require(MANAGES)
    row = await session.scalar(select(PipelineRow).where(PipelineRow.id == pipeline_id).with_for_update())
    if row is None:
        raise NotFound
    before = await pipeline(session, pipeline_id)
    require_version(version, row.version, before.model_dump(mode="json"))
    await _refuse_faults(session, wanted)
    _refuse_loss(before, wanted)
    row.name_zh, row.name_en = wanted.name_zh, wanted.name_en
    if not session.is_modified(row):
        row.version = row.version + 1
    await session.flush()
    await _save(session, pipeline_id, row.version, wanted, actor.id, now)
    return await pipeline(session, pipeline_id)


async def versions(session: AsyncSession, pipeline_id: UUID) -> PipelineVersions:
    await pipeline(session, pipeline_id)
    query = (
        select(PipelineVersion.number, PipelineVersion.content, PipelineVersion.changed_by, PipelineVersion.changed_at, Person.name)
        .outerjoin(Person, Person.id == PipelineVersion.changed_by)
        .where(PipelineVersion.pipeline_id == pipeline_id)
        .order_by(PipelineVersion.number.desc())
        .limit(MOST_VERSIONS)
    )
    rows = (await session.execute(query)).all()
    return PipelineVersions(items=[_version_out(row) for row in rows])


def _version_out(row: Any) -> PipelineVersionOut:
    who = {"id": row.changed_by, "name": row.name} if row.changed_by else None
    fields = {"number": row.number, "changed_by": who, "changed_at": row.changed_at, "note": row.content["note"]}
    return PipelineVersionOut.model_validate(fields)


async def _refuse_faults(session: AsyncSession, wanted: Pipeline) -> None:
    usable = set(await session.scalars(select(DocumentKind.key).where(DocumentKind.is_active)))
    found = [*rules.faults(wanted), *rules.faults_of_documents(wanted, usable)]
    errors = [field_error(fault.pointer, fault.detail, fault.code) for fault in found]
    if errors:
        raise Invalid("invalid_input", errors[0]["detail"], errors=errors)


def _refuse_loss(before: PipelineOut, wanted: Pipeline) -> None:
    """History names stages: one that was there stays, and stays of its kind."""
    errors = []
    for stage in before.stages:
        kept = wanted.stage(stage.key)
        if kept is None:
            said = f"The stage {stage.key} has a history; take it out of use instead of leaving it out."
            errors.append(field_error("#/stages", said, "stage_missing"))
        elif kept.kind is not stage.kind:
            place = wanted.stages.index(kept)
            errors.append(
                field_error(f"#/stages/{place}/kind", f"The stage {stage.key} stays of the kind {stage.kind.value}.", "kind_stays")
            )
    if errors:
        raise Invalid("invalid_input", errors[0]["detail"], errors=errors)


async def _save(session: AsyncSession, pipeline_id: UUID, number: int, wanted: Pipeline, by: UUID | None, now: datetime) -> None:
    """The stages as they stand from now on, the version that they make, and the word about it."""
    await put_stages(session, pipeline_id, wanted)
    await session.execute(
        insert(PipelineVersion).values(
            id=new_id(), pipeline_id=pipeline_id, number=number, content=wanted.model_dump(mode="json"), changed_by=by, changed_at=now
        )
    )
    await outbox.add(session, PipelineChanged(pipeline_id, number), now)


async def put_stages(session: AsyncSession, pipeline_id: UUID, wanted: Pipeline) -> None:
    """Writes each stage over the one with its key."""
    rates = rules.win_rates(wanted.stages)
    rows = [
        {
            **stage.model_dump(exclude={"next_step", "entry", "exit", "baseline_rate"}),
            "id": new_id(),
            "pipeline_id": pipeline_id,
            "position": place,
            "baseline_rate": stage.baseline_rate,
            "win_rate": rates[stage.key],
            "next_step": stage.next_step.model_dump(mode="json") if stage.next_step else None,
            "entry": [one.model_dump(mode="json") for one in stage.entry],
            "exit": [one.model_dump(mode="json") for one in stage.exit],
        }
        for place, stage in enumerate(wanted.stages)
    ]
    statement = insert(StageRow).values(rows)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in {"id", "pipeline_id", "key"}}
    await session.execute(statement.on_conflict_do_update(index_elements=["pipeline_id", "key"], set_=changed))


async def default_id(session: AsyncSession) -> UUID:
    """The pipeline that a new opportunity gets."""
    return (await session.execute(select(PipelineRow.id).where(PipelineRow.is_default))).scalar_one()
