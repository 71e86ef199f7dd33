"""Who wrote a letter, and how far they are believed."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.config import get_settings
from backend.correspondence import machines, queries, records, routing
from backend.correspondence.conversations import Claim
from backend.correspondence.machines import Author
from backend.correspondence.models import DropboxAddress
from backend.correspondence.parsing import Parsed
from backend.correspondence.records import Ref
from backend.correspondence.routing import Envelope, Participants
from backend.duplicates.keys import email_key


@dataclass(frozen=True)
class Judged:
    """Who wrote a letter, by which address it came, and how far its sender is believed: `firms` are the customers and leads whom we know them as."""

    author: Author
    who: Participants
    address: DropboxAddress | None
    of_address: UUID | None
    firms: AbstractSet[UUID]
    is_vouched_for: bool
    is_forged: bool

    @property
    def is_proven(self) -> bool:
        """Nobody says to be a colleague, or has shown to be one."""
        return self.who.author is None or self.is_vouched_for or routing.proves(self.address, self.who.author)

    @property
    def is_colleague(self) -> bool:
        """The address of a record stands in every letter about it, and shows no more than that."""
        return self.who.author is not None and (self.is_vouched_for or self.owner_id == self.who.author)

    @property
    def owner_id(self) -> UUID | None:
        return self.address.person_id if self.address is not None else None


async def judge(session: AsyncSession, parsed: Parsed, envelope: Envelope) -> Judged:
    authserv = get_settings().dropbox_authserv
    author = machines.author_of(parsed, envelope.mail_from)
    address = await routing.address_of(session, parsed, envelope)
    who = await routing.participants(session, parsed)
    firms = await _firms_of(session, _sender_of(who, parsed))
    of_address = await _firm_of(session, address)
    judged = Judged(
        author, who, address, of_address, firms, machines.is_vouched_for(parsed, authserv), machines.is_forged(parsed, authserv)
    )
    if author is Author.LIST:
        is_for_us = of_address is not None and (bool(firms) or judged.is_colleague)
        return replace(judged, author=Author.PERSON if is_for_us else Author.MACHINE)
    return judged


def claim(parsed: Parsed, named: Sequence[str], judged: Judged) -> Claim:
    only = judged.of_address
    people = [one.address for one in (*parsed.to, *parsed.cc)]
    sender, firms = _sender_of(judged.who, parsed), judged.firms | ({only} if only else set())
    return Claim(parsed.message_id, named, judged.author, sender, people, firms, judged.is_colleague, only)


def _sender_of(who: Participants, parsed: Parsed) -> str | None:
    """The address that somebody outside writes from, as far as anything speaks for it."""
    key = email_key(parsed.sender.address)
    return key if who.author is None and key in who.outside else None


async def _firm_of(session: AsyncSession, address: DropboxAddress | None) -> UUID | None:
    """The customer or lead whose record's address it is."""
    if address is None or address.subject_id is None or address.subject_type is None:
        return None
    return await records.firm_of(session, Ref(address.subject_type, address.subject_id))


async def _firms_of(session: AsyncSession, key: str | None) -> set[UUID]:
    """The customers and leads who are known by an address."""
    found = (await session.execute(queries.RECORDS, {"addresses": [key]})).all() if key else []
    return {await records.firm_of(session, Ref(row.subject_type, row.subject_id)) for row in found}
