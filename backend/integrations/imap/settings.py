"""The mailbox that the installation names."""

import asyncio

from backend.core.config import Settings
from backend.integrations.imap.client import FAILURES, PORTS, Server, opened
from backend.integrations.mailserver import Security


def mailbox(settings: Settings) -> Server | None:
    """None where the company has named none."""
    if not settings.imap_host:
        return None
    security = Security(settings.imap_security)
    return Server(
        host=settings.imap_host,
        port=settings.imap_port or PORTS[security],
        security=security,
        user=settings.imap_user,
        password=settings.imap_password.get_secret_value(),
        folder=settings.imap_folder,
        ca_file=settings.imap_ca_file,
        timeout_seconds=settings.imap_timeout_seconds,
    )


def _look(server: Server) -> None:
    with opened(server):
        pass


async def examine_mailbox(settings: Settings) -> tuple[bool, str]:
    """Signs in and opens the folder, and reads nothing: whether it is well, and what was seen or what to do."""
    server = mailbox(settings)
    if server is None:
        return True, "no mailbox is read (CHENGDAN_IMAP_HOST)"
    where = f"mailbox {server.folder} of {server.user} at {server.host}:{server.port}"
    try:
        await asyncio.to_thread(_look, server)
    except FAILURES as error:
        said = f"{type(error).__name__}: {error}".replace(server.password, "***") if server.password else str(error)
        return False, f"{where}: {said[:200]}; check CHENGDAN_IMAP_HOST and what belongs to it"
    return True, f"{where} can be read"
