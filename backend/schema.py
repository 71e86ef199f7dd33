"""All tables and who may see them: what migrations and the architecture tests read."""

from backend.audit import models as audit_models
from backend.audit import policies as audit_policies
from backend.core import idempotency, outbox
from backend.core.db import Base
from backend.core.rowsecurity import SqlFunction, TableSecurity
from backend.deadlines import models as deadlines_models
from backend.deadlines import policies as deadlines_policies
from backend.identity import models as identity_models
from backend.identity import policies as identity_policies

MODELS = (audit_models, deadlines_models, identity_models)
metadata = Base.metadata

FUNCTIONS: list[SqlFunction] = [*identity_policies.FUNCTIONS, *audit_policies.FUNCTIONS]
TABLES: list[TableSecurity] = [*outbox.TABLES, *idempotency.TABLES, *audit_policies.TABLES, *identity_policies.TABLES, *deadlines_policies.TABLES]
