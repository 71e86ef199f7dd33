"""Who sees and writes customers (SAFE-1). Nobody deletes (HAND-2)."""

from backend.core.db import Lens
from backend.core.rowsecurity import EVERYBODY, HOLDERS, OWNED_SCOPES, SqlFunction, TableSecurity, for_lenses
from backend.customers.definers import CUSTOMERS

ME = "(select app_actor())"
HOLDS = f"owner_id = {ME} or backup_owner_id = {ME}"
IN_MY_REGIONS = "region_id = any((select app_regions())::uuid[])"
SEES_COMPANY = "(select app_has_reach('company'))"
LEADS_OWNER = "app_supervises(owner_id)"
WORKS_WITH = f"{HOLDS} or {IN_MY_REGIONS} or {LEADS_OWNER}"
APPROVES = "app_approves_customer(id)"
SURVIVOR_VISIBLE = "(merged_into_id is not null and app_sees('customer', merged_into_id))"
CHANGES = "(select app_may('customer.change'))"
ARCHIVES = "(select app_may('customer.archive'))"
CUSTOMER_VISIBLE = "exists (select 1 from customer parent where parent.id = customer_id)"
MY_REQUEST = f"requested_by = {ME}"
DECIDES = (
    f"approver_id = {ME} or (approver_id is null and (select app_may('customer.approve')))"
    " or exists (select 1 from customer parent where parent.id = customer_id and app_supervises(parent.owner_id))"
)

TABLES = [
    TableSecurity(
        "customer",
        select={
            Lens.OWN: HOLDS,
            Lens.REGION: IN_MY_REGIONS,
            Lens.COMPANY: SEES_COMPANY,
            Lens.PERSON: f"{HOLDS} or {IN_MY_REGIONS} or {SEES_COMPANY} or {LEADS_OWNER} or {APPROVES} or {SURVIVOR_VISIBLE}",
        },
        insert={
            Lens.PERSON: f"created_by = {ME} and (owner_id = {ME} or {IN_MY_REGIONS} or {LEADS_OWNER}) and state = 'active'"
            " and (select app_may('customer.create'))"
        },
        update={Lens.PERSON: f"({CHANGES} and ({WORKS_WITH} or {SEES_COMPANY})) or ({ARCHIVES} and {SEES_COMPANY}) or {APPROVES}"},
        audit_hides=("search_text", "name_sort"),
    ),
    TableSecurity(
        "contact",
        select=for_lenses(HOLDERS, CUSTOMER_VISIBLE),
        insert={Lens.PERSON: f"created_by = {ME} and {CHANGES} and {CUSTOMER_VISIBLE}"},
        update={Lens.PERSON: f"({CHANGES} and {CUSTOMER_VISIBLE}) or app_approves_customer(customer_id)"},
    ),
    TableSecurity(
        "change_request",
        select={Lens.PERSON: f"{MY_REQUEST} or approver_id = {ME} or decided_by = {ME} or {CUSTOMER_VISIBLE}"},
        insert={Lens.PERSON: f"{MY_REQUEST} and state = 'pending' and {CHANGES} and {CUSTOMER_VISIBLE}"},
        update={Lens.PERSON: f"{MY_REQUEST} or {DECIDES}"},
    ),
]

APPROVES_CUSTOMER = """
create or replace function app_approves_customer(wanted uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select 1 from change_request where customer_id = $1 and approver_id = app_actor() and state = 'pending')
$$
"""

MAKES_CIRCLE = """
create or replace function customer_makes_circle(child uuid, parent uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtext('customer.group'));
    return exists (
        with recursive up as (
            select parent as id union select coalesce(c.merged_into_id, c.parent_id) from customer c join up on c.id = up.id
        ) select 1 from up where up.id = child
    );
end $$
"""

FUNCTIONS = [
    SqlFunction("app_approves_customer(uuid)", APPROVES_CUSTOMER, EVERYBODY),
    SqlFunction("customer_makes_circle(uuid, uuid)", MAKES_CIRCLE, (Lens.PERSON.value, Lens.SYSTEM.value)),
    SqlFunction(CUSTOMERS.signature, CUSTOMERS.sql(), tuple(lens.value for lens in OWNED_SCOPES)),
]
"""A superior sees what waits for them, and a group has no circle: both hold past what the asker may see. Changes of the group tree take turns."""
