"""The sorts of documents that a manufacturer's sales have; what the company has changed is left alone."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.documents.models import DocumentKind
from backend.documents.rules import OTHER, RECORDING, REQUIREMENT

SHIPPED = (
    (REQUIREMENT, "需求文档", "Requirement document", 50),
    ("drawing", "图纸", "Drawing", 200),
    ("quote", "报价单", "Quote", 50),
    ("minutes", "会议纪要", "Meeting minutes", 50),
    ("contract", "合同", "Contract", 50),
    (RECORDING, "录音", "Recording", 200),
    ("photo", "照片", "Photo", 50),
    (OTHER, "其他", "Other", 100),
)


async def install(session: AsyncSession) -> None:
    rows = [
        {"key": key, "name_zh": name_zh, "name_en": name_en, "max_megabytes": most, "sort": place}
        for place, (key, name_zh, name_en, most) in enumerate(SHIPPED)
    ]
    await session.execute(insert(DocumentKind).on_conflict_do_nothing(), rows)
