"""What form 01 says, field by field in the order of DOMAIN §2, as blocks to be set on pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from reportlab.platypus import Flowable, Paragraph

from app.domain.slips import ReceiptSlip
from app.printing.codes_block import codes_block
from app.printing.flow import Together
from app.printing.fonts import FontFamily
from app.printing.form_lines import line, moment_words, serial_words
from app.printing.official_page import Head, Signatures, local_day, short_blank, title_blocks
from app.printing.paper import MM, PageStyle
from app.printing.table import RuledTable
from app.printing.transfer_block import TransferBlock
from app.printing.typeset import dots, field, literal, markup, paragraph, style

_COLUMNS = (0.075, 0.575, 0.2, 0.15)
"""Shares of the width: number, name, kind, quantity."""


class Copy(IntEnum):
    """Whose copy it is; the paper says so under the number."""

    APPLICANT = 1
    FILE = 2


@dataclass(frozen=True)
class Text:
    """One slip about to be set: its data, its wording, its letters."""

    slip: ReceiptSlip
    words: dict[str, Any]
    title: str
    family: FontFamily

    @property
    def made_at(self) -> datetime:
        """The moment the file bears, so that a later printing of it has the same bytes."""
        return self.slip.received_at


@dataclass(frozen=True)
class Setting(Text):
    """The slip with the measures of its page."""

    page: PageStyle


def receipt_blocks(setting: Setting, copy: Copy) -> list[Flowable]:
    """All blocks of one copy, head to notes."""
    slip, family, page = setting.slip, setting.family, setting.page
    serial = serial_words(setting, slip.head.serial)
    head = Head(slip.head, serial, local_day(slip.received_at), family, page)
    return [
        head,
        *title_blocks(setting.title, family, page),
        *_numbers(setting, copy),
        *_owner(setting),
        _components(setting),
        *_terms(setting),
        Together([_register(setting), _signatures(setting)]),
        *_codes_and_notes(setting),
        *([TransferBlock(slip.transfer, family, page)] if slip.transfer else []),
    ]


def _numbers(setting: Setting, copy: Copy) -> list[Flowable]:
    """The number under its true name; a provisional one never looks official."""
    slip, words, family, page = setting.slip, setting.words, setting.family, setting.page
    centred = style(family.regular, page.body, page.leading, "center", page.gap)
    shown = markup(slip.number, family) or dots(50 * MM, family.regular, page.body)
    label = words["provisional_number" if slip.provisional else "number"]
    lines: list[Flowable] = [Paragraph(f"{markup(label, family)}: <b>{shown}</b>", centred)]
    if slip.provisional_number.strip() and slip.provisional_number != slip.number:
        small = style(family.regular, page.note, page.leading, "center")
        lines.append(field(words["provisional_number"], slip.provisional_number, family, small, bold=False))
    italic = style(family.italic, page.note, page.leading, "center")
    lines.append(paragraph(f"({words['copies'][copy - 1]})", family, italic))
    return lines


def _owner(setting: Setting) -> list[Flowable]:
    slip, words, page = setting.slip, setting.words, setting.page
    lines = [
        line(setting, words["receiving_office"], slip.receiving_office),
        line(setting, words["owner_name"], slip.owner_name, bold=True),
        line(setting, words["owner_address"], slip.owner_address, bold=True),
        line(setting, words["owner_phone"], slip.owner_phone.replace(" ", "\u00a0"), bold=True),
        line(setting, words["owner_email"], slip.owner_email),
        line(setting, words["request"], slip.request, bold=True),
    ]
    lines[0].spaceBefore = page.body * 0.5
    return lines


def _components(setting: Setting) -> Flowable:
    words, family, page = setting.words, setting.family, setting.page
    how = style(family.regular, page.body, page.leading, "left", page.gap)
    label = Paragraph(f"{markup(words['components'], family)}:", how)
    bold = style(family.bold, page.table, page.leading, "center")
    plain = style(family.regular, page.table, page.leading, "left")
    centred = style(family.regular, page.table, page.leading, "center")
    head = [paragraph(name, family, bold) for name in words["columns"]]
    rows = [
        [
            paragraph(str(index), family, centred),
            paragraph(part.name, family, plain),
            paragraph(part.kind, family, centred),
            paragraph(str(part.quantity), family, centred),
        ]
        for index, part in enumerate(setting.slip.components, start=1)
    ]
    widths = [share * page.inner_width for share in _COLUMNS]
    return Together([label, RuledTable(head, rows, widths, gap=page.gap + 1.5)])


def _terms(setting: Setting) -> list[Flowable]:
    slip, words, page = setting.slip, setting.words, setting.page
    due = moment_words(setting, slip.due_at)
    lines = [
        line(setting, words["sets"], f"{slip.sets:02d} {words['sets_unit']}"),
        line(setting, words["term"], slip.term_words),
        line(setting, words["received_at"], moment_words(setting, slip.received_at)),
        line(setting, words["due_at"], due, bold=slip.due_at is not None),
        line(setting, words["return"], slip.return_words),
        line(setting, words["fee"], slip.fee_words),
    ]
    lines[0].spaceBefore = page.gap + 2.5
    return lines


def _register(setting: Setting) -> Flowable:
    slip, family, page = setting.slip, setting.family, setting.page
    how = style(family.regular, page.body, page.leading, "justify", page.gap)
    text = setting.words["register"].format(
        book=short_blank(slip.register_book, family, page),
        number=short_blank(slip.register_no, family, page),
    )
    return paragraph(text, family, how)


def _signatures(setting: Setting) -> Flowable:
    slip, words = setting.slip, setting.words
    signers = [
        (words["submitter_signs"], words["sign_hint"], slip.submitter_name),
        (words["officer_signs"], words["sign_hint"], slip.officer_name),
    ]
    return Signatures(signers, setting.family, setting.page)


def _codes_and_notes(setting: Setting) -> list[Flowable]:
    slip, words, family, page = setting.slip, setting.words, setting.family, setting.page
    plain = style(family.regular, page.note, page.leading, "left", page.gap)
    italic = style(family.italic, page.note, page.leading, "left", page.gap)
    notes = []
    if literal(slip.lookup_words, family):
        notes.append(paragraph(slip.lookup_words, family, plain))
    if literal(slip.due_reason, family):
        notes.append(field(words["due_reason"], slip.due_reason, family, plain, bold=False))
    notes += [paragraph(note, family, italic) for note in words["notes"]]
    return codes_block(slip.number.strip(), notes, family, page)


def continued(setting: Setting, copy: Copy, _page_no: int) -> Flowable:
    """First line of page 2 and after, so that a loose page finds its way back."""
    slip, words, family, page = setting.slip, setting.words, setting.family, setting.page
    label = words["provisional_number" if slip.provisional else "number"]
    italic = style(family.italic, page.note, page.leading, "left")
    text = f"{setting.title}, {label}: {slip.number} ({words['copies'][copy - 1]})"
    return paragraph(text, family, italic)
