"""An entry is visible when its subject is, and is written once."""

from backend.core.db import Lens
from backend.core.rowsecurity import HOLDERS, TableSecurity, for_lenses

SUBJECTS = ("lead", "customer", "opportunity")
"""Subject types; each is the name of a table whose own policies decide."""

PARENT_VISIBLE = " or ".join(
    f"(subject_type = '{subject}' and exists (select 1 from {subject} parent where parent.id = subject_id))" for subject in SUBJECTS
)

TABLES = [
    TableSecurity(
        "timeline_entry",
        select=for_lenses(HOLDERS, PARENT_VISIBLE),
        insert={Lens.PERSON: f"actor_id = (select app_actor()) and ({PARENT_VISIBLE})"},
        audited=False,
        unaudited_because="append-only: an entry is its own evidence and nobody may change it",
        system="select, insert",
    )
]
