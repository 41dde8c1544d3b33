"""Which pages of the world's press name Putuo in Shanghai beside health and medicine: titles and links, no texts."""

from __future__ import annotations

from crawler.platforms.gdelt_articles import GdeltSpider
from crawler.source import EVERY_NIGHT, CaptureMode, Source


class GdeltArticlesSpider(GdeltSpider):
    """api.gdeltproject.org. Putuo alone would be an island of temples, and health alone the whole press."""

    source = Source(
        id="gdelt",
        title_zh="全球新闻索引",
        title_en="Index of the world's news",
        publisher_zh="GDELT 项目",
        publisher_en="The GDELT Project",
        proves=(),
        cadence=EVERY_NIGHT,
        capture=CaptureMode.REDACTED,
        may_be_empty=True,
        parser="gdelt/1",
        max_requests=10,
        confirmed="address, parameters, keys of an article, form of the day, one request in 5 s, three months back",
        from_memory=(
            "the language of queries (OR, sourcelang, a timespan in days), that English words find Chinese pages by "
            "their translation, names of languages, {} for nothing found, a sentence with status 200 for a bad query"
        ),
        address="https://www.gdeltproject.org",
        terms="no key; one request in 5 s; the titles are the publishers'",
        must_fill={"published_on": 0.8, "agency": 0.9},
    )
    name = source.id
    subject = "putuo shanghai (medical OR biotech OR pharmaceutical OR health OR hospital)"
