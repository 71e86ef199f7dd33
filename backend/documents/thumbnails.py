"""Small pictures of pictures, made once from their bytes; the original stays as it came."""

import asyncio
import io
import tempfile
from dataclasses import dataclass
from typing import BinaryIO

import structlog
from fastapi import Response
from PIL import Image, ImageOps

from backend.core.storage.base import Store, put

log = structlog.get_logger()
SIDE = 480
MOST_PIXELS = 50_000_000
MOST_JPEG_PIXELS = 250_000_000
"""A JPEG is read at an eighth of its size."""
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
MEDIA_TYPE = "image/webp"
MOST_SMALL = 1024 * 1024
MOST_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True)
class Made:
    """A small picture, and how large the original is as one sees it."""

    data: bytes
    width: int
    height: int


def key_of(sha256: str) -> str:
    """Where in the store the small picture of these bytes lies."""
    return f"{sha256}.thumbnail"


async def make(store: Store, sha256: str, size: int) -> Made | None:
    """Reads the original, keeps the small one; None for what cannot be read as a picture."""
    with tempfile.TemporaryFile(prefix="chengdan-picture-") as file:
        async for piece in store.read(sha256, 0, size):
            file.write(piece)
        made = await asyncio.to_thread(_drawn, file)
    if made is not None:
        await put(store, made.data, key_of(sha256))
    return made


def _drawn(file: BinaryIO) -> Made | None:
    try:
        return _draw(file)
    except Exception as error:  # noqa: BLE001 - whatever a broken picture makes a decoder say, the answer is the same
        log.info("picture_not_read", error=repr(error))
        return None


def _draw(file: BinaryIO) -> Made | None:
    """Turned as its EXIF says, at most `SIDE` in each direction."""
    file.seek(0)
    with Image.open(file, formats=FORMATS) as picture:
        width, height = picture.size
        # A JPEG with several pictures, as phones make them, names itself MPO once it is open.
        if width * height > (MOST_JPEG_PIXELS if picture.format in {"JPEG", "MPO"} else MOST_PIXELS):
            return None
        picture.draft("RGB", (SIDE, SIDE))
        turned = ImageOps.exif_transpose(picture)
    if (turned.width > turned.height) != (width > height):
        width, height = height, width
    turned.thumbnail((SIDE, SIDE))
    small = turned if turned.mode in {"RGB", "RGBA"} else turned.convert("RGBA" if "transparency" in turned.info else "RGB")
    data = io.BytesIO()
    small.save(data, "WEBP", quality=80)
    return Made(data.getvalue(), width, height)


async def answer(store: Store, sha256: str) -> Response:
    """It never changes: who has seen it may keep it."""
    data = b"".join([piece async for piece in store.read(key_of(sha256), 0, MOST_SMALL)])
    return Response(data, media_type=MEDIA_TYPE, headers={"Cache-Control": "private, max-age=86400"})
