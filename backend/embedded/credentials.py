"""Passwords and keys of one installation, made once and kept in `<data_dir>/secrets.json` (mode 0600)."""

import base64
import fcntl
import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Secrets:
    """What the embedded servers and the processes of `chengdan up` share."""

    owner_db_password: str
    app_db_password: str
    worker_db_password: str
    valkey_password: str
    jwt_secret: str
    demo_form_secret: str


def load(data_dir: Path) -> Secrets:
    """The secrets of this data directory; missing ones are made, existing ones never change."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / "secrets.json"
    with (data_dir / "secrets.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        complete = Secrets(**{field.name: known.get(field.name) or _make(field.name) for field in fields(Secrets)})
        if asdict(complete) != known:
            _write(path, json.dumps(asdict(complete), indent=2))
    return complete


def _make(name: str) -> str:
    if name == "demo_form_secret":
        return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    return secrets.token_urlsafe(36)


def _write(path: Path, text: str) -> None:
    """Replace in one step, readable by its owner alone from the first moment."""
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
