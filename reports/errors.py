"""What can go wrong while an issue is made or sent, each with the value or file a person must look at."""

from __future__ import annotations

from pathlib import Path


class WeeklyError(Exception):
    """An issue cannot be made; the message is written for the person at the terminal."""


class WeekMalformedError(WeeklyError):
    """The week is not written as ISO 8601 says, or its year has no such week."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f"week {text!r}: {why}; write e.g. 2026-W47")


class WeekNotBegunError(WeeklyError):
    """The week lies in the future."""

    def __init__(self, week: str, opens: str) -> None:
        super().__init__(f"week {week} has not begun: it opens on {opens} (Asia/Shanghai)")


class NoPublishedFileError(WeeklyError):
    """There is no published database to report from."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: no published database yet; run `scrapy load` first")


class PublishedUnreadableError(WeeklyError):
    """The published database is not one that this release can report from."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: cannot be reported from: {why}")


class IssueUnreadableError(WeeklyError):
    """An issue.json is damaged. It holds which events were announced: guessing would repeat some."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: damaged issue: {why}; restore it from a backup")


class IssueTooNewError(WeeklyError):
    """An issue.json was written by a later release."""

    def __init__(self, path: Path, found: object, known: int) -> None:
        super().__init__(f"{path}: issue format {found!r} is newer than {known}, the newest this release reads")


class CorrectionError(WeeklyError):
    """An issue is not to be corrected, or there is nothing to correct."""

    def __init__(self, week: str, why: str) -> None:
        super().__init__(f"week {week} cannot be corrected: {why}")


class BaseAddressError(WeeklyError):
    """The address under which issues are published cannot be linked to."""

    def __init__(self, base_url: str) -> None:
        super().__init__(f"base_url {base_url!r} is not an http(s) address")


class UnknownLanguageError(WeeklyError):
    """A briefing is wished for in a language that has no wording."""

    def __init__(self, language: str, known: tuple[str, ...]) -> None:
        super().__init__(f"language {language!r}: there is wording for {' and '.join(known)} only")


class MailError(WeeklyError):
    """Mail cannot be sent; the message is written for the person at the terminal."""


class MailSetupError(MailError):
    """A mistake in monitor.toml, in the environment or in the call."""


class MailServerError(MailError):
    """The mail server cannot be reached or will not have us."""

    def __init__(self, server: str, why: str) -> None:
        super().__init__(f"mail server {server}: {why}")


class LedgerUnreadableError(MailError):
    """A deliveries.jsonl is damaged. It holds who got which issue: guessing would send some twice."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(f"{path}: line {line} is damaged: {why}; restore the file from a backup")
