"""The counter's day sheet of money taken (A4 after NĐ 30/2020); its own paper, no statutory form."""

from __future__ import annotations

from dataclasses import replace

from reportlab.platypus import Flowable, Paragraph

from app.clock import VIETNAM
from app.domain.cash import NOTES, CashSheet, CashTotal, SheetLine
from app.domain.vietnamese import number_in_words
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Together
from app.printing.form_lines import line, spaced
from app.printing.official_page import Head, Signatures, draw_foot, draw_marks, local_day, title_blocks
from app.printing.paper import A4_CLOSE, A4_STYLE, MM
from app.printing.plain_form import SIGN_HINT, PlainForm, set_pages
from app.printing.table import RuledTable
from app.printing.table_cells import Cells
from app.printing.typeset import style
from app.text import t

_STYLES = (replace(A4_STYLE, table=10.5), replace(A4_CLOSE, table=10, sign_room=15 * MM))
_LINES = (
    (84, "Biên nhận, giờ"),
    (148, "Người nộp, mã hồ sơ"),
    (60, "Khoản thu"),
    (56, "Cách nộp"),
    (54, "Số tiền (đ)"),
    (60, "Ghi chú"),
)
"""Two facts a column: a provisional number needs the width of both to stay in readable letters."""
_TOTALS = ((63, "Cách nộp"), (31, "Số biên nhận"), (36, "Đã thu (đ)"), (36, "Đã hoàn (đ)"), (36, "Còn (đ)"))
_COUNT = ((30, "Mệnh giá (đ)"), (20, "Số tờ"), (34, "Thành tiền (đ)"))
_UNDER_HEADING = 4.0
"""Points between a heading and its table."""
_HALF = 5
"""Rows of the table of notes, which stands in two halves side by side."""


def draw_cash_sheet(sheet: CashSheet) -> bytes:
    """The sheet as PDF, as many pages as its receipts take; the same sheet always gives the same bytes.

    Raises ``StorageError`` ``no-paper-font``.
    """
    title = t("Bảng kê thu tiền trong ngày")
    running = t("{title} {day}").format(title=title, day=f"{sheet.day:%d/%m/%Y}")
    form, pages = set_pages(lambda each: _blocks(each, sheet, title), _STYLES, running)
    canvas = new_canvas((form.page.width, form.page.height), title, form.family.regular, sheet.made_at)
    for page_no, page in enumerate(pages, start=1):
        draw_page(canvas, page)
        draw_foot(canvas, form.page, form.family, sheet.anchor)
        draw_marks(canvas, form.page, form.family, page_no=page_no, copy_no=sheet.copy_no, demo=sheet.demo)
        canvas.showPage()
    return finish(canvas)


def _blocks(form: PlainForm, sheet: CashSheet, title: str) -> list[Flowable]:
    signers = [
        (t("Người lập bảng"), SIGN_HINT, sheet.officer_name),
        (t("Người kiểm quỹ"), SIGN_HINT, sheet.counted_by),
        (t("Lãnh đạo"), SIGN_HINT, ""),
    ]
    centred = style(form.family.italic, form.page.body, form.page.leading, "center")
    day = t("Ngày {day}").format(day=f"{sheet.day:%d/%m/%Y}")
    *box, last = _box(form, sheet)
    return [
        Head(sheet.head, "", local_day(sheet.made_at), form.family, form.page),
        *title_blocks(title, form.family, form.page),
        Paragraph(day, centred),
        *spaced([line(form, t("Nơi thu"), sheet.office)], form.page.body * 0.5),
        _lines(form, sheet),
        Together(
            [form.text(t("Cộng theo cách nộp"), bold=True, gap=form.page.body * 0.5), _methods(form, sheet)]
        ),
        Together(
            [form.text(t("Cộng theo người thu"), bold=True, gap=form.page.body * 0.5), _officers(form, sheet)]
        ),
        *_books(form, sheet),
        *box,
        Together([last, Signatures(signers, form.family, form.page)]),
    ]


def _lines(form: PlainForm, sheet: CashSheet) -> Flowable:
    cells, widths = Cells(form.family, form.page), _widths(form, _LINES)
    rows = [_row(cells, each) for each in sheet.lines]
    if not rows:
        rows = [[cells.words(t("Không thu khoản nào.") if n == 1 else "") for n in range(len(_LINES))]]
    return RuledTable(_head(cells, _LINES), rows, widths, gap=form.page.body * 0.5)


def _row(cells: Cells, each: SheetLine) -> list[Paragraph]:
    return [
        cells.lines([each.label, f"{each.at.astimezone(VIETNAM):%H:%M}"], "center"),
        cells.lines([part for part in (each.payer, each.dossier) if part]),
        cells.words(each.purpose),
        cells.words(each.method),
        cells.words(_money(each.amount_vnd), "right"),
        cells.words(each.note),
    ]


def _methods(form: PlainForm, sheet: CashSheet) -> Flowable:
    return _table_of_totals(form, sheet.totals.by_method, t("Cách nộp"))


def _officers(form: PlainForm, sheet: CashSheet) -> Flowable:
    return _table_of_totals(form, sheet.totals.by_officer, t("Người thu"))


def _table_of_totals(form: PlainForm, totals: tuple[CashTotal, ...], name: str) -> Flowable:
    cells, widths = Cells(form.family, form.page), _widths(form, _TOTALS)
    head = [cells.head(name), *_head(cells, _TOTALS)[1:]]
    rows = [
        [
            cells.words(each.key),
            cells.words(str(each.count), "center"),
            cells.words(_money(each.taken_vnd), "right"),
            cells.words(_money(each.given_back_vnd), "right"),
            cells.words(_money(each.net_vnd), "right"),
        ]
        for each in totals
    ]
    if len(totals) > 1:
        rows.append(_sums(cells, totals))
    return RuledTable(head, rows, widths, gap=_UNDER_HEADING)


def _sums(cells: Cells, totals: tuple[CashTotal, ...]) -> list[Paragraph]:
    money = (
        sum(each.taken_vnd for each in totals),
        sum(each.given_back_vnd for each in totals),
        sum(each.net_vnd for each in totals),
    )
    count = str(sum(each.count for each in totals))
    return [
        cells.strong(t("Cộng")),
        cells.strong(count),
        *(cells.strong(_money(amount), "right") for amount in money),
    ]


def _books(form: PlainForm, sheet: CashSheet) -> list[Flowable]:
    blocks: list[Flowable] = []
    for book in sheet.totals.books:
        words = t("từ số {first} đến số {last}, {count} biên nhận").format(
            first=book.first, last=book.last, count=book.count
        )
        if book.cancelled:
            gone = ", ".join(str(number) for number in book.cancelled)
            words = t("{words}; đã hủy số {numbers}").format(words=words, numbers=gone)
        blocks.append(line(form, t("Quyển {book}").format(book=book.book), words))
    if blocks:
        blocks[0].spaceBefore = form.page.body * 0.5
    return blocks


def _box(form: PlainForm, sheet: CashSheet) -> list[Flowable]:
    """What the box must hold, what was counted; dots for a hand where nobody has counted."""
    expected = sheet.totals.expected_vnd
    words = t("{amount} đồng (bằng chữ: {words} đồng)").format(
        amount=_money(expected), words=number_in_words(expected)
    )
    blocks: list[Flowable] = [
        Together(
            [form.text(t("Kiểm quỹ tiền mặt"), bold=True, gap=form.page.body * 0.5), _notes(form, sheet)]
        ),
        *spaced([line(form, t("Tiền mặt theo biên nhận"), words)], form.page.body * 0.5),
    ]
    if sheet.counted_vnd is None:
        return [*blocks, line(form, t("Tiền mặt đếm được"), ""), line(form, t("Chênh lệch, lý do"), "")]
    difference = sheet.counted_vnd - expected
    blocks.append(
        line(form, t("Tiền mặt đếm được"), t("{amount} đồng").format(amount=_money(sheet.counted_vnd)))
    )
    shown = (
        (t("thừa {amount} đồng") if difference > 0 else t("thiếu {amount} đồng"))
        if difference
        else t("không")
    )
    shown = shown.format(amount=_money(abs(difference)))
    blocks.append(line(form, t("Chênh lệch"), shown))
    if sheet.reason:
        blocks.append(line(form, t("Lý do"), sheet.reason))
    return blocks


def _notes(form: PlainForm, sheet: CashSheet) -> Flowable:
    cells, widths = Cells(form.family, form.page), _widths(form, (*_COUNT, *_COUNT))
    parts = [_pieces(cells, sheet, value) for value in NOTES]
    total = "" if sheet.counted_vnd is None else _money(sheet.counted_vnd)
    parts.append([cells.head(t("Cộng")), cells.words(""), cells.strong(total, "right")])
    rows = [[*left, *right] for left, right in zip(parts[:_HALF], parts[_HALF:], strict=True)]
    return RuledTable(_head(cells, (*_COUNT, *_COUNT)), rows, widths, gap=_UNDER_HEADING)


def _pieces(cells: Cells, sheet: CashSheet, value: int) -> list[Paragraph]:
    count = sheet.notes.get(value, 0)
    known = sheet.counted_vnd is not None
    return [
        cells.words(_money(value), "right"),
        cells.words(str(count) if known else "", "center"),
        cells.words(_money(value * count) if known else "", "right"),
    ]


def _head(cells: Cells, columns: tuple[tuple[int, str], ...]) -> list[Paragraph]:
    return [cells.head(t(title)) for _, title in columns]


def _widths(form: PlainForm, columns: tuple[tuple[int, str], ...]) -> list[float]:
    whole = sum(share for share, _ in columns)
    return [share * form.page.inner_width / whole for share, _ in columns]


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
