"""Draws the A4 forms 02–07: in the widest style that needs one page, else over as many as they take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reportlab.platypus import Flowable

from app.domain.slips import PaperSubject
from app.printing.codes_block import codes_block
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Page, paginate
from app.printing.fonts import FontFamily, serif
from app.printing.form_lines import number_label, spaced
from app.printing.form_texts import printed_title, wording
from app.printing.official_page import draw_marks
from app.printing.paper import A4_CLOSE, A4_STYLE, PageStyle
from app.printing.typeset import paragraph, style

_A4 = (A4_STYLE, A4_CLOSE)

Blocks = Callable[["Sheet"], list[Flowable]]


@dataclass(frozen=True)
class Sheet:
    """One form about to be set."""

    title: str
    words: dict[str, Any]
    family: FontFamily
    page: PageStyle


@dataclass(frozen=True)
class Print:
    """What is printed, apart from its blocks. ``number``: the form's; ``made_at``: the moment it bears."""

    number: str
    form_set: str
    made_at: datetime | None
    copy_no: int
    demo: bool


def draw_form(
    what: Print,
    blocks: Blocks,
    running: Callable[[Sheet], str],
    styles: Sequence[PageStyle] = _A4,
) -> bytes:
    """The form as PDF; the same data always gives the same bytes. ``running``: first line of page 2 on.

    Raises ``StorageError`` ``no-paper-font`` and ``RuleError`` ``unknown-form-set``.
    """
    sheet, pages = _set(what, blocks, running, styles)
    size = (sheet.page.width, sheet.page.height)
    canvas = new_canvas(size, sheet.title, sheet.family.regular, what.made_at)
    for page_no, page in enumerate(pages, start=1):
        draw_page(canvas, page)
        draw_marks(canvas, sheet.page, sheet.family, page_no=page_no, copy_no=what.copy_no, demo=what.demo)
        canvas.showPage()
    return finish(canvas)


def draw_subject_form(
    number: str,
    subject: PaperSubject,
    made_at: datetime,
    blocks: Blocks,
    styles: Sequence[PageStyle] = _A4,
) -> bytes:
    """A form of one dossier, its codes at the end and its number at the head of every further page."""
    what = Print(number, subject.form_set, made_at, subject.copy_no, subject.demo)

    def whole(sheet: Sheet) -> list[Flowable]:
        codes = codes_block(subject.number.strip(), [], sheet.family, sheet.page)
        return [*blocks(sheet), *spaced(codes, 1.3 * sheet.page.body)]

    def running(sheet: Sheet) -> str:
        return f"{sheet.title}, {number_label(sheet, subject)}: {subject.number}"

    return draw_form(what, whole, running, styles)


def _set(
    what: Print, blocks: Blocks, running: Callable[[Sheet], str], styles: Sequence[PageStyle]
) -> tuple[Sheet, list[Page]]:
    """The pages in the first style that needs but one page, else in the first of all."""
    title = printed_title(what.number, what.form_set)
    words = wording(what.number, what.form_set)
    tries: list[tuple[Sheet, list[Page]]] = []
    for page in styles:
        sheet = Sheet(title, words, serif(), page)
        tries.append((sheet, paginate(blocks(sheet), page, _continued(sheet, running))))
        if len(tries[-1][1]) == 1:
            return tries[-1]
    return tries[0]


def _continued(sheet: Sheet, running: Callable[[Sheet], str]) -> Callable[[int], Flowable]:
    italic = style(sheet.family.italic, sheet.page.note, sheet.page.leading, "left")
    return lambda _: paragraph(running(sheet), sheet.family, italic)
