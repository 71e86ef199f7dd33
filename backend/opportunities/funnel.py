"""Figures of the funnel, exact at every moment and cheap to read (ADR 0012).

`facts` says what each opportunity and each stay adds to the figures. From it come the triggers that write the difference of every change
(`funnel_delta`), the fold of these into `funnel_cell`, the making of all cells anew, and the figures of few records without any cells.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.config import get_settings
from backend.core.hot import Hot
from backend.core.locking import take_turns
from backend.pipelines.rules import ADVANCES

KEYS = ("kind", "month", "region_id", "stage_id", "source", "currency", "bucket")
CELL_KEYS = KEYS[:-1]
VALUES = ("n", "ended", "advanced", "amount", "seconds")
COLUMNS = ", ".join((*KEYS, *VALUES))
CELL_COLUMNS = ", ".join((*CELL_KEYS, *VALUES))
FOLDED_AT_ONCE = 5000
ADVANCING = ", ".join(f"'{move.value}'" for move in ADVANCES)


def month(moment: str) -> str:
    """The first day of the month of a moment, as the house counts its days."""
    return f"date_trunc('month', {moment} at time zone (select zone from funnel_base))::date"


def day(moment: str) -> str:
    """The day of a moment, as the house counts its days."""
    return f"({moment} at time zone (select zone from funnel_base))::date"


def bucket(seconds: str) -> str:
    """`analytics.rules.dwell_bucket` in SQL: half days up to thirty days, whole days beyond; in tenths of days."""
    halves = f"round({seconds} / 43200)"
    return f"(case when {halves} <= 60 then {halves} * 5 else round({halves} / 2) * 10 end)::int"


def place(bucket: str) -> str:
    """Where `FunnelDwell.counts` has a bucket, from 0."""
    return f"(case when {bucket} <= 300 then {bucket} / 5 else {bucket} / 10 + 30 end)"


def _bucket_at(place: str) -> str:
    return f"(case when {place} <= 60 then {place} * 5 else {place} * 10 - 300 end)::int"


def facts_of_deal(o: str, source: str = "", where: str = "true") -> str:
    """What an opportunity `o` adds: it stands open or was closed in a month and on a day, and came from a lead that was received in a month."""
    rows = f"from {source}" if source else ""
    amount = f"coalesce({o}.expected_amount, 0)"
    kept = f"{o}.region_id, %s, {o}.currency, null::int, 1::bigint, 0::bigint, 0::bigint, {amount}, 0::numeric {rows} where {where}"
    return f"""
        select 'open'::text, null::date, {kept % f"{o}.stage_id, null::text"} and {o}.state = 'open'
        union all select {o}.state, {month(f"{o}.closed_at")}, {kept % f"{o}.stage_id, null::text"} and {o}.state <> 'open'
        union all select {o}.state || '_day', {day(f"{o}.closed_at")}, {kept % f"{o}.stage_id, null::text"} and {o}.state <> 'open'
        union all select case {o}.state when 'won' then 'lead_won' else 'lead_deal' end, {month(f"{o}.lead_received_at")},
            {kept % f"{o}.stage_id, {o}.source"} and {o}.lead_received_at is not null"""


def facts_of_stay(s: str, region: str, source: str = "", where: str = "true") -> str:
    """What a stay `s` adds: it began in a month (and has ended, and by an advance), it ended in a month (after so long: `dwell`), or goes on."""
    rows = f"from {source}" if source else ""
    dwell = f"extract(epoch from {s}.left_at - {s}.entered_at)"
    key = f"{region}, {s}.stage_id, null::text, null::text"
    return f"""
        select 'began'::text, {month(f"{s}.entered_at")}, {key}, null::int, 1::bigint, ({s}.left_at is not null)::int::bigint,
            coalesce({s}.left_move in ({ADVANCING}), false)::int::bigint, 0::numeric, 0::numeric {rows} where {where}
        union all select 'ended', {month(f"{s}.left_at")}, {key}, null::int, 1::bigint, 0::bigint, 0::bigint, 0::numeric, {dwell}
            {rows} where {where} and {s}.left_at is not null
        union all select 'dwell', {month(f"{s}.left_at")}, {key}, {bucket(dwell)}, 1::bigint, 0::bigint, 0::bigint, 0::numeric, 0::numeric
            {rows} where {where} and {s}.left_at is not null
        union all select 'standing', null::date, {key}, null::int, 1::bigint, 0::bigint, 0::bigint, 0::numeric, extract(epoch from {s}.entered_at)
            {rows} where {where} and {s}.left_at is null"""


def facts(where: str = "true") -> str:
    """All that opportunities `o` and their stays `s` add, as far as the session sees them."""
    stays = "stage_stay s join opportunity o on o.id = s.opportunity_id"
    return f"{facts_of_deal('o', 'opportunity o', where)} union all {facts_of_stay('s', 'o.region_id', stays, where)}"


def _summed(rows: str, keys: Sequence[str] = KEYS, where: str = "true") -> str:
    """Rows with equal keys together; what adds up to nothing is left out."""
    sums = ", ".join(f"sum({value})" for value in VALUES)
    changed = " or ".join(f"sum({value}) <> 0" for value in VALUES)
    named = ", ".join(keys)
    return f"select {named}, {sums} from ({rows}) f({COLUMNS}) where {where} group by {named} having {changed}"


def _counts(rows: str) -> str:
    """The rows of kind `dwell` as rows of `funnel_dwell`."""
    return f"""
        select month, region_id, stage_id, array_agg(coalesce(n, 0) order by place)
        from (select month, region_id, stage_id, max({place("bucket")}) as most, array_agg({place("bucket")}) as places, array_agg(n) as ns
              from ({rows}) f({COLUMNS}) where kind = 'dwell' group by month, region_id, stage_id) d
        cross join lateral (
            select place, (select sum(n) from unnest(places, ns) as one(at, n) where at = place) as n from generate_series(0, most) place
        ) filled group by month, region_id, stage_id"""


def _signed(rows: str, sign: str) -> str:
    return f"select {', '.join(KEYS)}, {', '.join(f'{sign} * {value}' for value in VALUES)} from ({rows}) f({COLUMNS})"


OF_DEAL = f"""
create or replace function funnel_of_deal() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into funnel_delta ({COLUMNS})
    {_summed(f'''{_signed(facts_of_deal("old", where="tg_op = 'UPDATE'"), "-1")} union all {_signed(facts_of_deal("new"), "1")}''')};
    if tg_op = 'UPDATE' and old.region_id is distinct from new.region_id then
        insert into funnel_delta ({COLUMNS})
        {
    _summed(f'''
            {_signed(facts_of_stay("s", "old.region_id", "stage_stay s", "s.opportunity_id = new.id"), "-1")} union all
            {_signed(facts_of_stay("s", "new.region_id", "stage_stay s", "s.opportunity_id = new.id"), "1")}''')
};
    end if;
    return null;
end $$
"""
OF_STAY = f"""
create or replace function funnel_of_stay() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare place uuid;
begin
    -- Whoever changes the region of this opportunity meanwhile waits, and then counts the stay too.
    select region_id into place from opportunity where id = new.opportunity_id for no key update;
    insert into funnel_delta ({COLUMNS})
    {_summed(f'''{_signed(facts_of_stay("old", "place", where="tg_op = 'UPDATE'"), "-1")} union all {_signed(facts_of_stay("new", "place"), "1")}''')};
    return null;
end $$
"""
DEAL_COLUMNS = ("region_id", "stage_id", "state", "source", "currency", "expected_amount", "closed_at", "lead_received_at")
DEAL_TRIGGER = f"create trigger funnel_of_deal after insert or update of {', '.join(DEAL_COLUMNS)} on opportunity for each row execute function funnel_of_deal()"
STAY_TRIGGER = "create trigger funnel_of_stay after insert or update on stage_stay for each row execute function funnel_of_stay()"

ADDED = """
create or replace function counts_added(one bigint[], other bigint[]) returns bigint[] language sql immutable set search_path = pg_temp as $$
    select array_agg(coalesce(a, 0) + coalesce(b, 0) order by place) from unnest(one, other) with ordinality as u(a, b, place)
$$
"""
AS_KEPT = f"""(
    select {", ".join(CELL_KEYS)}, null::int as bucket, {", ".join(VALUES)} from funnel_cell
    union all
    select 'dwell', month, region_id, stage_id, null, null, {_bucket_at("(u.place - 1)")}, u.n, 0, 0, 0, 0
    from funnel_dwell cross join unnest(counts) with ordinality as u(n, place) where u.n <> 0
    union all select {COLUMNS} from funnel_delta
) kept"""
CELLS = f"select {COLUMNS} from {AS_KEPT} where {{where}}"

BOARD = Hot(f"""
select f.stage_id, f.currency, sum(f.n)::bigint as count, sum(f.amount) as amount, round(sum(f.amount) * s.win_rate, 2) as weighted
from ({CELLS.format(where="kind = 'open'")}) f({COLUMNS}) join pipeline_stage s on s.id = f.stage_id
where s.pipeline_id = :pipeline and (cast(:regions as uuid[]) is null or f.region_id = any(cast(:regions as uuid[])))
group by f.stage_id, f.currency, s.win_rate having sum(f.n) > 0
union all
select f.stage_id, f.currency, sum(f.n)::bigint, sum(f.amount), sum(case f.kind when 'won_day' then f.amount else 0 end)
from ({CELLS.format(where="kind in ('won_day', 'lost_day') and month >= :since")}) f({COLUMNS}) join pipeline_stage s on s.id = f.stage_id
where s.pipeline_id = :pipeline and (cast(:regions as uuid[]) is null or f.region_id = any(cast(:regions as uuid[])))
group by f.stage_id, f.currency having sum(f.n) > 0
order by 1, 2
""")
"""`queries.sums` of a region or the company without counting: what is open, and what was closed since the beginning of a day."""

FOLD = text(f"""
with gone as (delete from funnel_delta where id in (select id from funnel_delta order by id limit :most) returning {COLUMNS})
, counted as (
    insert into funnel_dwell (month, region_id, stage_id, counts) {_counts(f"select {COLUMNS} from gone")}
    on conflict (region_id, month, stage_id) do update set counts = counts_added(funnel_dwell.counts, excluded.counts)
)
insert into funnel_cell ({CELL_COLUMNS}) {_summed(f"select {COLUMNS} from gone", CELL_KEYS, "kind <> 'dwell'")}
on conflict ({", ".join(CELL_KEYS)}) do update set {", ".join(f"{value} = funnel_cell.{value} + excluded.{value}" for value in VALUES)}
""")
LEFT = text("select count(*) from (select from funnel_delta limit :most) waiting")


async def fold(session: AsyncSession) -> bool:
    """Adds the oldest differences to the cells; whoever reads sees each once. Returns whether there are more."""
    await take_turns(session, "funnel_fold")
    left = int(await session.scalar(LEFT, {"most": FOLDED_AT_ONCE + 1}) or 0)
    if left:
        await session.execute(FOLD, {"most": FOLDED_AT_ONCE})
    return left > FOLDED_AT_ONCE


REBUILD = (
    "lock table opportunity, stage_stay in share row exclusive mode",
    "delete from funnel_delta",
    "delete from funnel_cell",
    "delete from funnel_dwell",
    f"""with made as materialized ({_summed(facts())}), counted as (
        insert into funnel_dwell (month, region_id, stage_id, counts) {_counts("select * from made")}
    )
    insert into funnel_cell ({CELL_COLUMNS}) {_summed("select * from made", CELL_KEYS, "kind <> 'dwell'")}""",
)


async def rebuild(session: AsyncSession) -> None:
    """Makes all figures anew from the opportunities and their history, as the owner of the tables; nobody moves a card meanwhile."""
    for statement in REBUILD:
        await session.execute(text(statement))


async def install(session: AsyncSession) -> None:
    """Figures by the months of the company's zone; made anew when there are none, or when the zone has changed."""
    zone = get_settings().company_zone
    if await session.scalar(text("select zone from funnel_base")) == zone:
        return
    await session.execute(text("delete from funnel_base"))
    await session.execute(text("insert into funnel_base values (:zone)"), {"zone": zone})
    await rebuild(session)
