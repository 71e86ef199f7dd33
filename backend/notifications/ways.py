"""The ways out of the house that a sender holds open: robots, and a mail server where there is one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from backend.core.config import Settings
from backend.integrations.answers import Answer, Outcome
from backend.integrations.dingtalk.client import Robot, RobotClient, open_robots
from backend.integrations.dingtalk.wire import Body
from backend.integrations.smtp.client import MailClient
from backend.integrations.smtp.settings import mail_server
from backend.integrations.smtp.wire import Letter


@dataclass(frozen=True)
class RobotMessage:
    """What a robot is to say."""

    robot: Robot
    body: Body


Parcel = RobotMessage | Letter


@dataclass(frozen=True)
class Ways:
    """Each parcel goes its own way; every failure is an answer."""

    robots: RobotClient
    mail: MailClient | None = None

    async def send(self, parcel: Parcel) -> Answer:
        if isinstance(parcel, RobotMessage):
            return await self.robots.send(parcel.robot, parcel.body)
        if self.mail is None:
            return Answer(Outcome.RETRY, None, "no mail server is set (CHENGDAN_SMTP_HOST)")
        return (await self.mail.send(parcel)).answer


@asynccontextmanager
async def open_ways(settings: Settings) -> AsyncIterator[Ways]:
    server = mail_server(settings)
    async with open_robots(settings.dingtalk_base_url) as robots:
        yield Ways(robots, MailClient(server) if server else None)
