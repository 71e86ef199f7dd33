"""What lives as long as its worker: the postman who sends, the door where letters come in; and the look into the mailbox."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import product_now, real_now
from backend.core.config import get_settings
from backend.core.db import DATABASE_ERRORS, Lens, transaction
from backend.core.errors import Problem
from backend.core.pausepoints import pause
from backend.core.tasks import carry_on
from backend.correspondence import receiving, rules, sending
from backend.correspondence.models import Mailbox
from backend.correspondence.routing import Envelope
from backend.integrations.imap.client import FAILURES, HEADERS, Folder, Server, opened
from backend.integrations.imap.settings import mailbox
from backend.integrations.smtp.client import MailClient, Sent
from backend.integrations.smtp.door import Away, Door, address_of
from backend.integrations.smtp.settings import mail_server

log = structlog.get_logger()
ACTOR = "system:mail"
FALLBACK_SECONDS = 2.0
LANES = 4
TRY_DOOR_AGAIN = 30.0
MOST_A_LOOK = 200
LOOK_BACK = timedelta(days=7)
"""How far back a folder is read that is new to us, or whose numbers have changed; what is known already is not taken twice."""
MEGABYTE = 1024 * 1024


async def send_next() -> bool:
    """One letter; False when none is due."""
    server = mail_server(get_settings())
    if server is None:
        return False
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        outgoing = await sending.claim(session, real_now())
    if outgoing is None:
        return False
    await pause("emails.claimed")
    source: tuple[str, int] | None = None
    try:
        letter = await sending.write(outgoing)
        source = await sending.keep(letter)
        sent = await MailClient(server).send(letter)
    except (ValueError, OSError, Problem) as error:
        sent = sending.cannot_be_written(error)
    await pause("emails.sent")
    await _record(outgoing, sent, source)
    return True


async def _record(outgoing: sending.Outgoing, sent: Sent, source: tuple[str, int] | None) -> None:
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        await sending.record(session, outgoing, sent, source, real_now(), product_now())


async def send_all() -> None:
    """Until none is due; some at once, as a slow server takes minutes for one."""
    if await send_next():
        async with asyncio.TaskGroup() as group:
            for _ in range(LANES):
                group.create_task(_send_on())


async def _send_on() -> None:
    while await send_next():
        pass


class Postman:
    """Sends what is due; wakes on the doorbell and looks by himself."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()

    def ring(self, _: str = "") -> None:
        self._bell.set()

    async def run(self) -> None:
        while True:
            try:
                await send_all()
            except Exception as error:  # noqa: BLE001 - whatever it is, the postman must not fall silent
                await carry_on("postman", error, 1)
            await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(FALLBACK_SECONDS):
                await self._bell.wait()
        except TimeoutError:
            return
        self._bell.clear()


async def _take(raw: bytes, mail_from: str, recipients: Sequence[str]) -> str:
    try:
        return str(await receiving.take(raw, Envelope(recipients, mail_from), product_now()))
    except (*DATABASE_ERRORS, Problem) as error:
        raise Away(type(error).__name__) from error


def door() -> Door:
    settings = get_settings()
    domain = settings.dropbox_address.rpartition("@")[2]
    most = settings.dropbox_max_megabytes * MEGABYTE
    return Door(lambda address: rules.is_dropbox(address, settings.dropbox_address), _take, most, domain)


async def keep_door() -> None:
    """Listens where the settings say. Of several workers on one machine one does; when it ends, another takes its place."""
    listen = get_settings().dropbox_listen
    if not listen:
        await asyncio.Event().wait()
    host, port = address_of(listen)
    while True:
        try:
            server = await door().open(host, port)
        except OSError as error:
            log.warning("door_not_open", listen=listen, error=str(error))
            await asyncio.sleep(TRY_DOOR_AGAIN)
            continue
        log.info("door_open", listen=listen)
        async with server:
            await server.serve_forever()


async def read_mailbox(ctx: dict[Any, Any]) -> int:
    """Takes in what has come to the mailbox since the last look, at most so many letters; returns how many."""
    del ctx
    server = mailbox(get_settings())
    if server is None:
        return 0
    try:
        return await _read(server)
    except FAILURES as error:
        log.warning("mailbox_not_read", mailbox=server.name, error=str(error)[:200])
        return 0


async def _read(server: Server) -> int:
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        known = await session.get(Mailbox, server.name)
    manager = opened(server)
    folder = await asyncio.to_thread(manager.__enter__)
    try:
        uids = await _fresh(folder, known)
        count = 0
        for uid in uids[:MOST_A_LOOK]:
            count += await _take_one(folder, uid)
            await _seen(server.name, folder.validity, uid)
        if not uids:
            await _seen(server.name, folder.validity, folder.newest)
        return count
    finally:
        await asyncio.to_thread(manager.__exit__, None, None, None)


async def _fresh(folder: Folder, known: Mailbox | None) -> list[int]:
    """Numbers mean nothing under another validity: then, as for a new folder, the last days are read."""
    if known is not None and known.uid_validity == folder.validity:
        return await asyncio.to_thread(folder.after, known.last_uid)
    since = (known.looked_at if known else real_now()) - LOOK_BACK
    return await asyncio.to_thread(folder.since, since.date())


async def _take_one(folder: Folder, uid: int) -> bool:
    size = (await asyncio.to_thread(folder.sizes, [uid])).get(uid, 0)
    is_beheaded = size > get_settings().dropbox_max_megabytes * MEGABYTE
    raw = await asyncio.to_thread(folder.fetch, uid, HEADERS) if is_beheaded else await asyncio.to_thread(folder.fetch, uid)
    if raw is None:
        return False
    await receiving.take(raw, Envelope(), product_now(), is_beheaded=is_beheaded)
    return True


async def _seen(name: str, validity: int, uid: int) -> None:
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        await _write(session, name, validity, uid, real_now())


async def _write(session: AsyncSession, name: str, validity: int, uid: int, now: datetime) -> None:
    values = {"uid_validity": validity, "last_uid": uid, "looked_at": now}
    await session.execute(insert(Mailbox).values(name=name, **values).on_conflict_do_update(index_elements=["name"], set_=values))
