"""What is answered of an address: the types and the codes of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# GB/T 2260
PUTUO: Final = "310107"
ZHOUSHAN_PUTUO: Final = "330903"
ZHEJIANG: Final = "33"  # the first digits of every division in it


class InPutuo(StrEnum):
    """Whether an address lies in Putuo District, Shanghai (310107)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class LocateReason(StrEnum):
    """What decided whether an address lies in Putuo; a closed list, strongest evidence first."""

    ADDRESS_NAMES_OTHER_PLACE = "address_names_other_place"  # another city or province, or Zhoushan's Putuo
    ADDRESS_NAMES_DISTRICT = "address_names_district"  # a district of Shanghai, or a town of another
    STREET_NAME = "street_name"  # a street or town of Putuo
    ROAD_OF_PUTUO = "road_of_putuo"  # a road, estate or stretch of road that only Putuo has
    PARK = "park"  # a park that only Putuo has
    STATED_DISTRICT = "stated_district"  # the extract's own district column
    REGISTRAR = "registrar"  # the registrar's name
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address lies.

    `district` is the GB/T 2260 code of the most exact division told ("310107", "330903", "" if none),
    `street` a street or town of Putuo by its statistical code ("310107103", "" if not known), `park` a park
    id of the gazetteer. `address_key` is road, number and building without floor and room: firms with one and
    the same share an address. Outside Putuo the division stands before it; "" where no number is told.
    """

    in_putuo: InPutuo
    district: str
    street: str
    park: str
    address_key: str
    reason: LocateReason
