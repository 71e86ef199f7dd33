"""Documents of the demo's opportunities: what the customer wants before a proposal is made, drawings, and of some a photo and a call."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.storage.base import put
from backend.core.storage.chosen import get_store
from backend.demo import papers
from backend.demo.world import key
from backend.documents import thumbnails
from backend.documents.defaults import SHIPPED
from backend.documents.models import Document, DocumentPreview, DocumentVersion
from backend.documents.rules import RECORDING, REQUIREMENT, Family, titled
from backend.documents.sniffing import kind_of

NAMES = {name: {"key": name, "name_zh": zh, "name_en": en} for name, zh, en, _ in SHIPPED}
FINISHES = ("镀锌，盐雾 72 小时", "阳极氧化本色", "喷粉 RAL 9005", "钝化", "无")
TERMS = ("样品 10 天，批量 25 天", "样品 15 天，批量 30 天", "分批交货，每月 2 次", "首批 20 天，之后按滚动计划")


@dataclass
class Files:
    """Rows, and the bytes that they name."""

    document: list[dict[str, Any]] = field(default_factory=list)
    document_version: list[dict[str, Any]] = field(default_factory=list)
    data: dict[str, bytes] = field(default_factory=dict)

    def add(self, deal: dict[str, Any], subject: str, kind: str, name: str, data: bytes, at: datetime) -> dict[str, Any]:
        """One document with its first version; returns what the timeline says of it."""
        number = len(self.document)
        sha256, found = hashlib.sha256(data).hexdigest(), kind_of(io.BytesIO(data), data, name)
        file = {"name": name, "media_type": found.media_type, "family": found.family.value, "size": len(data)}
        document = {"id": key("document", number), "subject_type": subject, "subject_id": deal["id"], "kind": kind, "title": titled(name)}
        self.document.append(document | {"created_by": deal["owner_id"], "created_at": at})
        version = {"id": key("document-version", number), "document_id": document["id"], "number": 1, "note": ""}
        self.document_version.append(version | file | {"sha256": sha256, "uploaded_by": deal["owner_id"], "uploaded_at": at})
        self.data[sha256] = data
        told = {"id": str(document["id"]), "title": document["title"], "kind": NAMES[kind]}
        return {"document": told, "version": {"id": str(version["id"]), "number": 1, **file}}


def requirement(files: Files, deal: dict[str, Any], subject: str, customer: str, at: datetime, dice: Random) -> dict[str, Any]:
    lines = (
        ("客户", customer),
        ("项目", deal["name"]),
        ("用量", deal["need"]),
        ("材料与厚度", f"DC01，{dice.choice(('0.8', '1.0', '1.5', '2.0'))} mm"),
        ("表面处理", dice.choice(FINISHES)),
        ("关键尺寸", f"孔距 ±{dice.choice(('0.03', '0.05', '0.1'))} mm，平面度 0.15 mm"),
        ("交付", dice.choice(TERMS)),
    )
    name = f"{deal['name']}需求说明.docx"
    return files.add(deal, subject, REQUIREMENT, name, papers.letter(f"{deal['name']}需求说明", lines), at)


def drawing(files: Files, deal: dict[str, Any], subject: str, at: datetime, dice: Random) -> dict[str, Any]:
    number = f"HY-{dice.randint(2100, 9899)}"
    data = papers.drawing(number, dice.choice((120, 150, 180, 210)), dice.choice((80, 95, 110)))
    return files.add(deal, subject, "drawing", f"{number}.pdf", data, at)


def photo(files: Files, deal: dict[str, Any], subject: str, at: datetime, hue: int) -> dict[str, Any]:
    return files.add(deal, subject, "photo", f"样件{at:%m%d}.jpg", papers.photo(hue), at)


def call(files: Files, deal: dict[str, Any], subject: str, at: datetime) -> dict[str, Any]:
    return files.add(deal, subject, RECORDING, f"电话录音{at:%m%d}.wav", papers.recording(6), at)


async def store(session: AsyncSession, files: Files) -> None:
    """The bytes first, then the rows; pictures with the small ones that a worker would have made."""
    vault = get_store()
    for sha256, data in files.data.items():
        if not await vault.holds(sha256):
            await put(vault, data, sha256)
    await session.execute(insert(Document), files.document)
    await session.execute(insert(DocumentVersion), files.document_version)
    previews = [await _preview(row) for row in files.document_version if row["family"] == Family.PICTURE]
    if previews:
        await session.execute(insert(DocumentPreview), previews)


async def _preview(row: dict[str, Any]) -> dict[str, Any]:
    made = await thumbnails.make(get_store(), row["sha256"], row["size"])
    assert made is not None  # noqa: S101 - drawn a moment ago
    return {"sha256": row["sha256"], "is_made": True, "width": made.width, "height": made.height}


def moments(entered_at: datetime, left_at: datetime, shares: Sequence[float]) -> list[datetime]:
    """Points within a stay, as shares of it."""
    return [entered_at + timedelta(seconds=(left_at - entered_at).total_seconds() * share) for share in shares]
