"""What channels say about opportunities, in Chinese (the screens have words of their own)."""

from backend.notifications.wording import Wording, register

OPPORTUNITY = "/opportunities/{subject_id}"
KINDS = {
    "opportunity.given_to_you": Wording("新商机归你", "{customer} · {opportunity} · {by} 建立 · {number}", OPPORTUNITY),
    "opportunity.won": Wording("赢单", "{customer} · {opportunity} · {owner} · {amount} · {number}", OPPORTUNITY),
    "opportunity.stalled": Wording(
        "商机停滞", "{customer} · {opportunity} · 已 {days} 天没有更新，请推进或记录进展 · 下一步 {next_step} · {number}", OPPORTUNITY
    ),
    "opportunity.stalled_many": Wording("商机停滞", "{names} 等 {count} 个商机已多天没有更新，请推进或记录进展", "/board?flagged=yes"),
    "opportunity.next_step_due": Wording("下一步到期", "{customer} · {opportunity} · {next_step} · {number}", OPPORTUNITY),
    "opportunity.next_step_due_many": Wording("下一步到期", "{names} 等 {count} 个商机的下一步已到期", "/today"),
    "opportunity.report": Wording("商机异常报告", "{count} 个商机长期未推进 · {first} 等", "/board?late=yes&scope=region"),
    "report.no_address": Wording("异常报告发不出邮件", "{names} 等 {count} 人没有邮箱，报告只在站内"),
    "report.no_mail_server": Wording("异常报告发不出邮件", "没有设置邮件服务器，{names} 等 {count} 人的报告只在站内"),
    "opportunity.lost": Wording("丢单", "{customer} · {opportunity} · {owner} · {number}", OPPORTUNITY),
}

for kind, wording in KINDS.items():
    register(kind, wording)
