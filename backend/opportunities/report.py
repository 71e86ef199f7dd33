"""FLOW-5: what has not advanced for too long goes to the superiors, one report each on a working day, with all of it."""

import asyncio
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import files, workbooks
from backend.core.config import get_settings
from backend.deadlines import dailies
from backend.deadlines.rules import DailyKind
from backend.identity.models import Person
from backend.identity.queries import administrators
from backend.identity.superiors import superior_of
from backend.integrations.smtp.settings import mail_server
from backend.notifications.service import Mailing, Notice, notify
from backend.opportunities import queries, report_words
from backend.opportunities.reading import clocks_of
from backend.opportunities.report_words import Line
from backend.pipelines import service as pipelines

KIND = DailyKind.EXCEPTION_REPORT
MOST_LINES = 5000
"""In the workbook; the letter itself names fewer."""
Pair = tuple[UUID, UUID | None]


@dataclass(frozen=True)
class Plan:
    """Who is to be told today of whose deals: of each recipient the pairs of owner and region."""

    day: date
    pairs_of: Mapping[UUID, Sequence[Pair]]


async def plan(session: AsyncSession, now: datetime) -> Plan | None:
    """Today's run, when its hour has come and it has not come to its end: the owner's superior of this moment, their deputy, the next one up,
    or else the administrators, as with leads.
    """
    day = await dailies.to_do(session, KIND, now)
    if day is None:
        return None
    pairs_of: dict[UUID, list[Pair]] = {}
    found = (await session.execute(queries.unadvanced_owners(await clocks_of(session), now))).all()
    nobody = list(await session.scalars(administrators(now))) if found else []
    for owner_id, region_id in found:
        superior = await superior_of(session, owner_id, region_id, 1, now)
        for recipient in [superior[0]] if superior else nobody:
            pairs_of.setdefault(recipient, []).append((owner_id, region_id))
    return Plan(day, pairs_of)


async def send(session: AsyncSession, day: date, recipient_id: UUID, pairs: Iterable[Pair], now: datetime) -> bool:
    """One report, in one transaction with the row that makes it the only one of that day; False when it has been sent before."""
    if not await dailies.take(session, KIND, day, recipient_id, now):
        return False
    reader = await session.get_one(Person, recipient_id)
    lines = await _lines(session, pairs, reader, day, now)
    if not lines:
        return False
    params = {"count": len(lines), "fresh": sum(line.is_new for line in lines), "first": lines[0].customer or lines[0].name}
    mail = await _mailing(session, reader, lines, day, now) if reader.email and mail_server(get_settings()) else None
    await notify(session, Notice([recipient_id], KIND.value, params, None, None, through_channels=False, mail=mail), now=now)
    return True


async def _lines(session: AsyncSession, pairs: Iterable[Pair], reader: Person, day: date, now: datetime) -> list[Line]:
    """What stands still longest first; new is what the reader's last report did not have."""
    clocks, before = await clocks_of(session), await dailies.told_before(session, KIND, day, reader.id)
    stages = {stage.id: stage for shown in (await pipelines.pipelines(session)).items for stage in shown.stages}
    rows = await session.execute(queries.unadvanced_of(list(pairs), clocks, now).limit(MOST_LINES))
    return [_line(row, stages, now, is_new=before is None or row.advanced_at > clocks.advance_before(before)) for row in rows]


def _line(row: Any, stages: Mapping[UUID, Any], now: datetime, *, is_new: bool) -> Line:
    stage = stages[row.stage_id]
    return Line(
        id=row.id,
        number=row.number,
        name=row.name,
        customer=row.customer_name or "",
        owner=row.owner_name,
        stage_zh=stage.name_zh,
        stage_en=stage.name_en,
        amount=row.expected_amount,
        currency=row.currency,
        days_unadvanced=(now - row.advanced_at).days,
        days_quiet=(now - row.last_activity_at).days,
        last_word=row.last_word or "",
        last_word_at=row.last_word_at,
        last_word_by=row.last_word_by or "",
        is_new=is_new,
    )


async def _mailing(session: AsyncSession, reader: Person, lines: Sequence[Line], day: date, now: datetime) -> Mailing:
    """The letter, and the same as a workbook."""
    settings, is_english = get_settings(), reader.locale.startswith("en")
    said = report_words.letter(lines, day, settings.public_url, is_english=is_english)
    title, widths, rows = report_words.table(lines, settings.public_url, settings.company_zone, is_english=is_english)
    name = f"{title}-{day:%Y%m%d}.xlsx"
    with tempfile.TemporaryDirectory(prefix="chengdan-report-") as folder:
        path = Path(folder) / "report.xlsx"
        await asyncio.to_thread(workbooks.write_workbook, path, title, widths, [[workbooks.safe(one) for one in row] for row in rows])
        with path.open("rb") as file:
            media = workbooks.MEDIA["xlsx"]
            file_id, _, _ = await files.store(session, file, actor=str(reader.id), name=name, media_type=media, now=now)
    return Mailing(said, [{"file_id": str(file_id), "name": name, "media_type": media}])


async def finish(session: AsyncSession, plan: Plan, now: datetime) -> None:
    """The day is done; the administrators learn who could not be reached by e-mail, once."""
    if not await dailies.finish(session, KIND, plan.day, now):
        return
    has_server = mail_server(get_settings()) is not None
    kind = "report.no_address" if has_server else "report.no_mail_server"
    people = list(await session.scalars(queries.unreached(list(plan.pairs_of), has_server=has_server)))
    if people:
        params = {"count": len(people), "names": people[:5]}
        told = list(await session.scalars(administrators(now)))
        await notify(session, Notice(told, kind, params, None, None, through_channels=False), now=now)
