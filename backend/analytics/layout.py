"""How a person has arranged the dashboard: a saved view of it, which is theirs alone unless they share it."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from backend.core.schemas import In
from backend.saved_views import rules

SUBJECT = "dashboard"


class TileName(StrEnum):
    FUNNEL = "funnel"
    DWELL = "dwell"
    CONVERSION = "conversion"
    SOURCES = "sources"


Span = Annotated[int, Field(ge=1, le=4, strict=True)]


class Tile(In):
    """`width` in quarters of the screen, `height` in rows."""

    name: TileName
    width: Span
    height: Span


class Layout(In):
    """Tiles in their order; a phone shows them one below the other."""

    tiles: Annotated[list[Tile], Field(min_length=1, max_length=len(TileName))]


def check(settings: dict[str, Any]) -> dict[str, Any]:
    layout = Layout.model_validate(settings)
    if len({tile.name for tile in layout.tiles}) < len(layout.tiles):
        raise ValueError("a tile stands twice")
    return layout.model_dump(mode="json")


rules.register(SUBJECT, check)
