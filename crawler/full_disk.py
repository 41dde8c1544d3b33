"""What a disk that takes no more looks like: told once and in one line, not by a traceback for each row."""

from __future__ import annotations

import errno
import logging

# No room, over the quota, beyond the largest file, remounted read-only after an error, or the error itself.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
# Whoever of Scrapy and asyncio logs what our writing raised; each would print its traceback.
_TELLERS = ("asyncio", "scrapy.utils.signal", "scrapy.extensions.feedexport", "scrapy.core.scraper")


def takes_no_more(error: BaseException | None) -> bool:
    """Whether an error says that nothing can be written any more."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


class FullDisk(logging.Filter):
    """Hears of every write that failed; lets the first through as one line, and drops the others.

    `error` is the first; None while all was written.
    """

    def __init__(self) -> None:
        super().__init__()
        self.error: BaseException | None = None
        for name in _TELLERS:
            logging.getLogger(name).addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not takes_no_more(error):
            return True
        if self.error is not None:
            return False
        self.error = error
        record.msg, record.args, record.exc_info = "cannot write: %s", (error,), None
        return True
