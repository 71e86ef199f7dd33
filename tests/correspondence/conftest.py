"""The sales house with a mail server, a drop-box, and a store of files of its own."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from httpx import Response
from sqlalchemy import func, select

from backend.core.config import get_settings
from backend.core.outbox import Outbox
from backend.core.storage.chosen import get_store
from backend.correspondence import jobs, receiving
from backend.correspondence.models import EmailFile, EmailMessage
from backend.correspondence.routing import Envelope
from backend.customers.models import Contact, Customer
from backend.documents.models import Document
from backend.duplicates.rules import Identity
from backend.duplicates.service import register
from backend.identity.models import Person
from backend.notifications.models import Notification
from backend.opportunities.models import Opportunity
from backend.timeline.models import TimelineEntry
from tests.conftest import NOW
from tests.correspondence.samples import CUSTOMER, DROPBOX, letter
from tests.factories import make_contact, make_opportunity
from tests.leads.conftest import desk, house
from tests.opportunities.conftest import Sales, sales
from tests.simulators.mail import Mailbox, serving_mail

__all__ = ["desk", "house", "sales"]
API = "/api/v1"
EMAILS = f"{API}/emails"


class Post:
    """Letters as the house sends and gets them: a deal whose contact is Wang of Hengda."""

    def __init__(self, sales: Sales, deal: Opportunity, contact: Contact, box: Mailbox) -> None:
        self.sales, self.deal, self.contact, self.box = sales, deal, contact, box
        self.house, self.session = sales.house, sales.house.session

    async def write(self, person: Person | None = None, **body: Any) -> Response:
        """A letter to Wang about the deal, not sent yet."""
        given = {
            "subject_type": "opportunity",
            "subject_id": str(self.deal.id),
            "to": [{"address": CUSTOMER, "name": "王建国"}],
            "subject": "支架报价",
            "text": "王经理：\n\n报价见附件。",
        } | body
        return await (await self.sales.of(person or self.house.zhang)).post(EMAILS, given)

    async def written(self, person: Person | None = None, **body: Any) -> dict[str, Any]:
        answer = await self.write(person, **body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def deliver(self) -> int:
        """The postman's round, and what follows from it."""
        count = 0
        while await jobs.send_next():
            count += 1
        await self.house.relay()
        return count

    async def sent(self, **body: Any) -> dict[str, Any]:
        made = await self.written(**body)
        await self.deliver()
        return await self.shown(made["id"])

    async def comes(
        self,
        raw: bytes | None = None,
        *,
        to: Sequence[str] = (DROPBOX,),
        mail_from: str | None = CUSTOMER,
        now: datetime = NOW,
        **headers: Any,
    ) -> EmailMessage:
        """A letter comes in and is handled."""
        email_id = await receiving.take(raw if raw is not None else letter(**headers), Envelope(to, mail_from), now)
        await self.house.relay(now)
        return await self.row(email_id)

    async def row(self, email_id: UUID | str) -> EmailMessage:
        found = await self.session.get(EmailMessage, UUID(str(email_id)), populate_existing=True)
        assert found is not None
        return found

    async def shown(self, email_id: UUID | str, person: Person | None = None) -> dict[str, Any]:
        answer = await (await self.sales.of(person or self.house.zhang)).get(f"{EMAILS}/{email_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def do(self, person: Person, email_id: UUID | str, what: str, **body: Any) -> Response:
        answer = await (await self.sales.of(person)).post(f"{EMAILS}/{email_id}/{what}", body or None)
        await self.house.relay()
        return answer

    async def tray(self, person: Person, view: str = "sorting") -> list[str]:
        answer = await (await self.sales.of(person)).get(f"{API}/email-tray", view=view)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    async def entries(self, subject_id: UUID) -> list[TimelineEntry]:
        query = select(TimelineEntry).where(TimelineEntry.subject_id == subject_id).order_by(TimelineEntry.id)
        return list(await self.session.scalars(query))

    async def traces(self) -> tuple[int, ...]:
        """How much a refusal would have left."""
        tables = (EmailMessage, EmailFile, Document, TimelineEntry, Notification, Outbox)
        return tuple([await self.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables])


async def known_by(post: Post, customer: Customer, *emails: str) -> None:
    """As registering a customer makes it findable."""
    await register(post.session, "customer", [(customer.id, Identity(customer.name, (), emails))])


@pytest.fixture
def mail_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server that answers, a drop-box, an empty store."""
    with serving_mail(Mailbox()) as box:
        settings = {
            "CHENGDAN_SMTP_HOST": "127.0.0.1",
            "CHENGDAN_SMTP_PORT": str(box.port),
            "CHENGDAN_SMTP_SECURITY": "none",
            "CHENGDAN_SMTP_FROM": "衡屿精工 <sales@hengyu.example>",
            "CHENGDAN_DROPBOX_ADDRESS": DROPBOX,
            "CHENGDAN_DATA_DIR": str(tmp_path),
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()
        yield box
        monkeypatch.undo()
        get_settings.cache_clear()


@pytest.fixture
async def post(sales: Sales, mail_settings: Mailbox) -> Post:
    session = sales.house.session
    sales.house.zhang.email = "zhanglei@hengyu.example"
    contact = await make_contact(session, sales.customer, name="王建国", email=CUSTOMER)
    deal = await make_opportunity(session, sales.customer, "proposal", name="支架", last_activity_at=NOW.replace(day=1))
    made = Post(sales, deal, contact, mail_settings)
    await known_by(made, sales.customer, CUSTOMER)
    return made


async def stored(sha256: str) -> bytes:
    return b"".join([piece async for piece in get_store().read(sha256, 0, 1 << 30)])
