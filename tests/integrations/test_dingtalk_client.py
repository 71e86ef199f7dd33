"""The client against the local robot server: each check of the vendor, each fault."""

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from backend.integrations.answers import Outcome
from backend.integrations.dingtalk import wire
from backend.integrations.dingtalk.client import Robot, RobotClient, open_robots
from tests.simulators.dingtalk import FLOOD, DingTalk, running_dingtalk

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
TOKEN, SECRET = "token+/=of the robot", "SEC0123456789abcdef"
ROBOT = Robot(TOKEN, SECRET)
HELLO = wire.text_body("成单 你好")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def clock() -> Clock:
    return Clock()


@pytest.fixture
async def dingtalk(clock: Clock) -> AsyncIterator[DingTalk]:
    async with running_dingtalk(clock) as server:
        server.add_robot(TOKEN, secret=SECRET)
        yield server


@pytest.fixture
async def robots(dingtalk: DingTalk, clock: Clock) -> AsyncIterator[RobotClient]:
    async with httpx.AsyncClient(trust_env=False) as http:
        yield RobotClient(http, dingtalk.url, clock)


async def test_a_signed_message_arrives(dingtalk: DingTalk, robots: RobotClient) -> None:
    assert (await robots.send(ROBOT, HELLO)).outcome is Outcome.OK
    assert dingtalk.shown == ["成单 你好"]
    assert dingtalk.calls[0].access_token == TOKEN


async def test_a_wrong_secret_is_a_configuration_error(dingtalk: DingTalk, robots: RobotClient) -> None:
    answer = await robots.send(Robot(TOKEN, "SECwrong"), HELLO)
    assert (answer.outcome, answer.code, answer.is_configuration) == (Outcome.PERMANENT, 310000, True)
    assert dingtalk.shown == []


@pytest.mark.parametrize(("seconds", "code"), [(-3600, 0), (3600, 0), (-3601, 310000), (3601, 310000)])
async def test_the_signature_lives_one_hour(dingtalk: DingTalk, clock: Clock, seconds: int, code: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await RobotClient(http, dingtalk.url, lambda: clock.now + timedelta(seconds=seconds)).send(ROBOT, HELLO)
    assert answer.code == code


async def test_the_21st_message_of_a_minute_is_refused_and_blocks_for_ten(dingtalk: DingTalk, robots: RobotClient, clock: Clock) -> None:
    codes = [(await robots.send(ROBOT, HELLO)).code for _ in range(21)]
    assert codes == [0] * 20 + [130101]
    clock.now += timedelta(seconds=599)
    assert (await robots.send(ROBOT, HELLO)).outcome is Outcome.THROTTLED
    clock.now += timedelta(seconds=1)
    assert (await robots.send(ROBOT, HELLO)).outcome is Outcome.OK


async def test_the_minute_rolls(dingtalk: DingTalk, robots: RobotClient, clock: Clock) -> None:
    for _ in range(20):
        assert (await robots.send(ROBOT, HELLO)).outcome is Outcome.OK
        clock.now += timedelta(seconds=3)
    assert (await robots.send(ROBOT, HELLO)).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"msgtype": "voice"}, 400105),
        ({"no": "type"}, 40035),
        ({"msgtype": "markdown", "markdown": {"title": "", "text": "x"}}, 40035),
        (wire.text_body("线" * 7000), 460101),
        (wire.text_body("no keyword"), 310000),
    ],
)
async def test_messages_that_the_vendor_refuses(dingtalk: DingTalk, robots: RobotClient, body: wire.Body, code: int) -> None:
    dingtalk.robots[TOKEN].keywords = ("成单",)
    answer = await robots.send(ROBOT, body)
    assert (answer.outcome, answer.code) == (Outcome.PERMANENT, code)


async def test_unknown_token_and_stopped_robot(dingtalk: DingTalk, robots: RobotClient) -> None:
    dingtalk.robots[TOKEN].is_stopped = True
    assert (await robots.send(ROBOT, HELLO)).code == 400102
    assert (await robots.send(Robot("other", None), HELLO)).code == 300005


async def test_method_content_type_and_path(dingtalk: DingTalk) -> None:
    url = wire.robot_url(dingtalk.url, TOKEN, SECRET, int(NOW.timestamp() * 1000))
    async with httpx.AsyncClient(trust_env=False) as http:
        answers = [
            await http.get(url),
            await http.post(url, content=b"{}", headers={"Content-Type": "text/plain"}),
            await http.post(dingtalk.url + "/other", json={}),
            await http.post(dingtalk.url + "/robot/send", json={}),
        ]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert [answer.json()["errcode"] for answer in answers] == [43002, 43004, 404, 400101]


@pytest.mark.parametrize(
    ("fault", "outcome", "shown"),
    [
        ("expire", Outcome.PERMANENT, 0),
        ("throttle", Outcome.THROTTLED, 0),
        ("flood", Outcome.THROTTLED, 0),
        ("bad_json", Outcome.RETRY, 0),
        ("refuse", Outcome.RETRY, 0),
        ("drop", Outcome.RETRY, 1),
        ({"errcode": -1, "errmsg": "系统繁忙"}, Outcome.RETRY, 0),
    ],
)
async def test_faults(dingtalk: DingTalk, robots: RobotClient, fault: str, outcome: Outcome, shown: int) -> None:
    dingtalk.faults.append(fault)
    assert (await robots.send(ROBOT, HELLO)).outcome is outcome
    assert len(dingtalk.shown) == shown
    assert (await robots.send(ROBOT, HELLO)).outcome is Outcome.OK


async def test_the_anti_flood_layer_says_how_long_to_wait(dingtalk: DingTalk, robots: RobotClient) -> None:
    dingtalk.faults.append("flood")
    assert (await robots.send(ROBOT, HELLO)).wait_seconds == FLOOD["wait"]


async def test_a_slow_answer_is_given_up(dingtalk: DingTalk) -> None:
    dingtalk.faults.append("slow")
    async with httpx.AsyncClient(trust_env=False, timeout=0.1) as http:
        answer = await RobotClient(http, dingtalk.url, lambda: NOW).send(ROBOT, HELLO)
    assert (answer.outcome, answer.message) == (Outcome.RETRY, "no answer: ReadTimeout")
    dingtalk.slow_gate.set()


async def test_nobody_listening(robots: RobotClient) -> None:
    async with open_robots("http://127.0.0.1:1") as nowhere:
        answer = await nowhere.send(ROBOT, HELLO)
    assert (answer.outcome, answer.message) == (Outcome.RETRY, "no answer: ConnectError")


async def test_credentials_reach_no_log_and_no_message(dingtalk: DingTalk, robots: RobotClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")
    dingtalk.faults.append({"errcode": -1, "errmsg": f"token {TOKEN} busy"})
    answer = await robots.send(ROBOT, HELLO)
    await robots.send(ROBOT, HELLO)
    assert answer.message == "token *** busy"
    assert "access_token=***&" in caplog.text
    for secret in (TOKEN, "token%2B", SECRET, wire.sign(int(NOW.timestamp() * 1000), SECRET)):
        assert secret not in caplog.text
    assert TOKEN not in repr(ROBOT)
    assert SECRET not in repr(ROBOT)
