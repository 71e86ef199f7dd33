"""The State Council's holidays and adjusted workdays, from the package that carries them."""

from datetime import date
from typing import NamedTuple

from chinese_calendar import constants

FIRST_YEAR = 2025
NAMES = {holiday.value: holiday.chinese for holiday in constants.Holiday}


class StatutoryDay(NamedTuple):
    """A day off, or a weekend day worked in exchange (调休)."""

    day: date
    is_workday: bool
    name: str


def statutory_days() -> list[StatutoryDay]:
    """All exceptional days of the years that the installed package knows, from 2025 on."""
    found = [StatutoryDay(day, False, NAMES[name]) for day, name in constants.holidays.items()]
    found += [StatutoryDay(day, True, f"{NAMES[name]}调休上班") for day, name in constants.workdays.items()]
    return sorted(entry for entry in found if entry.day.year >= FIRST_YEAR)
