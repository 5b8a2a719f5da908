"""Form 07, "Sổ theo dõi hồ sơ" (form 06 of TT 01/2018; DOMAIN §2): a book of lines on landscape A4."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reportlab.platypus import Flowable, Paragraph

from app.clock import VIETNAM
from app.domain.slips import RegisterBook, RegisterLine, RegisterPeriod
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import paginate
from app.printing.fonts import serif
from app.printing.form_texts import printed_title, wording
from app.printing.official_form import Print, Sheet, draw_form
from app.printing.official_page import Head, draw_foot, draw_marks, title_blocks
from app.printing.paper import A4, A4_STYLE, MM
from app.printing.table import Group, RuledTable
from app.printing.table_cells import Cells
from app.printing.typeset import paragraph, style
from app.text import t

PAGE = replace(
    A4_STYLE,
    width=A4[1],
    height=A4[0],
    left=20 * MM,
    right=20 * MM,
    top=30 * MM,
    bottom=16 * MM,
    table=9,
    leading=1.18,
)
"""A4 on its side; the margins of NĐ 30/2020 turn with the sheet, the wide one is where it is bound."""

_COLUMNS = (11, 42, 25, 12, 22, 26, 21, 17, 17, 17, 17, 15, 15)
"""Shares of the width, in the order of the columns."""
_DATES = (7, 9)
"""Columns of dates, under one title."""


def draw_register_book(book: RegisterBook) -> bytes:
    """Form 07: as many pages as its lines take, each with the head of the columns.

    Raises ``StorageError`` ``no-paper-font`` and ``RuleError`` ``unknown-form-set``.
    """
    moments = [at for each in book.lines for at in (each.received_at, each.returned_at) if at is not None]
    what = Print("07", book.form_set, max(moments, default=None), book.copy_no, book.demo)

    def running(sheet: Sheet) -> str:
        return f"{sheet.title}, {_book(sheet, book)}"

    return draw_form(what, lambda sheet: _blocks(sheet, book), running, (PAGE,))


def draw_register(period: RegisterPeriod) -> bytes:
    """The register of a period: each book from a page of its own, pages counted within the book, the head
    carried; the same lines always give the same bytes.

    Raises ``StorageError`` ``no-paper-font`` and ``RuleError`` ``unknown-form-set``.
    """
    form_set = period.books[0].form_set
    sheet = Sheet(printed_title("07", form_set), wording("07", form_set), serif(), PAGE)
    canvas = new_canvas((PAGE.width, PAGE.height), sheet.title, sheet.family.regular, period.made_at)
    for book in period.books:
        italic = style(sheet.family.italic, PAGE.note, PAGE.leading)
        words = f"{sheet.title}, {_book(sheet, book)}, {_days(period)}"
        head = paragraph(words, sheet.family, italic)
        pages = paginate(_period_blocks(sheet, period, book), PAGE, lambda _, head=head: head)  # type: ignore[misc]
        for page_no, page in enumerate(pages, start=1):
            draw_page(canvas, page)
            draw_marks(canvas, PAGE, sheet.family, page_no=page_no, demo=book.demo)
            draw_foot(canvas, PAGE, sheet.family, period.anchor)
            canvas.showPage()
    return finish(canvas)


def _period_blocks(sheet: Sheet, period: RegisterPeriod, book: RegisterBook) -> list[Flowable]:
    head, *rest = _blocks(sheet, book)
    *title, table = rest
    family = sheet.family
    centred = style(family.italic, PAGE.body, PAGE.leading, "center")
    bold = style(family.bold, PAGE.body, PAGE.leading, "left", PAGE.body * 0.5)
    count = t("Cộng: {count} hồ sơ.").format(count=len(book.lines))
    days = paragraph(_days(period), family, centred)
    if not book.lines:
        return [head, *title, days, paragraph(t("Không có hồ sơ nào trong thời gian này."), family, bold)]
    return [head, *title, days, table, paragraph(count, family, bold)]


def _days(period: RegisterPeriod) -> str:
    return t("từ ngày {first} đến ngày {last}").format(
        first=f"{period.first_day:%d/%m/%Y}", last=f"{period.last_day:%d/%m/%Y}"
    )


def _book(sheet: Sheet, book: RegisterBook) -> str:
    return f"{sheet.words['book']}: {book.book.strip() or '............'}"


def _blocks(sheet: Sheet, book: RegisterBook) -> list[Flowable]:
    return [
        Head(book.head, _book(sheet, book), None, sheet.family, sheet.page),
        *title_blocks(sheet.title, sheet.family, sheet.page),
        _table(sheet, book),
    ]


def _table(sheet: Sheet, book: RegisterBook) -> Flowable:
    cells, page = Cells(sheet.family, sheet.page), sheet.page
    widths = [share * page.inner_width / sum(_COLUMNS) for share in _COLUMNS]
    titles = [cells.head(title) for title in sheet.words["columns"]]
    group = Group(*_DATES, cells.head(sheet.words["dates"]))
    rows = [_row(sheet, cells, widths, each) for each in book.lines]
    return RuledTable(titles, rows, widths, gap=page.body, group=group)


def _row(sheet: Sheet, cells: Cells, widths: list[float], entry: RegisterLine) -> list[Paragraph]:
    def moment(at: datetime | None) -> Paragraph:
        if at is None:
            return cells.words("")
        local = at.astimezone(VIETNAM)
        hour = sheet.words["hour"].format(hour=f"{local:%H}", minute=f"{local:%M}")
        return cells.lines([hour, f"{local:%d/%m/%Y}"], "center")

    contact = [each for each in (entry.address, entry.phone.replace(" ", "\u00a0")) if each.strip()]
    return [
        cells.words(entry.line_no, "center"),
        cells.whole(entry.number, widths[1]),
        cells.words(entry.procedure),
        cells.words(f"{entry.sets:02d}", "center"),
        cells.words(entry.name),
        cells.lines(contact),
        cells.words(entry.agency),
        moment(entry.received_at),
        moment(entry.due_at),
        moment(entry.returned_at),
        cells.words(entry.return_words),
        cells.words(entry.signed),
        cells.words(entry.note),
    ]
