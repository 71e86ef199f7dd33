"""Who sees what was announced, and the functions that announce on the way to other people's rows."""

from backend.core.config import APP_LOGIN, WORKER_LOGIN
from backend.core.db import Lens
from backend.core.rowsecurity import APP_ROLES, SqlFunction, TableSecurity

OWN = "person_id = (select app_actor())"
OF_MY_POOLS = "(person_id = any((select app_pool_regions())::uuid[]) and (select app_may('lead.claim')))"
READS_CHANNELS = "(select app_may('channels.read'))"
REPLAYS = "(select app_may('deliveries.replay'))"
MANAGES = {Lens.PERSON: "(select app_may('channels.manage'))"}
ANNOUNCERS = (*(lens.value for lens in APP_ROLES), Lens.SYSTEM.value)

TABLES = [
    TableSecurity(
        "notification",
        select={Lens.PERSON: OWN},
        update={Lens.PERSON: OWN},
        audited=False,
        unaudited_because="it announces a change that is audited itself; reading it is private",
    ),
    TableSecurity(
        "live_event",
        delete={Lens.SYSTEM: "true"},
        audited=False,
        unaudited_because="it repeats changes for open screens and is kept for a week",
    ),
    TableSecurity("live_cursor", select={Lens.PERSON: f"{OWN} or {OF_MY_POOLS}"}, audited=False, unaudited_because="it is a counter"),
    TableSecurity("channel", select={Lens.PERSON: READS_CHANNELS}, insert=MANAGES, update=MANAGES, history_for="channels.manage"),
    TableSecurity("channel_secret", audit_key="channel_id", audit_hides=("access_token", "secret"), history_for="channels.manage"),
    TableSecurity(
        "channel_health",
        select={Lens.PERSON: READS_CHANNELS},
        update={Lens.PERSON: REPLAYS},
        audited=False,
        unaudited_because="it is measured, not decided",
    ),
    TableSecurity("channel_message", audited=False, unaudited_because="it is itself the log of what was sent"),
    TableSecurity(
        "delivery",
        select={Lens.PERSON: READS_CHANNELS},
        update={Lens.PERSON: REPLAYS},
        audited=False,
        unaudited_because="its progress is measured; what people do to it is in delivery_replay",
    ),
    TableSecurity(
        "mail", audited=False, unaudited_because="what was written is never changed; it is itself the record of it", system="select"
    ),
    TableSecurity(
        "delivery_replay",
        insert={Lens.PERSON: f"{OWN} and {REPLAYS}"},
    ),
]

EMIT = """
create or replace function emit_live(items jsonb, at timestamptz) returns void
language sql security definer set search_path = public, pg_temp as $$
    with given as (
        select i.person_id, i.kind, i.payload, row_number() over (partition by i.person_id order by i.place) as nth,
            count(*) over (partition by i.person_id) as many
        from (select (item ->> 'person_id')::uuid as person_id, item ->> 'kind' as kind, item -> 'payload' as payload, place
              from jsonb_array_elements($1) with ordinality as e(item, place)) i
    ), moved as (
        insert into live_cursor as c (person_id, seq)
        select person_id, many from given where nth = 1 order by person_id
        on conflict (person_id) do update set seq = c.seq + excluded.seq
        returning person_id, seq
    )
    insert into live_event (person_id, seq, kind, payload, at)
    select g.person_id, m.seq - g.many + g.nth, g.kind, g.payload, $2 from given g join moved m using (person_id)
$$
"""

ANNOUNCE = """
create or replace function announce(items jsonb, at timestamptz) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    made int;
begin
    insert into notification (id, person_id, kind, params, subject_type, subject_id, is_urgent, created_at)
    select i.id, i.person_id, i.kind, i.params, i.subject_type, i.subject_id, i.is_urgent, at
    from jsonb_to_recordset(items) as i(
        id uuid, person_id uuid, kind text, params jsonb, subject_type text, subject_id uuid, is_urgent boolean)
    where i.id is not null;

    perform emit_live(
        (select jsonb_agg(jsonb_build_object('person_id', item -> 'person_id', 'kind', live -> 0, 'payload', live -> 1) order by place, nth)
         from jsonb_array_elements(items) with ordinality as e(item, place), jsonb_array_elements(item -> 'live') with ordinality as l(live, nth)), at);

    insert into mail (notification_id, subject, text, html, attachments)
    select i.id, i.mail ->> 'subject', i.mail ->> 'text', i.mail ->> 'html', i.mail -> 'attachments'
    from jsonb_to_recordset(items) as i(id uuid, mail jsonb) where i.id is not null and i.mail is not null;

    with recursive i as (
        select r.*, r.mail is not null and coalesce(p.email, '') <> '' as is_mailed
        from jsonb_to_recordset(items) as r(id uuid, person_id uuid, kind text, is_urgent boolean, is_sent boolean, mail jsonb)
        join person p on p.id = r.person_id
        where r.is_sent or r.mail is not null
    ), reach as (
        select i.person_id, p.region_id, 0 as steps from i join person p on p.id = i.person_id
        union all
        select reach.person_id, r.parent_id, reach.steps + 1 from reach join region r on r.id = reach.region_id where reach.steps < 50
    ), serving as (
        select person_id, channel_id, kind, rank() over (partition by person_id, kind order by steps) as place from (
            select reach.person_id, c.id as channel_id, c.kind, min(case when c.person_id is null then reach.steps else -1 end) as steps
            from reach join channel c on c.is_active
                and (c.person_id = reach.person_id or (c.person_id is null and c.region_id is not distinct from reach.region_id))
            group by reach.person_id, c.id, c.kind) s
    )
    insert into delivery (id, channel_id, notification_id, person_id, kind, is_urgent, created_at)
    select uuidv7(), s.channel_id, i.id, i.person_id, i.kind, i.is_urgent, at from i join serving s on s.person_id = i.person_id and s.place = 1
        and case s.kind when 'email' then i.is_mailed else i.is_sent end;
    get diagnostics made = row_count;
    return made;
end $$
"""

SINCE = """
create or replace function live_events_since(people uuid[], seqs bigint[], most int)
returns table (person_id uuid, seq bigint, kind text, payload jsonb)
language sql stable security definer set search_path = public, pg_temp as $$
    select e.person_id, e.seq, e.kind, e.payload
    from unnest(people, seqs) as wanted(person_id, seq)
    cross join lateral (
        select * from live_event l where l.person_id = wanted.person_id and l.seq > wanted.seq order by l.seq limit most
    ) e order by e.person_id, e.seq
$$
"""

SET_CREDENTIALS = """
create or replace function channel_set_secret(p_channel uuid, p_token text, p_secret text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if not app_may('channels.manage') or not exists (select 1 from channel where id = p_channel) then return false; end if;
    insert into channel_secret (channel_id, access_token, secret) values (p_channel, p_token, p_secret)
    on conflict (channel_id) do update set access_token = excluded.access_token, secret = excluded.secret;
    update channel_health set broken_at = null, blocked_until = null, told_at = null where channel_id = p_channel and broken_at is not null;
    return true;
end $$
"""

TEST = """
create or replace function channel_test(p_channel uuid, p_now timestamptz) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    actor uuid := app_actor(); told uuid := uuidv7(); made uuid := uuidv7();
begin
    if not app_may('channels.manage') then return null; end if;
    insert into notification (id, person_id, kind, params, subject_type, subject_id, is_urgent, created_at, read_at)
    select told, actor, 'channel.test', jsonb_build_object('channel', c.name, 'by', p.name), 'channel', c.id, true, p_now, p_now
    from channel c, person p where c.id = p_channel and p.id = actor;
    insert into delivery (id, channel_id, notification_id, person_id, kind, is_urgent, created_at)
    values (made, p_channel, told, actor, 'channel.test', true, p_now);
    update channel_health set broken_at = null, told_at = null where channel_id = p_channel and broken_at is not null;
    return made;
end $$
"""

HAS_CREDENTIALS = """
create or replace function channel_has_secret(p_channel uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select app_may('channels.read') and exists (select 1 from channel_secret s where s.channel_id = p_channel and s.access_token <> '')
$$
"""

FUNCTIONS = [
    SqlFunction("emit_live(jsonb, timestamptz)", EMIT, ANNOUNCERS),
    SqlFunction("announce(jsonb, timestamptz)", ANNOUNCE, ANNOUNCERS),
    SqlFunction("channel_set_secret(uuid, text, text)", SET_CREDENTIALS, (Lens.PERSON.value,)),
    SqlFunction("channel_has_secret(uuid)", HAS_CREDENTIALS, (Lens.PERSON.value,)),
    SqlFunction("channel_test(uuid, timestamptz)", TEST, (Lens.PERSON.value,)),
    SqlFunction("live_events_since(uuid[], bigint[], int)", SINCE, (APP_LOGIN, WORKER_LOGIN)),
]
