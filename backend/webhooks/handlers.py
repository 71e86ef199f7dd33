"""Quarantined submissions are told to people who can mend them."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.outbox import OutboxRow, handles
from backend.notifications.wording import Wording, register
from backend.webhooks import service

register("submission.quarantined", Wording("表单数据待处理", "{form} · {count} 条提交不符合字段映射", ""))


@handles("submission.quarantined")
async def announce_first(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """The first one at once; what follows within minutes is told together by the sweep."""
    await service.announce_quarantine(session, event.subject_id, now)
