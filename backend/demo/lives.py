"""Plays the life of one demo lead by the rules of the product, so that every row is one that the product itself would have written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.deadlines.rules import FIRST_CONTACT, UNOWNED, Recipient, Rung, State, due_at
from backend.demo.company import BY_LOGIN
from backend.demo.stories import Change
from backend.demo.world import LOGIN_OF, Row, World, key, person_id, ref, region_id, superiors
from backend.leads import rules
from backend.leads.cards import script_for
from backend.leads.pool_rules import DEFAULT_RULE, Held, is_due, reclaim_at
from backend.leads.rules import Choice, DisqualifyReason, LeadState, ReasonCode

BELL_DAYS = timedelta(days=14)
SWEEP_SECONDS = 4
GIVE_OUT_ANYWHERE = ["admin"]
"""`leads.queries.GIVING_OUT` where there is no region."""
LEVELS = {Recipient.SUPERVISOR: 1, Recipient.SUPERVISOR_OF_SUPERVISOR: 2}


@dataclass
class Life:
    """One lead from receipt to now; every step first lets fire what fell due before it."""

    world: World
    number: int
    lead: dict[str, Any]
    owner: str | None = None
    deadlines: list[dict[str, Any]] = field(default_factory=list)
    told: set[UUID] = field(default_factory=set)
    count: int = 0

    @property
    def id(self) -> UUID:
        return key("lead", self.number)

    @property
    def pending(self) -> list[dict[str, Any]]:
        return [row for row in self.deadlines if row["state"] == State.PENDING.value]

    def receive(self, at: datetime, body: dict[str, Any], by: str | None) -> None:
        self.record("lead.received", at, body, by=by)

    def assign(self, at: datetime, choice: Choice, region: str, latency_ms: int, by: str | None = None) -> None:
        """The first owner, or the pool."""
        self.decide(at, choice, latency_ms, by)
        if choice.person_id is None:
            self.lead |= {"pooled_at": at, "version": 2}
            self.tell(GIVE_OUT_ANYWHERE, "lead.pooled", at, {"reason": choice.reason})
            self.arm(UNOWNED, {"unowned": at}, at)
            return
        self.owner = LOGIN_OF[choice.person_id]
        held = {"owner_id": choice.person_id, "assigned_at": at, "first_assigned_at": at, "state": LeadState.ASSIGNED.value}
        self.lead |= {**held, "region_id": region_id(region), "assign_latency_ms": latency_ms}
        self.lead["version"] += 0 if by else 1
        self.world.desk.spans.append((self.owner, at, None))
        self.record("lead.assigned", at, {"owner": ref(self.owner), "reason": choice.reason, "latency_ms": latency_ms}, by=by)
        self.arm(FIRST_CONTACT, {"assigned": at, "first_assigned": at}, at)
        if by is None:
            self.world.turns[region, self.owner] = at
            due = next((one["due_at"].isoformat() for one in self.pending if one["rung"] == rules.DUE_RUNG), None)
            self.tell([self.owner], "lead.assigned", at, {"reason": choice.reason, "due_at": due} | self.script_with_news())

    def follow_up(self, at: datetime, kind: str, outcome: str, note: str, **more: Any) -> None:
        """Stops the ladder and clears an escalation."""
        self.advance(at)
        self.stop(self.pending, at)
        body = {"note": note, **{name: value for name, value in more.items() if value is not None}}
        self.record(kind, at, body, by=self.owner, outcome=outcome)
        self.lead |= {
            "state": LeadState.FOLLOWING.value,
            "first_follow_up_at": self.lead["first_follow_up_at"] or at,
            "last_follow_up_at": at,
            "last_activity_at": at,
            "escalated_to_id": None,
            "escalation_level": 0,
            "next_step": more.get("next_step"),
            "next_step_at": datetime.fromisoformat(more["next_step_at"]) if more.get("next_step_at") else None,
            "version": self.lead["version"] + 1,
        }

    def change_hands(self, at: datetime, change: Change, note: str) -> None:
        """A superior takes it over or gives it away: 48 h begin again."""
        self.advance(at)
        previous, self.owner = self.owner, change.to
        params = {"person": BY_LOGIN[change.to].name, "by": BY_LOGIN[change.by].name, "note": note}
        self.decide(at, Choice(person_id(change.to), change.code, params), None, change.by)
        kind = "lead.taken_over" if change.code is ReasonCode.TAKEN_OVER else "lead.reassigned"
        self.record(kind, at, {"from": ref(previous) if previous else None, "to": ref(change.to), "reason": note}, by=change.by)
        self.lead |= {"owner_id": person_id(change.to), "assigned_at": at, "state": LeadState.ASSIGNED.value, "escalated_to_id": None}
        self.lead |= {"escalation_level": 0, "next_step": None, "next_step_at": None, "version": self.lead["version"] + 1}
        self.arm(FIRST_CONTACT, rules.ladder_bases(at, self.lead["first_assigned_at"], self.lead["first_follow_up_at"]), at)
        self.release(at)
        self.world.desk.spans.append((change.to, at, None))
        told = {"owner": BY_LOGIN[change.to].name, "reason": change.code.value, "note": note}
        if change.to != change.by:
            self.tell([change.to], "lead.given_to_you", at, told | self.script_with_news())
        self.tell([previous] if previous and previous != change.by else [], "lead.taken_from_you", at, told)

    def close(self, at: datetime) -> None:
        reason = DisqualifyReason.NO_NEED.value
        self.record("lead.disqualified", at, {"reason": reason, "note": ""}, by=LOGIN_OF[self.lead["owner_id"]])
        self.lead |= {"state": LeadState.DISQUALIFIED.value, "disqualified_at": at, "disqualified_reason": reason}
        self.lead |= {"next_step": None, "next_step_at": None, "version": self.lead["version"] + 1}
        self.release(at)

    def convert(self, at: datetime) -> None:
        """As `leads.conversion` makes a new customer of it."""
        customer = key("customer", f"lead/{self.number}")
        body = {"customer": {"id": str(customer), "name": self.lead["company"]}, "is_new": True}
        self.record("lead.converted", at, body, by=LOGIN_OF[self.lead["owner_id"]])
        self.lead |= {"state": LeadState.CONVERTED.value, "customer_id": customer, "escalated_to_id": None, "escalation_level": 0}
        self.lead |= {"last_activity_at": at, "next_step": None, "next_step_at": None, "version": self.lead["version"] + 1}
        self.release(at)

    def return_to_pool(self) -> None:
        """As `leads.pool.reclaim` does it with what nobody has touched for too long."""
        lead = self.lead
        held = Held(LeadState(lead["state"]), lead["assigned_at"], lead["last_activity_at"], is_protected=False)
        at = reclaim_at(held, DEFAULT_RULE)
        if not is_due(at, self.world.now) or at is None or self.owner is None:
            return
        days = DEFAULT_RULE.reclaim_after_days
        params = {"untouched_since": (at - timedelta(days=days)).isoformat(), "days": days}
        lead |= {"former_owner_id": lead["owner_id"], "reclaimed_at": at, "pooled_at": at, "state": LeadState.NEW.value}
        lead |= dict.fromkeys(("owner_id", "assigned_at", "escalated_to_id", "next_step", "next_step_at"))
        lead |= {"escalation_level": 0, "version": lead["version"] + 1}
        self.stop(self.pending, at)
        self.decide(at, Choice(None, ReasonCode.RECLAIMED, params), None, None)
        self.record("lead.reclaimed", at, params)
        self.release(at)
        self.tell([self.owner], "lead.reclaimed", at, {})

    def release(self, at: datetime) -> None:
        """Off the desk of whoever held it last."""
        spans = self.world.desk.spans
        login, since, _ = spans[-1]
        spans[-1] = (login, since, at)

    def arm(self, kind: str, bases: Mapping[str, datetime], at: datetime) -> None:
        """As `deadlines.service.arm` does it."""
        rungs = [rung for rung in self.world.book.ladders[kind].rungs if rung.base in bases]
        base_of = {(kind, rung.key): bases[rung.base] for rung in rungs}
        self.stop([row for row in self.pending if base_of.get((row["kind"], row["rung"]), row["base_at"]) != row["base_at"]], at)
        armed = {(row["kind"], row["rung"], row["base_at"]) for row in self.deadlines}
        for rung in rungs:
            base_at = bases[rung.base]
            if (kind, rung.key, base_at) not in armed:
                due = due_at(rung, base_at, self.world.book.calendar)
                self._add_deadline(kind=kind, rung=rung.key, base_at=base_at, due_at=due)

    def _add_deadline(self, **fields: Any) -> None:
        row = {"id": key("deadline", f"{self.number}/{len(self.deadlines)}"), **fields}
        row |= {"subject_type": rules.SUBJECT, "subject_id": self.id}
        row |= {"state": State.PENDING.value, "fired_at": None, "stopped_at": None}
        self.deadlines.append(row)
        self.world.rows.deadline.append(row)

    def stop(self, rows: list[dict[str, Any]], at: datetime) -> None:
        for row in rows:
            row |= {"state": State.STOPPED.value, "stopped_at": at}

    def advance(self, until: datetime) -> None:
        """Fires what falls due until then, as the sweep would a few seconds later."""
        while due := [row for row in self.pending if row["due_at"] <= until]:
            row = min(due, key=lambda one: one["due_at"])
            at = min(row["due_at"] + timedelta(seconds=SWEEP_SECONDS), until)
            row |= {"state": State.FIRED.value, "fired_at": at}
            self._fire(row, at)

    def script_with_news(self) -> dict[str, Any]:
        """As `leads.first_contact` does it: the rungs that are due at once need not speak again."""
        at_once = {row["id"] for row in self.pending if row["due_at"] <= row["base_at"] and self._asks_owner(row)}
        self.told |= at_once
        return self._script() if at_once else {}

    def _script(self) -> dict[str, Any]:
        assert self.owner is not None  # noqa: S101 - only an owned lead has deadlines
        script = script_for(self.world.scripts, Row(self.lead), BY_LOGIN[self.owner].name)
        return {"script": script.model_dump(mode="json") if script else None}

    def _asks_owner(self, row: dict[str, Any]) -> bool:
        rung = self._rung(row)
        return rung is not None and rung.who is Recipient.OWNER

    def _rung(self, row: dict[str, Any]) -> Rung | None:
        return self.world.book.ladders[row["kind"]].rung(row["rung"])

    def _fire(self, row: dict[str, Any], at: datetime) -> None:
        rung = self._rung(row)
        if rung is not None and row["kind"] == UNOWNED:
            self._ask_for_owner(rung, at)
        if rung is None or self.owner is None:
            return
        if rung.who is Recipient.OWNER:
            self.tell([self.owner] if row["id"] not in self.told else [], "lead.script", at, self._script())
        elif self.lead["escalation_level"] < LEVELS[rung.who]:
            self._escalate(LEVELS[rung.who], at)

    def _ask_for_owner(self, rung: Rung, at: datetime) -> None:
        """As `leads.unowned.climb` does it; a lead of no region is given out by whoever sees the whole company."""
        hours = rules.hours_without_owner(self.lead["received_at"], at)
        self.tell(GIVE_OUT_ANYWHERE, "lead.unowned", at, {"hours": hours}, is_urgent=rung.is_urgent)
        self.arm(UNOWNED, {"last_asked": at}, at)

    def _escalate(self, level: int, at: datetime) -> None:
        assert self.owner is not None  # noqa: S101 - only an owned lead has deadlines
        target = superiors(self.owner)[level - 1]
        self.lead |= {"escalated_to_id": person_id(target), "escalation_level": level, "version": self.lead["version"] + 1}
        self.record("lead.escalated", at, {"level": level, "to": ref(target), "owner": ref(self.owner)})
        params = {"level": level, "owner": BY_LOGIN[self.owner].name, "to": BY_LOGIN[target].name}
        params["assigned_at"] = self.lead["assigned_at"].isoformat()
        self.tell([target], "lead.escalated", at, params, is_urgent=True)
        self.tell([self.owner], "lead.escalation_notice", at, params)

    def decide(self, at: datetime, choice: Choice, latency_ms: int | None, by: str | None) -> None:
        self.count += 1
        row: dict[str, Any] = {"id": key("assignment", f"{self.number}/{self.count}"), "lead_id": self.id, "person_id": choice.person_id}
        row |= {"region_id": self.lead["region_id"], "reason": choice.reason, "assigned_at": at, "latency_ms": latency_ms}
        self.world.rows.lead_assignment.append(row | {"assigned_by": person_id(by) if by else None})

    def record(self, kind: str, at: datetime, body: dict[str, Any], *, by: str | None = None, outcome: str | None = None) -> None:
        self.count += 1
        row = {"id": key("entry", f"{self.number}/{self.count}"), "subject_type": rules.SUBJECT, "subject_id": self.id, "kind": kind}
        row |= {"at": at, "recorded_at": at, "actor_id": person_id(by) if by else None, "outcome": outcome, "body": body}
        self.world.rows.timeline_entry.append(row)

    def tell(self, logins: list[str], kind: str, at: datetime, params: dict[str, Any], *, is_urgent: bool = False) -> None:
        """A bell entry of the last two weeks; `params` get the lead's snapshot once its number is known."""
        for login in logins if at > self.world.now - BELL_DAYS else []:
            self.count += 1
            row = {"id": key("bell", f"{self.number}/{self.count}"), "person_id": person_id(login), "kind": kind, "params": params}
            row |= {"subject_type": rules.SUBJECT, "subject_id": self.id, "is_urgent": is_urgent, "created_at": at, "read_at": None}
            self.world.rows.notification.append(row)
