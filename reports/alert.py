"""Tells the operator at once, by mail, what a person should look at."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from crawler import clock
from crawler.config import Mail
from reports.errors import MailError
from reports.mail import SUBJECT, alert_message
from reports.post import Patience, Post, TryLaterError
from reports.untrusted import clean

logger = logging.getLogger(__name__)


def alert_operator(mail: Mail, subject: str, lines: Sequence[str], patience: Patience | None = None) -> None:
    """Sends a plain text mail to `mail.operator`; only logs when no host or operator is set.

    Subject and lines may hold anything: they are cleaned and bounded. Raises MailError when the mail did not, or
    perhaps did not, go out.
    """
    if not mail.host or mail.operator is None or mail.sender is None:
        logger.info("no alert mailed (no mail host or operator is set): %s", clean(subject, SUBJECT))
        return
    patience = patience or Patience()
    message = alert_message(mail.sender, mail.operator, subject, lines, clock.now())
    with Post(mail, patience) as post:
        for attempt in range(patience.attempts):
            post.pause(attempt)
            try:
                post.hand_over(mail.operator, message)
            except TryLaterError as error:
                why: MailError = error
            else:
                return
        raise why
