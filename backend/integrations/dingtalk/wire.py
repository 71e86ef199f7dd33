"""The custom group robot of DingTalk on the wire: signature, bodies, what an answer means. No I/O."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from backend.integrations.answers import Answer, Outcome

CONTENT_TYPE = "application/json; charset=utf-8"
MAX_BODY_BYTES = 20_000
CUT = "…"
Body = dict[str, Any]


THROTTLED = {130101, 410100}
CONFIGURATION = {310000, 300001, 300005, 400013, 400101, 400102, 400106}
OUR_FAULT = {40035, 43002, 43004, 400105, 460101}


def sign(timestamp_ms: int, secret: str) -> str:
    """Base64 of HMAC-SHA256 over timestamp, line feed and secret, keyed with the whole secret; not yet percent-encoded."""
    digest = hmac.new(secret.encode(), f"{timestamp_ms}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def robot_url(base_url: str, access_token: str, secret: str | None, timestamp_ms: int) -> str:
    """The whole URL, built by hand: an HTTP client's `params` would drop the token. Each value is encoded exactly once."""
    url = f"{base_url.rstrip('/')}/robot/send?access_token={quote(access_token, safe='')}"
    if not secret:
        return url
    return f"{url}&timestamp={timestamp_ms}&sign={quote(sign(timestamp_ms, secret), safe='')}"


def with_mentions(text: str, mobiles: Sequence[str]) -> str:
    """The text with `@mobile` for everybody to be mentioned: without it DingTalk shows no mention."""
    missing = [f"@{mobile}" for mobile in mobiles if f"@{mobile}" not in text]
    return " ".join([text, *missing]) if missing else text


def _at(mobiles: Sequence[str]) -> Body:
    return {"atMobiles": list(mobiles), "isAtAll": False}


def text_body(content: str, mobiles: Sequence[str] = ()) -> Body:
    return {"msgtype": "text", "text": {"content": with_mentions(content, mobiles)}, "at": _at(mobiles)}


def markdown_body(title: str, text: str, mobiles: Sequence[str] = ()) -> Body:
    """`title` shows in the list of conversations, `text` in the conversation."""
    return {"msgtype": "markdown", "markdown": {"title": title, "text": with_mentions(text, mobiles)}, "at": _at(mobiles)}


def action_card_body(title: str, text: str, button: str, url: str) -> Body:
    """A card with one link. Mentions have no effect on cards."""
    return {
        "msgtype": "actionCard",
        "actionCard": {"title": title, "text": text, "btnOrientation": "0", "singleTitle": button, "singleURL": url},
    }


def encode(body: Body) -> bytes:
    """The bytes to post: UTF-8, Chinese as it is."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def fits(body: Body, limit: int = MAX_BODY_BYTES) -> bool:
    return len(encode(body)) <= limit


def cut_to_fit(make: Callable[[str], Body], text: str, limit: int = MAX_BODY_BYTES) -> Body:
    """The body that `make` builds from the longest beginning of `text` that fits, cut between characters."""
    whole = make(text)
    if fits(whole, limit):
        return whole
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(make(text[:middle] + CUT), limit) else (low, middle - 1)
    return make(text[:low] + CUT)


def classify(status: int, content: bytes) -> Answer:
    """What an answer means. Failures come with status 200, so the body decides wherever it can be read."""
    try:
        answer = json.loads(content)
    except ValueError:
        return Answer(Outcome.RETRY, None, f"HTTP {status} with an unreadable body")
    if not isinstance(answer, dict):
        return Answer(Outcome.RETRY, None, f"HTTP {status} with an unexpected body")
    code = answer.get("errcode")
    if isinstance(code, int) and not isinstance(code, bool):
        return _by_code(code, str(answer.get("errmsg", ""))[:500])
    if "punish" in answer or answer.get("status") == 1111:
        wait = answer.get("wait")
        return Answer(Outcome.THROTTLED, None, "anti-flood layer", wait if isinstance(wait, int) else 0)
    return Answer(Outcome.RETRY, None, f"HTTP {status} without errcode")


def _by_code(code: int, message: str) -> Answer:
    if code == 0:
        return Answer(Outcome.OK, code, message)
    if code in THROTTLED:
        return Answer(Outcome.THROTTLED, code, message)
    if code in CONFIGURATION | OUR_FAULT:
        return Answer(Outcome.PERMANENT, code, message, is_configuration=code in CONFIGURATION)
    return Answer(Outcome.RETRY, code, message)
