"""Which life-health sub-sector a firm belongs to, how surely, and which of its own words say so."""

from pipelines.classify.engine import Classifier, classify_batch, rules_version
from pipelines.classify.label import Grade, Label, Span, Subject, SubSector, evidence_text
from pipelines.classify.rules import RulesError

__all__ = [
    "Classifier",
    "Grade",
    "Label",
    "RulesError",
    "Span",
    "SubSector",
    "Subject",
    "classify_batch",
    "evidence_text",
    "rules_version",
]
