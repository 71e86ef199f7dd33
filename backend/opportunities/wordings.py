"""What channels say about opportunities, in Chinese (the screens have words of their own)."""

from backend.notifications.wording import Wording, register

OPPORTUNITY = "/opportunities/{subject_id}"
KINDS = {
    "opportunity.given_to_you": Wording("新商机归你", "{customer} · {opportunity} · {by} 建立 · {number}", OPPORTUNITY),
    "opportunity.won": Wording("赢单", "{customer} · {opportunity} · {owner} · {amount} · {number}", OPPORTUNITY),
    "opportunity.lost": Wording("丢单", "{customer} · {opportunity} · {owner} · {number}", OPPORTUNITY),
}

for kind, wording in KINDS.items():
    register(kind, wording)
