"""Configuration from the environment, once, frozen. Read by main, cli and migrations only."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.core.limits import Rates, proxies_in
from app.core.mail import is_mailbox
from app.core.scanning import Scanner
from app.core.security import LOOPBACK
from app.core.stores import store_at
from app.core.transports import SmtpServer
from app.core.uploads import Uploads

PREFIX = "CONVOCA_"
# These may come as files as well: the same name with _FILE.
SECRETS = ("secret_key", "smtp_url", "metrics_token", "database_url")


class SettingsError(Exception):
    """A variable that is unknown or malformed, by name, and what to do."""


class Settings(BaseModel):
    """What can be configured. Names are the variables without CONVOCA_, in lower case."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data_dir: Path = Path("data")
    database_url: str = ""
    base_url: str = ""
    secret_key: str = Field(default="", repr=False)
    smtp_url: str = Field(default="", repr=False)
    mail_from: str = ""
    insecure_http: bool = False
    log: Literal["", "plain", "json"] = ""
    metrics_token: str = Field(default="", repr=False)
    drain_seconds: int = Field(default=0, ge=0, le=60)
    trusted_proxies: str = "127.0.0.1,::1"
    idle_minutes: int = Field(default=30, ge=1, le=720)
    limit_links_asked: int = Field(default=50, ge=1)
    limit_wrong_links: int = Field(default=20, ge=1)
    limit_uploads: int = Field(default=200, ge=1)
    limit_exports: int = Field(default=30, ge=1)
    security_contact: str = ""
    files_url: str = ""
    clamav: str = ""

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url.startswith(("postgresql://", "postgres://")):
            url = f"postgresql+psycopg://{url.partition('://')[2]}"
        try:
            backend = make_url(url).get_backend_name() if url else "sqlite"
        except ArgumentError as error:
            raise ValueError("is not a database address") from error
        if backend not in {"sqlite", "postgresql"}:
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return url

    @field_validator("base_url")
    @classmethod
    def _plain_base(cls, url: str) -> str:
        url = url.rstrip("/")
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path):
            raise ValueError("must be http:// or https:// and a host, without a path")
        return url

    @field_validator("smtp_url")
    @classmethod
    def _known_server(cls, url: str) -> str:
        if url:
            SmtpServer.at(url)
        return url

    @field_validator("mail_from")
    @classmethod
    def _one_mailbox(cls, text: str) -> str:
        if text and not is_mailbox(text):
            raise ValueError("must be an address, or a name with an address in <>")
        return text

    @field_validator("secret_key", "metrics_token")
    @classmethod
    def _long_key(cls, key: str) -> str:
        if key and len(key) < 32:  # noqa: PLR2004 (256 bits)
            raise ValueError("must have at least 32 characters")
        if key and len(set(key)) < 10:  # noqa: PLR2004 (a sample, or a key pressed down)
            raise ValueError("is not a random key")
        return key

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, text: str) -> str:
        try:
            proxies_in(text)
        except ValueError as error:
            raise ValueError("must be addresses or networks like 10.0.0.0/8") from error
        return text

    @field_validator("security_contact")
    @classmethod
    def _reachable(cls, url: str) -> str:
        if url and (not url.startswith(("mailto:", "https://")) or not url.isprintable()):
            raise ValueError("must begin with mailto: or https://")
        return url

    @field_validator("files_url")
    @classmethod
    def _known_store(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme != "s3" or not parts.netloc or parts.query or parts.fragment):
            raise ValueError("must be s3://bucket or s3://bucket/prefix; unset, it is a folder")
        return url

    @field_validator("clamav")
    @classmethod
    def _host_and_port(cls, place: str) -> str:
        host, _, port = place.rpartition(":")
        known = host and port.isascii() and port.isdigit() and 0 < int(port) < 65536  # noqa: PLR2004
        if place and not known:
            raise ValueError("must be host:port")
        return place

    @model_validator(mode="after")
    def _https_in_public(self) -> Self:
        parts = urlsplit(self.base_url)
        if parts.scheme == "http" and parts.hostname not in LOOPBACK and not self.insecure_http:
            raise ValueError(
                "BASE_URL: plain http is for loopback only. Use https, or set "
                "CONVOCA_INSECURE_HTTP=yes"
            )
        return self

    @property
    def database(self) -> str:
        """The database's address; by default a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'convoca.db'}"

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, if it is one."""
        url = make_url(self.database)
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None

    @property
    def rates(self) -> Rates:
        """How often one visitor may do what costs or is guessed at."""
        usual = Rates()
        return Rates(
            replace(usual.links_asked, most=self.limit_links_asked),
            replace(usual.wrong_links, most=self.limit_wrong_links),
            replace(usual.uploads, most=self.limit_uploads),
            replace(usual.exports, most=self.limit_exports),
        )

    def uploads(self) -> Uploads:
        """Where files go and who looks for viruses in them."""
        host, _, port = self.clamav.rpartition(":")
        return Uploads(
            store_at(self.files_url, self.data_dir / "files"),
            Scanner(host.strip("[]"), int(port)) if host else None,
        )


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from environment variables; SettingsError names every one that is wrong."""
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and value != ""
    }
    for test_only in ("chromium",):
        given.pop(test_only, None)
    for name in SECRETS:
        if place := given.pop(f"{name}_file", None):
            given[name] = _kept_in(place, name)
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        lines = [_line(each["loc"], each["type"], each["msg"]) for each in error.errors()]
        raise SettingsError("\n".join(lines)) from error


def _kept_in(place: str, name: str) -> str:
    try:
        return Path(place).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{PREFIX}{name.upper()}_FILE: {place} cannot be read ({error})."
        ) from error


def _line(place: tuple[int | str, ...], kind: str, words: str) -> str:
    if not place:
        return words.removeprefix("Value error, ").replace("BASE_URL", f"{PREFIX}BASE_URL", 1)
    name = f"{PREFIX}{str(place[0]).upper()}"
    if kind == "extra_forbidden":
        return f"{name}: there is no such setting. README.md lists them; unset it."
    return f"{name}: {words.removeprefix('Value error, ')}"


def secret_key(settings: Settings) -> str:
    """The configured key, or one made once and kept in the data folder (mode 0600)."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data_dir / "secret.key"
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o750)
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text()
    except OSError as error:
        raise SettingsError(
            f"{PREFIX}SECRET_KEY is not set, and none can be kept in {path} ({error.strerror}). "
            f"Set the variable, or make the folder writable."
        ) from error
