"""From the operator's hand: the first administrator of an installation, and the way back in for a firm that is locked out."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import NotFound, Refused
from backend.identity import administrators, queries, service, sign_in
from backend.identity.events import PersonChanged
from backend.identity.models import Person
from backend.identity.rules import ADMINISTRATOR
from backend.identity.schemas import PersonCreate, PersonOut


async def create(
    session: AsyncSession, body: PersonCreate, password_hash: str, now: datetime, real_now: datetime, *, is_further: bool
) -> PersonOut:
    """An administrator from the operator's hand; beside an active one only where a further one is asked for."""
    await administrators.lock(session)
    held = (await session.scalars(queries.holders(ADMINISTRATOR).where(queries.has_access(Person, real_now)))).all()
    if held and not is_further:
        logins = ", ".join(person.login for person in held)
        raise Refused(
            "administrator_exists",
            f"{logins} can administer this installation: add colleagues in the browser, give a forgotten password anew with "
            f"`chengdan admin reset-password {held[0].login}`, or repeat the command with --again.",
        )
    return await service.add_person(session, body.model_copy(update={"roles": [ADMINISTRATOR]}), password_hash, now)


async def reset_password(session: AsyncSession, login: str, password_hash: str, now: datetime, real_now: datetime) -> None:
    """A new password from the operator's hand; it opens a lock and ends every session of that person."""
    person = await session.scalar(select(Person).where(Person.login == login, queries.has_access(Person, real_now)).with_for_update())
    if person is None:
        raise NotFound(
            "no_such_access", f"Nobody with access signs in as {login!r}. A firm without an administrator takes `chengdan admin create`."
        )
    await outbox.add(session, PersonChanged(person.id, ["password"]), now)
    await sign_in.set_password(session, person.id, password_hash, real_now, reason="password_reset")
