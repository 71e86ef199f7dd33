"""Reading and changing pipelines."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, NotFound, Refused, field_error
from backend.core.ids import new_id
from backend.core.locking import require_version, take_turns
from backend.documents.models import DocumentKind
from backend.identity.deps import Actor
from backend.identity.models import Person
from backend.pipelines import rules
from backend.pipelines.events import PipelineChanged
from backend.pipelines.models import PipelineRow, PipelineVersion, StageRow
from backend.pipelines.rules import Pipeline
from backend.pipelines.schemas import PipelineOut, PipelinesOut, PipelineVersionDetail, PipelineVersionOut, PipelineVersions, StageOut

MANAGES = "pipelines.manage"
MOST_VERSIONS = 200
MOST_PIPELINES = 50


async def pipelines(session: AsyncSession) -> PipelinesOut:
    """All that there are: the default one first, those out of use last."""
    table = PipelineRow
    query = select(table).order_by(table.is_default.desc(), table.is_active.desc(), table.id).limit(MOST_PIPELINES)
    rows = (await session.scalars(query.execution_options(populate_existing=True))).all()
    stages = await _stages(session, [row.id for row in rows])
    return PipelinesOut(items=[_out(row, stages[row.id]) for row in rows])


async def pipeline(session: AsyncSession, pipeline_id: UUID) -> PipelineOut:
    row = await session.get(PipelineRow, pipeline_id, populate_existing=True)
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
    await take_turns(session, "pipelines")
    if (await session.scalar(select(func.count()).select_from(PipelineRow)) or 0) >= MOST_PIPELINES:
        raise Refused("too_many_pipelines", f"There are {MOST_PIPELINES} pipelines already; change one of them.", most=MOST_PIPELINES)
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
    await require_usable(session, before, wanted)
    row.name_zh, row.name_en = wanted.name_zh, wanted.name_en
    if not session.is_modified(row):
        row.version = row.version + 1
    await session.flush()
    await _save(session, pipeline_id, row.version, wanted, actor.id, now)
    return await pipeline(session, pipeline_id)


async def make_default(session: AsyncSession, actor: Actor, pipeline_id: UUID, now: datetime) -> PipelineOut:
    """Exactly one is the default one: the one before steps back in the same transaction."""
    actor.require(MANAGES)
    await take_turns(session, "pipelines")
    found = await pipeline(session, pipeline_id)
    if not found.is_active:
        raise Refused("pipeline_out_of_use", "Put this pipeline into use before it becomes the default one.")
    if not found.is_default:
        await _switch(session, PipelineRow.is_default, is_default=False)
        await _switch(session, PipelineRow.id == pipeline_id, is_default=True)
        await outbox.add(session, PipelineChanged(pipeline_id, found.version), now)
    return await pipeline(session, pipeline_id)


async def set_use(session: AsyncSession, actor: Actor, pipeline_id: UUID, *, is_active: bool, now: datetime) -> PipelineOut:
    """Out of use it takes no new opportunities; those in it go on to their end."""
    actor.require(MANAGES)
    await take_turns(session, "pipelines")
    found = await pipeline(session, pipeline_id)
    if found.is_default and not is_active:
        raise Refused("default_stays_in_use", "New opportunities get this pipeline; make another one the default first.")
    if found.is_active is not is_active:
        await _switch(session, PipelineRow.id == pipeline_id, is_active=is_active)
        await outbox.add(session, PipelineChanged(pipeline_id, found.version), now)
    return await pipeline(session, pipeline_id)


async def _switch(session: AsyncSession, which: Any, **values: bool) -> None:
    """The version stays: it numbers what stages ask for, and an open editor stays good."""
    statement = update(PipelineRow).where(which).values(values)
    await session.execute(statement.execution_options(synchronize_session=False))


async def versions(session: AsyncSession, pipeline_id: UUID) -> PipelineVersions:
    await pipeline(session, pipeline_id)
    rows = await session.execute(_saved(pipeline_id).order_by(PipelineVersion.number.desc()).limit(MOST_VERSIONS))
    return PipelineVersions(items=[PipelineVersionOut.model_validate(_version_fields(row)) for row in rows])


async def version(session: AsyncSession, pipeline_id: UUID, number: int) -> PipelineVersionDetail:
    """One that somebody saved; 404 when there is none of that number."""
    row = (await session.execute(_saved(pipeline_id).where(PipelineVersion.number == number))).first()
    if row is None:
        raise NotFound
    return PipelineVersionDetail.model_validate({**_version_fields(row), "content": Pipeline.model_validate(row.content)})


def _saved(pipeline_id: UUID) -> Select[Any]:
    table = PipelineVersion
    return (
        select(table.number, table.content, table.changed_by, table.changed_at, Person.name)
        .outerjoin(Person, Person.id == table.changed_by)
        .where(table.pipeline_id == pipeline_id)
    )


def _version_fields(row: Any) -> dict[str, Any]:
    who = {"id": row.changed_by, "name": row.name} if row.changed_by else None
    return {"number": row.number, "changed_by": who, "changed_at": row.changed_at, "note": row.content["note"]}


async def require_usable(session: AsyncSession, before: PipelineOut, wanted: Pipeline) -> None:
    """422 that names each place where the pipeline could not work, or would forget a stage that has a history."""
    await _refuse_faults(session, wanted)
    _refuse_loss(before, wanted)


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
            **stage.model_dump(exclude={"next_step", "entry", "exit", "milestones", "baseline_rate"}),
            "id": new_id(),
            "pipeline_id": pipeline_id,
            "position": place,
            "baseline_rate": stage.baseline_rate,
            "win_rate": rates[stage.key],
            "next_step": stage.next_step.model_dump(mode="json") if stage.next_step else None,
            "entry": [one.model_dump(mode="json") for one in stage.entry],
            "exit": [one.model_dump(mode="json") for one in stage.exit],
            "milestones": [one.model_dump(mode="json") for one in stage.milestones],
        }
        for place, stage in enumerate(wanted.stages)
    ]
    statement = insert(StageRow).values(rows)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in {"id", "pipeline_id", "key"}}
    await session.execute(statement.on_conflict_do_update(index_elements=["pipeline_id", "key"], set_=changed))


async def default_id(session: AsyncSession) -> UUID:
    """The pipeline that a new opportunity gets."""
    return (await session.execute(select(PipelineRow.id).where(PipelineRow.is_default))).scalar_one()
