"""The company's way to its mail server, which is silent while the installation names none."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.ids import new_id
from backend.notifications.models import Channel
from backend.notifications.rules import ChannelKind

NAMES = ("邮件", "邮件（公司）")
"""The second where a robot has the first."""


async def install(session: AsyncSession) -> None:
    """Idempotent."""
    if await session.scalar(select(Channel.id).where(Channel.kind == ChannelKind.EMAIL).limit(1)) is not None:
        return
    taken = set(await session.scalars(select(Channel.name).where(Channel.name.in_(NAMES))))
    name = next(one for one in NAMES if one not in taken)
    session.add(Channel(id=new_id(), kind=ChannelKind.EMAIL.value, name=name, config={}))
    await session.flush()
