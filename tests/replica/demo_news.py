"""The invented week of the district's portal and of its English site."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.replica import english, portal
from tests.replica.english import Story, announcement
from tests.replica.portal import Portal, PortalArticle
from tests.replica.server import Replica, Reply

_DATA = Path(__file__).with_name("demo_news.toml")
_SLOW_DOWN = Reply(b"", 429, {"Retry-After": "7200"})
_ELSEWHERE = "https://filings.example.org/form/{}"  # where the list's link leads to another host


class DemoNews:
    """What both sites show, night by night (0 is the baseline, of the day `first_night`)."""

    def __init__(self, first_night: date) -> None:
        self._data: dict[str, Any] = tomllib.loads(_DATA.read_text(encoding="utf-8"))
        self._first_night = first_night
        self.portal = Portal([self._article(said) for said in self._data["article"]])
        self.portal_site = Replica(self.portal.routes())
        self.english_site = Replica()
        self.turn_to(0)

    def turn_to(self, night: int) -> None:
        """Shows both sites as they are that night."""
        self.portal.today = self._day(night)
        self.portal.reply = _SLOW_DOWN if self.refuses(night) else None
        shown = [_story(said) for said in self._data["english"] if said["night"] <= night]
        self.english_site.routes = english.routes([*shown, announcement()])

    def refuses(self, night: int) -> bool:
        """Whether the portal asks us to slow down that night."""
        return bool(night == self._data["refused_night"])

    def stand_ins(self) -> dict[str, str]:
        """The hosts, and who answers for them."""
        return {portal.HOST: self.portal_site.url(), english.HOST: self.english_site.url()}

    def _day(self, night: int) -> date:
        return self._first_night + timedelta(days=night)

    def _article(self, said: dict[str, Any]) -> PortalArticle:
        return PortalArticle(
            id=said["id"],
            title=said["title"],
            day=said["published"],
            channel=said["channel"],
            paragraphs=tuple(said.get("paragraphs", ())),
            agency=said.get("agency", ""),
            document_number=said.get("document_number", ""),
            index_number=said.get("index_number", ""),
            url="" if said.get("page", True) else _ELSEWHERE.format(said["id"]),
            appears=self._day(said["night"]),
        )


def _story(said: dict[str, Any]) -> Story:
    return Story(said["id"], said["published"], said["title"], tuple(said["paragraphs"]), said["column"])
