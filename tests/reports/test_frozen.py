"""A frozen issue speaks for itself: whatever the database says later, its bytes stay."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports.claim import Scope, Subject
from reports.codec import CodecError, decode
from reports.errors import BaseAddressError, IssueTooNewError, IssueUnreadableError, UnknownLanguageError
from reports.freeze import FORMAT, ISSUE, Issue, read_issue, write_issue
from reports.weekly import MadeIssue
from tests.reports.conftest import MakeIssue, html_of, text_of
from tests.reports.published import PublishedFile, shanghai
from tests.reports.weeks_of_news import empty_week, full_week, nasty_week

FIRST_FORMAT = Path(__file__).parents[1] / "fixtures" / "issue_format_1"  # written by release 0.1.0, which had it
FILES = {
    "issue.json",
    "briefing.zh.html",
    "briefing.zh.txt",
    "briefing.en.html",
    "briefing.en.txt",
    "evidence.html",
}


def bytes_of(made: MadeIssue) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in made.folder.iterdir()}


def test_an_issue_is_exactly_these_files(issue_of: MakeIssue) -> None:
    made = issue_of(full_week())
    assert set(bytes_of(made)) == FILES == {path.name for path in made.files}


@pytest.mark.parametrize("week", [full_week, nasty_week, empty_week])
def test_it_is_rendered_again_byte_for_byte_after_the_database_changed(
    issue_of: MakeIssue, week: Callable[[], PublishedFile]
) -> None:
    first = bytes_of(issue_of(week()))
    other = PublishedFile(published_at=shanghai("2026-12-20 05:00"))
    other.arrival(900, "上海虚构后来医疗器械有限公司")
    again = issue_of(other, now=shanghai("2027-03-01 09:00"))
    assert bytes_of(again) == first


def test_another_language_and_a_lost_page_come_from_issue_json_alone(issue_of: MakeIssue, tmp_path: Path) -> None:
    both = bytes_of(issue_of(full_week()))
    folder = tmp_path / "issues" / "2026-W47"
    for path in folder.iterdir():
        if path.name != ISSUE:
            path.unlink()
    (tmp_path / "putuo.duckdb").unlink()
    issue_of(None, langs=("zh",))
    assert not (folder / "briefing.en.html").exists()
    assert bytes_of(issue_of(None, langs=("en",))) == both


def test_it_names_the_release_that_made_it(issue_of: MakeIssue) -> None:
    made = issue_of(full_week())
    issue = read_issue(made.folder / ISSUE)
    assert issue
    release = issue.briefing.release
    assert (release.made_by, release.rules_version) == ("0.1.0", "rules/3")
    assert release.published_at == shanghai("2026-11-23 05:30")
    assert "编制于11月23日 06:05；程序 0.1.0，规则 rules/3" in text_of(made)


def test_what_is_written_is_read_back_the_same(issue_of: MakeIssue, tmp_path: Path) -> None:
    issue = read_issue(issue_of(nasty_week()).folder / ISSUE)
    assert issue
    path = tmp_path / "2026-W47" / ISSUE
    path.parent.mkdir()
    write_issue(path, issue)
    assert read_issue(path) == issue


def half(text: str) -> str:
    return text[: len(text) // 2]


def one_name_changed(text: str) -> str:
    return text.replace("虚构康泰", "虚构康秦")


def nothing(_text: str) -> str:
    return ""


def a_list(_text: str) -> str:
    return "[]"


@pytest.mark.parametrize("damage", [half, one_name_changed, nothing, a_list])
def test_a_damaged_issue_is_refused_by_name_in_its_own_week_and_in_others(
    issue_of: MakeIssue, damage: Callable[[str], str]
) -> None:
    path = issue_of(full_week()).folder / ISSUE
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    for week in ("2026-W47", "2026-W46"):
        with pytest.raises(IssueUnreadableError, match=r"2026-W47/issue\.json: damaged issue"):
            issue_of(full_week(), week)


def test_an_issue_of_a_later_format_is_refused_by_name(issue_of: MakeIssue) -> None:
    path = issue_of(full_week()).folder / ISSUE
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(data | {"format": FORMAT + 1}), encoding="utf-8")
    with pytest.raises(IssueTooNewError, match=rf"issue\.json: issue format {FORMAT + 1} is newer than {FORMAT}"):
        issue_of(full_week())


def test_an_issue_of_the_first_format_is_still_read_and_rendered_and_left_as_it_is(
    issue_of: MakeIssue, tmp_path: Path
) -> None:
    folder = tmp_path / "issues" / "2026-W47"
    shutil.copytree(FIRST_FORMAT / "2026-W47", folder)
    issue = read_issue(folder / ISSUE)
    assert issue
    assert (issue.revision, issue.held) == (0, ("e0000000000000001", "e000000000000001f"))
    made = issue_of(full_week())  # what the database says today does not matter
    assert "本周新到 1 家核心企业" in text_of(made)
    assert (folder / ISSUE).read_bytes() == (FIRST_FORMAT / "2026-W47" / ISSUE).read_bytes()


def test_a_claim_frozen_before_it_said_of_which_firms_and_where_is_still_read(issue_of: MakeIssue) -> None:
    file = full_week()
    file.claim(file.article("a7", "虚构年报"), "firm_count", 80, "firms", subject="digital_health", scope="park")
    content = json.loads((issue_of(file).folder / ISSUE).read_text(encoding="utf-8"))["issue"]
    (claim,) = (claim for note in content["briefing"]["notes"] for claim in note["claims"])
    for later in ("subject", "scope", "place", "place_zh", "place_en"):
        del claim[later]
    (read,) = (claim for note in decode(Issue, content).briefing.notes for claim in note.claims)
    assert (read.subject, read.where) == (Subject.LIFE_HEALTH, (Scope.DISTRICT, ""))


def test_an_issue_in_the_folder_of_another_week_is_refused(issue_of: MakeIssue) -> None:
    folder = issue_of(full_week()).folder
    shutil.copytree(folder, folder.parent / "2026-W45")
    with pytest.raises(IssueUnreadableError, match="it is the issue of 2026-W47"):
        issue_of(full_week(), "2026-W48", shanghai("2026-11-30 06:05"))


def test_a_folder_without_an_issue_or_beside_the_weeks_is_no_issue(issue_of: MakeIssue, tmp_path: Path) -> None:
    (tmp_path / "issues" / "2026-W40").mkdir(parents=True)
    (tmp_path / "issues" / "archive").mkdir()
    (tmp_path / "issues" / "archive" / ISSUE).write_text("anything", encoding="utf-8")
    assert issue_of(full_week()).counts["held"] == 15


def test_a_language_without_wording_is_refused(issue_of: MakeIssue) -> None:
    with pytest.raises(UnknownLanguageError, match="'fr'"):
        issue_of(full_week(), langs=("zh", "fr"))


def test_a_base_address_makes_links_absolute_and_a_bad_one_is_refused_before_the_freeze(
    issue_of: MakeIssue,
) -> None:
    with pytest.raises(BaseAddressError, match="javascript:alert"):
        issue_of(full_week(), base_url="javascript:alert(1)")
    made = issue_of(full_week(), base_url="http://intranet/monitor/")
    address = "http://intranet/monitor/issues/2026-W47/evidence.html#e0000000000000001"
    assert f'href="{address}"' in html_of(made)
    assert address in text_of(made)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"draft": 1}, r"\$\.draft"),
        ({"held": [1]}, r"\$\.held\[0\]"),
        ({"extra": 1}, r"\$: missing or unknown: extra"),
        ({"briefing": {}}, r"\$\.briefing: missing or unknown: arrivals, "),
    ],
)
def test_a_value_of_another_shape_is_refused_with_its_place(
    issue_of: MakeIssue, change: dict[str, Any], place: str
) -> None:
    path = issue_of(full_week()).folder / ISSUE
    content = json.loads(path.read_text(encoding="utf-8"))["issue"]
    with pytest.raises(CodecError, match=place):
        decode(Issue, content | change)
