"""What channels say about contracts, in Chinese (the screens have words of their own)."""

from backend.notifications.wording import Wording, register

CONTRACT = "/contracts/{subject_id}"
KINDS = {
    "contract.opened": Wording("合同待签", "{customer} · {opportunity} · {number}", CONTRACT),
    "contract.signed": Wording("合同已签", "{customer} · {opportunity} · {owner} · {number}", CONTRACT),
    "contract.completed": Wording("合同交付完成", "{customer} · {opportunity} · {number}", CONTRACT),
    "milestone.late": Wording("交付延期", "{customer} · {milestone} 应于 {due_on} 完成 · {owner} · {number}", CONTRACT),
}

for kind, wording in KINDS.items():
    register(kind, wording)
