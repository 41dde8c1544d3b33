"""What is quoted of a copyrighted page: few sentences, those of our subject, the same ones every time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.items import TextFrom
from crawler.platforms.article_page import PageText
from crawler.platforms.excerpt import MOST_CHARACTERS, MOST_SENTENCES, as_excerpt, excerpt

ARRIVAL = "样本生物科技（上海）有限公司落户桃浦智创城。"
FUNDING = "这家医疗企业宣布完成融资。"
WEATHER = "昨天下雨，市民出行不便。"


def test_sentences_that_touch_our_subject_are_quoted_in_their_order() -> None:
    text = f"{WEATHER}{FUNDING}天气转晴！\n{ARRIVAL}记者报道。"
    assert excerpt(text) == f"{FUNDING}\n{ARRIVAL}"


def test_what_touches_more_of_it_comes_before_what_stands_earlier() -> None:
    text = "普陀区召开会议。" * 5 + ARRIVAL
    assert ARRIVAL in excerpt(text).split("\n")
    assert len(excerpt(text).split("\n")) == MOST_SENTENCES


def test_a_page_about_something_else_is_quoted_by_its_first_sentence() -> None:
    assert excerpt(f"{WEATHER}运动会照常举行。") == WEATHER


def test_english_sentences_end_at_points_that_end_a_sentence() -> None:
    said = "Shanghai Yangben Co., Ltd. opened its headquarters in Taopu on Tuesday."
    assert excerpt(f"Runners ran 3.5 km. {said} The U.S. firm left nobody out. It rained.").split("\n")[0] == said


def test_words_match_at_their_beginning_only() -> None:
    assert excerpt("It rained. A gremovement was seen.") == "It rained."


def test_a_closing_quote_stays_with_its_sentence() -> None:
    quoted = "“样本医院在普陀启用。”"
    assert excerpt(f"{quoted}他说。") == quoted


def test_a_sentence_that_is_too_long_for_itself_is_cut() -> None:
    long = excerpt("普陀" + "样" * 1_000)
    assert (len(long), long[-1]) == (MOST_CHARACTERS, "…")


def test_nothing_is_quoted_of_nothing() -> None:
    assert excerpt(" \n ") == ""


def test_a_page_is_marked_as_an_excerpt() -> None:
    page = as_excerpt(PageText("样本", f"{ARRIVAL}{WEATHER}", {"a": "b"}))
    assert (page.title, page.text, page.facts, page.text_from) == ("样本", ARRIVAL, {"a": "b"}, TextFrom.EXCERPT)


@given(st.text(alphabet=st.sampled_from("普陀医院落户。！.? \nab”")), st.integers(1, 30))
def test_it_is_always_short_and_made_of_the_text(text: str, times: int) -> None:
    told = excerpt(text * times)
    assert len(told) <= MOST_CHARACTERS
    assert len(told.splitlines()) <= MOST_SENTENCES
    assert told == excerpt(text * times)
    assert set(told) <= set(text) | {"…", "\n"}
