"""An empty workbook to fill in, with the columns that files of one register may have."""

import tempfile
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity.deps import Actor
from backend.imports import processes, queries, wording
from backend.imports.checking import NUMBER
from backend.imports.targets.registry import target_named

WIDTH = 18
ONLY_IN_OTHER_FILES = {NUMBER, "location"}
"""What is new has no number yet, and its place is asked for in two columns."""
TITLES = {
    "leads": ("线索导入模板", "Lead import template"),
    "customers": ("客户导入模板", "Customer import template"),
    "products": ("产品导入模板", "Product import template"),
}


async def download(session: AsyncSession, actor: Actor, key: str) -> tuple[str, bytes]:
    """Name and bytes of the workbook, in the language of its reader; 403 for who may not import into the register, 404 where there is none."""
    actor.require("import.run")
    target = target_named(key)
    actor.require(target.creates)
    locale = await session.scalar(queries.locale(actor.id)) or ""
    title = TITLES[key][int(locale.startswith("en"))]
    columns = [wording.field_name(field.key, locale) for field in target.fields if field.key not in ONLY_IN_OTHER_FILES]
    with tempfile.TemporaryDirectory(prefix="chengdan-template-") as folder:
        path = Path(folder) / "template.xlsx"
        async with processes.writing(path, "xlsx", title, [WIDTH] * len(columns)) as table:
            await table.add([columns])
        return f"{title}.xlsx", path.read_bytes()
