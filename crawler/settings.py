"""Every Scrapy setting, with a reason beside each that is not Scrapy's default."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from scrapy.settings import default_settings

from crawler.config import Config, ConfigError, load_config

try:
    VERSION = version("putuo-life-health-monitor")
except PackageNotFoundError:  # run from a checkout that was never installed
    VERSION = "0"
try:
    _CRAWL = load_config().crawl
except ConfigError:
    # Commands read the file again and say what is wrong with it; a traceback from here would help nobody.
    _CRAWL = Config().crawl

BOT_NAME = "putuo-life-health-monitor"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
COMMANDS_MODULE = "crawler.commands"
TEMPLATES_DIR = str(Path(__file__).parent / "templates")  # `scrapy genspider` makes sources of ours

# --- Who we are, and politeness ---------------------------------------------------------------------------------
# A host's owner must be able to write to us; without a contact we at least say what we are.
USER_AGENT = f"{BOT_NAME}/{VERSION}" + (f" (+mailto:{_CRAWL.contact})" if _CRAWL.contact else "")
ROBOTSTXT_OBEY = True  # off by default
CONCURRENT_REQUESTS = 1  # one request at a time: hosts are few and small
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = _CRAWL.delay_seconds  # 5 to 10 s for government hosts
DOWNLOAD_DELAY_JITTER = 0  # the delay is a promise, not an average
DOWNLOAD_TIMEOUT = _CRAWL.timeout_seconds
COOKIES_ENABLED = False  # we keep no session with anyone
REFERRER_POLICY = "no-referrer"  # where we come from is nobody's business
METAREFRESH_ENABLED = False  # a page must not steer us
REDIRECT_MAX_TIMES = 5  # 20 would be a loop

# --- Safety ------------------------------------------------------------------------------------------------------
DOWNLOAD_VERIFY_CERTIFICATES = True  # off by default
DOWNLOAD_MAXSIZE = _CRAWL.max_megabytes * 1024 * 1024  # 1 GB would not fit a small machine's memory twice
DOWNLOAD_WARNSIZE = 0  # the limit is the limit; a warning at 32 MB is noise
DOWNLOAD_FAIL_ON_DATALOSS = True
# 403, 412, 429 and 503 are answers, not accidents: the guard stops on them.
RETRY_HTTP_CODES = [500, 502, 504, 408, 522, 524]
TELNETCONSOLE_ENABLED = False  # nobody may talk into a running crawl
REMOTE_CONTROL_ENABLED = False
HTTPPROXY_ENABLED = False  # no proxies: we are who we are
DOWNLOAD_HANDLERS: dict[str, str | None] = {"ftp": None, "s3": None, "data": None}  # no source of ours speaks these
if _CRAWL.stand_ins:  # a rehearsal: hosts are answered from this machine, and no other host can be reached
    MONITOR_STAND_INS = dict(_CRAWL.stand_ins)
    DOWNLOAD_HANDLERS |= dict.fromkeys(("http", "https"), "crawler.stand_ins.StandIns")

# --- What we switched off is not even imported ---------------------------------------------------------------------
# It drags in whole libraries (another HTTP client, lists of domains), and each of a night's processes would wait.
_UNUSED = {
    "scrapy.extensions.remote_control.RemoteControl",
    "scrapy.extensions.telnet.TelnetConsole",
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware",
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware",
}
EXTENSIONS_BASE = {name: at for name, at in default_settings.EXTENSIONS_BASE.items() if name not in _UNUSED}
DOWNLOADER_MIDDLEWARES_BASE = {
    name: at for name, at in default_settings.DOWNLOADER_MIDDLEWARES_BASE.items() if name not in _UNUSED
}

# --- What a run writes -------------------------------------------------------------------------------------------
FEED_EXPORT_ENCODING = "utf-8"
EXTENSIONS: dict[Any, int] = {
    "crawler.manifest.ManifestWriter": 0,  # takes the run's lock before anything is written
}
SPIDER_MIDDLEWARES: dict[Any, int] = {
    "crawler.capture.Capture": 10,  # closest to the engine: keeps each reply before anything reads it
}
ITEM_PIPELINES: dict[Any, int] = {
    "pipelines.stages.Validate": 100,
}
DOWNLOADER_MIDDLEWARES: dict[Any, int | None] = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.robots.StrictRobots": 100,
    # Closer to the network than redirects (600) and retries (550), so that it sees each reply first.
    "crawler.guard.Guard": 650,
}

# --- Logs --------------------------------------------------------------------------------------------------------
LOG_LEVEL = "INFO"  # DEBUG prints every item
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False  # the manifest holds what matters
