"""A sample company website: one form page, and the tiny server-side proxy that signs what it posts (the secret never reaches a browser)."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import stamina
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse
from standardwebhooks.webhooks import Webhook

from backend.core.clock import real_now
from backend.core.config import get_settings
from backend.demo.site import FORM_KEY

PAGE = Path(__file__).with_name("website.html")
FIELDS = ("company", "name", "phone", "email", "province", "city", "product", "need", "budget")
MAX_BODY = 64 * 1024


class TryAgain(Exception):
    """The sales system is away for a moment; the same message may be sent again under the same id."""


def intake_url() -> str:
    """Where the company's own form key lives."""
    return f"http://127.0.0.1:{get_settings().port}/api/v1/inbound/forms/{FORM_KEY}"


def signed_headers(body: str, message_id: str, now: datetime) -> dict[str, str]:
    """Standard Webhooks headers over the raw body."""
    signature = Webhook(get_settings().demo_form_secret.get_secret_value()).sign(message_id, now, body)
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }


@stamina.retry(on=(TryAgain, httpx.TransportError), attempts=5, timeout=20)
async def forward(body: str, message_id: str) -> httpx.Response:
    """Posts the lead; every attempt carries the same id, so that a lost answer makes no second lead."""
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        answer = await client.post(intake_url(), content=body.encode(), headers=signed_headers(body, message_id, real_now().astimezone(UTC)))
    if answer.status_code >= 500 or answer.status_code == 429:
        raise TryAgain(answer.status_code)
    return answer


def create_website() -> FastAPI:
    """The page and its form's target."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.get("/")
    async def page() -> FileResponse:
        return FileResponse(PAGE, media_type="text/html; charset=utf-8")

    @app.post("/inquiries")
    async def send_inquiry(request: Request) -> JSONResponse:
        raw = await request.body()
        try:
            given: Any = json.loads(raw) if len(raw) <= MAX_BODY else None
        except ValueError:
            given = None
        if not isinstance(given, dict):
            return JSONResponse({"message": "提交的内容无法识别，请刷新页面再试。"}, 400)
        inquiry = {field: str(given[field]).strip() for field in FIELDS if given.get(field)}
        message_id = str(given.get("id") or uuid4())[:64].replace(".", "-")
        try:
            answer = await forward(json.dumps(inquiry, ensure_ascii=False), f"site_{message_id}")
        except (TryAgain, httpx.TransportError):
            return JSONResponse({"message": "系统暂时繁忙，您的内容还在页面上，请稍后再点一次提交。"}, 503)
        if answer.status_code != 202:
            return JSONResponse({"message": f"提交未成功（{answer.status_code}），请致电 0512-6688 0000。"}, 502)
        return JSONResponse({"message": "已收到，我们的销售顾问会尽快与您联系。"}, 202)

    return app


def run() -> None:
    """Serves on the port after the product's."""
    settings = get_settings()
    uvicorn.run(create_website(), host=settings.host, port=settings.port + 1, log_level="warning")
