"""Money, days and places as another project's test cases have them: `python -m tests.bench jionlp FOLDER`.

FOLDER holds the test files of JioNLP (github.com/dongrixinyu/JioNLP, `test/`), which are read, never run. Nothing of
them is the project's own. Its aims differ: it answers every phrase, we say nothing where a phrase is a range or vague.
Printed are all hits, and all misses by the reason for which they are accepted; a miss without a reason, and a value
that is read OTHERWISE, ask for a look.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from crawler.fields.dates import parse_date
from crawler.fields.money import Money, parse_money
from pipelines.news.amounts import find_money
from pipelines.news.document import fold, open_document
from pipelines.news.places import Whose, find_places
from pipelines.news.when import find_times

_SHANGHAI: Final = timezone(timedelta(hours=8))
_CURRENCIES: Final = {
    "元": "CNY", "港元": "HKD", "美元": "USD", "日元": "JPY", "新台币": "TWD", "泰铢": "THB", "卢布": "RUB",
    "欧元": "EUR", "澳元": "AUD", "韩元": "KRW",
}  # fmt: skip


# Why a phrase that is not read may stay so; the first that fits is told. What fits none is told as such.
_MONEY_REASONS: Final = (
    (r"块|毛", "块 and 毛: pieces and hair too, and no word of registers or press"),
    (r"k", "a wage in thousands (k)"),
    (r"-|~|至|到|—", "a range"),
)
_DAY_REASONS: Final = (
    (
        r"农历|正月|腊月|廿|初[一二三四五六七八九十0-9]|除夕|大年|[0-9一二三四五六七八九]月十五|元宵|端午|中秋|七夕|春节",
        "lunar calendar",
    ),
    (r"冬至|大寒|小寒|芒种|节|元旦|国庆|十一$", "a festival or solar term"),
    (r"^[零九]\D年|^(?:零|九)[零一二三四五六七八九]年|^\d{2}年|[^0-9]\d{2}年", "a year of two digits"),
    (
        r"[天日](?:后|内|前)|分钟|小时|钟头|刻钟|秒|分半|第.{1,2}天|第\d个|第一个|许$|现在|全天|白天",
        "counted from now, or a part of a day",
    ),
    (r"^(?:下|上)?个?(?:周|星期|礼拜).|周周", "a bare weekday, or one of a span: in news it may be past or next"),
    (r"点|午|晚|早|夜|[:：]", "a time of day without its day"),
    (r"^\d{1,2}号|/\d+号|\d号", "a bare number with 号: a house, a train, an issue too"),
    (r"^\d{8}$|^[\d\s.·-]+$|^\d{4}[ .-]|^\d{1,2}-\d{2}", "figures without 年 and 月: a number of anything"),
    (r"月\d{1,2}$|月[一二三四五六七八九十]+\d*$|月十三$", "month and number without 日"),
    (r"同月|当日|本日|左右|大后天|大大|前", "of a day named before, or about a day"),
)


def reason(text: str, reasons: tuple[tuple[str, str], ...]) -> str:
    """Why a phrase may stay unread."""
    return next((why for pattern, why in reasons if re.search(pattern, text)), "NO REASON: look at it")


def tell_misses(misses: list[tuple[str, str]]) -> None:
    """The phrases that are not read, by reason, most frequent first."""
    by_reason: dict[str, list[str]] = {}
    for why, text in misses:
        by_reason.setdefault(why, []).append(text)
    for why, texts in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        print(f"    accepted: {why} ({len(texts)}): {' / '.join(texts)}")


def cases(path: Path) -> Iterator[list[Any]]:
    """The rows of the lists named `…_list` in a test file; a value that is no literal becomes what it is called."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    named = {
        node.targets[0].id: node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    known = {name: value.value for name, value in named.items() if isinstance(value, ast.Constant)}
    lists = [
        node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.endswith("_list")
    ]
    rows = [row for value in lists if isinstance(value, ast.List) for row in value.elts]
    yield from ([_value(item, known) for item in row.elts] for row in rows if isinstance(row, ast.List))


def _value(node: ast.expr, known: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Call):
        return [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def tell(what: str, counts: Counter[str], wrong: list[str]) -> None:
    """One line of counts, and the cases that were read otherwise."""
    print(f"{what}: " + ", ".join(f"{name} {number}" for name, number in sorted(counts.items())))
    for case in wrong:
        print(f"    {case}")


def money(folder: Path) -> None:
    """Cells and sentences of money."""
    counts, wrong = Counter[str](), list[str]()
    hits, misses = list[str](), list[tuple[str, str]]()
    for text, expected, *_ in cases(folder / "test_money_parser.py"):
        found = parse_money(text)
        if isinstance(expected["num"], list) or expected["definition"] != "accurate":
            counts["vague or a range, not read" if found is None else "vague or a range, READ"] += 1
            wrong += [] if found is None else [f"{text}: {found.amount} {found.currency}"]
            continue
        right = Money(Decimal(expected["num"]).normalize(), _CURRENCIES[expected["case"]])
        verdict = "not read" if found is None else "hit" if _same(found, right) else "OTHERWISE"
        counts[verdict] += 1
        hits += [text] if verdict == "hit" else []
        misses += [(reason(text, _MONEY_REASONS), text)] if verdict == "not read" else []
        wrong += [f"{text}: {found}"] if verdict == "OTHERWISE" else []
    tell("money, cells", counts, wrong)
    print(f"    hits: {' / '.join(hits)}")
    tell_misses(misses)
    counts, wrong, misses = Counter(), [], []
    for text, expected, *_ in cases(folder / "test_money_extractor.py"):
        low = fold(text)
        found_texts = [low[amount.start : amount.end] for amount in find_money(low, 0, len(low))]
        wanted = [fold(item["text"]) for item in expected]
        counts["hit"] += sum(text in wanted for text in found_texts)
        counts["not found"] += sum(text not in found_texts for text in wanted)
        counts["FOUND BESIDE"] += sum(text not in wanted for text in found_texts)
        misses += [(reason(text, _MONEY_REASONS), text) for text in wanted if text not in found_texts]
        wrong += [f"{text} in {low}" for text in found_texts if text not in wanted]
    tell("money, sentences", counts, wrong)
    tell_misses(misses)


def _same(found: Money, right: Money) -> bool:
    return found.currency == right.currency and abs(found.amount - right.amount) < Decimal("0.01")


def days(folder: Path) -> None:
    """Single days, on their own and in a sentence; of all other times no day may be told."""
    alone, within = Counter[str](), Counter[str]()
    wrong, hits, misses = list[str](), list[str](), list[tuple[str, str]]()
    for row in cases(folder / "test_time_parser.py"):
        if len(row) < 3 or not isinstance(row[2], dict) or not isinstance(row[2].get("time"), list):
            continue
        text, base, times = row[0], _day(row[1]), row[2]["time"]
        wanted = _single_day(times)
        found = parse_date(text)
        alone[_verdict(found, wanted)] += 1
        wrong += [f"{text}: {found}"] if _verdict(found, wanted) == "OTHERWISE" else []
        low = fold(text)
        named = [time.day for time in find_times(low, 0, len(low), base) if time.day is not None]
        verdict = _verdict(named[0] if named else None, wanted)
        if verdict == "OTHERWISE" and wanted is not None and named[0] < wanted and named[0].day == wanted.day:
            verdict = "the last such day, not the next"  # news tells of what was
        if verdict == "OTHERWISE" and wanted is None and (named[0].month, named[0].day) == _month_and_day(times[0]):
            verdict = "a span, its first day"
        if verdict == "OTHERWISE" and wanted is None and named[0] > base:
            verdict = "a deadline ahead, which makes no event"
        within[verdict] += 1
        hits += [f"{text} = {wanted}"] if verdict == "hit" else []
        misses += [(reason(text, _DAY_REASONS), text)] if verdict == "not read" else []
        if verdict == "OTHERWISE":
            wrong.append(f"{text} by {base}: {named[0]}, there {times[0][:10]} to {times[-1][:10]}")
    tell("days, cells", alone, [])
    tell("days, sentences", within, wrong)
    print(f"    hits: {' / '.join(hits)}")
    tell_misses(misses)


def _verdict(found: date | None, wanted: date | None) -> str:
    if wanted is None:
        return "no single day, not read" if found is None else "OTHERWISE"
    return "not read" if found is None else "hit" if found == wanted else "OTHERWISE"


def _single_day(times: list[Any]) -> date | None:
    """The day that begins and ends on the same date; None for months, spans and open ends."""
    ends = [time[:10] for time in times if isinstance(time, str)]
    if len(ends) != 2 or ends[0] != ends[1]:
        return None
    try:
        return date.fromisoformat(ends[0])
    except ValueError:  # before our era, or "inf"
        return None


def _month_and_day(time: Any) -> tuple[int, int] | None:
    return (int(time[5:7]), int(time[8:10])) if isinstance(time, str) and len(time) >= 10 and time[4] == "-" else None


def _day(base: Any) -> date:
    if isinstance(base, list) and base:
        return date(*[int(part) for part in [*base, 1, 1][:3]])
    if isinstance(base, dict):
        return date(base.get("year", 2021), base.get("month", 6), base.get("day", 14))
    stamp = base if isinstance(base, int | float) else 1623604000
    return datetime.fromtimestamp(stamp, UTC).astimezone(_SHANGHAI).date()


def places(folder: Path) -> None:
    """Addresses all over the country: none of them is in Putuo."""
    counts, wrong, misses = Counter[str](), list[str](), list[tuple[str, str]]()
    for text, *_ in cases(folder / "test_location_parser.py"):
        whose = {named.place.whose for named in find_places(open_document("", text))}
        verdict = "OURS" if Whose.OURS in whose else "elsewhere" if Whose.ELSEWHERE in whose else "not known"
        counts[verdict] += 1
        wrong += [f"{text}: {verdict}"] if verdict == "OURS" else []
        misses += [("a district or a short name without its city", text)] if verdict == "not known" else []
    tell("places", counts, wrong)
    tell_misses(misses)


def main(folder: Path) -> None:
    """Every file that we have an answer to."""
    money(folder)
    days(folder)
    places(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
