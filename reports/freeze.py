"""issue.json: which events an issue holds and all it says of them, written once and kept for good.

FORMAT rises whenever a field is added to what is written, so that an older release says "newer than I read" rather
than "damaged". Every format from 1 on is read: an added field has a default, which an old file then means.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.run_folder import write_atomically
from reports.briefing import Briefing
from reports.codec import CodecError, decode, encode
from reports.errors import IssueTooNewError, IssueUnreadableError

ISSUE = "issue.json"
FORMAT = 3  # 2: correction, and what else has a default in `Briefing`; 3: of what and where a claim is

_WEEK_FOLDER = re.compile(r"[0-9]{4}-W[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One week's issue. `held` are the ids of every event and article considered, told or not, in order of discovery.

    Events that were not told (not life-health, peripheral) are held too: a later relabelling must not turn an
    old event into news.
    """

    week: str
    draft: bool
    held: tuple[str, ...]
    briefing: Briefing
    told_as: tuple[str, ...] = ()  # of articles: the same one published again under another id is not news

    @property
    def revision(self) -> int:
        """How often it was corrected."""
        return self.briefing.correction.revision if self.briefing.correction else 0


def read_issue(path: Path) -> Issue | None:
    """The issue in an issue.json, or None when there is no such file.

    Raises IssueTooNewError for a later release's format, IssueUnreadableError for anything else that
    `write_issue` would not have written there.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise IssueUnreadableError(path, str(error)) from error
    if not isinstance(data, dict) or not isinstance(data.get("format"), int):
        raise IssueUnreadableError(path, "it states no format")
    if data["format"] > FORMAT:
        raise IssueTooNewError(path, data["format"], FORMAT)
    content = data.get("issue")
    if data["format"] < 1 or data.get("sha256") != _digest(content):
        raise IssueUnreadableError(path, "its content is not what its checksum says")
    try:
        issue = decode(Issue, content)
    except CodecError as error:
        raise IssueUnreadableError(path, str(error)) from error
    if issue.week != path.parent.name:
        raise IssueUnreadableError(path, f"it is the issue of {issue.week}")
    return issue


def write_issue(path: Path, issue: Issue) -> None:
    """Writes it so that a reader, or a loss of power, finds the old file or the new one, never a part."""
    content = encode(issue)
    data = {"format": FORMAT, "sha256": _digest(content), "issue": content}
    write_atomically(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def keep_former(path: Path, issue: Issue) -> Path:
    """Copies an issue.json that is about to be replaced to `issue.r0.json` beside it; returns the copy's path.

    Nothing that looks for issues takes the copy for one.
    """
    former = path.with_name(f"{path.stem}.r{issue.revision}{path.suffix}")
    write_atomically(former, path.read_text(encoding="utf-8"))
    return former


def frozen_elsewhere(issues: Path, week: str) -> dict[str, str]:
    """Id of an event or article → week of the frozen issue that holds it, `week`'s own left out. Drafts hold nothing.

    Raises IssueUnreadableError or IssueTooNewError: with one unread, nobody knows what was announced already.
    """
    held: dict[str, str] = {}
    for issue in issues_in(issues, left_out=week):
        if not issue.draft:
            held.update(dict.fromkeys((*issue.held, *issue.told_as), issue.week))
    return held


def issues_in(issues: Path, *, left_out: str = "") -> Iterator[Issue]:
    """Every issue in the folder, drafts among them, oldest week first; the week `left_out` is not even read.

    Raises IssueUnreadableError or IssueTooNewError.
    """
    for path in sorted(issues.glob(f"*/{ISSUE}")):
        folder = path.parent.name
        if folder == left_out or not _WEEK_FOLDER.fullmatch(folder):
            continue
        issue = read_issue(path)
        if issue:
            yield issue


def _digest(content: Any) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
