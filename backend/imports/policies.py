"""Who sees which runs: their own person, and who may read the audit; exports also those who decide on them."""

from backend.core.db import Lens
from backend.core.rowsecurity import TableSecurity

ME = "(select app_actor())"
READS_ALL = "(select app_may('audit.read'))"
RUN_VISIBLE = "exists (select 1 from import_run parent where parent.id = run_id)"
DECIDES = f"((select app_may('export.approve')) and person_id <> {ME} and (app_supervises(person_id) or {READS_ALL}))"
IMPORTS = "(select app_may('import.run'))"
EXPORTS = "(select app_may('export.run'))"

TABLES = [
    TableSecurity(
        "import_run",
        select={Lens.PERSON: f"person_id = {ME} or {READS_ALL}"},
        insert={Lens.PERSON: f"person_id = {ME} and {IMPORTS}"},
        update={Lens.PERSON: f"person_id = {ME} and {IMPORTS}"},
    ),
    TableSecurity(
        "import_row",
        select={Lens.PERSON: RUN_VISIBLE},
        delete={Lens.SYSTEM: "true"},
        audited=False,
        unaudited_because="material of a run, cleared after a month; what it makes is audited where it is made",
    ),
    TableSecurity(
        "import_mapping",
        select={Lens.PERSON: f"(person_id = {ME} or is_shared) and {IMPORTS}"},
        insert={Lens.PERSON: f"person_id = {ME} and {IMPORTS}"},
        update={Lens.PERSON: f"person_id = {ME} and {IMPORTS}"},
    ),
    TableSecurity(
        "export_run",
        select={Lens.PERSON: f"person_id = {ME} or {READS_ALL} or {DECIDES}"},
        insert={Lens.PERSON: f"person_id = {ME} and {EXPORTS}"},
        update={Lens.PERSON: f"(person_id = {ME} and {EXPORTS}) or {DECIDES}"},
    ),
    TableSecurity(
        "export_download",
        select={Lens.PERSON: f"person_id = {ME} or {READS_ALL}"},
        insert={Lens.PERSON: f"person_id = {ME}"},
    ),
    TableSecurity(
        "export_policy",
        select={Lens.PERSON: "true"},
        update={Lens.PERSON: "(select app_may('settings.manage'))"},
        history_for="settings.manage",
    ),
]
