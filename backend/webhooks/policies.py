"""Who sees forms and submissions, and the two functions through which the intake reaches past row security."""

from backend.core.config import APP_LOGIN, WORKER_LOGIN
from backend.core.db import Lens
from backend.core.rowsecurity import SqlFunction, TableSecurity

READS_FORMS = {Lens.PERSON: "(select app_may('forms.read'))"}
MANAGES_FORMS = {Lens.PERSON: "(select app_may('forms.manage'))"}

TABLES = [
    TableSecurity("form", select=READS_FORMS, insert=MANAGES_FORMS, update=MANAGES_FORMS, history_for="forms.manage"),
    TableSecurity("form_mapping", select=READS_FORMS, insert=MANAGES_FORMS, audit_key="form_id", audit_names=("version",)),
    TableSecurity(
        "form_secret", insert=MANAGES_FORMS, audit_key="form_id", audit_names=("id",), audit_hides=("secret",), history_for="forms.manage"
    ),
    TableSecurity(
        "submission",
        select={Lens.PERSON: "(select app_may('submissions.read'))"},
        audited=False,
        unaudited_because="it keeps the very bytes that came; what people decide about it is in submission_decision, and its lead is audited",
    ),
    TableSecurity(
        "submission_decision",
        select={Lens.PERSON: "(select app_may('submissions.read'))"},
        audit_key="submission_id",
        audit_names=("id",),
        system="select",
    ),
]

FORM = """
create or replace function intake_form(wanted text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
    select jsonb_build_object('id', f.id, 'key', f.key, 'name', f.name, 'source', f.source, 'mapping', f.mapping,
        'verification', f.verification, 'rate_per_minute', f.rate_per_minute, 'allowed_origins', f.allowed_origins, 'answer_style', f.answer_style,
        'secrets', coalesce((select jsonb_agg(jsonb_build_object('kind', s.kind, 'secret', s.secret, 'valid_until', s.valid_until))
            from form_secret s where s.form_id = f.id), '[]'))
    from form f where f.key = wanted and f.is_active
$$
"""

INSERT_LEAD = """insert into lead (id, company, company_key, contact_name, phone, phone_key, email, wechat, province, city, source, form_id,
            form_name, campaign, product_line, language, need, expected_amount, currency, custom, is_test, received_at, last_activity_at, submission_id)
        select {lead}, l.company, l.company_key, l.contact_name, l.phone, l.phone_key, l.email, l.wechat, l.province, l.city,
            coalesce(l.source, f.source), f.id, f.name, l.campaign, l.product_line, l.language, l.need, l.expected_amount,
            coalesce(l.currency, 'CNY'), l.custom, l.is_test, {received}, {now}, {submission}
        from form f, jsonb_to_record({fields}) as l(company text, company_key text, contact_name text, phone text, phone_key text, email text,
            wechat text, province text, city text, source text, campaign text, product_line text, language text, need text,
            expected_amount numeric(18,2), currency text, custom jsonb, is_test boolean)
        where f.id = {form}"""
"""The one way from mapped fields to a lead, for a post that fits and for one that fits later."""

RECEIVE = f"""
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
        {INSERT_LEAD.format(lead="p_lead", form="p_form", submission="p_submission", received="p_now", fields="p_fields", now="p_now")};
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

DECIDE = f"""
create or replace function submission_decide(p_submission uuid, p_lead uuid, p_fields jsonb, p_corrections jsonb, p_reason text, p_now timestamptz)
returns jsonb language plpgsql security definer set search_path = public, pg_temp as $$
declare
    found submission; actor uuid := app_actor(); is_replay boolean := p_lead is not null;
begin
    if not app_may('forms.manage') then return null; end if;
    select * into found from submission where id = p_submission for update;
    if found.id is null then return null; end if;
    if found.state = 'accepted' or (found.state = 'dismissed' and not is_replay) then
        return jsonb_build_object('state', found.state, 'lead_id', found.lead_id, 'is_new', false);
    end if;
    insert into submission_decision (id, submission_id, kind, reason, corrections, decided_by, at)
    values (uuidv7(), p_submission, case when is_replay then 'replayed' else 'dismissed' end, p_reason, p_corrections, actor, p_now);
    update submission set state = case when is_replay then 'accepted' else 'dismissed' end, lead_id = p_lead,
        announced_at = coalesce(announced_at, p_now) where id = p_submission;
    if is_replay then
        {INSERT_LEAD.format(lead="p_lead", form="found.form_id", submission="p_submission", received="found.received_at", fields="p_fields", now="p_now")};
        insert into timeline_entry (id, subject_type, subject_id, kind, at, recorded_at, actor_id, body)
        select uuidv7(), 'lead', p_lead, 'lead.received', found.received_at, p_now, actor,
            jsonb_build_object('form', jsonb_build_object('id', f.id, 'name', f.name), 'source', f.source, 'replayed', true,
                'corrected', (select coalesce(jsonb_agg(name order by name), '[]') from jsonb_object_keys(p_corrections) name))
        from form f where f.id = found.form_id;
        insert into outbox (kind, subject_id, payload, actor, occurred_at)
        values ('lead.received', p_lead, jsonb_build_object('subject_id', p_lead, 'submission_id', p_submission), actor, p_now);
    end if;
    return jsonb_build_object('state', case when is_replay then 'accepted' else 'dismissed' end, 'lead_id', p_lead, 'is_new', true);
end $$
"""

SECRETS = """
create or replace function form_secrets(p_form uuid) returns table (id uuid, kind text, hint text, created_at timestamptz, valid_until timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
    select s.id, s.kind, right(s.secret, 4), s.created_at, s.valid_until from form_secret s
    where s.form_id = p_form and app_may('forms.manage') order by s.created_at desc, s.id desc
$$
"""

ROTATE = """
create or replace function form_end_secrets(p_form uuid, p_kind text, p_secret uuid, p_until timestamptz) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    ended int;
begin
    if not app_may('forms.manage') then return 0; end if;
    update form_secret s set valid_until = p_until
    where s.form_id = p_form and (p_kind is null or s.kind = p_kind) and (p_secret is null or s.id = p_secret)
        and (s.valid_until is null or s.valid_until > p_until);
    get diagnostics ended = row_count;
    return ended;
end $$
"""

FUNCTIONS = [
    SqlFunction("intake_form(text)", FORM, (APP_LOGIN, WORKER_LOGIN)),
    SqlFunction(RECEIVE_SIGNATURE, RECEIVE, (APP_LOGIN, WORKER_LOGIN)),
    SqlFunction("submission_decide(uuid, uuid, jsonb, jsonb, text, timestamptz)", DECIDE, (Lens.PERSON.value,)),
    SqlFunction("form_secrets(uuid)", SECRETS, (Lens.PERSON.value,)),
    SqlFunction("form_end_secrets(uuid, text, uuid, timestamptz)", ROTATE, (Lens.PERSON.value,)),
]
