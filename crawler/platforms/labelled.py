"""Pages of labels and values as records: cells and boxes side by side, lines of 标签：值, and tables with a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from scrapy.http import HtmlResponse

from crawler.fields.text import clean, fold_width
from crawler.platforms.article_page import checked_page, lines_of, pairs_in
from crawler.platforms.json_records import at_path, parse_json
from crawler.platforms.records import Keep, Seen
from crawler.source import UnreadableError

if TYPE_CHECKING:
    from parsel import Selector
    from scrapy.http import Response

_MOST_LINES: Final = 5_000  # of a page; a notice has some 200
_MOST_ROWS: Final = 500  # of a page's tables
_LONGEST_LABEL: Final = 30  # characters

_NUMBER: Final = re.compile(r"^\s*(?:[(（]?[0-9一二三四五六七八九十]{1,3}[)）.、．]\s*)+")
_NOT_OF_A_LABEL: Final = re.compile(r"[\s:：()（）\[\]【】*＊]")
# Behind a comma a label begins a pair of its own; a number's comma is none.
_NEXT_PAIR: Final = re.compile(r"[，,；;。](?=[^\s，,；;。:：\d]{2,20}[:：])")
# A line of its own label, maybe without a value; the colon of an hour (10:00) or an address (http://) makes none.
_OWN_LABEL: Final = re.compile(r"[^:：∶]{1,20}(?:(?<!\d)[:：∶]|[:：∶](?!\d))(?!//)")
_SEVERAL: Final = re.compile(r"[、;；]")
_AT_THE_END: Final = " ，,；;。|"
_NONE: Final = "—"
_BLANK: Final = frozenset({"", _NONE, "-", "--", "/", "无", "暂无"})
_VOID: Final = frozenset({"br", "hr", "img", "wbr"})
_MOST_INSIDE: Final = 3  # elements in one that shows a label
_MOST_TEXTS: Final = 20  # pieces of text that are looked at to tell a label, or whether anything is said
_NOT_XML: Final = dict.fromkeys((0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))

Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRecords:
    """Where a page of labels holds what; a `RecordFormat`, so that only documented labels are kept.

    `labels` maps labels, written without blanks, brackets and colons (中标成交金额元), to keys; labels whose values are
    left map to an empty one. A label of a section (`采购人信息/名称`) goes before the bare one, where `sections` names
    the section's heading. `rows` are the keys that a page says several times, first the one that makes a row: each row
    is a record, with what the page says once. A page without rows is one record, one without any label none. A key that
    ends in `[]` names several, with 、 between.
    `inside` is the path of the page's HTML in a JSON reply.
    """

    keys: Mapping[str, Keep]
    labels: Mapping[str, str]
    required: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    inside: str = ""

    def see(self, response: Response) -> Seen:
        """The page taken apart. Raises UnreadableError."""
        page = checked_page(_page_in(response, self.inside) if self.inside else response)
        rows, strange = self._take_tables(page)
        once, several = self._read(self._lines(page))
        records = [{**once, **row} for row in rows or several or [{}]]
        return Seen(
            records=tuple({key: _several(key, said) for key, said in record.items()} for record in records if record),
            unknown={"labels": strange},
        )

    def _take_tables(self, page: Selector) -> tuple[list[Row], list[str]]:
        """The rows of tables whose heading names them, which are then blank; and the headings nobody documented."""
        rows: list[Row] = []
        strange: list[str] = []
        for table in list(page.root.iter("table")) if self.rows else []:
            head: list[str] = []
            headings: list[str] = []
            before = len(rows)
            own = _rows(table)
            for number, (element, cells) in enumerate(own, start=1):
                keys = self._keys_of(cells)
                if self._is_head(keys, own[number][1] if number < len(own) else []):
                    head = [key or "" for key in keys]
                    headings += [cell for cell, key in zip(cells, keys, strict=True) if key is None and _label(cell)]
                elif keys and keys[0] is not None:
                    head = []  # a label beside its value: what the heading names ends here
                elif head and len(cells) == len(head) and len(rows) < _MOST_ROWS:
                    said = {key: cell for key, cell in zip(head, cells, strict=True) if key in self.rows and cell}
                    rows += [said] if self.rows[0] in said else []
                elif head and any(cells):
                    strange.append(f"a row of {len(cells)} cells")
                if head:
                    element.clear(keep_tail=True)
            strange += headings if len(rows) > before else []
        return rows, strange

    def _is_head(self, keys: list[str | None], below: list[str]) -> bool:
        """Whether cells are a heading: where labels stand beside their values, half are labels, and below is one too.

        What is taken for a heading is told as it stands where nobody documented it, so it must be no value.
        """
        most = sum(key is not None for key in keys) * 2 > len(keys) > 1
        return most and self.rows[0] in keys and self._keys_of(below[:1]) in ([], [None])

    def _keys_of(self, cells: list[str]) -> list[str | None]:
        return [self.labels.get(_label(cell)) for cell in cells]

    def _read(self, lines: list[str]) -> tuple[Row, list[Row]]:
        """What lines say once, and the rows they say."""
        once: Row = {}
        rows: list[Row] = []
        for key, value in self._pairs(lines):
            if key not in self.rows:
                once.setdefault(key, value)
            elif rows and key not in rows[-1]:
                rows[-1][key] = value
            elif len(rows) < _MOST_ROWS:
                rows.append({key: value})
        return once, [row for row in rows if self.rows[0] in row]

    def _pairs(self, lines: list[str]) -> Iterator[tuple[str, str]]:
        section, waiting = "", ""
        for whole in lines:
            line = _NUMBER.sub("", whole)
            if found := next((word for word in self.sections if _NOT_OF_A_LABEL.sub("", line).startswith(word)), ""):
                section, waiting = found, ""
                line = line.removeprefix(found).lstrip(" :：")
            if not line:
                continue
            if (key := self._key(section, line)) is not None:
                waiting = key
                continue
            pairs = [(self._key(section, label), said) for label, said in pairs_in(_NEXT_PAIR.sub(" ", line))]
            if waiting and not pairs and not _OWN_LABEL.match(line):
                pairs = [(waiting, whole)]  # a line with a label of its own, documented or not, is nobody else's value
            waiting = ""
            yield from ((key, value) for key, said in pairs if key and (value := said.strip(_AT_THE_END)) not in _BLANK)

    def _lines(self, page: Selector) -> list[str]:
        """The lines of a page, a line each for cells too, and for the fields in which some pages show their text."""
        for element in page.root.iter("td", "th", "textarea", "input"):
            if element.tag == "input":
                shown = element.get("type", "text") == "text"
                element.text = clean(element.get("value", "")).translate(_NOT_XML) if shown else ""
            element.tag = "div"
        for element in page.root.iter("*"):
            beside = next(element.itersiblings("*"), None)
            if beside is None or beside.tag in _VOID or len(element) > _MOST_INSIDE or _says(beside):
                continue
            if _label("".join(islice(element.itertext(), _MOST_TEXTS))) in self.labels:
                beside.text = _NONE  # or what follows would be taken for the value
        return lines_of(page.root)[:_MOST_LINES]

    def _key(self, section: str, label: str) -> str | None:
        """The key of a label, an empty one of a label whose value is left; None for what is no documented label."""
        name = _label(label)
        return self.labels.get(f"{section}/{name}", self.labels.get(name))


def _page_in(response: Response, path: str) -> Response:
    """The HTML at a path of a JSON reply as a reply of its own. Raises UnreadableError."""
    html = at_path(parse_json(response.body), path)
    if not isinstance(html, str):
        raise UnreadableError(f"{path} is no page")
    headers = {"Content-Type": "text/html; charset=utf-8"}
    body = f"<html><body>{html}</body></html>"
    return HtmlResponse(response.url, headers=headers, body=body.encode("utf-8", "replace"), encoding="utf-8")


def _says(element: Any) -> bool:
    return any(text.strip() for text in islice(element.itertext(), _MOST_TEXTS))


def _rows(table: Any) -> list[tuple[Any, list[str]]]:
    """A table's own rows and their cells, not those of tables inside it."""
    parts = ((part if part.tag in ("thead", "tbody", "tfoot") else (part,)) for part in table)
    rows = [row for part in parts for row in part if row.tag == "tr"]
    return [(row, [clean(" ".join(lines_of(cell))) for cell in row if cell.tag in ("td", "th")]) for row in rows]


def _label(text: str) -> str:
    if len(text) > _LONGEST_LABEL:
        return ""
    return _NOT_OF_A_LABEL.sub("", fold_width(_NUMBER.sub("", text)))


def _several(key: str, said: str) -> str:
    return "\n".join(filter(None, map(str.strip, _SEVERAL.split(said)))) if key.endswith("[]") else said
