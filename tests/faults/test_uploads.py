"""An API process that is killed in the middle of an upload leaves no row and no file; what was acknowledged is there."""

import asyncio
import hashlib
import signal
from contextlib import suppress
from pathlib import Path

import httpx

from tests.faults.harness import Held, Site
from tests.simulators.company import sign_in

DATA = b"%PDF-1.7\n" + bytes(range(256)) * 4096 * 3
SHA256 = hashlib.sha256(DATA).hexdigest()
UPLOADS = "select count(*) from document_upload"
POINTS = ("storage.receiving", "documents.kept")


async def upload(site: Site, api: str) -> httpx.Response:
    (token,) = await sign_in(site.installation, [site.company.administrator])
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"{site.installation.addresses[api]}/api/v1", headers=headers, timeout=60) as client:
        return await client.post("/uploads", params={"name": "说明.pdf", "kind": "requirement"}, content=DATA)


def kept(files: Path) -> list[str]:
    """Wherever the bytes of this test lie; other tests keep files too."""
    return [path.name for path in files.glob(f"??/{SHA256}")]


def drafts(files: Path) -> list[Path]:
    return list(files.glob("drafts/*"))


async def test_an_upload_is_whole_or_not_at_all(site: Site) -> None:
    files = site.installation.home / "files"
    uploads, before = await site.installation.value(UPLOADS), len(drafts(files))
    for point in POINTS:
        marker = site.installation.home / f"at-{point}"
        site.installation.api(point, pause=f"{point}:{marker}")
        sending = asyncio.create_task(upload(site, point))
        await Held(marker).reached()
        site.installation.end(point, signal.SIGKILL)
        site.installation.addresses.pop(point)
        with suppress(httpx.TransportError):
            answer = await sending
            raise AssertionError(f"{point}: answered {answer.status_code}")
        assert await site.installation.value(UPLOADS) == uploads, point
        assert kept(files) == ([] if point == "storage.receiving" else [SHA256]), "bytes that came whole may lie there; nothing names them"
        assert len(drafts(files)) == before + 1, "half a file lies apart, until it is swept"
    assert (files / SHA256[:2] / SHA256).read_bytes() == DATA
    answer = await upload(site, "api")
    assert answer.status_code == 201, answer.text
    assert answer.json()["sha256"] == SHA256
    assert await site.installation.value(UPLOADS) == uploads + 1
    assert kept(files) == [SHA256]
