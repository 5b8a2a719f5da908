"""The book of certifications on landscape A4: one printed page for each page of the book, sums carried."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from app.clock import VIETNAM
from app.domain.certification import Kind
from app.domain.day_book import DayBook, DayBookLine, DayBookPage, Totals
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import paginate
from app.printing.fonts import FontFamily, serif
from app.printing.official_page import draw_foot, draw_marks, title_blocks
from app.printing.paper import A4, A4_STYLE, MM
from app.printing.table import RuledTable
from app.printing.table_cells import Cells
from app.printing.typeset import markup, paragraph, style
from app.resources import resource

PAGE = replace(
    A4_STYLE,
    width=A4[1],
    height=A4[0],
    left=20 * MM,
    right=15 * MM,
    top=15 * MM,
    bottom=15 * MM,
    title=13,
    table=9,
    note=8.5,
    leading=1.15,
)
"""A4 on its side, bound at the left."""

_COLUMNS = (19, 24, 48, 68, 46, 21, 26, 26)
"""Shares of the width, in the order of the columns."""


def draw_day_book(books: Sequence[DayBook]) -> bytes:
    """The pages of the volumes as one PDF; the same data always gives the same bytes.

    A page whose names are long goes on over a further sheet that says so. Raises ``StorageError``
    ``no-paper-font``.
    """
    family, words = serif(), _words()
    title = str(words[books[0].volume.kind.value]["title"])
    last = max((line.at for book in books for page in book.pages for line in page.lines), default=None)
    canvas = new_canvas((PAGE.width, PAGE.height), title, family.regular, last)
    for book in books:
        for page in book.pages:
            _draw(canvas, book, page, family)
    return finish(canvas)


def _draw(canvas: Canvas, book: DayBook, page: DayBookPage, family: FontFamily) -> None:
    words = _words()
    sheets = paginate(_blocks(book, page, family), PAGE, lambda _: _head(book, family))
    for place, sheet in enumerate(sheets):
        draw_page(canvas, sheet)
        draw_marks(canvas, PAGE, family, copy_no=book.copy_no, demo=book.demo)
        number = words["continued" if place else "page"].format(page=page.number)
        _foot(canvas, book, number, family)
        canvas.showPage()


def _blocks(book: DayBook, page: DayBookPage, family: FontFamily) -> list[Flowable]:
    words = _words()
    title = words[book.volume.kind.value]["title"]
    return [_head(book, family), *title_blocks(title, family, PAGE), _table(book, page, family)]


def _head(book: DayBook, family: FontFamily) -> Flowable:
    """Agency and volume on one line, on every sheet."""
    how = style(family.regular, PAGE.table, PAGE.leading)
    agency = f'<font face="{family.bold}">{markup(book.agency, family).upper()}</font>'
    volume = markup(f"{_words()['volume']}: {book.volume.printed}", family)
    return Paragraph(f"{agency} \u00a0·\u00a0 {volume}", how)


def _table(book: DayBook, page: DayBookPage, family: FontFamily) -> Flowable:
    cells, words = Cells(family, PAGE), _words()
    widths = [share * PAGE.inner_width / sum(_COLUMNS) for share in _COLUMNS]
    titles = words[book.volume.kind.value]["columns"]
    head = [cells.head(each, f"({place})") for place, each in enumerate(titles, start=1)]
    rows = [_row(cells, each, book.volume.kind) for each in page.lines]
    rows.append(_sum(cells, family, words["page_total"], page.own))
    if page.number > 1:
        rows.append(_sum(cells, family, words["carried"], page.carried))
        rows.append(_sum(cells, family, words["so_far"], page.so_far))
    return RuledTable(head, rows, widths, gap=PAGE.body * 0.5)


def _row(cells: Cells, line: DayBookLine, kind: Kind) -> list[Paragraph]:
    who = [line.requester]
    if kind is Kind.SIGNATURE and line.identity:
        who.append(line.identity)
    fee = _words()["unknown_fee"] if line.fee_vnd is None else _money(line.fee_vnd)
    return [
        cells.words(str(line.number), "center"),
        cells.words(f"{line.at.astimezone(VIETNAM):%d/%m/%Y}", "center"),
        cells.lines(who),
        cells.words(line.paper),
        cells.words(line.signer),
        cells.words(_count(line.copies), "center"),
        cells.words(fee, "center"),
        cells.words(line.note),
    ]


def _sum(cells: Cells, family: FontFamily, label: str, sums: Totals) -> list[Paragraph]:
    note = _words()["unpriced"].format(count=sums.unpriced) if sums.unpriced else ""
    texts = ("", "", "", label, "", _count(sums.copies), _money(sums.fee_vnd), note)
    bold = style(family.bold, PAGE.table, PAGE.leading, "center")
    return [paragraph(each, family, bold) for each in texts]


def _foot(canvas: Canvas, book: DayBook, number: str, family: FontFamily) -> None:
    words = _words()
    left = [book.anchor] if book.anchor else []
    if not words["confirmed"]:
        left.append(words["confirm_note"])
    draw_foot(canvas, PAGE, family, " · ".join(left), number)


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def _count(number: int) -> str:
    return f"{number:02d}" if number < 100 else _money(number)


@cache
def _words() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(resource("forms", "day-book.json").read_text(encoding="utf-8"))
    return content
