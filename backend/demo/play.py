"""From stories to rows: who asks, who answers, what is said."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from backend.demo import texts
from backend.demo.company import BY_LOGIN, SELLERS, mobile
from backend.demo.lives import Life
from backend.demo.stories import DAY, HOUR, Story, daytime, stories
from backend.demo.world import Rows, World, key, person_id, ref, region_id
from backend.duplicates.keys import company_key, phone_key
from backend.leads.finding import search_columns
from backend.leads.rules import Choice, LeadState, ReasonCode

FIRST_OUTCOMES = ("interested",) * 6 + ("reached",) * 5 + ("no_answer",) * 2 + ("callback",) * 2
LATER_KINDS = ("call",) * 4 + ("visit",) * 3 + ("message",) * 2 + ("meeting", "email")
DURATIONS = {"call": (3, 28), "visit": (60, 180), "meeting": (30, 90)}
CLOSED_BECAUSE = ("not_interested", "not_interested", "wrong_number")
MADE_BY = {"exhibition": "linyue", "partner": "linyue"}


def play(world: World) -> Rows:
    """All leads, oldest first, each to the end before the next one begins."""
    for number, story in enumerate(stories(world.now, world.dice), 1):
        life = Life(world, number, _lead(world, number, story))
        _receive(life, story)
        if life.owner is not None:
            _live_on(life, story)
        life.advance(world.now)
        life.return_to_pool()
        world.rows.lead.append(life.lead)
    _read_bells(world)
    return world.rows


def _lead(world: World, number: int, story: Story) -> dict[str, Any]:
    dice = world.dice
    province, city = dice.choice(texts.PLACES[story.region])
    company = _company(world, city, story.product_line)
    contact = f"{dice.choice(texts.SURNAMES)}{dice.choice(texts.GIVEN)}"
    phone = mobile(10_000_000 + number * 7919 % 89_999_999) if number % 17 else None
    low, high = texts.AMOUNTS[story.product_line]
    amount = Decimal(round(dice.uniform(low, high), -3)).quantize(Decimal("0.01")) if dice.random() < 0.7 else None
    form_id, form_name = world.form if story.source == "website" else (None, None)
    contact_name = f"{contact}（{dice.choice(texts.TITLES)}）" if dice.random() < 0.35 else contact
    return {
        **search_columns(company, contact_name, phone, phone_key(phone)),
        **dict.fromkeys(
            (
                "pooled_at",
                "assigned_at",
                "first_assigned_at",
                "first_follow_up_at",
                "last_follow_up_at",
                "next_step",
                "next_step_at",
                "customer_id",
            )
        ),
        **dict.fromkeys(("owner_id", "backup_owner_id", "escalated_to_id", "assign_latency_ms", "created_by", "submission_id")),
        "id": key("lead", number),
        "company": company,
        "company_key": company_key(company),
        "contact_name": contact_name,
        "phone": phone,
        "phone_key": phone_key(phone),
        "disqualified_at": None,
        "disqualified_reason": None,
        "reclaimed_at": None,
        "former_owner_id": None,
        "email": f"buyer{number}@customer-{number % 50}.example" if dice.random() < 0.5 or phone is None else None,
        "wechat": f"wx_{number:04}" if dice.random() < 0.3 else None,
        "province": province,
        "city": city,
        "region_id": region_id(story.region) if story.region else None,
        "source": story.source,
        "form_id": form_id,
        "form_name": form_name,
        "campaign": dice.choice(texts.CAMPAIGNS[story.source]),
        "product_line": story.product_line,
        "language": story.language,
        "need": dice.choice(texts.NEEDS[story.product_line]),
        "expected_amount": amount,
        "currency": "CNY",
        "custom": {"年用量": f"{dice.choice((5, 10, 20, 50, 80))} 万件"} if story.source == "website" and dice.random() < 0.4 else {},
        "is_test": False,
        "state": LeadState.NEW.value,
        "escalation_level": 0,
        "received_at": story.received_at,
        "last_activity_at": story.received_at,
        "version": 1,
    }


def _company(world: World, city: str, product_line: str) -> str:
    """A name that no other lead has."""
    while True:
        dice = world.dice
        name = f"{city}{dice.choice(texts.BRANDS)}{dice.choice(texts.TRADES[product_line])}{dice.choice(texts.FORMS)}"
        if name not in world.names:
            world.names.add(name)
            return name


def _receive(life: Life, story: Story) -> None:
    """By the form, by marketing, or by a rep who keeps it."""
    at, world = story.received_at, life.world
    maker = story.kept_by or MADE_BY.get(story.source)
    if maker is None and story.source != "website":
        maker = next(one.login for one in SELLERS if one.region == story.region) if story.region else "linyue"
    if maker:
        life.lead["created_by"] = person_id(maker)
        life.receive(at, {"source": story.source, "entered_by": ref(maker)}, maker)
    else:
        form_id, form_name = world.form
        life.lead["submission_id"] = key("submission", life.number)
        life.receive(at, {"form": {"id": str(form_id), "name": form_name}, "source": story.source}, None)
    if story.kept_by:
        reason = Choice(person_id(story.kept_by), ReasonCode.OWNER_CREATES, {"person": BY_LOGIN[story.kept_by].name})
        life.assign(at, reason, story.region, 0, by=story.kept_by)
        return
    latency_ms = world.dice.choice((80, 110, 140, 190, 260, 420, 900)) + world.dice.randrange(40)
    assigned_at = at + timedelta(milliseconds=latency_ms)
    choice = world.choose(story.region, life.lead, assigned_at)
    life.assign(assigned_at, choice, story.region, latency_ms)


def _live_on(life: Life, story: Story) -> None:
    start = life.lead["assigned_at"]
    if story.change is not None:
        note = texts.TAKE_OVER_NOTE if story.change.code is ReasonCode.TAKEN_OVER else texts.REASSIGN_NOTE
        life.change_hands(start + story.change.after, story.change, note)
    if story.contact_after is None:
        return
    moments = _moments(life.world, start + story.contact_after, story)
    for place, at in enumerate(moments):
        _contact(life, story, at, is_first=place == 0, is_last=at == moments[-1])
    if story.is_won_over:
        life.convert(moments[-1])
    elif story.is_closed:
        life.close(moments[-1])


def _moments(world: World, first: datetime, story: Story) -> list[datetime]:
    """The first contact and later ones, spread until some days ago; all in the past, in order, by day."""
    newest = world.now - timedelta(minutes=world.dice.uniform(5, 40))
    start = first if story.change else daytime(first, world.dice)
    end = min(newest, start + 40 * DAY) - (0 if story.is_closed else 1) * world.dice.uniform(0, 4) * DAY
    found = [min(start, newest)]
    for step in range(1, story.later + 1):
        at = daytime(start + (end - start) * step / story.later, world.dice)
        if found[-1] + HOUR < at < newest:
            found.append(at)
    return found


def _contact(life: Life, story: Story, at: datetime, *, is_first: bool, is_last: bool) -> None:
    dice = life.world.dice
    if is_first or (is_last and story.is_closed):
        kind = "call"
        outcome = dice.choice(CLOSED_BECAUSE if is_last and story.is_closed else FIRST_OUTCOMES)
        note = dice.choice(texts.FIRST_NOTES[outcome])
    else:
        kind = dice.choice(LATER_KINDS)
        outcome, note = dice.choice(texts.LATER_NOTES[kind])
    more: dict[str, Any] = {}
    if is_last and story.is_won_over:
        outcome, note = "interested", texts.WON_OVER_NOTE
    elif kind in DURATIONS and outcome in {"reached", "interested"}:
        more["duration_minutes"] = dice.randint(*DURATIONS[kind])
    if is_last and story.next_step_in is not None and not story.is_closed:
        more |= {
            "next_step": dice.choice(texts.NEXT_STEPS),
            "next_step_at": _appointment(life.world.now, story.next_step_in, dice).isoformat(),
        }
    life.follow_up(at, kind, outcome, note, **more)


def _appointment(now: datetime, step: timedelta, dice: Random) -> datetime:
    """For coming days at a whole hour by day; one of today stays where the story wants it."""
    if step < DAY:
        return (now + step).replace(second=0, microsecond=0)
    return daytime(now + step, dice).replace(minute=0, second=0, microsecond=0)


def _read_bells(world: World) -> None:
    """What is older than a day, or was acted upon, has been read; what still waits has not."""
    leads = {lead["id"]: lead for lead in world.rows.lead}
    for row in world.rows.notification:
        lead = leads[row["subject_id"]]
        waits = lead["state"] in {LeadState.ASSIGNED.value, LeadState.NEW.value}
        is_fresh = row["created_at"] > world.now - DAY
        if not (waits and (is_fresh or row["kind"] == "lead.escalated")):
            row["read_at"] = min(row["created_at"] + timedelta(minutes=world.dice.uniform(1, 50)), world.now)
