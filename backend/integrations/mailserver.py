"""A mail server as SMTP and IMAP reach it alike."""

import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Security(StrEnum):
    """How the way to the server is protected; `none` is for a server on this very machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True)
class Account:
    """A server and who we are there."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout_seconds: float = 30

    def context(self) -> ssl.SSLContext | None:
        """Certificates are always checked, against the system's authorities or the company's own."""
        if self.security is Security.NONE:
            return None
        return ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
