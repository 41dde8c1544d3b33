"""`scrapy doctor --live`: what an operator learns of each source on the first day, and that nothing else happens."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from crawler.child_process import ChildProcess
from crawler.config import Config, Sources, WebSource
from crawler.due import spider_of
from crawler.live_check import NoSuchSourceError, check, chosen
from crawler.probe import Notes
from crawler.run_folder import Outcome
from crawler.source import Source
from crawler.verdict import Verdict, judge
from tests.crawler.crawling import ROOT, SETTINGS, Done, crawl, environment, scrapy, together
from tests.crawler.extracts import extract
from tests.crawler.portal_scenes import whole_portal
from tests.replica import english, portal
from tests.replica.server import Asked, Replica, Reply, Route

REHEARSAL = "THIS IS A REHEARSAL: crawl.stand_ins IS SET, THIS MACHINE ANSWERS, AND NO REAL HOST WAS ASKED."
ROWS = 5  # columns of the table


@dataclass(frozen=True)
class Looked:
    """A look at sources: how the command ended, what its table says, and which paths were asked."""

    done: Done
    asked: tuple[str, ...] = ()

    def row(self, source: str) -> tuple[str, str, str, str]:
        """Of a source: verdict, robots.txt, reachable, as documented; the lines of a cell joined."""
        cells: dict[str, list[str]] = {}
        label = ""
        for line in (line.split("│")[1:-1] for line in self.done.stdout.splitlines() if line.startswith("│")):
            said = [cell.strip() for cell in line]
            label = said[1] or label
            before = cells.setdefault(label, [""] * ROWS)
            cells[label] = [f"{old} {new}".strip() for old, new in zip(before, said, strict=True)]
        verdict, _, robots, reachable, documented = cells[source]
        return verdict, robots, reachable, documented

    @property
    def last(self) -> str:
        return self.done.stdout.splitlines()[-1]


def settings(stand_ins: Mapping[str, str], crawl: str = "") -> str:
    named = "".join(f'"{host}" = "{url}"\n' for host, url in stand_ins.items())
    return f"{SETTINGS}{crawl}\n[crawl.stand_ins]\n{named}"


def look(home: Path, source: str, host: str, routes: Mapping[str, Route], crawl: str = "") -> Looked:
    """One source against a site with these routes."""
    with Replica(routes) as site:
        done = scrapy(home, "doctor", "--live", source, settings=settings({host: site.url()}, crawl))
    return Looked(done, tuple(site.paths()))


def of_portal(home: Path, **routes: Route) -> Looked:
    found = whole_portal().routes() | {path.replace("__", "/"): route for path, route in routes.items()}
    return look(home, "putuo_portal", portal.HOST, found)


def of_english(home: Path, crawl: str = "", **routes: Route) -> Looked:
    """The English site; a route's name is its path, `robots`, `news` or `ciih`."""
    paths = {"robots": "/robots.txt", "news": "/news/news/index.shtml", "ciih": "/ciih/index.shtml"}
    found = english.routes() | {paths[name]: route for name, route in routes.items()}
    return look(home, "putuo_english", english.HOST, found, crawl)


def renamed(key: str) -> Route:
    """The portal's list, with a key of its records under another name."""

    def route(asked: Asked) -> Reply:
        answer = whole_portal()._answer(json.loads(asked.body))
        for record in answer["data"]["list"]:
            record[f"new_{key}"] = record.pop(key)
        return Reply(json.dumps(answer, ensure_ascii=False).encode(), headers=portal.JSON)

    return route


def refused(home: Path) -> Looked:
    with Replica() as gone:
        address = gone.url()
    return Looked(scrapy(home, "doctor", "--live", "putuo_english", settings=settings({english.HOST: address})))


def unresolved(home: Path) -> Looked:
    series = "[sources.registry_extract.series.city]\nlisting = 'full'\npath = 'http://extracts.invalid/city.csv'\n"
    return Looked(scrapy(home, "doctor", "--live", settings=SETTINGS + series))


def extract_over_http(home: Path) -> Looked:
    with Replica({"/city.csv": Reply(extract(*range(7)), headers={"Content-Type": "text/csv"})}) as site:
        series = f"[sources.registry_extract.series.city]\nlisting = 'full'\npath = '{site.url('/city.csv')}'\n"
        return Looked(scrapy(home, "doctor", "--live", settings=SETTINGS + series), tuple(site.paths()))


SOON, LATE = "timeout_seconds = 3\n", Reply(wait=60)  # nobody waits for the end of it
NO_ROBOTS = "User-agent: *\nDisallow: /"
SCENES: dict[str, Any] = {
    "honest portal": of_portal,
    "honest English site": of_english,
    "a portal whose titles have another key": lambda home: of_portal(home, **{portal.SEARCH: renamed("title")}),
    "a portal whose agencies have another key": lambda home: of_portal(
        home, **{portal.SEARCH: renamed("dispatch_agency")}
    ),
    "a portal without its list": lambda home: of_portal(
        home, **{portal.SEARCH: Reply(b'{"code":0,"message":"ok","data":{}}', headers=portal.JSON)}
    ),
    "an empty list": lambda home: look(home, "putuo_portal", portal.HOST, portal.Portal([]).routes()),
    "a page without links": lambda home: of_english(
        home, news=Reply(b"<html><body>soon</body></html>"), ciih=Reply(b"<html><body>soon</body></html>")
    ),
    "a list that is gone": lambda home: of_english(home, news=Reply(b"", 404), ciih=Reply(b"", 404)),
    "robots.txt forbids": lambda home: of_english(home, robots=Reply(NO_ROBOTS.encode())),
    "robots.txt fails": lambda home: of_english(home, robots=Reply(b"", 500)),
    "robots.txt is forbidden": lambda home: of_english(home, robots=Reply(b"", 403)),
    "robots.txt asks for an hour": lambda home: of_english(home, robots=Reply(b"User-agent: *\nCrawl-delay: 3600")),
    "no robots.txt": lambda home: of_english(home, robots=Reply(b"", 404)),
    "403": lambda home: of_english(home, news=Reply(b"", 403)),
    "412": lambda home: of_english(home, news=portal.WALLS["412"]),
    "429": lambda home: of_english(home, news=portal.WALLS["429"]),
    "a login page": lambda home: of_english(home, news=portal.WALLS["login"]),
    "another host": lambda home: of_english(home, news=Reply(b"", 302, {"Location": "https://www.example.org/"})),
    "nobody listens": refused,
    "no such host": unresolved,
    "a site that hangs": lambda home: of_english(home, SOON, robots=LATE),
    "a list that hangs": lambda home: of_english(home, SOON, news=LATE, ciih=LATE),
    "an extract over http": extract_over_http,
}


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Looked]:
    return together(SCENES, tmp_path_factory.mktemp("live"))


SOURCE_OF = {
    "honest portal": "putuo_portal",
    "a portal whose titles have another key": "putuo_portal",
    "a portal whose agencies have another key": "putuo_portal",
    "a portal without its list": "putuo_portal",
    "an empty list": "putuo_portal",
    "no such host": "registry_extract city/full",
    "an extract over http": "registry_extract city/full",
}
FOUND = {
    "honest portal": ("READY", "allows", "yes", "title 20/20 url 20/20 day 20/20 agency 0/20 ← documented, absent"),
    "honest English site": ("READY", "allows", "yes", "list page read: 5 records id 5/5 title 5/5"),
    "a portal whose titles have another key": ("DIFFERENT", "allows", "yes", "no record of data.list has 'title'"),
    "a portal whose agencies have another key": ("READY", "allows", "yes", "agency 0/20 ← documented, absent"),
    "a portal without its list": ("DIFFERENT", "allows", "yes", "data.pageNo"),
    "an empty list": ("DIFFERENT", "allows", "yes", "the list says it holds no record at all"),
    "a page without links": ("DIFFERENT", "allows", "yes", "a list without a single article"),
    "a list that is gone": ("DIFFERENT", "allows", "yes", "HTTP 404 where the list of"),
    "robots.txt forbids": ("FORBIDDEN", f"FORBIDS http://{english.HOST}", "yes, but we may not", "-"),
    "robots.txt fails": ("FORBIDDEN", "could not be read (HTTP 500): that COUNTS AS FORBIDDEN", "we may not", "-"),
    "robots.txt is forbidden": ("TURNED AWAY", "(HTTP 403): that COUNTS AS FORBIDDEN", "may answer only", "-"),
    "robots.txt asks for an hour": ("FORBIDDEN", "longer pauses than a night allows", "yes, but we may not", "-"),
    "no robots.txt": ("READY", "allows (there is none)", "yes", "title 5/5"),
    "403": ("TURNED AWAY", "allows", "it may answer only addresses in mainland China", "-"),
    "412": ("TURNED AWAY", "allows", "a script challenge, which we do not solve", "-"),
    "429": ("TURNED AWAY", "allows", "look again tomorrow", "-"),
    "a login page": ("TURNED AWAY", "allows", "a challenge or login stands before the page", "-"),
    "another host": ("TURNED AWAY", "allows", "has the site moved?", "-"),
    "nobody listens": ("UNREACHABLE", "connection was refused): that COUNTS AS FORBIDDEN", "NO: the connection", "-"),
    "no such host": ("UNREACHABLE", "that COUNTS AS FORBIDDEN", "the name of the host is not known here (DNS)", "-"),
    "a site that hangs": ("UNREACHABLE", "could not be read (timed out)", "NO: timed out; is there internet", "-"),
    "a list that hangs": ("UNREACHABLE", "allows", "NO: timed out; is there internet here?", "-"),
    "an extract over http": ("READY", "allows (there is none)", "yes", "read: 7 rows (it has no list)"),
}  # fmt: skip


@pytest.mark.parametrize("scene", SCENES)
def test_each_source_has_one_verdict_with_the_reason_beside_it(scene: str, looked: dict[str, Looked]) -> None:
    seen = looked[scene]
    verdict, robots, reachable, documented = seen.row(SOURCE_OF.get(scene, "putuo_english"))
    word, *told = FOUND[scene]
    rehearsed = not scene.startswith(("no such host", "an extract"))
    assert verdict == word + (" (rehearsal)" if rehearsed else ""), seen.done.stdout
    for cell, part in zip((robots, reachable, documented), told, strict=True):
        assert part in cell, seen.done.stdout
    assert seen.done.exitcode == (0 if word == "READY" else 1)
    assert seen.last.startswith(f"1 {word} (of 1)")


@pytest.mark.parametrize("scene", SCENES)
def test_a_rehearsal_is_told_above_and_below_its_table_and_nothing_else_is_called_one(
    scene: str, looked: dict[str, Looked]
) -> None:
    told = looked[scene].done.stdout
    assert told.count(REHEARSAL) == (0 if scene in ("no such host", "an extract over http") else 2)


@pytest.mark.parametrize("scene", SCENES)
def test_few_requests_are_made_and_robots_txt_comes_first(scene: str, looked: dict[str, Looked]) -> None:
    asked = looked[scene].asked
    assert len(asked) <= 7
    assert not asked or asked[0] == "/robots.txt"


@pytest.mark.parametrize("scene", ["robots.txt forbids", "robots.txt fails", "robots.txt is forbidden"])
def test_where_robots_txt_is_no_invitation_no_page_is_asked(scene: str, looked: dict[str, Looked]) -> None:
    assert looked[scene].asked == ("/robots.txt",)


@pytest.mark.parametrize("scene", SCENES)
def test_nothing_is_written_into_the_data_directory(scene: str, looked: dict[str, Looked]) -> None:
    home = looked[scene].done.home
    assert [path.name for path in home.iterdir()] == ["monitor.toml"]
    assert "Traceback" not in looked[scene].done.stderr


def test_a_key_that_took_another_s_place_is_named(looked: dict[str, Looked]) -> None:
    *_, documented = looked["a portal whose agencies have another key"].row("putuo_portal")
    told = documented.partition("keys not documented: ")[2]
    assert "new_dispatch_agency" in told
    assert portal.NEVER_KEPT[1] not in looked["honest portal"].done.stdout


def everything(home: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a data directory: its bytes and when it was written."""
    files = [path for path in home.rglob("*") if path.is_file() and path.name != "monitor.toml"]
    return {str(path.relative_to(home)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_a_data_directory_with_runs_stays_as_it_was_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_bytes(extract(1, 2, 3))
    home = tmp_path / "home"
    crawl(home, path)
    before, folders = everything(home), sorted(home.rglob("*"))
    with Replica(english.routes()) as site:
        done = scrapy(home, "doctor", "--live", "putuo_english", settings=settings({english.HOST: site.url()}))
    assert done.exitcode == 0, done.stdout
    assert everything(home) == before
    assert sorted(home.rglob("*")) == folders


def test_sources_that_are_switched_on_are_asked_one_after_the_other_and_one_that_fails_tells_on_all(
    tmp_path: Path,
) -> None:
    on = "[sources.putuo_portal]\nenabled = true\n[sources.putuo_english]\nenabled = true\n"
    with Replica(whole_portal().routes()) as good, Replica({"/robots.txt": Reply(NO_ROBOTS.encode())}) as bad:
        named = {portal.HOST: good.url(), english.HOST: bad.url()}
        (tmp_path / "inbox" / "full").mkdir(parents=True)
        done = scrapy(tmp_path, "doctor", "--live", settings=settings(named) + on)
    seen = Looked(done)
    assert seen.row("putuo_portal")[0] == "READY (rehearsal)"
    assert seen.row("putuo_english")[0] == "FORBIDDEN (rehearsal)"
    verdict, *_, why = seen.row("registry_extract default/full")
    assert verdict == "NOT ASKED (rehearsal)"
    assert why == "there is no host to ask: its extracts are files"
    assert seen.last.startswith("1 READY, 1 FORBIDDEN, 1 NOT ASKED (of 3)")
    assert done.exitcode == 1


def test_a_host_that_a_rehearsal_has_no_stand_in_for_is_not_asked(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "doctor", "--live", "putuo_portal", settings=settings({english.HOST: "http://127.0.0.1:9"}))
    verdict, *_, why = Looked(done).row("putuo_portal")
    assert verdict == "NOT ASKED (rehearsal)"
    assert "names no stand-in for" in why
    assert done.exitcode == 1


@pytest.mark.parametrize(
    ("words", "said", "told"),
    [
        (("putuo_portal",), "[crawl]\ndelay_seconds = 0\n", "set crawl.contact first"),
        (("putuo_porta",), SETTINGS, "no source 'putuo_porta'; there are registry_extract, "),
        ((), SETTINGS, "no source is switched on: name some, or say --all"),
    ],
)
def test_what_cannot_be_looked_at_is_a_mistake_and_nobody_is_asked(
    tmp_path: Path, words: tuple[str, ...], said: str, told: str
) -> None:
    done = scrapy(tmp_path, "doctor", "--live", *words, settings=said)
    assert done.exitcode == 2
    assert told in done.stderr
    assert "asking" not in done.stdout


def test_all_are_all_and_those_named_are_those(tmp_path: Path) -> None:
    found = chosen(Config(), tmp_path, (), everything=True)
    assert [job.source.id for job in found] == list(Sources.model_fields)
    assert [job.label for job in chosen(Config(), tmp_path, ("putuo_english",), everything=False)] == ["putuo_english"]
    assert chosen(Config(), tmp_path, (), everything=False) == []
    with pytest.raises(NoSuchSourceError):
        chosen(Config(), tmp_path, ("nobody",), everything=False)


class _Tokened(WebSource):
    token_env: str = "NOBODY_SETS_THIS_TOKEN"


def test_a_source_whose_token_is_not_set_is_not_asked(tmp_path: Path) -> None:
    config = Config.model_construct(sources=Sources.model_construct(putuo_portal=_Tokened()))
    (job,) = chosen(Config(), tmp_path, ("putuo_portal",), everything=False)
    found = check(job, config, ChildProcess())
    assert found.verdict is Verdict.NOT_ASKED
    assert found.documented == "needs a token first: set the environment variable $NOBODY_SETS_THIS_TOKEN"


def test_a_probe_asks_for_no_more_than_a_few_pages(tmp_path: Path) -> None:
    with Replica({"/page": Reply(b"")}) as site:
        words = ("-s", "SPIDER_MODULES=tests.replica.spiders", "-s", "MONITOR_PROBE=1")
        done = scrapy(tmp_path, "crawl", "many_pages", "-a", f"path={site.url('/page')}", *words)
    assert site.paths() == ["/robots.txt", *["/page"] * 6]
    assert "budget of 6 requests is spent" in done.manifest.reason


# --- What notes mean ---------------------------------------------------------------------------------------------

READ = {"downloader/request_count": 2, "robotstxt/response_status_count/200": 1}
ASKED = spider_of("putuo_english").source


PROBED = Notes(outcome="failed", reason="the crawl ended early (probed)", probed=True, stats=READ)


def notes(**said: Any) -> Notes:
    return replace(PROBED, **said)


def verdict_of(said: Notes, source: Source = ASKED) -> tuple[Verdict, str]:
    found = judge("sample", said, source)
    return found.verdict, found.documented


EMPTY = {"probed": False, "empty_pages": 1}


def test_an_empty_list_is_ready_only_where_it_may_be_empty_and_then_says_that_nothing_was_checked() -> None:
    allowed = notes(**EMPTY, outcome="empty_allowed", reason="the source had nothing")
    assert verdict_of(allowed) == (
        Verdict.READY,
        "list page read: 0 records: the list was empty, and NOT ONE FIELD COULD BE CHECKED",
    )
    wrong = notes(**EMPTY, outcome="empty_wrong", reason="no row was read, which this source never says")
    verdict, told = verdict_of(wrong)
    assert (verdict, told.splitlines()[0]) == (Verdict.DIFFERENT, f"NO: {wrong.reason}")


def test_an_empty_list_that_should_not_be_is_a_difference_though_another_was_read() -> None:
    stopped = (str(Outcome.EMPTY_WRONG), "news: the list says it holds no record at all")
    verdict, told = verdict_of(notes(empty_pages=1, stopped=stopped, listed={"records": 9, "id": 9, "title": 9}))
    assert (verdict, told.splitlines()[0]) == (Verdict.DIFFERENT, f"NO: {stopped[1]}")


@pytest.mark.parametrize(
    ("source", "word", "told"),
    [
        ("listed_news", Outcome.EMPTY_ALLOWED, "the source had nothing"),
        ("never_empty_news", Outcome.EMPTY_WRONG, "which this source never says"),
    ],
)
def test_whether_a_list_may_be_empty_is_judged_by_its_spider(
    tmp_path: Path, source: str, word: Outcome, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "tests.replica.changed")
    with Replica({"/list": Reply(b'{"rows": []}')}) as site:
        words = [sys.executable, "-m", "crawler.probe", source, str(tmp_path / "notes"), f"path={site.url('/list')}"]
        subprocess.run(words, cwd=ROOT, env=environment(tmp_path / "home"), check=True, capture_output=True)
    found = Notes.read(tmp_path / "notes")
    assert (found.outcome, found.empty_pages, found.probed) == (word, 1, False)
    assert told in found.reason


def test_a_field_that_every_record_needs_makes_the_difference_when_it_is_absent() -> None:
    listed = {"records": 15, "id": 15, "title": 15, "agency": 0}
    assert verdict_of(notes(listed=listed))[0] is Verdict.READY
    strict = replace(ASKED, must_fill={"agency": 0.5})
    assert verdict_of(notes(listed=listed), strict) == (
        Verdict.DIFFERENT,
        "NO: not one record has agency\nlist page read: 15 records\nid 15/15\ntitle 15/15\n"
        "agency 0/15 ← documented, absent",
    )
    assert verdict_of(notes(listed={"records": 15, "id": 15, "a": 0, "b": 0}))[0] is Verdict.DIFFERENT


def test_a_reading_that_broke_is_a_difference_whatever_it_read() -> None:
    verdict, told = verdict_of(notes(listed={"records": 2, "id": 2}, stats=READ | {"spider_exceptions/count": 1}))
    assert verdict is Verdict.DIFFERENT
    assert "please report" in told


def test_a_page_that_came_without_a_list_is_a_difference() -> None:
    verdict, told = verdict_of(notes(probed=False, outcome="empty_allowed", reason="the source had nothing"))
    assert (verdict, told) == (Verdict.DIFFERENT, "NO: no page of a list was reached: the source had nothing")


def test_where_nothing_was_asked_nothing_is_claimed() -> None:
    verdict, told = verdict_of(notes(probed=False, stats={}, stopped=("failed", "no token")))
    assert (verdict, told) == (Verdict.NOT_ASKED, "no token")
