"""monitor.toml: everything in it, every mistake refused with its place; and where things lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.config import Config, ConfigError, config_path, home, load_config, project_root
from tests.crawler.crawling import ROOT, scrapy

WHOLE = """
[district]
name_zh = "样本区"
name_en = "Sample District"

[crawl]
contact = "monitor@example.org"
delay_seconds = 7.5
timeout_seconds = 30
max_megabytes = 64

[crawl.stand_ins]
"www.example.org" = "http://127.0.0.1:8000/"

[sources.registry_extract]
enabled = true
cadence = "30 1 * * mon-fri"
late_after_days = 3

[sources.registry_extract.series.city]
path = "https://example.org/firms.csv"
listing = "full"

[sources.registry_extract.series.bureau-2]
path = "/srv/inbox"
listing = "new"

[schedule]
nightly = "0 3 * * *"
weekly = "15 6 * * mon"

[mail]
host = "mail.example.org"
port = 465
username = "monitor"
password_env = "SECRET"
sender = "monitor@example.org"
security = "tls"
operator = "operator@example.org"

[[recipients]]
address = "reader@example.org"
language = "en"
sub_sectors = ["medical_devices", "digital_health"]

[[recipients]]
address = "leser@example.org"

[site]
base_url = "https://example.org/putuo"
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "monitor.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_section_is_read(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, WHOLE))
    assert (config.district.name_zh, config.district.name_en) == ("样本区", "Sample District")
    assert config.crawl.model_dump() == {
        "contact": "monitor@example.org",
        "delay_seconds": 7.5,
        "timeout_seconds": 30.0,
        "max_megabytes": 64,
        "stand_ins": {"www.example.org": "http://127.0.0.1:8000"},
    }
    extract = config.sources.registry_extract
    assert (extract.enabled, extract.cadence, extract.late_after_days) == (True, "30 1 * * mon-fri", 3)
    assert {name: (series.path, series.listing) for name, series in extract.series.items()} == {
        "city": ("https://example.org/firms.csv", "full"),
        "bureau-2": ("/srv/inbox", "new"),
    }
    assert config.schedule.model_dump() == {"nightly": "0 3 * * *", "weekly": "15 6 * * mon"}
    assert config.mail.model_dump() == {
        "host": "mail.example.org",
        "port": 465,
        "username": "monitor",
        "password_env": "SECRET",
        "sender": "monitor@example.org",
        "security": "tls",
        "operator": "operator@example.org",
    }
    assert [reader.model_dump() for reader in config.recipients] == [
        {
            "address": "reader@example.org",
            "language": "en",
            "sub_sectors": ("medical_devices", "digital_health"),
        },
        {"address": "leser@example.org", "language": "zh", "sub_sectors": ()},
    ]
    assert config.site.base_url == "https://example.org/putuo"


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, "")) == Config()


def test_we_are_polite_by_default() -> None:
    assert Config().crawl.delay_seconds >= 5


MISTAKES = {
    "a stand-in on another machine": (
        "[crawl.stand_ins]\n'www.example.org'='http://192.0.2.7:80'",
        "crawl.stand_ins.www.example.org: Value error, a stand-in is an address on this machine",
    ),
    "mail without a sender": ("[mail]\nhost='mail.example.org'", "mail: Value error, sender is missing"),
    "mail in the clear to another machine": (
        "[mail]\nhost='mail.example.org'\nsender='a@example.org'\nsecurity='none'",
        "mail: Value error, security none is only for a server on this machine",
    ),
    "an unknown section": ("[mial]\nhost='x'", "mial: no such key"),
    "an unknown key": ("[crawl]\nspeed = 1", "crawl.speed: no such key"),
    "an unknown source": ("[sources.shpt]\nenabled = true", "sources.shpt: no such key"),
    "text for a number": ("[crawl]\ndelay_seconds = 'fast'", "crawl.delay_seconds: Input should be a valid number"),
    "a number too small": (
        "[crawl]\ndelay_seconds = -1",
        "crawl.delay_seconds: Input should be greater than or equal to 0",
    ),
    "a number that is none": ("[crawl]\ndelay_seconds = nan", "crawl.delay_seconds: "),
    "no time at all": ("[crawl]\ntimeout_seconds = 0", "crawl.timeout_seconds: Input should be greater than 0"),
    "too much memory": ("[crawl]\nmax_megabytes = 99999", "crawl.max_megabytes: Input should be less than"),
    "a contact that is no address": (
        "[crawl]\ncontact = 'me'",
        "crawl.contact: Value error, not an e-mail address (got 'me')",
    ),
    "an address in two words": (
        "[mail]\nsender = 'a b@example.org'",
        "mail.sender: Value error, not an e-mail address",
    ),
    "a port that is none": ("[mail]\nport = 0", "mail.port: Input should be greater than or equal to 1"),
    "a day of the week as a number": (
        "[schedule]\nweekly = '0 6 * * 1'",
        "schedule.weekly: Value error, write the day of",
    ),
    "days of the week as numbers": (
        "[schedule]\nweekly = '0 6 * * mon,3'",
        "schedule.weekly: Value error, write the day of",
    ),
    "an hour too many": ("[schedule]\nnightly = '0 24 * * *'", "schedule.nightly: Value error, "),
    "a cron line too short": (
        "[schedule]\nnightly = '0 2 * *'",
        "schedule.nightly: Value error, Wrong number of fields",
    ),
    "a day that never comes": ("[schedule]\nnightly = '0 2 31 2 *'", "schedule.nightly: Value error, never comes"),
    "a cadence in words": (
        "[sources.registry_extract]\ncadence = 'daily'",
        "sources.registry_extract.cadence: Value error, Wrong number of fields; got 1, expected 5 (got 'daily')",
    ),
    "a series without its path": (
        "[sources.registry_extract.series.city]\nlisting = 'full'",
        "sources.registry_extract.series.city.path: Field required",
    ),
    "a series with an empty path": (
        "[sources.registry_extract.series.city]\npath = ''\nlisting = 'full'",
        "sources.registry_extract.series.city.path: String should have at least 1 character",
    ),
    "an unknown listing": (
        "[sources.registry_extract.series.city]\npath = 'x'\nlisting = 'some'",
        "sources.registry_extract.series.city.listing: Input should be 'full' or 'new' (got 'some')",
    ),
    "a series that would leave its folder": (
        "[sources.registry_extract.series.'../x']\npath = 'x'\nlisting = 'new'",
        "sources.registry_extract.series.../x",
    ),
    "a late extract before it is due": (
        "[sources.registry_extract]\nlate_after_days = 0",
        "late_after_days: Input should",
    ),
    "an unknown language": (
        "[[recipients]]\naddress = 'a@example.org'\nlanguage = 'fr'",
        "recipients.0.language: Input should be 'zh', 'en' or 'both' (got 'fr')",
    ),
    "an unknown sub-sector": (
        "[[recipients]]\naddress = 'a@example.org'\nsub_sectors = ['shoes']",
        "recipients.0.sub_sectors.0: Input should be",
    ),
    "a reader without an address": ("[[recipients]]\nlanguage = 'zh'", "recipients.0.address: Field required"),
    "a site that is no address": ("[site]\nbase_url = 'example.org'", "site.base_url: String should match"),
    "text that is not TOML": ("[crawl\n", "not TOML: "),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_place(tmp_path: Path, mistake: str) -> None:
    text, told = MISTAKES[mistake]
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert told in str(refused.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "[mail]\nport = 0\n[crawl]\nspeed = 1\ndelay_seconds = -1")
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    assert len(str(refused.value).splitlines()) == 3


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "monitor.toml"
    path.write_bytes("[district]\nname_zh = '普陀区'".encode("gb18030"))
    with pytest.raises(ConfigError, match="not TOML: 'utf-8' codec"):
        load_config(path)


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_config(tmp_path)


def test_data_lie_in_var_unless_the_environment_says_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert (project_root(), home()) == (ROOT, ROOT / "var")
    monkeypatch.chdir(ROOT / "tests")
    assert home() == ROOT / "var"
    monkeypatch.setenv("PUTUO_HOME", str(tmp_path / "x" / ".." / "data"))
    assert home() == tmp_path / "data"
    monkeypatch.setenv("PUTUO_HOME", "~/data")
    assert home() == Path.home() / "data"


def test_outside_a_project_data_lie_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (home(), config_path()) == (tmp_path / "var", tmp_path / "monitor.toml")
    assert load_config() == Config()


def test_the_environment_may_name_the_configuration_which_must_then_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PUTUO_CONFIG", str(write(tmp_path / "..", "[mail]\nport = 25")))
    assert load_config().mail.port == 25
    monkeypatch.setenv("PUTUO_CONFIG", str(tmp_path / "gone.toml"))
    with pytest.raises(ConfigError, match=r"gone\.toml: named by PUTUO_CONFIG, but there is no such file"):
        load_config()
    monkeypatch.setenv("PUTUO_CONFIG", "")
    assert load_config() == Config()


@pytest.mark.parametrize("command", [("crawl", "registry_extract", "-a", "path=x", "-a", "listing=new"), ("sources",)])
def test_a_command_tells_a_mistake_with_its_place_and_does_nothing(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = scrapy(tmp_path, *command, settings="[crawl]\ndelay_seconds = 'fast'")
    assert done.exitcode == 2
    assert f"error: {tmp_path}/monitor.toml: crawl.delay_seconds: Input should be a valid number" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["monitor.toml"]
