"""Takes letters in by SMTP (RFC 5321) for one purpose: it never passes a letter on, and says 250 only when it is kept."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from backend.core.config import Settings

log = structlog.get_logger()
MOST_RECIPIENTS = 100
LONGEST_LINE = 64 * 1024
IDLE_SECONDS = 120
SECONDS_TO_GREET = 5
IDENT = "Chengdan"

Take = Callable[[bytes, str, Sequence[str]], Awaitable[str]]
"""Keeps a letter (its bytes, the sender and the recipients on its envelope); returns when it is committed, with the name that it has here."""


class Away(Exception):
    """The letter cannot be kept now: the sender shall come again."""


class _Server(SMTP):
    line_length_limit = LONGEST_LINE
    """Programs write longer lines than the standard allows."""


@dataclass(frozen=True)
class Door:
    """What is said to a server that brings letters."""

    is_ours: Callable[[str], bool]
    take: Take
    most_bytes: int
    name: str

    async def handle_RCPT(  # noqa: N802 - named by the library
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session
        if not self.is_ours(address):
            return "550 5.7.1 We take letters for our own address only"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - named by the library
        del server, session
        given = envelope.original_content or b""
        try:
            kept = await self.take(given, (envelope.mail_from or "").strip("<>"), list(envelope.rcpt_tos))
        except Away as error:
            log.warning("letter_waits", why=str(error))
            return "451 4.3.0 The letter cannot be kept at the moment, bring it again later"
        except Exception:  # whatever it is, who brought the letter keeps it
            log.exception("letter_not_taken")
            return "451 4.3.0 Something went wrong here, bring the letter again later"
        return f"250 2.0.0 Kept as {kept}"

    def _protocol(self) -> SMTP:
        return _Server(
            self, data_size_limit=self.most_bytes, enable_SMTPUTF8=True, hostname=self.name, ident=IDENT, timeout=IDLE_SECONDS,
            loop=asyncio.get_running_loop(),
        )  # fmt: skip

    async def open(self, host: str, port: int) -> asyncio.Server:
        """Listens; OSError where somebody else does."""
        return await asyncio.get_running_loop().create_server(self._protocol, host, port)


async def examine_door(settings: Settings) -> tuple[bool, str]:
    """Whether letters can come in by SMTP: nobody else holds the port."""
    if not settings.dropbox_listen:
        return True, "no letters are taken in by SMTP (CHENGDAN_DROPBOX_LISTEN)"
    host, port = address_of(settings.dropbox_listen)
    where = f"letters for {settings.dropbox_address} at {settings.dropbox_listen}"
    try:
        async with asyncio.timeout(SECONDS_TO_GREET):
            reader, writer = await asyncio.open_connection(host, port)
            greeting = await reader.readline()
            writer.close()
    except OSError:
        return _is_free(host, port), f"{where}: the worker will listen there"
    except TimeoutError:
        greeting = b""
    is_ours = greeting.startswith(b"220") and IDENT.encode() in greeting
    return is_ours, f"{where}: " + (
        "taken in by a worker" if is_ours else "another program listens there; choose another CHENGDAN_DROPBOX_LISTEN"
    )


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def address_of(listen: str) -> tuple[str, int]:
    """`host:port`, the host of an IPv6 address in brackets."""
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)
