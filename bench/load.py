"""The load generator, a process of its own: reads its orders as JSON from stdin, writes what it saw to stdout."""

import asyncio
import json
import sys
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from bench.wire import Poster, Stream

POSTS_AT_ONCE = 64
SETTLE_SECONDS = 20.0


@dataclass
class Orders:
    """What to send where; `streams` are access tokens, each a device that listens."""

    host: str
    port: int
    form: str
    secret: str
    bodies: list[dict[str, Any]]
    streams: list[str] = field(default_factory=list)
    rate: float = 0
    count: int = 0
    seconds: float = 0
    concurrency: int = 0


@dataclass
class Seen:
    """Posts as (lead, sent, answered), arrivals as (stream, lead, moment), statuses by number; seconds of one clock."""

    posts: list[tuple[str, float, float]] = field(default_factory=list)
    arrivals: list[tuple[int, str, float]] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    streams_lost: int = 0
    seconds: float = 0


class Load:
    def __init__(self, orders: Orders) -> None:
        self.orders, self.seen = orders, Seen()
        self.webhook = Webhook(orders.secret)
        self.number = 0

    def message(self) -> tuple[dict[str, str], bytes]:
        """The next submission, signed as a website signs it."""
        now, message_id = datetime.now(UTC), f"msg_{uuid.uuid4().hex}"
        body = json.dumps(
            self.orders.bodies[self.number % len(self.orders.bodies)]
            | {"company": f"压测精密制造{self.number}有限公司", "phone": f"139{self.number:08}"},
            ensure_ascii=False,
        )
        self.number += 1
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self.webhook.sign(message_id, now, body),
        }
        return headers, body.encode()

    async def post(self, poster: Poster) -> None:
        headers, body = self.message()
        sent = time.perf_counter()
        status, answer = await poster.request("POST", f"/api/v1/inbound/forms/{self.orders.form}", headers, body)
        answered = time.perf_counter()
        self.seen.statuses[status] = self.seen.statuses.get(status, 0) + 1
        if status == 202:
            self.seen.posts.append((json.loads(answer)["lead_id"], sent, answered))

    async def at_rate(self) -> None:
        """`count` posts, each at its moment whether or not the ones before it were answered; then until all have arrived."""
        orders = self.orders
        streams = await self._open_streams()
        idle = deque([await Poster.open(orders.host, orders.port) for _ in range(POSTS_AT_ONCE)])
        start = time.perf_counter()
        running: set[asyncio.Task[None]] = set()
        for number in range(orders.count):
            await asyncio.sleep(max(0.0, start + number / orders.rate - time.perf_counter()))
            while not idle:
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            task = asyncio.create_task(self._post_with(idle))
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)
        await self._settle()
        self.seen.streams_lost = sum(stream.is_lost for stream in streams)

    async def _post_with(self, idle: deque[Poster]) -> None:
        poster = idle.popleft()
        await self.post(poster)
        idle.append(poster)

    async def _open_streams(self) -> list[Stream]:
        def listen(index: int) -> Any:
            def arrived(kind: str, data: dict[str, Any], at: float) -> None:
                if kind == "lead.assigned":
                    self.seen.arrivals.append((index, data["id"], at))

            return arrived

        orders = self.orders
        return [
            await Stream.open(orders.host, orders.port, "/api/v1/live", token, listen(index)) for index, token in enumerate(orders.streams)
        ]

    async def _settle(self) -> None:
        """Until every lead has arrived somewhere and nothing more comes for a second."""
        wanted = {lead for lead, _, _ in self.seen.posts}
        for _ in range(round(SETTLE_SECONDS * 10)):
            if wanted <= {lead for _, lead, _ in self.seen.arrivals}:
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)

    async def at_full_speed(self) -> None:
        """`concurrency` connections that each post again as soon as they are answered."""
        orders = self.orders
        posters = [await Poster.open(orders.host, orders.port) for _ in range(orders.concurrency)]
        start = time.perf_counter()

        async def work(poster: Poster) -> None:
            while time.perf_counter() - start < orders.seconds:
                await self.post(poster)

        await asyncio.gather(*(work(poster) for poster in posters))
        self.seen.seconds = time.perf_counter() - start


async def main() -> None:
    load = Load(Orders(**json.load(sys.stdin)))
    await (load.at_full_speed() if load.orders.concurrency else load.at_rate())
    json.dump(vars(load.seen), sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())
