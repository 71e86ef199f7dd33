"""The whole chain, read in one pass."""

from sqlalchemy import LargeBinary, text

from backend.audit.policies import BATCH_DIGEST

CHAIN = text(f"""
select s.batch, s.entries, s.hash, held.entries as held, held.digest
from audit_seal s
full join (
    select batch, count(*) as entries, {BATCH_DIGEST} as digest from audit_entry where batch is not null group by batch
) held on held.batch = s.batch
order by coalesce(s.batch, held.batch), s.batch nulls first
""").columns(hash=LargeBinary, digest=LargeBinary)
"""Each seal beside what its batch holds now; a side that is missing is null."""

UTC = text("set local timezone to 'UTC'")
