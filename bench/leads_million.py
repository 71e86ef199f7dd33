"""A million leads as their list and page show them, and the same by hand."""

from backend.leads import lists, queries
from bench.looking import Register

FIELDS = """
select l.id, l.number, l.company, l.contact_name, l.phone, l.province, l.city, l.source, l.product_line, l.language, l.campaign, l.need, l.is_test,
    l.state, l.received_at, l.assigned_at, l.first_follow_up_at, l.escalation_level, l.version, l.owner_id, l.region_id, l.next_step, l.next_step_at,
    l.last_activity_at, l.expected_amount, l.currency, owner.name as owner_name, region.name as region_name,
    case when l.state = 'assigned' and l.owner_id is not null then d.due_at end as follow_up_due_at
"""
NAMES = """
left join person owner on owner.id = l.owner_id left join region on region.id = l.region_id
left join deadline d on d.kind = 'lead.first_contact' and d.rung = 'supervisor' and d.subject_id = l.id and d.base_at = l.assigned_at
"""
DETAIL = f"""
{FIELDS}, l.email, l.wechat, l.custom, l.form_name, l.created_by, backup.name as backup_name, superior.name as superior_name, creator.name as creator_name,
    newest.reason, newest.latency_ms, newest.assigned_at as decided_at, owner.supervisor_id
from lead l {NAMES} left join person backup on backup.id = l.backup_owner_id left join person superior on superior.id = l.escalated_to_id
left join person creator on creator.id = l.created_by
left join lateral (select a.reason, a.latency_ms, a.assigned_at from lead_assignment a where a.lead_id = l.id order by a.assigned_at desc, a.id desc limit 1)
    newest on true
where l.id = $2 and {{condition}}
"""


LEADS = Register(
    name="leads",
    listing=lists.LEADS,
    detail=queries.detail,
    sort="-received",
    given={},
    own="(l.owner_id = $1 or l.backup_owner_id = $1 or l.escalated_to_id = $1)",
    stands="true",
    fields=FIELDS,
    names=NAMES,
    newest="order by l.received_at desc, l.id desc",
    record=DETAIL,
)
