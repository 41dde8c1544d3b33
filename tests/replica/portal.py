"""The district portal's stand-in: its list interface, column pages and article pages, honest or with a trap set."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from tests.replica.server import Asked, Reply, Route

HOST = "www.shpt.gov.cn"
AFFAIR, SEARCH = "/front/api/data/affair", "/front/api/data/search"
COLUMNS = {"yaowen": "1899", "tupianxinwen": "1901", "qyzs-yinshang": "1902"}  # invented ids, but for the first
FILINGS = "3390"
DOCUMENTS = ("3", "6", "1225", "1614", "1621")
OPENING = "正文内容区域请使用tab按钮切换浏览"
ROBOTS = "User-agent: *\nDisallow: /admin/\n"
CAP = 10_000
NEVER_KEPT = ("某样编辑", "13800000001")  # what every record carries besides, as interfaces do

JSON = {"Content-Type": "application/json;charset=UTF-8"}
HTML = {"Content-Type": "text/html; charset=utf-8"}
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def _page(title: str, body: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()


WALLS: dict[str, Reply] = {
    "304": Reply(b"", 304),
    "403": Reply(_page("403", "Forbidden"), 403, HTML),
    "412": Reply(b"<html><script>$_ts={};$_ts.cd='x';</script></html>", 412, HTML),
    "429": Reply(b"", 429),
    "429 with Retry-After": Reply(b"", 429, {"Retry-After": "7200"}),
    "captcha": Reply(_page("访问验证", "请输入验证码"), headers=HTML),
    "login": Reply(_page("登录", "<form><input name=u><input type='password' name=p></form>"), headers=HTML),
    "redirect loop": Reply(b"", 307, {"Location": AFFAIR}),
    "redirect to a private address": Reply(b"", 302, {"Location": "http://192.168.0.1/admin"}),
    "a lie of 2 GB": Reply(b"{}", headers=JSON, length=2_147_483_648),
    "a stream without end": Reply(headers=JSON, stream=itertools.repeat(b" " * 65_536)),
    "a truncated reply": Reply(b'{"code":0,"data":{"pageNo":1,"total', headers=JSON, cut=20),
}


class Trap(StrEnum):
    """How the list interface misbehaves."""

    CHANNELS_IGNORED = "channels_ignored"  # the whole site comes, whatever is asked
    WRONG_ECHO = "wrong_echo"  # from page 2 on page 1 comes, and says so
    ENDLESS = "endless"  # every page is page 1, and says it is the one asked
    TOTAL_CAPPED = "total_capped"  # the total is the cap, as of a list that holds more
    MS_EPOCH = "ms_epoch"  # days as milliseconds, as sibling districts send
    ASCENDING = "ascending"  # the order asked for is ignored
    THROTTLED = "throttled"  # a single record a page


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalArticle:
    """One invented article. `url` is as its list prints it: relative, absolute or off-site; left out, as usual.

    `appears` is the day from which the portal shows it, for articles that come after their date. `page` is sent in
    place of its page. `encoding` is what its page is in, `declared` what it says it is in.
    """

    id: str
    title: str
    day: date
    channel: str = COLUMNS["yaowen"]
    paragraphs: tuple[str, ...] = ()
    agency: str = ""
    document_number: str = ""
    index_number: str = ""
    url: str = ""
    appears: date | None = None
    page: Reply | None = None
    encoding: str = "utf-8"
    declared: str = "utf-8"
    attachments: tuple[str, ...] = ()

    @property
    def is_document(self) -> bool:
        return self.channel in DOCUMENTS

    @property
    def path(self) -> str:
        """Where its page lies."""
        if self.is_document:
            return f"/zhengwu/{self.channel}-dept/{self.day:%Y}/{self.day:%j}/{self.id}.html"
        column = next((name for name, channel in COLUMNS.items() if channel == self.channel), "shpt")
        return f"/{column}/{self.day:%Y%m%d}/{self.id}.html"

    def shown(self, today: date | None) -> bool:
        return today is None or (self.appears or self.day) <= today


@dataclass(slots=True)
class Portal:
    """The portal with its articles, on a day (`today` None: all are shown).

    `on_list` is called before each reply of the list interface with the portal and the count of such requests, so that
    a list can shift while it is paged. `replies` are sent in place of such a reply, by that count; `reply` in place of
    all. `pages` replace or add whole pages, by path. `claims` is what the list says it holds.
    """

    articles: list[PortalArticle] = field(default_factory=list)
    today: date | None = None
    traps: frozenset[Trap] = frozenset()
    on_list: Callable[[Portal, int], None] | None = None
    reply: Reply | None = None
    replies: Mapping[int, Reply] = field(default_factory=dict)
    pages: Mapping[str, Route] = field(default_factory=dict)
    claims: int | None = None
    lists_asked: int = 0

    def routes(self) -> dict[str, Route]:
        """For a `Replica`. Articles that are added later need their page routed again."""
        routes: dict[str, Route] = {"/robots.txt": Reply(ROBOTS.encode()), AFFAIR: self._list, SEARCH: self._list}
        routes |= {f"/{name}/index.html": Reply(column_page(ids), headers=HTML) for name, ids in COLUMNS.items()}
        for article in self.articles:
            routes[article.path] = self._article(article)
        return {**routes, **self.pages}

    def _article(self, article: PortalArticle) -> Route:
        def route(asked: Asked) -> Reply:
            if not article.shown(self.today):
                return Reply(_page("404", "页面不存在"), 404, HTML)
            return article.page or article_reply(article)

        return route

    def _list(self, asked: Asked) -> Reply:
        self.lists_asked += 1
        if self.on_list is not None:
            self.on_list(self, self.lists_asked)
        if instead := self.replies.get(self.lists_asked, self.reply):
            return instead
        if asked.method != "POST":
            return Reply(b'{"code":405,"message":"Method Not Allowed"}', headers=JSON)
        return Reply(json.dumps(self._answer(json.loads(asked.body)), ensure_ascii=False).encode(), headers=JSON)

    def _answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        found, number, size = self._found(asked), asked["pageNo"], asked["pageSize"]
        if Trap.WRONG_ECHO in self.traps or Trap.ENDLESS in self.traps:
            shown = found[:size]
            number = 1 if Trap.WRONG_ECHO in self.traps else number
        else:
            shown = found[(number - 1) * size : number * size]
        if Trap.THROTTLED in self.traps:
            shown = shown[:1]
        total = CAP if Trap.TOTAL_CAPPED in self.traps else min(len(found), CAP)
        total = total if self.claims is None else self.claims
        counters = {"totalPage": -(-total // size), "totalCount": total}
        if not shown:  # past the end
            counters = dict.fromkeys(counters, 0)
        data = {"pageNo": number, "pageSize": size, **counters, "list": [self._record(article) for article in shown]}
        return {"code": 0, "message": "success", "data": data}

    def _found(self, asked: Mapping[str, Any]) -> list[PortalArticle]:
        channels: Any = asked.get("channelList")
        whole_site = not isinstance(channels, list) or Trap.CHANNELS_IGNORED in self.traps
        found = [
            article
            for article in self.articles
            if article.shown(self.today)
            and (whole_site or article.channel in channels)
            and ("docFlag" not in asked or article.is_document)
        ]
        newest_first = Trap.ASCENDING not in self.traps
        return sorted(found, key=lambda article: (article.day, article.id), reverse=newest_first)

    def _record(self, article: PortalArticle) -> dict[str, Any]:
        midnight = datetime.combine(article.day, time(), _SHANGHAI)
        return {
            "id": article.id,
            "title": article.title,
            "url": article.url or article.path,
            "display_date": int(midnight.timestamp() * 1000) if Trap.MS_EPOCH in self.traps else f"{article.day}",
            "doc_flag": int(article.is_document),
            "channel_id": article.channel,
            "dispatch_agency": article.agency or None,
            "drafting_unit": None,
            "attaches": [{"url": f"/cmsres/{name}", "name": name, "size": 1} for name in article.attachments],
            "editor": NEVER_KEPT[0],
            "contact_phone": NEVER_KEPT[1],
        }


def column_page(ids: str, http: str = SEARCH) -> bytes:
    """A column's page: its list is filled by a script."""
    script = f"new CMS('#columnlist',{{ids:'{ids}',http:'{http}',pageSize:15,template:'#tpl'}});"
    return _page("栏目", f"<ul id='columnlist'></ul><script>var site='shpt';\n{script}</script>")


def article_reply(article: PortalArticle) -> Reply:
    """An article's page, as the portal lays it out."""
    facts = {
        "索引号": article.index_number,
        "发文字号": article.document_number,
        "发布日期": f"{article.day.year}年{article.day.month:02}月{article.day.day:02}日",
        "公开主体": article.agency,
    }
    widths = itertools.cycle(("col-md-7", "col-md-5"))
    info = "".join(
        f'<div class="{width}"><span>{label}：</span><span>{value}</span></div>'
        for width, (label, value) in zip(widths, facts.items(), strict=False)
        if value
    )
    text = "".join(f"<p>　　{paragraph}</p>" for paragraph in article.paragraphs)
    html = (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="{article.declared}"><title>{article.title}_普陀</title>'
        "<script>var channel = 1;</script></head><body><header><a href='/'>首页</a></header>"
        f'<h1>{article.title}</h1><div class="article-info row">{info}</div>'
        f'<div id="ivs_content" class="Article_content"><p>{OPENING}</p>{text}</div>'
        "<footer>网站标识码 0000000000</footer></body></html>"
    )
    return Reply(html.encode(article.encoding), headers={"Content-Type": f"text/html; charset={article.declared}"})


def without_body(title: str) -> Reply:
    """A page that has a title and not the element the platform documents."""
    return Reply(_page(title, f"<h1>{title}</h1><video src='/cmsres/1.mp4'></video>"), headers=HTML)
