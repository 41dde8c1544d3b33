"""Base of the data sets of Shanghai's open-data portal: one address a data set, a free token, JSON within JSON."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from scrapy.http import JsonRequest

from crawler.platforms.json_records import JsonRecords
from crawler.platforms.record_spider import RecordSpider
from crawler.platforms.records import Keep, Record
from crawler.run_folder import Outcome
from crawler.source import Kept, UnreadableError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

TOKEN_VARIABLE: Final = "PUTUO_OPEN_DATA_TOKEN"  # noqa: S105 - the name of a variable
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,500}")  # what a header may hold
_UNSET: Final = f"{TOKEN_VARIABLE} is not set: data.sh.gov.cn gives who registers a token, free of charge; put it there"
_NO_HEADER: Final = f"{TOKEN_VARIABLE} holds what no token has: blanks, or characters beyond ASCII"

Fields = Mapping[str, tuple[Keep, tuple[str, ...]]]


def open_data_form(fields: Fields, *required: str) -> JsonRecords:
    """The form of a data set of which a field may stand under several keys; of the `required` under one at least."""
    keys = {key: how for how, names in fields.values() for key in names}
    return JsonRecords(
        ok=("code", "000000"),
        inside="data",
        records="data.data",
        total="data.total",
        keys=keys,
        required=tuple("|".join(fields[name][1]) for name in required),
    )


class OpenDataSpider(RecordSpider):
    """A data set by its `dataset` and `service`, read whole each time; `fields` name the keys of each field.

    The token is a secret of the operator's: it goes into the header, and nowhere else. A replay needs none.
    """

    home = "https://data.sh.gov.cn"
    size = 100
    most_pages = 145
    dataset: ClassVar[str]
    service: ClassVar[str]
    fields: ClassVar[Fields]
    arguments = ()

    def __init__(self, name: str | None = None, series: str = "", **kwargs: str) -> None:
        super().__init__(name, series, **kwargs)
        self._token = os.environ.get(TOKEN_VARIABLE, "").strip()

    async def start(self) -> AsyncIterator[Any]:
        if not self.past and not _TOKEN.fullmatch(self._token):
            self.report.stop(Outcome.FAILED, _NO_HEADER if self._token else _UNSET)
            return
        async for asked in super().start():
            yield asked

    def ask(self, name: str, number: int, cursor: str) -> Request:  # noqa: ARG002 - pages are counted by their offset
        return JsonRequest(
            f"{self.home}/interface/{self.dataset}/{self.service}",
            data={"limit": self.size, "offset": (number - 1) * self.size},
            headers={"token": self._token},
            method="POST",
        )

    def redact(self, response: Response) -> Kept:
        if self._token and self._token.encode() in response.body:
            raise UnreadableError("the reply repeats our token, so it is not kept")
        return super().redact(response)

    def note_listed(self, records: Iterable[Mapping[str, object]]) -> None:
        """Counts fields, for of the keys of one most are absent."""
        fields = self.fields.items()
        super().note_listed(
            {field: any(record.get(key) for key in keys) for field, (_, keys) in fields} for record in records
        )

    def value(self, record: Record, field: str) -> str:
        """What a record says of a field, under the first of its keys that says something."""
        return next((record[key] for key in self.fields[field][1] if record[key]), "")

    def id_of(self, record: Record) -> str:
        return self.value(record, "number")
