"""Lists of records as XML: RSS feeds and news sitemaps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from crawler.fields.text import clean
from crawler.platforms.records import Keep, Seen
from crawler.source import UnreadableError

if TYPE_CHECKING:
    from scrapy.http import Response

_HTML_TAG: Final = re.compile(r"<[^<>]{0,500}>")
_PAGE: Final = re.compile(rb"(?i)<!DOCTYPE\s+html|<html\b")
_ENTITIES: Final = re.compile(rb"(?i)<!(?:DOCTYPE|ENTITY)")
_DEEPEST: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlRecords:
    """A record is each element called `record`, wherever it stands; a key is the local name of an element below it.

    Names are without prefixes (`pubDate`, `publication_date`), as feeds choose those freely. `placeholder` are patterns
    of titles that stand where nothing is to be shown: such a record is none.
    """

    record: str
    keys: Mapping[str, Keep]
    required: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    root: tuple[str, ...] = ("rss", "urlset", "feed")
    title: str = "title"
    placeholder: str = ""

    def see(self, response: Response) -> Seen:
        """The feed taken apart. Raises UnreadableError."""
        root = _parse(response.body)
        if _local(root) not in self.root:
            raise UnreadableError(f"the root is <{_local(root)[:40]}> instead of <{'> or <'.join(self.root)}>")
        records, unknown = [], []
        for element in (element for element in root.iter() if _local(element) == self.record):
            said: dict[str, str] = {}
            for below in element.iterdescendants():
                name = _local(below)
                if name in self.keys:
                    said.setdefault(name, _text_of(below))
                elif name and name not in self.known and not len(below):
                    unknown.append(name)
            if not self.placeholder or not re.fullmatch(self.placeholder, clean(said.get(self.title, ""))):
                records.append(said)
        return Seen(records=tuple(records), unknown={"keys": unknown})


def _parse(body: bytes) -> Any:
    """The root of a feed. Raises UnreadableError for what is no XML, or defines its own entities (they can explode)."""
    if _PAGE.search(body[:1_024]):
        raise UnreadableError("an HTML page where a feed should be")
    if _ENTITIES.search(body[:65_536]):
        raise UnreadableError("a feed with a document type, which feeds have not")
    try:
        root = etree.fromstring(
            body.lstrip(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        )
    except etree.XMLSyntaxError as error:
        raise UnreadableError(f"not XML: {str(error)[:100]}") from error
    if root is None or _depth(root) > _DEEPEST:
        raise UnreadableError(f"elements nested more than {_DEEPEST} deep")
    return root


def _depth(root: Any) -> int:
    depth, level = 0, [root]
    while level and depth <= _DEEPEST:
        depth, level = depth + 1, [child for element in level for child in element]
    return depth


def _local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _text_of(element: Any) -> str:
    """What an element says, tags of HTML in it left out: feeds wrap their summaries in it."""
    return clean(unescape(_HTML_TAG.sub(" ", "".join(element.itertext()))))
