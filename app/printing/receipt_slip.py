"""Form 01, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" (TT 01/2018 and TT 03/2025/TT-VPCP, DOMAIN §2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import partial
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from app.clock import VIETNAM
from app.domain.slips import ReceiptSlip
from app.printing.codes_block import codes_block
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Page, Together, paginate
from app.printing.fonts import FontFamily, serif
from app.printing.form_texts import form_title, wording
from app.printing.official_page import (
    Head,
    Signatures,
    draw_marks,
    local_day,
    short_blank,
    title_blocks,
)
from app.printing.paper import A4, A4_CLOSE, A4_STYLE, A5, A5_CLOSE, A5_DENSE, A5_STYLE, MM, PageStyle, Paper
from app.printing.table import RuledTable
from app.printing.typeset import blank, dots, field, literal, markup, paragraph, style

_FORM = "01"
_A4_STYLES = (A4_STYLE, A4_CLOSE)
_A5_STYLES = (A5_STYLE, A5_CLOSE, A5_DENSE)
_COLUMNS = (0.075, 0.575, 0.2, 0.15)
"""Shares of the width: number, name, kind, quantity."""


class Copy(IntEnum):
    """Whose copy it is; the paper says so under the number."""

    APPLICANT = 1
    FILE = 2


@dataclass(frozen=True)
class _Text:
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
class _Setting(_Text):
    """The slip with the measures of its page."""

    page: PageStyle


def draw_receipt_slip(slip: ReceiptSlip, *, paper: Paper, copies: Sequence[Copy] | None = None) -> bytes:
    """The slip as PDF; the same slip always gives the same bytes.

    ``A5_TWO_UP`` holds both copies on each sheet; ``A5`` and ``A4`` hold the applicant's copy unless
    ``copies`` says otherwise (one after the other). Long content goes on to further pages.
    Raises ``StorageError`` ``no-paper-font`` and ``RuleError`` ``unknown-form-set``.
    """
    title = form_title(_FORM, slip.form_set)
    text = _Text(slip, wording(_FORM, slip.form_set), title, serif())
    if paper is Paper.A5_TWO_UP:
        return _two_up(text, tuple(copies or (Copy.APPLICANT, Copy.FILE)))
    return _one_up(text, tuple(copies or (Copy.APPLICANT,)), paper)


def _one_up(text: _Text, copies: tuple[Copy, ...], paper: Paper) -> bytes:
    styles = _A4_STYLES if paper is Paper.A4 else _A5_STYLES
    canvas = new_canvas(A4 if paper is Paper.A4 else A5, text.title, text.family.regular, text.made_at)
    for setting, pages in _set(text, copies, styles):
        for index, page in enumerate(pages):
            _draw(canvas, setting, page, index + 1, 0)
            canvas.showPage()
    return finish(canvas)


def _two_up(text: _Text, copies: tuple[Copy, ...]) -> bytes:
    """Sheet k holds page k of each copy, each a true A5, with a line to cut along."""
    width, height = A4[1], A4[0]
    canvas = new_canvas((width, height), text.title, text.family.regular, text.made_at)
    laid = _set(text, copies[:2], _A5_STYLES)
    slack = (width / 2 - A5[0]) / 2
    for index in range(max(len(pages) for _, pages in laid)):
        _cutting_line(canvas, width / 2, height)
        for place, (setting, pages) in enumerate(laid):
            if index < len(pages):
                _draw(canvas, setting, pages[index], index + 1, place * width / 2 + slack)
        canvas.showPage()
    return finish(canvas)


def _cutting_line(canvas: Canvas, x: float, height: float) -> None:
    canvas.saveState()
    canvas.setStrokeGray(0.55)
    canvas.setLineWidth(0.4)
    canvas.setDash(3, 3)
    canvas.line(x, 0, x, height)
    canvas.restoreState()


def _draw(canvas: Canvas, setting: _Setting, page: Page, page_no: int, x: float) -> None:
    slip = setting.slip
    draw_page(canvas, page, x)
    draw_marks(
        canvas,
        setting.page,
        setting.family,
        x=x,
        page_no=page_no,
        copy_no=slip.copy_no,
        demo=slip.demo,
    )


def _set(
    text: _Text, copies: tuple[Copy, ...], styles: tuple[PageStyle, ...]
) -> list[tuple[_Setting, list[Page]]]:
    """The pages of each copy, in the first style that needs but one page, else in the first of all."""
    tries = [_pages(text, copies[0], styles[0])]
    for page in styles[1:]:
        if len(tries[-1][1]) == 1:
            break
        tries.append(_pages(text, copies[0], page))
    chosen = tries[-1] if len(tries[-1][1]) == 1 else tries[0]
    return [chosen, *(_pages(text, copy, chosen[0].page) for copy in copies[1:])]


def _pages(text: _Text, copy: Copy, page: PageStyle) -> tuple[_Setting, list[Page]]:
    setting = _Setting(text.slip, text.words, text.title, text.family, page)
    return setting, paginate(_blocks(setting, copy), page, partial(_continued, setting, copy))


def _blocks(setting: _Setting, copy: Copy) -> list[Flowable]:
    slip, words, family, page = setting.slip, setting.words, setting.family, setting.page
    serial = slip.head.serial.strip() or f"............{words['serial_suffix']}"
    head = Head(slip.head, f"{words['serial']}: {serial}", local_day(slip.received_at), family, page)
    return [
        head,
        *title_blocks(setting.title, family, page),
        *_numbers(setting, copy),
        *_owner(setting),
        _components(setting),
        *_terms(setting),
        Together([_register(setting), _signatures(setting)]),
        *_codes_and_notes(setting),
    ]


def _numbers(setting: _Setting, copy: Copy) -> list[Flowable]:
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


def _line(setting: _Setting, label: str, value: str, *, bold: bool = False) -> Flowable:
    """One line of the form; dots where nothing is known."""
    family, page = setting.family, setting.page
    if not literal(value, family):
        how = style(family.regular, page.body, page.leading, "left", page.gap)
        return blank(label, family, how, page.inner_width)
    how = style(family.regular, page.body, page.leading, "justify", page.gap)
    return field(label, value, family, how, bold=bold)


def _owner(setting: _Setting) -> list[Flowable]:
    slip, words, page = setting.slip, setting.words, setting.page
    lines = [
        _line(setting, words["receiving_office"], slip.receiving_office),
        _line(setting, words["owner_name"], slip.owner_name, bold=True),
        _line(setting, words["owner_address"], slip.owner_address, bold=True),
        _line(setting, words["owner_phone"], slip.owner_phone.replace(" ", "\u00a0"), bold=True),
        _line(setting, words["owner_email"], slip.owner_email),
        _line(setting, words["request"], slip.request, bold=True),
    ]
    lines[0].spaceBefore = page.body * 0.5
    return lines


def _components(setting: _Setting) -> Flowable:
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


def _terms(setting: _Setting) -> list[Flowable]:
    slip, words, page = setting.slip, setting.words, setting.page
    due = _moment(setting, slip.due_at)
    lines = [
        _line(setting, words["sets"], f"{slip.sets:02d} {words['sets_unit']}"),
        _line(setting, words["term"], slip.term_words),
        _line(setting, words["received_at"], _moment(setting, slip.received_at)),
        _line(setting, words["due_at"], due, bold=slip.due_at is not None),
        _line(setting, words["return"], slip.return_words),
        _line(setting, words["fee"], slip.fee_words),
    ]
    lines[0].spaceBefore = page.gap + 2.5
    return lines


def _moment(setting: _Setting, moment: datetime | None) -> str:
    pattern: str = setting.words["moment"]
    if moment is None:
        room = dots(9 * MM, setting.family.regular, setting.page.body)
        return pattern.format(hour=room, minute=room, day=room + room)
    local = moment.astimezone(VIETNAM)
    return pattern.format(hour=f"{local:%H}", minute=f"{local:%M}", day=f"{local:%d/%m/%Y}")


def _register(setting: _Setting) -> Flowable:
    slip, family, page = setting.slip, setting.family, setting.page
    how = style(family.regular, page.body, page.leading, "justify", page.gap)
    text = setting.words["register"].format(
        book=short_blank(slip.register_book, family, page),
        number=short_blank(slip.register_no, family, page),
    )
    return paragraph(text, family, how)


def _signatures(setting: _Setting) -> Flowable:
    slip, words = setting.slip, setting.words
    signers = [
        (words["submitter_signs"], words["sign_hint"], slip.submitter_name),
        (words["officer_signs"], words["sign_hint"], slip.officer_name),
    ]
    return Signatures(signers, setting.family, setting.page)


def _codes_and_notes(setting: _Setting) -> list[Flowable]:
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


def _continued(setting: _Setting, copy: Copy, _page_no: int) -> Flowable:
    """First line of page 2 and after, so that a loose page finds its way back."""
    slip, words, family, page = setting.slip, setting.words, setting.family, setting.page
    label = words["provisional_number" if slip.provisional else "number"]
    italic = style(family.italic, page.note, page.leading, "left")
    text = f"{setting.title}, {label}: {slip.number} ({words['copies'][copy - 1]})"
    return paragraph(text, family, italic)
