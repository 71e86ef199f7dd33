"""Routes of the calendar and of ladders."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from backend.core.clock import Now
from backend.core.http import problems
from backend.core.locking import IfMatch, set_etag
from backend.deadlines import company_calendar, dailies, ladders
from backend.deadlines.rules import DEFAULT_LADDERS, FIXED, RECIPIENTS, DailyKind, Ladder
from backend.deadlines.schemas import (
    DailiesOut,
    DailyIn,
    DailyOut,
    DatesIn,
    DaysIn,
    DaysOut,
    LadderIn,
    LadderOut,
    LaddersOut,
    LadderTrial,
    WarningsOut,
    WindowsIn,
    WindowsOut,
    YearIn,
    YearsOut,
)
from backend.identity.deps import CurrentActor, PersonSession

router = APIRouter(tags=["calendar"])


@router.get("/calendar/days", response_model=DaysOut)
async def list_calendar_days(
    session: PersonSession,
    first: Annotated[date, Query(alias="from", description="First day")],
    last: Annotated[date, Query(alias="to", description="Last day, included")],
) -> Any:
    """Days that differ from Monday to Friday."""
    return {"items": await company_calendar.days(session, first, last)}


@router.put("/calendar/days", response_model=DaysOut, responses=problems(409))
async def set_calendar_days(body: DaysIn, session: PersonSession, actor: CurrentActor, now: Now) -> Any:
    """The company's own word on single days."""
    return {"items": await company_calendar.set_days(session, actor, body.items, now)}


@router.post("/calendar/days/withdrawal", response_model=DaysOut, responses=problems(409))
async def withdraw_calendar_days(body: DatesIn, session: PersonSession, actor: CurrentActor, now: Now) -> Any:
    """Takes the company's own word back: the State Council's, or Monday to Friday, counts again."""
    return {"items": await company_calendar.withdraw_days(session, actor, body.dates, now)}


@router.get("/calendar/years", response_model=YearsOut)
async def list_confirmed_years(session: PersonSession) -> Any:
    """Years whose holidays the company has entered itself and confirmed."""
    return {"items": await company_calendar.confirmed_years(session)}


@router.put("/calendar/years/{year}", response_model=YearsOut, responses=problems(409))
async def confirm_calendar_year(
    year: Annotated[int, Path(ge=2000, le=2200)], body: YearIn, session: PersonSession, actor: CurrentActor, now: Now
) -> Any:
    """Says that all holidays of a year are entered, which ends its warning, or takes that back."""
    return {"items": await company_calendar.confirm_year(session, actor, year, now, is_confirmed=body.is_confirmed)}


@router.get("/calendar/windows", response_model=WindowsOut)
async def list_working_windows(session: PersonSession) -> Any:
    """The opening hours in force."""
    return {"items": await company_calendar.windows(session)}


@router.put("/calendar/windows", response_model=WindowsOut, responses=problems(409))
async def set_working_windows(body: WindowsIn, session: PersonSession, actor: CurrentActor, now: Now) -> Any:
    """Replaces the opening hours."""
    return {"items": await company_calendar.set_windows(session, actor, body.items, now)}


@router.get("/calendar/warnings", response_model=WarningsOut)
async def list_calendar_warnings(session: PersonSession, now: Now) -> Any:
    """Years that the calendar will soon need, and has no holidays for."""
    return {"items": await company_calendar.calendar_warnings(session, now)}


@router.get("/ladders", response_model=LaddersOut)
async def list_ladders(session: PersonSession) -> Any:
    """Who is asked after how long, by kind of deadline."""
    bases = {kind: sorted(ladder.bases()) for kind, ladder in DEFAULT_LADDERS.items()}
    return {"items": await ladders.ladders(session), "bases": bases, "recipients": RECIPIENTS, "fixed": sorted(FIXED)}


@router.post("/ladders/{kind}/dry-run")
async def try_ladder(kind: str, body: LadderIn, session: PersonSession, actor: CurrentActor, now: Now) -> LadderTrial:
    """What these rungs would do to the deadlines that run now, before they go live; nothing is stored."""
    return await ladders.try_ladder(session, actor, Ladder(kind=kind, rungs=body.rungs, spares_planned=body.spares_planned), now)


@router.put("/ladders/{kind}", response_model=LadderOut, responses=problems(412, 428))
async def change_ladder(
    kind: str, body: LadderIn, session: PersonSession, actor: CurrentActor, if_match: IfMatch, now: Now, response: Response
) -> Any:
    """New rungs for one kind of deadline."""
    row = await ladders.change_ladder(
        session, actor, Ladder(kind=kind, rungs=body.rungs, spares_planned=body.spares_planned), if_match, now
    )
    set_etag(response, row.version)
    return row


@router.get("/dailies")
async def list_dailies(session: PersonSession) -> DailiesOut:
    """What goes out once on each working day, and when."""
    return DailiesOut(items=await dailies.dailies(session))


@router.put("/dailies/{kind}", responses=problems(412, 428))
async def change_daily(
    kind: DailyKind, body: DailyIn, session: PersonSession, actor: CurrentActor, if_match: IfMatch, now: Now, response: Response
) -> DailyOut:
    """Another time of day, or none at all."""
    row = await dailies.change(session, actor, kind, body, if_match, now)
    set_etag(response, row.version)
    return row
