"""One page read whole: opened, its places and words found, judged, its figures and statements taken out."""

from __future__ import annotations

from datetime import date

from pipelines.news.claims import find_claims
from pipelines.news.document import document, open_document
from pipelines.news.life_health import find_health
from pipelines.news.model import Reading
from pipelines.news.page import Page
from pipelines.news.places import Whose, find_places, mention
from pipelines.news.relevance import is_our_site, judge, with_events
from pipelines.news.statements import find_statements
from pipelines.news.unknown_parks import find_unknown_parks

_MOST_PLACES = 200


def read(title: str, text: str, *, language: str, kind: str, published_on: date | None, url: str = "") -> Reading:
    """A first reading of a page, from its own words alone.

    Offsets point into `document(title, text)`: the title, a line break, the text. `kind` is news, document or filing;
    `language` is kept for publishers that tell it and decides nothing, since pages mix both. `published_on` is a day
    in Shanghai; `url`, where it is told, says whether the page stands on the district's own site. Of a page longer
    than 200,000 characters the beginning is read.
    """
    del language
    doc = open_document(title, text)
    places = find_places(doc)
    health = find_health(doc)
    verdict = judge(doc, places, health, kind, own_site=is_our_site(url))
    page = Page(doc, tuple(places), published_on)
    statements = find_statements(page, kind)
    verdict = with_events(verdict, page, health, statements)
    whole = document(title, text)
    spans = [doc.original(start, end) for start, end in verdict.reasons]
    ours = [named for named in places if named.place.whose is Whose.OURS]
    unknown = find_unknown_parks(doc, places)
    statements = find_statements(page, kind)
    return Reading(
        relevant=verdict.relevant,
        score=verdict.score,
        reasons=tuple(whole[start:end] for start, end in spans),
        in_putuo=verdict.in_putuo,
        life_health=verdict.life_health,
        places=(*(mention(doc, named) for named in ours[:_MOST_PLACES]), *unknown),
        claims=find_claims(page, health, unknown, statements) if verdict.in_putuo and verdict.life_health else (),
        statements=statements,
        published_on=published_on,
    )
