"""Where things lie and what the operator has set: `monitor.toml`, read strictly, with defaults for everything."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from apscheduler.triggers.cron import CronTrigger
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model, model_validator
from scrapy.utils.conf import closest_scrapy_cfg

CONFIG_NAME = "monitor.toml"
_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"  # of a host's name; resolvers take the underscore too
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LEAP_YEAR = datetime(2028, 1, 1, tzinfo=UTC)


class ConfigError(ValueError):
    """monitor.toml cannot be used; the message lists every mistake with its place."""


def _cron(text: str) -> str:
    fields = text.split()
    if len(fields) == 5 and any(character.isdigit() for character in fields[4]):
        # Cron counts Sunday as 0, APScheduler counts Monday as 0: a number would mean another day than meant.
        raise ValueError("write the day of the week as a name (mon, tue, …)")
    # From a leap year, so that 29 February is seen.
    if CronTrigger.from_crontab(text, timezone=UTC).get_next_fire_time(None, _LEAP_YEAR) is None:
        raise ValueError("never comes (there is no such day)")
    return text


def _address(text: str) -> str:
    name, at, host = text.partition("@")
    if not (name and at and "." in host) or any(character.isspace() for character in text):
        raise ValueError("not an e-mail address")
    return text


def _host(text: str) -> str:
    if text and not (_HOST.fullmatch(text) and len(text) <= 253):
        try:
            ip_address(text)
        except ValueError:
            raise ValueError("neither the name of a host, such as smtp.example.org, nor an IP address") from None
    return text


Cron = Annotated[str, AfterValidator(_cron)]
Host = Annotated[str, AfterValidator(_host)]
MailAddress = Annotated[str, AfterValidator(_address)]
Language = Literal["zh", "en", "both"]
LANGUAGES_OF: Final[dict[Language, tuple[Literal["zh", "en"], ...]]] = {
    "zh": ("zh",),
    "en": ("en",),
    "both": ("zh", "en"),
}
SubSectorName = Literal[
    "medical_devices",
    "pharma_distribution",
    "digital_health",
    "biomedical_rd",
    "health_services",
    "health_products",
]


def _loopback(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost") or parts.path.strip("/"):
        raise ValueError("a stand-in is an address on this machine, such as http://127.0.0.1:8000")
    return text.rstrip("/")


StandIn = Annotated[str, AfterValidator(_loopback)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class District(_Section):
    """Whose briefing it is: the name in its title."""

    name_zh: str = Field(default="普陀", min_length=1, max_length=20)
    name_en: str = Field(default="Putuo", min_length=1, max_length=40)


class Crawl(_Section):
    """How we behave towards hosts. `contact` goes into the User-Agent.

    `stand_ins` maps hosts to loopback addresses that answer in their place: for rehearsals, never for real data.
    """

    contact: MailAddress | None = None
    delay_seconds: float = Field(default=5.0, ge=0, le=600)
    timeout_seconds: float = Field(default=60.0, gt=0, le=600)
    max_megabytes: int = Field(default=256, ge=1, le=4096)
    stand_ins: dict[Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,253}$")], StandIn] = Field(default_factory=dict)


class Series(_Section):
    """One publisher's extracts: where they are dropped or offered, and whether they list every firm or new ones."""

    path: Annotated[str, Field(min_length=1)]
    listing: Literal["full", "new"]
    publisher: str = Field(default="", max_length=60)


class RegistryExtract(_Section):
    """The office's own spreadsheets. Without a series the drop folders under `inbox/` are read."""

    enabled: bool = True
    cadence: Cron | None = None
    late_after_days: int = Field(default=10, ge=1)
    series: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")], Series] = Field(default_factory=dict)


class WebSource(_Section):
    """A public site. Off until the operator has read its robots.txt and terms, and switched it on.

    Without `cadence` and `late_after_days` what the source itself declares holds.
    """

    enabled: bool = False
    cadence: Cron | None = None
    late_after_days: int | None = Field(default=None, ge=1)


if TYPE_CHECKING:

    class _EverySource(_Section):
        putuo_portal: WebSource = WebSource()

else:  # a section for each spider there is, so that a new source is one file
    _SITES = sorted(path.stem for path in (Path(__file__).parent / "spiders").glob("[a-z]*.py"))
    _EverySource = create_model(
        "_EverySource",
        __base__=_Section,
        registry_extract=(RegistryExtract, RegistryExtract()),
        **{name: (WebSource, WebSource()) for name in _SITES if name != "registry_extract"},
    )


class Sources(_EverySource):
    """Which sources are crawled; one section a source, named as its spider."""

    registry_extract: RegistryExtract = RegistryExtract()


class Schedule(_Section):
    """When the jobs run, as cron lines in Asia/Shanghai."""

    nightly: Cron = "0 2 * * *"
    weekly: Cron = "0 6 * * mon"


class Mail(_Section):
    """The mail server. The password comes from the environment variable named in `password_env`.

    `security` is `starttls` (RFC 3207), `tls` from the first byte (RFC 8314) or `none`, which only a server on this
    machine may have. `operator` hears at once when a night or a mailing fails.
    """

    host: Host = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password_env: str = "PUTUO_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
    sender: MailAddress | None = None
    operator: MailAddress | None = None

    @model_validator(mode="after")
    def _can_send(self) -> Self:
        if self.host and self.sender is None:
            raise ValueError("sender is missing: whose address shall stand in the mail?")
        if self.security == "none" and self.host not in ("", "127.0.0.1", "localhost"):
            raise ValueError(f"security none is only for a server on this machine, not for {self.host}")
        return self


class Recipient(_Section):
    """One reader: language and the sub-sectors wished for (none listed: all)."""

    address: MailAddress
    language: Language = "zh"
    sub_sectors: tuple[SubSectorName, ...] = ()


class Site(_Section):
    """Where issues are published for readers; without it links stay relative."""

    base_url: str = Field(default="", pattern=r"^(https?://[^\s]+)?$")


class Snapshots(_Section):
    """How long dated copies of the published file are kept: the newest of so many days, weeks and months."""

    days: int = Field(default=14, ge=1, le=3660)
    weeks: int = Field(default=8, ge=0, le=520)
    months: int = Field(default=24, ge=0, le=1200)


class Config(_Section):
    """The whole of monitor.toml."""

    district: District = District()
    crawl: Crawl = Crawl()
    sources: Sources = Sources()
    schedule: Schedule = Schedule()
    mail: Mail = Mail()
    recipients: tuple[Recipient, ...] = ()
    site: Site = Site()
    snapshots: Snapshots = Snapshots()


def project_root() -> Path:
    """The folder of scrapy.cfg, or the working directory outside a project."""
    found = closest_scrapy_cfg()
    return Path(found).parent if found else Path.cwd()


def home() -> Path:
    """The data directory: $PUTUO_HOME, else `var` in the project."""
    named = os.environ.get("PUTUO_HOME")
    return Path(named).expanduser().resolve() if named else project_root() / "var"


def config_path() -> Path:
    """The configuration file: $PUTUO_CONFIG, else `monitor.toml` in the project."""
    named = os.environ.get("PUTUO_CONFIG")
    return Path(named).expanduser().resolve() if named else project_root() / CONFIG_NAME


def load_config(path: Path | None = None) -> Config:
    """Reads monitor.toml. A missing default file means defaults; a file named by $PUTUO_CONFIG must exist.

    Raises ConfigError listing each mistake as `monitor.toml: sources.registry_extract.cadence: why (got …)`.
    """
    path = path or config_path()
    if not path.exists():
        if os.environ.get("PUTUO_CONFIG"):
            raise ConfigError(f"{path}: named by PUTUO_CONFIG, but there is no such file")
        return Config()
    try:
        return Config.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    except ValidationError as error:
        raise ConfigError("\n".join(_place(path, mistake) for mistake in error.errors())) from error


def _place(path: Path, mistake: object) -> str:
    assert isinstance(mistake, dict)
    where = ".".join(str(step) for step in mistake["loc"])
    if mistake["type"] == "extra_forbidden":
        return f"{path}: {where}: no such key"
    return f"{path}: {where}: {mistake['msg']} (got {str(mistake['input'])[:80]!r})"
