"""What came in and became nothing is forgotten after a day; what anything names is not, whatever happens at the same moment."""

import asyncio
import hashlib
import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, text, update

from backend.core.clock import real_now
from backend.core.config import get_settings
from backend.core.db import Lens, transaction
from backend.core.storage.base import put
from backend.core.storage.chosen import get_store
from backend.core.storage.disk import DiskStore
from backend.documents import jobs, queries, thumbnails
from backend.documents.models import DocumentPreview, DocumentUpload
from tests.conftest import Committed
from tests.documents.conftest import API, Cabinet
from tests.factories import make_opportunity, make_person

TWO_DAYS = timedelta(days=2)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DiskStore]:
    """A store of this test's own."""
    monkeypatch.setenv("CHENGDAN_DATA_DIR", str(tmp_path))
    get_settings.cache_clear()
    store = get_store()
    assert isinstance(store, DiskStore)
    yield store
    monkeypatch.undo()
    get_settings.cache_clear()


async def kept(store: DiskStore, data: bytes, *, old: bool = True) -> str:
    sha256 = hashlib.sha256(data).hexdigest()
    await put(store, data, sha256)
    if old:
        moment = (real_now() - TWO_DAYS).timestamp()
        os.utime(store.path(sha256), (moment, moment))
    return sha256


async def upload_of(committed: Committed, sha256: str, age: timedelta) -> None:
    async with committed.owner() as session:
        person = await make_person(session)
        file = {"name": "a", "media_type": "text/plain", "family": "text", "size": 1, "sha256": sha256}
        session.add(DocumentUpload(**file, person_id=person.id, at=real_now() - age))


async def test_only_what_nothing_names_goes(committed: Committed, disk: DiskStore) -> None:
    left, fresh, waiting, late = [await kept(disk, data, old=data != b"fresh") for data in (b"left", b"fresh", b"waiting", b"late")]
    await put(disk, b"small", thumbnails.key_of(left))
    await upload_of(committed, waiting, timedelta(hours=1))
    await upload_of(committed, late, TWO_DAYS)
    assert await jobs.sweep_files({}) == 2
    assert [await disk.holds(one) for one in (left, fresh, waiting, late, thumbnails.key_of(left))] == [False, True, True, False, False]
    async with committed.owner() as session:
        assert list(await session.scalars(select(DocumentUpload.sha256))) == [waiting]
    assert await jobs.sweep_files({}) == 0


async def test_bytes_that_somebody_names_at_this_moment_stay(committed: Committed, disk: DiskStore) -> None:
    """Whoever holds them commits a row or not: until then the sweep passes them by."""
    sha256 = await kept(disk, b"just now")
    async with transaction(Lens.SYSTEM, "system:test") as session:
        await queries.HOLD.rows(session, wanted=sha256)
        assert await asyncio.wait_for(jobs.sweep_files({}), 10) == 0
    assert await disk.holds(sha256)
    assert await jobs.sweep_files({}) == 1


async def test_a_thumbnail_is_made_once_turned_the_right_way_and_the_original_stays(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    deal = await make_opportunity(house.session, cabinet.sales.customer)
    picture, data = Image.new("RGB", (1200, 800), (200, 30, 30)), io.BytesIO()
    exif = picture.getexif()
    exif[0x0112] = 6  # the camera was held upright
    picture.save(data, "JPEG", exif=exif)
    version = (await cabinet.attach(house.zhang, "opportunity", deal.id, "照片.jpg", data.getvalue(), "photo")).json()["versions"][0]
    broken = (await cabinet.attach(house.zhang, "opportunity", deal.id, "坏.png", b"\x89PNG\r\n\x1a\nbroken", "photo")).json()["versions"][
        0
    ]
    desk = await cabinet.sales.of(house.zhang)
    assert (await desk.get(f"{API}/document-versions/{version['id']}/thumbnail")).status_code == 404
    await house.relay()
    answer = await desk.get(f"{API}/document-versions/{version['id']}/thumbnail")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    with Image.open(io.BytesIO(answer.content)) as small:
        assert small.size == (320, 480)
    made = await house.session.get(DocumentPreview, version["sha256"])
    assert made is not None
    assert (made.width, made.height) == (800, 1200)
    assert (await cabinet.content(house.zhang, version["id"])).content == data.getvalue()
    shown = {one["title"]: one["versions"][0]["has_thumbnail"] for one in await cabinet.listed(house.zhang, "opportunity", deal.id)}
    assert shown == {"照片": True, "坏": False}
    assert (await desk.get(f"{API}/document-versions/{broken['id']}/thumbnail")).status_code == 404
    await house.session.execute(update(DocumentPreview).values(width=1))
    await cabinet.attach(house.zhang, "customer", cabinet.sales.customer.id, "再来.jpg", data.getvalue(), "photo")
    await house.relay()
    assert set(await house.session.scalars(select(DocumentPreview.width))) == {1}, "the same bytes are looked at once"


@pytest.mark.parametrize("kind", ["JPEG", "MPO", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
async def test_a_small_picture_is_made_of_each_kind(kind: str, disk: DiskStore) -> None:
    """MPO is a JPEG that holds more than one picture: phones save depth and light beside what is seen."""
    data = io.BytesIO()
    more = {"save_all": True, "append_images": [Image.new("RGB", (300, 200), (30, 30, 200))]} if kind == "MPO" else {}
    Image.new("RGB", (1200, 800), (200, 30, 30)).save(data, kind, **more)
    with Image.open(io.BytesIO(data.getvalue())) as original:
        assert original.format == kind
    await put(disk, data.getvalue(), "aa04")
    made = await thumbnails.make(disk, "aa04", len(data.getvalue()))
    assert made is not None
    assert (made.width, made.height) == (1200, 800)
    with Image.open(io.BytesIO(made.data)) as small:
        assert small.size == (480, 320)


async def test_a_picture_that_would_fill_the_memory_is_not_read(monkeypatch: pytest.MonkeyPatch, disk: DiskStore) -> None:
    monkeypatch.setattr(thumbnails, "MOST_PIXELS", 100)
    data = io.BytesIO()
    Image.new("RGB", (11, 10)).save(data, "PNG")
    await put(disk, data.getvalue(), "aa03")
    assert await thumbnails.make(disk, "aa03", len(data.getvalue())) is None
    assert not await disk.holds(thumbnails.key_of("aa03"))


async def test_nobody_deletes_or_rewrites_a_version(cabinet: Cabinet) -> None:
    house = cabinet.sales.house
    granted = text(
        "select privilege_type || ' ' || grantee from information_schema.table_privileges where table_name = 'document_version'"
        " and grantee like 'cd\\_%' and privilege_type in ('UPDATE', 'DELETE')"
    )
    assert list(await house.session.scalars(granted)) == []
