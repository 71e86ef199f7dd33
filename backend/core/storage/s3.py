"""Files in a bucket that speaks the protocol of S3."""

import tempfile
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from backend.core.config import Settings
from backend.core.storage.base import PIECE, saying_away

TIMEOUT = timedelta(seconds=30)
RETRIES = 3


class BucketStore:
    """One object a file; parts of large ones go up side by side, and a name appears when all have come."""

    def __init__(self, settings: Settings, retries: int = RETRIES) -> None:
        self.drafts = Path(tempfile.gettempdir()) / "chengdan-drafts"
        self.where = f"{settings.s3_bucket} at {settings.s3_endpoint or 'AWS'}"
        self._store = S3Store(
            settings.s3_bucket,
            prefix=settings.s3_prefix or None,
            endpoint=settings.s3_endpoint or None,
            region=settings.s3_region,
            access_key_id=settings.s3_access_key,
            secret_access_key=settings.s3_secret_key.get_secret_value(),
            virtual_hosted_style_request=settings.s3_virtual_hosts,
            client_options={"allow_http": settings.s3_endpoint.startswith("http:"), "timeout": TIMEOUT},
            retry_config={"max_retries": retries},
        )

    async def keep(self, draft: Path, key: str) -> None:
        with saying_away(BaseError, OSError):
            await obstore.put_async(self._store, key, draft)

    async def holds(self, key: str) -> bool:
        with saying_away(BaseError, OSError):
            try:
                await obstore.head_async(self._store, key)
            except FileNotFoundError:
                return False
            return True

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        if start >= end:
            return
        with saying_away(BaseError, OSError):
            found = await obstore.get_async(self._store, key, options={"range": (start, end)})
            async for piece in found.stream(min_chunk_size=PIECE):
                yield bytes(piece)

    async def remove(self, key: str) -> None:
        with saying_away(BaseError, OSError):
            await obstore.delete_async(self._store, key)

    async def stored(self) -> AsyncIterator[tuple[str, datetime]]:
        with saying_away(BaseError, OSError):
            async for found in obstore.list(self._store):
                for one in found:
                    yield one["path"], one["last_modified"]

    async def examine(self) -> str:
        with saying_away(BaseError, OSError):
            await obstore.put_async(self._store, "trial", b"")
            await obstore.delete_async(self._store, "trial")
        return f"files in bucket {self.where}"
