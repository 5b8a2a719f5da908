"""Form 01, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" (TT 01/2018 and TT 03/2025/TT-VPCP, DOMAIN §2)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reportlab.pdfgen.canvas import Canvas

from app.domain.slips import ReceiptSlip
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Page, paginate
from app.printing.fonts import serif
from app.printing.form_texts import form_title, wording
from app.printing.official_page import draw_marks
from app.printing.paper import A4, A4_CLOSE, A4_STYLE, A5, A5_CLOSE, A5_DENSE, A5_STYLE, PageStyle, Paper
from app.printing.receipt_body import Copy, Setting, Text, continued, receipt_blocks

__all__ = ["Copy", "draw_receipt_slip"]

_FORM = "01"
_A4_STYLES = (A4_STYLE, A4_CLOSE)
_A5_STYLES = (A5_STYLE, A5_CLOSE, A5_DENSE)


def draw_receipt_slip(slip: ReceiptSlip, *, paper: Paper, copies: Sequence[Copy] | None = None) -> bytes:
    """The slip as PDF; the same slip always gives the same bytes.

    ``A5_TWO_UP`` holds both copies on each sheet; ``A5`` and ``A4`` hold the applicant's copy unless
    ``copies`` says otherwise (one after the other). Long content goes on to further pages.
    Raises ``StorageError`` ``no-paper-font`` and ``RuleError`` ``unknown-form-set``.
    """
    title = form_title(_FORM, slip.form_set)
    text = Text(slip, wording(_FORM, slip.form_set), title, serif())
    if paper is Paper.A5_TWO_UP:
        return _two_up(text, tuple(copies or (Copy.APPLICANT, Copy.FILE)))
    return _one_up(text, tuple(copies or (Copy.APPLICANT,)), paper)


def _one_up(text: Text, copies: tuple[Copy, ...], paper: Paper) -> bytes:
    styles = _A4_STYLES if paper is Paper.A4 else _A5_STYLES
    canvas = new_canvas(A4 if paper is Paper.A4 else A5, text.title, text.family.regular, text.made_at)
    for setting, pages in _set(text, copies, styles):
        for index, page in enumerate(pages):
            _draw(canvas, setting, page, index + 1, 0)
            canvas.showPage()
    return finish(canvas)


def _two_up(text: Text, copies: tuple[Copy, ...]) -> bytes:
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


def _draw(canvas: Canvas, setting: Setting, page: Page, page_no: int, x: float) -> None:
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
        replaces=slip.replaces_words,
    )


def _set(
    text: Text, copies: tuple[Copy, ...], styles: tuple[PageStyle, ...]
) -> list[tuple[Setting, list[Page]]]:
    """The pages of each copy, in the first style that needs but one page, else in the first of all."""
    tries = [_pages(text, copies[0], styles[0])]
    for page in styles[1:]:
        if len(tries[-1][1]) == 1:
            break
        tries.append(_pages(text, copies[0], page))
    chosen = tries[-1] if len(tries[-1][1]) == 1 else tries[0]
    return [chosen, *(_pages(text, copy, chosen[0].page) for copy in copies[1:])]


def _pages(text: Text, copy: Copy, page: PageStyle) -> tuple[Setting, list[Page]]:
    setting = Setting(text.slip, text.words, text.title, text.family, page)
    return setting, paginate(receipt_blocks(setting, copy), page, partial(continued, setting, copy))
