"""Legal entity identifiers of firms in Putuo: their English names, their addresses, and the days of their founding."""

from __future__ import annotations

from crawler.platforms.lei_records import LeiSpider
from crawler.source import CaptureMode, Source


class GleifSpider(LeiSpider):
    """api.gleif.org, by the postal codes of Putuo."""

    source = Source(
        id="gleif",
        title_zh="全球法人识别编码",
        title_en="Global legal entity identifiers",
        publisher_zh="全球法人识别编码基金会",
        publisher_en="Global Legal Entity Identifier Foundation",
        proves=("registered", "moved_in", "moved_out"),
        cadence="0 4 * * sat",
        capture=CaptureMode.REDACTED,
        may_be_empty=False,
        parser="gleif/1",
        max_requests=60,
        confirmed=(
            "address, header, flat dotted filters, page size and counters, a record's names, address, authority and "
            "days; that creation days are Beijing's midnight in UTC; RA000092; none tried live"
        ),
        from_memory=(
            "which postal codes are Putuo's (they do not end at its border: the address decides); the category of "
            "funds and sole proprietors; the counters of an empty list; that no list reaches 10,000 records"
        ),
        address="https://search.gleif.org",
        terms="CC0; no key",
        must_fill={"name_en": 0.2, "address": 0.9, "registered_on": 0.5, "approved_on": 0.9},
        first_sight_is_news=False,  # a new identifier is no new firm
    )
    name = source.id
    lists = ("200333", "200062", "200063", "200060", "200061", "200065", "200331")
