"""What the lives of the demo leads are played in: people, regions, rules, and the rows that come of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID, uuid5

from backend.deadlines.rulebook import Rulebook
from backend.demo.company import BY_LOGIN, SELLERS, TERRITORIES, Colleague
from backend.leads import rules
from backend.leads.rules import Candidate, Choice, ReasonCode
from backend.leads.scripts import Script

DEMO = UUID("c4e9a1d2-7f35-5b68-9a0e-2d1c6f84b7e3")


def key(kind: str, name: object) -> UUID:
    """The same id at every run."""
    return uuid5(DEMO, f"{kind}/{name}")


def person_id(login: str) -> UUID:
    return key("person", login)


def region_id(code: str) -> UUID:
    return key("region", code)


def ref(login: str) -> dict[str, str]:
    """A person as timelines name people."""
    return {"id": str(person_id(login)), "name": BY_LOGIN[login].name}


REGION_NAMES = {territory.code: territory.name for territory in TERRITORIES}


class Row(dict[str, Any]):
    """A row that is not stored yet, by attribute, as the functions that read stored rows expect."""

    __getattr__ = dict.__getitem__


@dataclass(frozen=True)
class Absence:
    login: str
    starts_at: datetime
    ends_at: datetime


@dataclass
class Desk:
    """Leads that somebody holds, from when until when."""

    spans: list[tuple[str, datetime, datetime | None]] = field(default_factory=list)

    def open_leads(self, login: str, at: datetime) -> int:
        return sum(1 for owner, since, until in self.spans if owner == login and since <= at and (until is None or until > at))


@dataclass
class Rows:
    """What goes into the tables, in the order of their foreign keys."""

    lead: list[dict[str, Any]] = field(default_factory=list)
    lead_assignment: list[dict[str, Any]] = field(default_factory=list)
    timeline_entry: list[dict[str, Any]] = field(default_factory=list)
    deadline: list[dict[str, Any]] = field(default_factory=list)
    notification: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class World:
    now: datetime
    book: Rulebook
    scripts: Sequence[Script]
    absences: Sequence[Absence]
    dice: Random
    form: tuple[UUID, str]
    names: set[str] = field(default_factory=set)
    rows: Rows = field(default_factory=Rows)
    desk: Desk = field(default_factory=Desk)
    turns: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def choose(self, region: str, lead: Mapping[str, Any], at: datetime) -> Choice:
        """The rule of the product on the desks of that moment."""
        if not region:
            return Choice(None, ReasonCode.POOL_NO_REGION, {"province": lead["province"], "city": lead["city"]})
        skills = {"product_line": lead["product_line"], "language": lead["language"]}
        found = rules.choose_assignee(self._candidates(region, at), **skills)
        if found is None:
            raise RuntimeError(f"the demo has nobody at work in {region} at {at}")
        return Choice(found.person_id, found.code, {**found.params, "region": REGION_NAMES[region]})

    def _candidates(self, region: str, at: datetime) -> Iterator[Candidate]:
        away = {one.login for one in self.absences if one.starts_at <= at < one.ends_at}
        for seller in SELLERS:
            if seller.region == region:
                yield self._candidate(seller, region, at, is_present=seller.login not in away)

    def _candidate(self, seller: Colleague, region: str, at: datetime, *, is_present: bool) -> Candidate:
        load, turn = self.desk.open_leads(seller.login, at), self.turns.get((region, seller.login))
        skills = frozenset(seller.product_lines), frozenset(seller.languages)
        return Candidate(person_id(seller.login), seller.name, load, turn, is_present, *skills)


def superiors(login: str) -> list[str]:
    """From the direct superior up."""
    found = []
    above = BY_LOGIN[login].supervisor
    while above is not None:
        found.append(above)
        above = BY_LOGIN[above].supervisor
    return found


LOGIN_OF = {person_id(login): login for login in BY_LOGIN}
