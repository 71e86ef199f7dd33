"""What channels say about customers, in Chinese (the screens have words of their own)."""

from backend.notifications.wording import Wording, register

CUSTOMER = "/customers/{subject_id}"
REQUEST = "/change-requests/{subject_id}"
KINDS = {
    "change.requested": Wording("客户信息变更待审批", "{customer} · {contact} · {by} 提出 · {reason} · {number}", REQUEST),
    "change.approved": Wording("变更已批准", "{customer} · {contact} · {decided_by} 批准 · {comment} · {number}", REQUEST),
    "change.rejected": Wording("变更被驳回", "{customer} · {contact} · {decided_by} 驳回 · {comment} · {number}", REQUEST),
    "change.expired": Wording("变更申请已过期", "{customer} · {contact} · 无人审批，可重新提出 · {number}", REQUEST),
    "customer.given_to_you": Wording("客户转给你", "{customer} · 由你负责 · {number}", CUSTOMER),
    "customer.taken_from_you": Wording("客户已转走", "{customer} · 现由 {owner} 负责 · {number}", CUSTOMER),
    "customer.backup_is_you": Wording("你是备份负责人", "{customer} · 主负责人 {owner} · {number}", CUSTOMER),
    "customer.merged_away": Wording("客户已合并", "{customer} · 现由 {owner} 负责 · {number}", CUSTOMER),
    "customer.archived": Wording("客户已归档", "{customer} · {reason} · {number}", CUSTOMER),
    "customer.restored": Wording("客户已恢复", "{customer} · {reason} · {number}", CUSTOMER),
}

for kind, wording in KINDS.items():
    register(kind, wording)
