"""The figures of a dashboard, as sums over what each opportunity and each stay adds to them; row security adds the scope."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from backend.core.hot import Hot
from backend.leads.models import Lead
from backend.opportunities import funnel

OF_NOW = "kind in ('open', 'standing')"
IN_MONTHS = "month between :first and :last"
OF_MONTHS = f"kind in ('won', 'lost', 'lead_deal', 'lead_won', 'began', 'ended') and {IN_MONTHS}"
BY_MONTH = "case kind when 'began' then month end"


@dataclass(frozen=True)
class Narrowed:
    """What a dashboard is narrowed to; what is not given narrows nothing."""

    owners: list[UUID] = field(default_factory=list)
    regions: list[UUID] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


def _any(column: str, name: str, kind: str = "uuid") -> str:
    return f"(cast(:{name} as {kind}[]) is null or {column} = any(cast(:{name} as {kind}[])))"


def _figures(rows: str) -> Hot:
    return Hot(f"""
select kind, {BY_MONTH} as month, stage_id, source, currency, bucket,
    sum(n)::bigint as n, sum(ended)::bigint as ended, sum(advanced)::bigint as advanced, sum(amount) as amount, sum(seconds) as seconds
from ({rows}) f({funnel.COLUMNS}) group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0
""")


CELLS = f"stage_id = any(:stages) and {_any('region_id', 'regions')}"
OF_CELLS = _figures(" union all ".join(funnel.CELLS.format(where=f"{which} and {CELLS}") for which in (OF_NOW, OF_MONTHS)))
"""For a region or the company. In two parts, so that each is a range of the index; without `dwell`, which is `OF_DWELLS`."""
OF_DWELLS = Hot(f"""
select stage_id, counts, null::int as bucket, null::bigint as n from funnel_dwell where {IN_MONTHS} and {CELLS}
union all select stage_id, null, bucket, n from funnel_delta where kind = 'dwell' and {IN_MONTHS} and {CELLS}
""")
"""The lists as they are kept, and what is not folded yet: to add them up here takes a third of the time that it takes there."""
RECORDS = f"o.pipeline_id = :pipeline and {_any('o.owner_id', 'owners')} and {_any('o.region_id', 'regions')} and {_any('o.source', 'sources', 'text')}"
OF_RECORDS = _figures(
    f"select {funnel.COLUMNS} from ({funnel.facts(RECORDS)}) f({funnel.COLUMNS}) where {OF_NOW} or ({OF_MONTHS}) or (kind = 'dwell' and {IN_MONTHS})"
)
"""For a person, and wherever owner or source narrows."""


def leads_by_source(wanted: Narrowed, since: datetime, before: datetime) -> Select[str, int]:
    """What GET /leads lists of these."""
    query = select(Lead.source, func.count()).where(Lead.merged_into_id.is_(None), Lead.received_at >= since, Lead.received_at < before)
    several = ((Lead.owner_id, wanted.owners), (Lead.region_id, wanted.regions), (Lead.source, wanted.sources))
    return query.where(*(column.in_(values) for column, values in several if values)).group_by(Lead.source)
