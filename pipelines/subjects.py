"""A firm as the database holds it, as the subject of a label."""

from __future__ import annotations

from pipelines.classify import Subject


def subject_of(name: str, scope: str, name_en: str, industry: str, licences: str) -> Subject:
    """What is judged; `licences` are kinds joined by |, empty for none."""
    return Subject(name, scope, name_en, industry, tuple(licences.split("|")) if licences else ())
