"""SAFE-3: which writes leave an audit entry, and what no entry may hold."""

import re

from backend import schema

UNAUDITED = {
    "outbox", "outbox_receipt", "idempotency_key", "file_part", "unknown_login", "usage_event", "deadline", "notification", "live_event",
    "live_cursor", "channel_health", "channel_message", "delivery", "mail", "daily_run", "daily_receipt", "opportunity_notice", "timeline_entry", "identity_key", "identity_name", "identity_progress",
    "lead_assignment", "assignment_pointer", "submission", "import_row", "pipeline_version", "stage_stay", "document_upload", "document_preview",
    "funnel_cell", "funnel_dwell", "funnel_delta", "funnel_base", "funnel_day", "funnel_snapshot",
    "support_round", "support_record", "email_delivery", "mailbox",
    "audit_entry", "audit_seal",
}  # fmt: skip
"""Each says why in its module; one more is a decision about what the firm can prove, and is made here too."""
SECRET = re.compile("secret|token|password|hash")


def test_no_table_leaves_the_audit_by_itself() -> None:
    assert {table.table for table in schema.TABLES if not table.audited} == UNAUDITED


def test_no_entry_holds_a_secret() -> None:
    audited = {table.table: table.audit_hides for table in schema.TABLES if table.audited}
    secret = {(table, column.name) for table in audited for column in schema.metadata.tables[table].columns if SECRET.search(column.name)}
    assert len(secret) >= 6
    assert {(table, column) for table, column in secret if column not in audited[table]} == set()


def test_an_entry_says_which_row_it_is_about() -> None:
    audited = [table for table in schema.TABLES if table.audited]
    keys = {table.table: {column.name for column in schema.metadata.tables[table.table].primary_key} for table in audited}
    assert len(keys) >= 20
    assert [table.table for table in audited if keys[table.table] - {table.audit_key, *table.audit_names}] == []
