"""Saved views over HTTP."""

from typing import Any
from uuid import UUID

from backend.core.schemas import Flag, In, Name, Out
from backend.identity.schemas import PersonRef
from backend.saved_views.rules import Sharing


class ViewOut(Out):
    """`settings` holds what its list understands: filter, sort and columns."""

    id: UUID
    subject: str
    name: str
    owner: PersonRef
    sharing: Sharing
    settings: dict[str, Any]
    is_default: bool
    is_mine: bool
    version: int


class Views(Out):
    items: list[ViewOut]


class ViewCreate(In):
    subject: Name
    name: Name
    settings: dict[str, Any]
    sharing: Sharing = Sharing.OWN
    is_default: Flag = False


class ViewPatch(In):
    """Only what is given changes."""

    name: Name | None = None
    settings: dict[str, Any] | None = None
    sharing: Sharing | None = None
    is_default: Flag | None = None
