"""Forms as marketing keeps them: fields, mapping with its history, secrets with rotation."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, NotFound, Refused, field_error
from backend.core.ids import new_id
from backend.core.locking import require_version
from backend.identity.deps import Actor
from backend.webhooks import queries
from backend.webhooks.events import FormChanged
from backend.webhooks.forms import compile_mapping
from backend.webhooks.mapping import TARGETS, TRANSFORMS
from backend.webhooks.models import Form, FormMapping, FormSecret
from backend.webhooks.rules import PREFIX, SecretKind
from backend.webhooks.schemas import FormCreate, FormMappings, FormOut, FormPatch, Forms, NewSecret, SecretCreate, SecretOut, Secrets

INBOUND = "/api/v1/inbound/forms/"
SECRET_BYTES = 32


async def list_forms(session: AsyncSession, actor: Actor) -> Forms:
    actor.require("forms.read")
    items = [form_out(form) for form in await session.scalars(queries.forms())]
    return Forms(items=items, targets=[*TARGETS], transforms=[*TRANSFORMS])


def form_out(form: Form) -> FormOut:
    plain = {name: getattr(form, name) for name in FormOut.model_fields if name != "path"}
    return FormOut.model_validate({**plain, "path": INBOUND + form.key})


async def form_by_id(session: AsyncSession, actor: Actor, form_id: UUID) -> FormOut:
    form = await _form(session, form_id)
    actor.require("forms.read")
    return form_out(form)


async def _form(session: AsyncSession, form_id: UUID) -> Form:
    form = await session.get(Form, form_id)
    if form is None:
        raise NotFound
    return form


async def _form_to_change(session: AsyncSession, actor: Actor, form_id: UUID) -> Form:
    """404 when it is not visible, 403 when it may not be changed, else locked."""
    await _form(session, form_id)
    actor.require("forms.manage")
    locked = select(Form).where(Form.id == form_id).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(locked)).one()


async def create_form(session: AsyncSession, actor: Actor, body: FormCreate, now: datetime) -> FormOut:
    actor.require("forms.manage")
    _check_mapping(body.mapping)
    await _check_key(session, None, body.key)
    form = Form(**body.model_dump(mode="json"))
    session.add(form)
    await session.flush()
    await outbox.add(session, FormChanged(form.id, ["created"]), now)
    return form_out(form)


async def change_form(session: AsyncSession, actor: Actor, form_id: UUID, body: FormPatch, version: int, now: datetime) -> FormOut:
    """Only the fields that are sent; a mapping that gives way is kept."""
    form = await _form_to_change(session, actor, form_id)
    require_version(version, form.version, form_out(form))
    changes = {name: value for name, value in body.model_dump(mode="json", exclude_unset=True).items() if value is not None}
    if "key" in changes:
        await _check_key(session, form_id, changes["key"])
    if "mapping" in changes:
        _check_mapping(changes["mapping"])
        if changes["mapping"] != form.mapping:
            kept = {"form_id": form_id, "version": form.version, "mapping": form.mapping}
            await session.execute(insert(FormMapping).values(**kept, replaced_at=now, replaced_by=actor.id).inline())
    for name, value in changes.items():
        setattr(form, name, value)
    await session.flush()
    await outbox.add(session, FormChanged(form_id, sorted(changes)), now)
    return form_out(form)


def _check_mapping(mapping: dict[str, Any]) -> None:
    _, faults = compile_mapping(mapping)
    if faults:
        errors = [field_error(f"#/mapping/{fault.field}", fault.detail, fault.code) for fault in faults]
        raise Invalid("invalid_mapping", "Some lines of the mapping make no sense; each is named in `errors`.", errors=errors)


async def _check_key(session: AsyncSession, form_id: UUID | None, key: str) -> None:
    holder = await session.scalar(select(Form.id).where(Form.key == key))
    if holder is not None and holder != form_id:
        raise Invalid("form_key_taken", "Another form has this key.", errors=[field_error("#/key", "Another form has this key.", "taken")])


async def list_mappings(session: AsyncSession, actor: Actor, form_id: UUID) -> FormMappings:
    """What the form's mapping was before, newest first."""
    await _form(session, form_id)
    actor.require("forms.read")
    rows = (await session.execute(queries.replaced_mappings(form_id))).all()
    items = [
        {"version": row.version, "mapping": row.mapping, "replaced_at": row.replaced_at, "replaced_by": person} for row, person in rows
    ]
    return FormMappings.model_validate({"items": items})


async def list_secrets(session: AsyncSession, actor: Actor, form_id: UUID, real_now: datetime) -> Secrets:
    await _form(session, form_id)
    actor.require("forms.manage")
    rows = (await session.execute(queries.form_secrets(form_id))).all()
    return Secrets(items=[_secret_out(row, real_now) for row in rows])


def _secret_out(row: Any, real_now: datetime) -> SecretOut:
    is_live = row.valid_until is None or row.valid_until > real_now
    return SecretOut.model_validate({**row._mapping, "is_live": is_live})


async def rotate_secret(
    session: AsyncSession, actor: Actor, form_id: UUID, body: SecretCreate, now: datetime, real_now: datetime
) -> NewSecret:
    """A new secret, shown this once; the old ones of its kind end after the overlap."""
    await _form_to_change(session, actor, form_id)
    until = real_now + timedelta(hours=body.overlap_hours)
    await session.scalar(select(func.form_end_secrets(form_id, body.kind.value, None, until)))
    made = NewSecret(id=new_id(), kind=body.kind, secret=new_secret(body.kind))
    fields = {"id": made.id, "kind": body.kind.value, "secret": made.secret, "created_at": real_now}
    await session.execute(insert(FormSecret).values(form_id=form_id, **fields).inline())
    await outbox.add(session, FormChanged(form_id, ["secret"]), now)
    return made


def new_secret(kind: SecretKind) -> str:
    """256 random bits: `whsec_…` for signatures, a plain text for tokens."""
    raw = secrets.token_bytes(SECRET_BYTES)
    return PREFIX + base64.b64encode(raw).decode() if kind is SecretKind.SIGNATURE else base64.urlsafe_b64encode(raw).decode().rstrip("=")


async def end_secret(session: AsyncSession, actor: Actor, form_id: UUID, secret_id: UUID, now: datetime, real_now: datetime) -> Secrets:
    """The secret counts no more, at once."""
    await _form_to_change(session, actor, form_id)
    ended = await session.scalar(select(func.form_end_secrets(form_id, None, secret_id, real_now)))
    if not ended:
        raise Refused("secret_not_live", "This secret has ended already, or is none of this form's.")
    await outbox.add(session, FormChanged(form_id, ["secret"]), now)
    return await list_secrets(session, actor, form_id, real_now)
