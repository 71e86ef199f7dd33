"""A local server that speaks DingTalk's group-robot protocol, with faults on demand."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from backend.core.clock import real_now

KINDS = {"text": "content", "markdown": "text", "actionCard": "text", "link": "text", "feedCard": "links"}
FLOOD = {"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": "0f1e2d3c"}
BLOCK_SECONDS = 600
MAX_BYTES = 20_000


@dataclass
class Robot:
    """What the vendor's console holds for one robot."""

    access_token: str
    secret: str | None = None
    keywords: tuple[str, ...] = ()
    is_stopped: bool = False
    sent_at: deque[float] = field(default_factory=deque)
    blocked_until: float = 0.0


@dataclass(frozen=True)
class Call:
    """One request as it came in, and the answer it got (None: the connection was dropped)."""

    at: float
    access_token: str
    body: dict[str, Any]
    answer: Any

    @property
    def text(self) -> str:
        kind = self.body.get("msgtype", "")
        return str(self.body.get(kind, {}).get(KINDS.get(kind, ""), ""))

    @property
    def is_shown(self) -> bool:
        return isinstance(self.answer, dict) and self.answer.get("errcode") == 0


CANNED: dict[Any, Any] = {
    "refuse": None,
    "bad_json": b"<html>502 Bad Gateway</html>",
    "flood": FLOOD,
    "throttle": {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"},
    "expire": {"errcode": 300005, "errmsg": "token is not exist"},
}


class DingTalk:
    """Robots by token; `faults` are used up one a call, before anything is checked unless they say otherwise."""

    def __init__(self, clock: Callable[[], datetime] = real_now, *, blocks: bool = True) -> None:
        self.clock = clock
        self.blocks = blocks
        self.robots: dict[str, Robot] = {}
        self.calls: list[Call] = []
        self.faults: deque[str | dict[str, Any]] = deque()
        self.always: str | dict[str, Any] | None = None
        self.slow_gate = asyncio.Event()
        self.waiting = 0
        self.url = ""
        self.arrived = asyncio.Condition()

    def add_robot(self, access_token: str, **options: Any) -> Robot:
        self.robots[access_token] = Robot(access_token, **options)
        return self.robots[access_token]

    @property
    def shown(self) -> list[str]:
        """The texts that members of the groups can read."""
        return [call.text for call in self.calls if call.is_shown or call.answer == "shown, then dropped"]

    async def wait_for_calls(self, count: int, seconds: float = 10) -> None:
        async with asyncio.timeout(seconds), self.arrived:
            await self.arrived.wait_for(lambda: len(self.calls) >= count)

    async def wait_for_held(self, count: int = 1, seconds: float = 10) -> None:
        """Until so many calls are held by the fault `slow`."""
        async with asyncio.timeout(seconds), self.arrived:
            await self.arrived.wait_for(lambda: self.waiting >= count)

    async def answer(self, method: str, target: str, content_type: str, raw: bytes) -> tuple[Any, bool]:
        """The JSON to answer with (or raw bytes) and whether to drop the connection instead."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        token = query.get("access_token", "")
        fault = self.faults.popleft() if self.faults else self.always
        answer, drop = await self._faulty(fault, method, target, content_type, raw, query)
        try:
            body = json.loads(raw)
        except ValueError:
            body = {}
        note: Any = answer
        if drop:
            note = "shown, then dropped" if isinstance(answer, dict) and answer.get("errcode") == 0 else None
        async with self.arrived:
            self.calls.append(Call(self.clock().timestamp(), token, body if isinstance(body, dict) else {}, note))
            self.arrived.notify_all()
        return answer, drop

    async def _faulty(self, fault: Any, method: str, target: str, content_type: str, raw: bytes, query: dict[str, str]) -> tuple[Any, bool]:
        if isinstance(fault, dict):
            return fault, False
        if fault in CANNED:
            return CANNED[fault], fault == "refuse"
        if fault == "slow":
            async with self.arrived:
                self.waiting += 1
                self.arrived.notify_all()
            await self.slow_gate.wait()
        return self.check(method, urlsplit(target).path, content_type, raw, query), fault == "drop"

    def check(self, method: str, path: str, content_type: str, raw: bytes, query: dict[str, str]) -> dict[str, Any]:  # noqa: PLR0911
        """The vendor's checks, in the vendor's order as far as it is known."""
        if path != "/robot/send":
            return error(404, "请求的URI地址不存在")
        if method != "POST":
            return error(43002, "http method must be POST")
        if content_type.partition(";")[0].strip().lower() != "application/json":
            return error(43004, "content-type must be application/json")
        if not query.get("access_token"):
            return error(400101, "access_token is missing")
        robot = self.robots.get(query["access_token"])
        if robot is None:
            return error(300005, "token is not exist")
        if robot.is_stopped:
            return error(400102, "robot is stopped")
        return self._check_message(robot, raw, query)

    def _check_message(self, robot: Robot, raw: bytes, query: dict[str, str]) -> dict[str, Any]:  # noqa: PLR0911
        now = self.clock().timestamp()
        if robot.secret and not self._is_signed(robot.secret, query, now):
            return error(310000, "sign not match, more: [https://open.dingtalk.com]")
        if len(raw) > MAX_BYTES:
            return error(460101, "message too long, exceed 20000 bytes")
        try:
            body = json.loads(raw)
            kind = body["msgtype"]
        except (ValueError, KeyError, TypeError):
            return error(40035, "缺少参数 json")
        if kind not in KINDS:
            return error(400105, "unsupported msgtype")
        content = body.get(kind, {}).get(KINDS[kind])
        if not content or (kind == "markdown" and not body[kind].get("title")):
            return error(40035, f"缺少参数 {KINDS[kind]}")
        if robot.keywords and not any(word in json.dumps(body[kind], ensure_ascii=False) for word in robot.keywords):
            return error(310000, "keywords not in content")
        return self._count(robot, now)

    def _count(self, robot: Robot, now: float) -> dict[str, Any]:
        while robot.sent_at and robot.sent_at[0] <= now - 60:
            robot.sent_at.popleft()
        if now < robot.blocked_until or len(robot.sent_at) >= 20:
            if self.blocks and now >= robot.blocked_until:
                robot.blocked_until = now + BLOCK_SECONDS
            return error(130101, "send too fast, exceed 20 times per minute")
        robot.sent_at.append(now)
        return error(0, "ok")

    @staticmethod
    def _is_signed(secret: str, query: dict[str, str], now: float) -> bool:
        stamp = query.get("timestamp", "")
        if not stamp.isdigit() or abs(now - int(stamp) / 1000) > 3600:
            return False
        wanted = base64.b64encode(hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()).decode()
        return hmac.compare_digest(wanted.encode(), query.get("sign", "").encode())


def error(code: int, message: str) -> dict[str, Any]:
    return {"errcode": code, "errmsg": message}


async def _serve(dingtalk: DingTalk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            request, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
            method, target, _ = request.split(" ", 2)
            raw = await reader.readexactly(int(headers.get("content-length", "0")))
            answer, drop = await dingtalk.answer(method, target, headers.get("content-type", ""), raw)
            if drop:
                break
            content = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
            head_out = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
            writer.write(head_out.encode() + content)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        writer.close()


@asynccontextmanager
async def running_dingtalk(clock: Callable[[], datetime] = real_now, *, blocks: bool = True, port: int = 0) -> AsyncIterator[DingTalk]:
    """A simulator on this or a free port of the loopback interface; its base URL is `dingtalk.url`."""
    dingtalk = DingTalk(clock, blocks=blocks)
    open_connections: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        open_connections.add(task)
        with suppress(asyncio.CancelledError):
            await _serve(dingtalk, reader, writer)
        open_connections.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    dingtalk.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield dingtalk
    finally:
        server.close()
        tasks = list(open_connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def serving_dingtalk(port: int) -> Iterator[DingTalk]:
    """The same in a thread of its own, for tests that wait in other ways."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    running = running_dingtalk(port=port)
    try:
        yield asyncio.run_coroutine_threadsafe(running.__aenter__(), loop).result(10)
    finally:
        asyncio.run_coroutine_threadsafe(running.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
