"""LEAD-3: from the start of the POST to the event on the owner's open screens."""

from collections import Counter
from typing import Any

from bench.figures import milliseconds, percentile, show
from bench.load import Seen
from bench.machine import generate
from tests.simulators.company import Company, sign_in
from tests.simulators.installation import Installation

STREAMS, RATE, SECONDS, WARM_UP = 200, 50, 60, 50
LIMIT = {"p50_ms": 150, "p99_ms": 1000, "lost": 0, "doubled": 0}
OWNERS = """
select l.id::text as lead, l.owner_id::text as owner,
    (select count(*) from lead_assignment a where a.lead_id = l.id) as assignments,
    (select count(*) from notification n where n.subject_id = l.id and n.kind = 'lead.assigned') as notifications
from lead l
"""


async def run(installation: Installation, company: Company, scale: float) -> bool:
    """200 devices listen, 50 leads a second come in."""
    people = [person for _ in range(STREAMS) for person in company.everybody][:STREAMS]
    tokens = await sign_in(installation, people)
    count = max(RATE, round(RATE * SECONDS * scale)) + WARM_UP
    seen = generate(installation, streams=tokens, rate=RATE, count=count)
    owners = {row["lead"]: row for row in await installation.rows(OWNERS)}
    listeners: dict[str, list[int]] = {}
    for index, person in enumerate(people):
        listeners.setdefault(str(person), []).append(index)
    return _report(seen, owners, listeners, count)


def _report(seen: Seen, owners: dict[str, dict[str, Any]], listeners: dict[str, list[int]], count: int) -> bool:
    """A lead counts as arrived when all devices of its owner have it; every device of anybody else must not."""
    arrivals: dict[str, Counter[int]] = {}
    moments: dict[str, float] = {}
    for index, lead, at in seen.arrivals:
        arrivals.setdefault(lead, Counter())[index] += 1
        moments[lead] = max(at, moments.get(lead, at))
    lost = doubled = 0
    latencies = []
    for number, (lead, sent, _) in enumerate(sorted(seen.posts, key=lambda post: post[1])):
        row, got = owners[lead], arrivals.get(lead, Counter())
        wanted = listeners.get(row["owner"], [])
        is_whole = bool(wanted) and all(got[index] for index in wanted) and row["notifications"] >= 1
        lost += not is_whole
        doubled += got.total() > len(set(got) & set(wanted)) or row["assignments"] > 1 or row["notifications"] > 1
        if is_whole and number >= WARM_UP:
            latencies.append(moments[lead] - sent)
    latencies.sort()
    answers = sorted(answered - sent for _, sent, answered in seen.posts)
    p50, p99 = (milliseconds(percentile(latencies, share)) for share in (0.5, 0.99))
    unanswered = count - len(seen.posts)
    return show(
        "lead_to_rep",
        p50_ms=p50,
        p99_ms=p99,
        max_ms=milliseconds(percentile(latencies, 1)),
        answer_p50_ms=milliseconds(percentile(answers, 0.5)),
        answer_p99_ms=milliseconds(percentile(answers, 0.99)),
        sent=count,
        measured=len(latencies),
        unanswered=unanswered,
        streams=sum(map(len, listeners.values())),
        streams_lost=seen.streams_lost,
        lost=lost,
        doubled=doubled,
        limit=LIMIT,
        ratio=round(p99 / LIMIT["p99_ms"], 3),
        **{"pass": p50 < LIMIT["p50_ms"] and p99 < LIMIT["p99_ms"] and not (lost or doubled or unanswered or seen.streams_lost)},
    )
