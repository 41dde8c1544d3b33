"""Say where an address lies: in Shanghai's Putuo or not, in which street or town, in which park.

An address is read from its beginning, as registrars write it: city, district, street or town, road, number,
building. The first place named counts. What the address does not say, the extract's own columns may. The
division inside a credit code never does: it tells where a firm first registered, for ever (GB 32100-2015).

All that is known of places stands in `pipelines/reference/`, in `gazetteer.toml`, `parks.toml` and `divisions.toml`.
The way of an address: `clean` → `head` → `spot` → `evidence` → `decide`.
"""

from __future__ import annotations

from pipelines.locate.decide import locate
from pipelines.locate.gazetteer import park_name, street_name
from pipelines.locate.numbers import GazetteerError
from pipelines.locate.place import PUTUO, InPutuo, LocateReason, Place
from pipelines.locate.reference import GAZETTEER_VERSION

__all__ = [
    "GAZETTEER_VERSION",
    "PUTUO",
    "GazetteerError",
    "InPutuo",
    "LocateReason",
    "Place",
    "locate",
    "park_name",
    "street_name",
]
