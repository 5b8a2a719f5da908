"""Danh sách hồ sơ tiếp nhận lưu động, A4: what a journey brought back."""

from __future__ import annotations

from dataclasses import replace

from reportlab.platypus import Flowable, Paragraph

from app.clock import VIETNAM
from app.domain.field_list import FieldLine, FieldList
from app.domain.vietnamese import number_in_words
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Together
from app.printing.form_lines import line, moment_words, spaced
from app.printing.official_page import Head, Signatures, draw_marks, local_day, title_blocks
from app.printing.paper import A4_CLOSE, A4_STYLE
from app.printing.plain_form import SIGN_HINT, PlainForm, set_pages
from app.printing.table import RuledTable
from app.printing.table_cells import Cells
from app.text import t

_COLUMNS = (
    (28, "STT"),
    (164, "Mã hồ sơ, chủ hồ sơ"),
    (150, "Thủ tục"),
    (60, "Tiếp nhận"),
    (60, "Hẹn trả"),
)
_EMPTY = t("Chưa tiếp nhận hồ sơ nào trong buổi này.")
_STYLES = (replace(A4_STYLE, table=11), replace(A4_CLOSE, table=10.5))


def draw_field_list(paper: FieldList) -> bytes:
    """The list as PDF; the same list always gives the same bytes.

    Raises ``StorageError`` ``no-paper-font``.
    """
    title = t("Danh sách hồ sơ tiếp nhận lưu động")
    made_at = paper.closed_at or paper.opened_at
    form, pages = set_pages(lambda each: _blocks(each, paper, title), _STYLES, title)
    canvas = new_canvas((form.page.width, form.page.height), title, form.family.regular, made_at)
    for page_no, page in enumerate(pages, start=1):
        draw_page(canvas, page)
        draw_marks(canvas, form.page, form.family, page_no=page_no, copy_no=1, demo=paper.demo)
        canvas.showPage()
    return finish(canvas)


def _blocks(form: PlainForm, paper: FieldList, title: str) -> list[Flowable]:
    count = len(paper.lines)
    total = t("Tổng số: {count} hồ sơ (bằng chữ: {words}).").format(count=count, words=number_in_words(count))
    ended = moment_words(form, paper.closed_at) if paper.closed_at is not None else t("chưa kết thúc")
    signers = [
        (t("Cán bộ đi lưu động"), SIGN_HINT, paper.officer),
        (t("Người nhận hồ sơ"), SIGN_HINT, ""),
    ]
    return [
        Head(paper.head, "", local_day(paper.closed_at or paper.opened_at), form.family, form.page),
        *title_blocks(title, form.family, form.page),
        *spaced([line(form, t("Nơi đăng ký"), paper.place, bold=True)], form.page.body),
        line(form, t("Bắt đầu"), moment_words(form, paper.opened_at)),
        line(form, t("Kết thúc"), ended),
        _table(form, paper) if paper.lines else form.text(_EMPTY, gap=form.page.body * 0.7),
        Together(
            [
                form.text(total, bold=True, gap=form.page.body * 0.6),
                Signatures(signers, form.family, form.page),
            ]
        ),
    ]


def _table(form: PlainForm, paper: FieldList) -> Flowable:
    whole = sum(share for share, _ in _COLUMNS)
    widths = [share * form.page.inner_width / whole for share, _ in _COLUMNS]
    cells = Cells(form.family, form.page)
    rows = [_row(cells, place, each) for place, each in enumerate(paper.lines, start=1)]
    return RuledTable([cells.head(t(name)) for _, name in _COLUMNS], rows, widths, gap=form.page.body * 0.7)


def _row(cells: Cells, place: int, each: FieldLine) -> list[Paragraph]:
    received = each.received_at.astimezone(VIETNAM)
    due = each.due_at.astimezone(VIETNAM) if each.due_at else None
    return [
        cells.words(str(place), "center"),
        cells.lines([each.number, each.owner_name]),
        cells.words(each.procedure),
        cells.lines([f"{received:%H:%M}", f"{received:%d/%m/%Y}"], "center"),
        cells.lines([f"{due:%H:%M}", f"{due:%d/%m/%Y}"], "center") if due else cells.words(""),
    ]
