"""What a file of a customer, lead or opportunity is (pure)."""

from enum import StrEnum

MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 2048
"""No kind of document may have larger files."""
MOST_VERSIONS = 200
MOST_PLACES = 500
OTHER = "other"
RECORDING = "recording"
REQUIREMENT = "requirement"


class Family(StrEnum):
    """What one can do with a file: show it, play it, or take it."""

    PICTURE = "picture"
    PDF = "pdf"
    AUDIO = "audio"
    VIDEO = "video"
    OFFICE = "office"
    TEXT = "text"
    DRAWING = "drawing"
    ARCHIVE = "archive"
    OTHER = "other"


SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "application/pdf"})
PLAYED = frozenset({Family.AUDIO, Family.VIDEO})


def may_be_shown(media_type: str, family: Family) -> bool:
    """Whether a browser shows it inside a page; everything else is handed out to be saved."""
    return media_type in SHOWN or family in PLAYED


def titled(name: str) -> str:
    """The file's name without its ending."""
    stem, dot, ending = name.rpartition(".")
    return stem if dot and stem and len(ending) <= 5 else name
