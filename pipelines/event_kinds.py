"""The closed list of business events, and how each is filed."""

from __future__ import annotations

from typing import Literal

Category = Literal["arrival", "expansion", "departure"]

ARRIVALS = ("registered", "moved_in", "branch_opened", "arrival_announced")
EXPANSIONS = (
    "capital_raised",
    "scope_widened",
    "premises_added",
    "licence_granted",
    "product_approved",
    "project_approved",
    "financing_raised",
    "contract_won",
    "trial_started",
    "listing_step",
    "headquarters_set_up",
    "overseas_expansion",
    "recognised",
    "partnership",
)
DEPARTURES = ("moved_out", "deregistered", "capital_cut", "scope_narrowed", "licence_lapsed")

CATEGORY: dict[str, Category] = {
    **dict.fromkeys(ARRIVALS, "arrival"),
    **dict.fromkeys(EXPANSIONS, "expansion"),
    **dict.fromkeys(DEPARTURES, "departure"),
}
