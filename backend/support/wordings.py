"""What channels say about technical support, in Chinese (the screens have words of their own)."""

from backend.notifications.wording import Wording, register

REQUEST = "/support/{subject_id}"
KINDS = {
    "support.asked": Wording("技术支持请求", "{subject} · {by} 提出 · {need} · {number}", REQUEST),
    "support.asked_again": Wording("技术支持再次提问", "{subject} · {by} · {need} · {number}", REQUEST),
    "support.reminder": Wording("技术支持快到期", "{subject} · 初步方案还没回复 · {number}", REQUEST),
    "support.missed": Wording("技术支持超时", "{subject} · {engineer} 未按时回复 · {by} 提出 · {number}", REQUEST),
    "support.answered": Wording("初步方案已回复", "{subject} · {engineer} · {number}", REQUEST),
    "support.accepted": Wording("方案已采纳", "{subject} · {closed_by} · {number}", REQUEST),
    "support.withdrawn": Wording("技术支持已撤回", "{subject} · {closed_by} · {number}", REQUEST),
    "support.handed_over": Wording("技术支持转给你", "{subject} · {handed_by} 转交 · {number}", REQUEST),
}

for kind, wording in KINDS.items():
    register(kind, wording)
