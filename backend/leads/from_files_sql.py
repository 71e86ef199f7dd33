"""Set-based statements for many leads at once; the rows come as one JSON array."""

from backend.core.hot import Hot

TEXTS = (
    "company", "company_key", "contact_name", "phone", "phone_key", "email", "wechat", "province", "city", "source", "campaign", "product_line",
    "language", "need", "currency", "search_text", "company_sort",
)  # fmt: skip
COLUMNS = {
    "id": "uuid",
    **dict.fromkeys(TEXTS, "text"),
    "expected_amount": "numeric",
    "custom": "jsonb",
    "region_id": "uuid",
    "owner_id": "uuid",
    "state": "text",
    "received_at": "timestamptz",
    "pooled_at": "timestamptz",
    "assigned_at": "timestamptz",
    "first_assigned_at": "timestamptz",
    "first_follow_up_at": "timestamptz",
    "last_follow_up_at": "timestamptz",
    "last_activity_at": "timestamptz",
    "created_by": "uuid",
}
GIVEN = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
NAMES = ", ".join(COLUMNS)

INSERT = Hot(f"""
with given as materialized (select * from json_to_recordset(cast(:rows as json)) as g({GIVEN}, reason jsonb)), made as (
    insert into lead ({NAMES}) select {NAMES} from given order by received_at
)
insert into lead_assignment (id, lead_id, person_id, region_id, reason, assigned_at, assigned_by)
select uuidv7(), id, owner_id, region_id, reason, :now, :author from given
""")

TURNS = Hot("""
insert into assignment_pointer (region_id, person_id, last_assigned_at)
select t.region_id, t.person_id, :now from unnest(cast(:regions as uuid[]), cast(:people as uuid[])) as t(region_id, person_id) order by 1, 2
on conflict (region_id, person_id) do update set last_assigned_at = excluded.last_assigned_at
""")

CHANGEABLE = (
    "company", "company_key", "contact_name", "phone", "phone_key", "email", "wechat", "province", "city", "source", "campaign", "product_line",
    "language", "need", "expected_amount", "custom",
)  # fmt: skip
WRITTEN = (*CHANGEABLE, "search_text", "company_sort")
LOCK_CHANGEABLE = Hot(f"""
select id, number, state, version, {", ".join(CHANGEABLE)} from lead where id = any(cast(:ids as uuid[])) order by id for update
""")
UPDATE = Hot(f"""
update lead set {", ".join(f"{name} = g.{name}" for name in WRITTEN)}, version = lead.version + 1
from jsonb_to_recordset(cast(:rows as jsonb)) as g(id uuid, {", ".join(f"{name} {COLUMNS[name]}" for name in WRITTEN)}) where lead.id = g.id
""")

WITHDRAW = Hot("""
with held as (
    select l.id from lead l
    join unnest(cast(:ids as uuid[]), cast(:versions as int[])) as w(id, version) on w.id = l.id and w.version = l.version
    where l.state not in ('disqualified', 'merged', 'converted') order by l.id for update of l
)
update lead set state = 'disqualified', disqualified_at = :now, disqualified_reason = 'other', escalated_to_id = null, escalation_level = 0, version = lead.version + 1
from held where lead.id = held.id returning lead.id
""")

BY_COMPANY = Hot("""
select distinct on (l.company_key) l.company_key as key, l.id, l.number, l.company, l.owner_id, p.name as owner_name, l.state = 'converted' as is_over
from lead l left join person p on p.id = l.owner_id
where l.company_key = any(cast(:keys as text[])) and l.company_key <> '' and l.state not in ('disqualified', 'merged')
order by l.company_key, l.state = 'converted', l.received_at desc
""")
BY_NUMBER = Hot("""
select l.number::text as key, l.id, l.number, l.company, l.owner_id, p.name as owner_name, l.state = 'converted' as is_over
from lead l left join person p on p.id = l.owner_id where l.number = any(cast(:keys as bigint[])) and l.state <> 'merged'
""")
"""Which lead is meant; an undone or disqualified lead holds no name, a merged one speaks through its survivor."""

REGIONS = Hot("select id, name from region")
