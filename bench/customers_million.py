"""A million customers as their list and page show them, and the same by hand."""

from backend.customers import lists, queries
from bench.looking import Register

FIELDS = """
select l.id, l.number, l.name, l.credit_code, l.province, l.city, l.industry, l.source, l.is_key, l.state, l.owner_id, l.backup_owner_id,
    l.region_id, l.tags, l.created_at, l.last_activity_at, l.next_step, l.next_step_at, l.version,
    l.is_key and l.backup_owner_id is null and l.state = 'active' as lacks_backup, owner.name as owner_name, backup.name as backup_name,
    region.name as region_name, first.contact, first.phone
"""
NAMES = """
join person owner on owner.id = l.owner_id left join person backup on backup.id = l.backup_owner_id left join region on region.id = l.region_id
left join lateral (select c.name as contact, c.phone from contact c where c.customer_id = l.id and c.is_active order by c.is_primary desc, c.id limit 1)
    first on true
"""
DETAIL = f"""
{FIELDS}, l.address, l.website, l.payment_terms, l.notes, l.custom, l.created_by, l.archived_at, l.archived_by, l.archive_reason, l.parent_id,
    l.merged_into_id, creator.name as creator_name, archiver.name as archiver_name, owner.supervisor_id
from customer l {NAMES} left join person creator on creator.id = l.created_by left join person archiver on archiver.id = l.archived_by
where l.id = $2 and {{condition}}
"""


CUSTOMERS = Register(
    name="customers",
    listing=lists.CUSTOMERS,
    detail=queries.detail,
    sort="-activity",
    given={"states": ["active"]},
    own="(l.owner_id = $1 or l.backup_owner_id = $1)",
    stands="l.state = 'active' and l.merged_into_id is null",
    fields=FIELDS,
    names=NAMES,
    newest="order by l.last_activity_at desc, l.id desc",
    record=DETAIL,
)
