"""Why an event is told: its proof, walked back step by step to the bytes that were captured, and verified."""

from reports.why.chain import explain
from reports.why.model import Chain, Check, Place, Step
from reports.why.page import write_page
from reports.why.read import WhyError
from reports.why.tell import lines_of

__all__ = ["Chain", "Check", "Place", "Step", "WhyError", "explain", "lines_of", "write_page"]
