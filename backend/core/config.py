"""Settings, read once from the environment (and `.env`); every field is explained in `.env.example`."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

APP_LOGIN = "chengdan_app"
WORKER_LOGIN = "chengdan_worker"
LAUNCH_HEADER = "X-Chengdan-Launch"
"""Repeats `launch`, by which `chengdan up` knows its own children from a stranger on their port."""
HIGHEST_PORT = 65534
"""The sample website takes the next one."""
MIN_SECRET = 32
MIN_DISTINCT = 10
LOOPBACK = ("127.0.0.1", "localhost", "::1")
DROPBOX = re.compile(r"[A-Za-z0-9._-]{1,40}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
LISTEN = re.compile(r"[^\s]+:[0-9]{1,5}")
WEAK_WORDS = ("changeme", "secret", "password")


class Settings(BaseSettings):
    """One installation serves one company."""

    model_config = SettingsConfigDict(env_prefix="CHENGDAN_", env_file=".env", extra="ignore", populate_by_name=True)

    environment: Literal["demo", "production"] = "demo"
    data_dir: Path = Path(".chengdan")
    port: int = Field(8000, validation_alias="PORT", ge=1, le=HIGHEST_PORT)
    host: str = "127.0.0.1"
    public_url: str = ""
    database_url: SecretStr | None = Field(None, validation_alias="DATABASE_URL")
    redis_url: SecretStr | None = Field(None, validation_alias="REDIS_URL")
    app_db_password: SecretStr = SecretStr("")
    worker_db_password: SecretStr = SecretStr("")
    jwt_secret: SecretStr = SecretStr("")
    pool_size: int = 10
    access_token_minutes: int = 10
    refresh_token_days: int = 30
    sign_ins_per_minute: int = Field(60, ge=1)
    log_level: str = "INFO"
    clock_file: Path | None = None
    company_zone: str = "Asia/Shanghai"
    cors_origins: list[str] = []
    trusted_proxies: str = "127.0.0.1"
    max_body_bytes: int = 1024 * 1024
    s3_bucket: str = ""
    s3_prefix: str = ""
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_access_key: str = ""
    s3_secret_key: SecretStr = SecretStr("")
    s3_virtual_hosts: bool = False
    dingtalk_base_url: str = "https://oapi.dingtalk.com"
    smtp_host: str = ""
    smtp_port: int | None = Field(None, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = ""
    smtp_ca_file: Path | None = None
    smtp_timeout_seconds: float = Field(30, gt=0, le=600)
    emails_per_day: int = Field(200, ge=1)
    dropbox_address: str = ""
    dropbox_listen: str = ""
    dropbox_max_megabytes: int = Field(35, ge=1, le=150)
    dropbox_authserv: str = ""
    imap_host: str = ""
    imap_port: int | None = Field(None, ge=1, le=65535)
    imap_security: Literal["tls", "starttls", "none"] = "tls"
    imap_user: str = ""
    imap_password: SecretStr = SecretStr("")
    imap_folder: str = "INBOX"
    imap_ca_file: Path | None = None
    imap_timeout_seconds: float = Field(30, gt=0, le=600)
    demo_form_secret: SecretStr = SecretStr("")
    pause: str = ""
    metrics_token: SecretStr = SecretStr("")
    launch: str = ""

    @field_validator("database_url")
    @classmethod
    def refuse_other_databases(cls, given: SecretStr | None) -> SecretStr | None:
        """A slip in the address is said in words that do not repeat it."""
        try:
            known = given is None or make_url(given.get_secret_value()).get_backend_name() in {"postgresql", "postgres"}
        except ArgumentError:
            known = False
        if not known:
            raise ValueError("must look like postgresql://user:password@host:5432/database")
        return given

    @model_validator(mode="after")
    def refuse_open_mail(self) -> Self:
        """Mail has a sender, and customers' names and our password do not cross a network in the clear."""
        if self.smtp_host and "@" not in self.smtp_from:
            raise ValueError("CHENGDAN_SMTP_FROM must be the address that mail is sent from, such as Chengdan <sales@example.com>")
        if self.smtp_host and self.smtp_security == "none" and self.smtp_host not in LOOPBACK:
            raise ValueError("CHENGDAN_SMTP_SECURITY=none is for a mail server on this machine; use starttls or tls")
        return self

    @model_validator(mode="after")
    def refuse_open_mailbox(self) -> Self:
        """Who receives mail knows its own address, and reads a mailbox elsewhere only over a protected way."""
        if self.dropbox_address and not DROPBOX.fullmatch(self.dropbox_address):
            raise ValueError("CHENGDAN_DROPBOX_ADDRESS must be a plain address without a plus sign, such as log@in.example.com")
        if (self.dropbox_listen or self.imap_host) and not self.dropbox_address:
            raise ValueError("CHENGDAN_DROPBOX_ADDRESS must name the address whose mail is received")
        if self.dropbox_listen and not LISTEN.fullmatch(self.dropbox_listen):
            raise ValueError("CHENGDAN_DROPBOX_LISTEN must be host:port, such as 127.0.0.1:2525")
        if self.imap_host and self.imap_security == "none" and self.imap_host not in LOOPBACK:
            raise ValueError("CHENGDAN_IMAP_SECURITY=none is for a mail server on this machine; use tls or starttls")
        return self

    @model_validator(mode="after")
    def refuse_weak_secrets(self) -> Self:
        """Production does not start on a guessable key, a test switch or a clock that can be moved."""
        if self.environment == "production":
            secret = self.jwt_secret.get_secret_value()
            if len(secret) < MIN_SECRET or len(set(secret)) < MIN_DISTINCT or any(word in secret.lower() for word in WEAK_WORDS):
                raise ValueError("CHENGDAN_JWT_SECRET must be at least 32 random characters in production")
            if self.clock_file or self.pause:
                raise ValueError("CHENGDAN_CLOCK_FILE and CHENGDAN_PAUSE are switches for development; unset them in production")
        return self

    def owner_url(self) -> URL:
        """The role that owns the tables and runs migrations; never used to serve requests."""
        if self.database_url is None:
            raise RuntimeError("DATABASE_URL is not set; `chengdan up` starts an embedded PostgreSQL and sets it")
        return make_url(self.database_url.get_secret_value()).set(drivername="postgresql+asyncpg")

    def login_url(self, login: str) -> URL:
        """The same database through one of the two logins that own nothing."""
        password = self.worker_db_password if login == WORKER_LOGIN else self.app_db_password
        return self.owner_url().set(username=login, password=password.get_secret_value())

    def redis_dsn(self) -> str:
        if self.redis_url is None:
            raise RuntimeError("REDIS_URL is not set; `chengdan up` starts an embedded Valkey and sets it")
        return self.redis_url.get_secret_value()

    def jwt_key(self) -> str:
        if not self.jwt_secret.get_secret_value():
            raise RuntimeError("CHENGDAN_JWT_SECRET is not set; `chengdan up` makes one")
        return self.jwt_secret.get_secret_value()


@lru_cache
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings()
