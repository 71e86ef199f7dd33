"""A document is visible when its record is; who may follow the record up may file with it. Nobody deletes."""

from backend.core.db import Lens
from backend.core.rowsecurity import HOLDERS, PEOPLE, TableSecurity, for_lenses

ME = "(select app_actor())"
FILED = {"lead": "lead.follow_up", "customer": "customer.follow_up", "opportunity": "opportunity.change"}
"""Types of records that have documents, each the name of a table whose own policies decide, and what filing with it asks for."""
MANAGES = {Lens.PERSON: "(select app_may('settings.manage'))"}
UPLOADS = " or ".join(f"(select app_may('{permission}'))" for permission in FILED.values())


def _record(subject: str, of: str) -> str:
    return f"{of}subject_type = '{subject}' and exists (select 1 from {subject} parent where parent.id = {of}subject_id)"


def visible(of: str = "") -> str:
    """That one sees the record of a document; `of` is how the document's table is called there, with its dot."""
    return " or ".join(f"({_record(subject, of)})" for subject in FILED)


def files_with(of: str = "") -> str:
    """That one sees the record and may file with it."""
    return " or ".join(f"({_record(subject, of)} and (select app_may('{permission}')))" for subject, permission in FILED.items())


TABLES = [
    TableSecurity(
        "document_kind",
        select=for_lenses(PEOPLE, "true"),
        insert=MANAGES,
        update=MANAGES,
        audit_key="key",
        history_for="settings.manage",
    ),
    TableSecurity(
        "document",
        select=for_lenses(HOLDERS, visible()),
        insert={Lens.PERSON: f"created_by = {ME} and ({files_with()})"},
        update={Lens.PERSON: files_with()},
    ),
    TableSecurity(
        "document_version",
        select=for_lenses(HOLDERS, "exists (select 1 from document d where d.id = document_id)"),
        insert={Lens.PERSON: f"uploaded_by = {ME} and exists (select 1 from document d where d.id = document_id and ({files_with('d.')}))"},
        system="select, insert",
    ),
    TableSecurity(
        "document_upload",
        select={Lens.PERSON: f"person_id = {ME}"},
        insert={Lens.PERSON: f"person_id = {ME} and ({UPLOADS})"},
        delete={Lens.SYSTEM: "true"},
        audited=False,
        unaudited_because="bytes that wait a day for their document, which is audited with their hash",
        system="select, insert",
    ),
    TableSecurity(
        "document_preview",
        select=for_lenses(HOLDERS, "exists (select 1 from document_version v where v.sha256 = document_preview.sha256)"),
        audited=False,
        unaudited_because="made of what is audited, and makes no statement of its own",
        system="select, insert",
    ),
]
