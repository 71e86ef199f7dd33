"""Role x route: what each of the ten roles gets from every route, and that a refusal changes and sends nothing.

A column per role, in the order of ROLES: y may, f visible but not allowed (403), n not visible (404),
i names something that is not visible (422).
"""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from backend.core.clock import product_moment
from backend.core.config import get_settings
from backend.core.db import use_database
from backend.core.files import FilePart, StoredFile
from backend.core.ids import new_id
from backend.core.outbox import Outbox
from backend.core.storage.base import put
from backend.core.storage.chosen import get_store
from backend.correspondence.models import EmailDelivery, EmailFile, EmailMessage
from backend.customers.models import ChangeRequest
from backend.documents.defaults import SHIPPED as DOCUMENT_KINDS
from backend.documents.models import Document, DocumentPreview, DocumentUpload, DocumentVersion
from backend.documents.thumbnails import key_of
from backend.duplicates.models import RecordMerge
from backend.identity import tokens
from backend.identity.models import Credential, Person, PersonLeave, Region
from backend.imports.models import ExportRun, ImportMapping, ImportRow, ImportRun
from backend.leads.models import Lead, ScriptTemplate
from backend.leads.rules import SUBJECT
from backend.notifications.models import Channel, Delivery, Notification
from backend.pipelines.defaults import SHIPPED, STANDARD
from backend.saved_views.models import SavedView
from backend.support.models import SupportRequest, SupportRound
from backend.webhooks.models import Form, FormSecret, Submission
from tests.conftest import NOW, RolledBack, as_owner, device_headers
from tests.factories import (
    make_contact,
    make_contract,
    make_customer,
    make_family,
    make_lead,
    make_leave,
    make_opportunity,
    make_person,
    make_product,
    make_region,
    milestone,
)
from tests.notifications.support import make_channel
from tests.webhooks.conftest import make_form

ROLES = (
    "sales_rep", "senior_consultant", "regional_manager", "area_director", "marketing",
    "engineer", "production_head", "operations_director", "hr", "administrator",
)  # fmt: skip
API = "/api/v1"
PASSWORD = "correct horse battery"
EVERYBODY = "yyyyyyyyyy"
ADMINISTRATOR = "fffffffffy"
MARKETING = "ffffyffffy"
PUBLIC = {"create_session", "refresh_session", "receive_form"}
"""Routes that establish who asks (or ask for a signature instead); their own tests try to get past them."""
STREAMS = {"open_live_stream"}
"""Answers that do not end; here only who is turned away, the rest in tests/notifications."""


@dataclass
class World:
    """One company: the rep leads `near`, somebody in another region leads `far`."""

    people: dict[str, Person]
    headers: dict[str, dict[str, str]]
    ids: dict[str, Any]
    uploads: dict[str, UUID]


Body = Callable[[World], Any] | None


@dataclass(frozen=True)
class Case:
    """One route, tried by everybody on one record."""

    operation: str
    call: str
    expected: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.operation}: {self.call}"


FIRST = {"If-Match": '"v1"'}
LEAVE = {"starts_at": "2026-03-16T09:00:00+08:00", "ends_at": "2026-03-17T18:00:00+08:00", "kind": "annual"}
LEAD = {"company": "无锡海达机械有限公司", "contact_name": "陈工", "phone": "13900001111", "source": "phone"}
CALL = {"kind": "call", "outcome": "reached", "note": "谈了交期"}
PERSON = {"name": "新人", "login": "newcomer", "password": "long enough 1", "roles": ["sales_rep"]}
FORM = {"key": "fair", "name": "展会", "source": "exhibition", "mapping": {"phone": "phone"}, "verification": {"by": "token"}}
SEES_FORMS = "nnnnynnnny"
VIEW = {"subject": "lead", "name": "久未跟进", "settings": {"filter": {"quiet_days": 7}}}
IMPORTERS, RUNS, OWN_RUN = "ffyyyffffy", "nnynnnnnny", "nnynnnnnnn"
SETTINGS = {"header_row": 1, "header_rows": 1, "columns": ["company", "phone"], "assignment": "route"}
POOL_RULE = {"reclaim_after_days": 45, "cooling_off_days": 7, "claims_a_day": 5, "is_active": True}
CUSTOMER = {"name": "无锡海达机械有限公司", "contacts": [{"name": "陈工", "role": "technical"}]}
CONTACT = {"name": "钱总", "role": "decider", "phone": "13900001111"}
RENAME = {"name": "改名", "reason": "来函更名"}
SEES_NEAR, SEES_FAR = "ynyyynnyny", "nnnnynnyny"
STEP = {"title": "发货", "due_on": "2026-03-20"}
NOTE, ASK = {"note": "老板姓林"}, {"need": "评估拉深"}
DEAL = {"name": "支架框架", "expected_amount": "5000.00"}
LOSS = {"stage": "closed", "outcome": "lost", "loss_reason": "price"}
KIND = {"key": "customs", "name_zh": "报关资料", "name_en": "Customs papers", "max_megabytes": 20}
LETTER = {"to": [{"address": "wang@hengda.example"}], "subject": "报价", "text": "见附件"}
SORTS = "nnyynnnnny"
KEEPERS = "fffffyyyfy"
FLOOR = {"price_floor": {"amount": "9.90"}}
FAMILY = {"code": "MJ", "name": "模具", "standard_lead_days": 35}
STEPS = {"operations": [{"sequence": 10, "work_centre_code": "CY", "name": "冲压", "set_up_hours": 1, "run_hours_per_unit": 0}]}
SEES_DEAL, SEES_FAR_DEAL = "ynyynnnyny", "nnnnnnnyny"

CASES = [
    Case("end_session", "POST /auth/sign-out", EVERYBODY),
    Case("end_all_sessions", "POST /auth/sign-out-everywhere", EVERYBODY),
    Case("get_me", "GET /me", EVERYBODY),
    Case("change_me", "PATCH /me", EVERYBODY, {"locale": "en"}),
    Case("change_password", "PUT /me/password", EVERYBODY, {"current_password": PASSWORD, "new_password": "another good one"}),
    Case("list_people", "GET /people", EVERYBODY),
    Case("create_person", "POST /people", ADMINISTRATOR, PERSON),
    Case("get_person", "GET /people/{stranger}", EVERYBODY),
    Case("change_person", "PATCH /people/{stranger}", ADMINISTRATOR, {"name": "改名"}, FIRST),
    Case("change_person", "PATCH /people/{sales_rep}", ADMINISTRATOR, {"roles": ["administrator"]}, FIRST),
    Case("deactivate_person", "POST /people/{stranger}/deactivation", ADMINISTRATOR),
    Case("list_leaves", "GET /people/{sales_rep}/leaves", EVERYBODY),
    Case("add_leave", "POST /people/{sales_rep}/leaves", "yfyffffffy", LEAVE),
    Case("add_leave", "POST /people/{stranger}/leaves", ADMINISTRATOR, LEAVE),
    Case("cancel_leave", "POST /leaves/{leave}/cancellation", "yfyffffffy"),
    Case("list_deputies", "GET /people/{sales_rep}/deputies", EVERYBODY),
    Case("set_deputies", "PUT /people/{sales_rep}/deputies", "yfyffffffy", [{"role_code": "sales_rep", "deputy_id": None}]),
    Case("list_roles", "GET /roles", EVERYBODY),
    Case("change_role", "PATCH /roles/hr", ADMINISTRATOR, {"permissions": ["people.read", "audit.read"]}, FIRST),
    Case("list_regions", "GET /regions", EVERYBODY),
    Case("create_region", "POST /regions", ADMINISTRATOR, {"name": "西北", "code": "XB"}),
    Case("change_region", "PATCH /regions/{east}", ADMINISTRATOR, {"name": "东"}, FIRST),
    Case("set_areas", "PUT /regions/{east}/areas", ADMINISTRATOR, {"areas": [{"province": "江苏"}]}),
    Case("record_usage", "POST /usage-events", EVERYBODY, {"events": [{"feature": "screen.today"}]}),
    Case("list_changes", "GET /changes?table=form&row_id={form}", EVERYBODY),
    Case("list_audit_entries", "GET /audit-entries", ADMINISTRATOR),
    Case("list_dead_events", "GET /dead-events", ADMINISTRATOR),
    Case("replay_dead_event", "POST /dead-events/{dead_event}/replay", "nnnnnnnnny"),
    Case("replay_all_dead_events", "POST /dead-events/replay-all", ADMINISTRATOR),
    Case("list_calendar_days", "GET /calendar/days?from=2026-01-01&to=2026-02-01", EVERYBODY),
    Case("set_calendar_days", "PUT /calendar/days", ADMINISTRATOR, {"items": [{"date": "2026-03-13", "is_workday": False}]}),
    Case("withdraw_calendar_days", "POST /calendar/days/withdrawal", ADMINISTRATOR, {"dates": ["2026-03-13"]}),
    Case("list_confirmed_years", "GET /calendar/years", EVERYBODY),
    Case("confirm_calendar_year", "PUT /calendar/years/2031", ADMINISTRATOR, {"is_confirmed": True}),
    Case("list_working_windows", "GET /calendar/windows", EVERYBODY),
    Case(
        "set_working_windows", "PUT /calendar/windows", ADMINISTRATOR, {"items": [{"weekday": None, "opens": "09:00", "closes": "17:00"}]}
    ),
    Case("list_calendar_warnings", "GET /calendar/warnings", EVERYBODY),
    Case("list_ladders", "GET /ladders", EVERYBODY),
    Case("change_ladder", "PUT /ladders/{ladder}", ADMINISTRATOR, lambda world: {"rungs": world.ids["rungs"]}, FIRST),
    Case("list_dailies", "GET /dailies", EVERYBODY),
    Case("change_daily", "PUT /dailies/today.digest", ADMINISTRATOR, {"at": "09:00", "is_active": True}, FIRST),
    Case("try_ladder", "POST /ladders/{ladder}/dry-run", ADMINISTRATOR, lambda world: {"rungs": world.ids["rungs"]}),
    Case("list_notifications", "GET /notifications", EVERYBODY),
    Case("get_notification_summary", "GET /notifications/summary", EVERYBODY),
    Case("read_all_notifications", "POST /notifications/read-all", EVERYBODY),
    Case("read_notification", "POST /notifications/{notification}/read", "ynnnnnnnnn"),
    Case("list_channels", "GET /channels", MARKETING),
    Case("create_channel", "POST /channels", ADMINISTRATOR, {"name": "新群"}),
    Case("change_channel", "PATCH /channels/{channel}", "nnnnfnnnny", {"name": "改名"}, FIRST),
    Case("set_channel_credentials", "PUT /channels/{channel}/credentials", "nnnnfnnnny", {"access_token": "abcdefgh12345678"}),
    Case("test_channel", "POST /channels/{channel}/test", "nnnnfnnnny"),
    Case("get_delivery", "GET /deliveries/{delivery}", "nnnnynnnny"),
    Case("list_deliveries", "GET /deliveries", MARKETING),
    Case("replay_delivery", "POST /deliveries/{delivery}/replay", "nnnnfnnnny"),
    Case("open_live_stream", "GET /live", EVERYBODY),
    Case("list_leads", "GET /leads", "yyyyffffff"),
    Case("list_leads", "GET /leads?scope=region", "ffyyffffff"),
    Case("list_leads", "GET /leads?scope=company", "ffffyffyfy"),
    Case("create_lead", "POST /leads", "yyyyyffffy", LEAD),
    Case("get_lead", "GET /leads/{near}", SEES_NEAR),
    Case("get_lead", "GET /leads/{far}", SEES_FAR),
    Case("get_lead_timeline", "GET /leads/{near}/timeline", SEES_NEAR),
    Case("get_lead_timeline", "GET /leads/{far}/timeline", SEES_FAR),
    Case("check_duplicates", "POST /duplicates/check", "yyyyyffffy", {"company": "无锡海达机械"}),
    Case("list_lead_duplicates", "GET /leads/{near}/duplicates", SEES_NEAR),
    Case("list_lead_duplicates", "GET /leads/{far}/duplicates", SEES_FAR),
    Case("list_lead_merges", "GET /leads/{near}/merges", SEES_NEAR),
    Case("list_lead_merges", "GET /leads/{far}/merges", SEES_FAR),
    Case("merge_leads", "POST /leads/{near}/merges", "fnyyfnnfny", lambda world: _merge(world, "near_twin")),
    Case("merge_leads", "POST /leads/{near}/merges", "fnnnfnnfny", lambda world: _merge(world, "far")),
    Case("undo_lead_merge", "POST /leads/{merged_lead}/merges/{merge}/undo", "fnyyfnnfny"),
    Case("list_lead_candidates", "GET /leads/{near}/candidates", "fnyyfnnfny"),
    Case("list_lead_candidates", "GET /leads/{far}/candidates", "nnnnfnnfny"),
    Case("log_follow_up", "POST /leads/{near}/follow-ups", "ynyyfnnfnf", CALL),
    Case("log_follow_up", "POST /leads/{far}/follow-ups", "nnnnfnnfnf", CALL),
    Case("log_lead_note", "POST /leads/{near}/notes", "ynyyfnnfnf", NOTE),
    Case("take_over_lead", "POST /leads/{near}/take-over", "fnyyfnnfnf", {}, FIRST),
    Case("take_over_lead", "POST /leads/{far}/take-over", "nnnnfnnfnf", {}, FIRST),
    Case("reassign_lead", "POST /leads/{near}/reassignment", "fnyyfnnfny", lambda world: _to_senior(world), FIRST),  # noqa: PLW0108 - it is defined below
    Case("reassign_lead", "POST /leads/{far}/reassignment", "nnnnfnnfny", lambda world: _to_senior(world), FIRST),  # noqa: PLW0108 - it is defined below
    Case("list_script_templates", "GET /script-templates", MARKETING),
    Case("create_script_template", "POST /script-templates", MARKETING, {"title": "回访", "body": "{contact}您好"}),
    Case("preview_script_template", "POST /script-previews", "fnffynnfny", lambda world: _trial(world)),  # noqa: PLW0108 - it is defined below
    Case("order_script_templates", "PUT /script-order", MARKETING, lambda world: {"ids": world.ids["scripts"]}),
    Case("change_script_template", "PATCH /script-templates/{script}", MARKETING, {"title": "改名"}, FIRST),
    Case("list_leads", "GET /leads?scope=pool&q=jing", "yyyyffffff"),
    Case("count_leads", "GET /leads/count", "yyyyffffff"),
    Case("count_leads", "GET /leads/count?scope=company", "ffffyffyfy"),
    Case("claim_lead", "POST /leads/{pooled}/claim", "yyyyfnnfnf"),
    Case("claim_lead", "POST /leads/{far_pooled}/claim", "nnnnfnnfnf"),
    Case("disqualify_lead", "POST /leads/{near}/disqualification", "ynyyfnnfny", {"reason": "no_need"}),
    Case("disqualify_lead", "POST /leads/{far}/disqualification", "nnnnfnnfny", {"reason": "no_need"}),
    Case("reopen_lead", "POST /leads/{closed}/reopening", "fnyyfnnfny", {"note": "弄错了"}),
    Case("change_leads", "POST /lead-changes", EVERYBODY, lambda world: {"action": "claim", "ids": [str(world.ids["pooled"])]}),
    Case("list_views", "GET /views?subject=lead", EVERYBODY),
    Case("create_view", "POST /views", EVERYBODY, VIEW),
    Case("create_view", "POST /views", "ffyyyffyfy", VIEW | {"sharing": "company"}),
    Case("change_view", "PATCH /views/{view}", "fffyffffff", {"name": "新名"}, FIRST),
    Case("remove_view", "POST /views/{view}/removal", "fffyffffff"),
    Case("list_pool_rules", "GET /pool/rules", EVERYBODY),
    Case("change_company_pool_rule", "PUT /pool/rules/company", ADMINISTRATOR, POOL_RULE, FIRST),
    Case("change_region_pool_rule", "PUT /pool/rules/regions/{east}", ADMINISTRATOR, POOL_RULE),
    Case("preview_pool_rule", "POST /pool/preview", ADMINISTRATOR, {"reclaim_after_days": 30}),
    Case("protect_lead", "POST /leads/{near}/protection", "fnyyfnnfny", {"is_protected": True, "reason": "长期项目"}),
    Case("protect_lead", "POST /leads/{far}/protection", "nnnnfnnfny", {"is_protected": True, "reason": "长期项目"}),
    Case("list_customers", "GET /customers", "yyyyffffff"),
    Case("list_customers", "GET /customers?scope=region", "ffyyffffff"),
    Case("list_customers", "GET /customers?scope=company", "ffffyffyfy"),
    Case("count_customers", "GET /customer-count?scope=region", "ffyyffffff"),
    Case("list_customer_industries", "GET /customer-industries?scope=company", "ffffyffyfy"),
    Case(
        "change_customers",
        "POST /customer-changes",
        EVERYBODY,
        lambda world: {"action": "archive", "reason": "注销", "ids": [str(world.ids["pooled"])]},
    ),
    Case("create_customer", "POST /customers", "yyyyfffffy", CUSTOMER),
    Case("get_customer", "GET /customers/{near_customer}", SEES_NEAR),
    Case("get_customer", "GET /customers/{far_customer}", SEES_FAR),
    Case("get_customer_timeline", "GET /customers/{near_customer}/timeline", SEES_NEAR),
    Case("get_customer_timeline", "GET /customers/{far_customer}/timeline", SEES_FAR),
    Case("change_customer", "PATCH /customers/{near_customer}", "ynyyfnnfny", {"notes": "爱喝茶"}, FIRST),
    Case("change_customer", "PATCH /customers/{near_customer}", "ynyyfnnfny", RENAME, FIRST),
    Case("change_customer", "PATCH /customers/{far_customer}", "nnnnfnnfny", RENAME, FIRST),
    Case("log_customer_follow_up", "POST /customers/{near_customer}/follow-ups", "ynyyfnnfnf", CALL),
    Case("log_customer_follow_up", "POST /customers/{far_customer}/follow-ups", "nnnnfnnfnf", CALL),
    Case("log_customer_note", "POST /customers/{near_customer}/notes", "ynyyfnnfnf", NOTE),
    Case("preview_chat", "POST /chat-previews", EVERYBODY, {"text": "王总: 在吗"}),
    Case("add_contact", "POST /customers/{near_customer}/contacts", "ynyyfnnfny", CONTACT),
    Case("add_contact", "POST /customers/{far_customer}/contacts", "nnnnfnnfny", CONTACT),
    Case("change_contact", "PATCH /contacts/{near_contact}", "ynyyfnnfny", RENAME, FIRST),
    Case("change_contact", "PATCH /contacts/{far_contact}", "nnnnfnnfny", RENAME, FIRST),
    Case("archive_customer", "POST /customers/{near_customer}/archiving", "fnfffnnfny", {"reason": "注销"}),
    Case("restore_customer", "POST /customers/{archived_customer}/restoration", "fnfffnnfny", {"reason": "误归档"}),
    Case("list_customer_duplicates", "GET /customers/{near_customer}/duplicates", SEES_NEAR),
    Case("list_customer_duplicates", "GET /customers/{far_customer}/duplicates", SEES_FAR),
    Case("list_customer_leads", "GET /customers/{near_customer}/leads", SEES_NEAR),
    Case("list_customer_leads", "GET /customers/{far_customer}/leads", SEES_FAR),
    Case("list_customer_merges", "GET /customers/{near_customer}/merges", SEES_NEAR),
    Case("list_customer_merges", "GET /customers/{far_customer}/merges", SEES_FAR),
    Case("merge_customers", "POST /customers/{near_customer}/merges", "fnyyfnnfny", lambda world: _merge(world, "archived_customer")),
    Case("merge_customers", "POST /customers/{near_customer}/merges", "fnnnfnnfny", lambda world: _merge(world, "far_customer")),
    Case("undo_customer_merge", "POST /customers/{merged_customer}/merges/{customer_merge}/undo", "fnyyfnnfny"),
    Case("convert_lead", "POST /leads/{near}/conversion", "ynyyfnnfnf", {}),
    Case("convert_lead", "POST /leads/{near}/conversion", "ynyyfnnfnf", {"opportunity": {}}),
    Case("convert_lead", "POST /leads/{far}/conversion", "nnnnfnnfnf", {}),
    Case("list_pipelines", "GET /pipelines", EVERYBODY),
    Case("get_pipeline", "GET /pipelines/{pipeline}", EVERYBODY),
    Case("list_pipeline_versions", "GET /pipelines/{pipeline}/versions", EVERYBODY),
    Case("create_pipeline", "POST /pipelines", ADMINISTRATOR, STANDARD.model_dump(mode="json")),
    Case("change_pipeline", "PUT /pipelines/{pipeline}", ADMINISTRATOR, STANDARD.model_dump(mode="json") | {"note": "试"}, FIRST),
    Case("make_pipeline_default", "PUT /pipelines/{pipeline}/default", ADMINISTRATOR),
    Case("set_pipeline_use", "PUT /pipelines/{pipeline}/use", ADMINISTRATOR, {"is_active": True}),
    Case("get_pipeline_version", "GET /pipelines/{pipeline}/versions/1", EVERYBODY),
    Case("try_pipeline", "POST /pipelines/{pipeline}/dry-run?scope=company", ADMINISTRATOR, STANDARD.model_dump(mode="json")),
    Case("get_board", "GET /board", "yyyyffffff"),
    Case("get_board", "GET /board?scope=region", "ffyyffffff"),
    Case("get_board", "GET /board?scope=company", "ffffyffyfy"),
    Case("get_dashboard", "GET /dashboard", "yyyyffffff"),
    Case("get_dashboard", "GET /dashboard?scope=region", "ffyyffffff"),
    Case("get_dashboard", "GET /dashboard?scope=company", "ffffyffyfy"),
    Case("list_stays", "GET /stays", "yyyyffffff"),
    Case("list_stays", "GET /stays?scope=company", "ffffyffyfy"),
    Case("count_stays", "GET /stay-count?scope=region", "ffyyffffff"),
    Case("list_opportunities", "GET /opportunities", "yyyyffffff"),
    Case("list_opportunities", "GET /opportunities?scope=company", "ffffyffyfy"),
    Case("count_opportunities", "GET /opportunity-count?scope=region", "ffyyffffff"),
    Case("create_opportunity", "POST /opportunities", "yiyyffffff", lambda world: DEAL | {"customer_id": str(world.ids["near_customer"])}),
    Case("create_opportunity", "POST /opportunities", "iiiiffffff", lambda world: DEAL | {"customer_id": str(world.ids["far_customer"])}),
    Case("get_opportunity", "GET /opportunities/{near_deal}", SEES_DEAL),
    Case("get_opportunity", "GET /opportunities/{far_deal}", SEES_FAR_DEAL),
    Case("get_opportunity_timeline", "GET /opportunities/{near_deal}/timeline", SEES_DEAL),
    Case("get_opportunity_timeline", "GET /opportunities/{far_deal}/timeline", SEES_FAR_DEAL),
    Case("change_opportunity", "PATCH /opportunities/{near_deal}", "ynyynnnfnf", {"need": "加急"}, FIRST),
    Case("change_opportunity", "PATCH /opportunities/{far_deal}", "nnnnnnnfnf", {"need": "加急"}, FIRST),
    Case("move_opportunity", "POST /opportunities/{near_deal}/moves", "ynyynnnfnf", LOSS, FIRST),
    Case("move_opportunity", "POST /opportunities/{far_deal}/moves", "nnnnnnnfnf", LOSS, FIRST),
    Case("move_opportunity", "POST /opportunities/{lost_deal}/moves", "fnyynnnfnf", {"stage": "needs", "reason": "客户回来了"}, FIRST),
    Case("log_opportunity_follow_up", "POST /opportunities/{near_deal}/follow-ups", "ynyynnnfnf", CALL),
    Case("log_opportunity_follow_up", "POST /opportunities/{far_deal}/follow-ups", "nnnnnnnfnf", CALL),
    Case("log_opportunity_note", "POST /opportunities/{near_deal}/notes", "ynyynnnfnf", NOTE),
    Case("log_opportunity_note", "POST /opportunities/{far_deal}/notes", "nnnnnnnfnf", NOTE),
    Case("list_support_engineers", "GET /support-engineers", EVERYBODY),
    Case("get_support_performance", "GET /support-performance", EVERYBODY),
    Case("list_support_requests", "GET /support-requests?view=team", EVERYBODY),
    Case("ask_for_support", "POST /support-requests", "ynyyffffff", lambda world: ASK | {"opportunity_id": str(world.ids["near_deal"])}),
    Case("ask_for_support", "POST /support-requests", "nnnnffffff", lambda world: ASK | {"customer_id": str(world.ids["far_customer"])}),
    Case("get_support_request", "GET /support-requests/{support}", "ynyynynyny"),
    Case("answer_support_request", "POST /support-requests/{support}/answer", "fnffnynfnf", {"answer": "可行"}),
    Case("accept_support_answer", "POST /support-requests/{answered}/acceptance", "ynyynfnfnf", {}),
    Case("ask_support_again", "POST /support-requests/{answered}/rounds", "ynyynfnfnf", ASK),
    Case("withdraw_support_request", "POST /support-requests/{support}/withdrawal", "ynyynfnfnf", {}),
    Case(
        "hand_over_support_request",
        "POST /support-requests/{support}/handover",
        "fnffnynfnf",
        lambda world: {"engineer_id": str(world.ids["second_engineer"])},
    ),
    Case("list_opportunity_support", "GET /opportunities/{near_deal}/support-requests", SEES_DEAL),
    Case("list_customer_support", "GET /customers/{near_customer}/support-requests", SEES_NEAR),
    Case("get_mailing", "GET /mailing", EVERYBODY),
    Case("list_emails", "GET /emails?subject_type=opportunity&subject_id={near_deal}", SEES_DEAL),
    Case("list_emails", "GET /emails?subject_type=customer&subject_id={far_customer}", SEES_FAR),
    Case("send_email", "POST /emails", "ynyynnnfnf", lambda world: LETTER | _deal(world, "near_deal")),
    Case("send_email", "POST /emails", "nnnnnnnfnf", lambda world: LETTER | _deal(world, "far_deal")),
    Case("get_email", "GET /emails/{email}", SEES_DEAL),
    Case("get_email", "GET /emails/{tray_email}", SORTS),
    Case("download_email_source", "GET /emails/{email}/source", SEES_DEAL),
    Case("download_email_source", "GET /emails/{tray_email}/source", SORTS),
    Case("retry_email", "POST /emails/{failed_email}/retry", "ynyynnnfnf"),
    Case("file_email", "POST /emails/{tray_email}/filing", SORTS, lambda world: _deal(world, "near_deal")),
    Case("file_email", "POST /emails/{tray_email}/filing", "nnnnnnnnny", lambda world: _deal(world, "far_deal")),
    Case("file_email", "POST /emails/{email}/filing", "ynyynnnfny", lambda world: _deal(world, "lost_deal")),
    Case("discard_email", "POST /emails/{tray_email}/discarding", SORTS, {"reason": "推销"}),
    Case("restore_email", "POST /emails/{email}/restoring", "fnyynnnfny"),
    Case("get_email_thread", "GET /email-threads/{email}", SEES_DEAL),
    Case("get_email_thread", "GET /email-threads/{tray_email}", SORTS),
    Case("download_email_file", "GET /email-files/{email_file}/content", SEES_DEAL),
    Case("list_email_tray", "GET /email-tray", EVERYBODY),
    Case("get_email_tray_summary", "GET /email-tray/summary", EVERYBODY),
    Case("get_my_email_address", "GET /me/email-address", EVERYBODY),
    Case("renew_my_email_address", "POST /me/email-address", EVERYBODY),
    Case("get_record_email_address", "GET /email-address?subject_type=opportunity&subject_id={near_deal}", SEES_DEAL),
    Case("renew_record_email_address", "POST /email-address", "ynyynnnfnf", lambda world: _deal(world, "near_deal")),
    Case("renew_record_email_address", "POST /email-address", "nnnnnnnfnf", lambda world: _deal(world, "far_deal")),
    Case("list_customer_opportunities", "GET /customers/{near_customer}/opportunities", SEES_NEAR),
    Case("list_customer_opportunities", "GET /customers/{far_customer}/opportunities", SEES_FAR),
    Case("list_document_kinds", "GET /document-kinds", EVERYBODY),
    Case("create_document_kind", "POST /document-kinds", ADMINISTRATOR, KIND),
    Case("order_document_kinds", "PUT /document-kind-order", ADMINISTRATOR, {"keys": [key for key, *_ in reversed(DOCUMENT_KINDS)]}),
    Case("change_document_kind", "PATCH /document-kinds/drawing", ADMINISTRATOR, {"max_megabytes": 300}, FIRST),
    Case("upload_file", "POST /uploads?name=a.txt&kind=other", "yyyyfffffy", {"text": "需求"}),
    Case("list_documents", "GET /documents?subject_type=lead&subject_id={near}", SEES_NEAR),
    Case("list_documents", "GET /documents?subject_type=customer&subject_id={far_customer}", SEES_FAR),
    Case("list_documents", "GET /documents?subject_type=opportunity&subject_id={near_deal}", SEES_DEAL),
    Case("attach_document", "POST /documents", "ynyyfnnfnf", lambda world: _filed(world, "lead", "near")),
    Case("attach_document", "POST /documents", "nnnnfnnfnf", lambda world: _filed(world, "lead", "far")),
    Case("attach_document", "POST /documents", "ynyyfnnfnf", lambda world: _filed(world, "customer", "near_customer")),
    Case("attach_document", "POST /documents", "ynyynnnfnf", lambda world: _filed(world, "opportunity", "near_deal")),
    Case("attach_document", "POST /documents", "nnnnnnnfnf", lambda world: _filed(world, "opportunity", "far_deal")),
    Case("get_document", "GET /documents/{near_document}", SEES_DEAL),
    Case("get_document", "GET /documents/{far_document}", SEES_FAR_DEAL),
    Case("change_document", "PATCH /documents/{near_document}", "ynyynnnfnf", {"title": "改名"}, FIRST),
    Case("change_document", "PATCH /documents/{far_document}", "nnnnnnnfnf", {"title": "改名"}, FIRST),
    Case("add_document_version", "POST /documents/{near_document}/versions", "ynyynnnfnf", lambda world: _newer(world)),  # noqa: PLW0108
    Case("withdraw_document", "POST /documents/{near_document}/withdrawal", "ynyynnnfnf", {"reason": "传错"}),
    Case("withdraw_document", "POST /documents/{far_document}/withdrawal", "nnnnnnnfnf", {"reason": "传错"}),
    Case("link_document_version", "POST /document-versions/{near_version}/links", SEES_DEAL),
    Case("link_document_version", "POST /document-versions/{far_version}/links", SEES_FAR_DEAL),
    Case("download_document_version", "GET /document-versions/{near_version}/content", SEES_DEAL),
    Case("download_document_version", "GET /document-versions/{far_version}/content", SEES_FAR_DEAL),
    Case("get_document_thumbnail", "GET /document-versions/{near_version}/thumbnail", SEES_DEAL),
    Case("get_document_thumbnail", "GET /document-versions/{far_version}/thumbnail", SEES_FAR_DEAL),
    Case("list_contracts", "GET /contracts", "yyyyffffff"),
    Case("list_contracts", "GET /contracts?scope=region", "ffyyffffff"),
    Case("list_contracts", "GET /contracts?scope=company", "ffffyffyfy"),
    Case("get_contract", "GET /contracts/{near_contract}", SEES_DEAL),
    Case("get_contract", "GET /contracts/{far_contract}", SEES_FAR_DEAL),
    Case("change_contract", "PATCH /contracts/{near_contract}", "ynyynnnfnf", {"reference": "KH-1"}, FIRST),
    Case("change_contract", "PATCH /contracts/{far_contract}", "nnnnnnnfnf", {"reference": "KH-1"}, FIRST),
    Case("sign_contract", "POST /contracts/{near_contract}/signature", "ynyynnnfnf", {"signed_on": "2026-03-10"}, FIRST),
    Case("sign_contract", "POST /contracts/{far_contract}/signature", "nnnnnnnfnf", {"signed_on": "2026-03-10"}, FIRST),
    Case("add_milestone", "POST /contracts/{signed_contract}/milestones", "ynyynnnfnf", STEP, FIRST),
    Case("change_milestone", "PATCH /contracts/{signed_contract}/milestones/{milestone}", "ynyynnnfnf", {"done_on": "2026-03-10"}, FIRST),
    Case("complete_contract", "POST /contracts/{delivered_contract}/completion", "ynyynnnfnf", {"completed_on": "2026-03-10"}, FIRST),
    Case("get_opportunity_contract", "GET /opportunities/{near_deal}/contract", SEES_DEAL),
    Case("get_opportunity_contract", "GET /opportunities/{far_deal}/contract", SEES_FAR_DEAL),
    Case("list_customer_contracts", "GET /customers/{near_customer}/contracts", SEES_NEAR),
    Case("list_customer_contracts", "GET /customers/{far_customer}/contracts", SEES_FAR),
    Case("list_products", "GET /catalogue/products", EVERYBODY),
    Case("get_product", "GET /catalogue/products/{product}", EVERYBODY),
    Case("create_product", "POST /catalogue/products", KEEPERS, lambda world: _product_in(world)),  # noqa: PLW0108
    Case("create_product", "POST /catalogue/products", "fffffffyfy", lambda world: _product_in(world) | FLOOR),
    Case("change_product", "PATCH /catalogue/products/{product}", KEEPERS, {"name": "改名"}, FIRST),
    Case("change_product", "PATCH /catalogue/products/{product}", "fffffffyfy", FLOOR, FIRST),
    Case("set_product_routing", "PUT /catalogue/products/{product}/routing", KEEPERS, STEPS, FIRST),
    Case("upsert_products", "POST /catalogue/product-upserts", KEEPERS, {"items": [{"code": "ZJ-100", "name": "改名"}]}),
    Case("archive_product", "POST /catalogue/products/{product}/archiving", KEEPERS, {"reason": "停产"}),
    Case("restore_product", "POST /catalogue/products/{archived_product}/restoration", KEEPERS, {"reason": "又要了"}),
    Case("list_product_families", "GET /catalogue/families", EVERYBODY),
    Case("get_product_family", "GET /catalogue/families/{family}", EVERYBODY),
    Case("create_product_family", "POST /catalogue/families", KEEPERS, FAMILY),
    Case("change_product_family", "PATCH /catalogue/families/{family}", KEEPERS, {"name": "改名"}, FIRST),
    Case("set_family_routing", "PUT /catalogue/families/{family}/routing", KEEPERS, STEPS, FIRST),
    Case("archive_product_family", "POST /catalogue/families/{idle_family}/archiving", KEEPERS, {"reason": "不做了"}),
    Case("restore_product_family", "POST /catalogue/families/{archived_family}/restoration", KEEPERS, {"reason": "又做了"}),
    Case("check_lines", "POST /catalogue/flags", EVERYBODY, {"lines": [{"wanted_on": "2026-03-20"}]}),
    Case("list_change_requests", "GET /change-requests", EVERYBODY),
    Case("get_change_request", "GET /change-requests/{change}", SEES_NEAR),
    Case("decide_change_request", "POST /change-requests/{change}/decision", "fnyffnnfnf", {"verdict": "approve"}),
    Case("withdraw_change_request", "POST /change-requests/{change}/withdrawal", "ynfffnnfnf"),
    Case("list_forms", "GET /forms", MARKETING),
    Case("create_form", "POST /forms", MARKETING, FORM),
    Case("try_mapping", "POST /form-dry-runs", MARKETING, {"mapping": {"phone": "phone"}, "payload": "{}"}),
    Case("get_form", "GET /forms/{form}", SEES_FORMS),
    Case("change_form", "PATCH /forms/{form}", SEES_FORMS, {"name": "新名字"}, FIRST),
    Case("list_form_mappings", "GET /forms/{form}/mappings", SEES_FORMS),
    Case("list_form_secrets", "GET /forms/{form}/secrets", SEES_FORMS),
    Case("rotate_form_secret", "POST /forms/{form}/secrets", SEES_FORMS, {"kind": "token"}),
    Case("end_form_secret", "POST /forms/{form}/secrets/{form_secret}/end", SEES_FORMS),
    Case("list_submissions", "GET /submissions", MARKETING),
    Case("get_submission_summary", "GET /submissions/summary", MARKETING),
    Case("get_submission", "GET /submissions/{submission}", SEES_FORMS),
    Case("preview_submission", "POST /submissions/{submission}/preview", SEES_FORMS, {}),
    Case("replay_submission", "POST /submissions/{submission}/replay", SEES_FORMS, {}),
    Case("dismiss_submission", "POST /submissions/{submission}/dismissal", SEES_FORMS, {"reason": "广告"}),
    Case("list_import_targets", "GET /import-targets", IMPORTERS),
    Case("download_import_template", "GET /import-targets/leads/template", IMPORTERS),
    Case("download_import_template", "GET /import-targets/customers/template", "ffyyfffffy"),
    Case("upload_import", "POST /imports?target=leads&name=x.csv", IMPORTERS, {"公司": "甲厂"}),
    Case("upload_import", "POST /imports?target=customers&name=x.csv", "ffyyfffffy", {"公司": "甲厂"}),
    Case("list_imports", "GET /imports", EVERYBODY),
    Case("get_import", "GET /imports/{run}", RUNS),
    Case("list_import_rows", "GET /imports/{run}/rows", RUNS),
    Case("set_import_settings", "PUT /imports/{run}/settings", OWN_RUN, SETTINGS),
    Case("start_import", "POST /imports/{ready_run}/start", OWN_RUN),
    Case("stop_import", "POST /imports/{running_run}/stop", OWN_RUN),
    Case("resume_import", "POST /imports/{stopped_run}/resume", OWN_RUN),
    Case("undo_import", "POST /imports/{stopped_run}/undo", OWN_RUN, {"reason": "错了"}),
    Case("discard_import", "POST /imports/{run}/discard", OWN_RUN),
    Case("download_import_problems", "GET /imports/{stopped_run}/problems", "nnynnnnnnn"),
    Case("list_import_mappings", "GET /import-mappings?target=leads", IMPORTERS),
    Case("save_import_mapping", "POST /import-mappings", "ffynnffffy", lambda world: _mapping_of(world)),  # noqa: PLW0108
    Case("remove_import_mapping", "POST /import-mappings/{mapping}/removal", "ffynnffffn"),
    Case("create_export", "POST /exports", "yyyyffffff", {"target": "leads", "scope": "own"}),
    Case("create_export", "POST /exports", "ffffyffyfy", {"target": "leads", "scope": "company"}),
    Case("list_exports", "GET /exports", EVERYBODY),
    Case("get_export", "GET /exports/{waiting_export}", "ynynnnnnny"),
    Case("approve_export", "POST /exports/{waiting_export}/approval", "fnynnnnnny", {}),
    Case("reject_export", "POST /exports/{waiting_export}/rejection", "fnynnnnnny", {}),
    Case("download_export", "GET /exports/{ready_export}/file", "ynnnnnnnnn"),
    Case("get_export_policy", "GET /export-policy", EVERYBODY),
    Case("set_export_policy", "PUT /export-policy", ADMINISTRATOR, {"approval_above": 10}),
    Case("get_today", "GET /today", EVERYBODY),
]


def _trial(world: World) -> dict[str, str]:
    return {"body": "{contact}您好", "lead_id": str(world.ids["near"])}


def _filed(world: World, subject: str, record: str) -> Callable[[str], dict[str, Any]]:
    """With an upload of whoever asks; who may not upload names somebody else's."""
    common = {"subject_type": subject, "subject_id": str(world.ids[record]), "kind": "other"}
    return lambda who: common | _newer(world)(who)


def _newer(world: World) -> Callable[[str], dict[str, Any]]:
    return lambda who: {"upload_id": str(world.uploads.get(who, world.uploads["sales_rep"]))}


def _product_in(world: World) -> dict[str, Any]:
    return {"code": "ZJ-200", "name": "支架", "family_id": str(world.ids["family"])}


def _merge(world: World, loser: str) -> dict[str, Any]:
    return {"loser_id": str(world.ids[loser]), "reason": "同一家公司"}


def _mapping_of(world: World) -> dict[str, str]:
    return {"target": "leads", "name": "名单", "run_id": str(world.ids["ready_run"])}


def _to_senior(world: World) -> dict[str, str]:
    return {"person_id": str(world.people["senior_consultant"].id), "reason": "休假"}


@pytest.fixture(scope="module")
async def tables(database_name: str) -> AsyncIterator[AsyncConnection]:
    """One connection for the module; what a case does is rolled back to before it."""
    from backend.core.config import get_settings

    engine = create_async_engine(get_settings().owner_url(), poolclass=NullPool)
    async with engine.connect() as opened:
        transaction = await opened.begin()
        await as_owner(opened)
        yield opened
        await transaction.rollback()
    await engine.dispose()


@pytest.fixture(scope="module")
async def world(tables: AsyncConnection) -> AsyncIterator[World]:
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "_HASH", cheap)
        async with AsyncSession(tables, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            built = await _build(session, cheap.hash(PASSWORD))
            await session.commit()
        await as_owner(tables)
        yield built


async def _build(session: AsyncSession, password_hash: str) -> World:
    top = await make_region(session, "华东大区")
    east = await make_region(session, "苏南", parent_id=top.id)
    south = await make_region(session, "华南")
    homes = {"sales_rep": east, "senior_consultant": east, "regional_manager": east, "area_director": top}
    people = {role: await make_person(session, role, region=homes.get(role)) for role in ROLES}
    people["second_engineer"] = await make_person(session, "engineer")
    people["stranger"] = await make_person(session, "sales_rep", region=south)
    people["deactivated"] = await make_person(session, "administrator", is_active=False, access_ends_at=datetime(2026, 1, 1, tzinfo=UTC))
    people["sales_rep"].supervisor_id = people["regional_manager"].id
    people["sales_rep"].version = 1
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    session.add_all(Credential(person_id=person.id, password_hash=password_hash, changed_at=moment) for person in people.values())
    await session.execute(text("update person set version = 1"))
    near = await make_lead(session, owner=people["sales_rep"], region=east)
    far = await make_lead(session, owner=people["stranger"], region=south)
    twins = [await make_lead(session, owner=people["sales_rep"], region=east) for _ in range(3)]
    merge = await _merged(session, twins[1], twins[2], people["regional_manager"])
    pooled = await make_lead(session, region=east, pooled_at=NOW)
    far_pooled = await make_lead(session, region=south, pooled_at=NOW)
    closed = await make_lead(session, owner=people["sales_rep"], region=east, state="disqualified", disqualified_reason="spam")
    view = SavedView(
        subject="lead", name="大区", owner_id=people["area_director"].id, sharing="company", settings={}, created_at=NOW, version=1
    )  # fmt: skip
    session.add(view)
    await session.flush()
    customers = await _customers(session, people, east, south)
    documents, uploads = await _filed_before(session, people, {"near": customers["near_deal"], "far": customers["far_deal"]})
    leave: PersonLeave = await make_leave(session, people["sales_rep"], starts_at=NOW + timedelta(days=9), ends_at=NOW + timedelta(days=10))
    channel, notification, delivery = await _announced(session, people["sales_rep"])
    form, submission = await _posted(session)
    form_secret = (await session.scalars(select(FormSecret).where(FormSecret.form_id == form.id))).one()
    scripts = [str(found) for found in await session.scalars(select(ScriptTemplate.id).order_by(ScriptTemplate.sort))]
    dead = Outbox(kind="lead.assigned", subject_id=near.id, payload={}, actor="", occurred_at=NOW, dead_at=NOW, attempts=12)
    session.add(dead)
    await session.flush()
    kind, rungs = (await session.execute(text("select kind, rungs from ladder limit 1"))).one()
    records = {
        "channel": channel,
        "form": form,
        "form_secret": form_secret,
        "submission": submission,
        "near": near,
        "far": far,
        "near_twin": twins[0],
        "merged_lead": twins[1],
        "merge": merge,
        "east": east,
        "leave": leave,
        "notification": notification,
        "delivery": delivery,
        "dead_event": dead,
        "pooled": pooled,
        "far_pooled": far_pooled,
        "closed": closed,
        "view": view,
        **people,
        **customers,
        **documents,
    }
    records |= await _files(session, people)
    records |= await _catalogue(session)
    records |= await _support(session, people, records["near_deal"])
    records |= await _emails(session, people, records["near_deal"])
    ids = {name: record.id for name, record in records.items()} | {
        "ladder": kind,
        "rungs": rungs,
        "script": scripts[0],
        "scripts": scripts,
        "pipeline": SHIPPED,
    }
    headers = {name: await device_headers(session, person.id) for name, person in people.items()} | {"anonymous": {}}
    return World(people, headers, ids, uploads)


async def _catalogue(session: AsyncSession) -> dict[str, Any]:
    """A family with a product that stands and one that is archived, one without any, and one that is archived."""
    gone = {"archived_at": NOW, "archive_reason": "停产"}
    family = await make_family(session)
    return {
        "family": family,
        "idle_family": await make_family(session),
        "archived_family": await make_family(session, **gone),
        "product": await make_product(session, family, code="ZJ-100"),
        "archived_product": await make_product(session, family, **gone),
    }


async def _merged(session: AsyncSession, survivor: Any, loser: Any, by: Person) -> RecordMerge:
    """As a merge of yesterday left two leads or two customers."""
    is_lead = isinstance(loser, Lead)
    loser.merged_into_id = survivor.id
    if is_lead:
        loser.state = "merged"
    merge = RecordMerge(
        subject_type=SUBJECT if is_lead else "customer", survivor_id=survivor.id, loser_id=loser.id, reason="", taken={}, survivor_after={},
        loser_before={"state": "assigned"} if is_lead else {}, merged_at=NOW - timedelta(days=1), merged_by=by.id,
    )  # fmt: skip
    session.add(merge)
    await session.flush()
    return merge


async def _support(session: AsyncSession, people: dict[str, Person], deal: Any) -> dict[str, Any]:
    """Two requests of the rep to the engineer: one waits for the answer, one has it."""
    common = {"opportunity_id": deal.id, "customer_id": deal.customer_id, "asked_by": people["sales_rep"].id, "need": "评估",
              "engineer_id": people["engineer"].id, "chosen": "by_name", "created_at": NOW, "asked_at": NOW}  # fmt: skip
    found = {"support": SupportRequest(**common), "answered": SupportRequest(**common, state="answered", answered_at=NOW)}
    session.add_all(found.values())
    await session.flush()
    answered = {"answered": {"answered_by": people["engineer"].id, "answered_at": NOW, "answer": "可行"}}
    session.add_all(
        SupportRound(request_id=request.id, number=1, need="评估", asked_by=people["sales_rep"].id, asked_at=NOW, **answered.get(name, {}))
        for name, request in found.items()
    )
    await session.flush()
    return found


async def _posted(session: AsyncSession) -> tuple[Form, Submission]:
    """A form, and a post to it that fits by now and waits in quarantine."""
    form = await make_form(session, mapping={"phone": "phone"})
    came = {"form_id": form.id, "message_id": "m1", "received_at": NOW, "state": "quarantined", "payload": {"phone": "13812345678"}}
    submission = Submission(**came, raw=b"", content_type="", remote_ip="")
    session.add(submission)
    await session.flush()
    return form, submission


async def _files(session: AsyncSession, people: dict[str, Person]) -> dict[str, Any]:
    """Runs of the regional manager's import in each state, a mapping of theirs, and exports of the rep."""
    manager, rep = people["regional_manager"], people["sales_rep"]
    kept = StoredFile(actor=str(manager.id), name="x", media_type="text/csv", size=1, sha256="x", created_at=NOW)
    made = StoredFile(actor=str(rep.id), name="x", media_type="text/csv", size=1, sha256="x", created_at=NOW)
    session.add_all((kept, made))
    await session.flush()
    common = {"target": "leads", "person_id": manager.id, "file_id": kept.id, "file_name": "x.csv", "sha256": "x", "created_at": NOW,
              "labels": ["公司", "手机"], "settings": SETTINGS, "header_row": 1, "header_rows": 1}  # fmt: skip
    states = {"run": "mapping", "ready_run": "ready", "running_run": "running", "stopped_run": "stopped"}
    runs = {name: ImportRun(**common, state=state, problems_file_id=kept.id, started_at=NOW) for name, state in states.items()}
    mapping = ImportMapping(
        person_id=manager.id, target="leads", name="旧名单", signature="x", settings=SETTINGS, is_shared=False, created_at=NOW
    )
    listed = {
        "person_id": rep.id,
        "target": "leads",
        "scope": "own",
        "filters": {},
        "format": "csv",
        "rows": 1,
        "reason": "",
        "created_at": NOW,
    }
    waiting = ExportRun(**listed, state="waiting")
    ready = ExportRun(**listed, state="ready", file_id=made.id, expires_at=NOW + timedelta(days=1))
    session.add_all((*runs.values(), mapping, waiting, ready))
    await session.flush()
    session.add(ImportRow(run_id=runs["run"].id, number=1, cells=["公司", "手机"]))
    session.add_all(FilePart(file_id=file.id, number=0, data=b"x") for file in (kept, made))
    await session.flush()
    return {**runs, "mapping": mapping, "waiting_export": waiting, "ready_export": ready}


async def _customers(session: AsyncSession, people: dict[str, Person], east: Region, south: Region) -> dict[str, Any]:
    """Two customers with a contact each, an archived one, and a change of the near one that waits for the regional manager."""
    rep = people["sales_rep"]
    near = await make_customer(session, owner=rep, region=east, name="近处")
    far = await make_customer(session, owner=people["stranger"], region=south)
    archived = await make_customer(session, owner=rep, region=east, state="archived")
    contacts = {"near_contact": await make_contact(session, near), "far_contact": await make_contact(session, far)}
    change = ChangeRequest(
        customer_id=near.id, subject_type="customer", subject_id=near.id, subject_version=1, reason="搬迁", requested_by=rep.id,
        changes={"address": {"old": None, "new": "新址"}}, requested_at=NOW, approver_id=people["regional_manager"].id,
    )  # fmt: skip
    session.add(change)
    await session.flush()
    twins = [await make_customer(session, owner=rep, region=east) for _ in range(2)]
    merge = await _merged(session, *twins, people["regional_manager"])
    won = [await make_opportunity(session, customer, "closed", state="won", closed_at=NOW) for customer in (near, far, near, near)]
    step, signed_on = milestone(NOW.date()), NOW.date() - timedelta(days=1)
    return {
        "near_contract": await make_contract(session, won[0]),
        "far_contract": await make_contract(session, won[1]),
        "signed_contract": await make_contract(session, won[2], step, signed_on=signed_on),
        "delivered_contract": await make_contract(session, won[3], signed_on=signed_on),
        "milestone": step,
        "near_customer": near,
        "far_customer": far,
        "archived_customer": archived,
        "merged_customer": twins[0],
        "customer_merge": merge,
        "change": change,
        "near_deal": await make_opportunity(session, near),
        "far_deal": await make_opportunity(session, far),
        "lost_deal": await make_opportunity(session, near, "closed", state="lost", loss_reason="price", closed_at=NOW),
        **contacts,
    }


async def _filed_before(session: AsyncSession, people: dict[str, Person], deals: dict[str, Any]) -> tuple[dict[str, Any], dict[str, UUID]]:
    """A picture with each deal, and an upload of everybody."""
    file = {"name": "a.png", "media_type": "image/png", "family": "picture", "size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
    for key in (file["sha256"], key_of(str(file["sha256"]))):
        await put(get_store(), b"x", str(key))
    session.add(DocumentPreview(sha256=file["sha256"], is_made=True, width=1, height=1))
    records: dict[str, Any] = {}
    for where, deal in deals.items():
        kept = {"subject_type": "opportunity", "subject_id": deal.id, "kind": "photo", "title": "照片"}
        document = Document(**kept, created_by=deal.owner_id, created_at=NOW)
        session.add(document)
        await session.flush()
        version = DocumentVersion(**file, document_id=document.id, number=1, note="", uploaded_by=deal.owner_id, uploaded_at=NOW)
        session.add(version)
        records |= {f"{where}_document": document, f"{where}_version": version}
    uploads = {who: DocumentUpload(**file, person_id=person.id, at=NOW) for who, person in people.items()}
    session.add_all(uploads.values())
    await session.flush()
    return records, {who: upload.id for who, upload in uploads.items()}


def _deal(world: World, which: str) -> dict[str, str]:
    return {"subject_type": "opportunity", "subject_id": str(world.ids[which])}


async def _emails(session: AsyncSession, people: dict[str, Person], deal: Any) -> dict[str, Any]:
    """A letter with the near deal and its file, one that failed, and one in the tray."""
    kept = hashlib.sha256(b"x").hexdigest()
    common = {
        "from_address": "wang@hengda.example", "from_name": "王", "to_people": [], "cc_people": [], "subject": "询价", "excerpt": "", "text": "",
        "references_ids": [], "is_cut": False, "files": 0, "raw_sha256": kept, "raw_size": 1, "at": NOW,
    }  # fmt: skip
    with_deal = {"subject_type": "opportunity", "subject_id": deal.id}
    found = {
        "email": EmailMessage(**common, **with_deal, direction="in", state="filed", received_at=NOW),
        "failed_email": EmailMessage(**common, **with_deal, direction="out", state="failed", person_id=people["sales_rep"].id),
        "tray_email": EmailMessage(**common, direction="in", state="sorting", received_at=NOW),
    }
    for name, row in found.items():
        row.id = row.thread_id = new_id()
        row.message_id = name
    session.add_all(found.values())
    await session.flush()
    file = {"name": "a.png", "media_type": "image/png", "family": "picture", "size": 1, "sha256": kept, "place": 0, "is_inline": False}
    attached = EmailFile(**file, email_id=found["email"].id)
    session.add_all([attached, EmailDelivery(email_id=found["failed_email"].id, is_open=False)])
    await session.flush()
    return {**found, "email_file": attached}


async def _announced(session: AsyncSession, person: Person) -> tuple[Channel, Notification, Delivery]:
    """A notification whose message through the robot has died."""
    channel = await make_channel(session)
    notification = Notification(person_id=person.id, kind="lead.assigned", params={}, is_urgent=False, created_at=NOW, subject_type=SUBJECT)
    session.add(notification)
    await session.flush()
    delivery = Delivery(
        channel_id=channel.id, notification_id=notification.id, person_id=person.id, kind="lead.assigned", is_urgent=False,
        created_at=NOW, state="dead", attempts=9,
    )  # fmt: skip
    session.add(delivery)
    await session.flush()
    return channel, notification, delivery


MAIL = {
    "CHENGDAN_SMTP_HOST": "127.0.0.1",
    "CHENGDAN_SMTP_SECURITY": "none",
    "CHENGDAN_SMTP_FROM": "sales@hengyu.example",
    "CHENGDAN_DROPBOX_ADDRESS": "log@in.hengyu.example",
}


@pytest.fixture(scope="module")
async def api(world: World, built_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """With a mail server and a drop-box, which nothing here is sent to."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in MAIL.items():
            patch.setenv(name, value)
        get_settings.cache_clear()
        async with _asking(built_app) as opened:
            yield opened
    get_settings.cache_clear()


@asynccontextmanager
async def _asking(built_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    built_app.dependency_overrides[product_moment] = lambda: NOW
    transport = httpx.ASGITransport(built_app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as opened:
        yield opened
    built_app.dependency_overrides.clear()


EVIDENCE = ("audit_entry", "outbox", "timeline_entry", "notification", "live_event", "delivery", "delivery_replay", "lead_assignment",
            "usage_event", "idempotency_key", "deadline", "submission", "event_replay", "customer", "contact", "change_request", "opportunity", "stage_stay", "support_request", "support_round", "support_record", "contract", "contract_amount", "delivery_milestone", "pipeline", "pipeline_version", "record_merge", "import_run", "import_row",
            "import_mapping", "export_run", "export_download", "stored_file",
            "document_kind", "document", "document_version", "document_upload", "email_message", "email_file", "email_delivery", "dropbox_address")  # fmt: skip
COUNTS = text("select " + ", ".join(f"(select count(*) from {table}) as {table}" for table in EVIDENCE))


async def ask(api: httpx.AsyncClient, world: World, case: Case, who: str) -> httpx.Response:
    method, _, path = case.call.partition(" ")
    body = case.body(world) if callable(case.body) else case.body
    body = body(who) if callable(body) else body
    # A cookie of an earlier answer would be another device.
    api.cookies.clear()
    return await api.request(method, API + path.format(**world.ids), json=body, headers=world.headers[who] | case.headers)


async def found_wrong(tables: AsyncConnection, api: httpx.AsyncClient, world: World, case: Case, who: str, wanted: str) -> list[str]:
    """What is not as the table says: the answer, or a trace that a refusal left."""
    before = (await tables.execute(COUNTS)).one()
    savepoint = await tables.begin_nested()
    answer = await ask(api, world, case, who)
    after = (await tables.execute(COUNTS)).one()
    await savepoint.rollback()
    got = {2: "y", 401: "401", 403: "f", 404: "n", 422: "i"}.get(
        answer.status_code // 100 if answer.is_success else answer.status_code, "?"
    )
    wrong = [] if got == wanted else [f"{who}: {answer.status_code} instead of {wanted} ({answer.text[:300]})"]
    if not answer.is_success and before != after:
        wrong.append(f"{who}: refused, but left {dict(after._mapping)} instead of {dict(before._mapping)}")
    return wrong


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_every_role_gets_what_the_table_says(tables: AsyncConnection, api: httpx.AsyncClient, world: World, case: Case) -> None:
    use_database(RolledBack(tables))  # type: ignore[arg-type]
    expected = dict(zip(ROLES, case.expected, strict=True)) if case.operation not in STREAMS else {}
    expected |= {"anonymous": "401", "deactivated": "401"}
    wrong = [line for who, wanted in expected.items() for line in await found_wrong(tables, api, world, case, who, wanted)]
    use_database(None)
    assert wrong == []


async def test_every_route_is_in_the_table(built_app: FastAPI) -> None:
    routes = {
        operation["operationId"]: f"{method.upper()} {path.removeprefix(API)}"
        for path, operations in built_app.openapi()["paths"].items()
        for method, operation in operations.items()
    }
    tried = {case.operation for case in CASES}
    assert set(routes) - tried - PUBLIC == set(), "a new route: say in CASES what each role gets"
    assert (tried | PUBLIC) - set(routes) == set(), "these routes are gone"
    for case in CASES:
        method, _, path = case.call.partition(" ")
        wanted_method, _, template = routes[case.operation].partition(" ")
        assert (method, path.partition("?")[0].count("/")) == (wanted_method, template.count("/")), case.name


async def test_every_role_that_is_shipped_is_in_the_table() -> None:
    from backend.identity.rules import ROLE_DEFAULTS

    assert [role.code for role in ROLE_DEFAULTS] == list(ROLES)


async def test_a_wrong_expectation_and_a_trace_are_found(tables: AsyncConnection, api: httpx.AsyncClient, world: World) -> None:
    """The check itself can fail."""
    use_database(RolledBack(tables))  # type: ignore[arg-type]
    case = Case("get_me", "GET /me", EVERYBODY)
    assert await found_wrong(tables, api, world, case, "hr", "f")
    assert await found_wrong(tables, api, world, case, "anonymous", "y")
    failed = Case("create_session", "POST /auth/sign-in", EVERYBODY, {"login": world.people["hr"].login, "password": "wrong"})
    (trace,) = await found_wrong(tables, api, world, failed, "anonymous", "401")
    use_database(None)
    assert "refused, but left" in trace, "a failed sign-in is counted, and so it is audited"


async def test_what_stands_outside_openapi_tells_nothing_about_the_company(built_app: FastAPI) -> None:
    hidden = {
        route.path for route in built_app.router.routes if hasattr(route, "path") and not str(route.path).startswith(API)
    }  # fmt: skip
    assert hidden <= {"/api/openapi.json", "/api/docs", "/docs/oauth2-redirect", "/healthz", "/readyz", "/metrics", "/", ""}
