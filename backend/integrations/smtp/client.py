"""Hands letters to a mail server; every failure comes back as an answer, never as an exception."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiosmtplib

from backend.integrations.answers import Answer, Outcome
from backend.integrations.mailserver import Account, Security
from backend.integrations.smtp import wire
from backend.integrations.smtp.wire import Letter

SECONDS_A_MEGABYTE = 10
LONGEST_SECONDS = 240
"""Of a whole letter, however large; who sends it holds a lease that is longer."""
GOODBYE_SECONDS = 5


PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


@dataclass(frozen=True)
class Server(Account):
    """That takes our letters."""

    def connection(self) -> aiosmtplib.SMTP:
        """Not opened yet."""
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user or None,
            password=self.password or None,
            use_tls=self.security is Security.TLS,
            start_tls=self.security is Security.STARTTLS,
            tls_context=self.context(),
            timeout=self.timeout_seconds,
        )


@dataclass(frozen=True)
class Sent:
    """What became of a letter: `refused` names every recipient that was not taken, with the server's code and words."""

    answer: Answer
    refused: Mapping[str, tuple[int, str]] = field(default_factory=dict)


class MailClient:
    """One connection a letter: a server that hangs up between two of them harms nobody."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def send(self, letter: Letter) -> Sent:
        """After a time-out nobody knows whether the letter arrived: the next try has the same Message-ID."""
        try:
            message = wire.compose(letter)
        except ValueError as error:
            return Sent(
                Answer(Outcome.PERMANENT, None, f"the letter cannot be written: {error}"[: wire.LONGEST_LINE], is_about_message=True)
            )
        raw_size = sum(len(file.data) for file in letter.attachments)
        most = min(3 * self._server.timeout_seconds + raw_size / 1_000_000 * SECONDS_A_MEGABYTE, LONGEST_SECONDS)
        try:
            async with asyncio.timeout(most):
                return await self._hand_over(letter, message.as_bytes())
        except (OSError, TimeoutError, aiosmtplib.SMTPException, ValueError) as error:
            return Sent(self._hide(_failed(error)))

    async def check(self) -> Answer:
        """Connects, protects the way and signs in, and sends nothing."""
        try:
            async with asyncio.timeout(2 * self._server.timeout_seconds), self._opened():
                return Answer(Outcome.OK, None, "")
        except (OSError, TimeoutError, aiosmtplib.SMTPException, ValueError) as error:
            return self._hide(_failed(error))

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """A connection, signed in; what goes wrong with the goodbye changes nothing of what was said before."""
        server = self._server.connection()
        await server.connect()
        try:
            yield server
            with suppress(OSError, TimeoutError, aiosmtplib.SMTPException):
                await server.quit(timeout=GOODBYE_SECONDS)
        finally:
            server.close()

    async def _hand_over(self, letter: Letter, raw: bytes) -> Sent:
        async with self._opened() as server:
            try:
                refused, said = await server.sendmail(wire.address(letter.sender).addr_spec, letter.recipients, raw)
            except aiosmtplib.SMTPRecipientsRefused as error:
                return _refused({one.recipient: (one.code, one.message) for one in error.recipients}, letter)
            except aiosmtplib.SMTPSenderRefused as error:
                return Sent(wire.by_code(error.code, f"sender refused: {error.message}", is_about_message=False))
            except aiosmtplib.SMTPDataError as error:
                return Sent(wire.by_code(error.code, error.message, is_about_message=True))
            if refused:
                return _refused({one: (answer.code, answer.message) for one, answer in refused.items()}, letter)
            return Sent(Answer(Outcome.OK, 250, wire.one_line(said)[: wire.LONGEST_LINE]))

    def _hide(self, answer: Answer) -> Answer:
        """A server may echo what it was sent."""
        password = self._server.password
        if not password or password not in answer.message:
            return answer
        return Answer(answer.outcome, answer.code, answer.message.replace(password, "***"), is_configuration=answer.is_configuration)


def _refused(listed: Mapping[str, tuple[int, str]], letter: Letter) -> Sent:
    return Sent(wire.of_refused(listed, letter.recipients), listed)


def _failed(error: Exception) -> Answer:
    """What went wrong before the letter was offered, or with the connection itself."""
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return Answer(Outcome.PERMANENT, None, wire.one_line(str(error))[: wire.LONGEST_LINE], is_configuration=True)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return wire.by_code(error.code, error.message, is_about_message=False)
    if isinstance(error, ssl.SSLCertVerificationError) or isinstance(error.__cause__, ssl.SSLCertVerificationError):
        said = f"the server's certificate is not trusted: {error}"
        return Answer(Outcome.PERMANENT, None, wire.one_line(said)[: wire.LONGEST_LINE], is_configuration=True)
    return Answer(Outcome.RETRY, None, f"no answer: {type(error).__name__}")
