"""Everybody reads the calendar; settings.manage changes it. Deadlines hold no business data: a moment and an id."""

from backend.core.db import Lens
from backend.core.rowsecurity import PEOPLE, TableSecurity, for_lenses

READERS = for_lenses((*PEOPLE, Lens.MACHINE), "true")
MANAGES_SETTINGS = {Lens.PERSON: "(select app_may('settings.manage'))"}
WORKS = {Lens.PERSON: "true"}

TABLES = [
    TableSecurity(
        "calendar_day",
        select=READERS,
        insert=MANAGES_SETTINGS,
        update=MANAGES_SETTINGS,
        audit_key="date",
        audit_names=("date", "source"),
        history_for="settings.manage",
    ),
    TableSecurity(
        "calendar_year",
        select=READERS,
        insert=MANAGES_SETTINGS,
        update=MANAGES_SETTINGS,
        audit_key="year",
        audit_names=("year",),
        history_for="settings.manage",
    ),
    TableSecurity(
        "working_window",
        select=READERS,
        insert=MANAGES_SETTINGS,
        update=MANAGES_SETTINGS,
        audit_names=("weekday", "opens", "closes"),
        history_for="settings.manage",
    ),
    TableSecurity("ladder", select=READERS, update=MANAGES_SETTINGS, audit_key="kind", history_for="settings.manage"),
    TableSecurity("daily", select=READERS, update=MANAGES_SETTINGS, audit_key="kind", history_for="settings.manage"),
    TableSecurity("daily_run", audited=False, unaudited_because="each row is itself the record of a day's run", system="select, insert"),
    TableSecurity(
        "daily_receipt", audited=False, unaudited_because="each row is itself the record that somebody was told", system="select, insert"
    ),
    TableSecurity(
        "deadline",
        select=for_lenses(PEOPLE, "true"),
        insert=WORKS,
        update=WORKS,
        audited=False,
        unaudited_because="each row is itself the record of when it was set, fired or stopped, and follows from a change that is audited",
    ),
]
