"""A local mail server that speaks SMTP, with faults on demand."""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from openpyxl import load_workbook

from backend.embedded import ports


@dataclass
class Mailbox:
    """What arrived, and how the server behaves: `rcpt` and `data` are answers that are used up one a letter."""

    received: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    sessions: list[tuple[bool, Any]] = field(default_factory=list)
    """Of each letter: whether the way was encrypted, and who had signed in."""
    rcpt: dict[str, str] = field(default_factory=dict)
    """By recipient: what is said to them instead of 250."""
    data: deque[str] = field(default_factory=deque)
    user: tuple[str, str] | None = None
    delay: float = 0
    """Seconds from taking a letter to saying so."""
    port: int = 0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data:
            return self.data.popleft()
        message = cast("EmailMessage", message_from_bytes(cast("bytes", envelope.content), policy=policy.default))
        self.sessions.append((session.ssl is not None, session.auth_data))
        self.received.append((list(envelope.rcpt_tos), message))
        if self.delay:
            await asyncio.sleep(self.delay)
        return "250 Message accepted"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: Any) -> AuthResult:
        assert isinstance(auth_data, LoginPassword)
        given = (auth_data.login.decode(), auth_data.password.decode())
        return AuthResult(success=given == self.user, handled=False, auth_data=given[0])

    def to(self, address: str) -> list[EmailMessage]:
        return [message for people, message in list(self.received) if address in people]

    @property
    def message_ids(self) -> list[str]:
        return [str(message["Message-ID"]) for _, message in list(self.received)]


@contextmanager
def serving_mail(box: Mailbox, *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """A server on loopback, in a thread of its own."""
    made: Callable[..., Controller] = Controller
    options: dict[str, Any] = {"require_starttls": True, "tls_context": starttls} if starttls else {}
    if box.user:
        options |= {"authenticator": box.authenticate, "auth_required": True, "auth_require_tls": bool(starttls)}
    controller = made(box, hostname="127.0.0.1", port=box.port or ports.any_free(), ssl_context=tls, ready_timeout=10, **options)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


@asynccontextmanager
async def running_mail(**options: Any) -> AsyncIterator[Mailbox]:
    with serving_mail(Mailbox(), **options) as box:
        yield box


def text_of(message: EmailMessage) -> str:
    return str(cast("EmailMessage", message.get_body(("plain",))).get_content())


def html_of(message: EmailMessage) -> str:
    return str(cast("EmailMessage", message.get_body(("html",))).get_content())


def workbook_of(message: EmailMessage) -> tuple[str, list[tuple[Any, ...]]]:
    """Name and rows of the one attached workbook."""
    (file,) = message.iter_attachments()
    sheet = load_workbook(BytesIO(cast("bytes", file.get_content())), read_only=True).worksheets[0]
    return str(file.get_filename()), list(sheet.iter_rows(values_only=True))
