"""All tables and who may see them: what migrations and the architecture tests read."""

import hashlib
from pathlib import Path

from backend.audit import models as audit_models
from backend.audit import policies as audit_policies
from backend.catalogue import models as catalogue_models
from backend.catalogue import policies as catalogue_policies
from backend.contracts import models as contracts_models
from backend.contracts import policies as contracts_policies
from backend.core import files, idempotency
from backend.core.db import Base
from backend.core.rowsecurity import SqlFunction, TableSecurity, fingerprint
from backend.correspondence import models as correspondence_models
from backend.correspondence import policies as correspondence_policies
from backend.customers import models as customers_models
from backend.customers import policies as customers_policies
from backend.deadlines import models as deadlines_models
from backend.deadlines import policies as deadlines_policies
from backend.documents import models as documents_models
from backend.documents import policies as documents_policies
from backend.duplicates import models as duplicates_models
from backend.duplicates import policies as duplicates_policies
from backend.identity import models as identity_models
from backend.identity import policies as identity_policies
from backend.imports import models as imports_models
from backend.imports import policies as imports_policies
from backend.leads import models as leads_models
from backend.leads import policies as leads_policies
from backend.notifications import models as notifications_models
from backend.notifications import policies as notifications_policies
from backend.operations import models as operations_models
from backend.operations import policies as operations_policies
from backend.opportunities import funnel_models
from backend.opportunities import models as opportunities_models
from backend.opportunities import policies as opportunities_policies
from backend.pipelines import models as pipelines_models
from backend.pipelines import policies as pipelines_policies
from backend.saved_views import models as saved_views_models
from backend.saved_views import policies as saved_views_policies
from backend.support import models as support_models
from backend.support import policies as support_policies
from backend.timeline import models as timeline_models
from backend.timeline import policies as timeline_policies
from backend.webhooks import models as webhooks_models
from backend.webhooks import policies as webhooks_policies

MODELS = (
    audit_models,
    customers_models,
    deadlines_models,
    documents_models,
    duplicates_models,
    identity_models,
    leads_models,
    notifications_models,
    operations_models,
    saved_views_models,
    timeline_models,
    webhooks_models,
    imports_models,
    pipelines_models,
    opportunities_models,
    catalogue_models,
    contracts_models,
    funnel_models,
    support_models,
    correspondence_models,
)
metadata = Base.metadata

FUNCTIONS: list[SqlFunction] = [
    *identity_policies.FUNCTIONS,
    *operations_policies.FUNCTIONS,
    *audit_policies.FUNCTIONS,
    *notifications_policies.FUNCTIONS,
    *duplicates_policies.FUNCTIONS,
    *customers_policies.FUNCTIONS,
    *leads_policies.FUNCTIONS,
    *webhooks_policies.FUNCTIONS,
    *opportunities_policies.FUNCTIONS,
    *support_policies.FUNCTIONS,
    *correspondence_policies.FUNCTIONS,
]
_TABLES: list[TableSecurity] = [
    *operations_policies.TABLES,
    *idempotency.TABLES,
    *files.TABLES,
    *identity_policies.TABLES,
    *deadlines_policies.TABLES,
    *notifications_policies.TABLES,
    *saved_views_policies.TABLES,
    *timeline_policies.TABLES,
    *documents_policies.TABLES,
    *duplicates_policies.TABLES,
    *customers_policies.TABLES,
    *leads_policies.TABLES,
    *webhooks_policies.TABLES,
    *imports_policies.TABLES,
    *pipelines_policies.TABLES,
    *opportunities_policies.TABLES,
    *catalogue_policies.TABLES,
    *contracts_policies.TABLES,
    *support_policies.TABLES,
    *correspondence_policies.TABLES,
]
TABLES = [*_TABLES, *audit_policies.tables(_TABLES)]
REVISIONS = Path(__file__).resolve().parents[1] / "migrations" / "versions"


def version() -> str:
    """Names what this code expects of the database: changes with every revision of the tables and every rule."""
    revisions = sorted(path.name for path in REVISIONS.glob("*.py"))
    return hashlib.sha256("\n".join([*revisions, fingerprint(FUNCTIONS, TABLES)]).encode()).hexdigest()
