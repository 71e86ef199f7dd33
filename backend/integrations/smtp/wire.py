"""A letter as RFC 5322 has it, and what a mail server's answers mean. No I/O."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from backend.integrations.answers import Answer, Outcome

CONFIGURATION = frozenset({500, 502, 503, 504, 530, 534, 535, 538, 554})
"""Said before a letter was offered: login refused, encryption demanded, no service for us."""
LONGEST_LINE = 200


@dataclass(frozen=True)
class Attachment:
    """A file that travels with a letter."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """One e-mail. `message_id` is the sender's own and stays the same at every try, so that who gets it twice can see that it is one."""

    sender: str
    to: Sequence[str]
    subject: str
    text: str
    message_id: str
    at: datetime
    html: str | None = None
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    reply_to: Sequence[str] = ()
    in_reply_to: str | None = None
    references: Sequence[str] = ()
    attachments: Sequence[Attachment] = ()
    only: Sequence[str] = ()
    """Recipients that the server has not taken yet, where some were taken at an earlier try."""
    boundary: str = ""
    """Makes the letter the same bytes at every try."""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_automatic: bool = True

    @property
    def recipients(self) -> list[str]:
        """Whom the envelope names, each once; blind copies stand nowhere else."""
        return list(self.only) or list(dict.fromkeys(parseaddr(one)[1] for one in (*self.to, *self.cc, *self.bcc)))


def address(text: str) -> Address:
    """`成单 <noreply@example.com>` or a bare address; ValueError when it is neither."""
    name, plain = parseaddr(one_line(text))
    try:
        found = Address(display_name=name, addr_spec=plain)
    except (IndexError, AttributeError) as error:
        raise ValueError(f"{text!r} is no address") from error
    if not found.username or not found.domain:
        raise ValueError(f"{text!r} is no address")
    return found


def is_address(text: str) -> bool:
    """Whether a letter can be written to this bare address."""
    try:
        return address(text).addr_spec == text
    except ValueError:
        return False


def named(name: str, plain: str) -> str:
    """An address with a name, such that `address` reads both again whatever the name holds."""
    plainer = one_line(name).replace("\\", "").replace('"', "")
    return f'"{plainer}" <{plain}>' if plainer else plain


def one_line(text: str) -> str:
    """A header's value: a line break in it would begin another header."""
    return " ".join(text.split())


def compose(letter: Letter) -> EmailMessage:
    """Text first, HTML as its alternative, files after them; UTF-8 throughout."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = address(letter.sender)
    for name, people in (("To", letter.to), ("Cc", letter.cc), ("Reply-To", letter.reply_to)):
        if people:
            message[name] = [address(one) for one in people]
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = one_line(letter.message_id)
    for name, value in _further(letter).items():
        message[name] = one_line(value)
    message.set_content(letter.text, cte="base64")
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html", cte="base64")
    for file in letter.attachments:
        main, _, sub = file.media_type.partition("/")
        message.add_attachment(file.data, maintype=main, subtype=sub or "octet-stream", filename=one_line(file.name))
    if letter.boundary:
        _set_boundaries(message, letter.boundary)
    return message


def _further(letter: Letter) -> dict[str, str]:
    """Headers of a thread, of a machine's letter, and the letter's own."""
    thread = {"In-Reply-To": letter.in_reply_to or "", "References": " ".join(one_line(one) for one in letter.references)}
    automatic = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"} if letter.is_automatic else {}
    return {name: value for name, value in thread.items() if value} | automatic | dict(letter.headers)


def _set_boundaries(message: EmailMessage, boundary: str) -> None:
    for place, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{boundary}_{place}")


def is_temporary(code: int) -> bool:
    """4xx: the same letter may pass later."""
    return 400 <= code < 500


def by_code(code: int, said: str, *, is_about_message: bool) -> Answer:
    """What a refusal means; before the letter was offered some codes say that the account or the server is set up wrongly."""
    outcome = Outcome.RETRY if is_temporary(code) else Outcome.PERMANENT
    is_configuration = not is_about_message and outcome is Outcome.PERMANENT and code in CONFIGURATION
    return Answer(outcome, code, one_line(said)[:LONGEST_LINE], is_configuration=is_configuration, is_about_message=is_about_message)


def of_refused(refused: Mapping[str, tuple[int, str]], all_recipients: Iterable[str]) -> Answer:
    """Some or all of the recipients were not taken: never a success. One that may be tried later makes the answer one to try again."""
    code, said = next((one for one in refused.values() if is_temporary(one[0])), next(iter(refused.values())))
    answer = by_code(code, said, is_about_message=True)
    taken = [one for one in all_recipients if one not in refused]
    who = ", ".join(refused)
    return Answer(
        answer.outcome, code, f"{who}: {answer.message}" + (f" (taken for {', '.join(taken)})" if taken else ""), is_about_message=True
    )
