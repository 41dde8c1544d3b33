"""A row of a registry extract as an item."""

from __future__ import annotations

from crawler.fields.credit_code import normalise, problem
from crawler.fields.dates import parse_date
from crawler.fields.money import parse_money
from crawler.fields.personal import MASK
from crawler.fields.status import parse_status
from crawler.fields.text import clean
from crawler.items import Item, Proof, Registration, Rejected, RejectReason
from crawler.platforms.registry_table import Columns, is_broken
from crawler.platforms.spreadsheet import Row

_LONGEST_CODE_CELL = 60  # characters, blanks and what spreadsheets put around numbers included


def _only_code(cells: list[str]) -> str:
    """The one valid credit code among cells that are not otherwise to be trusted; empty for none or several."""
    codes = {code for cell in cells if len(cell) < _LONGEST_CODE_CELL and problem(code := normalise(cell)) is None}
    return codes.pop() if len(codes) == 1 else ""


def read_row(row: Row, columns: Columns, proof: Proof) -> Item:
    """The Registration that a row states, or what is put aside in its place, with its reason."""
    if len(row.cells) != len(columns.header):
        detail = f"{len(row.cells)} cells where the header has {len(columns.header)}"
        cells = {str(at): cell for at, cell in enumerate(row.cells, start=1)}
        code = _only_code(row.cells)
        return Rejected(reason=RejectReason.WRONG_CELL_COUNT, detail=detail, uscc=code, cells=cells, proof=proof)
    said = {field: columns.pick(row.cells, field).strip() for field in columns.of}
    if is_broken(row):
        return Rejected(
            reason=RejectReason.BROKEN_TEXT,
            detail="letters were lost in decoding, or a cell is far too long",
            uscc=_only_code([said["uscc"]]),
            cells={field: text[:500] for field, text in said.items()},
            proof=proof,
        )
    capital = parse_money(said.get("capital", ""), unit=columns.unit(row.cells, "capital"))
    raw_code = said.get("uscc", "")
    return Registration(
        uscc=MASK if raw_code == MASK else normalise(raw_code),
        uscc_raw=raw_code,
        name=clean(said.get("name", "")),
        legal_form=clean(said.get("legal_form", "")),
        status=parse_status(said.get("status", "")),
        status_raw=said.get("status", ""),
        registered_on=parse_date(said.get("registered_on", "")),
        registered_on_raw=said.get("registered_on", ""),
        approved_on=parse_date(said.get("approved_on", "")),
        approved_on_raw=said.get("approved_on", ""),
        capital=capital.amount if capital else None,
        capital_currency=capital.currency if capital else "",
        capital_raw=said.get("capital", ""),
        scope=clean(said.get("scope", "")),
        address=clean(said.get("address", "")),
        district=clean(said.get("district", "")),
        registrar=clean(said.get("registrar", "")),
        industry=clean(said.get("industry", "")),
        proof=proof,
    )
