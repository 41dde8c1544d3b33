"""What two registers say of the invented week's firms: who may trade in devices, and who won a public contract.

The sites are the fixtures of these sources, with firms of the week in the place of two of theirs.
"""

from __future__ import annotations

from dataclasses import replace

from tests.fixtures.case import FIXTURES, Case, Site, read_case
from tests.replica.server import Replica

NIGHT = 4  # of the week: the one night on which they are read
# The fixture's words, and the demo's in their place; the licence is granted in the days before the week.
_WORDS = {
    "mpa_device_dealers": {"上海样本1医疗器械有限公司": "上海澜禾医疗器械有限公司", "1791734400000": "1794412800000"},
    "procurement_awards": {"上海样本1医疗器械有限公司": "上海霁川医药有限公司"},
}


class DemoProofs:
    """The sites of both registers, by source."""

    def __init__(self) -> None:
        self._cases = [_case(source, words) for source, words in _WORDS.items()]
        self.sites = [Replica(Site(case).routes()) for case in self._cases]
        self.sources = tuple(_WORDS)

    def stand_ins(self) -> dict[str, str]:
        """The hosts, and who answers for them."""
        pairs = zip(self._cases, self.sites, strict=True)
        return {host: site.url() for case, site in pairs for host in case.hosts}


def _case(source: str, words: dict[str, str]) -> Case:
    case = read_case(FIXTURES / source / "main")
    bodies = [body.decode() for body in case.bodies]
    for theirs, ours in words.items():
        bodies = [body.replace(theirs, ours) for body in bodies]
    return replace(case, bodies=tuple(body.encode() for body in bodies))
