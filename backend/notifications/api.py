"""The bell, the live stream, channels and deliveries over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from backend.core.clock import Now, RealNow
from backend.core.http import problems
from backend.core.idempotency import OnceDep
from backend.core.live import Stream, get_hub
from backend.core.locking import IfMatch, set_etag
from backend.core.pagination import Cursor, Limit, Page, decode_cursor
from backend.identity.deps import CurrentActor, CurrentClaims, PersonSession
from backend.identity.models import Person
from backend.notifications import channel_settings, deliveries, queries, service
from backend.notifications.rules import DeliveryState
from backend.notifications.schemas import (
    Channel,
    ChannelFields,
    ChannelList,
    ChannelPatch,
    Credentials,
    Delivery,
    Notification,
    NotificationSummary,
)
from backend.notifications.stream import LiveResponse

router = APIRouter(tags=["notifications"])
LastEventId = Annotated[int | None, Header(alias="Last-Event-ID", ge=0, le=2**63 - 1, description="The id of the last event received")]


@router.get("/notifications")
async def list_notifications(
    session: PersonSession,
    actor: CurrentActor,
    unread_only: Annotated[bool, Query(description="Leave out what has been read")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Notification]:
    """One's own, newest first."""
    after = decode_cursor(cursor, (datetime, UUID), ("notifications", unread_only))
    rows, following = await service.list_notifications(session, actor.id, unread_only, after, limit)
    return Page(items=[Notification.model_validate(row) for row in rows], next_cursor=following)


@router.get("/notifications/summary")
async def get_notification_summary(session: PersonSession, actor: CurrentActor) -> NotificationSummary:
    """The number at the bell."""
    return NotificationSummary(unread=await service.count_unread(session, actor.id))


@router.post("/notifications/read-all", status_code=204)
async def read_all_notifications(session: PersonSession, actor: CurrentActor, now: Now, subject_id: UUID | None = None) -> None:
    """Marks one's own as read: all, or those about one record that one has just opened."""
    await service.read_all(session, actor.id, now, about=subject_id)


@router.post("/notifications/{notification_id}/read", status_code=204)
async def read_notification(notification_id: UUID, session: PersonSession, actor: CurrentActor, now: Now) -> None:
    """Marks one of one's own as read; the first moment stays."""
    await service.read(session, actor.id, notification_id, now)


@router.get("/channels")
async def list_channels(session: PersonSession, actor: CurrentActor, real_now: RealNow) -> ChannelList:
    """Channels and their state, never their credentials."""
    return ChannelList(items=await deliveries.list_channels(session, actor, real_now))


@router.post("/channels", status_code=201, response_model=Channel, responses=problems(409))
async def create_channel(
    body: ChannelFields, session: PersonSession, actor: CurrentActor, now: Now, real_now: RealNow, once: OnceDep
) -> Any:
    """A robot without credentials: it needs them before it can send."""
    return await once(session, lambda: channel_settings.create_channel(session, actor, body, now, real_now))


@router.patch("/channels/{channel_id}", responses=problems(409, 412, 428))
async def change_channel(
    channel_id: UUID,
    body: ChannelPatch,
    response: Response,
    session: PersonSession,
    actor: CurrentActor,
    version: IfMatch,
    now: Now,
    real_now: RealNow,
) -> Channel:
    """Only the fields that are sent."""
    channel = await channel_settings.change_channel(session, actor, channel_id, body, version, now, real_now)
    set_etag(response, channel.version)
    return channel


@router.put("/channels/{channel_id}/credentials")
async def set_channel_credentials(
    channel_id: UUID, body: Credentials, session: PersonSession, actor: CurrentActor, now: Now, real_now: RealNow
) -> Channel:
    """They go in and never come out."""
    return await channel_settings.set_credentials(session, actor, channel_id, body, now, real_now)


@router.post("/channels/{channel_id}/test", status_code=202, responses=problems(409))
async def test_channel(channel_id: UUID, session: PersonSession, actor: CurrentActor, now: Now, real_now: RealNow) -> Delivery:
    """A real message to oneself on the channel's own way; its delivery tells the outcome."""
    return await channel_settings.send_test(session, actor, channel_id, now, real_now)


@router.get("/deliveries")
async def list_deliveries(
    session: PersonSession,
    actor: CurrentActor,
    state: Annotated[DeliveryState | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Delivery]:
    """What went out through channels, newest first."""
    after = decode_cursor(cursor, (datetime, UUID), ("deliveries", state))
    rows, following = await deliveries.list_deliveries(session, actor, state, after, limit)
    return Page(items=rows, next_cursor=following)


@router.get("/deliveries/{delivery_id}")
async def get_delivery(delivery_id: UUID, session: PersonSession, actor: CurrentActor) -> Delivery:
    return await deliveries.one(session, actor, delivery_id)


@router.post("/deliveries/{delivery_id}/replay", responses=problems(409))
async def replay_delivery(delivery_id: UUID, session: PersonSession, actor: CurrentActor, now: Now) -> Delivery:
    """Tries a dead delivery again."""
    return await deliveries.replay(session, actor, delivery_id, now)


@router.get(
    "/live",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Server-Sent Events"}},
)
async def open_live_stream(
    session: PersonSession, actor: CurrentActor, claims: CurrentClaims, real_now: RealNow, last_event_id: LastEventId = None
) -> LiveResponse:
    """One's own live events, from after Last-Event-ID where it is given, and from now on what is said to the pools that one claims from,
    without an id. Begins with `ready`; ends when the token or the access does.
    """
    newest = await session.scalar(queries.last_seq(actor.id)) or 0
    access_ends_at = await session.scalar(select(Person.access_ends_at).where(Person.id == actor.id))
    resumed = last_event_id is not None and last_event_id <= newest
    start = last_event_id if resumed and last_event_id is not None else newest
    ends_at = datetime.fromtimestamp(claims.expires_at, UTC)
    life = (min(ends_at, access_ends_at) if access_ends_at else ends_at) - real_now
    shared = await service.shared_feeds(session) if actor.may("lead.claim") else {}
    return LiveResponse(get_hub(), Stream(actor.id, start, shared), claims.session_id, max(life, timedelta()), resumed=resumed)
