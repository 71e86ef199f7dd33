"""What timelines have in common over HTTP."""

from typing import Annotated

from fastapi import APIRouter

from backend.core.clock import Now
from backend.core.pagination import Several
from backend.identity.deps import CurrentActor
from backend.timeline import follow_ups
from backend.timeline.schemas import ChatPreview, ChatPreviewIn

router = APIRouter(tags=["timeline"])
Kinds = Annotated[list[str] | None, Several]
"""Kinds of entries; none named are all."""


@router.post("/chat-previews")
async def preview_chat(actor: CurrentActor, body: ChatPreviewIn, now: Now) -> ChatPreview:
    """How a chat pasted from WeChat is read; nothing is kept."""
    del actor
    return follow_ups.preview(body.text, now)
