"""The sample company website: a page with a form, and the small proxy that signs what the form sends (Standard Webhooks 1.0).

A company copies the proxy, not the page: the secret stays on the server, and a retry repeats the `webhook-id`, so that it never makes a second lead.
"""

import asyncio
import html
import json
import os
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, StringConstraints
from standardwebhooks.webhooks import Webhook

from backend.core.config import LAUNCH_HEADER, get_settings
from backend.demo.company import NAME, PRODUCT_LINES, SHORT_NAME
from backend.identity.places import PROVINCE_CITIES, PROVINCES

PAGE = Path(__file__).with_name("website.html")
PAUSES = (0.3, 1.0, 2.0)
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Inquiry(BaseModel):
    """What a visitor fills in; `inquiry_id` came with the page, so that pressing the button twice is one inquiry."""

    inquiry_id: uuid.UUID
    company: Written
    contact_name: Written
    phone: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[+0-9() -]{7,20}$")]
    email: Line = ""
    province: Line = ""
    city: Line = ""
    product_line: Line = ""
    need: Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)] = ""
    campaign: Line = ""


@dataclass(frozen=True)
class Intake:
    """Where inquiries go, and the secret that both sides know."""

    url: str
    secret: str


async def forward(client: httpx.AsyncClient, intake: Intake, inquiry: Inquiry) -> tuple[int, dict[str, Any]]:
    """Post the signed inquiry; a failure that may pass (no answer, 429, 5xx) is tried again under the same id. 503 when all failed."""
    message_id = f"msg_{inquiry.inquiry_id}"
    filled = {name: value for name, value in inquiry.model_dump(exclude={"inquiry_id"}).items() if value}
    body = json.dumps(filled, ensure_ascii=False)
    for pause in (*PAUSES, None):
        answer = await _post(client, intake, message_id, body)
        if answer is not None and answer.status_code != 429 and answer.status_code < 500:
            return answer.status_code, answer.json()
        if pause is not None:
            await asyncio.sleep(pause)
    return 503, {"code": "intake_away"}


async def _post(client: httpx.AsyncClient, intake: Intake, message_id: str, body: str) -> httpx.Response | None:
    """One attempt, signed for this moment; None when no answer came."""
    now = datetime.now(UTC)
    headers = {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(intake.secret).sign(message_id, now, body),
    }
    try:
        return await client.post(intake.url, content=body.encode(), headers=headers)
    except httpx.TransportError:
        return None


def page(campaign: str) -> str:
    """The page with a fresh inquiry id."""
    values = {
        "company": html.escape(NAME),
        "brand": html.escape(SHORT_NAME),
        "inquiry_id": str(uuid.uuid4()),
        "campaign": html.escape(campaign, quote=True),
        "product_options": "".join(f"<option>{html.escape(line)}</option>" for line in PRODUCT_LINES),
        "province_options": "".join(f"<option>{province}</option>" for province in PROVINCES),
        "cities": json.dumps(PROVINCE_CITIES, ensure_ascii=False),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], PAGE.read_text(encoding="utf-8"))


def create_website(intake: Intake, client: httpx.AsyncClient) -> FastAPI:
    """The website: `GET /` and the endpoint behind its form."""
    site = FastAPI(title=NAME, docs_url=None, redoc_url=None, openapi_url=None)

    @site.get("/")
    async def show(utm_campaign: str = "") -> HTMLResponse:
        return HTMLResponse(page(utm_campaign[:200]), headers={"Cache-Control": "no-store", LAUNCH_HEADER: get_settings().launch})

    @site.post("/inquiries")
    async def inquire(inquiry: Inquiry) -> JSONResponse:
        status, answer = await forward(client, intake, inquiry)
        told = {"state": answer.get("state"), "code": answer.get("code"), "errors": answer.get("errors", [])}
        return JSONResponse(told, status)

    return site


def run() -> None:
    """Entry point of `chengdan website`."""
    settings = get_settings()
    url = os.environ.get("CHENGDAN_FORM_URL", f"http://127.0.0.1:{settings.port}/api/v1/inbound/forms/website")
    intake = Intake(url, settings.demo_form_secret.get_secret_value())
    uvicorn.run(create_website(intake, httpx.AsyncClient(timeout=5)), host=settings.host, port=settings.port + 1, log_level="info")
