"""Tells in one language what was read in the district's news and documents: few lines, the rest is evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from crawler.items import ArticleKind
from reports.briefing import Briefing, Note
from reports.claim import Claim, Measure
from reports.page import LinkText, NoteGroupText, NotesText, NoteText
from reports.tell_claim import claim_phrase
from reports.telling import QUOTE, Teller
from reports.untrusted import clean, safe_link
from reports.words import Words

LINES = 5  # of each sort: two minutes on a phone
TITLE = 90
_CLAIMED = 240
_AGENCY = 40
_NUMBER = 40
_PLACE = 60
_PLACES = 2
_TAG = {"zh": "zh-CN", "en": "en"}
_MEASURES = {measure: place for place, measure in enumerate(Measure)}


def tell_notes(
    briefing: Briefing, say: Words, teller: Teller, year: int, proof_of: Callable[[str], str]
) -> NotesText | None:
    """The section on articles, None when none is about life-health; `proof_of` is where an article's evidence lies."""
    telling = _NoteTelling(say, teller, year, proof_of)
    groups = tuple(group for group in telling.groups(briefing.notes) if group.count)
    late = len(briefing.late_notes)
    if not groups and not late:
        return None
    relevant = sum(len(note.exhibits) for note in (*briefing.notes, *briefing.late_notes))
    read = [say.count("notes", "read", briefing.articles_read, relevant=say.number(relevant))]
    read += [say("notes", "not_repeated")] if any(note.told_above for note in briefing.notes) else []
    return NotesText(
        title=say("section", "notes"),
        count=len(briefing.notes) + late,
        note=say("notes", "between_sentences").join(read),
        groups=groups,
        late=say.count("notes", "late", late) if late else "",
    )


class _NoteTelling:
    def __init__(self, say: Words, teller: Teller, year: int, proof_of: Callable[[str], str]) -> None:
        self._say = say
        self._teller = teller
        self._year = year
        self._proof_of = proof_of

    def groups(self, notes: Sequence[Note]) -> Iterable[NoteGroupText]:
        """Documents, filings, claims and other news; what is told above or as a claim is not told as news too."""
        claims = _claims(notes)
        claiming = {note.article_id for note, _, _ in claims}
        for kind in (ArticleKind.DOCUMENT, ArticleKind.FILING):
            yield self._group(kind, [self._note(note) for note in notes if note.kind is kind and not note.told_above])
        yield self._group("claims", [self._claim(*said) for said in claims])
        news = [note for note in notes if note.kind is ArticleKind.NEWS and not note.told_above]
        yield self._group(ArticleKind.NEWS, [self._note(note) for note in news if note.article_id not in claiming])

    def _group(self, name: str, told: Sequence[NoteText]) -> NoteGroupText:
        rest = len(told) - LINES
        return NoteGroupText(
            title=self._say("note_group", name),
            count=len(told),
            notes=tuple(told[:LINES]),
            more=self._say.count("notes", "more", rest) if rest > 0 else "",
        )

    def _note(self, note: Note) -> NoteText:
        title = clean(note.title, TITLE) or self._say("notes", "untitled")
        about = (*self._source(note), clean(note.document_number, _NUMBER), *self._places(note, title))
        return self._told(note, title=title, lang=_TAG.get(note.language, ""), detail="", about=about)

    def _claim(self, note: Note, quote: str, claims: Sequence[Claim]) -> NoteText:
        """What one sentence claims."""
        told = self._say("sight", "between").join(claim_phrase(claim, self._say) for claim in claims)
        sentence = clean(quote, QUOTE)
        detail = self._say("why", "quoted", text=sentence) if sentence else ""
        return self._told(note, title=clean(told, _CLAIMED), lang="", detail=detail, about=self._source(note))

    def _told(self, note: Note, *, title: str, lang: str, detail: str, about: Sequence[str]) -> NoteText:
        return NoteText(
            title=title,
            lang=lang,
            href=safe_link(note.url) or "",
            detail=detail,
            about=self._say.heading(" · ".join(part for part in about if part)),
            links=(LinkText(text=self._say("link", "proof"), href=self._proof_of(note.article_id)),),
        )

    def _source(self, note: Note) -> tuple[str, str]:
        """When it was published, and who says it."""
        day = self._say.day(note.published_on, self._year) if note.published_on else self._say("notes", "undated")
        first = note.exhibits[0]
        return day, clean(note.agency, _AGENCY) or self._teller.source_title(first.source, first.series)

    def _places(self, note: Note, title: str) -> Iterable[str]:
        places = note.places_zh if self._say.language == "zh" else note.places_en
        unsaid = [place for place in (clean(place, _PLACE) for place in places) if place not in title]
        return unsaid[:_PLACES]


def _claims(notes: Iterable[Note]) -> list[tuple[Note, str, list[Claim]]]:
    """Article, sentence and what it claims, in telling order; what several claim in the same figures, once."""
    told: set[object] = set()
    sentences: dict[tuple[str, str], tuple[Note, str, list[Claim]]] = {}
    for note in notes:
        for claim in sorted(note.claims, key=_order):
            figure = claim.quote if claim.value is None else claim.value
            of = (claim.measure, claim.subject, claim.where, claim.is_target, claim.year)
            said = (*of, figure, claim.unit, claim.relation)
            if said not in told:
                told.add(said)
                sentences.setdefault((note.article_id, claim.quote), (note, claim.quote, []))[2].append(claim)
    return list(sentences.values())


def _order(claim: Claim) -> tuple[object, ...]:
    return (_MEASURES[claim.measure], claim.is_target, claim.year or 0, claim.claim_id)
