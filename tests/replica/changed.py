"""Settings of a program whose parsers are not ours, for SCRAPY_SETTINGS_MODULE; it knows the sources of tests too."""

from __future__ import annotations

from crawler.settings import *  # noqa: F403 - the rest is the project's own
from tests.replica.changes import change

SPIDER_MODULES = ["crawler.spiders", "tests.replica.spiders"]

change()
