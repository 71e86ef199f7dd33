"""Sends to DingTalk group robots; one client a process."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

import httpx

from backend.core.clock import real_now
from backend.integrations.answers import Answer, Outcome
from backend.integrations.dingtalk import wire

TIMEOUT = httpx.Timeout(10, connect=5)
WHOLE_CALL_SECONDS = 20
CREDENTIALS = re.compile(r"((?:access_token|sign)=)[^&\s\"']+")


class HideCredentials(logging.Filter):
    """The URL of a robot is its credential, and httpx logs URLs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = CREDENTIALS.sub(r"\1***", record.getMessage()), None
        return True


logging.getLogger("httpx").addFilter(HideCredentials())


@dataclass(frozen=True)
class Robot:
    """A robot of one group; `secret` is set when it demands signatures."""

    access_token: str = field(repr=False)
    secret: str | None = field(repr=False)


class RobotClient:
    """Posts messages; every failure comes back as an answer, never as an exception."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, clock: Callable[[], datetime] = real_now) -> None:
        self._http = http
        self._base_url = base_url
        self._clock = clock

    async def send(self, robot: Robot, body: wire.Body) -> Answer:
        """One message; after a time-out nobody knows whether it arrived, so a repetition may show twice."""
        url = wire.robot_url(self._base_url, robot.access_token, robot.secret, int(self._clock().timestamp() * 1000))
        try:
            async with asyncio.timeout(WHOLE_CALL_SECONDS):
                response = await self._http.post(url, content=wire.encode(body), headers={"Content-Type": wire.CONTENT_TYPE})
        except (httpx.HTTPError, TimeoutError) as error:
            return Answer(Outcome.RETRY, None, f"no answer: {type(error).__name__}")
        answer = wire.classify(response.status_code, response.content)
        return replace(answer, message=_without(answer.message, robot))


def _without(message: str, robot: Robot) -> str:
    """A vendor may echo what it was sent."""
    for secret in (robot.access_token, robot.secret):
        if secret:
            message = message.replace(secret, "***")
    return message


@asynccontextmanager
async def open_robots(base_url: str) -> AsyncIterator[RobotClient]:
    """`trust_env` is off: a proxy or a .netrc left in the environment must not receive the token."""
    async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as http:
        yield RobotClient(http, base_url)
