"""Who sees and writes e-mail: with a record, whoever sees the record; in the tray, who sorts it and whose own address brought it."""

from backend.core.db import Lens
from backend.core.rowsecurity import SqlFunction, TableSecurity
from backend.correspondence.rules import SORTS
from backend.documents.policies import files_with, visible

ME = "(select app_actor())"
MAY_SORT = f"(select app_may('{SORTS}'))"
IN_TRAY = f"subject_id is null and ({MAY_SORT} or person_id = {ME})"
SEES_MESSAGE = "exists (select 1 from email_message letter where letter.id = email_id)"
WRITES_MESSAGE = (
    f"exists (select 1 from email_message letter where letter.id = email_id and letter.direction = 'out' and ({files_with('letter.')}))"
)
MY_PENDING = (
    f"exists (select 1 from email_message letter where letter.id = email_id and letter.person_id = {ME} and letter.state = 'pending')"
)
OWN_ADDRESS = f"(person_id = {ME} or (subject_id is not null and ({files_with()})))"

GUARD = """
create or replace function email_message_guard() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
    moves text[] := '{state,reason,detail,thread_id,raw_sha256,raw_size,sent_at,contact_id,subject_type,subject_id,filed_by,filed_at,version}';
begin
    if (to_jsonb(new) - moves) <> (to_jsonb(old) - moves) then
        raise exception 'what an e-mail says is never changed' using errcode = 'restrict_violation';
    end if;
    return new;
end $$
"""

RECORDS = """
create or replace function email_records(addresses text[])
returns table (address text, subject_type text, subject_id uuid) language sql stable security definer set search_path = public, pg_temp as $$
    select distinct i.key, i.subject_type, case when m.id is null then i.subject_id else merge_survivor(i.subject_id) end
    from identity_key i left join record_merge m on m.loser_id = i.subject_id and m.undone_at is null
    where i.kind = 'email' and i.key = any(addresses)
$$
"""
"""Which customers and leads are known by these addresses, each as the record that stands for it now."""

TABLES = [
    TableSecurity(
        "email_message",
        select={Lens.PERSON: f"(subject_id is not null and ({visible()})) or ({IN_TRAY})"},
        insert={Lens.PERSON: f"direction = 'out' and state = 'pending' and person_id = {ME} and ({files_with()})"},
        update={
            Lens.PERSON: f"({IN_TRAY}) or (subject_id is not null and ({MAY_SORT} or person_id = {ME}) and ({visible()})) or ({files_with()})"
        },
        audit_hides=("text", "excerpt"),
        triggers={
            "email_message_guard": "create trigger email_message_guard before update on email_message"
            " for each row execute function email_message_guard()"
        },
    ),
    TableSecurity(
        "email_file",
        select={Lens.PERSON: SEES_MESSAGE},
        insert={Lens.PERSON: MY_PENDING},
    ),
    TableSecurity(
        "email_delivery",
        select={Lens.PERSON: SEES_MESSAGE},
        insert={Lens.PERSON: MY_PENDING},
        update={Lens.PERSON: WRITES_MESSAGE},
        audited=False,
        unaudited_because="its progress is measured; what became of the letter is in email_message",
    ),
    TableSecurity(
        "dropbox_address",
        select={Lens.PERSON: f"person_id = {ME} or (subject_id is not null and ({visible()}))"},
        insert={Lens.PERSON: f"created_by = {ME} and {OWN_ADDRESS}"},
        update={Lens.PERSON: OWN_ADDRESS},
        audit_hides=("token",),
    ),
    TableSecurity("mailbox", audited=False, unaudited_because="how far we have read is measured, not decided"),
]

FUNCTIONS = [
    SqlFunction("email_message_guard()", GUARD, ()),
    SqlFunction("email_records(text[])", RECORDS, (Lens.SYSTEM.value,)),
]
