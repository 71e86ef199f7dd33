"""Both stores keep what they are given: whole or not at all, once, and read in any part."""

import asyncio
import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from backend.core.config import Settings
from backend.core.errors import TooLarge, Unavailable
from backend.core.storage.base import PIECE, Store, forget_drafts, put, receiving
from backend.core.storage.chosen import store_of
from backend.core.storage.disk import DiskStore
from backend.core.storage.s3 import BucketStore

LARGE = bytes(range(256)) * 4096 * 12 + b"end"
"""12 MiB: several parts of an upload to a bucket."""


@pytest.fixture(scope="module")
def bucket() -> Iterator[Settings]:
    """A real S3 server in a process of its own, with an empty bucket."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.put(f"{url}/files", timeout=5)
                break
            except httpx.TransportError:
                assert process.poll() is None
                time.sleep(0.1)
        yield Settings(s3_bucket="files", s3_endpoint=url, s3_access_key="key", s3_secret_key="secret", s3_prefix="chengdan")
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(params=["disk", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "disk":
        return DiskStore(tmp_path / "files")
    return BucketStore(request.getfixturevalue("bucket"))


async def pieces(data: bytes, size: int = 700_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def read(store: Store, key: str, start: int = 0, end: int = len(LARGE)) -> bytes:
    return b"".join([piece async for piece in store.read(key, start, end)])


async def test_a_large_file_goes_in_and_out_in_pieces(store: Store) -> None:
    async with receiving(store, pieces(LARGE), len(LARGE)) as draft:
        assert (draft.size, draft.sha256, draft.head) == (len(LARGE), hashlib.sha256(LARGE).hexdigest(), LARGE[: 64 * 1024])
        await store.keep(draft.path, draft.sha256)
    assert list(store.drafts.iterdir()) == []
    assert await store.holds(draft.sha256)
    assert await read(store, draft.sha256) == LARGE
    assert await read(store, draft.sha256, 5, 9) == LARGE[5:9]
    assert await read(store, draft.sha256, PIECE - 1, 3 * PIECE + 1) == LARGE[PIECE - 1 : 3 * PIECE + 1]
    assert max([len(piece) async for piece in store.read(draft.sha256, 0, len(LARGE))]) < len(LARGE) / 2, "never the whole in memory"


async def test_the_same_bytes_are_kept_once_and_are_young_again(store: Store) -> None:
    await put(store, b"once", "aa01")
    started = datetime.now(UTC) - timedelta(seconds=2)
    if isinstance(store, DiskStore):
        os.utime(store.path("aa01"), (0, 0))
    await put(store, b"once", "aa01")
    found = [at async for key, at in store.stored() if key == "aa01"]
    assert len(found) == 1
    assert found[0] >= started
    await store.remove("aa01")
    await store.remove("aa01")
    assert not await store.holds("aa01")
    with pytest.raises(Unavailable):
        await read(store, "aa01")


async def test_too_much_is_refused_in_its_middle_and_leaves_nothing(store: Store) -> None:
    taken = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal taken
        async for piece in pieces(LARGE):
            taken += len(piece)
            yield piece

    with pytest.raises(TooLarge):
        async with receiving(store, counted(), 3 * PIECE):
            raise AssertionError("it never comes whole")
    assert taken <= 4 * PIECE
    assert list(store.drafts.iterdir()) == []


async def test_a_sender_who_goes_away_leaves_nothing(store: Store) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield LARGE[:PIECE]
        raise ConnectionResetError

    with pytest.raises((Unavailable, ConnectionResetError)):
        async with receiving(store, broken(), len(LARGE)):
            raise AssertionError("it never comes whole")
    assert list(store.drafts.iterdir()) == []


async def test_drafts_of_dead_processes_are_forgotten(tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "files")
    assert await forget_drafts(store, datetime.now(UTC)) == 0
    store.drafts.mkdir(parents=True)
    (store.drafts / "old").write_bytes(b"half")
    os.utime(store.drafts / "old", (0, 0))
    (store.drafts / "new").write_bytes(b"half")
    assert await forget_drafts(store, datetime.now(UTC) - timedelta(days=1)) == 1
    assert [path.name for path in store.drafts.iterdir()] == ["new"]
    assert [key async for key, _ in store.stored()] == [], "what is still coming in is no file"


async def test_a_store_that_is_away_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("not a folder")
    gone = Settings(s3_bucket="files", s3_endpoint="http://127.0.0.1:1", s3_access_key="k", s3_secret_key="s")
    bucket = BucketStore(gone, retries=0)
    for question in (DiskStore(tmp_path / "files").examine(), bucket.examine(), bucket.holds("aa02")):
        with pytest.raises(Unavailable) as away:
            await asyncio.wait_for(question, 20)
        assert away.value.code == "storage_away"


async def test_the_settings_choose(bucket: Settings, tmp_path: Path) -> None:
    assert isinstance(store_of(bucket), BucketStore)
    assert await store_of(bucket).examine() == f"files in bucket files at {bucket.s3_endpoint}"
    local = store_of(Settings(data_dir=tmp_path))
    assert isinstance(local, DiskStore)
    assert local.folder == tmp_path / "files"
