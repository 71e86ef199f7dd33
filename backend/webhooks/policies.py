"""Who sees forms and submissions, and the two functions through which the intake reaches past row security."""

from backend.core.config import APP_LOGIN, WORKER_LOGIN
from backend.core.db import Lens
from backend.core.rowsecurity import SqlFunction, TableSecurity

MANAGES_SETTINGS = {Lens.PERSON: "(select app_may('settings.manage'))"}

TABLES = [
    TableSecurity("form", select={Lens.PERSON: "(select app_may('forms.read'))"}, insert=MANAGES_SETTINGS, update=MANAGES_SETTINGS),
    TableSecurity("form_secret", insert=MANAGES_SETTINGS, audit_hides=("secret",)),
    TableSecurity(
        "submission",
        select={Lens.PERSON: "(select app_may('submissions.read'))"},
        audited=False,
        unaudited_because="it keeps the very bytes that came and is written once; the lead made from it is audited",
    ),
]

FORM = """
create or replace function intake_form(wanted text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
    select jsonb_build_object('id', f.id, 'key', f.key, 'name', f.name, 'source', f.source, 'mapping', f.mapping,
        'verification', f.verification, 'rate_per_minute', f.rate_per_minute,
        'secrets', coalesce((select jsonb_agg(jsonb_build_object('kind', s.kind, 'secret', s.secret, 'valid_until', s.valid_until))
            from form_secret s where s.form_id = f.id), '[]'))
    from form f where f.key = wanted and f.is_active
$$
"""

RECEIVE = """
create or replace function intake_receive(
    p_form uuid, p_message text, p_same_since timestamptz, p_now timestamptz, p_submission uuid, p_lead uuid,
    p_reason jsonb, p_payload jsonb, p_raw bytea, p_content_type text, p_ip text, p_submitted_at timestamptz, p_fields jsonb, p_request text
) returns jsonb language plpgsql security definer set search_path = public, pg_temp as $$
declare
    message text := p_message; reason jsonb := p_reason; first submission; has_lead boolean := p_reason is null; actor text;
begin
    actor := 'form:' || (select key from form where id = p_form);
    perform set_config('app.actor', actor, true), set_config('app.request', p_request, true), set_config('app.ip', p_ip, true);
    if p_same_since is not null then
        -- A post without an id: the same bytes are the same post for a while, and a new one afterwards.
        perform pg_advisory_xact_lock(hashtextextended(p_form::text || p_message, 0));
        select * into first from submission s
        where s.form_id = p_form and s.message_id >= p_message and s.message_id < p_message || ':~' and s.received_at > p_same_since
        order by s.received_at desc limit 1;
        if first.id is not null then
            return jsonb_build_object('submission_id', first.id, 'state', first.state, 'lead_id', first.lead_id, 'is_replay', true);
        end if;
        message := p_message || ':' || to_char(p_now at time zone 'UTC', 'YYYYMMDDHH24MISSUS');
    end if;
    loop
        insert into submission (id, form_id, message_id, received_at, state, reason, payload, raw, content_type, remote_ip, submitted_at, lead_id)
        values (p_submission, p_form, message, p_now, case when has_lead then 'accepted' else 'quarantined' end, reason, p_payload, p_raw,
            p_content_type, p_ip, p_submitted_at, case when has_lead then p_lead end)
        on conflict (form_id, message_id) do nothing;
        exit when found;
        select * into first from submission s where s.form_id = p_form and s.message_id = message;
        if first.payload = p_payload then
            return jsonb_build_object('submission_id', first.id, 'state', first.state, 'lead_id', first.lead_id, 'is_replay', true);
        end if;
        -- A sender that gives one id to two messages: the second is kept too, and a person looks at it.
        message := message || '~' || left(encode(sha256(p_raw), 'hex'), 16);
        has_lead := false;
        reason := jsonb_build_object('faults', jsonb_build_array(jsonb_build_object('code', 'reused_id', 'field', '', 'detail', p_message)));
    end loop;
    if has_lead then
        insert into lead (id, company, company_key, contact_name, phone, phone_key, email, wechat, province, city, source, form_id, form_name,
            campaign, product_line, language, need, expected_amount, currency, custom, is_test, received_at, last_activity_at, submission_id)
        select p_lead, l.company, l.company_key, l.contact_name, l.phone, l.phone_key, l.email, l.wechat, l.province, l.city, coalesce(l.source, f.source),
            f.id, f.name, l.campaign, l.product_line, l.language, l.need, l.expected_amount, coalesce(l.currency, 'CNY'), l.custom, l.is_test,
            p_now, p_now, p_submission
        from form f, jsonb_to_record(p_fields) as l(company text, company_key text, contact_name text, phone text, phone_key text, email text,
            wechat text, province text, city text, source text, campaign text, product_line text, language text, need text,
            expected_amount numeric(18,2), currency text, custom jsonb, is_test boolean)
        where f.id = p_form;
        insert into timeline_entry (id, subject_type, subject_id, kind, at, recorded_at, body)
        select uuidv7(), 'lead', p_lead, 'lead.received', p_now, p_now,
            jsonb_build_object('form', jsonb_build_object('id', f.id, 'name', f.name), 'source', f.source) from form f where f.id = p_form;
    end if;
    insert into outbox (kind, subject_id, payload, actor, occurred_at)
    values (case when has_lead then 'lead.received' else 'submission.quarantined' end, case when has_lead then p_lead else p_form end,
        jsonb_build_object('subject_id', case when has_lead then p_lead else p_form end, 'submission_id', p_submission), actor, p_now);
    return jsonb_build_object('submission_id', p_submission, 'state', case when has_lead then 'accepted' else 'quarantined' end,
        'lead_id', case when has_lead then p_lead end, 'is_replay', false);
end $$
"""
RECEIVE_SIGNATURE = (
    "intake_receive(uuid, text, timestamptz, timestamptz, uuid, uuid, jsonb, jsonb, bytea, text, text, timestamptz, jsonb, text)"
)

FUNCTIONS = [
    SqlFunction("intake_form(text)", FORM, (APP_LOGIN, WORKER_LOGIN)),
    SqlFunction(RECEIVE_SIGNATURE, RECEIVE, (APP_LOGIN, WORKER_LOGIN)),
]
