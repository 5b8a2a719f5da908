"""One citizen's lines as they stand on screen: plain data, kept as the draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.domain.certification import Kind
from app.domain.citizen_qr import parse_citizen_qr, person_of
from app.domain.people import IdKind, Person
from app.services.certify import CopyLine
from app.services.intake.visit import CARD, TYPED

_PERSONAL, _OLD = 12, 9


@dataclass(frozen=True)
class Entry:
    """The row being typed. ``line_id``: the line it will replace, empty for a new one."""

    paper: str = ""
    pages: str = ""
    copies: str = ""
    kind: Kind = Kind.COPY
    line_id: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing typed."""
        return not (self.paper.strip() or self.pages.strip() or self.copies.strip())


@dataclass(frozen=True)
class Form:
    """``card``: the scan, empty for a citizen without one; ``name`` and ``number``: as they stand now."""

    request_id: str
    lines: tuple[CopyLine, ...] = ()
    entry: Entry = Entry()
    card: str = ""
    name: str = ""
    number: str = ""
    longer: bool = False
    reason: str = ""
    agreement: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing worth keeping."""
        return not self.lines and self.entry.is_blank and not (self.card or self.name or self.number)

    @property
    def source(self) -> str:
        """Where the person's fields come from."""
        return CARD if self.card else TYPED


def person_on(form: Form, today: date) -> Person:
    """The citizen as typed over what the card says."""
    number = form.number.replace(" ", "")
    if form.card:
        person = person_of(parse_citizen_qr(form.card, today))
        return replace(person, name=form.name)
    return Person(name=form.name, id_kind=_kind(number), id_value=number or None)


def _kind(number: str) -> IdKind:
    if not number:
        return IdKind.NONE
    if not number.isdigit():
        return IdKind.PASSPORT
    return IdKind.ID_CARD_9 if len(number) == _OLD else IdKind.PERSONAL_NUMBER


def body_of(form: Form) -> dict[str, Any]:
    """The form as JSON."""
    entry = form.entry
    return {
        "request_id": form.request_id,
        "lines": [_line_body(line) for line in form.lines],
        "entry": [entry.paper, entry.pages, entry.copies, entry.kind.value, entry.line_id],
        "card": form.card,
        "name": form.name,
        "number": form.number,
        "longer": form.longer,
        "reason": form.reason,
        "agreement": form.agreement,
    }


def form_of(body: Mapping[str, Any]) -> Form:
    """The form from JSON; what an older version did not keep is empty."""
    paper, pages, copies, kind, line_id = body.get("entry", ["", "", "", Kind.COPY.value, ""])
    return Form(
        request_id=body["request_id"],
        lines=tuple(_line(row) for row in body.get("lines", ())),
        entry=Entry(paper, pages, copies, Kind(kind), line_id),
        card=body.get("card", ""),
        name=body.get("name", ""),
        number=body.get("number", ""),
        longer=bool(body.get("longer")),
        reason=body.get("reason", ""),
        agreement=body.get("agreement", ""),
    )


def _line_body(line: CopyLine) -> dict[str, Any]:
    return {
        "id": line.request_id,
        "paper": line.paper,
        "pages": line.pages,
        "copies": line.copies,
        "kind": line.kind.value,
    }


def _line(row: Mapping[str, Any]) -> CopyLine:
    return CopyLine(row["id"], row["paper"], row["pages"], row["copies"], Kind(row["kind"]))
