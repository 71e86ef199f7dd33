"""Set-based statements for many customers and contacts at once; the rows come as one JSON array."""

from backend.core.hot import Hot

CHANGEABLE = {
    "name": "text",
    "name_key": "text",
    "credit_code": "text",
    "region_id": "uuid",
    "province": "text",
    "city": "text",
    "address": "text",
    "industry": "text",
    "website": "text",
    "payment_terms": "text",
    "source": "text",
    "owner_id": "uuid",
    "backup_owner_id": "uuid",
    "tags": "text[]",
    "notes": "text",
    "custom": "jsonb",
    "search_text": "text",
    "name_sort": "text",
}
COLUMNS = {"id": "uuid", **CHANGEABLE, "created_by": "uuid", "created_at": "timestamptz", "last_activity_at": "timestamptz"}
CONTACT_CHANGEABLE = {
    "name": "text",
    "title": "text",
    "role": "text",
    "phone": "text",
    "phone_key": "text",
    "email": "text",
    "wechat": "text",
}
CONTACT_COLUMNS = {
    "id": "uuid", "customer_id": "uuid", **CONTACT_CHANGEABLE, "is_primary": "boolean", "created_by": "uuid", "created_at": "timestamptz",
}  # fmt: skip


def _given(columns: dict[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


def _set(columns: dict[str, str]) -> str:
    return ", ".join(f"{name} = g.{name}" for name in columns)


INSERT = Hot(f"""
insert into customer ({", ".join(COLUMNS)}) select {", ".join(COLUMNS)}
from jsonb_to_recordset(cast(:rows as jsonb)) as g({_given(COLUMNS)}, place int) order by place
""")
INSERT_CONTACTS = Hot(f"""
insert into contact ({", ".join(CONTACT_COLUMNS)}) select {", ".join(CONTACT_COLUMNS)}
from jsonb_to_recordset(cast(:rows as jsonb)) as g({_given(CONTACT_COLUMNS)}) order by id
""")
UPDATE = Hot(f"""
update customer set {_set(CHANGEABLE)}, version = customer.version + 1, last_activity_at = :now
from jsonb_to_recordset(cast(:rows as jsonb)) as g(id uuid, {_given(CHANGEABLE)}) where customer.id = g.id
""")
UPDATE_CONTACTS = Hot(f"""
update contact set {_set(CONTACT_CHANGEABLE)}, version = contact.version + 1
from jsonb_to_recordset(cast(:rows as jsonb)) as g(id uuid, {_given(CONTACT_CHANGEABLE)}) where contact.id = g.id
""")
FOUND_BY = Hot("""
update customer set search_text = g.search_text, last_activity_at = greatest(last_activity_at, :active_at)
from jsonb_to_recordset(cast(:rows as jsonb)) as g(id uuid, search_text text) where customer.id = g.id
""")
"""A contact more: no fact of the customer itself changes; `active_at` is the moment of a person's work on it, or null."""

LOCK = Hot(f"""
select c.id, {", ".join(f"c.{name}" for name in CHANGEABLE)},
    (app_may('customer.change') and (c.owner_id = app_actor() or c.backup_owner_id = app_actor() or app_supervises(c.owner_id)
        or c.region_id = any((select app_regions())::uuid[]) or app_has_reach('company'))) is true as may
from customer c where c.id = any(cast(:ids as uuid[])) and c.state = 'active' and c.merged_into_id is null order by c.id for update of c
""")
"""Twin of `rules.actions_for` with CHANGE, for the session's person."""

CONTACTS = Hot(f"""
select r.id as root, p.id, p.customer_id, {", ".join(f"p.{name}" for name in CONTACT_CHANGEABLE)}, p.is_primary, p.is_active
from unnest(cast(:ids as uuid[])) r(id) join contact p on p.customer_id = any(merge_family(r.id)) order by p.id
""")
FIRMS = Hot("""
select r.id as root, c.name, c.credit_code from unnest(cast(:ids as uuid[])) r(id)
join customer c on c.id = any(merge_family(r.id)) and c.id <> r.id order by c.id
""")
"""What was merged into these customers, whose names and people go on to be found."""

NAMES = Hot("""
select id, name from person where id = any(cast(:ids as uuid[])) union all select id, name from region where id = any(cast(:ids as uuid[]))
""")

WITHDRAW = Hot("""
with held as (
    select c.id from customer c
    join unnest(cast(:ids as uuid[]), cast(:versions as int[])) as w(id, version) on w.id = c.id and w.version = c.version
    where c.state = 'active' and c.merged_into_id is null and c.last_activity_at = c.created_at
        and not exists (select 1 from change_request r where r.customer_id = c.id)
        and not exists (select 1 from contact p where p.customer_id = c.id and p.version > 1)
        and not exists (select 1 from customer o where o.parent_id = c.id or o.merged_into_id = c.id)
    order by c.id for update of c
)
update customer set state = 'archived', archived_at = :now, archived_by = :author, archive_reason = :reason, version = customer.version + 1
from held where customer.id = held.id returning customer.id
""")
"""What nobody has touched since: no fact, no contact, no activity, no request, no group."""


def _which(key: str, condition: str) -> Hot:
    return Hot(f"""
select distinct on ({key}) {key}::text as key, c.id, c.number, c.name, c.owner_id, p.name as owner_name,
    p.is_active and (p.access_ends_at is null or p.access_ends_at > :now) as owner_works
from customer c join person p on p.id = c.owner_id
where {condition} and c.state = 'active' and c.merged_into_id is null order by {key}, c.id desc
""")


BY_NUMBER = _which("c.number", "c.number = any(cast(:keys as bigint[]))")
BY_CODE = _which("c.credit_code", "c.credit_code = any(cast(:keys as text[])) and c.credit_code is not null")
BY_NAME = _which("c.name_key", "c.name_key = any(cast(:keys as text[])) and c.name_key <> ''")
"""Which customer is meant; an archived or merged one holds neither code nor name."""
