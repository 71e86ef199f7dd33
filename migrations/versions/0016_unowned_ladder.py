"""Leads that wait without an owner, and of which people were told once, climb their ladder."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


SET_ON_THE_LADDER = """
insert into deadline (id, kind, rung, subject_type, subject_id, base_at, due_at, state)
select uuidv7(), 'lead.unowned', r.rung, 'lead', l.id, l.received_at, l.received_at + r.wait, 'pending'
from lead l cross join (values ('reminder', interval '4 hours'), ('directors', interval '24 hours')) as r(rung, wait)
where l.owner_id is null and l.state = 'new' and l.pooled_at is not null and l.reclaimed_at is null
    and exists (select 1 from notification n where n.kind = 'lead.pooled' and n.subject_id = l.id)
    and (r.rung = 'directors' or l.received_at > now() - interval '24 hours')
"""
"""A reminder that came due together with the next rung would tell the directors twice at once."""


def upgrade() -> None:
    op.execute(SET_ON_THE_LADDER)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
