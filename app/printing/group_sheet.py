"""Sheet of a visit: several dossiers of one person on one page, each with its code and its day.

The counter's own paper; each dossier has its statutory slip (form 01) beside it.
"""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Flowable, Paragraph

from app.clock import VIETNAM
from app.domain.group_sheet import GroupLine, GroupSheet
from app.domain.vietnamese import number_in_words
from app.printing.codes import can_be_coded, draw_qr, qr_quiet
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Together
from app.printing.form_lines import line, moment_words, phone_words, prose
from app.printing.official_page import Head, Signatures, draw_marks, local_day, title_blocks
from app.printing.paper import A4_CLOSE, A4_STYLE, MM
from app.printing.plain_form import SIGN_HINT, PlainForm, set_pages
from app.printing.table import RuledTable
from app.printing.table_cells import Cells
from app.printing.typeset import markup, style
from app.text import t

_STYLES = (A4_STYLE, A4_CLOSE)
_COLUMNS = (
    (8, "TT"),
    (24, "Mã QR"),
    (63, "Hồ sơ"),
    (26, "Chủ hồ sơ"),
    (24, "Hẹn trả"),
    (18, "Phí, lệ phí (đồng)"),
)
"""Widths in millimetres of a whole that fills the page, and titles."""
_QR = 14 * MM
"""Side of a row's code: 25 modules of 0.56 mm, read by any phone."""


def draw_group_sheet(paper: GroupSheet) -> bytes:
    """The sheet on A4; the same sheet always gives the same bytes. Raises ``StorageError``
    ``no-paper-font``."""
    title = t("Danh mục hồ sơ nhận cùng lượt")
    running = t("{title} của {name}").format(title=title, name=paper.submitter_name)
    form, pages = set_pages(lambda each: _blocks(each, paper, title), _STYLES, running)
    canvas = new_canvas((form.page.width, form.page.height), title, form.family.regular, paper.received_at)
    for page_no, page in enumerate(pages, start=1):
        draw_page(canvas, page)
        draw_marks(canvas, form.page, form.family, page_no=page_no, copy_no=paper.copy_no, demo=paper.demo)
        canvas.showPage()
    return finish(canvas)


def _blocks(form: PlainForm, paper: GroupSheet, title: str) -> list[Flowable]:
    signers = [
        (t("Người nộp hồ sơ"), SIGN_HINT, paper.submitter_name),
        (t("Người tiếp nhận hồ sơ"), SIGN_HINT, paper.officer_name),
    ]
    submitter = line(form, t("Người nộp"), paper.submitter_name, bold=True)
    submitter.spaceBefore = form.page.body
    return [
        Head(paper.head, "", local_day(paper.received_at), form.family, form.page),
        *title_blocks(title, form.family, form.page),
        submitter,
        line(form, t("Số điện thoại"), phone_words(paper.submitter_phone)),
        line(form, t("Nơi nhận hồ sơ"), paper.receiving_office),
        line(form, t("Thời gian nhận hồ sơ"), moment_words(form, paper.received_at)),
        _table(form, paper.lines),
        form.text(_total(paper.lines), bold=True, gap=form.page.body * 0.6),
        Together([_notes(form, paper), Signatures(signers, form.family, form.page)]),
    ]


def _total(lines: tuple[GroupLine, ...]) -> str:
    """How many dossiers, and what they cost together where every fee is known."""
    count = len(lines)
    words = t("Tổng số: {count} hồ sơ (bằng chữ: {words})").format(count=count, words=number_in_words(count))
    fees = [each.fee_vnd for each in lines if each.fee_vnd is not None]
    if len(fees) < count or not sum(fees):
        return f"{words}."
    return t("{words}; phí, lệ phí: {money} đồng.").format(words=words, money=_money(sum(fees)))


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def _notes(form: PlainForm, paper: GroupSheet) -> Flowable:
    phone = phone_words(paper.office_phone.strip())
    slips = t("Mỗi hồ sơ có giấy tiếp nhận và hẹn trả kết quả riêng; khi đến nhận, xin mang theo giấy đó.")
    ask = t("Cần hỏi thêm xin gọi số {phone}.").format(phone=phone) if phone else ""
    return prose(form, f"{slips} {ask}")


def _table(form: PlainForm, lines: tuple[GroupLine, ...]) -> Flowable:
    whole = sum(share for share, _ in _COLUMNS)
    widths = [share * form.page.inner_width / whole for share, _ in _COLUMNS]
    cells = Cells(form.family, form.page)
    rows: list[Any] = [_row(form, cells, widths, place, each) for place, each in enumerate(lines, start=1)]
    titles = [cells.head(t(name)) for _, name in _COLUMNS]
    return RuledTable(titles, rows, widths, gap=form.page.body * 0.7)


def _row(
    form: PlainForm, cells: Cells, widths: list[float], place: int, each: GroupLine
) -> list[Paragraph | _Code]:
    due = each.due_at.astimezone(VIETNAM) if each.due_at else None
    when = [f"{due:%H:%M}", f"{due:%d/%m/%Y}"] if due else [cells.dots(widths[4])]
    return [
        cells.words(str(place), "center"),
        _Code(each.number),
        _dossier(form, each),
        cells.words(each.owner_name),
        cells.lines([*when, *([each.return_words] if each.return_words else [])], "center"),
        cells.blank(widths[5]) if each.fee_vnd is None else cells.words(_money(each.fee_vnd), "center"),
    ]


def _dossier(form: PlainForm, each: GroupLine) -> Paragraph:
    """The number under its true name, then what it is about."""
    family, page = form.family, form.page
    label = t("Số biên nhận tạm") if each.provisional else t("Mã hồ sơ")
    number, procedure = markup(each.number, family), markup(each.procedure, family)
    how = style(family.regular, page.table, page.leading, "left")
    return Paragraph(f"{markup(label, family)}:<br/><b>{number}</b><br/>{procedure}", how)


class _Code(Flowable):
    """A number as QR code in a cell, the white it needs around it."""

    def __init__(self, number: str) -> None:
        super().__init__()
        self._number = number.strip()
        self.style = style("Helvetica", 1, 0, "left")

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points."""
        quiet = qr_quiet(self._number, _QR) if can_be_coded(self._number) else 0.0
        self.width, self.height = aW, _QR + 2 * quiet
        return self.width, self.height

    def draw(self) -> None:
        """In the middle; a number that no code can hold leaves the cell empty."""
        if can_be_coded(self._number):
            left, low = (self.width - _QR) / 2, (self.height - _QR) / 2
            draw_qr(self.canv, self._number, left, low, _QR)
