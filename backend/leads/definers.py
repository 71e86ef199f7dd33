"""Functions over leads that look past row security, because no policy can let them use their index or see their rows in time."""

from backend.core.db import Lens
from backend.deadlines.rules import FIRST_CONTACT
from backend.leads.models import POOLED
from backend.leads.rules import DUE_RUNG

SORTS = """
        case trim(leading '-' from sort)
            when 'received' then 'l.received_at'
            when 'activity' then 'l.last_activity_at'
            when 'next_step' then 'coalesce(l.next_step_at, ''9999-12-31 00:00:00+00''::timestamptz)'
            when 'amount' then 'coalesce(l.expected_amount, -1::numeric)'
            when 'company' then 'l.company_sort'
        end
"""

PROBE = 1000
"""Rows; with hits among so many, of a million, `hits * hits >= most` is where walking on costs less than fetching all hits."""

LEAD_FIND = f"""
create or replace function lead_find(given jsonb, sort text, after_key text, after_id uuid, most int)
returns table(place bigint, id uuid, key text) language plpgsql stable rows 50 security definer set search_path = public, pg_temp as $$
declare
    me uuid := app_actor(); regions uuid[]; parts text[]; wanted text[] := array['l.merged_into_id is null']; hits int;
    way text := case when sort like '-%' then 'desc' else 'asc' end; kept text := {SORTS};
begin
    -- The lens that looks decides, as the policies of the table do; whoever reads the rows is checked by these once more.
    case current_setting('role')
        when '{Lens.OWN.value}' then
            parts := array[format('l.owner_id = %L', me), format('l.backup_owner_id = %L', me), format('l.escalated_to_id = %L', me)];
        when '{Lens.REGION.value}' then
            regions := app_regions();
            parts := array[case cardinality(regions) when 0 then 'false' when 1 then format('l.region_id = %L', regions[1])
                else format('l.region_id = any(%L::uuid[])', regions) end];
        when '{Lens.COMPANY.value}' then parts := array[case when app_has_reach('company') then 'true' else 'false' end];
        when '{Lens.POOL.value}' then
            parts := array[case when app_may('lead.claim')
                then format('{POOLED.replace("'", "''")} and l.region_id = any(%L::uuid[])', app_pool_regions()) else 'false' end];
        else return;
    end case;
    if given ? 'number' then wanted := wanted || format('l.number = %L', given ->> 'number'); end if;
    if given ? 'needle' then
        wanted := wanted || format('position(%L in %s) > 0', given ->> 'needle',
            case when given ->> 'needle' ~ '^[!-~]{{3,}}$' then 'l.search_text' else 'split_part(l.search_text, E''\\t'', 1)' end);
    end if;
    if given ? 'states' then wanted := wanted || format('l.state = any(%L::text[])', array(select jsonb_array_elements_text(given -> 'states'))); end if;
    if given ? 'sources' then wanted := wanted || format('l.source = any(%L::text[])', array(select jsonb_array_elements_text(given -> 'sources'))); end if;
    if given ? 'regions' then wanted := wanted || format('l.region_id = any(%L::uuid[])', array(select jsonb_array_elements_text(given -> 'regions'))); end if;
    if given ? 'owners' then wanted := wanted || format('l.owner_id = any(%L::uuid[])', array(select jsonb_array_elements_text(given -> 'owners'))); end if;
    if given ? 'product_lines' then
        wanted := wanted || format('l.product_line = any(%L::text[])', array(select jsonb_array_elements_text(given -> 'product_lines')));
    end if;
    if given ? 'received_from' then wanted := wanted || format('l.received_at >= %L', given ->> 'received_from'); end if;
    if given ? 'received_before' then wanted := wanted || format('l.received_at < %L', given ->> 'received_before'); end if;
    if given ? 'quiet_since' then
        wanted := wanted || format('l.state in (''assigned'', ''following'') and coalesce(l.last_follow_up_at, l.assigned_at) < %L', given ->> 'quiet_since');
    end if;
    if given ? 'is_overdue' then
        wanted := wanted || format('%s (l.state = ''assigned'' and exists (select 1 from deadline d where d.kind = ''{FIRST_CONTACT}''
            and d.rung = ''{DUE_RUNG}'' and d.subject_id = l.id and d.base_at = l.assigned_at and d.due_at <= %L))',
            case when (given ->> 'is_overdue')::bool then '' else 'not' end, given ->> 'now');
    end if;
    if given ? 'is_escalated' then wanted := wanted || case when (given ->> 'is_escalated')::bool then 'l.escalation_level > 0' else 'l.escalation_level = 0' end; end if;
    if given ? 'has_phone' then wanted := wanted || case when (given ->> 'has_phone')::bool then 'l.phone is not null' else 'l.phone is null' end; end if;
    if given ? 'has_owner' then wanted := wanted || case when (given ->> 'has_owner')::bool then 'l.owner_id is not null' else 'l.owner_id is null' end; end if;
    if after_key is not null then
        wanted := wanted || format('(%s, l.id) %s (%L, %L::uuid)', kept, case way when 'desc' then '<' else '>' end, after_key, after_id);
    end if;
    if given ? 'needle' and current_setting('role') in ('{Lens.REGION.value}', '{Lens.COMPANY.value}') then
        -- What is frequent is found soon by walking the list, what is rare by its grams; a walk of {PROBE} tells which. The planner
        -- cannot: it takes the grams of one name for independent of each other.
        execute format('select count(*) from (select 1 from (select (%s) as fits, row_number() over (order by %s %s, l.id %s) as step
            from lead l where %s) walked where fits and step <= {PROBE} limit %s) found',
            array_to_string(wanted, ' and '), kept, way, way, parts[1], most) into hits;
        if hits * hits < most then
            wanted := wanted || format('search_grams(l.search_text) @> %L::text[]', array(select jsonb_array_elements_text(given -> 'grams')));
        end if;
    end if;
    -- Each part walks an index of its own; a lead that two of them find is one.
    return query execute (
        select format('select row_number() over (), u.id, u.key::text from (select * from (%s) parts order by key %s, id %s limit %s) u',
            string_agg(format('(select l.id, %s as key from lead l where %s order by 2 %s, 1 %s limit %s)', kept,
                array_to_string(part || wanted, ' and '), way, way, most), ' union '), way, way, most)
        from unnest(parts) part);
end $$
"""

LEAD_CLAIM = f"""
create or replace function lead_claim(wanted uuid, why jsonb, moment timestamptz, most int, since timestamptz)
returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
    actor uuid := app_actor();
begin
    if not app_may('lead.claim') then return 'not_allowed'; end if;
    if most is not null then
        perform pg_advisory_xact_lock(hashtextextended('lead_claim ' || actor, 0));
        if (select count(*) from lead_assignment a where a.assigned_by = actor and a.assigned_at >= since and a.reason ->> 'code' = 'claimed') >= most
        then return 'limit_reached'; end if;
    end if;
    -- Of several at once the row lock lets one through; the others find the lead owned.
    update lead set owner_id = actor, state = 'assigned', pooled_at = null, reclaimed_at = null, former_owner_id = null, escalated_to_id = null, escalation_level = 0,
        assigned_at = moment, first_assigned_at = coalesce(first_assigned_at, moment), next_step = null, next_step_at = null, version = version + 1
    where id = wanted and {POOLED} and region_id = any(app_pool_regions());
    if not found then return 'taken'; end if;
    insert into lead_assignment (id, lead_id, person_id, region_id, reason, assigned_at, assigned_by, latency_ms)
    select uuidv7(), id, owner_id, region_id, why, moment, actor, null from lead where id = wanted;
    return 'changed';
end $$
"""
