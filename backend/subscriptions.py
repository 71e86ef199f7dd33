"""Imports every module's event handlers, so that API and worker know the same ones."""

from backend.contracts import handlers as contracts_handlers
from backend.correspondence import handlers as correspondence_handlers
from backend.customers import handlers as customers_handlers
from backend.deadlines import handlers as deadlines_handlers
from backend.documents import handlers as documents_handlers
from backend.imports import handlers as imports_handlers
from backend.leads import handlers as leads_handlers
from backend.notifications import handlers as notifications_handlers
from backend.opportunities import handlers as opportunities_handlers
from backend.support import handlers as support_handlers
from backend.webhooks import handlers as webhooks_handlers

HANDLERS = (
    customers_handlers,
    deadlines_handlers,
    documents_handlers,
    leads_handlers,
    notifications_handlers,
    webhooks_handlers,
    imports_handlers,
    opportunities_handlers,
    contracts_handlers,
    support_handlers,
    correspondence_handlers,
)
