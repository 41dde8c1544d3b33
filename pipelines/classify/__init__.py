"""Which life-health sub-sector a firm belongs to, how surely, and which of its own words say so."""

from pipelines.classify.engine import RULES_VERSION, Classifier, classify_batch
from pipelines.classify.label import Grade, Label, Span, SubSector, evidence_text
from pipelines.classify.rules import RulesError

__all__ = [
    "RULES_VERSION",
    "Classifier",
    "Grade",
    "Label",
    "RulesError",
    "Span",
    "SubSector",
    "classify_batch",
    "evidence_text",
]
