"""What channels say about e-mail, in Chinese (the screens have words of their own)."""

from backend.notifications.wording import Wording, register

RECORD = "/{place}/{subject_id}"
KINDS = {
    "email.received": Wording("收到邮件", "{record} · {sender} · {mail} · {number}", RECORD),
    "email.in_tray": Wording("邮件待归档", "{sender} · {mail}", "/email-tray"),
    "email.failed": Wording("邮件没有送达", "{record} · {mail} · {detail} · {number}", RECORD),
}

for kind, wording in KINDS.items():
    register(kind, wording)
