"""Everybody who sells reads pipelines; who may, changes them."""

from backend.core.db import Lens
from backend.core.rowsecurity import PEOPLE, TableSecurity, for_lenses

MANAGES = {Lens.PERSON: "(select app_may('pipelines.manage'))"}

TABLES = [
    TableSecurity("pipeline", select=for_lenses(PEOPLE, "true"), insert=MANAGES, update=MANAGES, history_for="pipelines.manage"),
    TableSecurity("pipeline_stage", select=for_lenses(PEOPLE, "true"), insert=MANAGES, update=MANAGES, history_for="pipelines.manage"),
    TableSecurity(
        "pipeline_version",
        select={Lens.PERSON: "true"},
        insert={Lens.PERSON: f"changed_by = (select app_actor()) and {MANAGES[Lens.PERSON]}"},
        audited=False,
        unaudited_because="append-only: each row is itself the record of one change",
        system="select, insert",
    ),
]
