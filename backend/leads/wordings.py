"""What channels say about leads, in Chinese (the screens have words of their own)."""

from collections.abc import Mapping
from typing import Any

from backend.leads.rules import ReasonCode
from backend.notifications.wording import Wording, register

PLACE = "{province}{city}"
KINDS = {
    "lead.assigned": Wording(
        "新线索", "{company} · {contact_name} · " + PLACE + " · {product_line} · {known_by} · {number}", "/leads/{subject_id}"
    ),
    "lead.script": Wording("首次联系提醒", "{company} · {contact_name} · 话术已备好，请尽快联系 · {number}", "/leads/{subject_id}"),
    "lead.escalated": Wording("线索超时未跟进", "{company} · 负责人 {owner} · 请接手或改派 · {number}", "/leads/{subject_id}"),
    "lead.escalation_notice": Wording("你的线索已升级", "{company} · 已通知 {to} · 记录一次跟进即可解除 · {number}", "/leads/{subject_id}"),
    "lead.owner_away": Wording(
        "新线索的负责人不在岗", "{company} · 老客户，负责人 {owner} 不在岗 · 请接手或改派 · {number}", "/leads/{subject_id}"
    ),
    "lead.given_to_you": Wording("线索转给你", "{company} · {contact_name} · {note} · {number}", "/leads/{subject_id}"),
    "lead.taken_from_you": Wording("线索已转走", "{company} · 现由 {owner} 负责 · {note} · {number}", "/leads/{subject_id}"),
    "lead.merged_away": Wording("线索已合并", "{company} · 现由 {owner} 负责 · {number}", "/leads/{subject_id}"),
    "lead.reclaimed": Wording("线索回到公海", "{company} · {contact_name} · 太久没有跟进，已回到公海 · {number}", "/leads/{subject_id}"),
    "lead.converted": Wording("线索已归入客户", "{company} · 客户 {customer} · {number}", "/leads/{subject_id}"),
    "lead.pooled": Wording("线索无人可分", "{company} · " + PLACE + " · 请指定负责人 · {number}", "/leads/{subject_id}"),
    "lead.unowned": Wording(
        "线索仍无人负责", "{company} · " + PLACE + " · 没人负责已 {hours} 小时 · 请指定负责人 · {number}", "/leads/{subject_id}"
    ),
}

for kind, wording in KINDS.items():
    register(kind, wording)


MATCHES = {"phone": "电话", "email": "邮箱", "credit_code": "信用代码"}
SUBJECTS = {"customer": "客户", "lead": "线索"}


def known_by(reason: Mapping[str, Any]) -> str:
    """Why a lead did not go its usual way: its firm is somebody's already."""
    params = reason["params"]
    if reason["code"] == ReasonCode.DUPLICATE:
        return f"与你负责的{_what(params)}相同"
    away = params.get("same_firm")
    return f"与 {away['person']}（不在岗）负责的{_what(away)}相同" if away else ""


def _what(hit: Mapping[str, Any]) -> str:
    return f"{SUBJECTS[hit['subject_type']]}{MATCHES[hit['match']]}"
