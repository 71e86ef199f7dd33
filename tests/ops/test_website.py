"""The sample website: signed on the server, tried again under the same id, plain about failure."""

import json
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from backend.demo import site, website
from backend.demo.company import PRODUCT_LINES
from backend.demo.website import Inquiry, Intake, create_website

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
INQUIRY = {"inquiry_id": str(uuid.uuid4()), "company": "苏州示例机电有限公司", "contact_name": "周先生", "phone": "13800138000"}


class Intakes:
    """The other end: answers as told, remembers what came."""

    def __init__(self, *answers: int | Exception) -> None:
        self.answers, self.requests = list(answers), list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer, json={"state": "accepted"} if answer == 202 else {"code": "refused"})


Visit = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def visit(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Visit]:
    """A visitor of a website that posts to this intake, without pauses between its tries."""
    monkeypatch.setattr(website, "PAUSES", (0.0, 0.0, 0.0))
    opened: list[httpx.AsyncClient] = []

    def visitor(intakes: Intakes) -> httpx.AsyncClient:
        client = httpx.AsyncClient(transport=httpx.MockTransport(intakes))
        app = create_website(Intake("http://chengdan.test/inbound", SECRET), client)
        opened.extend([client, httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://website.test")])
        return opened[-1]

    yield visitor
    for client in opened:
        await client.aclose()


async def test_an_inquiry_arrives_signed(visit: Visit) -> None:
    intakes = Intakes(202)
    answer = await visit(intakes).post("/inquiries", json={**INQUIRY, "province": "江苏", "need": "冲压件 5 万件"})
    assert (answer.status_code, answer.json()["state"]) == (202, "accepted")
    [request] = intakes.requests
    body: dict[str, Any] = Webhook(SECRET).verify(request.content, dict(request.headers))
    assert body == {
        "company": "苏州示例机电有限公司",
        "contact_name": "周先生",
        "phone": "13800138000",
        "province": "江苏",
        "need": "冲压件 5 万件",
    }


@pytest.mark.parametrize("failure", [500, 503, 429, httpx.ConnectError("refused"), httpx.ReadTimeout("slow")])
async def test_a_passing_failure_is_tried_again_under_the_same_id(visit: Visit, failure: int | Exception) -> None:
    intakes = Intakes(failure, failure, 202)
    assert (await visit(intakes).post("/inquiries", json=INQUIRY)).status_code == 202
    assert [request.headers["webhook-id"] for request in intakes.requests] == [f"msg_{INQUIRY['inquiry_id']}"] * 3
    for request in intakes.requests:
        Webhook(SECRET).verify(request.content, dict(request.headers))


async def test_a_visitor_hears_of_a_lasting_failure(visit: Visit) -> None:
    intakes = Intakes(503, 503, 503, 503)
    answer = await visit(intakes).post("/inquiries", json=INQUIRY)
    assert (answer.status_code, answer.json()["code"]) == (503, "intake_away")
    assert len(intakes.requests) == 4


async def test_a_refusal_is_not_tried_again(visit: Visit) -> None:
    intakes = Intakes(401)
    assert (await visit(intakes).post("/inquiries", json=INQUIRY)).status_code == 401
    assert len(intakes.requests) == 1


@pytest.mark.parametrize("wrong", [{"phone": "见微信"}, {"company": " "}, {"inquiry_id": "1"}, {"need": "x" * 5001}])
async def test_what_is_not_filled_in_well_is_sent_nowhere(visit: Visit, wrong: dict[str, str]) -> None:
    intakes = Intakes()
    answer = await visit(intakes).post("/inquiries", json=INQUIRY | wrong)
    assert answer.status_code == 422
    assert [fault["loc"][-1] for fault in answer.json()["detail"]] == list(wrong)
    assert intakes.requests == []


async def test_each_page_has_an_id_of_its_own_and_escapes_what_it_shows(visit: Visit) -> None:
    visitor = visit(Intakes())
    pages = [(await visitor.get("/", params={"utm_campaign": '"><script>'})).text for _ in range(2)]
    assert pages[0] != pages[1]
    assert '"><script>' not in pages[0]
    assert "{{" not in pages[0]
    assert all(line in pages[0] for line in PRODUCT_LINES)


def test_the_form_of_the_demo_company_reads_every_field() -> None:
    read = {source if isinstance(source, str) else source["path"] for sources in site.MAPPING.values() for source in sources}
    assert set(Inquiry.model_fields) - {"inquiry_id"} <= read
    assert json.loads(json.dumps(site.MAPPING)) == site.MAPPING
