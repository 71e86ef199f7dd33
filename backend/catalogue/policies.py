"""Everybody of the firm reads the catalogue; who keeps it changes it; price floors only with `catalogue.see_floor` (SAFE-1)."""

from backend.core.db import Lens
from backend.core.rowsecurity import PEOPLE, TableSecurity, for_lenses

EDITS = "(select app_may('catalogue.edit'))"
SEES_FLOORS = "(select app_may('catalogue.see_floor'))"
WRITES = {Lens.PERSON: EDITS}
SETS_FLOORS = {Lens.PERSON: f"{SEES_FLOORS} and {EDITS}"}


def _register(table: str) -> TableSecurity:
    return TableSecurity(table, select=for_lenses(PEOPLE, "true"), insert=WRITES, update=WRITES, history_for="catalogue.edit")


TABLES = [
    _register("product_family"),
    _register("product"),
    _register("routing_operation"),
    TableSecurity(
        "product_floor",
        select=for_lenses(PEOPLE, SEES_FLOORS),
        insert=SETS_FLOORS,
        update=SETS_FLOORS,
        audit_key="product_id",
        history_for="catalogue.see_floor",
    ),
]
